"""Everything of a firm that is not public, with a secret word in it for each of two tenants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from sqlalchemy import select

from accounts.privacy.enums import CaseKind, Channel, Statement
from accounts.privacy.models import DataCase, Incident, Receipt
from companies.contacting.enums import ContactState
from companies.contacting.models import ContactRequest
from companies.enums import Kind, MembershipRole, NeedClass, NeedRole, SupportKind, Visibility
from companies.history import Act, ProfileChange
from companies.import_runs import ImportRun
from companies.introducing.enums import IntroductionState
from companies.introducing.models import Introduction
from companies.joining.enums import RequestState
from companies.joining.models import Invitation, InvitationList, JoinRequest
from companies.models import NeedOffer, SupportReceived
from companies.operations import state_figures
from companies.records import Certificate
from core import clock
from core.db import session
from core.files import StoredFile
from events.conferences.browsing.models import SavedSearch
from events.conferences.choosing.enums import CandidateState
from events.conferences.choosing.models import Candidate
from events.conferences.delegations.models import (
    Delegation,
    HostVisit,
    VisitHost,
    Visitor,
    VisitOutcome,
    VisitPlan,
    VisitReport,
)
from events.conferences.enums import VersionState
from events.conferences.models import Confirmation, Delegate, Participant, Slot
from events.conferences.outcomes.enums import OutcomeKind
from events.conferences.outcomes.models import MeetingReport, Outcome
from events.conferences.past.models import PastList, PastMeeting
from events.conferences.walk_in.models import WalkIn
from portal.situation.enums import CaseState, Matter, Trend
from portal.situation.models import SituationAnswer, SituationCase, SituationRound

PARTNER, MATCHED, FIGURES, CONTACTS, INSIDE, OFFICER, HOST = (
    "partner",
    "matched",
    "figures",
    "contacts",
    "inside",
    "officer",
    "host",  # what a host says of a member: it reads it alone, the member never
)
EVERYTHING = frozenset((PARTNER, MATCHED, FIGURES, CONTACTS, INSIDE, OFFICER))
COLD_STAMPING = "dập nguội"  # a word of a need that only matched partners read; partners offer it in English


@dataclass(frozen=True)
class Secret:
    """A word that only some may read, and from which tier on."""

    word: str
    tier: str


def plant(letter, firm, owner, officer):
    """Fill everything of a firm that is not public. Return its secrets."""
    secrets = []

    def secret(name, tier):
        secrets.append(Secret(f"kanari{letter}{name}", tier))
        return secrets[-1].word

    number = {"a": 0, "b": 1}[letter]
    firm.email, firm.source = f"{secret('mail', CONTACTS)}@kanari.example", secret("source", OFFICER)
    firm.phone = f"+84243719400{number}"
    figures = {"employees": 6_713_920 + number, "revenue_vnd": (761 + number) * 10**9}
    figures |= {"export_usd": 43_861_950 + number, "source": secret("figures", INSIDE)}
    state_figures(firm, 2025, figures, by=owner, at=clock.now())
    session.add_all(
        ProfileChange(organisation_id=firm.id, at=clock.now(), by_id=owner.id, act=act, subject="product", row_id=1,
                      label=secret(f"label{act}", INSIDE), **values)
        for act, values in ((Act.REMOVED, {}), (Act.EDITED, {"field": "capacity", "old": secret("old", INSIDE),
                                                             "new": secret("new", INSIDE)}))
    )  # fmt: skip
    firm.certificate_rows.append(Certificate(name="ISO 9001", number=secret("number", INSIDE), issuer="TÜV"))
    secrets += [
        Secret(f"243719400{number}", CONTACTS), Secret(f"671392{number}", PARTNER),
        Secret(f"{761 + number}tỷ", FIGURES), Secret(f"{761 + number}billion", FIGURES),
        Secret(f"{761 + number}000000000", FIGURES), Secret(f"4386195{number}", FIGURES),
    ]  # fmt: skip
    tiers = {Visibility.PARTNER: PARTNER, Visibility.MATCHED: MATCHED, Visibility.OFFICER: INSIDE}
    for n, (visibility, tier) in enumerate(tiers.items()):
        name = visibility.value
        amount = 617 + 2 * n + 10 * number
        row = NeedOffer(
            organisation_id=firm.id, role=NeedRole.NEED, kind=NeedClass.EQUIPMENT, visibility=visibility,
            text_vi=f"Máy {secret(f'needvi{name}', tier)}", text_en=f"Machine {secret(f'needen{name}', tier)}",
            tags=[secret(f"needtag{name}", tier)], created_at=clock.now(), amount_min=amount * 10**9,
            amount_max=amount * 10**9, currency="VND",
        )  # fmt: skip
        foreign = NeedOffer(
            organisation_id=firm.id, role=NeedRole.OFFER, kind=NeedClass.EQUIPMENT, visibility=visibility,
            text_original=secret(f"needko{name}", tier), original_language="ko", created_at=clock.now(),
        )  # fmt: skip
        secrets.append(Secret(f"{amount}tỷ", tier))
        session.add_all([row, foreign])
    session.add(
        NeedOffer(
            organisation_id=firm.id, role=NeedRole.NEED, kind=NeedClass.PROCESS, visibility=Visibility.MATCHED,
            text_vi=f"Cần gia công {COLD_STAMPING} chi tiết", created_at=clock.now(),
        )
    )  # fmt: skip
    session.add(
        SupportReceived(organisation_id=firm.id, kind=SupportKind.OTHER, on=clock.today(),
                        note=secret("support", INSIDE))
    )  # fmt: skip
    owner.name, owner.email = f"Người {secret('person', INSIDE)}", f"{secret('account', INSIDE)}@kanari.example"
    owner.phone = f"+8490777111{number}"
    secrets.append(Secret(f"777111{number}", INSIDE))
    case = DataCase(
            user=owner, kind=CaseKind.CORRECTION, received_at=clock.now(), answer_due=clock.today(),
            done_due=clock.today(), words=secret("words", INSIDE), answer=secret("answer", INSIDE),
            extension_reason=secret("extension", INSIDE), outcome=secret("outcome", INSIDE),
            handled_by_id=officer.id,
        )  # fmt: skip
    session.add(case)
    session.flush()
    session.add(
        Receipt(
            user_id=owner.id, statement=Statement.REQUEST, data_case_id=case.id, channel=Channel.PAPER,
            received_on=clock.today(), taken_by_id=officer.id, entered_by_id=officer.id, entered_at=clock.now(),
            reference=secret("folder", INSIDE),
        )
    )  # fmt: skip
    session.add(
        ContactRequest(
            organisation_id=firm.id, name=secret("asker", INSIDE), firm=secret("askerfirm", INSIDE),
            purpose=secret("purpose", INSIDE), email=f"{secret('askermail', OFFICER)}@kanari.example", language="vi",
            reason=secret("contactreason", OFFICER), state=ContactState.FORWARDED, created_at=clock.now(),
        )
    )  # fmt: skip
    head = [["Sheet", [[1, ["MST", "Tên DN", secret("cell", OFFICER)]]]]]
    session.add(
        ImportRun(
            name=f"{secret('list', OFFICER)}.xlsx", by_id=officer.id, at=clock.now(),
            source=secret("source", OFFICER),
            file=StoredFile(
                key=f"{letter:>032}", name="x", media_type="x", size=1, sha256="0" * 64, created_at=clock.now()
            ),
            layout={"heads": head}, preview={"refused": secret("preview", OFFICER)},
        )
    )  # fmt: skip
    return secrets


def plant_situation(letter, firm, officer, asked):
    """What a firm answered in a round, and the Department's reply. Return its secrets."""
    secrets = [Secret(f"kanari{letter}{name}", INSIDE) for name in ("hard", "request", "reply", "done")]
    hard, request, reply, done = (secret.word for secret in secrets)
    at = clock.now()
    answer = SituationAnswer(
        round_id=asked.id, organisation_id=firm.id, by_id=officer.id, production=Trend.UP, orders=Trend.UP,
        staff=Trend.UP, difficulties=["capital"], difficulty_text=hard, request_text=request, begun_at=at,
        saved_at=at, sent_at=at,
    )  # fmt: skip
    answer.cases = [
        SituationCase(matter=Matter.DIFFICULTY, text=hard, reply=reply, state=CaseState.ANSWERED, at=at),
        SituationCase(
            matter=Matter.REQUEST, text=request, outcome=done, state=CaseState.RESOLVED, at=at, resolved_at=at
        ),
    ]
    session.add(answer)
    return secrets


