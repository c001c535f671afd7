"""Errors with a message for people. The web turns them into pages, jobs into a line of the ledger."""

from __future__ import annotations

from typing import Any

from core.i18n import _l


class UserError(Exception):
    """Something that a person can mend. `message` is in the reader's language; `field` names the input."""

    status = 422

    def __init__(self, message: Any, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class Invalid(UserError):
    """An input cannot be used as it is."""


class Conflict(UserError):
    """The act does not fit the state of the row any more (closed, full, changed by somebody else)."""

    status = 409


class Forbidden(UserError):
    """The person may see the row but may not do this to it."""

    status = 403


class Gone(UserError):
    """A link from a mail that is used, expired, withdrawn or not ours: all the same, there is no such page."""

    status = 404

    def __init__(self) -> None:
        super().__init__(_l("This link is not valid any more, or it was used already. Ask for a new one."))


class Unavailable(UserError):
    """A part that the act needs does not answer now; nothing was written."""

    status = 503
