"""A small conference: six firms, three partners of two kinds, one day with eight slots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from companies.enums import Kind, NeedClass, NeedRole, Sector
from companies.models import NeedOffer, Organisation, OrganisationKind
from core import clock
from core.db import session, write
from events import operations as events
from events.conferences import operations, rules
from events.conferences.enums import Side
from events.conferences.models import Conference, Participant
from events.details import Details, Schedule
from events.enums import EventKind

NEEDS = (
    ("Vay vốn lưu động 5 tỷ đồng để mua thép tấm", "Working capital loan of VND 5 billion to buy steel plate"),
    ("Đầu tư máy phay CNC 5 trục", "Investment in a 5-axis CNC milling machine"),
    ("Xử lý rỗ khí mối hàn laser nhôm", "Porosity of laser welds in aluminium"),
    ("Đo kiểm kích thước bằng máy CMM", "Dimensional measurement with a CMM"),
    ("Vay đầu tư nhà xưởng", "Investment loan for a workshop"),
    ("Mạ kẽm nhúng nóng chi tiết", "Hot-dip galvanising of parts"),
)
OFFERS = (
    (Kind.BANK, "Cho vay vốn lưu động, đầu tư máy móc", "Working capital and machinery loans"),
    (Kind.TECHNOLOGY_SUPPLIER, "Trung tâm gia công 5 trục, máy phay CNC", "5-axis machining centres, CNC mills"),
    (Kind.TECHNOLOGY_SUPPLIER, "Máy hàn laser, máy đo tọa độ CMM", "Laser welding machines, CMM measuring machines"),
)


@dataclass
class Small:
    """The conference and who takes part, as ids that outlive a request."""

    conference_id: int
    firms: list[int]
    partners: list[int]

    @property
    def conference(self) -> Conference:
        found = session.get(Conference, self.conference_id)
        assert found is not None
        return found

    def participant(self, key: int) -> Participant:
        found = session.get(Participant, key)
        assert found is not None
        return found


def organisation(name: str, kind: Kind, role: NeedRole, vi: str, en: str, loan: bool, **columns: Any) -> Organisation:
    at = clock.now()
    row = Organisation(
        name_vi=name,
        kind_rows=[OrganisationKind(kind=kind)],
        sector=Sector.MECHANICAL if kind is Kind.FIRM else None,
        created_at=at,
        updated_at=at,
        needs_offers=[
            NeedOffer(
                role=role, kind=NeedClass.LOAN if loan else NeedClass.EQUIPMENT, text_vi=vi, text_en=en, created_at=at
            )
        ],
        **columns,
    )
    session.add(row)
    session.flush()
    return row


def make_event(officer: Any, *, days: int = 1, hours: int = 8) -> Any:
    begins = clock.now().replace(hour=1, minute=0) + timedelta(days=days)
    details = Details(title_vi="Hội nghị kết nối", title_en="Matching conference")
    schedule = Schedule(begins_at=begins, ends_at=begins + timedelta(hours=hours))
    return events.create(EventKind.CONFERENCE, details, schedule, by=officer, at=clock.now())


def make_conference(officer: Any, firm: Organisation | None = None) -> Small:
    at = clock.now()
    with write():
        event = make_event(officer)
        events.publish(event, by=officer, at=at)
        begins = event.begins_at
        sessions = [
            rules.Session(begins, begins + timedelta(hours=2)),
            rules.Session(begins + timedelta(hours=4), begins + timedelta(hours=6)),
        ]
        setup = operations.Setup([Kind.BANK, Kind.TECHNOLOGY_SUPPLIER], sessions, firm_limits=(1, 3),
                                 partner_limits=(1, 6), free_tables=1)  # fmt: skip
        conference = operations.set_up(event, setup, by=officer, at=at)
        firms = [
            organisation(f"Công ty CP Minh Hoạ {n}", Kind.FIRM, NeedRole.NEED, vi, en, "Vay" in vi)
            for n, (vi, en) in enumerate(NEEDS, 10)
        ]
        if firm is not None:
            firms[0] = session.get(Organisation, firm.id)
        partners = [
            organisation(f"Đối tác Thí Dụ {n}", kind, NeedRole.OFFER, vi, en, kind is Kind.BANK)
            for n, (kind, vi, en) in enumerate(OFFERS)
        ]
        joined = [
            operations.join(conference, o, Side.FIRM, Kind.FIRM, by=officer, at=at, on_behalf=True) for o in firms
        ]
        coming = [
            operations.join(conference, o, Side.PARTNER, kind, by=officer, at=at, on_behalf=True)
            for o, (kind, *_) in zip(partners, OFFERS, strict=True)
        ]
        return Small(conference.id, [p.id for p in joined], [p.id for p in coming])


@pytest.fixture
def small(cast):
    return make_conference(cast.officer)
