"""Which stored files name a person, for his deletion."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core import files
from core.db import session
from core.documents import csv
from core.files import StoredFile
from core.personal import Person, Step, on_erasure


def names(stored: StoredFile, words: Iterable[str]) -> bool:
    """Whether a stored spreadsheet holds one of these texts, whatever its case."""
    wanted = [word.lower() for word in words if word]
    try:
        text = files.path_of(stored).read_bytes()
    except OSError:  # a file that is gone names nobody
        return False
    return any(word in part.lower() for part in _texts_of(text) for word in wanted)


def _texts_of(data: bytes) -> Iterator[str]:
    if not data.startswith(b"PK\x03\x04"):
        yield csv.decode(data)
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:  # its size was checked when it was received
        for name in archive.namelist():
            if name.endswith(".xml"):
                yield html.unescape(archive.read(name).decode("utf-8", "replace"))


@on_erasure
def forget_orphans(person: Person) -> Step:
    """Files that no row names any more, and that wait for the next purge, go at once."""
    known = set(session.scalars(select(StoredFile.key)))
    waiting = [path for path in files.folder().glob("*/*") if path.is_file() and path.name not in known]

    def step(*, by: Any, at: datetime) -> Iterable[Path]:
        present = set(session.scalars(select(StoredFile.key)))
        return [path for path in waiting if path.name not in present]

    return step
