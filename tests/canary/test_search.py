"""Searches, suggestions and their reasons tell nothing of secrets, nor what somebody said no to."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from sqlalchemy import select

from core.db import session
from events.conferences import suggestions
from events.conferences.models import Suggestion
from tests.canary.planting import COLD_STAMPING, PARTNER
from tests.canary.reading import leaks, squeezed, walk, words_of
from tests.canary.test_pages import READERS

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("reader", ["rival_owner", "bank"])
def test_a_search_for_a_secret_finds_what_a_search_for_nonsense_finds(app, site, cast, browse, reader):
    client, allowed = browse(getattr(cast, reader, None)), READERS[reader]["a"]
    own = site.participants.get({"rival_owner": "b"}.get(reader, reader))
    paths = [
        "/organisations",
        "/organisations.xlsx",
        "/events",
        "/conferences",
        "/news",
        "/organisations/suggestions",
    ]
    if own:
        paths += [f"/conferences/{site.conference}/participants/{own}/{page}" for page in ("suggestions", "search")]
    ask = cache(lambda path, words: client.get(path, query_string={"q": words}))  # many secrets have one nonsense
    hidden = sorted({s.word for s in site.secrets["a"] if s.tier not in allowed} | {COLD_STAMPING})
    for path in paths:
        for word in hidden:
            nonsense = "".join("q" if c.isalpha() else "9" if c.isdigit() else c for c in word)
            answers = [ask(path, word), ask(path, nonsense)]
            if answers[0].status_code != 200:
                assert answers[1].status_code == answers[0].status_code
                continue
            texts = [words_of(a).replace(squeezed(q), "") for a, q in zip(answers, (word, nonsense), strict=True)]
            if not path.endswith("xlsx"):  # the echo of the search, also inside addresses, is the reader's own word
                texts = [re.sub(r"q=[^&\"']*", "", re.sub(r"<[^>]*>", "", t)) for t in texts]
                assert texts[0] == texts[1], (path, word)
            assert "minhhoạ01" not in texts[0], (path, word)


def test_reasons_name_words_of_a_need_only_to_those_who_may_read_it(app, site):
    """The engine compares what matched partners read too; the words it met stay with those who may read them."""

    def terms(mine, other=None):
        query = select(Suggestion.reasons).where(Suggestion.participant_id == site.participants[mine])
        if other is not None:
            query = query.where(Suggestion.other_id == site.participants[other])
        return {
            term for reasons in session.scalars(query) for line in reasons for pair in line["terms"] for term in pair
        }

    assert any(COLD_STAMPING in term for term in terms("a", "supplier"))  # its own words: it knows them
    for name in ("bank", "supplier"):
        assert not any(COLD_STAMPING in term for term in terms(name))
    firms = [site.participants["a"], site.participants["b"]]
    told = session.execute(select(Suggestion.id, Suggestion.reasons).where(Suggestion.participant_id.not_in(firms)))
    texts = {f"suggestion {key}": squeezed(json.dumps(reasons, ensure_ascii=False)) for key, reasons in told}
    assert texts and leaks(texts, [*site.secrets["a"], *site.secrets["b"]], {PARTNER}) == set()


def test_a_no_changes_nothing_that_the_other_side_reads_even_when_lists_are_made_anew(app, site, cast, browse):
    client = browse(cast.supplier)
    before = _without_moments(walk(app, site, client, cast.supplier, opened=True))
    a, supplier = site.participants["a"], site.participants["supplier"]
    path = f"/conferences/{site.conference}/participants"
    third = next(p for p in session.scalars(
        select(Suggestion.participant_id).where(Suggestion.other_id == supplier, Suggestion.participant_id != a)
    ))  # fmt: skip
    said = browse(cast.officer).post(f"{path}/{third}/wishes", data={"other": supplier, "wish": "no"})
    assert said.status_code == 302
    for recompute in (False, True):
        if recompute:
            suggestions.refresh(site.conference)
        after = _without_moments(walk(app, site, client, cast.supplier, opened=True))
        changed = {address for address in before if before[address] != after.get(address)}
        assert {address for address in changed if not address.startswith("/account/data")} == set()  # own acts


def _without_moments(pages):
    """Pages without their markup, spreadsheets without the instant at which they were written."""
    return {a: re.sub(r"\d{8}t[\d:]+z", "", re.sub(r"<[^>]*>", "", t)) for a, t in pages.items()}