def open_round():
    """A round that firms are asked in today."""
    row = SituationRound(title_vi="Quý IV", opens_on=clock.today(), closes_on=clock.today(), created_at=clock.now())
    session.add(row)
    session.flush()
    return row


def plant_introduction(letter, body, firm):
    """A firm that a body introduced and the Department declined. Return its secrets, known to body and officers."""
    names = ("introduced", "product", "place", "introducedmail", "why", "whynot")
    secrets = [Secret(f"kanari{letter}{name}", OFFICER) for name in names]
    name, product, place, mail, why, why_not = (secret.word for secret in secrets)
    session.add(
        Introduction(
            year=2027, body_id=body.id, tax_code=firm.tax_code, name=name, product=product, address=place,
            email=f"{mail}@kanari.example", note=why, reason=why_not, state=IntroductionState.DECLINED,
            at=clock.now(),
        )
    )  # fmt: skip
    return secrets


def plant_people_at_the_door(letter, firm, asker, officer):
    """Who is invited to act for a firm, who asks to, and who asked in vain. Return their secrets."""
    tiers = dict.fromkeys(("invited", "invitedmail", "wanting", "wantingmail", "position", "typed"), INSIDE)
    tiers |= dict.fromkeys(("register", "abroad", "refused", "list", "listed"), OFFICER)
    words = {name: f"kanari{letter}{name}" for name in tiers}
    at = clock.now()
    session.add(
        Invitation(
            organisation_id=firm.id, email=f"{words['invitedmail']}@kanari.example", name=words["invited"],
            role=MembershipRole.MEMBER, by_id=officer.id, created_at=at, sent_at=at,
            expires_at=at + timedelta(days=30),
        )
    )  # fmt: skip
    who = {"user_id": asker.id, "email": f"{words['wantingmail']}@kanari.example", "name": words["wanting"],
           "kind": Kind.FIRM, "position": words["position"], "created_at": at}  # fmt: skip
    sends = f"{words['listed']}@kanari.example"
    line = {"organisation_id": firm.id, "email": sends}
    session.add(InvitationList(name=words["list"], lines=[line], by_id=officer.id, at=at))
    asks = JoinRequest(
        **who, organisation_name=words["typed"], tax_code=firm.tax_code, state=RequestState.WAITING,
    )  # fmt: skip
    refused = JoinRequest(
        **who, organisation_name=words["abroad"], country="DE", foreign_id=words["register"],
        reason=words["refused"], state=RequestState.DECLINED, decided_at=at,
    )  # fmt: skip
    session.add_all([asks, refused])
    return [Secret(word, tiers[name]) for name, word in words.items()]


