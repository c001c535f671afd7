"""Inputs of terms of titles."""

from __future__ import annotations

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from companies.rules import LONGEST_TERM
from core.forms import Form
from core.i18n import _l


class TermForm(Form):
    """From which year on titles hold how long, and which regulation says so."""

    since = IntegerField(_l("Titles of the year"), [InputRequired(), NumberRange(2000, 2200)])
    months = IntegerField(
        _l("Hold for months after the end of the year"), [InputRequired(), NumberRange(1, LONGEST_TERM)]
    )
    source = StringField(_l("Regulation"), [InputRequired(), Length(max=300)])
