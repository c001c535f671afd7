"""Criteria by which candidates are ranked, and where a candidate stands, with labels."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class Criterion(StrEnum):
    """What may speak for choosing a firm. The plan asks for explicit criteria for each activity."""

    RECOGNISED = "recognised"
    SECTOR = "sector"
    NO_SUPPORT = "no_support"
    COMPLETE = "complete"
    POTENTIAL = "potential"


CRITERION_LABELS = {
    Criterion.RECOGNISED: _l("Recognised product, title still valid"),
    Criterion.SECTOR: _l("Sector of the conference"),
    Criterion.NO_SUPPORT: _l("No support of the programme yet this year"),
    Criterion.COMPLETE: _l("Complete profile"),
    Criterion.POTENTIAL: _l("Needs that fit the partners"),
}


class CandidateState(StrEnum):
    """Where a candidate stands. People decide; the ranking only orders."""

    PROPOSED = "proposed"
    CHOSEN = "chosen"
    DECLINED = "declined"


CANDIDATE_STATE_LABELS = {
    CandidateState.PROPOSED: _l("Not decided"),
    CandidateState.CHOSEN: _l("Chosen"),
    CandidateState.DECLINED: _l("Not chosen"),
}
