"""Everything to print for a conference, and whether it is all there: what goes to the printer against the rows."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from flask.testing import FlaskClient
from sqlalchemy import text

from core import clock
from core.db import session
from core.documents import pdf
from core.types import UTCDateTime

Line = tuple[str, str, str, str]  # whose sheet, time, table, with whom


@contextmanager
def watched() -> Iterator[dict[str, Mapping[str, Any]]]:
    """Template -> the data that it was last drawn with."""
    seen: dict[str, Mapping[str, Any]] = {}
    render = pdf.render

    def note(template: str, data: Mapping[str, Any], **options: Any) -> bytes:
        seen.setdefault(template, data)
        return render(template, data, **options)

    with mock.patch.object(pdf, "render", note):
        yield seen


def everything(browser: FlaskClient, conference: int) -> list[bytes]:
    """The files of the archive."""
    answer = browser.get(f"/conferences/{conference}/print.zip")
    assert answer.status_code == 200, answer.status_code
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def printed(sheets: list[Mapping[str, Any]]) -> Counter[Line]:
    """What stands on the participants' sheets."""
    return Counter(
        (sheet["name"], f"{day['day'][-10:]} {hours}", table, other[0])
        for sheet in sheets
        for day in sheet["days"]
        for hours, table, other, _notes in day["rows"]
    )


def planned(version: int) -> Counter[Line]:
    """What has to stand there, read from the rows without the site's own reads."""
    rows = session.execute(
        text(
            "SELECT f.name_vi, p.name_vi, s.begins_at, s.ends_at, t.label FROM meeting m"
            " JOIN participant pf ON pf.id = m.firm_id JOIN organisation f ON f.id = pf.organisation_id"
            " JOIN participant pp ON pp.id = m.partner_id JOIN organisation p ON p.id = pp.organisation_id"
            " JOIN conference_slot s ON s.id = m.slot_id JOIN conference_table t ON t.id = m.table_id"
            " WHERE m.version_id = :version"
        ).columns(begins_at=UTCDateTime(), ends_at=UTCDateTime()),
        {"version": version},
    )
    found: Counter[Line] = Counter()
    for firm, partner, begins_at, ends_at, table in rows:
        hours = f"{clock.local(begins_at):%d/%m/%Y %H:%M}–{clock.local(ends_at):%H:%M}"
        found.update([(firm, hours, table, partner), (partner, hours, table, firm)])
    return found
