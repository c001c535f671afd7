"""Setting a conference up, in one sitting: the form, what it is filled in with, and the dates that it suggests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from companies.enums import KIND_LABELS, Kind
from core import clock
from core.clock import HANOI
from core.forms import DayField, Form, MomentField, TicksField
from core.i18n import _, _l, pick
from events.conferences import rules
from events.conferences.enums import MODE_LABELS, PARTNER_KINDS, Mode
from events.conferences.forms import ROW, count_field
from events.conferences.models import Conference, Slot
from events.conferences.operations import DATES, Setup
from events.conferences.plan_lines import CRITERIA_EN, CRITERIA_VI, PLAN_LINES, PlanLine
from events.details import Details, Schedule
from events.enums import ORGANISER_LABELS, Organiser
from events.forms import PLAN_CODE

TITLE = (Length(max=200),)
MORNING, AFTERNOON = (time(8, 30), time(11, 30)), (time(13, 30), time(16, 30))
PARTS = ("morning", "afternoon")
BREAK_MINUTES = 15
FARTHEST = timedelta(days=36_500)  # beyond, nobody plans and times cannot be reckoned
MINUTES = ("meeting_minutes", "change_minutes", "morning_break_minutes", "afternoon_break_minutes")


def _in_bounds(field: IntegerField) -> bool:
    ranges = [v for v in field.validators if isinstance(v, NumberRange)]
    return field.data is not None and all(r.min <= field.data <= r.max for r in ranges)


def _break_field(label: Any) -> IntegerField:
    return IntegerField(
        label, [Optional(), NumberRange(5, 120)], default=BREAK_MINUTES, render_kw={"inputmode": "numeric"}
    )


class SetupForm(Form):
    """What a conference has beside its event."""

    partner_kinds = TicksField(
        _l("Which partners come"),
        [InputRequired(_l("Choose at least one kind of partner."))],
        choices=[(k.value, KIND_LABELS[k]) for k in PARTNER_KINDS],
    )
    first_day = DayField(_l("First day"), [InputRequired()])
    days = count_field(_l("Days"), 1, 5, 1)
    morning_from = TimeField(_l("Morning from"), [Optional()], default=MORNING[0])
    morning_to = TimeField(_l("Morning to"), [Optional()], default=MORNING[1])
    afternoon_from = TimeField(_l("Afternoon from"), [Optional()], default=AFTERNOON[0])
    afternoon_to = TimeField(_l("Afternoon to"), [Optional()], default=AFTERNOON[1])
    morning_break_at = TimeField(_l("Break in the morning at"), [Optional()])
    morning_break_minutes = _break_field(_l("Length of the morning break"))
    afternoon_break_at = TimeField(_l("Break in the afternoon at"), [Optional()])
    afternoon_break_minutes = _break_field(_l("Length of the afternoon break"))
    meeting_minutes = count_field(_l("Length of a meeting"), 5, 180, 25)
    change_minutes = count_field(_l("Time to change"), 0, 60, 5)
    firm_minimum = count_field(_l("Firm: at least"), 0, 50, 2)
    firm_maximum = count_field(_l("Firm: at most"), 0, 50, 8)
    partner_minimum = count_field(_l("Partner: at least"), 0, 100, 3)
    partner_maximum = count_field(_l("Partner: at most"), 0, 100, 16)
    free_tables = count_field(_l("Free tables"), 0, 500, 2)
    mode = SelectField(_l("Meetings are held"), choices=[(m.value, MODE_LABELS[m]) for m in Mode], default="hall")
    wishes_open_at = MomentField(_l("Wishes open"), [Optional()])
    wishes_close_at = MomentField(_l("Wishes can change until"), [Optional()])
    timetable_due_at = MomentField(_l("Timetable out by"), [Optional()])
    confirm_until = MomentField(_l("Meetings are confirmed until"), [Optional()])
    criteria_vi = TextAreaField(_l("Criteria in Vietnamese"), [Length(max=4000)])
    criteria_en = TextAreaField(_l("Criteria in English"), [Length(max=4000)])

    def sessions(self) -> list[rules.Session]:
        """The stretches of time that the fields state, day by day."""
        found: list[rules.Session] = []
        if self.first_day.data is None:
            return found
        for n in range(self.days.data or 0):
            found += self._sessions_of(self.first_day.data + timedelta(days=n))
        return found

    def _sessions_of(self, day: date) -> list[rules.Session]:
        found: list[rules.Session] = []
        for part in PARTS:
            begin, end = self[f"{part}_from"].data, self[f"{part}_to"].data
            if begin and end:
                at, minutes = self[f"{part}_break_at"].data, self[f"{part}_break_minutes"].data
                whole = rules.Session(at_hanoi(day, begin), at_hanoi(day, end))
                found += rules.around_break(whole, at and at_hanoi(day, at), timedelta(minutes=minutes or 0))
        return found

    def times(self) -> list[str]:
        """The meeting times of the first day as the fields state them now; none while they do not fit together."""
        day = self.first_day.data
        if day is None or abs(day - clock.today()) > FARTHEST or not all(_in_bounds(self[n]) for n in MINUTES):
            return []
        slots = rules.slots_of(
            self._sessions_of(day),
            meeting=timedelta(minutes=self.meeting_minutes.data),
            change=timedelta(minutes=self.change_minutes.data),
        )
        return [f"{clock.local(begin):%H:%M}–{clock.local(end):%H:%M}" for begin, end, _first in slots]

    def suggest_dates(self, earlier: Conference | None = None) -> None:
        """Fill in the dates that are empty, by the first day: as long before it as at an earlier conference."""
        first = self.first_day.data
        if first is None or not timedelta(0) < first - clock.today() < FARTHEST:
            self.first_day.errors = [_("Choose a first day to come: the dates follow from it.")]
            return
        known = {} if earlier is None else _distances(earlier)
        for name, at in rules.suggested_dates(first, after=clock.today(), known=known).items():
            if name in self and self[name].data is None:
                self[name].raw_data, self[name].data = None, at_hanoi(*at)

    def setup(self) -> Setup:
        """The fields as plain data."""
        return Setup(
            partner_kinds=[Kind(k) for k in self.partner_kinds.data],
            sessions=self.sessions(),
            meeting_minutes=self.meeting_minutes.data,
            change_minutes=self.change_minutes.data,
            firm_limits=(self.firm_minimum.data, self.firm_maximum.data),
            partner_limits=(self.partner_minimum.data, self.partner_maximum.data),
            free_tables=self.free_tables.data,
            mode=Mode(self.mode.data or Mode.HALL),
            wishes_open_at=self.wishes_open_at.data,
            wishes_close_at=self.wishes_close_at.data,
            timetable_due_at=self.timetable_due_at.data,
            confirm_until=self.confirm_until.data,
            criteria_vi=self.criteria_vi.data or "",
            criteria_en=self.criteria_en.data or "",
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field: every stretch has a beginning before its end, and there is one."""
        fits = super().validate(extra_validators)
        for part in PARTS:
            begin, end, pause = self[f"{part}_from"], self[f"{part}_to"], self[f"{part}_break_at"]
            if pause.data and not (begin.data and end.data and begin.data < pause.data < end.data):
                pause.errors = [*pause.errors, _("The break has to lie between the beginning and the end.")]
                fits = False
            if (begin.data is None) != (end.data is None) or (begin.data and end.data and begin.data >= end.data):
                end.errors = [*end.errors, _("This has to come after the beginning, or both stay empty.")]
                fits = False
        if fits and not self.sessions():
            self.morning_from.errors = [_("State at least a morning or an afternoon.")]
            fits = False
        return fits


