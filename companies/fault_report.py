"""The uploaded list given back as a workbook, each fault beside its cell: mend it there and upload it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from companies.cells import written
from companies.columns import FAULTS_LABEL
from companies.importing import Fault
from core import files
from core.documents import xlsx
from core.documents.tables import Cell, Marked, Row, Sheet, Table, column_name
from core.i18n import LANGUAGES, _, force_locale, keep_message, say_again


def made(
    name: str, sheets: Sequence[Sheet], headers: Mapping[str, int], faults: Sequence[Fault]
) -> dict[str, files.Received]:
    """The report as files to keep, named after the list: one for each language, as officers read either."""
    stem, found = name.rpartition(".")[0] or name, {}
    for language in LANGUAGES if faults else ():
        with force_locale(language):
            found[language] = files.make(write(sheets, headers, faults), f"{stem} - {_('faults')}.xlsx", files.XLSX)
    return found


def write(sheets: Iterable[Sheet], headers: Mapping[str, int], faults: Iterable[Fault]) -> bytes:
    """The sheets as they came: cells that are faults coloured with a note, and a last column that says it all.

    `headers`: the row of headings of each sheet that was read. The last column is left out when the file is read
    again, so that the mended report is the next upload.
    """
    told: dict[str, dict[int, list[Fault]]] = defaultdict(lambda: defaultdict(list))
    for fault in faults:
        told[fault.origin or fault.sheet][fault.row].append(fault)
    return xlsx.write([_table(sheet, told[sheet.name], headers.get(sheet.name, 0)) for sheet in sheets])


def _table(sheet: Sheet, faults: Mapping[int, Sequence[Fault]], header: int) -> Table:
    width = max((len(row.values) for row in sheet.rows), default=0)
    present = {row.number: row for row in sheet.rows}
    last = max(present, default=1)
    rows = [
        _row(present.get(number, Row(number, ())), width, faults.get(number, ()), number == header)
        for number in range(1, last + 1)
    ]
    first = [_text(cell) for cell in rows[0]] if rows else []
    return Table(sheet.name, first, rows[1:], widths=[18] * width + [70])


def _row(row: Row, width: int, faults: Sequence[Fault], header: bool) -> list[Cell]:
    notes: dict[str, list[str]] = defaultdict(list)
    for fault in faults:
        notes[fault.cell].append(_said(fault))
    cells: list[Cell] = []
    for index in range(width):
        value = row.values[index] if index < len(row.values) else None
        note = notes.get(f"{column_name(index)}{row.number}")
        cells.append(Marked(value, "\n".join(note)) if note else value)
    if header:
        cells.append(str(FAULTS_LABEL))
    elif faults:
        said = [f"{fault.column}: {_said(fault)}" if fault.column else _said(fault) for fault in faults]
        cells.append("\n".join(said))
    return cells


def _said(fault: Fault) -> str:
    return say_again(keep_message(fault.message))


def _text(cell: Cell) -> str:
    value = cell.value if isinstance(cell, Marked) else cell
    return "" if value is None else written(value)  # type: ignore[arg-type]  # a sheet holds no Decimal
