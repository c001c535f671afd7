"""States of requests to join, and what is found of an organisation to invite, with their labels."""

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


class Verdict(StrEnum):
    """Whether an organisation of a list is invited, or why not."""

    INVITE = "invite"
    NO_ADDRESS = "no_address"
    INVITED = "invited"
    JOINED = "joined"
    TWICE = "twice"
    UNKNOWN = "unknown"


VERDICT_LABELS = {
    Verdict.INVITE: _l("Is invited"),
    Verdict.NO_ADDRESS: _l("No address to write to"),
    Verdict.INVITED: _l("Invited already, no answer yet"),
    Verdict.JOINED: _l("Somebody acts for it already"),
    Verdict.TWICE: _l("Stands in the list twice"),
    Verdict.UNKNOWN: _l("Not known to the site: import or introduce it first"),
}
