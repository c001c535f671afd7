"""An edited profile has its own list at once; a share of places is drawn from further down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from companies import operations as companies
from core import audit, clock
from core.db import session, write
from core.errors import Invalid
from events.conferences import exploration, freshness, ranked_lists, suggestions
from events.conferences.models import Suggestion
from tests.events.conferences.test_lists import ranks


def edit(small, key, vi, en, by):
    """Another need in the profile, a minute later; returns that moment."""
    at = clock.now() + timedelta(minutes=1)
    with write():
        row = small.participant(key).organisation.needs_offers[0]
        companies.edit_part(row, {"text_vi": vi, "text_en": en}, version=None, by=by, at=at)
    return at


def test_an_edited_need_or_offer_gives_its_participant_a_fresh_list_and_the_others_in_their_turn(small, cast):
    suggestions.refresh(small.conference_id)
    mill, laser = small.partners[1:]
    firm = small.firms[1]
    assert ranks(firm)[mill] < ranks(firm)[laser] and freshness.edited(small.conference) == []
    at = edit(small, firm, "Máy hàn laser, máy đo tọa độ CMM", "Laser welding machine, CMM measuring", cast.officer)
    assert freshness.edited(small.conference) == [firm]
    with clock.frozen(at + timedelta(seconds=1)):
        suggestions.refresh_edited(clock.now())
        assert ranks(firm)[laser] < ranks(firm)[mill]
        assert freshness.edited(small.conference) == []
        assert not freshness.is_stale(small.conference, own=small.participant(firm))
        assert freshness.is_stale(small.conference, own=small.participant(small.firms[0]))
        suggestions.refresh_stale(clock.now())
        assert not freshness.is_stale(small.conference)


@pytest.mark.parametrize("side", ["firms", "partners"])
def test_the_list_of_one_is_what_computing_all_of_them_gives(small, side):
    suggestions.refresh(small.conference_id)
    key = getattr(small, side)[0]
    told = select(Suggestion.other_id, Suggestion.rank, Suggestion.fit, Suggestion.scorer_values).where(
        Suggestion.participant_id == key
    )
    before = session.execute(told.order_by(Suggestion.rank)).all()
    assert suggestions.refresh_own(key) == len(before)
    assert session.execute(told.order_by(Suggestion.rank)).all() == before


def test_a_list_is_not_computed_alone_from_memory_that_is_not_of_what_is_stored(small):
    suggestions.refresh(small.conference_id)
    computed = suggestions.held.of(small.conference_id)
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        suggestions.refresh(small.conference_id)
    suggestions.held.keep(computed)
    assert suggestions.refresh_own(small.firms[0]) is None
    assert suggestions.refresh_own(10**6) is None


def test_a_share_of_the_lower_places_is_drawn_marked_told_and_stays(small, cast, browse):
    bank = small.partners[0]
    suggestions.refresh(small.conference_id)
    before = ranks(bank)
    officer, page = browse(cast.officer, "en"), f"/conferences/{small.conference_id}/fairness"
    for wrong in ("31", "-1", "x", ""):
        assert officer.post(f"{page}/exploration", data={"percent": wrong}).status_code == 422
    assert officer.post(f"{page}/exploration", data={"percent": "30"}).status_code == 302
    assert freshness.is_stale(small.conference)
    suggestions.refresh(small.conference_id)
    drawn = [row for row in session.scalars(select(Suggestion)) if row.explored]
    assert drawn and {row.participant_id for row in drawn} <= set(small.partners)  # firms' lists have three places
    assert all(row.rank > exploration.KEPT_PLACES for row in drawn)
    reader = drawn[0].participant_id
    assert {k: r for k, r in ranks(bank).items() if r <= 3} == {k: r for k, r in before.items() if r <= 3}
    after = ranks(bank)
    suggestions.refresh(small.conference_id)
    assert ranks(bank) == after
    text = officer.get(f"/conferences/{small.conference_id}/participants/{reader}/suggestions").text
    assert "Drawn from further down the list" in text and "drawn from further down the list, and marked" in text
    line = session.scalars(select(audit.AuditLine).where(audit.AuditLine.act == "conference.exploration")).one()
    assert (line.detail["before"], line.detail["percent"]) == (0, 30)
    with pytest.raises(Invalid), write():
        exploration.set_percent(small.conference, 31, by=cast.officer, at=clock.now())


def test_no_kind_of_partner_is_first_only_because_its_fits_lie_higher(small):
    """Banks compare sums and terms, suppliers texts: raw fits of banks lie about twice as high."""
    suggestions.refresh(small.conference_id)
    engine = ranked_lists.scores(small.conference).engine
    assert engine["bank"]["scale"][0][0] > 1.3 * engine["technology_supplier"]["scale"][0][0]
    firsts = [row for row in session.scalars(select(Suggestion).where(Suggestion.rank == 1)) if
              row.participant_id in small.firms]  # fmt: skip
    assert sum(row.other_id == small.partners[0] for row in firsts) <= 3
