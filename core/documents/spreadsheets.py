"""An uploaded table, whichever of the two formats it came in."""

from __future__ import annotations

from core.documents import csv, xlsx
from core.documents.tables import Sheet
from core.errors import Invalid
from core.i18n import _


def read(data: bytes) -> Sheet:
    """The first sheet that holds anything, of .xlsx or .csv content. Raise Invalid if nothing is in it."""
    sheets = xlsx.read(data) if data.startswith(b"PK\x03\x04") else [csv.read(data)]
    for sheet in sheets:
        if sheet.rows:
            return sheet
    raise Invalid(_("The table is empty."))
