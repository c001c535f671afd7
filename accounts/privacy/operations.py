"""What a person changes of his own data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import vietnamese
from accounts.models import User
from core import audit
from core.db import session


def correct(user: User, *, name: str, phone: str | None, by: Any, at: datetime) -> list[str]:
    """Set name and phone; return the columns that changed."""
    user.name, user.phone = vietnamese.clean_line(name), phone
    columns = audit.changed_columns(user)
    if columns:
        session.flush()
        audit.record("account.correct", user, by=by, at=at, columns=columns)
    return columns
