"""Inputs of consents, one's own data and requests."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import BooleanField, HiddenField, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from accounts.privacy.enums import CASE_KIND_LABELS, CaseKind
from core.forms import Form, MomentField, TicksField, checked
from core.i18n import _l
from core.phones import phone

LONGEST = 4_000
UNTICKED = _l("Tick the box if you agree; otherwise nothing needs doing.")
_WORDS = [InputRequired(), Length(max=LONGEST)]


class ConsentForm(Form):
    """One purpose: the box is never ticked beforehand. `shown`: the version of the text above it."""

    shown = HiddenField(validators=[InputRequired(), Length(max=6)])
    agree = BooleanField(_l("I agree"), [InputRequired(UNTICKED)])


class PersonForm(Form):
    """What a person corrects himself."""

    name = StringField(_l("Full name"), [InputRequired(), Length(max=120)], render_kw={"autocomplete": "name"})
    phone = TelField(_l("Phone"), [Optional(), Length(max=40), checked(phone)], render_kw={"autocomplete": "tel"})


class RequestForm(Form):
    """A request about one's data."""

    kind = SelectField(
        _l("What do you ask for?"), [InputRequired()], choices=[(k.value, CASE_KIND_LABELS[k]) for k in CaseKind]
    )
    words = TextAreaField(_l("In your own words"), [Optional(), Length(max=LONGEST)])


class IncidentForm(Form):
    """A breach: what happened, when it was noticed, where the data lie."""

    title = StringField(_l("Title"), [InputRequired(), Length(max=200)])
    words = TextAreaField(_l("What happened"), _WORDS)
    noticed_at = MomentField(_l("Noticed"), [InputRequired()])
    tables = TicksField(_l("Tables concerned"), [InputRequired()])
    since = MomentField(_l("From"), [Optional()])
    until = MomentField(_l("Until"), [Optional()])

    def offer(self, tables: Mapping[str, str]) -> IncidentForm:
        """Let these tables be chosen."""
        self.tables.choices = list(tables.items())
        return self


class ReportForm(Form):
    """That an incident was reported, and what was done."""

    measures = TextAreaField(_l("What was done"), _WORDS)


class AnswerForm(Form):
    """An officer's answer."""

    answer = TextAreaField(_l("Answer to the person"), _WORDS)
    third_parties = BooleanField(_l("Others are involved in carrying it out (20 days in place of 15)"))


class ExtensionForm(Form):
    """Why it takes longer."""

    reason = TextAreaField(_l("Why it takes longer"), _WORDS)


class CloseForm(Form):
    """What was done, or why it is refused."""

    outcome = TextAreaField(_l("What was done, or why the request is refused"), _WORDS)
