"""What becomes of registrations when two records turn out to be one organisation."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from companies import moving
from events.enums import LIVE, RegistrationState
from events.models import Registration

_BEST = (RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.INVITED)


@moving.on_clash(Registration.organisation_id)
def _both_registered(mover: moving.Mover, row: Any, new: int) -> None:
    """Both are registered for one event: the better registration stays, with the seats of both if both hold seats."""
    table = Registration.__table__
    other = _live(row.event_id, new)
    stays, ends = (other, row) if _BEST.index(other.state) <= _BEST.index(row.state) else (row, other)
    mover.set(table, ends.id, state=RegistrationState.CANCELLED, cancelled_at=mover.at)
    if row.state == other.state == RegistrationState.CONFIRMED:
        mover.set(table, stays.id, seats=stays.seats + ends.seats)
    mover.set(table, row.id, organisation_id=new)


def _live(event_id: int, organisation_id: int) -> Any:
    """The registration of an organisation for an event that counts."""
    table = Registration.__table__
    return moving.rows(
        select(table).where(
            table.c.event_id == event_id, table.c.organisation_id == organisation_id, table.c.state.in_(LIVE)
        )
    )[0]
