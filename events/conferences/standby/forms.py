"""Inputs of the standby list."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from core.db import MAX_ID
from core.forms import Form

ROW = [InputRequired(), NumberRange(1, MAX_ID)]


class AssignForm(Form):
    """Whose time is given to whom."""

    meeting = IntegerField(validators=ROW)
    firm = IntegerField(validators=ROW)
    partner = IntegerField(validators=ROW)
