"""Inputs of consents, one's own data and requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from accounts.privacy import texts
from accounts.privacy.enums import (
    CASE_KIND_LABELS,
    ELSEWHERE,
    PURPOSE_LABELS,
    SHORT_CHANNEL_LABELS,
    STATEMENT_LABELS,
    CaseKind,
    Purpose,
    Statement,
)
from core.forms import DayField, Form, MomentField, TicksField, checked
from core.i18n import LANGUAGES, _, _l
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


class ReceiptForm(Form):
    """What came on paper, by telephone or by e-mail."""

    email = EmailField(_l("E-mail of the person"), [InputRequired(), Email(), Length(max=254)])
    name = StringField(_l("Full name, for a person without an account"), [Optional(), Length(max=120)])
    statement = SelectField(_l("What does the person say?"), [InputRequired()])
    purpose = SelectField(_l("Which consent, in which wording"), [InputRequired()])
    text_language = SelectField(_l("Language of the text"), [InputRequired()], choices=list(LANGUAGES.items()))
    words = TextAreaField(_l("In the person's words"), [Optional(), Length(max=LONGEST)])
    channel = RadioField(
        _l("How it came"), [InputRequired()], choices=[(c.value, SHORT_CHANNEL_LABELS[c]) for c in ELSEWHERE]
    )
    received_on = DayField(_l("Received"), [InputRequired()])
    taken_by = SelectField(_l("Who took it"), [InputRequired()], coerce=int)
    reference = StringField(_l("Number or place of the paper"), [Optional(), Length(max=120)])

    def offer(self, officers: Iterable[tuple[int, str]]) -> ReceiptForm:
        """Let these officers be chosen, every request, and every wording of every consent, the newest first."""
        self.taken_by.choices = list(officers)
        said = [(s.value, STATEMENT_LABELS[s]) for s in (Statement.CONSENT, Statement.WITHDRAWAL)]
        self.statement.choices = said + [(k.value, _("Asks: %(what)s", what=CASE_KIND_LABELS[k])) for k in CaseKind]
        self.purpose.choices = [
            (f"{p.value}:{n}", _("%(purpose)s (version %(number)d)", purpose=PURPOSE_LABELS[p], number=n))
            for p in Purpose
            for n in range(texts.newest(p)[0], 0, -1)
        ]
        return self

    def consent(self) -> tuple[Purpose, int]:
        """The purpose that was chosen, and the version of its text."""
        purpose, _colon, version = self.purpose.data.partition(":")
        return Purpose(purpose), int(version)


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
