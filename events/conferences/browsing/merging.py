"""What becomes of lists, shortlists and searches when two records turn out to be one organisation."""

from __future__ import annotations

from typing import Any

from companies import moving
from events.conferences.browsing.models import FirmList, FirmMatch, SavedSearch, Star


@moving.on_clash(FirmList.organisation_id)
def _ranked_twice(mover: moving.Mover, row: Any, new: int) -> None:
    """The list of the one that stays counts; it is ranked anew within a day."""
    mover.delete(FirmList.__table__, row.id)


@moving.on_clash(FirmMatch.organisation_id)
@moving.on_clash(FirmMatch.firm_id)
def _listed_twice(mover: moving.Mover, row: Any, new: int) -> None:
    """Both stood on one list, or one on the other's: one line is enough."""
    mover.delete(FirmMatch.__table__, row.id)


@moving.on_clash(Star.organisation_id)
@moving.on_clash(Star.firm_id)
def _marked_twice(mover: moving.Mover, row: Any, new: int) -> None:
    """Both were marked, or both marked the same firm."""
    mover.delete(Star.__table__, row.id)


@moving.on_clash(SavedSearch.organisation_id)
def _named_alike(mover: moving.Mover, row: Any, new: int) -> None:
    """Both have a search of that name: the one that goes says so in its name."""
    mover.set(SavedSearch.__table__, row.id, organisation_id=new, name=f"{row.name[:70]} ({row.id})")
