"""A conference of forty firms and twelve partners, made by the site's own functions, before the verifier."""

from __future__ import annotations

import pytest

from accounts.models import User
from benchmarks.crowd import conference as crowd
from benchmarks.crowd.organisations import workbook
from companies.models import Product
from core import clock
from core.db import get, session, write
from events.conferences import agenda, moves, operations, queries, suggestions, timetable, wishing
from events.conferences.enums import Side, Wish
from events.conferences.models import Conference, TimetableVersion
from tests.events.conferences.conftest import make_conference

pytestmark = pytest.mark.one_database

FIRMS, PARTNERS, SLOTS = 40, 12, 8


@pytest.fixture
def joined(app):
    """The list imported, everybody takes part, the lists are computed. Return ids: conference, officer."""
    officer = crowd.officer()
    upload = crowd.upload(workbook(FIRMS, PARTNERS), officer)
    crowd.apply(upload, crowd.preview(upload), officer)
    conference = crowd.set_up(SLOTS, officer)
    assert crowd.join(conference, officer) == FIRMS + PARTNERS
    suggestions.refresh(conference)
    return conference, officer


def row(model, key):
    found = get(model, key)
    assert found is not None
    return found


def plan(conference, officer):
    """A new draft; return its id and the problem that it answers."""
    locked = set()
    if draft := agenda.version_in(row(Conference, conference), timetable.VersionState.DRAFT):
        locked = {(m.firm_id, m.partner_id, m.slot_id) for m in draft.meetings if m.locked}
    encoded = timetable.encode(row(Conference, conference), locked)
    version = timetable.generate(conference, by=officer).id
    session.rollback()
    return version, encoded


def judged(referee, folder, encoded, version):
    """The verifier's report on a stored timetable."""
    found = row(TimetableVersion, version)
    instance, answer = crowd.instance(encoded), crowd.timetable_file(encoded, found.meetings, found.quality)
    return verify(referee, folder, instance, answer)


def verify(referee, folder, instance, answer):
    return crowd.referee(referee, crowd.write_files(folder, "site", instance, answer))


def test_the_verifier_accepts_a_timetable_with_vetoes_locks_absences_and_delegates(joined, referee, tmp_path):
    conference, officer = joined
    crowd.say_presence(conference, officer)
    assert crowd.wish(conference, officer) > FIRMS
    version, encoded = plan(conference, officer)
    report = judged(referee, tmp_path, encoded, version)
    assert report["feasible"], report
    quality = row(TimetableVersion, version).quality
    assert report["objective_units"] == quality["objective"]
    assert report["under_minimum"] == len(quality["under_minimum"])
    assert (report["meetings"], report["idle_runs"]) == (quality["meetings"], quality["idle_runs"])

    said = wishing.wishes(row(Conference, conference))
    vetoed = {frozenset(pair) for pair, wish in said.items() if wish is Wish.NO}
    people = {p.id: p for p in queries.all_participants(row(Conference, conference))}
    meetings = row(TimetableVersion, version).meetings
    assert vetoed and not {frozenset((m.firm_id, m.partner_id)) for m in meetings} & vetoed
    away = {(p.id, slot) for p in people.values() for slot in p.away_slots}
    assert away and not {(v, m.slot_id) for m in meetings for v in (m.firm_id, m.partner_id)} & away
    assert any(p.delegates == 2 for p in people.values())

    kept = {(m.firm_id, m.partner_id, m.slot_id) for m in meetings[:10]}
    with write():
        for m in row(TimetableVersion, version).meetings[:10]:
            moves.set_lock(m, True, by=officer, at=clock.now())
    again, encoded = plan(conference, officer)
    assert len(encoded.problem.fixed) == 10
    assert judged(referee, tmp_path, encoded, again)["feasible"]
    assert kept <= {(m.firm_id, m.partner_id, m.slot_id) for m in row(TimetableVersion, again).meetings}

    with write():
        timetable.publish(row(TimetableVersion, again), by=officer, at=clock.now())


