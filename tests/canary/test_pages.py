"""No page, line of the log or of the audit shows a reader what he may not know; who may know it does see it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.audit import AuditLine
from core.db import session
from tests.canary.planting import CONTACTS, EVERYTHING, FIGURES, HOST, MATCHED, OFFICER, PARTNER
from tests.canary.reading import addresses, in_languages, leaks, seen, squeezed, words_of

pytestmark = pytest.mark.one_database

READERS = {
    "nobody": {"a": set(), "b": set()},
    "rival_owner": {"a": set(), "b": EVERYTHING - {OFFICER}},
    "firm_owner": {"a": EVERYTHING - {OFFICER}, "b": set()},
    "bank": {"a": {PARTNER}, "b": {PARTNER}},
    "supplier": {"a": {PARTNER, MATCHED, HOST}, "b": {PARTNER, HOST}},
    "university": {"a": {PARTNER}, "b": {PARTNER}},
    "door_staff": {"a": set(), "b": set()},
    "introducer": {"a": set(), "b": set()},
    "council_member": {"a": set(), "b": set()},
}


# Stored, on no page of an officer: a side's own notes and searches, reasons kept for the record.
OWN_ALONE = ("version", "note", "said", "away", "notchosen", "searched")


def _on_a_badge(word, page):
    """The door prints the badge of somebody who was not registered: who comes, and as what."""
    return page.endswith("/badge.pdf") and word.endswith(("comer", "function"))


# Reading leaves these alone: looks at figures and contacts, places shown on a list, when somebody was seen; the
# readiness check writes nothing and takes it back.
NOTED = {"audit_line", "position_shown", "sign_in", "lease"}


def test_no_page_log_or_audit_tells_a_reader_what_he_may_not_know(app, request, cast, browse, caplog, written):
    """Everybody walks the whole site; the controls at the end show that there was something to leak."""
    caplog.set_level("INFO")
    site = request.getfixturevalue("site")
    people = {reader: getattr(cast, reader, None) for reader in READERS}
    assert "organisation" in written  # a control
    written.clear()
    secrets, shown, leaked = site.secrets, {}, {}
    for number, (reader, allowed) in enumerate(READERS.items()):
        languages = ("vi", "en") if reader == "rival_owner" else (("vi", "en")[number % 2],)
        shown[reader] = in_languages(app, site, browse, people[reader], languages)
        leaked[reader] = set().union(*(leaks(shown[reader], secrets[letter], allowed[letter]) for letter in "ab"))
    leaked["door_staff"] = {(word, page) for word, page in leaked["door_staff"] if not _on_a_badge(word, page)}
    assert leaked == {reader: set() for reader in READERS}
    assert written <= NOTED  # a page changes nothing

    lines = {str(n): squeezed(f"{r.getMessage()} {r.__dict__}") for n, r in enumerate(caplog.records)}
    audit = {f"audit {a.id}": squeezed(f"{a.subject} {a.detail}") for a in session.scalars(select(AuditLine))}
    assert lines and audit and leaks(lines | audit, [*secrets["a"], *secrets["b"]]) == set()

    pages = in_languages(app, site, browse, cast.officer, ("vi",))
    told = browse(cast.administrator)
    breaches = {a: words_of(told.get(a)) for a in addresses(app, site) if a.startswith("/admin/incidents/")}
    assert leaks(pages, [s for letter in "ab" for s in secrets[letter] if "breach" in s.word]) == set()
    pages |= breaches
    printed = f"vi /conferences/{site.conference}/print.zip"
    assert {s.word for s in secrets["a"]} & seen({printed: pages[printed]}, secrets["a"])  # names of those who come
    for letter in "ab":
        unseen = {s.word for s in secrets[letter]} - seen(pages, secrets[letter])
        assert unseen <= {f"kanari{letter}{name}" for name in OWN_ALONE} | {
            s.word for s in secrets[letter] if "billion" in s.word
        }  # sums in the other language
    of_a = secrets["a"]
    inside = [s for s in of_a if s.tier in (PARTNER, MATCHED, FIGURES, CONTACTS) and "billion" not in s.word]
    own = " ".join(shown["firm_owner"].values())
    assert [s.word for s in inside if squeezed(s.word) not in own and "tỷ" not in s.word] == []
    for reader, tiers in {"supplier": (PARTNER, MATCHED, HOST), "bank": (PARTNER,)}.items():
        words = [
            s
            for s in of_a
            if s.tier in tiers and "tỷ" not in s.word and "needen" not in s.word and "needvi" not in s.word
        ]
        assert {s.word for s in words} == seen(shown[reader], words)
