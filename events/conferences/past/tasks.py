"""Long lists of past meetings are looked at and taken over by the job process; the page follows it."""

from __future__ import annotations

from typing import Any

from companies.import_runs import looked
from core import clock
from core.db import get, write
from core.errors import Unavailable
from core.i18n import _, _l, ngettext
from core.tasks import Context, handler
from events.conferences.past import importing, operations
from events.conferences.past.models import PastList

LOOK, TAKE_OVER = "past.look", "past.take_over"


def _row(key: int) -> PastList:
    row = get(PastList, key)
    if row is None:
        raise Unavailable(_("The uploaded file is no longer kept. Upload it again."))
    return row


def _page(key: int) -> str:
    return f"/conferences/past/{key}"


@handler(LOOK)
def look(context: Context, *, past_list_id: int) -> dict[str, Any]:
    """Read an upload and keep what was found."""
    return looked(
        context,
        _page(past_list_id),
        find=lambda: _row(past_list_id),
        look=lambda row: importing.look(
            operations.data_of(row), row.name, today=clock.today(), tell=context.progress
        ),
        store=lambda row, found: operations.note(row, found, by=context.by, at=clock.now()),
    )


@handler(TAKE_OVER)
def take_over(context: Context, *, past_list_id: int) -> dict[str, Any]:
    """Read the list once more and store its meetings, all or none."""
    context.progress(0, 2, _l("Reading the rows"))
    found = importing.read(operations.data_of(_row(past_list_id)), today=clock.today())
    kinds = operations.kinds_of(found)
    context.progress(1, 2, _l("Saving"))
    with write():
        context.hold()
        number = operations.take_over(past_list_id, found, kinds, by=context.by, at=clock.now())
    message = ngettext("%(num)d meeting is taken over.", "%(num)d meetings are taken over.", number)
    return {"url": _page(past_list_id), "message": message}
