"""What is said of a firm that is introduced, and what officers decide."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from companies import identifiers, places
from companies.enums import SECTOR_LABELS
from companies.forms import LONGEST_TEXT, ChoiceField, RowForm, checked
from companies.introducing.enums import GROUND_LABELS
from companies.models import NAME_LENGTH
from core.forms import DayField, Form, MoneyField, NumberField
from core.i18n import _, _l

_YES_NO = {"": None, "yes": True, "no": False}
_AMOUNT = [Optional(), NumberRange(0, 10**15 - 1)]


class IntroductionForm(RowForm):
    """A firm to introduce."""

    tax_code = StringField(_l("Tax code"), [InputRequired(), checked(identifiers.tax_code)])
    name = StringField(_l("Name of the firm"), [InputRequired(), Length(max=NAME_LENGTH)])
    product = StringField(_l("Main product"), [Optional(), Length(max=NAME_LENGTH)])
    sector = ChoiceField(
        _l("Sector"), [Optional()], choices=[("", _l("Not known")), *((k.value, v) for k, v in SECTOR_LABELS.items())]
    )
    ground = ChoiceField(
        _l("Ground"), [Optional()], choices=[("", _l("Not known")), *((k.value, v) for k, v in GROUND_LABELS.items())]
    )
    in_hanoi = ChoiceField(
        _l("Head office or factory in Hanoi"),
        [Optional()],
        choices=[("", _l("Not known")), ("yes", _l("Yes")), ("no", _l("No"))],
    )
    commune = StringField(_l("Commune"), [Optional(), Length(max=80)])
    address = StringField(_l("Address"), [Optional(), Length(max=400)])
    revenue_vnd = MoneyField(_l("Revenue of the last year (VND)"), _AMOUNT)
    export_usd = NumberField(_l("Export of the last year (USD)"), _AMOUNT)
    email = StringField(_l("E-mail of the firm"), [Optional(), Length(max=254), checked(identifiers.email)])
    phone = StringField(_l("Phone of the firm"), [Optional(), Length(max=40), checked(identifiers.phone)])
    note = TextAreaField(_l("Why this firm"), [Optional(), Length(max=LONGEST_TEXT)])

    def validate_commune(self, field: Any) -> None:
        if field.data:
            official = places.commune(field.data)
            if official is None:
                raise ValidationError(_("%(name)s is none of the 126 communes of Hanoi.", name=field.data))
            field.data = official

    @classmethod
    def of(cls, row: Any) -> IntroductionForm:
        """The form of an introduction as it is stored; bound to what was sent, if something was."""
        stored = {column.name: getattr(row, column.name) for column in row.__table__.columns}
        return cls(data={**stored, "in_hanoi": {True: "yes", False: "no"}.get(row.in_hanoi, "")})

    def values(self) -> dict[str, Any]:
        """column -> value, for the fields that were sent."""
        found = super().values()
        if "in_hanoi" in found:
            found["in_hanoi"] = _YES_NO[found["in_hanoi"] or ""]
        return found


class DecisionForm(RowForm):
    """What an officer decides."""


class AcceptForm(DecisionForm):
    """Acceptance needs no words; it may invite the firm."""

    invite = BooleanField(_l("Invite the firm by mail to look after its profile"))
    email = StringField(_l("E-mail of the firm"), [Optional(), Length(max=254), checked(identifiers.email)])

    def validate_invite(self, field: Any) -> None:
        if field.data and not self.email.data:
            raise ValidationError(_("Type the address that the invitation goes to."))


class DeclineForm(DecisionForm):
    """A refusal needs its reason."""

    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=2_000)])


class ClosingForm(Form):
    """The last day of introductions."""

    closes_on = DayField(_l("Last day of introductions"), [InputRequired()])
