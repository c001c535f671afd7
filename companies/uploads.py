"""An uploaded list on its way: kept, its columns told, looked at, applied as a whole or thrown away.

Looking at a list takes its time and stands outside a write block; what it found is stored with the upload. A short
list is looked at within the request, a long one by a task: the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from companies import column_memory, fault_report, guessing, headings, importing, reconciling
from companies.applying import apply
from companies.column_memory import KINDS
from companies.columns import ORGANISATIONS
from companies.enums import Kind
from companies.guessing import Layout
from companies.headings import Told
from companies.import_runs import ImportRun
from companies.importing import Book, kept
from companies.plans import Plan, What
from core import audit, clock, files
from core.db import lock, session
from core.documents.tables import Row, Sheet
from core.errors import Conflict, Invalid, Unavailable
from core.i18n import _, _l
from core.tasks import Tell, nobody

SHORT = 250_000  # bytes of a list that is looked at within the request: about 500 rows
SHOWN_FAULTS, SHOWN_CHANGES = 200, 200


@dataclass(frozen=True)
class Looked:
    """What was found in an upload. Without `preview` the officer has to say what the columns are."""

    layout: dict[str, Any]
    preview: dict[str, Any] | None = None
    reports: Mapping[str, files.Received] = field(default_factory=dict)


def keep(received: files.Received, *, source: str, by: Any, at: datetime) -> ImportRun:
    """Remember an upload."""
    stored = files.keep(received, by=by, at=at)
    run = ImportRun(file_id=stored.id, name=stored.name, source=source, sha256=stored.sha256, by_id=by.id, at=at)
    session.add(run)
    session.flush()
    audit.record("import.upload", run, by=by, at=at)
    return run


def short(run: ImportRun) -> bool:
    """Whether the list is looked at and applied within the request."""
    return run.file is None or run.file.size <= SHORT


# --- looking --------------------------------------------------------------------------------------------------


def look(run: ImportRun, tell: Tell = nobody) -> Looked:
    """Read a kept upload, find out its columns, compare it with the database. Raise Invalid when it is no list."""
    if run.file is None:
        raise Unavailable(_("The uploaded file is no longer kept. Upload it again."))
    return look_at(files.read(run.file), run.layout, source=run.source, at=run.at, name=run.name, tell=tell)


def look_at(
    data: bytes, layout: Mapping[str, Any], *, source: str, at: datetime, name: str, tell: Tell = nobody
) -> Looked:
    """As `look`, for content that is not kept yet."""
    tell(0, 4, _l("Reading the file"))
    sheets = importing.sheets_of(data)
    layout = dict(layout) or _recognise(sheets, source)
    if "told" not in layout:
        return Looked(layout)
    tell(1, 4, _l("Reading the rows"))
    book = _book(sheets, layout, at)
    tell(2, 4, _l("Comparing with the database"))
    plan = reconciling.reconcile(book)
    preview = _preview(plan)
    session.rollback()  # what follows takes its time and reads nothing more
    tell(3, 4, _l("Writing down what was found"))
    return Looked(layout, preview, fault_report.made(name, sheets, book.headers, plan.faults))


def _book(sheets: Sequence[Sheet], layout: Mapping[str, Any], at: datetime) -> Book:
    told = {name: Told(**said) for name, said in layout["told"].items()}
    kinds = [Kind(kind) for kind in layout.get("kinds", ())]
    return importing.read_sheets(sheets, today=clock.local(at).date(), told=told, kinds=kinds)


def _recognise(sheets: Sequence[Sheet], source: str) -> dict[str, Any]:
    """The layout of the file: told by its headings and by memory, or the first rows to ask an officer about."""
    remembered = column_memory.recall(source)
    filled = [sheet for sheet in sheets if sheet.rows and not headings.is_guide(sheet)]
    proposed = [guessing.propose(sheet, remembered) for sheet in filled]
    if not any(layout.sheet for layout in proposed):
        raise Invalid(
            _("No sheet of this file has the columns of the template. Download the template and fill it in.")
        )
    heads = [guessing.head_of(sheet) for sheet in filled]
    found = {"heads": [[h.name, [[r.number, [_plain(v) for v in r.values]] for r in h.rows]] for h in heads]}
    if not all(layout.sure for layout in proposed):
        return found | {"proposed": {layout.name: layout.sheet for layout in proposed}}
    kinds = remembered.get((ORGANISATIONS, KINDS), "")
    return found | _layout({layout.name: layout.told() for layout in proposed}, [k for k in kinds.split("|") if k])


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool) else importing.cells.written(value)


def _layout(told: Mapping[str, Told], kinds: Sequence[str]) -> dict[str, Any]:
    return {"told": {name: asdict(said) for name, said in told.items()}, "kinds": list(kinds)}


def _preview(plan: Plan) -> dict[str, Any]:
    changes = [change for change in plan.changes if change.what is not What.UNCHANGED]
    return {
        "fingerprint": plan.fingerprint(),
        "counts": plan.counts(),
        "faults": [kept(fault) for fault in plan.faults[:SHOWN_FAULTS]],
        "fault_count": len(plan.faults),
        "changes": [
            {"sheet": c.entry.sheet, "row": c.entry.number, "what": c.what, "label": c.label, "columns": c.columns}
            for c in changes[:SHOWN_CHANGES]
        ],
        "change_count": len(changes),
    }


def store(run: ImportRun, found: Looked, *, by: Any, at: datetime) -> None:
    """Keep what was found in an upload, in the place of what was found before."""
    lock(ImportRun, run.id)
    _not_applied(run)
    run.layout = found.layout
    run.note(found.preview, found.reports, by=by, at=at)
    session.flush()


# --- columns --------------------------------------------------------------------------------------------------


def layouts(run: ImportRun, chosen: Mapping[str, str] | None = None) -> list[Layout]:
    """What the sheets of an upload seem to be, for the officer to correct; `chosen`: one of the four, by name."""
    remembered = column_memory.recall(run.source)
    sheets = [
        Sheet(name, [Row(number, tuple(values)) for number, values in rows]) for name, rows in run.layout["heads"]
    ]
    chosen = chosen or run.layout.get("proposed", {})
    found = []
    for sheet in sheets:
        said = chosen.get(sheet.name)
        found.append(
            Layout(sheet.name, "", sheet.rows[0].number) if said == "" else guessing.propose(sheet, remembered, said)
        )
    return found


def tell_columns(run: ImportRun, told: Mapping[str, Told], kinds: Sequence[Kind], *, by: Any, at: datetime) -> None:
    """Say what the columns of an upload are; remembered for the next list of its source."""
    lock(ImportRun, run.id)
    _not_applied(run)
    if not any(said.sheet for said in told.values()):
        raise Invalid(_("Say of at least one sheet what it holds."))
    for name, said in told.items():
        used = [column for column in said.columns.values() if column]
        if said.sheet and not used:
            raise Invalid(_("Say of at least one column of “%(name)s” what it is.", name=name))
    run.layout, run.preview = {**run.layout, **_layout(told, kinds)}, None
    columns = {(said.sheet, key): name for said in told.values() if said.sheet for key, name in said.columns.items()}
    column_memory.remember(run.source, columns | {(ORGANISATIONS, KINDS): "|".join(kinds)})
    audit.record("import.columns", run, by=by, at=at)


# --- the end --------------------------------------------------------------------------------------------------


def book_of(run: ImportRun) -> Book:
    """The rows of an upload whose columns are known; outside a write block. Days count from the upload."""
    if run.file is None or "told" not in run.layout:
        raise Unavailable(_("The uploaded file is no longer kept. Upload it again."))
    return _book(importing.sheets_of(files.read(run.file)), run.layout, run.at)


def apply_run(run: ImportRun, book: Book, *, fingerprint: str, by: Any, at: datetime) -> Plan:
    """Apply what was previewed, all or nothing. Raise Conflict when the database changed meanwhile."""
    lock(ImportRun, run.id)
    _not_applied(run)
    plan = reconciling.reconcile(book)
    if plan.fingerprint() != fingerprint:
        raise Conflict(_("The data changed since this preview was shown. Look at the new preview and confirm again."))
    apply(plan, by=by, at=at)
    run.applied_at, run.counts, run.preview = at, plan.counts(), None
    run.layout = {}
    _drop_files(run)
    session.flush()
    audit.record("import.apply", run, by=by, at=at, counts=run.counts)
    return plan


def discard(run: ImportRun, *, by: Any, at: datetime) -> None:
    """Throw an upload away that was not applied."""
    _not_applied(run)
    audit.record("import.discard", run, by=by, at=at)
    _drop_files(run)
    session.delete(run)
    session.flush()


def _not_applied(run: ImportRun) -> None:
    if run.applied_at is not None:
        raise Conflict(_("This list was imported already."))


def _drop_files(run: ImportRun) -> None:
    for stored in (run.file, *run.reports):
        if stored is not None:
            session.delete(stored)
    run.file = run.report = run.report_en = None
    session.flush()
