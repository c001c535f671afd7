"""The access table: every endpoint x every person of the cast, compared with a table that people can read.

`tests/access.csv` is signed off by reading it: "yes", "no" (he may see the row, but not do this), "hidden" (as if
there were no such row), "sign in". The rows behind the addresses are those of the first firm. A new route makes this
test fail until its line is there: `pytest tests/test_access.py --write-access` writes the table anew, and a person
reads the difference.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from accounts.models import SignIn, User
from accounts.privacy import cases
from accounts.privacy.enums import CaseKind
from accounts.privacy.models import Incident
from api.models import ApiToken
from companies.contacting.enums import ContactState
from companies.contacting.models import ContactRequest
from companies.enums import GrantScope, Kind, MembershipRole, NeedClass, NeedRole
from companies.history import Act, ProfileChange
from companies.import_runs import ImportRun
from companies.introducing.models import Introduction
from companies.joining.enums import RequestState
from companies.joining.models import Invitation, InvitationList, JoinRequest
from companies.merges import OrganisationMerge
from companies.models import Grant, Membership, NeedOffer, Organisation, Product
from companies.photos import Photo
from companies.records import Certificate, YearlyFigures
from core import clock, files, outbox, tasks
from core.access import NOBODY, Access, Actor, ties_of
from core.db import session, write
from core.downloads import Download
from core.web import Blueprint
from events.conferences import suggestions, timetable
from events.conferences.browsing.models import SavedSearch
from events.conferences.day.enums import Trouble
from events.conferences.day.models import TroubleRow
from events.conferences.delegations.models import Delegation, HostVisit, VisitHost, VisitOutcome, VisitPlan
from events.conferences.models import (
    Conference,
    Delegate,
    Interpreter,
    Meeting,
    Participant,
    Room,
    Table,
    TimetableVersion,
)
from events.conferences.outcomes.enums import OutcomeKind
from events.conferences.outcomes.models import Outcome
from events.conferences.past.models import PastList
from events.conferences.walk_in.models import WalkIn
from events.models import Event, Registration
from portal.news.enums import NewsKind
from portal.news.models import NewsItem
from portal.situation.enums import Matter
from portal.situation.models import SituationAnswer, SituationCase, SituationRound
from tests.events.conferences.conftest import make_conference
from tests.people import Cast

TABLE = Path(__file__).with_name("access.csv")
OPEN_ENDPOINTS = {"static", "bootstrap.static"}  # files of ours, for everybody
PEOPLE = (*Cast.names, "nobody")


def declared(app: Flask) -> dict[str, tuple[str, str, str]]:
    """endpoint -> methods, path, the declared access."""
    found = {}
    for rule in app.url_map.iter_rules():
        access = app.extensions["access"].get(rule.endpoint, "MISSING")
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        name = (
            access.name if isinstance(access, Access) else "files" if rule.endpoint in OPEN_ENDPOINTS else "MISSING"
        )
        found[rule.endpoint] = (methods, rule.rule, name)
    return found


@pytest.fixture
def rows(cast) -> Mapping[type, int]:
    """One row of everything that stands in an address, each of the first firm or of its conference."""
    officer, owner = cast.officer, cast.firm_owner
    small = make_conference(officer, cast.firm)
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=officer)
    firm, bank = cast.firm.id, cast.bank_organisation.id
    board = cast.zone_board.id
    meeting = next(m.id for m in version.meetings if m.firm_id == small.firms[0])
    participant = small.participant(small.firms[0])
    keys: dict[type, int] = {
        User: owner.id,
        Organisation: firm,
        Conference: small.conference_id,
        Event: small.conference.event_id,
        Participant: participant.id,
        Registration: participant.registration_id,
        TimetableVersion: version.id,
        Meeting: meeting,
    }
    at = clock.now()
    asked = people_of(cast, at)
    keys[Membership] = session.scalars(
        select(Membership.id).where(Membership.user_id == cast.firm_colleague.id)
    ).one()
    with write():
        made = [
            SignIn(key_hash="x" * 64, user_id=owner.id, created_at=at, seen_at=at),
            Product(organisation_id=firm, name_vi="Trục"),
            Certificate(organisation_id=firm, name="ISO 9001"),
            YearlyFigures(organisation_id=firm, year=2025, employees=120),
            ProfileChange(organisation_id=firm, at=at, act=Act.ADDED, subject="product", row_id=1),
            Photo(organisation_id=firm, file=stored("a"), small=stored("b")),
            NeedOffer(organisation_id=firm, role=NeedRole.NEED, kind=NeedClass.LOAN, text_vi="Vay", created_at=at),
            Grant(firm_id=firm, partner_id=bank, scope=GrantScope.FIGURES, at=at, by_id=owner.id),
            Download(user_id=officer.id, listing="organisations", created_at=at),
            ApiToken(
                key_hash="0" * 64, start="x", name="x", scopes=[], created_at=at, expires_at=at + timedelta(days=1)
            ),
            ContactRequest(
                organisation_id=firm,
                name="x",
                email="x@cast.example",
                purpose="x",
                language="vi",
                created_at=at,
                state=ContactState.FORWARDED,
            ),
            OrganisationMerge(kept_id=firm, gone_id=bank, at=at, undone_at=at),
            ImportRun(name="firms.xlsx", by_id=officer.id, at=at),
            tasks.start("timetable", by=officer, at=at, conference_id=small.conference_id),
            Introduction(year=2027, body_id=board, tax_code="0090000058", name="Công ty Giới Thiệu", at=at),
            SituationRound(title_vi="Quý IV", opens_on=at.date(), closes_on=at.date(), created_at=at),
            SituationAnswer(round_id=1, organisation_id=firm, begun_at=at, saved_at=at),
            SituationCase(answer_id=1, matter=Matter.REQUEST, text="Xin vay", at=at),
            NewsItem(kind=NewsKind.FAIR, title_vi="Hội chợ", created_at=at, published_at=at),
            outbox.enqueue("test", "somebody@cast.example", "Subject", "Text", at=at),
            _outcome(small, at),
            PastList(name="x", at=at, applied_at=at),
            WalkIn(conference_id=small.conference_id, participant_id=participant.id, at=at),
            SavedSearch(organisation_id=firm, name="x", at=at),
            _delegation(small.conference.event_id, bank, at),
            Room(conference_id=small.conference_id, name="A"),
            TroubleRow(conference_id=small.conference_id, kind=Trouble.ABSENT, at=at),
            Delegate(participant_id=participant.id, name="Người dự", at=at),
            Interpreter(conference_id=small.conference_id, label="1", language="ko"),
            Table(conference_id=small.conference_id, label="99"),
            cases.file(owner, CaseKind.ACCESS, "", by=owner, at=at),
            Incident(title="x", words="x", noticed_at=at),
        ]
        made += asked
        session.add_all(made)
        session.flush()
        keys |= {type(row): row.id for row in made if not isinstance(row, Delegation)}
        keys[VisitHost] = session.scalars(select(VisitHost.id)).one()
        plan = _programme(keys[Event], keys[VisitHost], at)
        result = VisitOutcome(
            event_id=keys[Event], registration_id=keys[Registration], host_id=keys[VisitHost], kind=OutcomeKind.MOU,
            on=at.date(), stated_at=at,
        )  # fmt: skip
        session.add(result)
        session.flush()
        keys |= {VisitPlan: plan.id, HostVisit: plan.visits[0].id, VisitOutcome: result.id}
    return keys


def _delegation(event_id: int, organisation_id: int, at: Any) -> Delegation:
    """A delegation with one host."""
    host = VisitHost(organisation_id=organisation_id, opens=time(8), closes=time(16), seats=9, minutes=60)
    return Delegation(event_id=event_id, destination_vi="Hải Phòng", created_at=at, hosts=[host])


def _programme(event_id: int, host_id: int, at: Any) -> VisitPlan:
    """A draft with one visit."""
    visit = HostVisit(host_id=host_id, group_number=1, begins_at=at, ends_at=at + timedelta(hours=1))
    plan = VisitPlan(event_id=event_id, made_at=at, proven=True, groups=[[]], visits=[visit])
    session.add(plan)
    session.flush()
    return plan


def _outcome(small: Any, at: Any) -> Outcome:
    """What the first firm states of a meeting."""
    return Outcome(
        conference_id=small.conference_id,
        participant_id=small.firms[0],
        other_id=small.partners[0],
        kind=OutcomeKind.MOU,
        on=at.date(),
        stated_at=at,
    )


def people_of(cast: Cast, at: Any) -> list[Any]:
    """An invitation to the first firm, and the supplier's request to join it."""
    firm, supplier = cast.firm, cast.supplier
    asked = {"email": supplier.email, "name": supplier.name, "organisation_name": "Cơ khí", "tax_code": firm.tax_code}
    return [
        InvitationList(name="Danh sách", lines=[], at=at),
        Invitation(
            organisation_id=firm.id, email="a@cast.example", role=MembershipRole.MEMBER, created_at=at, sent_at=at,
            expires_at=at,
        ),
        JoinRequest(
            user_id=supplier.id, kind=Kind.FIRM, state=RequestState.WAITING, created_at=at, **asked
        ),
    ]  # fmt: skip


