"""An uploaded list from upload to the database: kept, previewed, applied as a whole or thrown away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from companies import importing, operations, reconciling
from companies.columns import AWARDS, ORGANISATIONS
from companies.importing import Book
from companies.models import Award, ImportRun, NeedOffer, Organisation, Product
from companies.plans import Change, Plan, What
from core import audit, clock, files
from core.db import lock, session
from core.errors import Conflict, Invalid, Unavailable
from core.i18n import _


def check(data: bytes, *, at: datetime) -> None:
    """Raise Invalid unless the content can be read as the list; faults in its rows are for the preview."""
    importing.read([data], today=clock.local(at).date())


def keep(received: files.Received, *, by: Any, at: datetime) -> ImportRun:
    """Remember an upload for its preview."""
    stored = files.keep(received, by=by, at=at)
    run = ImportRun(file_id=stored.id, name=stored.name, by_id=by.id, at=at)
    session.add(run)
    session.flush()
    audit.record("import.upload", run, by=by, at=at)
    return run


def read(run: ImportRun) -> Book:
    """The rows of a kept upload; outside a write block. Days count from the upload."""
    if run.file is None:
        raise Unavailable(_("The uploaded file is no longer kept. Upload it again."))
    return importing.read([files.read(run.file)], today=clock.local(run.at).date())


def apply_run(run: ImportRun, book: Book, *, fingerprint: str, by: Any, at: datetime) -> Plan:
    """Apply what was previewed, all or nothing. Raise Conflict when the database changed meanwhile."""
    lock(ImportRun, run.id)
    if run.applied_at is not None:
        raise Conflict(_("This list was imported already."))
    plan = reconciling.reconcile(book)
    if plan.fingerprint() != fingerprint:
        raise Conflict(_("The data changed since this preview was shown. Look at the new preview and confirm again."))
    apply(plan, by=by, at=at)
    run.applied_at, run.counts = at, plan.counts()
    _drop_file(run)
    session.flush()
    audit.record("import.apply", run, by=by, at=at, counts=run.counts)
    return plan


def discard(run: ImportRun, *, by: Any, at: datetime) -> None:
    """Throw an upload away that was not applied."""
    if run.applied_at is not None:
        raise Conflict(_("This list was imported already."))
    audit.record("import.discard", run, by=by, at=at)
    _drop_file(run)
    session.delete(run)
    session.flush()


def import_files(contents: Iterable[bytes], *, by: Any, at: datetime) -> Plan:
    """Read and apply files in one go, for lists of our own (the demo). Raise Invalid naming the first fault."""
    plan = reconciling.reconcile(importing.read(contents, today=clock.local(at).date()))
    if plan.faults:
        fault = plan.faults[0]
        raise Invalid(f"{fault.sheet} {fault.cell or fault.row} {fault.column}: {fault.message}")
    apply(plan, by=by, at=at)
    return plan


def apply(plan: Plan, *, by: Any, at: datetime) -> None:
    """Write what the plan says. Its rows have to be those of this write block."""
    if plan.faults:
        raise Invalid(_("The list has faults: nothing was imported."))
    organisations = [change for change in plan.changes if change.entry.sheet == ORGANISATIONS]
    for change in organisations:
        _apply_organisation(change, at)
    try:
        session.flush()
    except IntegrityError as err:  # a key that another person took since the comparison
        raise Conflict(_("Somebody else saved one of these organisations in the meantime.")) from err
    parts = [change for change in plan.changes if change.entry.sheet != ORGANISATIONS]
    for change in parts:
        _apply_part(change, at)
    session.flush()
    for change in plan.changes:
        if change.what is not What.UNCHANGED:
            table = change.row.__tablename__
            audit.record(f"{table}.import", change.row, by=by, at=at, columns=change.columns)


def _apply_organisation(change: Change, at: datetime) -> None:
    if change.what is What.NEW:
        change.row = Organisation(country="VN", created_at=at, updated_at=at)
        session.add(change.row)
    if change.values:
        operations.change(change.row, change.values)
        change.row.updated_at = at
    change.organisation = change.row


_MODELS: dict[str, Any] = {"products": Product, "needs_offers": NeedOffer, "awards": Award}


def _apply_part(change: Change, at: datetime) -> None:
    owner = change.owner.row if change.owner is not None else None
    if change.what is What.NEW:
        change.row = _MODELS[change.entry.sheet](organisation_id=owner.id if owner is not None else None)
        if change.entry.sheet == AWARDS:
            change.row.top10 = False
            change.row.winner_name = owner.name if owner is not None else ""
        session.add(change.row)
    operations.change(change.row, change.values)


def _drop_file(run: ImportRun) -> None:
    if run.file is not None:
        stored, run.file = run.file, None
        session.flush()
        files.remove(stored)
