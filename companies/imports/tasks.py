"""Long lists are looked at and applied by the job process; the page follows it."""

from __future__ import annotations

from typing import Any

from companies import import_runs, photo_archive, uploads
from companies.import_runs import ImportRun
from core import clock, files
from core.db import get, write
from core.errors import Conflict, Unavailable
from core.files import StoredFile
from core.i18n import _, _l
from core.tasks import Context, handler

LOOK, APPLY, PHOTOS = "organisations.look", "organisations.import", "organisations.photos"


def _run(run_id: int) -> ImportRun:
    run = get(ImportRun, run_id)
    if run is None:
        raise Unavailable(_("The uploaded file is no longer kept. Upload it again."))
    return run


def _page(run_id: int) -> str:
    return f"/organisations/import/{run_id}"


@handler(LOOK)
def look(context: Context, *, run_id: int) -> dict[str, Any]:
    """Read an upload and store what was found."""
    return import_runs.looked(
        context,
        _page(run_id),
        find=lambda: _run(run_id),
        look=lambda run: uploads.look(run, context.progress),
        store=lambda run, found: uploads.store(run, found, by=context.by, at=clock.now()),
    )


@handler(PHOTOS)
def take_photos(context: Context, *, file_id: int) -> dict[str, Any]:
    """Check the photos of an archive and add them, all or none."""
    stored = get(StoredFile, file_id)
    if stored is None:
        raise Unavailable(_("The uploaded file is no longer kept. Upload it again."))
    checked = photo_archive.check(
        files.read(stored), lambda done, total: context.progress(done, total, _l("Checking the photos"))
    )
    with write():
        context.hold()
        new, old = photo_archive.take(checked, by=context.by, at=clock.now())
        if (kept := get(StoredFile, file_id)) is not None:
            files.remove(kept)
    message = _("%(new)d photos are added; %(old)d were there already.", new=new, old=old)
    return {"url": "/organisations/import", "message": str(message)}


@handler(APPLY)
def apply(context: Context, *, run_id: int, fingerprint: str) -> dict[str, Any]:
    """Apply what was previewed. When the database changed meanwhile the upload is looked at anew."""
    context.progress(0, 3, _l("Reading the rows"))
    book = uploads.book_of(_run(run_id))
    context.progress(1, 3, _l("Saving"))
    try:
        with write():
            context.hold()
            uploads.apply_run(_run(run_id), book, fingerprint=fingerprint, by=context.by, at=clock.now())
    except Conflict as err:
        if _run(run_id).applied_at is None:
            look(context, run_id=run_id)
        return {"url": _page(run_id), "message": str(err.message)}
    return {"url": _page(run_id), "message": str(_("The list is imported."))}