def stored(key: str) -> files.StoredFile:
    return files.StoredFile(key=key, name="a.jpg", media_type=files.JPEG, size=1, sha256="x", created_at=clock.now())


def actor_of(person: Any) -> Actor:
    if person is None or person.disabled_at is not None:
        return NOBODY
    return Actor(person.id, frozenset(r.role.value for r in person.roles), ties_of(person.id))


def verdict(access: Access, actor: Actor, rows: Mapping[type, int]) -> str:
    """What the guard says to that person about those rows."""
    arguments = {f"{name}_id": rows[model] for name, model in access.rows.items()}
    try:
        access.admit(actor, arguments)
    except Unauthorized:
        return "sign in"
    except Forbidden:
        return "no"
    except NotFound:
        return "hidden"
    return "yes"


def present(app: Flask, cast: Cast, rows: Mapping[type, int]) -> list[dict[str, str]]:
    """The table as the site is now."""
    actors = {name: actor_of(getattr(cast, name, None)) for name in PEOPLE}
    lines = []
    for endpoint, (methods, path, name) in sorted(declared(app).items()):
        access = app.extensions["access"].get(endpoint)
        line = {"endpoint": endpoint, "methods": methods, "path": path, "access": name}
        for person, actor in actors.items():
            line[person] = verdict(access, actor, rows) if access is not None else "yes"
        lines.append(line)
    return lines


