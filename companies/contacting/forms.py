"""What somebody says who asks for a contact, and why one is declined."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from companies import identifiers
from companies.forms import checked
from core.forms import Form
from core.i18n import _l


class PurposeForm(Form):
    """Of somebody signed in, whom we know."""

    firm = StringField(_l("Your organisation"), [Optional(), Length(max=200)])
    purpose = TextAreaField(_l("What it is about"), [InputRequired(), Length(min=20, max=3_000)])


class ContactForm(PurposeForm):
    """Of a stranger."""

    name = StringField(_l("Your name"), [InputRequired(), Length(max=120)])
    email = StringField(_l("Your e-mail"), [InputRequired(), Length(max=254), checked(identifiers.email)])


class DeclineForm(Form):
    """Why not."""

    reason = TextAreaField(_l("Reason, which the asker reads"), [InputRequired(), Length(max=1_000)])
