"""What came of the conference of last season, invented: who met whom, what both say of it, a few outcomes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from core import clock
from core.db import get, write
from demo.people import by_id
from events.conferences import additions, timetable
from events.conferences.day import operations as day
from events.conferences.models import Meeting, Participant, TimetableVersion
from events.conferences.outcomes import operations as outcomes
from events.conferences.outcomes.enums import Label, OutcomeKind
from events.conferences.outcomes.operations import Statement

ANSWERS, HELD, USEFUL = 0.85, 0.94, 0.9  # shares: of sides, of their answers, of the meetings held
LABELS = (Label.FOLLOW_UP, Label.FOLLOW_UP, Label.NEGOTIATING, Label.AGREED)
SOME_DAY = date(2000, 1, 1)  # replaced by a day since the conference
STATED = (
    Statement(OutcomeKind.CONTRACT, SOME_DAY, Decimal("2400000000"), "VND", note="Một trung tâm gia công 5 trục"),
    Statement(OutcomeKind.MOU, SOME_DAY, note="Dùng chung phòng thí nghiệm"),
    Statement(OutcomeKind.RESEARCH, SOME_DAY, Decimal("350000000"), "VND", note="Giảm rỗ khí mối hàn nhôm"),
    Statement(OutcomeKind.CONTRACT, SOME_DAY, Decimal("48000"), "USD", note="Hai rô-bốt gắp sản phẩm"),
    Statement(OutcomeKind.HIRES, SOME_DAY, people=6, note="Thực tập sinh được tuyển chính thức"),
)


def load(conference_id: int, officer: int, then: datetime) -> None:
    """A timetable of those who wanted each other, published `then`, and its echo."""
    made = timetable.generate(conference_id, by=officer).id
    with write():
        version = get(TimetableVersion, made)
        assert version is not None
        by, at = by_id(officer), clock.now()
        version.made_at = then
        timetable.publish(version, by=by, at=then, tell=False)
        meetings = sorted(version.meetings, key=lambda m: (m.slot_id, m.table_id))
        for participant in {p.id: p for m in meetings for p in (m.firm, m.partner)}.values():
            began = meetings[0].slot.begins_at - timedelta(minutes=10)
            day.check_in(participant, key=f"demo-{participant.id}", by=by, at=began)
        _reports(meetings, by, at)
        _outcomes(meetings, by, at)
        additions.ask(version.conference, by=by, at=at)  # the job process works it out when it begins


def _reports(meetings: Sequence[Meeting], by: User, at: datetime) -> None:
    dice = random.Random(11)
    for m in meetings:
        held = dice.random() < HELD
        useful = dice.random() < USEFUL
        for one, other in ((m.firm, m.partner), (m.partner, m.firm)):
            if dice.random() < ANSWERS:
                said: dict[str, Any] = {"held": held}
                if held:
                    said |= {"useful": useful, "label": dice.choice(LABELS) if useful else Label.NO_INTEREST}
                outcomes.report(one, other, said, by=by, at=at, on_behalf=True)


def _outcomes(meetings: Sequence[Meeting], by: User, at: datetime) -> None:
    """Contracts with suppliers, research with universities, as the kinds of partners allow."""
    today = clock.local(at).date()
    for n, what in enumerate(STATED):
        firm, partner = _pair_for(what.kind, meetings, skip=7 * n)
        stated = replace(what, on=today - timedelta(days=8 * n + 3))
        outcomes.state_outcome(firm, partner, stated, by=by, at=at, on_behalf=True)


def _pair_for(kind: OutcomeKind, meetings: Sequence[Meeting], *, skip: int) -> tuple[Participant, Participant]:
    wanted = "technology_supplier" if kind is OutcomeKind.CONTRACT else "university"
    fitting = [m for m in meetings if m.partner.kind.value == wanted]
    m = fitting[skip % len(fitting)]
    return m.firm, m.partner
