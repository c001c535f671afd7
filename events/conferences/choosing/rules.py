"""The criteria as pure functions: marks in 0..1, points out of 100. They order candidates and exclude nobody."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from events.conferences.choosing.enums import Criterion

WEIGHTS: Mapping[Criterion, int] = {  # unless the organiser states others, 0 (does not count) to 5
    Criterion.RECOGNISED: 5,
    Criterion.SECTOR: 2,
    Criterion.NO_SUPPORT: 4,
    Criterion.COMPLETE: 2,
    Criterion.POTENTIAL: 3,
}
BEST_PARTNERS = 3  # a firm's potential is the mean fit of its best few partners
INVITATION = "conference.invitation"  # the purpose of the links in invitations


def marks(
    *,
    recognised: bool,
    sector: str | None,
    sectors: Collection[str],
    supported: bool,
    complete: float,
    fits: Sequence[float],
) -> dict[Criterion, float]:
    """A firm's mark for each criterion.

    Any sector is right where the conference names none. `fits`: its fit with each partner; without partners the
    potential is not known and counts as the middle.
    """
    best = sorted(fits, reverse=True)[:BEST_PARTNERS]
    return {
        Criterion.RECOGNISED: float(recognised),
        Criterion.SECTOR: float(not sectors or sector in sectors),
        Criterion.NO_SUPPORT: float(not supported),
        Criterion.COMPLETE: complete,
        Criterion.POTENTIAL: sum(best) / len(best) if best else 0.5,
    }


def points(marks: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted mean of the marks out of 100; 0 where nothing counts."""
    total = sum(weights.get(name, 0) for name in marks)
    return round(100 * sum(weights.get(name, 0) * mark for name, mark in marks.items()) / total, 2) if total else 0.0


def still_wanted(wanted: tuple[int, int] | None, chosen: int) -> int:
    """How many more to choose until there are as many as the plan wants at most; 0 where it says nothing."""
    return max(0, wanted[1] - chosen) if wanted else 0
