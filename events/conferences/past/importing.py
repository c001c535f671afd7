"""A list of past meetings: the template, and files -> meetings of known organisations with the faults of cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import vietnamese
from companies import cells, one_sheet
from companies.columns import Column
from companies.importing import Fault
from companies.models import NAME_LENGTH
from companies.one_sheet import Layout, Line
from core.errors import Invalid
from core.i18n import _, _l
from events.conferences.outcomes.enums import LABELS, Label
from events.conferences.past import queries, rules

_HINT = _l("Tax code, foreign number or exact name of the organisation.")
COLUMNS = (
    Column("firm", _l("Firm"), cells.line(NAME_LENGTH), _HINT),
    Column("partner", _l("Partner"), cells.line(NAME_LENGTH), _HINT),
    Column("day", _l("Day"), cells.day, _l("For example 15/10/2024.")),
    Column("title", _l("Conference"), cells.line(200), _l("What the conference was called.")),
    Column("outcome", _l("Outcome"), cells.code(LABELS), _l("Where the contact stood afterwards; may be left out.")),
)
LAYOUT = Layout(_l("Past meetings"), COLUMNS, needed=("firm", "partner", "day", "title"), most=rules.MOST_ROWS)


@dataclass(frozen=True)
class Met:
    """A meeting of a list, of organisations that are known."""

    firm_id: int
    partner_id: int
    on: date
    title: str
    label: Label | None = None


@dataclass
class MeetingList:
    """The meetings of a file, and what is wrong with it. It can be taken over when there is no fault."""

    meetings: list[Met] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Names:
    """Organisations by what stands in a cell: a code, or a name without regard to marks and capitals."""

    def __init__(self) -> None:
        self._by_code: dict[str, int] = {}
        self._by_name: dict[str, set[int]] = defaultdict(set)
        for key, tax_code, foreign_id, *names in queries.organisations():
            self._by_code |= {code: key for code in (tax_code, foreign_id) if code}
            for name in filter(None, names):
                self._by_name[vietnamese.search_key(name)].add(key)

    def find(self, text: str) -> int:
        """The organisation that is meant. Raise Invalid where none or several are."""
        try:
            code = cells.tax_code(text)
        except Invalid:
            code = text.strip()
        if code in self._by_code:
            return self._by_code[code]
        found = self._by_name.get(vietnamese.search_key(text), set())
        if len(found) > 1:
            raise Invalid(_("Several organisations are called %(text)s. Write the tax code.", text=text[:80]))
        if not found:
            raise Invalid(_("No organisation of the directory is called %(text)s or has this code.", text=text[:80]))
        return next(iter(found))


def template() -> bytes:
    """The file that an officer fills in."""
    return one_sheet.template(LAYOUT, [LABELS])


def read(data: bytes, *, today: date) -> MeetingList:
    """The meetings of .xlsx or .csv content. Raise Invalid when nothing in it can be read as the list at all."""
    lines, faults = one_sheet.read(data, LAYOUT)
    found, names, first = MeetingList(faults=faults), Names(), dict[tuple[int, int, date], int]()
    for line in lines:
        met = _meeting(line, names, today, faults)
        if met is None:
            continue
        key = met.firm_id, met.partner_id, met.on
        if key in first:
            faults.append(line.fault("firm", _("This meeting stands in row %(row)d already.", row=first[key])))
        first.setdefault(key, line.number)
        found.meetings.append(met)
    return found


def _meeting(line: Line, names: Names, today: date, faults: list[Fault]) -> Met | None:
    """The meeting of a row, or None where a cell that it needs cannot be read."""
    values, ids = line.values, dict[str, int]()
    for side in ("firm", "partner"):
        if side in values:
            try:
                ids[side] = names.find(values[side])
            except Invalid as err:
                faults.append(line.fault(side, err.message))
    if len(ids) == 2 and ids["firm"] == ids["partner"]:
        faults.append(line.fault("partner", _("An organisation does not meet itself.")))
    if (day := values.get("day")) is not None and day >= today:
        faults.append(line.fault("day", _("A past meeting was before today.")))
    if len(ids) < 2 or day is None or "title" not in values:
        return None
    return Met(ids["firm"], ids["partner"], day, values["title"], values.get("outcome"))


def shown(meetings: Sequence[Met], names: Mapping[int, Any], most: int) -> list[tuple[Any, Any, Met]]:
    """The first meetings with their organisations, for the preview."""
    return [(names.get(m.firm_id), names.get(m.partner_id), m) for m in meetings[:most]]
