"""Where a request for contact stands."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class ContactState(StrEnum):
    """From the wish to the answer. An address that nobody confirmed reaches nobody."""

    UNCONFIRMED = "unconfirmed"
    OPEN = "open"
    FORWARDED = "forwarded"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    REFUSED = "refused"


CONTACT_STATE_LABELS = {
    ContactState.UNCONFIRMED: _l("Address not confirmed"),
    ContactState.OPEN: _l("Waits for the Department"),
    ContactState.FORWARDED: _l("Waits for the firm"),
    ContactState.DECLINED: _l("Declined by the Department"),
    ContactState.ACCEPTED: _l("Contacts exchanged"),
    ContactState.REFUSED: _l("Refused by the firm"),
}
CONTACT_STATE_TONES = {
    ContactState.OPEN: "warning",
    ContactState.FORWARDED: "info",
    ContactState.ACCEPTED: "success",
}
