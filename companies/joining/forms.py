"""Inputs of joining."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from accounts.forms import NewPasswordForm
from companies import identifiers
from companies.enums import KIND_LABELS, MEMBERSHIP_ROLE_LABELS, Kind, MembershipRole
from companies.models import NAME_LENGTH
from core.errors import Invalid
from core.forms import Form
from core.i18n import LANGUAGES, _, _l

VIETNAM, ABROAD = "vn", "abroad"
_ROLES = [(role.value, MEMBERSHIP_ROLE_LABELS[role]) for role in reversed(MembershipRole)]


class JoinForm(Form):
    """Who asks, and for which organisation: by tax code, or abroad by country and number."""

    place = SelectField(
        _l("Where is it registered?"),
        [InputRequired()],
        choices=[(VIETNAM, _l("In Vietnam")), (ABROAD, _l("In another country"))],
    )
    tax_code = StringField(_l("Tax code"), [Optional(), Length(max=40)], render_kw={"inputmode": "numeric"})
    country = StringField(_l("Country"), [Optional(), Length(max=60)])
    foreign_id = StringField(_l("Number in its register"), [Optional(), Length(max=60)])
    organisation_name = StringField(
        _l("Name of the organisation"),
        [InputRequired(), Length(max=NAME_LENGTH)],
        render_kw={"autocomplete": "organization"},
    )
    kind = SelectField(
        _l("What is it?"), [InputRequired()], choices=[(kind.value, KIND_LABELS[kind]) for kind in Kind]
    )
    position = StringField(
        _l("Your position there"), [Optional(), Length(max=120)], render_kw={"autocomplete": "organization-title"}
    )

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if self.place.data == VIETNAM:
            return self._read(self.tax_code, identifiers.tax_code, _("Type the tax code.")) and bool(good)
        known = self._read(self.country, identifiers.country, _("Type the country."))
        known = self._read(self.foreign_id, identifiers.foreign_id, _("Type the number in the register.")) and known
        if self.country.data == "VN":
            self.country.errors = [_("For an organisation in Vietnam, type its tax code.")]
            known = False
        return known and bool(good)

    def _read(self, field: Any, read: Callable[[str], str], missing: str) -> bool:
        """Bring a number into its stored form; say beside it what is wrong."""
        try:
            if not field.data:
                raise Invalid(missing)
            field.data = read(field.data)
        except Invalid as err:
            field.errors = [str(err.message)]
            return False
        return not field.errors

    def values(self) -> dict[str, Any]:
        """What a request keeps of the organisation and the person's place in it."""
        vietnam = self.place.data == VIETNAM
        return {
            "tax_code": self.tax_code.data if vietnam else None,
            "country": "VN" if vietnam else self.country.data,
            "foreign_id": None if vietnam else self.foreign_id.data,
            "organisation_name": self.organisation_name.data,
            "kind": Kind(self.kind.data),
            "position": self.position.data or "",
        }


class RegisterForm(JoinForm):
    """The same, of somebody without an account."""

    name = StringField(_l("Your full name"), [InputRequired(), Length(max=120)], render_kw={"autocomplete": "name"})
    email = EmailField(
        _l("Your e-mail"), [InputRequired(), Email(), Length(max=254)], render_kw={"autocomplete": "email"}
    )


class InviteForm(Form):
    """Whom to invite, and as what."""

    name = StringField(_l("Full name"), [Optional(), Length(max=120)], render_kw={"autocomplete": "off"})
    email = EmailField(_l("E-mail"), [InputRequired(), Email(), Length(max=254)], render_kw={"autocomplete": "off"})
    role = SelectField(_l("Role"), [InputRequired()], choices=_ROLES)
    language = SelectField(_l("Language of the mail"), [InputRequired()], choices=list(LANGUAGES.items()))


class RoleForm(Form):
    """What somebody is in the organisation."""

    role = SelectField(_l("Role"), [InputRequired()], choices=_ROLES)


class WelcomeForm(NewPasswordForm):
    """An account for the one who was invited."""

    name = StringField(_l("Your full name"), [InputRequired(), Length(max=120)], render_kw={"autocomplete": "name"})


class DeclineForm(Form):
    """Why not."""

    reason = TextAreaField(_l("Reason"), [InputRequired(), Length(max=500)])
