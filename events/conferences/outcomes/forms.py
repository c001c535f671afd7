"""Forms of reporting: a few taps, and an outcome."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core import files
from core.db import MAX_ID
from core.forms import DayField, Form, NumberField
from core.i18n import _l
from events.conferences.outcomes.enums import CURRENCIES, OUTCOME_LABELS, Label, OutcomeKind
from events.conferences.outcomes.operations import Statement


class ReportForm(Form):
    """One tap on a meeting, or a note: what is not sent stays as it is. An empty answer takes one back."""

    other = IntegerField(validators=[InputRequired(), NumberRange(1, MAX_ID)])
    held = StringField()
    useful = StringField()
    label = StringField()
    note = TextAreaField(_l("Note of your own"), [Length(max=4000)])

    def said(self) -> dict[str, Any]:
        """What was tapped, by the name of the column."""
        found: dict[str, Any] = {}
        for field in (self.held, self.useful):
            if field.raw_data:
                found[field.name] = {"yes": True, "no": False}.get(field.data)
        if self.label.raw_data:
            found["label"] = next((choice for choice in Label if choice.value == self.label.data), None)
        if self.note.raw_data:
            found["note"] = self.note.data or ""
        return found


class OutcomeForm(Form):
    """Something that came of a meeting."""

    other = SelectField(_l("With"), [InputRequired()], coerce=int)
    kind = SelectField(
        _l("What came of it"), [InputRequired()], choices=list(OUTCOME_LABELS.items()), coerce=OutcomeKind
    )
    on = DayField(_l("Day"), [InputRequired()])
    amount = NumberField(_l("Amount"), [Optional(), NumberRange(0, 10**15)])
    currency = SelectField(_l("Currency"), choices=[(c, c) for c in CURRENCIES])
    people = IntegerField(_l("People hired or trained"), [Optional(), NumberRange(0, 100_000)])
    note = TextAreaField(_l("In words"), [Length(max=4000)])
    evidence = FileField(_l("Evidence (PDF, picture or document)"))

    def statement(self) -> Statement:
        """The outcome, of a form that was validated."""
        assert self.on.data is not None
        return Statement(
            kind=self.kind.data,
            on=self.on.data,
            amount=self.amount.data,
            currency=self.currency.data,
            people=self.people.data,
            note=self.note.data or "",
        )

    def proof(self) -> files.Received | None:
        """The file of evidence, if one was chosen. Raise Invalid where it cannot be taken."""
        upload: Any = self.evidence.data
        if not (upload and upload.filename):
            return None
        return files.receive(upload, kind=files.Kind.DOCUMENT, field="evidence")
