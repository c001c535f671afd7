"""Reads of figures and contacts by others than the organisation's own people leave a line: who, when, which columns.

Called by pages before they show something; each opens a short write block of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from companies.enums import GrantScope
from companies.models import Organisation
from companies.rules import FIELD_TIERS, Sight, Tier
from core import audit
from core.db import write

GUARDED = tuple(name for name, needed in FIELD_TIERS.items() if isinstance(needed, GrantScope))


def guarded(organisation: Organisation, seen: Sight) -> list[str]:
    """The guarded columns that hold something and that this reader sees without belonging to the organisation."""
    if seen.tier == Tier.INSIDE:
        return []
    return [name for name in GUARDED if seen.shows(name) and getattr(organisation, name) is not None]


def note(
    organisation: Organisation,
    seen: Sight,
    *,
    by: Any,
    at: datetime,
    only: Iterable[str] | None = None,
    people: Sequence[User] = (),
) -> None:
    """Record that a page showed guarded columns (or those of them that are in `only`), or phones of `people`."""
    columns = [name for name in guarded(organisation, seen) if only is None or name in only]
    if people and seen.tier != Tier.INSIDE:
        columns.append("user.phone")
    if columns:
        act = "organisation.granted_read" if seen.tier == Tier.MATCHED else "organisation.read"
        with write():
            audit.record(act, organisation, by=by, at=at, columns=columns)


def note_export(taken: Mapping[int, Iterable[str]], *, by: Any, at: datetime) -> None:
    """Record, in the caller's write block, that a file took guarded columns along: of which organisations."""
    if taken:
        columns = sorted({name for names in taken.values() for name in names})
        audit.record(
            "organisation.export", "organisation:*", by=by, at=at, columns=columns, organisations=sorted(taken)
        )
