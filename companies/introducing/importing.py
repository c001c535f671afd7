"""A list of firms to introduce: the template, and files -> rows of values with the faults of their cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from companies import cells, identifiers, one_sheet, places
from companies.columns import Column
from companies.enums import SECTOR_LABELS
from companies.importing import Fault
from companies.introducing.enums import GROUND_LABELS
from companies.models import NAME_LENGTH
from companies.one_sheet import Layout, Line
from core.i18n import _, _l

COLUMNS = (
    Column("tax_code", _l("Tax code"), cells.tax_code, _l("10 digits, 13 for a branch.")),
    Column("name", _l("Name of the firm"), cells.line(NAME_LENGTH)),
    Column("product", _l("Main product"), cells.line(NAME_LENGTH)),
    Column("sector", _l("Sector"), cells.code(SECTOR_LABELS)),
    Column("ground", _l("Ground"), cells.code(GROUND_LABELS), _l("On which ground its product may enter.")),
    Column("in_hanoi", _l("Head office or factory in Hanoi"), cells.yes_no, _l("Yes or no.")),
    Column("commune", _l("Commune"), cells.line(80), _l("One of the 126 communes of Hanoi since 1 July 2025.")),
    Column("address", _l("Address"), cells.line(400)),
    Column("revenue_vnd", _l("Revenue of the last year (VND)"), cells.dong, _l("A number, or for example 1,5 tỷ.")),
    Column("export_usd", _l("Export of the last year (USD)"), cells.number),
    Column("email", _l("E-mail of the firm"), cells.by(identifiers.email)),
    Column("phone", _l("Phone of the firm"), cells.by(identifiers.phone)),
    Column("note", _l("Why this firm"), cells.text),
)
LAYOUT = Layout(_l("Firms"), COLUMNS, needed=("tax_code", "name"))


@dataclass
class FirmList:
    """The firms of a file, and what is wrong with it. It can be taken when there is no fault."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def template() -> bytes:
    """The file that an introducer fills in."""
    return one_sheet.template(LAYOUT, [SECTOR_LABELS, GROUND_LABELS])


def read(data: bytes) -> FirmList:
    """The rows of .xlsx or .csv content. Raise Invalid when nothing in it can be read as the list at all."""
    lines, faults = one_sheet.read(data, LAYOUT)
    first: dict[str, int] = {}
    for line in lines:
        faults += _faults(line, first)
    return FirmList([line.values for line in lines], faults)


def _faults(line: Line, first: dict[str, int]) -> Iterator[Fault]:
    """What only whole rows show: an unknown commune, a tax code for the second time (`first`: code -> its row)."""
    if commune := line.values.get("commune"):
        official = places.commune(commune)
        if official is None:
            yield line.fault("commune", _("%(name)s is none of the 126 communes of Hanoi.", name=commune))
        line.values["commune"] = official
    code = line.values.get("tax_code")
    if code in first:
        yield line.fault("tax_code", _("This tax code stands in row %(row)d already.", row=first[code]))
    elif code:
        first[code] = line.number
