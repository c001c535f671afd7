"""Inputs of delegations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from companies.models import Organisation
from core.db import MAX_ID, row_key
from core.forms import Form, MomentField
from core.i18n import _l, pick
from events.conferences.delegations import rules
from events.conferences.delegations.models import Delegation, DelegationDay, VisitHost
from events.conferences.delegations.operations import Destination, Hours, Reception
from events.conferences.enums import Wish
from events.models import Event
from vietnamese.keys import sort_key
from vietnamese.provinces import BY_CODE, PROVINCES, meant

UNSAID = ""
IN_ORDER = sorted(PROVINCES, key=lambda p: sort_key(p.name))
WISHES = [
    (Wish.MUST.value, _l("Must visit")),
    (Wish.YES.value, _l("Would like to visit")),
    (Wish.NO.value, _l("Does not go")),
    (UNSAID, _l("Comes along")),
]


ABROAD = "abroad"
PLACES = [
    ("", _l("Choose …")),
    *((p.code, f"{p.vi} ({', '.join(p.former)})" if p.former else p.vi) for p in IN_ORDER),
    (ABROAD, _l("Another country")),
]


class DestinationForm(Form):
    """Where a delegation goes and how it travels."""

    province = SelectField(_l("Province or city"), choices=PLACES, default="")
    destination_vi = StringField(_l("Place in Vietnamese"), [Optional(), Length(max=150)])
    destination_en = StringField(_l("Place in English"), [Optional(), Length(max=150)])
    group_size = IntegerField(_l("People in a group"), [InputRequired(), NumberRange(1, 200)], default=15)
    travel = IntegerField(_l("Minutes between two hosts"), [InputRequired(), NumberRange(0, 600)], default=30)

    wishes_close_at = MomentField(_l("Wishes are stated until"), [Optional()])

    def known(self, row: Delegation | None) -> DestinationForm:
        """Choose what was chosen before; of what was written before provinces were chosen, what it means."""
        if row is not None and not self.is_submitted():
            named = meant(row.destination_vi) or meant(row.destination_en)
            self.province.data = row.province or (named.province.code if named else ABROAD)
        return self

    def propose(self) -> None:
        """Choose the province of today that a former name was written for."""
        named = meant(self.destination_vi.data or "") or meant(self.destination_en.data or "")
        if not self.province.data and named is not None:
            self.province.data = named.province.code

    def values(self) -> Destination:
        return Destination(
            wishes_close_at=self.wishes_close_at.data,
            province=self.province.data if self.province.data in BY_CODE else None,
            abroad=self.province.data == ABROAD,
            destination_vi=self.destination_vi.data or "",
            destination_en=self.destination_en.data or "",
            group_size=self.group_size.data or 1,
            travel=self.travel.data or 0,
        )


class DayForm(Form):
    """The hours of one day; part of the page of the destination."""

    class Meta(Form.Meta):
        csrf = False  # the form around it has the token

    visits = BooleanField(_l("Visits on this day"))
    begins = TimeField(_l("Visits from"), [Optional()], default=time(8))
    ends = TimeField(_l("Visits until"), [Optional()], default=time(17))
    break_from = TimeField(_l("Break from"), [Optional()], default=time(11, 30))
    break_until = TimeField(_l("Break until"), [Optional()], default=time(13))
    on: date

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.visits.data:
            return True
        if self.begins.data is None or self.ends.data is None:
            self.begins.errors = [_l("From when until when?")]
            return False
        hours = {name: self[name].data for name in ("begins", "ends", "break_from", "break_until")}
        fault = rules.fault_of_day(**hours)
        if fault is not None:
            self[fault[0]].errors = [fault[1]]
        return fault is None

    def hours(self) -> Hours:
        return Hours(
            self.on, self.begins.data, self.ends.data, self.break_from.data or None, self.break_until.data or None
        )


def day_forms(event: Event, known: Sequence[DelegationDay] | None) -> list[DayForm]:
    """A form for each day of the event; days are ticked as they are known, or all at first."""
    rows, found = {row.on: row for row in known or ()}, []
    for day in event.days:
        row = rows.get(day)
        form = DayForm(obj=row, prefix=f"d{day:%Y%m%d}-")
        if not form.is_submitted():
            form.visits.data = row is not None or not known
        form.on = day
        found.append(form)
    return found


class HostForm(Form):
    """A host: where and when it receives, how many people at once, and for how long."""

    organisation = RadioField(_l("Organisation"), [InputRequired()], coerce=int)
    address = StringField(_l("Address of the visit"), [Optional(), Length(max=300)])
    opens = TimeField(_l("Receives from"), [InputRequired()], default=time(8))
    closes = TimeField(_l("Receives until"), [InputRequired()], default=time(17))
    seats = IntegerField(_l("People at once"), [InputRequired(), NumberRange(1, 500)], default=20)
    minutes = IntegerField(_l("Length of a visit in minutes"), [InputRequired(), NumberRange(15, 480)], default=60)

    desks = IntegerField(_l("Desks for 1:1 meetings"), [InputRequired(), NumberRange(0, 20)], default=0)
    talk_minutes = IntegerField(_l("Minutes for 1:1 meetings"), [InputRequired(), NumberRange(0, 480)], default=30)
    slot_minutes = IntegerField(_l("Minutes of one meeting"), [InputRequired(), NumberRange(5, 60)], default=15)

    def offer(self, organisations: Iterable[Organisation]) -> HostForm:
        """Let the officer choose among these; the only one is chosen already."""
        self.organisation.choices = [(o.id, pick(o, "name").text) for o in organisations]
        if self.organisation.data is None and len(self.organisation.choices) == 1:
            self.organisation.data = self.organisation.choices[0][0]
        return self

    def values(self) -> Reception:
        return Reception(
            address=self.address.data or "",
            opens=self.opens.data,
            closes=self.closes.data,
            seats=self.seats.data or 1,
            minutes=self.minutes.data or 0,
            desks=self.desks.data or 0,
            talk_minutes=min(self.talk_minutes.data or 0, self.minutes.data or 0),
            slot_minutes=self.slot_minutes.data or 15,
        )


class WayForm(Form):
    """The way between two hosts, where it takes longer or shorter than usual."""

    one = SelectField(_l("Between"), [InputRequired()], coerce=int)
    other = SelectField(_l("And"), [InputRequired()], coerce=int)
    minutes = IntegerField(_l("Minutes"), [InputRequired(), NumberRange(0, 600)])

    def offer(self, hosts: Iterable[VisitHost]) -> WayForm:
        choices = [(host.id, pick(host.organisation, "name").text) for host in hosts]
        self.one.choices = self.other.choices = choices
        if self.other.data is None and len(choices) > 1:
            self.other.data = choices[1][0]
        return self


class PlaceForm(Form):
    """Where a visit goes by hand; also what an undo puts back (without a time: off the draft)."""

    group = IntegerField(validators=[InputRequired(), NumberRange(1, 200)])
    host = IntegerField(validators=[InputRequired(), NumberRange(1, MAX_ID)])
    begins = IntegerField(validators=[Optional(), NumberRange(0, MAX_ID)])
    locked = StringField(default="1")


def as_minutes(moment: datetime) -> int:
    """An instant as a number for a form."""
    return int(moment.timestamp()) // 60


class CancelForm(Form):
    """Why a host does not receive after all."""

    reason = StringField(_l("Reason"), [Optional(), Length(max=500)])


TALKS = [
    (Wish.MUST.value, _l("Must meet")),
    (Wish.YES.value, _l("Would like to meet")),
    (Wish.NO.value, _l("No meeting")),
    (UNSAID, _l("Nothing said")),
]


def read_wishes(sent: Any, letter: str = "h") -> dict[int, Wish | None]:
    """id -> wish, from fields named h12 (t12: of meeting one to one); what is no wish is left out."""
    known = {wish.value: wish for wish in Wish}
    return {
        host: known.get(value)
        for name, value in sent.items()
        if name[:1] == letter and (host := row_key(name[1:])) and (value in known or value == UNSAID)
    }
