"""Inputs of the hall now."""

from __future__ import annotations

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from core.db import MAX_ID
from core.forms import Form

HELD = {"yes": True, "no": False, "": None}


class HeldForm(Form):
    """One tap at a table: held, not held, or not known after all."""

    firm = IntegerField(validators=[InputRequired(), NumberRange(1, MAX_ID)])
    partner = IntegerField(validators=[InputRequired(), NumberRange(1, MAX_ID)])
    held = SelectField(choices=[(key, key) for key in HELD])
