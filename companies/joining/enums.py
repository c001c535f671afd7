"""States of requests to join, with their labels."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class RequestState(StrEnum):
    """`mailed`: the address is still to be confirmed; `waiting`: somebody has to decide."""

    MAILED = "mailed"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


REQUEST_STATE_LABELS = {
    RequestState.MAILED: _l("Address to be confirmed"),
    RequestState.WAITING: _l("Waits for a decision"),
    RequestState.CONFIRMED: _l("Confirmed"),
    RequestState.DECLINED: _l("Declined"),
    RequestState.WITHDRAWN: _l("Taken back"),
}