class ConferenceForm(SetupForm):
    """A new conference with its event, in one sitting."""

    title_vi = StringField(_l("Title in Vietnamese"), [InputRequired(), *TITLE])
    title_en = StringField(_l("Title in English"), [*TITLE])
    summary_vi = TextAreaField(_l("Summary in Vietnamese"), [Length(max=4000)])
    summary_en = TextAreaField(_l("Summary in English"), [Length(max=4000)])
    place_vi = StringField(_l("Place in Vietnamese"), [*TITLE])
    place_en = StringField(_l("Place in English"), [*TITLE])
    address = StringField(_l("Address"), [Length(max=300)])
    organiser = SelectField(_l("Organiser"), choices=[(o.value, ORGANISER_LABELS[o]) for o in Organiser])
    plan_code = SelectField(_l("Task of the yearly plan"), [Optional(), PLAN_CODE])
    capacity = IntegerField(_l("Seats"), [Optional(), NumberRange(1, 100_000)], render_kw={"inputmode": "numeric"})
    registration_closes_at = MomentField(_l("Registration closes"), [Optional()])
    earlier = IntegerField(widget=HiddenInput(), validators=[Optional(), ROW])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [(line.code, f"{line.code} – {pick(line, 'title').text}") for line in PLAN_LINES.values()]
        other = self.plan_code.data  # an earlier conference may serve a task that no conference is planned for
        more = [(other, other)] if other and other not in PLAN_LINES else []
        self.plan_code.choices = [("", _("Not a task of the plan")), *lines, *more]

    def details(self) -> Details:
        """What the event is."""
        return Details(
            title_vi=self.title_vi.data,
            title_en=self.title_en.data or "",
            summary_vi=self.summary_vi.data or "",
            summary_en=self.summary_en.data or "",
            organiser=Organiser(self.organiser.data),
            open_to=(Kind.FIRM.value, *self.partner_kinds.data),
            plan_code=self.plan_code.data or None,
            capacity=self.capacity.data,
            registration_closes_at=self.registration_closes_at.data,
        )

    def schedule(self) -> Schedule:
        """When and where: from half an hour before the first meeting to half an hour after the last."""
        sessions = self.sessions()
        return Schedule(
            begins_at=min(s.begins_at for s in sessions) - timedelta(minutes=30),
            ends_at=max(s.ends_at for s in sessions) + timedelta(minutes=30),
            place_vi=self.place_vi.data or "",
            place_en=self.place_en.data or "",
            address=self.address.data or "",
        )


