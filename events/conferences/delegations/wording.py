"""Why a wish became no visit, and which rule a visit breaks, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core import dates
from core.i18n import _
from events.conferences.delegations.encoding import Encoded
from matching.timetable.constraints import Violation
from matching.timetable.visits import Visit, violations

TOO_LARGE, CLOSED, ROOM = "too_large", "closed", "room"


def hindrance(encoded: Encoded, visits: Sequence[Visit], group: int, host: int) -> dict[str, Any]:
    """Which rules keep a group from a host, by the engine's own statement of them: those of the least bad time."""
    day = encoded.day
    if day.groups[group].members > day.hosts[host].seats:
        return {"rules": [TOO_LARGE], "have": day.groups[group].members, "limit": day.hosts[host].seats}
    starts = day.starts(group, host)
    if not starts:
        return {"rules": [CLOSED]}
    least = min((violations(day, [*visits, Visit(group, host, start)]) for start in starts), key=len)
    return {"rules": sorted({violation.rule for violation in least}) or [ROOM]}


def reason(unmet: Mapping[str, Any]) -> str:
    """What `hindrance` found, as a sentence or two."""
    return " ".join(_sentence(rule, unmet) for rule in unmet["rules"])


def _sentence(rule: str, about: Mapping[str, Any]) -> str:
    if rule == TOO_LARGE:
        return _(
            "The group of %(have)d people is larger than the %(limit)d that the host receives at once.",
            have=about["have"],
            limit=about["limit"],
        )
    sentences = {
        CLOSED: _("No visit of this length fits into the hours of the host on the days of the delegation."),
        ROOM: _("The search ended before this was decided: plan again, or take fewer hosts."),
        "away": _("The host is closed then or has cancelled, it is in the break, or the group is too large."),
        "twice": _("The group visits this host already."),
        "past": _("This time has passed."),
        "fixed": _("The visit has begun and stays where it is."),
        "travel": _("Beside the other visits of the group no time is left to get there."),
        "seats": _("The host receives other groups whenever this group could come."),
    }
    return sentences.get(rule) or _("A rule of the programme stands against it.")


def broken(encoded: Encoded, names: Mapping[int, str], found: Sequence[Violation]) -> str:
    """Rules that the visits of a programme break, each with its host and time."""
    lines = []
    for violation in found:
        host = names[encoded.hosts[violation.participants[-1]]]
        when = "" if violation.slot is None else f", {dates.day_and_hour(encoded.moment(violation.slot))}"
        lines.append(f"{host}{when}: {rule(violation)}")
    return " ".join(lines)


def rule(violation: Violation) -> str:
    """The rule that is broken, as a sentence."""
    return _sentence(violation.rule, {})


def talk_reason(unmet: Mapping[str, Any], *, to_officer: bool = False) -> str:
    """Why a 1:1 meeting that was wished is not held. That one side does not want it, only officers read."""
    if unmet["why"] == "no_visit":
        return _("The member does not visit this host.")
    if to_officer and unmet["why"] == "declined":
        return _("One of the two does not want this meeting.")
    return _("It could not be arranged within the time for meetings of the visit.")
