"""Until when a thing to do is put off, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from accounts.models import User
from core.forms import Form
from core.i18n import _, _l

PUT_OFF = {"": 0, "1": 1, "7": 7, "30": 30, "90": 90}  # days


class MarkForm(Form):
    """What an officer says about an entry."""

    key = HiddenField(validators=[InputRequired(), Length(max=120)])
    until = SelectField(
        _l("Put off"),
        [Optional()],
        choices=[
            ("", _l("Not put off")),
            ("1", _l("until tomorrow")),
            ("7", _l("for a week")),
            ("30", _l("for a month")),
            ("90", _l("for three months")),
        ],
    )
    assignee = SelectField(_l("Assigned to"), [Optional()])

    def offer(self, people: Sequence[User]) -> MarkForm:
        """Let it be given to one of these people."""
        self.assignee.choices = [("", _("Nobody's yet")), *((str(user.id), user.name) for user in people)]
        return self

    def put_off_until(self, today: date) -> date | None:
        """The day on which it comes back."""
        days = PUT_OFF.get(self.until.data or "", 0)
        return today + timedelta(days=days) if days else None

    def assignee_id(self) -> int | None:
        """Whose it is."""
        return int(self.assignee.data) if self.assignee.data else None
