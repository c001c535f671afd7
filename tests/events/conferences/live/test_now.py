"""The hall now: who sits where, who is missing, what was held; asked again without a cost when nothing changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import session, write
from events.conferences import agenda
from events.conferences.day import operations as day
from events.conferences.day.presence import hall
from events.conferences.enums import VersionState
from events.conferences.live import operations
from events.conferences.live.queries import Presence, board
from events.conferences.outcomes import operations as outcomes
from events.conferences.outcomes.models import MeetingReport
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture


@pytest.fixture
def during(held):  # noqa: F811
    """Ten minutes after the first meetings began."""
    held.at = min(s.begins_at for s in held.conference.slots) + timedelta(minutes=10)
    with clock.frozen(held.at):
        yield held


def first(small):
    """A meeting of the first time: its firm and partner."""
    slot = min(small.conference.slots, key=lambda s: s.begins_at).id
    published = agenda.version_in(small.conference, VersionState.PUBLISHED)
    return next(m.pair for m in published.meetings if m.slot_id == slot)


def card(small, pair):
    return next(c for c in board(hall(small.conference, at=small.at)).running if c.meeting.pair == pair)


def tap(client, path, **fields):
    return client.post(path, data={"from": "now"} | fields)


def test_who_is_missing_comes_and_is_seen_without_leaving_the_page(during, cast, browse):
    client, path = browse(cast.officer), f"/conferences/{during.conference_id}"
    firm, partner = first(during)
    assert card(during, (firm, partner)).firm is Presence.EXPECTED
    answer = tap(client, f"{path}/door", participant=firm, key="0123456789abcdef")
    assert answer.location.endswith("/now")
    assert card(during, (firm, partner)).firm is Presence.THERE
    answer = tap(client, f"{path}/day/troubles", kind="absent", participant=partner)
    assert answer.location.endswith("/now")
    seen = card(during, (firm, partner))
    assert seen.partner is Presence.GONE and seen.why == "away"


def test_the_present_and_the_next_time_are_shown_with_links_to_report_about_that_meeting(during, cast, browse):
    page = browse(cast.officer, "en").get(f"/conferences/{during.conference_id}/now").get_data(as_text=True)
    firm, partner = first(during)
    assert "Now, 08:00" in page and "Next, 08:30" in page and "Takes longer" in page
    assert f'name="participant" value="{firm}"' in page and f'name="other" value="{partner}"' in page


def test_an_unchanged_hall_answers_nothing_and_a_changed_one_everything(during, cast, browse):
    client, path = browse(cast.officer), f"/conferences/{during.conference_id}/now/board"
    answer = client.get(path)
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (answer.status_code, again.status_code, again.data) == (200, 304, b"")
    with write():
        day.check_in(during.participant(first(during)[0]), key="0123456789abcdef", by=cast.officer, at=during.at)
    changed = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200 and changed.headers["ETag"] != answer.headers["ETag"]


def test_held_is_noted_for_both_sides_and_taken_back(during, cast, browse):
    client, path = browse(cast.officer), f"/conferences/{during.conference_id}/now"
    firm, partner = first(during)
    for said, known in (("yes", True), ("", None), ("no", False)):
        assert tap(client, path, firm=firm, partner=partner, held=said).status_code == 302
        assert card(during, (firm, partner)).held is known
    assert {r.held for r in session.scalars(select(MeetingReport))} == {False}


def test_what_a_side_said_itself_stays(during, cast):
    owner, officer = cast.firm_owner, cast.officer
    with write():
        firm, partner = during.participant(during.firm), during.participant(during.partner)
        slot = agenda.published_meeting(firm, partner).slot
        at = slot.begins_at + timedelta(minutes=1)
        outcomes.report(firm, partner, {"held": True, "useful": True}, by=owner, at=at)
    with write():
        noted = operations.see(
            during.participant(during.firm), during.participant(during.partner), False, by=officer, at=at
        )
    reports = {r.participant_id: (r.held, r.useful) for r in session.scalars(select(MeetingReport))}
    assert noted == 1 and reports == {during.firm: (True, True), during.partner: (False, None)}


def test_the_board_asks_as_much_with_one_there_as_with_all(during, cast, browse, queries):
    client, path, counts = browse(cast.officer), f"/conferences/{during.conference_id}/now/board", []
    for people in (during.firms[:1], [*during.firms[1:], *during.partners]):
        with write():
            for key in people:
                day.check_in(during.participant(key), key=f"0123456789-{key:06d}", by=cast.officer, at=during.at)
        queries.clear()
        assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    print(counts)
