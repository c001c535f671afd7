"""States and grounds of an introduction, with their labels."""

from __future__ import annotations

from enum import StrEnum

from companies.enums import Kind
from core.i18n import _l

BODY_KINDS = frozenset({Kind.AGENCY, Kind.ASSOCIATION, Kind.ZONE_BOARD})  # departments and communes are agencies


class IntroductionState(StrEnum):
    """What was decided about an introduction."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Progress(StrEnum):
    """What became of an introduction, as the introducing body sees it."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    INVITED = "invited"
    REGISTERED = "registered"
    RECOGNISED = "recognised"


STATE_LABELS = {
    IntroductionState.RECEIVED: _l("Received"),
    IntroductionState.ACCEPTED: _l("Accepted"),
    IntroductionState.DECLINED: _l("Declined"),
    IntroductionState.WITHDRAWN: _l("Withdrawn"),
}
PROGRESS_LABELS = {
    **{Progress(state.value): label for state, label in STATE_LABELS.items()},
    Progress.INVITED: _l("Accepted and invited"),
    Progress.REGISTERED: _l("Joined the site"),
    Progress.RECOGNISED: _l("Recognised"),
}
PROGRESS_TONES = {
    Progress.RECEIVED: "info",
    Progress.ACCEPTED: "success",
    Progress.DECLINED: "warning",
    Progress.WITHDRAWN: "neutral",
    Progress.INVITED: "success",
    Progress.REGISTERED: "success",
    Progress.RECOGNISED: "accent",
}


class Ground(StrEnum):
    """On which ground a product may enter the selection."""

    HIGH_TECH = "high_tech"
    OTHER = "other"
    HANDICRAFT = "handicraft"
    START_UP = "start_up"


GROUND_LABELS = {
    Ground.HIGH_TECH: _l("Product on the high-tech list"),
    Ground.OTHER: _l("Other industrial product"),
    Ground.HANDICRAFT: _l("Handicraft for export"),
    Ground.START_UP: _l("Start-up product"),
}


class Condition(StrEnum):
    """What the guide asks of a firm."""

    PLACE = "place"
    REVENUE = "revenue"
    EXPORT = "export"
    IDEA = "idea"


CONDITION_LABELS = {
    Condition.PLACE: _l("Head office or factory in Hanoi"),
    Condition.REVENUE: _l("Revenue of a year"),
    Condition.EXPORT: _l("Export of a year"),
    Condition.IDEA: _l("Idea of the product"),
}


class Verdict(StrEnum):
    """Whether a condition is met, as far as the figures tell."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


VERDICT_LABELS = {
    Verdict.MET: _l("Met"),
    Verdict.NOT_MET: _l("Not met"),
    Verdict.UNKNOWN: _l("Not known"),
}
VERDICT_TONES = {Verdict.MET: "success", Verdict.NOT_MET: "danger", Verdict.UNKNOWN: "warning"}
