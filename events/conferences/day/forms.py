"""Inputs of the day."""

from __future__ import annotations

from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.db import MAX_ID
from core.forms import Form
from core.i18n import _l
from events.conferences.day.enums import TROUBLE_LABELS, Trouble

ROW = NumberRange(1, MAX_ID)


class TroubleForm(Form):
    """What happened, and to whom."""

    kind = SelectField(_l("What happened"), choices=list(TROUBLE_LABELS.items()), coerce=Trouble)
    participant = IntegerField(_l("Participant"), [Optional(), ROW])
    other = IntegerField(_l("Meeting with"), [Optional(), ROW])
    table = IntegerField(_l("Table"), [Optional(), ROW])
    until = IntegerField(_l("There again from"), [Optional(), ROW])


class ArrivalForm(Form):
    """One tap at the door. `at`: seconds since 1970, when it was kept without a connection."""

    participant = IntegerField(validators=[InputRequired(), ROW])
    key = StringField(validators=[InputRequired(), Length(min=16, max=64)])
    at = IntegerField(validators=[Optional(), NumberRange(0, 2**40)])
    left = StringField(validators=[Length(max=1)])