def plant_incident(letter, officer):
    """A breach, with the words of a tenant in it: administrators alone read it. Return its secrets."""
    secrets = [Secret(f"kanari{letter}{name}", OFFICER) for name in ("breach", "breachwords", "measures")]
    title, words, measures = (secret.word for secret in secrets)
    session.add(
        Incident(title=title, words=words, noticed_at=clock.now(), tables=["user"], measures=measures,
                 reported_at=clock.now(), by_id=officer.id)
    )  # fmt: skip
    return secrets


def plant_choice(letter, conference_id, firm, participant_id, other_id):
    """Why officers did not choose a firm, who comes for it, and why it will not come. Return its secrets."""
    tiers = {"notchosen": OFFICER, "comer": INSIDE, "function": INSIDE, "away": OFFICER}
    secrets = [Secret(f"kanari{letter}{name}", tier) for name, tier in tiers.items()]
    not_chosen, comer, function, away = (secret.word for secret in secrets)
    at = clock.now()
    slot = session.scalars(select(Slot.id).where(Slot.conference_id == conference_id)).first()
    session.add_all(
        [
            Candidate(
                conference_id=conference_id, organisation_id=firm.id, state=CandidateState.DECLINED, reason=not_chosen
            ),
            Delegate(participant_id=participant_id, name=comer, function=function, at=at),
            Confirmation(
                conference_id=conference_id, participant_id=participant_id, other_id=other_id, slot_id=slot,
                comes=False, reason=away, at=at - timedelta(hours=1),
            ),
        ]
    )  # fmt: skip
    beyond = Secret(f"kanari{letter}beyond", OFFICER)
    others = session.scalars(select(Participant.id).where(Participant.conference_id == conference_id)).all()
    walk_in = sorted(others)["ab".index(letter) + 1]  # of whose people nothing is planted: its badge is for the door
    session.add(WalkIn(conference_id=conference_id, participant_id=walk_in, reason=beyond.word, at=at))
    secrets.append(beyond)
    return secrets


