"""The form of a token."""

from __future__ import annotations

from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, Length, NumberRange

from api.enums import SCOPE_LABELS
from api.rules import LONGEST_DAYS
from core.forms import Form, TicksField
from core.i18n import _l


class TokenForm(Form):
    """A new token for another system."""

    name = StringField(
        _l("System"), [DataRequired(), Length(max=120)], description=_l("Which agency's system it is for.")
    )
    scopes = TicksField(
        _l("Rights"),
        [DataRequired(_l("Choose at least one right."))],
        choices=[(s.value, t) for s, t in SCOPE_LABELS.items()],
    )
    days = IntegerField(_l("Valid for days"), [DataRequired(), NumberRange(1, LONGEST_DAYS)], default=365)
