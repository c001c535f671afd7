"""What members of a delegation are asked by mail."""

from __future__ import annotations

from enum import StrEnum


class Question(StrEnum):
    """A question that is put to a member once."""

    WISHES = "wishes"  # which hosts it wishes to visit, before the wishes close
    VISITS = "visits"  # how the visits were
    AFTER_3 = "after_3"  # what came of them, three months later
    AFTER_6 = "after_6"
