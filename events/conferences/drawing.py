"""The board as it is looked at: some tables at a time, their meetings as plain lines, and what the whole still lacks.

A large conference has hundreds of tables and thousands of meetings. What is not shown is counted and not loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from core import clock
from core.i18n import language, pick
from events.conferences import agenda, demands, history, queries, wording
from events.conferences.enums import Side
from events.conferences.models import Conference, Slot, Table, TimetableVersion

TABLES = 60  # side by side
UNMET = 50  # wishes that became no meeting, before one asks for all


class Cell(NamedTuple):
    """A meeting on the board. `beside`: the partner's name, where the table is not its own."""

    id: int
    firm_id: int
    partner_id: int
    locked: bool
    name: str
    beside: str
    title: str
    met: date | None


@dataclass(frozen=True)
class Board:
    """A row for each slot, a column for each table shown, the meetings in each cell; and everybody's names."""

    days: list[tuple[date, list[Slot]]]
    tables: Sequence[Table]  # all of them
    shown: Sequence[Table]
    part: int  # which of `parts` is shown, from 1
    parts: list[Sequence[Table]]
    cells: Mapping[tuple[int, int], list[Cell]]
    count: int  # meetings on all tables
    by_hand: bool
    names: Mapping[int, str]
    short_names: Mapping[int, str]
    firms: list[Any]
    partners: list[Any]
    without: list[tuple[Any, str]]  # nobody to meet, and why
    short: list[tuple[Any, int, str]]  # some, but so many fewer than the minimum, and why
    unmet: list[tuple[dict[str, Any], str]]
    unmet_count: int

    def at(self, slot: Slot, table: Table) -> Sequence[Cell]:
        return self.cells.get((slot.id, table.id), ())


def draw(conference: Conference, version: TimetableVersion, *, part: int, all_unmet: bool) -> Board:
    """The board with one part of its tables: as many queries for any number of them."""
    people = queries.roll(conference)
    wanted = language()
    names = {p.id: pick(p, "name", wanted).text for p in people}
    pairs = agenda.pairs(version)
    held: dict[int, int] = defaultdict(int)
    for firm, partner, _by_hand in pairs:
        held[firm] += 1
        held[partner] += 1
    tables, parts = _parts(conference)
    part = min(max(1, part), len(parts))
    reasons = wording.shortages(version, names)
    unmet = _unmet(version, pairs)
    short_names = {key: wording.short_name(name) for key, name in names.items()}
    return Board(
        days=_days(conference),
        tables=tables,
        shown=parts[part - 1],
        part=part,
        parts=parts,
        cells=_cells(conference, version, parts[part - 1], people, names, short_names),
        count=len(pairs),
        by_hand=any(by_hand for _firm, _partner, by_hand in pairs) or len(pairs) != version.quality.get("meetings"),
        names=names,
        short_names=short_names,
        firms=[p for p in people if p.side is Side.FIRM],
        partners=[p for p in people if p.side is Side.PARTNER],
        without=[(p, reasons.get(p.id, "")) for p in people if not held.get(p.id)],
        short=[(p, missing, reasons.get(p.id, "")) for p, missing in _short(conference, people, held)],
        unmet=[(line, wording.unmet(line, names)) for line in (unmet if all_unmet else unmet[:UNMET])],
        unmet_count=len(unmet),
    )


def part_of(conference: Conference, table_id: int) -> int:
    """The part of the board in which a table stands."""
    _tables, parts = _parts(conference)
    return next((n for n, part in enumerate(parts, 1) if any(t.id == table_id for t in part)), 1)


def _parts(conference: Conference) -> tuple[list[Table], list[Sequence[Table]]]:
    """Partners' own tables first: most meetings are there, and free ones need not be scrolled past."""
    tables = sorted(conference.tables, key=lambda t: (t.owner_id is None, t.position, t.id))
    number = -(-len(tables) // TABLES) or 1
    size = -(-len(tables) // number)
    return tables, [tables[n * size : (n + 1) * size] for n in range(number)]


def _days(conference: Conference) -> list[tuple[date, list[Slot]]]:
    days: dict[date, list[Slot]] = defaultdict(list)
    for slot in conference.slots:
        days[slot.day].append(slot)
    return list(days.items())


def _cells(
    conference: Conference,
    version: TimetableVersion,
    tables: Sequence[Table],
    people: Sequence[Any],
    names: Mapping[int, str],
    short_names: Mapping[int, str],
) -> dict[tuple[int, int], list[Cell]]:
    rows = agenda.placed(version, [t.id for t in tables])
    owners, organisations = {t.id: t.owner_id for t in tables}, {p.id: p.organisation_id for p in people}
    partners = {organisations.get(m.partner_id, 0) for m in rows}
    before = history.met_before(conference, at=clock.now(), of=partners) if partners else {}
    cells: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    for key, firm, partner, slot, table, locked, fit in rows:
        beside = short_names.get(partner, "?") if owners[table] != partner else ""
        title = f"{names.get(firm, '?')} – {names.get(partner, '?')}, {fit:.0%}"
        met = before.get((organisations.get(firm, 0), organisations.get(partner, 0)))
        cell = Cell(key, firm, partner, locked, short_names.get(firm, "?"), beside, title, met)
        cells[slot, table].append(cell)
    return cells


def _unmet(version: TimetableVersion, pairs: Sequence[Any]) -> list[dict[str, Any]]:
    """Wishes that were left open when the timetable was made, or were taken off by hand, and still are: each once."""
    held = {(firm, partner) for firm, partner, _by_hand in pairs}
    lines = {(line["firm"], line["partner"]): line for line in version.unmet}
    return [line for pair, line in lines.items() if pair not in held]


def _short(conference: Conference, people: Sequence[Any], held: Mapping[int, int]) -> list[tuple[Any, int]]:
    """Who has fewer meetings than his minimum but some, and how many are missing."""
    found = []
    for p in people:
        number = held.get(p.id, 0)
        if number and demands.limits(conference, p)[0] > number:
            missing = demands.reachable_minimum(conference, p) - number
            if missing > 0:
                found.append((p, missing))
    return found