def at_hanoi(day: date, at: time) -> datetime:
    """That time of that day in Hanoi."""
    return datetime.combine(day, at, HANOI)


def setup_values(conference: Conference) -> dict[str, Any]:
    """The form's values for an existing conference."""
    values: dict[str, Any] = {
        name: getattr(conference, name)
        for name in (
            "partner_kinds",
            "meeting_minutes",
            "change_minutes",
            "firm_minimum",
            "firm_maximum",
            "partner_minimum",
            "partner_maximum",
            "mode",
            *DATES,
            "criteria_vi",
            "criteria_en",
        )
    }
    values["free_tables"] = sum(t.owner_id is None for t in conference.tables)
    days = sorted({s.day for s in conference.slots})
    values |= {
        "first_day": days[0] if days else clock.local(conference.event.begins_at).date(),
        "days": len(days) or 1,
    }
    on_first = [s for s in conference.slots if days and s.day == days[0]]
    for part, early in zip(PARTS, (True, False), strict=True):
        inside = [s for s in on_first if (clock.local(s.begins_at).hour < 12) is early]
        values[f"{part}_from"] = clock.local(inside[0].begins_at).time() if inside else None
        values[f"{part}_to"] = clock.local(inside[-1].ends_at).time() if inside else None
        values |= _break_of(part, inside, timedelta(minutes=conference.change_minutes))
    return values


def _break_of(part: str, slots: Sequence[Slot], change: timedelta) -> dict[str, Any]:
    """The break within a part of the day, as fields; the same meeting times follow from them again."""
    for before, after in pairwise(slots):
        if after.begins_block:
            begins = min(before.ends_at + change, after.begins_at - timedelta(minutes=5))
            length = after.begins_at - begins
            return {
                f"{part}_break_at": clock.local(begins).time(),
                f"{part}_break_minutes": int(length.total_seconds()) // 60,
            }
    return {}


def _distances(earlier: Conference) -> dict[str, tuple[int, time]]:
    """date of an earlier conference -> (days before its first day, time of day), for those that it had."""
    first = clock.local(earlier.slots[0].begins_at if earlier.slots else earlier.event.begins_at).date()
    moments = {name: getattr(earlier, name) for name in DATES}
    moments["registration_closes_at"] = earlier.event.registration_closes_at
    local = {name: clock.local(at) for name, at in moments.items() if at is not None}
    return {name: ((first - at.date()).days, at.time()) for name, at in local.items()}


def values_as_before(earlier: Conference) -> dict[str, Any]:
    """The form of a new conference like an earlier one: everything but people and dates; the same weekday next."""
    event = earlier.event
    texts = ("title_vi", "title_en", "summary_vi", "summary_en", "place_vi", "place_en", "address", "plan_code")
    values = setup_values(earlier) | {name: getattr(event, name) for name in (*texts, "capacity")}
    for name in DATES:
        values[name] = None
    values["first_day"] = None
    return values | {"organiser": event.organiser.value, "earlier": earlier.id}


def values_of_plan(line: PlanLine) -> dict[str, Any]:
    """The form of a new conference that serves a task of the plan."""
    return {
        "title_vi": line.title_vi,
        "title_en": line.title_en,
        "partner_kinds": [k.value for k in line.kinds],
        "plan_code": line.code,
        "criteria_vi": CRITERIA_VI,
        "criteria_en": CRITERIA_EN,
    }
