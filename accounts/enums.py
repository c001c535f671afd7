"""Staff roles. Firms and partners have none: what they may do follows from membership in an organisation."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class Role(StrEnum):
    """A role at the Department, its promotion centre, its council, or an introducing body."""

    ADMINISTRATOR = "administrator"
    OFFICER = "officer"
    COUNCIL_SECRETARY = "council_secretary"
    COUNCIL_MEMBER = "council_member"
    INTRODUCER = "introducer"
    DOOR_STAFF = "door_staff"


ROLE_LABELS = {
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.OFFICER: _l("Officer"),
    Role.COUNCIL_SECRETARY: _l("Council secretary"),
    Role.COUNCIL_MEMBER: _l("Council member"),
    Role.INTRODUCER: _l("Introducer"),
    Role.DOOR_STAFF: _l("Door staff"),
}
