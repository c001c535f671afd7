"""Inputs of accounts."""

from __future__ import annotations

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Length

from accounts.enums import ROLE_LABELS, Role
from accounts.rules import PASSWORD_LONGEST, PASSWORD_SHORTEST
from core.forms import Form, TicksField
from core.i18n import _l

CURRENT = (InputRequired(), Length(max=PASSWORD_LONGEST))
NEW_PASSWORD = (InputRequired(), Length(min=PASSWORD_SHORTEST, max=PASSWORD_LONGEST))


class SignInForm(Form):
    """E-mail and password."""

    email = EmailField(_l("E-mail"), [InputRequired(), Length(max=254)], render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"),
        [InputRequired(), Length(max=PASSWORD_LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(Form):
    """A new password, for the one who opened the link of a mail."""

    password = PasswordField(_l("New password"), [*NEW_PASSWORD], render_kw={"autocomplete": "new-password"})
    again = PasswordField(
        _l("New password again"),
        [InputRequired(), EqualTo("password", _l("The two are not the same."))],
        render_kw={"autocomplete": "new-password"},
    )


class PasswordForm(NewPasswordForm):
    """A new password for somebody signed in."""

    current = PasswordField(_l("Current password"), [*CURRENT], render_kw={"autocomplete": "current-password"})


class AddressForm(Form):
    """An address to which a link goes."""

    email = EmailField(
        _l("E-mail"), [InputRequired(), Email(), Length(max=254)], render_kw={"autocomplete": "username"}
    )


class NewAddressForm(Form):
    """Another address for one's account."""

    email = EmailField(
        _l("New e-mail"), [InputRequired(), Email(), Length(max=254)], render_kw={"autocomplete": "email"}
    )
    current = PasswordField(_l("Current password"), [*CURRENT], render_kw={"autocomplete": "current-password"})


class CodeForm(Form):
    """A code of the second factor."""

    code = StringField(_l("Code"), [InputRequired(), Length(max=100)], render_kw={"autocomplete": "one-time-code"})


class CurrentForm(Form):
    """The password once more, before something that matters."""

    current = PasswordField(_l("Current password"), [*CURRENT], render_kw={"autocomplete": "current-password"})


class UserForm(Form):
    """A staff account."""

    name = StringField(_l("Full name"), [InputRequired(), Length(max=120)])
    email = EmailField(_l("E-mail"), [InputRequired(), Email(), Length(max=254)])
    roles = TicksField(_l("Roles"), choices=[(r.value, ROLE_LABELS[r]) for r in Role])


class RolesForm(Form):
    """The roles of an existing account."""

    roles = TicksField(_l("Roles"), choices=[(r.value, ROLE_LABELS[r]) for r in Role])
