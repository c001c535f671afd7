"""Everything to print is made by the job process, document after document; the page follows it."""

from __future__ import annotations

from typing import Any

from core import clock, files
from core.db import get, lock, session, write
from core.errors import Conflict
from core.i18n import _, language
from core.tasks import Context, handler
from events.conferences.models import Conference
from events.conferences.printing import exports, operations, queries
from events.conferences.printing.models import KEPT, PrintPack


@handler(operations.TASK)
def make(context: Context, *, conference_id: int) -> dict[str, Any]:
    """Make the archive in the language of the task, or find that the one that is there says the same."""
    conference = get(Conference, conference_id)
    if conference is None:
        raise Conflict(_("The conference is gone."))
    version = operations.published(conference)
    documents, version_id = exports.documents(conference, version), version.id
    mark = exports.fingerprint(documents)
    page = f"/conferences/{conference_id}/print"
    if _kept_on(conference, mark):
        return {"url": page, "message": _("Nothing has changed since the file was made.")}
    session.rollback()
    drawn = {}
    for number, (name, document) in enumerate(documents.items()):
        context.progress(number, len(documents), exports.PACKS[name][0])
        drawn[name] = document.pdf()
    received = files.make(exports.archive(drawn), _("Everything to print") + ".zip", files.ZIP)
    with write():
        context.hold()
        conference = lock(Conference, conference_id)
        if conference is not None:
            operations.keep(conference, version_id, received, mark, by=context.by, at=clock.now())
    return {"url": page}


def _kept_on(conference: Conference, mark: str) -> bool:
    """Keep the present archive for longer if it says the same; return whether it does."""
    pack = queries.pack_of(conference, language(), at=clock.now())
    if pack is None or pack.fingerprint != mark or not files.path_of(pack.file).is_file():
        return False
    key = pack.id
    with write():
        found = lock(PrintPack, key)
        if found is None or found.fingerprint != mark:
            return False
        found.kept_until = clock.now() + KEPT
    return True
