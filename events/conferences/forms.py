"""Inputs of conferences."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from companies.enums import KIND_LABELS, Kind
from core import clock
from core.clock import HANOI
from core.db import MAX_ID
from core.forms import DayField, Form, MomentField, TicksField
from core.i18n import _, _l
from events.conferences import rules
from events.conferences.enums import MODE_LABELS, PARTNER_KINDS, Mode, Origin
from events.conferences.exploration import MOST_PERCENT
from events.conferences.lift import MOST_POINTS
from events.conferences.models import Conference
from events.conferences.operations import DATES, Setup
from events.conferences.plan_lines import PlanLine
from events.details import Details, Schedule
from events.enums import ORGANISER_LABELS, Organiser
from events.forms import PLAN_CODE

TITLE = (Length(max=200),)
ROW = NumberRange(1, MAX_ID)
TIME_ZONES = (  # of people who may sit in front of a screen elsewhere
    "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai", "Asia/Taipei", "Asia/Singapore", "Asia/Bangkok", "Asia/Kolkata",
    "Asia/Dubai", "Europe/Moscow", "Europe/Berlin", "Europe/Paris", "Europe/London", "Europe/Rome",
    "Europe/Amsterdam", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "Australia/Sydney",
)  # fmt: skip
MORNING, AFTERNOON = (time(8, 30), time(11, 30)), (time(13, 30), time(16, 30))


def _count(label: Any, low: int, high: int, default: int) -> IntegerField:
    return IntegerField(
        label, [InputRequired(), NumberRange(low, high)], default=default, render_kw={"inputmode": "numeric"}
    )


class SetupForm(Form):
    """What a conference has beside its event."""

    partner_kinds = TicksField(
        _l("Which partners come"),
        [InputRequired(_l("Choose at least one kind of partner."))],
        choices=[(k.value, KIND_LABELS[k]) for k in PARTNER_KINDS],
    )
    first_day = DayField(_l("First day"), [InputRequired()])
    days = _count(_l("Days"), 1, 5, 1)
    morning_from = TimeField(_l("Morning from"), [Optional()], default=MORNING[0])
    morning_to = TimeField(_l("Morning to"), [Optional()], default=MORNING[1])
    afternoon_from = TimeField(_l("Afternoon from"), [Optional()], default=AFTERNOON[0])
    afternoon_to = TimeField(_l("Afternoon to"), [Optional()], default=AFTERNOON[1])
    meeting_minutes = _count(_l("Length of a meeting"), 5, 180, 25)
    change_minutes = _count(_l("Time to change"), 0, 60, 5)
    firm_minimum = _count(_l("Firm: at least"), 0, 50, 2)
    firm_maximum = _count(_l("Firm: at most"), 0, 50, 8)
    partner_minimum = _count(_l("Partner: at least"), 0, 100, 3)
    partner_maximum = _count(_l("Partner: at most"), 0, 100, 16)
    free_tables = _count(_l("Free tables"), 0, 500, 2)
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
            day = self.first_day.data + timedelta(days=n)
            for begin, end in (
                (self.morning_from.data, self.morning_to.data),
                (self.afternoon_from.data, self.afternoon_to.data),
            ):
                if begin and end:
                    found.append(rules.Session(at_hanoi(day, begin), at_hanoi(day, end)))
        return found

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
        for begin, end in ((self.morning_from, self.morning_to), (self.afternoon_from, self.afternoon_to)):
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
    plan_code = StringField(_l("Task of the yearly plan"), [Optional(), PLAN_CODE])
    earlier = IntegerField(widget=HiddenInput(), validators=[Optional(), ROW])

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
    for part, early in (("morning", True), ("afternoon", False)):
        inside = [s for s in on_first if (clock.local(s.begins_at).hour < 12) is early]
        values[f"{part}_from"] = clock.local(inside[0].begins_at).time() if inside else None
        values[f"{part}_to"] = clock.local(inside[-1].ends_at).time() if inside else None
    return values


def values_as_before(earlier: Conference) -> dict[str, Any]:
    """The form of a new conference like an earlier one: everything but people and dates; the same weekday next."""
    event = earlier.event
    texts = ("title_vi", "title_en", "summary_vi", "summary_en", "place_vi", "place_en", "address", "plan_code")
    values = setup_values(earlier) | {name: getattr(event, name) for name in texts}
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
    }


class SlotsField(SelectMultipleField):
    """Meeting times as boxes to tick; `data` holds ids of slots."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=int, choices=[], **kwargs)


class PresenceForm(Form):
    """When a participant is there, and how many meetings it wants."""

    present_slots = SlotsField(_l("Present at"))
    minimum = IntegerField(_l("Meetings: at least"), [Optional(), NumberRange(0, 100)])
    maximum = IntegerField(_l("Meetings: at most"), [Optional(), NumberRange(0, 100)])
    delegates = IntegerField(_l("Meetings at the same time"), [InputRequired(), NumberRange(1, 20)], default=1)
    time_zone = SelectField(_l("Time zone"), choices=[("", _l("Hanoi")), *((z, z) for z in TIME_ZONES)], default="")


class JoinForm(Form):
    """An organisation takes part: which one, and as what."""

    organisation = SelectField(_l("Organisation"), coerce=int)
    kind = SelectField(_l("Takes part as"))


class WishForm(Form):
    """One tap on a ranked list."""

    other = HiddenField(validators=[InputRequired()])
    wish = HiddenField()
    back = HiddenField()


class ConfirmForm(Form):
    """Whether one comes to a meeting; without `other`: to all that are not answered."""

    other = IntegerField(validators=[Optional(), ROW])
    comes = SelectField(choices=["yes", "no"])
    reason = StringField(_l("Reason"), [Length(max=500)])


class DelegateForm(Form):
    """Somebody who comes for a participant."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=120)])
    function = StringField(_l("Function"), [Length(max=120)])


class LiftForm(Form):
    """The organiser's rule for firms that had no support."""

    points = _count(_l("Points"), 0, MOST_POINTS, 0)


class ExplorationForm(Form):
    """The share of places that are filled from further down."""

    percent = _count(_l("Share of places"), 0, MOST_PERCENT, 0)


class ModelForm(Form):
    """Which version of what was learnt counts for a kind of partner."""

    choice = SelectField(_l("What counts from now on"), [InputRequired()])
    reason = StringField(_l("Why"), [InputRequired(), Length(max=500)])


class PlaceForm(Form):
    """A pair into a slot, at a table or at any that is right."""

    firm = IntegerField(validators=[InputRequired(), ROW])
    partner = IntegerField(validators=[InputRequired(), ROW])
    slot = IntegerField(_l("Time"), [InputRequired(), ROW])
    table = IntegerField(_l("Table"), [Optional(), ROW])


class UndoForm(Form):
    """Where a meeting was before the last change; no slot: it was not on the board."""

    firm = IntegerField(validators=[InputRequired(), ROW])
    partner = IntegerField(validators=[InputRequired(), ROW])
    slot = IntegerField(validators=[Optional(), ROW])
    table = IntegerField(validators=[Optional(), ROW])
    locked = IntegerField(validators=[Optional()])
    origin = SelectField(choices=[o.value for o in Origin], default=Origin.HAND.value)
