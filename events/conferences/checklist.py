"""What a conference still lacks before each of its dates: the organiser's list, computed from the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core import clock
from core.i18n import _, ngettext
from events.conferences import demands, queries, rules
from events.conferences.enums import Mode, Side
from events.conferences.models import Conference
from events.conferences.plan_lines import PLAN_LINES


@dataclass(frozen=True)
class Item:
    """Something to have. `wrong`: it is in the way already, not merely missing. `due`: by when it is needed."""

    done: bool
    text: str
    endpoint: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    due: date | None = None
    wrong: bool = False


def items(conference: Conference) -> list[Item]:
    """The list in the order in which things are needed; constant queries."""
    people = queries.roll(conference)
    return [*_frame(conference), *_people(conference, people), *_hall(conference, people)]


def _frame(c: Conference) -> Iterator[Item]:
    event, here = c.event, {"conference_id": c.id}
    titled = bool(event.title_vi and event.title_en)
    yield Item(titled, _("Title in both languages"), "events_office.edit", {"event_id": event.id})
    written = bool(c.criteria_vi.strip())
    yield Item(
        written, _("Written criteria for choosing participants"), "conferences.edit", here, _day(c.wishes_open_at)
    )
    if c.mode is Mode.HALL:
        yield Item(bool(event.place_vi or event.place_en), _("Place"), "events.show", {"event_id": event.id})
    dated = all((c.wishes_open_at, c.wishes_close_at, c.timetable_due_at, c.confirm_until))
    yield Item(dated, _("Dates: wishes open and close, timetable out, confirmed until"), "conferences.edit", here)
    yield Item(bool(event.plan_code), _("Task of the yearly plan"), "events_office.edit", {"event_id": event.id})


def _people(c: Conference, people: Sequence[Any]) -> Iterator[Item]:
    here = {"conference_id": c.id}
    line = PLAN_LINES.get(c.event.plan_code or "")
    for side, wanted in ((Side.FIRM, line and line.firms), (Side.PARTNER, line and line.partners)):
        number = sum(p.side is side for p in people)
        if side is Side.FIRM:
            text = ngettext("%(num)d firm takes part", "%(num)d firms take part", number)
        else:
            text = ngettext("%(num)d partner takes part", "%(num)d partners take part", number)
        if wanted:
            text += " · " + _("the plan wants %(low)d to %(high)d", low=wanted[0], high=wanted[1])
        enough = number >= (wanted[0] if wanted else 1)
        yield Item(enough, text, "participants.index", {**here, "side": side.value}, _day(c.wishes_open_at))
    if not people:  # nothing can be said of nobody
        return
    empty = len(queries.too_empty(c, on=clock.today()))
    text = (
        ngettext(
            "%(num)d participant has no need or offer and cannot be matched",
            "%(num)d participants have no need or offer and cannot be matched",
            empty,
        )
        if empty
        else _("Everybody's profile has needs or offers to match")
    )
    yield Item(not empty, text, "choosing.profiles", here, _day(c.wishes_open_at), wrong=bool(empty))


def _hall(c: Conference, people: Sequence[Any]) -> Iterator[Item]:
    here = {"conference_id": c.id}
    owners = {t.owner_id for t in c.tables}
    guests = [p for p in people if p.side is Side.PARTNER and p.id not in owners]
    free = sum(t.seats for t in c.tables if t.owner_id is None)
    needed = rules.tables_needed(meetings=sum(demands.limits(c, p)[0] for p in guests), slots=len(c.slots))
    text = _("Tables: %(own)d of partners, %(free)d free", own=len(owners - {None}), free=free)
    if needed > free:
        text += " · " + _("%(needed)d free ones are wanted, with a reserve", needed=needed)
    yield Item(
        bool(c.tables) and free >= needed, text, "hall.show", here, _day(c.wishes_close_at), wrong=not c.tables
    )
    if c.mode is Mode.HALL:
        yield Item(bool(c.rooms), _("A room with its plan"), "hall.show", here, _day(c.timetable_due_at))
    if c.mode is Mode.ONLINE:
        bare = sum(not t.link for t in c.tables)
        text = (
            ngettext("%(num)d table has no link", "%(num)d tables have no link", bare)
            if bare
            else _("A link for each table")
        )
        yield Item(not bare, text, "hall.show", here, _day(c.timetable_due_at), wrong=bool(bare))
    if not people:
        return
    mute = _without_a_language(c)
    text = (
        ngettext(
            "%(num)d partner shares no language with most firms and has no interpreter",
            "%(num)d partners share no language with most firms and have no interpreter",
            mute,
        )
        if mute
        else _("Languages: everybody is understood")
    )
    yield Item(not mute, text, "hall.show", here, _day(c.wishes_close_at), wrong=bool(mute))


def _without_a_language(c: Conference) -> int:
    """Partners that share no language with most of the firms, and for whom no interpreter is there."""
    offered = {i.language for i in c.interpreters}
    said = [(row.side, frozenset(demands.languages_of(row))) for row in queries.spoken(c)]
    firms = Counter(spoken for side, spoken in said if side is Side.FIRM)
    partners = Counter(spoken for side, spoken in said if side is Side.PARTNER)
    return sum(
        number
        for mine, number in partners.items()
        if mine
        and not offered & mine
        and sum(n for theirs, n in firms.items() if mine.isdisjoint(theirs)) * 2 > firms.total()
    )


def _day(at: datetime | None) -> date | None:
    return clock.local(at).date() if at is not None else None
