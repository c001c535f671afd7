"""A list of past meetings: the template, and files -> meetings of known organisations with the faults of cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import vietnamese
from companies import cells, fault_report, one_sheet
from companies.columns import Column
from companies.importing import Fault, kept, sheets_of
from companies.models import NAME_LENGTH
from companies.one_sheet import Layout, Line
from core import files
from core.db import session
from core.documents.tables import Sheet
from core.errors import Invalid
from core.i18n import _, _l
from core.tasks import Tell, nobody
from events.conferences.outcomes.enums import LABELS, Label
from events.conferences.past import queries, rules

SHOWN, SHOWN_FAULTS = 100, 200
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
    return read_sheets(sheets_of(data), today=today)


def read_sheets(sheets: Sequence[Sheet], *, today: date) -> MeetingList:
    """The same of sheets that were read."""
    lines, faults = one_sheet.read_sheets(sheets, LAYOUT)
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


@dataclass(frozen=True)
class Looked:
    """What was found in a file, for its page, and the file with the faults beside their cells."""

    preview: dict[str, Any]
    reports: Mapping[str, files.Received]


def look(data: bytes, name: str, *, today: date, tell: Tell = nobody) -> Looked:
    """Read a list without storing any meeting. Raise Invalid when it is no such list."""
    tell(0, 3, _l("Reading the file"))
    sheets = sheets_of(data)
    tell(1, 3, _l("Reading the rows"))
    found = read_sheets(sheets, today=today)
    session.rollback()  # what follows takes its time and reads nothing more
    tell(2, 3, _l("Writing down what was found"))
    preview = {
        "meetings": len(found.meetings),
        "shown": [_plain(met) for met in found.meetings[:SHOWN]],
        "faults": [kept(fault) for fault in found.faults[:SHOWN_FAULTS]],
        "fault_count": len(found.faults),
    }
    headers = one_sheet.headers(sheets, LAYOUT)
    return Looked(preview, fault_report.made(name, sheets, headers, found.faults))


def _plain(met: Met) -> dict[str, Any]:
    return asdict(met) | {"on": met.on.isoformat()}


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


def shown(preview: Mapping[str, Any]) -> list[Met]:
    """The first meetings of what was found, for the page."""
    return [
        Met(**{**row, "on": date.fromisoformat(row["on"]), "label": row["label"] and Label(row["label"])})
        for row in preview["shown"]
    ]
