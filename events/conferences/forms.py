"""Inputs of conferences."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.db import MAX_ID
from core.forms import Form
from core.i18n import _l
from events.conferences.enums import Origin
from events.conferences.exploration import MOST_PERCENT
from events.conferences.lift import MOST_POINTS

ROW = NumberRange(1, MAX_ID)
TIME_ZONES = (  # of people who may sit in front of a screen elsewhere
    "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai", "Asia/Taipei", "Asia/Singapore", "Asia/Bangkok", "Asia/Kolkata",
    "Asia/Dubai", "Europe/Moscow", "Europe/Berlin", "Europe/Paris", "Europe/London", "Europe/Rome",
    "Europe/Amsterdam", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "Australia/Sydney",
)  # fmt: skip


def count_field(label: Any, low: int, high: int, default: int) -> IntegerField:
    """A number that has to be stated."""
    return IntegerField(
        label, [InputRequired(), NumberRange(low, high)], default=default, render_kw={"inputmode": "numeric"}
    )


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

    points = count_field(_l("Points"), 0, MOST_POINTS, 0)


class ExplorationForm(Form):
    """The share of places that are filled from further down."""

    percent = count_field(_l("Share of places"), 0, MOST_PERCENT, 0)


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
