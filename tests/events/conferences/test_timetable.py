"""From participants to a published timetable, through the procedures that the site calls."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import audit, clock, outbox
from core.db import session, write
from core.errors import Conflict
from events.conferences import freshness, moves, operations, queries, ranked_lists, suggestions, timetable
from events.conferences.enums import VersionState, Wish
from events.conferences.models import Meeting, Suggestion


def test_every_firm_gets_a_ranked_list_with_reasons_that_add_up_to_the_fit(small):
    suggestions.refresh(small.conference_id)
    for key in small.firms:
        lines = session.scalars(ranked_lists.suggestions(small.participant(key))).unique().all()
        assert [line.rank for line in lines] == [1, 2, 3]
        for line in lines:
            assert sum(r["value"] for r in line.reasons) == pytest.approx(line.fit, abs=2e-3)


def test_the_mill_maker_is_first_for_the_firm_that_wants_a_mill(small):
    suggestions.refresh(small.conference_id)
    first = session.scalars(ranked_lists.suggestions(small.participant(small.firms[1]))).unique().first()
    assert first.other_id == small.partners[1]


def test_a_wanted_meeting_takes_place_and_a_veto_never(small, cast):
    suggestions.refresh(small.conference_id)
    firm, bank, mills = small.firms[1], small.partners[0], small.partners[1]
    officer = cast.officer
    with write():
        at = clock.now()
        a, b, c = small.participant(firm), small.participant(bank), small.participant(mills)
        operations.wish(a, b, Wish.YES, by=officer, at=at)
        operations.wish(b, a, Wish.YES, by=officer, at=at)
        operations.wish(a, c, Wish.NO, by=officer, at=at)
    version = timetable.generate(small.conference_id, by=officer)
    pairs = {(m.firm_id, m.partner_id) for m in version.meetings}
    assert (firm, bank) in pairs
    assert (firm, mills) not in pairs


def test_nobody_meets_while_away_and_minimums_are_kept(small, cast):
    suggestions.refresh(small.conference_id)
    officer = cast.officer
    with write():
        slots = [s.id for s in small.conference.slots]
        presence = operations.Presence(None, None, 1, slots[2:])
        operations.set_presence(small.participant(small.firms[0]), presence, by=officer, at=clock.now())
    version = timetable.generate(small.conference_id, by=officer)
    mine = [m for m in version.meetings if m.firm_id == small.firms[0]]
    assert mine and {m.slot_id for m in mine} <= set(slots[:2])
    assert version.quality["under_minimum"] == {}
    assert version.quality["objective"] <= version.quality["bound"]


def test_a_locked_meeting_stays_when_the_rest_is_made_anew(small, cast):
    suggestions.refresh(small.conference_id)
    officer = cast.officer
    version = timetable.generate(small.conference_id, by=officer)
    meeting = version.meetings[0]
    kept = meeting.firm_id, meeting.partner_id, meeting.slot_id
    with write():
        moves.set_lock(session.get(Meeting, meeting.id), True, by=officer, at=clock.now())
    again = timetable.generate(small.conference_id, by=officer)
    assert kept in {(m.firm_id, m.partner_id, m.slot_id) for m in again.meetings if m.locked}
    assert again.number == version.number


def test_a_move_by_hand_is_judged_in_words(small, cast):
    suggestions.refresh(small.conference_id)
    officer = cast.officer
    version = timetable.generate(small.conference_id, by=officer)
    one = version.meetings[0]
    other = next(m for m in version.meetings if m.partner_id == one.partner_id and m.id != one.id)
    with pytest.raises(Conflict) as refused, write():
        where = moves.Place(other.slot_id, None)
        moves.place(version, one.firm_id, one.partner_id, where, by=officer, at=clock.now())
    name = queries.participants(small.conference)
    assert name is not None and str(session.get(Meeting, one.id).partner.organisation.name_vi) in str(refused.value)


def test_publishing_tells_those_concerned_once_and_replaces_the_version_before(small, cast):
    suggestions.refresh(small.conference_id)
    officer, owner = cast.officer, cast.firm_owner
    with write():
        small.participant(small.firms[0]).organisation_id = cast.__dict__["firm"].id
    version = timetable.generate(small.conference_id, by=officer)
    with write():
        told = timetable.publish(version, by=officer, at=clock.now())
    mails = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "timetable.published")).all()
    assert [m.recipient for m in mails] == [owner.email] and told == 1
    assert "http://localhost/conferences/" in mails[0].body
    with write():
        copy = moves.edit_copy(version, by=officer, at=clock.now())
    with write():
        timetable.publish(copy, by=officer, at=clock.now())
    assert session.get(type(version), version.id).state is VersionState.SUPERSEDED
    assert len(session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "timetable.published")).all()) == 1


def test_suggestions_are_stale_when_a_profile_changes_and_fresh_again_after_the_timer(small):
    suggestions.refresh(small.conference_id)
    assert not freshness.is_stale(small.conference)
    with write():
        small.participant(small.firms[0]).organisation.updated_at = clock.now() + timedelta(seconds=1)
    assert freshness.is_stale(small.conference)
    with clock.frozen(clock.now() + timedelta(seconds=2)):
        suggestions.refresh_stale(clock.now())
    assert not freshness.is_stale(small.conference)


def test_suggestions_of_an_older_engine_are_stale(small):
    suggestions.refresh(small.conference_id)
    with write():
        row = ranked_lists.scores(small.conference)
        row.engine = {kind: made | {"engine": "0.9"} for kind, made in row.engine.items()}
    assert freshness.is_stale(small.conference)


def test_every_act_leaves_a_line_in_the_audit(small, cast):
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=cast.officer)
    with write():
        timetable.publish(version, by=cast.officer, at=clock.now())
    acts = set(session.scalars(select(audit.AuditLine.act)))
    assert {"conference.create", "participant.join", "suggestions.compute", "timetable.generate",
            "timetable.publish"} <= acts  # fmt: skip


def test_the_database_holds_no_half_list(small):
    suggestions.refresh(small.conference_id)
    before = session.scalars(select(Suggestion.id)).all()
    suggestions.refresh(small.conference_id)
    assert len(session.scalars(select(Suggestion.id)).all()) == len(before)
