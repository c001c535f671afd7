"""What an officer prepares for the demo conference: room, interpreter, people who come, candidates, first answers."""

from __future__ import annotations

from datetime import datetime
from itertools import cycle, islice

from sqlalchemy import select

from accounts.models import User
from companies.models import Organisation
from core import clock
from core.db import get, session, write
from demo.people import by_id
from events.conferences import agenda, confirming, delegates, queries
from events.conferences.choosing import operations as choosing
from events.conferences.choosing import ranking
from events.conferences.choosing.enums import CandidateState
from events.conferences.choosing.models import Candidate
from events.conferences.enums import VersionState
from events.conferences.hall import operations as hall
from events.conferences.models import Conference

ROOM = ("Sảnh Sen Mẫu", 26.0, 21.0)  # name, metres wide and deep
INTERPRETER = ("Phiên dịch tiếng Nhật 01", "ja")
NAMED = 30  # participants that have said who comes
PEOPLE = (
    "Nguyễn Thị Thí Dụ",
    "Trần Văn Mẫu",
    "Lê Thị Ví Dụ",
    "Phạm Văn Giả Định",
    "Hoàng Thị Thử",
    "Vũ Văn Minh Hoạ",
)
FUNCTIONS = ("Giám đốc", "Trưởng phòng kinh doanh", "Trưởng phòng kỹ thuật")
CHOSEN, DECLINED = 8, 2
CONFIRMED = 60  # meetings that a side has said something of


def furnish(conference: Conference, *, by: User, at: datetime) -> None:
    """In the caller's write block: before the timetable, which counts on the interpreter."""
    name, width, depth = ROOM
    hall.save_room(conference, None, name=name, width=width, depth=depth, by=by, at=at)
    label, language = INTERPRETER
    hall.save_interpreter(conference, None, label=label, language=language, away_slots=(), by=by, at=at)
    people = islice(cycle(PEOPLE), NAMED)
    for n, (participant, person) in enumerate(zip(queries.all_participants(conference), people, strict=False)):
        delegates.name(participant, person, FUNCTIONS[n % len(FUNCTIONS)], by=by, at=at, on_behalf=True)


def choose(officer: int) -> None:
    """Rank the firms of the directory for the next conference, and decide on a few of the invented ones."""
    following = sorted(session.scalars(select(Conference.id)))[1]
    ranking.rank(following, by=officer)
    with write():
        by, at = by_id(officer), clock.now()
        invented = session.scalars(
            select(Candidate)
            .join(Organisation, Organisation.id == Candidate.organisation_id)
            .where(Candidate.conference_id == following, Organisation.tax_code.startswith("00900"))
            .order_by(Candidate.points.desc(), Candidate.id)
        ).all()
        choosing.decide(invented[:CHOSEN], CandidateState.CHOSEN, "", by=by, at=at)
        reason = "Đã dự hai ngày kết nối cùng nhóm đối tác (lý do giả định)"
        choosing.decide(invented[CHOSEN : CHOSEN + DECLINED], CandidateState.DECLINED, reason, by=by, at=at)


def answer(conference_id: int, officer: int) -> None:
    """Some participants have confirmed their meetings; one cannot come to one of them."""
    with write():
        conference = get(Conference, conference_id)
        version = agenda.version_in(conference, VersionState.PUBLISHED) if conference is not None else None
        if version is None:
            return
        by, at = by_id(officer), clock.now()
        for n, m in enumerate(sorted(version.meetings, key=lambda m: (m.slot_id, m.table_id))[:CONFIRMED]):
            comes = n != CONFIRMED // 2
            reason = "" if comes else "Đi công tác ngày đó (lý do giả định)"
            confirming.answer(m.firm, m.partner, comes, reason, by=by, at=at, on_behalf=True)
