"""What has happened by each moment of the tour, on top of the demo's data. Every act returns names for the paths."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace

from sqlalchemy import select

from accounts import queries as accounts
from accounts.models import User
from companies import uploads
from companies.enums import Kind, NeedClass
from companies.joining import lists
from companies.models import Membership, Organisation, Product
from core import clock, files
from core.db import get, session, write
from core.outbox import Mail
from core.timers import timers
from demo import conference as shown
from demo import events as demo_events
from demo.tour.stops import BANK, DOOR, FIRM, OFFICER, Moment
from events import operations as events
from events.conferences import agenda, queries, replanning
from events.conferences.choosing import operations as choosing
from events.conferences.choosing.enums import CandidateState
from events.conferences.choosing.models import Candidate
from events.conferences.day import operations as day
from events.conferences.day.enums import Trouble
from events.conferences.enums import VersionState
from events.conferences.models import Conference, Participant
from events.conferences.outcomes import operations as outcomes
from events.conferences.outcomes.enums import Label
from events.conferences.past import operations as past
from events.conferences.standby import operations as standby
from events.conferences.walk_in import operations as walk_in
from events.enums import EventKind, EventState
from events.models import Event, Registration

Names = Mapping[str, object]
LIST = demo_events.DATA / "messy_list.csv"
LATE, FREE = 8, 12  # one of so many comes later; so many are free for more meetings
OPEN_SINCE = 65  # minutes before the picture the door was opened
TICKET = "tour-walk-in-7KQ4MZ"
SECONDS = 0.3  # which the timetable took, about
REPORTED = 2  # meetings that the firm has said something of


def preparing() -> Names:
    """Ten in the morning of the day on which the demo was filled."""
    first, second, *_rest, last = session.scalars(select(Conference).order_by(Conference.id)).all()
    firm, bank = _organisation(FIRM), _organisation(BANK)
    over, delegation = session.scalars(
        select(Event)
        .where(Event.kind == EventKind.DELEGATION, Event.state == EventState.PUBLISHED)
        .order_by(Event.begins_at)
    ).all()
    published = agenda.version_in(first, VersionState.PUBLISHED)
    assert published is not None
    with write():  # the one figure that tells of the machine, and would differ in every tour
        published.quality = published.quality | {"seconds": SECONDS}
    names = {
        "conference": first.id,
        "next": second.id,
        "earlier": last.id,
        "organisation": firm.id,
        "product": session.scalars(select(Product.id).where(Product.organisation_id == firm.id)).first(),
        "firm": _participant(first, firm),
        "firm_earlier": _participant(last, firm),
        "bank": _participant(first, bank),
        "published": published.id,
        "delegation": delegation.id,
        "delegation_over": over.id,
        "member": session.scalars(
            select(Registration.id).where(
                Registration.event_id == delegation.id, Registration.organisation_id == firm.id
            )
        ).one(),
    }
    return names | {"import": _import(), "past": _past(firm, bank), "invitations": _invitations()}


def _organisation(address: str) -> Organisation:
    """Whose owner it is."""
    return session.scalars(
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(User, User.id == Membership.user_id)
        .where(User.email == address)
    ).one()


def _participant(conference: Conference, organisation: Organisation) -> int:
    return session.scalars(
        select(Participant.id).where(
            Participant.conference_id == conference.id, Participant.organisation_id == organisation.id
        )
    ).one()


def _officer() -> User:
    user = accounts.by_email(OFFICER)
    assert user is not None
    return user


def _received(name: str, data: bytes) -> files.Received:
    return files.receive(SimpleNamespace(filename=name, stream=io.BytesIO(data)), kind=files.Kind.SPREADSHEET)


def _import() -> int:
    at, received = clock.now(), _received(LIST.name, LIST.read_bytes())
    found = uploads.look_at(received.data, {}, source="", at=at, name=received.name)
    with write():
        run = uploads.keep(received, source="", by=_officer(), at=at)
        uploads.store(run, found, by=_officer(), at=at)
        return run.id


def _past(firm: Organisation, bank: Organisation) -> int:
    """A list of two years ago, with a name that nobody knows."""
    title, unknown = "Ngày hội kết nối 2024 (giả định)", "Ngân hàng Chưa Biết Thí Dụ"
    rows = [("firm", "partner", "day", "title", "outcome")]
    rows += [(firm.name, one, "15/10/2024", title, "agreed") for one in (bank.name, unknown)]
    received = _received("gap-go-2024.csv", "\n".join(",".join(row) for row in rows).encode())
    with write():
        return past.keep(received, by=_officer(), at=clock.now()).id


def _invitations() -> int:
    """Invented firms of the directory that nobody acts for."""
    invented = (
        select(Organisation).where(Organisation.tax_code.startswith("00900")).order_by(Organisation.id).limit(14)
    )
    with write():
        rows, _count = lists.select_lines(invented)
        return lists.keep("Danh bạ · Directory", rows, by=_officer(), at=clock.now()).id


def invited() -> Names:
    """The next conference is public, and those chosen for it have their mail."""
    following = session.scalars(select(Conference).order_by(Conference.id)).all()[1]
    with write():
        by, at = _officer(), clock.now()
        events.publish(following.event, by=by, at=at)
        chosen = session.scalars(
            select(Candidate).where(Candidate.conference_id == following.id, Candidate.state == CandidateState.CHOSEN)
        ).all()
        choosing.invite(following, chosen, by=by, at=at)
    return {"invitation": _linked("conference.invited", r"/invitations/(\S+)")}


def _linked(kind: str, pattern: str) -> str:
    """The key in the link of the first mail of that kind."""
    letter = session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.id)).first()
    found = re.search(pattern, letter.body if letter is not None else "")
    assert found is not None, f"no mail {kind} with a link"
    return found.group(1)


def reminded() -> Names:
    """Who did not answer was reminded; the freed time of a declined meeting is given to others in a draft."""
    timers["reminders of conferences"].work(clock.now())
    return replanned()


def replanned() -> Names:
    """The rest of the conference planned anew, as a draft."""
    return {"draft": replanning.replan(shown.shown().id, by=_officer().id, at=clock.now()).id}


def the_day() -> Names:
    """Most are there; one does not come at all, one comes unannounced."""
    conference, at = shown.shown(), clock.now()
    guests = queries.all_participants(conference)
    missing = guests[LATE - 1 :: LATE]
    with write():
        by, draft = accounts.by_email(DOOR), agenda.version_in(conference, VersionState.DRAFT)
        assert by is not None and draft is not None
        day.publish(draft, by=_officer(), at=at)
        for number, guest in enumerate(guests):
            if guest not in missing:
                came = at - timedelta(minutes=OPEN_SINCE - number * OPEN_SINCE // (len(guests) + 1))
                day.check_in(guest, key=f"tour-{guest.id}", by=by, at=came)
        for guest in guests[:FREE]:
            standby.offer(guest, by=_officer(), at=at, on_behalf=True)
        day.report(conference, Trouble.ABSENT, participant=_expected(missing, at), by=_officer(), at=at)
        guest_unknown = walk_in.Stranger("Công ty TNHH Khách Đột Xuất Thí Dụ", email="lienhe@khachdotxuat.example")
        coming = walk_in.Coming(Kind.FIRM, "Đinh Thị Ghé Qua", NeedClass.EQUIPMENT, "Máy tiện CNC cho xưởng nhỏ")
        admitted = walk_in.enter(conference, guest_unknown, coming, key="tour-walk-in", by=by, at=at)
        admitted.participant.registration.ticket_code = TICKET  # drawn at random, but shown
    return {"walk_in": admitted.id}


def _expected(missing: Sequence[Participant], at: datetime) -> Participant:
    """The first of those missing whose next meeting is soon."""
    soon = at + timedelta(hours=1)
    return next(p for p in missing if any(at < m.slot.begins_at < soon for m in agenda.published_meetings(p)))


def afterwards() -> Names:
    """The meetings are over; the firm has begun to say how they were."""
    firm = get(Participant, _participant(shown.shown(), _organisation(FIRM)))
    assert firm is not None
    with write():
        by, said = accounts.by_email(FIRM), {"held": True, "useful": True, "label": Label.FOLLOW_UP}
        met = sorted(agenda.published_meetings(firm), key=lambda m: m.slot.begins_at)
        for meeting in met[:REPORTED]:
            outcomes.report(firm, meeting.partner, said, by=by, at=clock.now())
    return {}


def months_later() -> Names:
    """Half a year after the conference of last season its people are asked once more."""
    timers["what came of meetings, after months"].work(clock.now())
    return {"asked": _linked("meeting.ask_again", r"/asked/(\S+)")}


HAPPENS: Mapping[Moment, Callable[[], Names]] = {
    Moment.PREPARING: preparing,
    Moment.INVITED: invited,
    Moment.REMINDED: reminded,
    Moment.DAY: the_day,
    Moment.REPLANNED: replanned,
    Moment.AFTERWARDS: afterwards,
    Moment.MONTHS_LATER: months_later,
}
