"""The rules of delegations, as pure functions: who may do what, which hours make sense, who travels together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from core.i18n import _l
from events import rules as event_rules
from events.conferences.enums import Wish
from vietnamese.provinces import BY_CODE, Meant, Province, meant

if TYPE_CHECKING:
    from core.access import Actor

NOWHERE = _l("Where does the delegation go?")
NO_PROVINCE = _l("Choose the province or city, or another country.")
MOST_HOSTS = 15  # of one delegation; the search finds full programmes up to there
ENDS_BEFORE_IT_BEGINS = _l("The day has to end after it begins.")
HALF_A_BREAK = _l("A break has a beginning and an end; leave both empty if there is none.")
BREAK_OUTSIDE = _l("The break has to lie within the day, and to end after it begins.")
TALKS_TOO_LONG = _l("The time for 1:1 meetings has to lie within the visit.")
NO_SLOT = _l("Not even one 1:1 meeting fits into that time.")
CLOSES_TOO_SOON = _l("A whole visit has to fit between opening and closing.")


def organise(actor: Actor, event: Any, host: Any = None, plan: Any = None, visit: Any = None) -> bool:
    """Officers set a delegation up."""
    return event_rules.manage_event(actor, event)


PLAN_CODE, PLANNED = "V.3b", (1, 3)  # the task of the yearly plan, and how many delegations it asks for in a year


def speak_for(actor: Actor, event: Any, registration: Any, result: Any = None) -> bool:
    """A member speaks for itself; an officer may for one who phones, and the audit says so."""
    return event_rules.manage_event(actor, event) or event_rules.own_registration(actor, event, registration)


def receive(actor: Actor, event: Any, host: Any, result: Any = None) -> bool:
    """A host speaks for itself; an officer may for one who phones, and the audit says so."""
    return event_rules.manage_event(actor, event) or actor.belongs("organisation", host.organisation_id)


def may_wish(*, closes_at: datetime | None, published: bool, at: datetime) -> bool:
    """Whether members and hosts may still state wishes by themselves; afterwards an officer does it for them."""
    return not published and (closes_at is None or at < closes_at)


@dataclass(frozen=True)
class Somewhere:
    """A destination in words. `province`: its number, None abroad; `fault`: what is wrong with it."""

    province: str | None
    vi: str = ""
    en: str = ""
    fault: Any = None


def destination(*, province: str | None, abroad: bool, vi: str, en: str) -> Somewhere:
    """Where a delegation goes: a province chosen or named, with a place in it or without; or somewhere abroad.

    By a former name the province of today is proposed, not taken: who means it says so.
    """
    if abroad:
        return Somewhere(None, vi, en, None if vi or en else NOWHERE)
    named = meant(vi) or meant(en)
    if province is None and named is None:
        return Somewhere(None, vi, en, NO_PROVINCE if vi or en else NOWHERE)
    if province is None and named is not None and named.former is not None:
        merged = _l(
            "“%(former)s” is part of %(now)s since 1 July 2025. It is chosen now: save again if you mean it.",
            former=named.former,
            now=named.province.vi,
        )
        return Somewhere(named.province.code, vi, en, merged)
    if province is not None and named is not None and named.province.code != province:
        other = {"named": named.province.vi, "chosen": BY_CODE[province].vi}
        return Somewhere(province, vi, en, _l("“%(named)s” is another province than %(chosen)s.", **other))
    there = named.province if named is not None else BY_CODE[province or ""]
    return Somewhere(there.code, _in_words(vi, there, there.vi), _in_words(en, there, there.en))


def _in_words(text: str, province: Province, title: str) -> str:
    """The place with its province: the title alone for its bare name, at the end of what does not name it."""
    named = meant(text)
    if not text or (named == Meant(province) and "," not in text):
        return title
    return text if named == Meant(province) else f"{text}, {title}"


def minutes(of: time) -> int:
    """Minutes since midnight."""
    return of.hour * 60 + of.minute


def fault_of_day(*, begins: time, ends: time, break_from: time | None, break_until: time | None) -> Any:
    """(field, sentence) of what is wrong with the hours of a day; None if they make sense."""
    if ends <= begins:
        return "ends", ENDS_BEFORE_IT_BEGINS
    if break_from is None and break_until is None:
        return None
    if break_from is None or break_until is None:
        return ("break_from" if break_from is None else "break_until"), HALF_A_BREAK
    if not begins <= break_from < break_until <= ends:
        return "break_until", BREAK_OUTSIDE
    return None


def fault_of_host(*, opens: time, closes: time, lasts: int, desks: int = 0, talks: int = 0, slot: int = 15) -> Any:
    """(field, sentence) of what is wrong with the hours of a host; None if a visit fits in, and its 1:1 meetings."""
    if minutes(opens) + lasts > minutes(closes):
        return "closes", CLOSES_TOO_SOON
    if desks and talks > lasts:
        return "talk_minutes", TALKS_TOO_LONG
    if desks and talks < slot:
        return "talk_minutes", NO_SLOT
    return None


def talk_slots(*, begins_at: datetime, ends_at: datetime, talks: int, slot: int) -> list[tuple[datetime, datetime]]:
    """The times of 1:1 meetings in a visit: one after the other, the last ends with the visit."""
    first = ends_at - timedelta(minutes=talks // slot * slot)
    step = timedelta(minutes=slot)
    return [(first + n * step, first + (n + 1) * step) for n in range(talks // slot) if first + n * step >= begins_at]


def talk_worth(member: Wish | None, host: Wish | None, fit: float) -> int:
    """What a 1:1 meeting is worth: both sides' wishes alike, and among equals how well needs and offers fit.

    0: it is not to be held, because one of the two does not want it.
    """
    if Wish.NO in (member, host):
        return 0
    return 100 * (WORTH[member] + WORTH[host]) + round(99 * min(1.0, max(0.0, fit)))


# --- groups ----------------------------------------------------------------------------------------------------

WORTH: Mapping[Wish | None, int] = {Wish.MUST: 12, Wish.YES: 4, None: 1, Wish.NO: 0}  # of a visit, to one member
_LIKING: Mapping[Wish, int] = {Wish.MUST: 2, Wish.YES: 1, Wish.NO: -2}


@dataclass(frozen=True)
class Member:
    """A member of a delegation: how many people it sends, and what it says of hosts."""

    key: int
    people: int
    wishes: Mapping[int, Wish]


def groups(members: Iterable[Member], *, size: int) -> list[list[Member]]:
    """Who travels together: as few groups as hold everybody, alike in what they wish; no member is split.

    The largest members choose first, each the group whose wishes are most like its own, the emptier of two that are
    alike. A member larger than a group travels by itself.
    """
    everybody = list(members)
    found: list[list[Member]] = [[] for _n in range(-(-sum(m.people for m in everybody) // size))]
    _place(found, everybody, size)
    return [sorted(group, key=lambda m: m.key) for group in found if group]


def regrouped(known: Iterable[Iterable[int]], members: Iterable[Member], *, size: int) -> list[list[Member]]:
    """The groups as they are, without those who left, each in its place; who is new joins as above."""
    by_key = {m.key: m for m in members}
    found = [[by_key[key] for key in group if key in by_key] for group in known]
    grouped = {m.key for group in found for m in group}
    _place(found, [m for key, m in by_key.items() if key not in grouped], size)
    return [sorted(group, key=lambda m: m.key) for group in found]


def _place(found: list[list[Member]], members: Iterable[Member], size: int) -> None:
    """Put each member into the group that it fits best, or into a new one."""
    for member in sorted(members, key=lambda m: (-m.people, m.key)):
        fitting = [g for g in found if not g or sum(m.people for m in g) + member.people <= size]
        if not fitting:
            found.append([])
            fitting = found[-1:]
        max(fitting, key=lambda g: (_alike(member, g), -sum(m.people for m in g))).append(member)


def _alike(member: Member, group: Sequence[Member]) -> float:
    """How well a member's wishes go with those of a group, on average; 0 with nobody."""
    together = (
        _LIKING[wish] * _LIKING[other.wishes[host]]
        for other in group
        for host, wish in member.wishes.items()
        if host in other.wishes
    )
    return sum(together) / max(1, len(group))