def test_every_endpoint_opens_to_exactly_those_whom_the_table_names(app, cast, rows, request):
    now = present(app, cast, rows)
    if request.config.getoption("--write-access"):
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(now[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(now)
    with TABLE.open(encoding="utf-8", newline="") as file:
        assert now == list(csv.DictReader(file))


def test_every_endpoint_declares_its_access(app):
    assert [e for e, (_, _, access) in declared(app).items() if access == "MISSING"] == []


def test_no_endpoint_mixes_reading_and_writing(app):
    assert [e for e, (methods, _, _) in declared(app).items() if methods not in ("GET", "POST")] == []


def test_every_row_of_an_address_is_read_by_the_guard(app):
    """`<int:x_id>` without a row declared for it would be an object that nobody checks."""
    for rule in app.url_map.iter_rules():
        access = app.extensions["access"].get(rule.endpoint)
        if isinstance(access, Access):
            ids = {a.removesuffix("_id") for a in rule.arguments if a.endswith("_id")}
            assert ids == set(access.rows), rule.endpoint


def test_no_form_is_exempt_from_the_forgery_check(app):
    """But the one address that a token in a header opens, and no cookie."""
    from core.extensions import csrf

    assert csrf._exempt_views == {"api.interface.take"} and csrf._exempt_blueprints == set()


def test_the_guard_stands_before_every_view(app):
    """The function behind an endpoint is the guarded one, whatever the view was decorated with."""
    for endpoint in declared(app):
        if endpoint not in OPEN_ENDPOINTS:
            assert app.view_functions[endpoint].__code__.co_name == "guarded", endpoint


def test_an_endpoint_that_dodged_the_guard_is_refused(app):
    app._got_first_request = False
    app.add_url_rule("/dodged-the-guard", "dodged", lambda: "open")
    try:
        assert app.test_client().get("/dodged-the-guard").status_code == 500
    finally:
        app.view_functions.pop("dodged")
        rules = app.url_map._rules_by_endpoint.pop("dodged")
        app.url_map._rules[:] = [r for r in app.url_map._rules if r not in rules]


def test_a_blueprint_refuses_a_route_without_access():
    with pytest.raises(TypeError, match="access"):
        Blueprint("x", __name__).get("/x")
