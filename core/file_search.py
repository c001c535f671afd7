"""Which stored files name a person, for his deletion."""

from __future__ import annotations

import html
import io
import time
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core import files
from core.db import session
from core.documents import csv
from core.errors import Invalid
from core.files import StoredFile
from core.personal import Person, Step, on_erasure

RECEIVED_WITHIN = 3600.0  # seconds: a younger file without a row may be an upload on its way


def names(stored: StoredFile, words: Iterable[str]) -> bool:
    """Whether a stored spreadsheet holds one of these texts, whatever its case."""
    return _holds(files.path_of(stored), words)


def _holds(path: Path, words: Iterable[str]) -> bool:
    wanted = [word.lower() for word in words if word]
    try:
        data = path.read_bytes()
    except OSError:  # a file that is gone names nobody
        return False
    return any(word in part.lower() for part in _texts_of(data) for word in wanted)


def _texts_of(data: bytes) -> Iterator[str]:
    try:
        if not data.startswith(b"PK\x03\x04"):
            yield csv.decode(data)
            return
        with zipfile.ZipFile(io.BytesIO(data)) as archive:  # its size was checked when it was received
            for name in archive.namelist():
                if name.endswith(".xml"):
                    yield html.unescape(archive.read(name).decode("utf-8", "replace"))
    except (Invalid, zipfile.BadZipFile):  # a picture, a PDF
        yield data.decode("latin-1")


@on_erasure
def forget_orphans(person: Person) -> Step:
    """Files that no row names any more, and that wait for the next purge, go at once.

    Of files that may be uploads on their way, received but without a row yet, only those that name him.
    """
    known, now = set(session.scalars(select(StoredFile.key))), time.time()
    waiting = [
        path
        for path in files.folder().glob("*/*")
        if path.is_file() and path.name not in known
        if now - path.stat().st_mtime > RECEIVED_WITHIN or _holds(path, (person.email, person.name))
    ]

    def step(*, by: Any, at: datetime) -> Iterable[Path]:
        present = set(session.scalars(select(StoredFile.key)))
        return [path for path in waiting if path.name not in present]

    return step