def plant_outcome(letter, conference_id, participant_id, other_id):
    """What a firm says of a meeting; the other side never reads it. Return its secrets."""
    secrets = [Secret(f"kanari{letter}{name}", INSIDE) for name in ("said", "came")]
    at, keys = clock.now(), {"conference_id": conference_id, "participant_id": participant_id, "other_id": other_id}
    session.add_all(
        [
            MeetingReport(**keys, held=True, note=secrets[0].word, at=at),
            Outcome(**keys, kind=next(iter(OutcomeKind)), on=clock.today(), note=secrets[1].word, stated_at=at),
        ]
    )
    return secrets


def plant_browsing(letter, firm, partner_id, officer):
    """What an organisation looks for by name, and a past meeting that officers brought in. Return its secrets."""
    tiers = {"searched": INSIDE, "pastlist": OFFICER, "pastmeeting": OFFICER, "pastfound": OFFICER}
    secrets = [Secret(f"kanari{letter}{name}", tier) for name, tier in tiers.items()]
    searched, past_list, past_meeting, past_found = (secret.word for secret in secrets)
    at = clock.now()
    looked = PastList(name="looked at", by_id=officer.id, at=at, preview={"refused": past_found})
    listed = PastList(name=past_list, by_id=officer.id, at=at, applied_at=at)
    session.add_all([SavedSearch(organisation_id=firm.id, name=searched, filters={}, at=at), listed, looked])
    session.flush()
    session.add(
        PastMeeting(
            list_id=listed.id, firm_id=firm.id, partner_id=partner_id, kind=Kind.TECHNOLOGY_SUPPLIER,
            on=clock.today() - timedelta(days=400), title=past_meeting,
        )
    )  # fmt: skip
    return secrets


WHY_CANCELLED = {letter: f"kanari{letter}cancelled" for letter in "ab"}


def plan_visits(event_id, host_organisation_id):
    """A programme of visits with one visit, for members to say something of; the host cancels afterwards."""
    at = clock.now()
    host = VisitHost(organisation_id=host_organisation_id, opens=time(8), closes=time(17), seats=20, minutes=60)
    host.cancelled_at, host.cancelled_reason = at + timedelta(hours=2), " ".join(WHY_CANCELLED.values())
    plan = VisitPlan(event_id=event_id, made_at=at, proven=True, state=VersionState.PUBLISHED, published_at=at)
    session.add(Delegation(event_id=event_id, created_at=at, hosts=[host]))
    session.flush()
    plan.visits = [HostVisit(host_id=host.id, group_number=1, begins_at=at, ends_at=at + timedelta(hours=1))]
    session.add(plan)
    session.flush()
    return plan.visits[0]


def plant_visit(letter, visit, registration_id):
    """What a member of a delegation says of a visit, and the host of the member. Return its secrets."""
    host, at, secrets = session.get_one(VisitHost, visit.host_id), clock.now(), []
    session.add(Visitor(visit_id=visit.id, registration_id=registration_id))
    for by_host, name, tier in ((False, "visit", INSIDE), (True, "host", HOST)):
        side = {"registration_id": registration_id, "host_id": host.id, "by_host": by_host}
        said, came = (Secret(f"kanari{letter}{name}{what}", tier) for what in ("said", "came"))
        session.add(VisitReport(**side, held=True, note=said.word, at=at))
        kind = next(iter(OutcomeKind))
        session.add(
            VisitOutcome(**side, event_id=host.event_id, kind=kind, on=clock.today(), note=came.word, stated_at=at)
        )
        secrets += [said, came]
    return [*secrets, Secret(WHY_CANCELLED[letter], OFFICER)]
