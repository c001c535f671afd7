"""Who introduces firms, until when, and what the guide of a year asks of a firm. Pure.

The conditions are stated to everybody and enforced by nobody: an officer decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accounts.rules import is_staff
from companies.introducing.enums import Condition, Ground, IntroductionState, Progress, Verdict

if TYPE_CHECKING:
    from core.access import Actor

BILLION = Decimal(10) ** 9


# --- who may do what ------------------------------------------------------------------------------------------


def introduce(actor: Actor) -> bool:
    """Who has the role and belongs to a department, commune, zone board or association."""
    return actor.has("introducer") and bool(actor.ties.get("introducing_body"))


def change_introduction(actor: Actor, introduction: Any) -> bool:
    """An introduction is corrected and withdrawn by the people of the body that made it."""
    return introduce(actor) and actor.belongs("introducing_body", introduction.body_id)


def decide(actor: Actor) -> bool:
    """Officers accept and decline."""
    return is_staff(actor)


def decide_introduction(actor: Actor, introduction: Any) -> bool:
    """The same, of one introduction."""
    return decide(actor)


# --- until when -----------------------------------------------------------------------------------------------


def usual_closing(year: int) -> date:
    """The last day of introductions unless an officer set another: 31 March of the year of the selection."""
    return date(year, 3, 31)


def current_year(closings: Mapping[int, date], *, on: date) -> int:
    """The year of the selection that firms are introduced for on a day; `closings`: days that officers set."""
    return on.year if on <= closings.get(on.year, usual_closing(on.year)) else on.year + 1


# --- what the guide asks --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edition:
    """The thresholds of a guide, valid from the selection of the year `since` until the next edition."""

    since: int
    revenue_vnd: Mapping[Ground, Decimal]
    export_usd: Mapping[Ground, Decimal]


EDITIONS = (  # add the next guide's line; never change one that firms were introduced under
    Edition(
        2019,
        revenue_vnd={Ground.HIGH_TECH: 10 * BILLION, Ground.OTHER: 100 * BILLION},
        export_usd={Ground.HANDICRAFT: Decimal(1_000_000)},
    ),
)


@dataclass(frozen=True)
class Finding:
    """One condition, whether it is met, what is asked and what was stated."""

    condition: Condition
    verdict: Verdict
    asked: Decimal | None = None
    stated: Decimal | None = None


def edition(year: int, editions: Sequence[Edition] = EDITIONS) -> Edition:
    """The guide that holds in a year: the newest that is not from later; the first for years before it."""
    held = [e for e in editions if e.since <= year]
    return max(held, key=lambda e: e.since) if held else min(editions, key=lambda e: e.since)


def eligibility(
    *,
    year: int,
    ground: Ground | None,
    in_hanoi: bool | None,
    revenue_vnd: Decimal | None,
    export_usd: Decimal | None,
    editions: Sequence[Edition] = EDITIONS,
) -> tuple[Finding, ...]:
    """Each condition of the year's guide for a firm on that ground; without a ground only the place is judged."""
    guide = edition(year, editions)
    place = Verdict.UNKNOWN if in_hanoi is None else Verdict.MET if in_hanoi else Verdict.NOT_MET
    findings = [Finding(Condition.PLACE, place)]
    if ground is not None and ground in guide.revenue_vnd:
        findings.append(_reached(Condition.REVENUE, guide.revenue_vnd[ground], revenue_vnd))
    if ground is not None and ground in guide.export_usd:
        findings.append(_reached(Condition.EXPORT, guide.export_usd[ground], export_usd))
    if ground is Ground.START_UP:
        findings.append(Finding(Condition.IDEA, Verdict.UNKNOWN))  # an idea is for people to judge
    return tuple(findings)


def overall(findings: Sequence[Finding]) -> Verdict:
    """One failed condition fails, one unknown leaves it open."""
    verdicts = {finding.verdict for finding in findings}
    for worst in (Verdict.NOT_MET, Verdict.UNKNOWN):
        if worst in verdicts:
            return worst
    return Verdict.MET


def _reached(condition: Condition, asked: Decimal, stated: Decimal | None) -> Finding:
    if stated is None:
        return Finding(condition, Verdict.UNKNOWN, asked)
    return Finding(condition, Verdict.MET if stated >= asked else Verdict.NOT_MET, asked, stated)


# --- what became of it ----------------------------------------------------------------------------------------


def progress(state: IntroductionState, *, invited: bool, joined: bool, recognised: bool) -> Progress:
    """What the introducing body sees: past acceptance, whether the firm was invited, joined, and was recognised."""
    if state is not IntroductionState.ACCEPTED:
        return Progress(state.value)
    if recognised:
        return Progress.RECOGNISED
    if joined:
        return Progress.REGISTERED
    return Progress.INVITED if invited else Progress.ACCEPTED
