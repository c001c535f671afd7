"""Inputs of the questionnaire and of officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from accounts.models import User
from core.forms import DayField, Form, TicksField, VersionedForm
from core.i18n import _, _l
from portal.situation.enums import DIFFICULTY_LABELS, TREND_LABELS, Step

LONGEST_TEXT = 2_000


class TrendForm(Form):
    """More, the same, less."""

    trend = RadioField(
        _l("Your answer"),
        [InputRequired(_l("Choose one of the answers."))],
        choices=[(t.value, label) for t, label in TREND_LABELS.items()],
    )

    def values(self) -> dict[str, Any]:
        return {"trend": self.trend.data}


class DifficultiesForm(Form):
    """What is hard."""

    difficulties = TicksField(
        _l("Difficulties"), [Optional()], choices=[(d.value, label) for d, label in DIFFICULTY_LABELS.items()]
    )
    difficulty_text = TextAreaField(_l("In your own words"), [Optional(), Length(max=LONGEST_TEXT)])

    def values(self) -> dict[str, Any]:
        return {"difficulties": self.difficulties.data or [], "difficulty_text": self.difficulty_text.data or ""}


class RequestForm(Form):
    """What is asked of the Department."""

    request_text = TextAreaField(_l("Your request"), [Optional(), Length(max=LONGEST_TEXT)])

    def values(self) -> dict[str, Any]:
        return {"request_text": self.request_text.data or ""}


FORMS: Mapping[Step, type[Any]] = {
    Step.PRODUCTION: TrendForm,
    Step.ORDERS: TrendForm,
    Step.STAFF: TrendForm,
    Step.DIFFICULTIES: DifficultiesForm,
    Step.REQUEST: RequestForm,
}


class RoundForm(VersionedForm):
    """A round."""

    title_vi = StringField(_l("Title in Vietnamese"), [InputRequired(), Length(max=120)])
    title_en = StringField(_l("Title in English"), [Optional(), Length(max=120)])
    opens_on = DayField(_l("Opens on"), [InputRequired()])
    closes_on = DayField(_l("Closes on"), [InputRequired()])

    def values(self) -> dict[str, Any]:
        found = {name: self[name].data for name in ("title_vi", "title_en", "opens_on", "closes_on")}
        return {**found, "title_en": found["title_en"] or ""}


class AssignForm(VersionedForm):
    """Whose a request is."""

    assignee = SelectField(_l("Assigned to"), [Optional()])

    def offer(self, people: Sequence[User]) -> AssignForm:
        self.assignee.choices = [("", _("Nobody's yet")), *((str(user.id), user.name) for user in people)]
        return self

    def assignee_id(self) -> int | None:
        return int(self.assignee.data) if self.assignee.data else None


class ReplyForm(VersionedForm):
    """What the firm reads."""

    reply = TextAreaField(_l("Reply to the firm"), [Optional(), Length(max=5_000)])


class OutcomeForm(VersionedForm):
    """What was done."""

    outcome = TextAreaField(_l("What was done"), [Optional(), Length(max=5_000)])