def test_the_verifier_refuses_a_timetable_that_was_tampered_with(joined, referee, tmp_path):
    conference, officer = joined
    version, encoded = plan(conference, officer)
    found = row(TimetableVersion, version)
    instance, answer = crowd.instance(encoded), crowd.timetable_file(encoded, found.meetings, found.quality)
    first = answer["meetings"][0]
    other = next(
        m for m in answer["meetings"]
        if m["slot"] != first["slot"] and encoded.pairs[m["pair"]][0] == encoded.pairs[first["pair"]][0]
    )  # fmt: skip
    other["slot"] = first["slot"]
    report = verify(referee, tmp_path, instance, answer)
    assert not report["feasible"] and "capacity" in report["violations"]


def test_minimums_above_what_the_day_can_hold_are_told_one_by_one(joined):
    """Twelve partners of whom each is there for one slot cannot serve forty firms twice each."""
    conference, officer = joined
    with write():
        slots = [s.id for s in row(Conference, conference).slots]
        for p in queries.all_participants(row(Conference, conference)):
            if p.side is Side.PARTNER:
                operations.set_presence(
                    p, operations.Presence(None, None, 1, slots[1:]), by=officer, at=clock.now(), on_behalf=True
                )
    version, encoded = plan(conference, officer)
    found = row(TimetableVersion, version)
    missing = {int(key): number for key, number in found.quality["under_minimum"].items()}
    held = dict.fromkeys(encoded.participants, 0)
    for m in found.meetings:
        held[m.firm_id] += 1
        held[m.partner_id] += 1
    wanted = dict(zip(encoded.participants, (p.minimum for p in encoded.problem.participants), strict=True))
    assert missing == {key: wanted[key] - held[key] for key in held if wanted[key] > held[key]}
    assert len(found.meetings) == PARTNERS and len(missing) >= FIRMS - PARTNERS


OFFICE = ("", "/participants", "/candidates", "/door", "/day", "/hall", "/outcomes", "/fairness", "/report", "/print")
OWN = ("/suggestions", "/search", "/wishes", "/schedule", "", "/outcomes")


def pages_of(conference, version):
    """The pages of a conference that grow with it: an officer's, and those of one firm and one partner."""
    here = f"/conferences/{conference}"
    people = queries.all_participants(row(Conference, conference))
    some = [next(p.id for p in people if p.side is side) for side in Side]
    named = {path or "/": f"{here}{path}" for path in OFFICE} | {"board": f"{here}/timetables/{version}"}
    for side, key in zip(Side, some, strict=True):
        named |= {f"{side.value}{path}": f"{here}/participants/{key}{path}" for path in OWN}
    return named


def statements(browser, pages, seen):
    """How many statements each page takes when it is opened a second time."""
    counts = {}
    for name, path in pages.items():
        assert browser.get(path).status_code == 200, path
        session.expunge_all()  # what this test has read does not spare the page a statement
        del seen[:]
        browser.get(path)
        counts[name] = len(seen)
    return counts


def test_pages_of_a_conference_ask_as_often_for_fifty_participants_as_for_five(joined, request):
    """The board, lists and participants' pages; forty firms and twelve partners against three and two."""
    conference, officer = joined
    version, _encoded = plan(conference, officer)
    with write():
        timetable.publish(row(TimetableVersion, version), by=officer, at=clock.now())
    little = make_conference(row(User, officer))
    with write():  # as every firm of the crowd has one
        session.add(Product(organisation_id=little.participant(little.firms[0]).organisation_id, name_vi="Dây điện"))
    suggestions.refresh(little.conference_id)
    draft, _encoded = plan(little.conference_id, officer)
    with write():
        timetable.publish(row(TimetableVersion, draft), by=officer, at=clock.now())
    browser, seen = request.getfixturevalue("browse")(row(User, officer)), request.getfixturevalue("queries")
    many = statements(browser, pages_of(conference, version), seen)
    few = statements(browser, pages_of(little.conference_id, draft), seen)
    assert many == few
