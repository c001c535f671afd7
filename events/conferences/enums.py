"""States and kinds of a conference, with their labels."""

from __future__ import annotations

from enum import StrEnum

from companies.enums import Kind
from core.i18n import _l


class Side(StrEnum):
    """On which side an organisation takes part. Stated per participation: Canon is a winner and a buyer at once."""

    FIRM = "firm"
    PARTNER = "partner"


SIDE_LABELS = {Side.FIRM: _l("Firm"), Side.PARTNER: _l("Partner")}


class Mode(StrEnum):
    """Where the meetings are held."""

    HALL = "hall"
    ONLINE = "online"


MODE_LABELS = {Mode.HALL: _l("In a hall"), Mode.ONLINE: _l("Online, a link for each table")}

# Kinds that can come to a conference as partners, in the order in which forms offer them.
PARTNER_KINDS = (
    Kind.BANK,
    Kind.CREDIT_FUND,
    Kind.UNIVERSITY,
    Kind.INSTITUTE,
    Kind.VOCATIONAL_SCHOOL,
    Kind.FDI,
    Kind.CORPORATION,
    Kind.TECHNOLOGY_SUPPLIER,
)


class Wish(StrEnum):
    """What a participant says of another. A veto is never shown to the other side."""

    MUST = "must"
    YES = "yes"
    NO = "no"


WISH_LABELS = {Wish.MUST: _l("Must meet"), Wish.YES: _l("Would like to meet"), Wish.NO: _l("Will not meet")}


class Report(StrEnum):
    """What one side says of a meeting afterwards."""

    HELD = "held"
    USEFUL = "useful"
    NOT_USEFUL = "not_useful"
    NOT_HELD = "not_held"


class VersionState(StrEnum):
    """Where a timetable stands. One version at most is published, one at most is being worked on."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


VERSION_STATE_LABELS = {
    VersionState.DRAFT: _l("Draft"),
    VersionState.PUBLISHED: _l("Published"),
    VersionState.SUPERSEDED: _l("Replaced"),
}


class Origin(StrEnum):
    """How a meeting came onto the timetable."""

    SOLVER = "solver"
    HAND = "hand"


class ReminderKind(StrEnum):
    """What somebody is reminded of, in the order of a conference's dates."""

    INVITATION = "invitation"
    LAST_CALL = "last_call"
    PROFILE = "profile"
    WISHES = "wishes"
    CONFIRM = "confirm"


REMINDER_LABELS = {
    ReminderKind.INVITATION: _l("Invitation without an answer"),
    ReminderKind.LAST_CALL: _l("Invitation without an answer, last call"),
    ReminderKind.PROFILE: _l("Profile too empty to match"),
    ReminderKind.WISHES: _l("No wishes yet"),
    ReminderKind.CONFIRM: _l("Meetings not confirmed"),
}
