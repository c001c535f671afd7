"""Two firms, a bank and a supplier at a conference: who may know what of whom is known."""

from __future__ import annotations

from dataclasses import dataclass

from companies.enums import GrantScope, Kind, NeedClass, NeedRole
from companies.models import Grant, NeedOffer, Product
from core import clock
from core.db import session, write
from core.task_runner import run_waiting
from events import operations as events
from events.conferences import operations, suggestions, timetable
from events.conferences.enums import Side, Wish
from events.conferences.models import TimetableVersion
from events.conferences.printing import operations as printing
from events.details import Details, Schedule
from events.enums import EventKind
from tests.canary.planting import (
    INSIDE,
    OFFICER,
    Secret,
    open_round,
    plan_visits,
    plant,
    plant_browsing,
    plant_choice,
    plant_incident,
    plant_introduction,
    plant_outcome,
    plant_people_at_the_door,
    plant_situation,
    plant_visit,
)
from tests.events.conferences.conftest import make_conference


@dataclass
class Site:
    conference: int
    participants: dict[str, int]
    organisations: dict[str, int]
    secrets: dict[str, list[Secret]]
    version: int


def build(cast):
    """Firm a matched with a supplier, firm b with nobody; a bank that takes part and is matched with neither."""
    officer, at = cast.officer, clock.now()
    small = make_conference(officer, cast.firm)
    people = {"a": cast.firm_owner, "b": cast.rival_owner, "bank": cast.bank, "supplier": cast.supplier}
    rows = {"a": cast.firm, "b": cast.rival, "bank": cast.bank_organisation, "supplier": cast.supplier_organisation}
    participants = {"a": small.firms[0]}
    body = cast._organisation("Hiệp hội Thí Dụ", None, "association")
    askers = {letter: cast._person(f"asker_{letter}") for letter in "ab"}
    with write():
        secrets = {letter: plant(letter, rows[letter], people[letter], officer) for letter in "ab"}
        for name, kind in (("bank", NeedClass.LOAN), ("supplier", NeedClass.PROCESS)):
            session.add(
                NeedOffer(organisation_id=rows[name].id, role=NeedRole.OFFER, kind=kind, created_at=at,
                          text_en="Cold stamping, loans for cold stamping presses")
            )  # fmt: skip
        session.add(Product(organisation_id=rows["a"].id, name_vi="Vỏ động cơ"))
        conference = small.conference
        joining = {"b": (Side.FIRM, Kind.FIRM), "bank": (Side.PARTNER, Kind.BANK),
                   "supplier": (Side.PARTNER, Kind.TECHNOLOGY_SUPPLIER)}  # fmt: skip
        for name, (side, kind) in joining.items():
            joined = operations.join(conference, rows[name], side, kind, by=officer, at=at, on_behalf=True)
            participants[name] = joined.id
        for letter in "ab":
            note = f"kanari{letter}note"
            small.participant(participants[letter]).registration.note = note
            secrets[letter].append(Secret(note, INSIDE))
        _draft_event(officer, secrets["a"], at)
        asked, visit = open_round(), plan_visits(conference.event_id, rows["supplier"].id)
        for letter in "ab":
            secrets[letter] += plant_situation(letter, rows[letter], officer, asked)
            secrets[letter] += plant_introduction(letter, body, rows[letter])
            secrets[letter] += plant_people_at_the_door(letter, rows[letter], askers[letter], officer)
            secrets[letter] += plant_incident(letter, officer)
            secrets[letter] += plant_browsing(letter, rows[letter], rows["bank"].id, officer)
            secrets[letter] += plant_visit(letter, visit, small.participant(participants[letter]).registration_id)
            secrets[letter] += plant_outcome(
                letter, small.conference_id, participants[letter], participants["supplier"]
            )
    suggestions.refresh(small.conference_id)
    with write():
        _wishes(small, participants, people, at)
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=officer).id
    with write():
        session.get(TimetableVersion, version).note = "kanariaversion"
        secrets["a"].append(Secret("kanariaversion", OFFICER))
        timetable.publish(session.get(TimetableVersion, version), by=officer, at=at)
        for letter in "ab":  # declined afterwards: it would keep the two out of the plan
            pair = participants[letter], participants["supplier"]
            secrets[letter] += plant_choice(letter, small.conference_id, rows[letter], *pair)
        session.add(Grant(firm_id=rows["a"].id, partner_id=rows["bank"].id, scope=GrantScope.FIGURES, at=at))
        withdrawn = {"firm_id": rows["a"].id, "partner_id": rows["supplier"].id, "scope": GrantScope.CONTACTS}
        session.add(Grant(**withdrawn, at=at, withdrawn_at=at))
        printing.ask(small.conference, by=officer, at=at)
    run_waiting()
    return Site(small.conference_id, participants, {k: r.id for k, r in rows.items()}, secrets, version)


def _draft_event(officer, secrets, at):
    secrets.append(Secret("kanariadraft", OFFICER))
    begins = at.replace(month=12, day=20)
    events.create(EventKind.CLASS, Details(title_vi="Lớp kanariadraft", title_en="Class"),
                  Schedule(begins_at=begins, ends_at=begins.replace(hour=9)), by=officer, at=at)  # fmt: skip


def _wishes(small, participants, people, at):
    """a and the supplier want each other; a will not meet the bank; b will meet nobody."""
    who = {name: small.participant(key) for name, key in participants.items()}
    said = [("a", "supplier", Wish.MUST), ("supplier", "a", Wish.YES), ("a", "bank", Wish.NO), ("b", "bank", Wish.NO),
            ("b", "supplier", Wish.NO)]  # fmt: skip
    for name, other, wish in said:
        operations.wish(who[name], who[other], wish, by=people[name], at=at)
    for key in small.partners:
        operations.wish(who["b"], small.participant(key), Wish.NO, by=people["b"], at=at)
