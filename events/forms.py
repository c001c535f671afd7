"""Inputs of events and registrations."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from companies.enums import KIND_LABELS
from companies.models import Organisation
from core.forms import Form, MomentField, TicksField
from core.i18n import _l, pick
from events.details import Details, Schedule
from events.enums import EVENT_KIND_LABELS, ORGANISER_LABELS, EventKind, Organiser
from events.rules import MOST_SEATS

PLAN_CODE = Regexp(
    r"[IVX]{1,4}(\.[0-9]{1,2}[a-z]?)?\Z", message=_l("A task of the plan is written like III.2 or V.1a.")
)


class DetailsForm(Form):
    """What an event is."""

    version = HiddenField()
    title_vi = StringField(_l("Title in Vietnamese"), [InputRequired(), Length(max=200)])
    title_en = StringField(_l("Title in English"), [Optional(), Length(max=200)])
    summary_vi = TextAreaField(_l("Description in Vietnamese"), [Optional(), Length(max=10_000)])
    summary_en = TextAreaField(_l("Description in English"), [Optional(), Length(max=10_000)])
    organiser = SelectField(
        _l("Organiser"), [DataRequired()], choices=[(o.value, ORGANISER_LABELS[o]) for o in Organiser]
    )
    plan_code = StringField(_l("Task of the yearly plan"), [Optional(), PLAN_CODE])
    registration_opens_at = MomentField(_l("Registration opens"), [Optional()])
    registration_closes_at = MomentField(_l("Registration closes"), [Optional()])
    capacity = IntegerField(_l("Seats"), [Optional(), NumberRange(1, 100_000)])
    waiting_list = BooleanField(_l("Keep a waiting list when all seats are taken"), default=True)
    open_to = TicksField(_l("Open to"), choices=[(k.value, label) for k, label in KIND_LABELS.items()])

    def validate_registration_closes_at(self, field: Any) -> None:
        opens = self.registration_opens_at.data
        if field.data is not None and opens is not None and field.data <= opens:
            raise ValidationError(_l("Registration has to open before it closes."))

    def details(self) -> Details:
        """The inputs as plain data."""
        return Details(
            title_vi=self.title_vi.data,
            title_en=self.title_en.data or "",
            summary_vi=self.summary_vi.data or "",
            summary_en=self.summary_en.data or "",
            organiser=Organiser(self.organiser.data),
            registration_opens_at=self.registration_opens_at.data,
            registration_closes_at=self.registration_closes_at.data,
            capacity=self.capacity.data,
            waiting_list=self.waiting_list.data,
            open_to=tuple(self.open_to.data or ()),
            plan_code=self.plan_code.data or None,
        )


class ScheduleForm(Form):
    """When and where an event takes place."""

    version = HiddenField()
    begins_at = MomentField(_l("Begins"), [InputRequired()])
    ends_at = MomentField(_l("Ends"), [InputRequired()])
    place_vi = StringField(_l("Place in Vietnamese"), [InputRequired(), Length(max=200)])
    place_en = StringField(_l("Place in English"), [Optional(), Length(max=200)])
    address = StringField(_l("Address"), [Optional(), Length(max=300)])

    def validate_ends_at(self, field: Any) -> None:
        if field.data is not None and self.begins_at.data is not None and field.data <= self.begins_at.data:
            raise ValidationError(_l("The event has to end after it begins."))

    def schedule(self) -> Schedule:
        """The inputs as plain data, once they are valid."""
        assert self.begins_at.data is not None and self.ends_at.data is not None
        return Schedule(
            begins_at=self.begins_at.data,
            ends_at=self.ends_at.data,
            place_vi=self.place_vi.data,
            place_en=self.place_en.data or "",
            address=self.address.data or "",
        )


class EventForm(DetailsForm, ScheduleForm):
    """A draft: everything at once."""


class NewEventForm(EventForm):
    """A new draft; its kind stays what it is."""

    kind = SelectField(
        _l("Kind of event"), [InputRequired()], choices=[(k.value, EVENT_KIND_LABELS[k]) for k in EventKind]
    )


class CancelForm(Form):
    """Why an event does not take place, in both languages: everybody registered is told."""

    reason_vi = TextAreaField(_l("Reason in Vietnamese"), [InputRequired(), Length(max=1000)])
    reason_en = TextAreaField(_l("Reason in English"), [InputRequired(), Length(max=1000)])


class RegisterForm(Form):
    """A registration. `key` is drawn when the form is shown, so that sending it twice registers once."""

    key = HiddenField(validators=[InputRequired(), Regexp(r"[A-Za-z0-9_-]{16,64}\Z")])
    organisation = RadioField(_l("Organisation"), [InputRequired()], coerce=int)
    seats = IntegerField(_l("Number of people"), [InputRequired(), NumberRange(1, MOST_SEATS)], default=1)
    note = TextAreaField(_l("Note to the organiser"), [Optional(), Length(max=1000)])

    def offer(self, organisations: Iterable[Organisation]) -> RegisterForm:
        """Let the reader choose among these; the only one is chosen already. Draws the key of a new form."""
        self.organisation.choices = [(o.id, pick(o, "name").text) for o in organisations]
        if self.organisation.data is None and len(self.organisation.choices) == 1:
            self.organisation.data = self.organisation.choices[0][0]
        self.key.data = self.key.data or secrets.token_urlsafe(16)
        return self
