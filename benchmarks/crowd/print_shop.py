"""Everything to print for a conference, and whether it is all there: what goes to the printer against the rows."""

from __future__ import annotations

import io
import time
import zipfile
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text

from benchmarks.measuring.servers import Reader
from core import clock
from core.db import session
from core.i18n import force_locale
from core.types import UTCDateTime
from events.conferences.models import TimetableVersion
from events.conferences.printing import exports
from events.conferences.printing.models import PrintPack

Line = tuple[str, str, str, str]  # whose sheet, time, table, with whom


def everything(reader: Reader, conference: int) -> tuple[float, list[bytes]]:
    """Seconds from the button to the file, and what is in it."""
    page = f"/conferences/{conference}/print"
    button = reader.get(page)
    began = time.perf_counter()
    reader.get(reader.follow(reader.post(button, page)))
    answer, data = reader.ask("GET", f"{page}.zip")
    seconds = time.perf_counter() - began
    if answer.status != 200:
        raise SystemExit(f"{page}.zip: {answer.status}")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return seconds, [archive.read(name) for name in archive.namelist()]


def sheets_of(version_id: int) -> list[Mapping[str, Any]]:
    """The participants' sheets of which the file in Vietnamese was made: its mark tells that it was these."""
    version = session.get_one(TimetableVersion, version_id)
    with force_locale("vi"):
        documents = exports.documents(version.conference, version)
    pack = session.scalars(select(PrintPack).where(PrintPack.version_id == version_id)).one()
    if pack.fingerprint != exports.fingerprint(documents):
        raise SystemExit("the print pack was made of something else")
    return list(documents["participants"].data["sheets"])


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
