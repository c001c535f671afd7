"""Inputs of the door for somebody who is not registered: the fewest fields."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from companies import identifiers
from companies.enums import KIND_LABELS, NEED_CLASS_LABELS, Kind, NeedClass
from companies.models import NAME_LENGTH
from core.db import MAX_ID
from core.forms import Form, checked
from core.i18n import _, _l
from events.conferences.walk_in.operations import Coming, Stranger


class WalkInForm(Form):
    """Which organisation, known (`organisation`) or new, and who comes for it."""

    organisation = IntegerField(validators=[Optional(), NumberRange(1, MAX_ID)])
    key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])
    name = StringField(_l("Name of the organisation"), [Length(max=NAME_LENGTH)], render_kw={"autocomplete": "off"})
    kind = SelectField(_l("Takes part as"), [InputRequired()])
    person = StringField(
        _l("Who comes, for the badge"), [Optional(), Length(max=120)], render_kw={"autocomplete": "off"}
    )
    tax_code = StringField(
        _l("Tax code"),
        [Optional(), Length(max=40), checked(identifiers.tax_code)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    email = EmailField(_l("E-mail"), [Optional(), Length(max=254), Email()], render_kw={"autocomplete": "off"})
    about = SelectField(
        _l("Subject"), choices=[("", "–"), *((c.value, NEED_CLASS_LABELS[c]) for c in NeedClass)], default=""
    )
    words = TextAreaField(
        _l("What it looks for, or has to give"), [Optional(), Length(max=500)], render_kw={"rows": 2}
    )
    another = BooleanField(_l("It is another organisation of nearly the same name"))
    reason = StringField(_l("Why it is admitted all the same"), [Optional(), Length(max=300)])

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if self.organisation.data is None:
            for field, told in ((self.name, _("Type the name.")), (self.person, _("Type who comes."))):
                if not field.data:
                    field.errors, good = [told], False
        if self.words.data and not self.about.data:
            self.about.errors, good = [_("Choose what the sentence is about.")], False
        return good

    def offer(self, kinds: list[Kind]) -> None:
        """The kinds as which somebody may come."""
        self.kind.choices = [(k.value, KIND_LABELS[k]) for k in kinds]

    def coming(self) -> Coming:
        """Who comes as what."""
        about = NeedClass(self.about.data) if self.about.data else None
        return Coming(Kind(self.kind.data), self.person.data or "", about, self.words.data or "")

    def stranger(self, *, officer: bool) -> Stranger:
        """The new organisation; only an officer says that it is another one."""
        another = officer and bool(self.another.data)
        return Stranger(self.name.data or "", self.tax_code.data or "", self.email.data or "", another)
