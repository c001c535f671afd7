"""Files that people upload, and downloads.

What a file is, its content says, not its name. It is stored under a random key; the name is only shown. A file is
on the disk before its row is written, so that a row never lacks its file; files that no row names are purged.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import quote

from flask import Response, current_app
from sqlalchemy import CheckConstraint, ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

import vietnamese
from core import archives, pictures
from core.config import Settings
from core.db import Model, Str, session
from core.disk import write_atomically
from core.documents import csv
from core.errors import Invalid, Unavailable
from core.i18n import _, _l
from core.logs import log
from core.personal import Entry, Then, plain, purged, purges, refers, tag

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV, PDF, ICS, ZIP, PNG, JPEG = (
    "text/csv",
    "application/pdf",
    "text/calendar",
    "application/zip",
    "image/png",
    "image/jpeg",
)
ORPHANS_KEPT = timedelta(days=1)
LONGEST_NAME = 150


class Kind(StrEnum):
    """What an upload may be."""

    SPREADSHEET = "spreadsheet"
    PICTURE = "picture"
    DOCUMENT = "document"
    PDF = "pdf"
    ARCHIVE = "archive"


LIMITS = {Kind.SPREADSHEET: 5, Kind.PICTURE: 8, Kind.DOCUMENT: 15, Kind.PDF: 15, Kind.ARCHIVE: 19}  # megabytes
PICTURE_NAMES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
ALLOWED = {
    Kind.SPREADSHEET: (".xlsx", ".csv"),
    Kind.PICTURE: PICTURE_NAMES,
    Kind.DOCUMENT: (".pdf", ".docx", ".xlsx", *PICTURE_NAMES),
    Kind.PDF: (".pdf",),
    Kind.ARCHIVE: (".zip",),
}


class StoredFile(Model):
    """A file kept under a random key. Who may read it is decided by the row that refers to it."""

    __register__ = Entry(
        _l("Stored files"),
        purged(ORPHANS_KEPT, _l("Deleted a day after the last row that names the file")),
        why=_l("To keep what was handed in"),
    )
    __table_args__ = (CheckConstraint("size > 0", name="size"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Str(40), unique=True, info=plain(_l("Key")))
    name: Mapped[str] = mapped_column(Str(LONGEST_NAME), info=tag(_l("File name"), erased="file"))
    media_type: Mapped[str] = mapped_column(Str(100), info=plain(_l("File type")))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(Str(64), info=plain(_l("Checksum")))
    created_at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True, info=refers(Then.UNLINK)
    )


class Upload(Protocol):
    """What a form gives: werkzeug's FileStorage."""

    filename: str | None
    stream: IO[bytes]


@dataclass(frozen=True)
class Received:
    """A file that was checked and lies on the disk, not yet in the database. `data` is what was stored."""

    key: str
    name: str
    media_type: str
    data: bytes


def receive(upload: Upload, *, kind: Kind, field: str = "file") -> Received:
    """Check an upload by its content and store it under a random key. Outside a write block: this takes its time.

    Raise Invalid, with a sentence for the person, when it cannot be accepted.
    """
    name = shown_name(upload.filename or "")
    try:
        data, media_type = _checked(_bounded(upload.stream, kind), name, kind)
    except Invalid as err:
        raise Invalid(err.message, field=err.field or field) from err
    return _received(name, data, media_type)


def smaller(received: Received, longest: int) -> Received:
    """A received picture once more, at most so many pixels a side. Outside a write block."""
    data, media_type = pictures.reencode(received.data, longest)
    return _received(received.name, data, media_type)


def _received(name: str, data: bytes, media_type: str) -> Received:
    key = secrets.token_hex(16)
    try:
        write_atomically(_path(key), data)
    except OSError as err:
        log.exception("an upload could not be stored")
        raise Unavailable(_("The file could not be stored. Try again later.")) from err
    return Received(key, _named_as(name, media_type), media_type, data)


def checksum(data: bytes) -> str:
    """The mark of a content, as it is kept with a stored file."""
    return hashlib.sha256(data).hexdigest()


def make(data: bytes, name: str, media_type: str) -> Received:
    """A file that the site wrote itself, stored like an upload. Outside a write block."""
    key = secrets.token_hex(16)
    write_atomically(_path(key), data)
    return Received(key, shown_name(name), media_type, data)


def keep(received: Received, *, by: Any, at: datetime) -> StoredFile:
    """The row of a received file, in the caller's write block."""
    stored = StoredFile(
        key=received.key,
        name=received.name,
        media_type=received.media_type,
        size=len(received.data),
        sha256=hashlib.sha256(received.data).hexdigest(),
        created_at=at,
        user_id=by if isinstance(by, int) else getattr(by, "id", None),
    )
    session.add(stored)
    session.flush()
    return stored


def remove(stored: StoredFile) -> None:
    """Delete the row, in the caller's write block; the file goes with the next purge."""
    session.delete(stored)
    session.flush()


def path_of(stored: StoredFile) -> Path:
    """Where the file lies."""
    return _path(stored.key)


def read(stored: StoredFile) -> bytes:
    """The content. Raise Unavailable if it is missing or is not what was stored."""
    try:
        data = path_of(stored).read_bytes()
    except OSError as err:
        log.error("a stored file is missing", extra={"detail": stored.id})
        raise Unavailable(_("The file cannot be read at the moment.")) from err
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        log.error("a stored file was changed", extra={"detail": stored.id})
        raise Unavailable(_("The file cannot be read at the moment."))
    return data


def send(stored: StoredFile) -> Response:
    """A stored file as a download."""
    return attachment(read(stored), stored.name, stored.media_type)


def attachment(data: bytes, name: str, media_type: str) -> Response:
    """Bytes as a download: never shown in place, never sniffed, and its name keeps its Vietnamese (RFC 6266)."""
    response = Response(
        data, content_type=f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    )
    name = shown_name(name)
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", vietnamese.fold(name))
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return _locked_down(response)


def picture(stored: StoredFile) -> Response:
    """A stored picture, to be shown in a page."""
    if stored.media_type not in (PNG, JPEG):
        raise ValueError("only re-encoded pictures are shown in place")
    return _locked_down(Response(read(stored), content_type=stored.media_type))


def shown_name(given: str) -> str:
    """A name fit to be shown: no path, no invisible or control characters, NFC, at most 150 characters."""
    line = vietnamese.clean_line(re.split(r"[\\/]", given.replace("\x00", ""))[-1])
    stem, dot, ending = line.rpartition(".")
    if not (dot and ending) or len(ending) > 10:
        stem, dot, ending = line, "", ""
    stem = stem.strip(". ")[: LONGEST_NAME - len(dot + ending)].strip() or "file"
    return f"{stem}{dot}{ending}"


def purge(*, at: datetime) -> int:
    """Delete files that no row names and that are older than a day; return how many. Outside a write block."""
    oldest = (at - ORPHANS_KEPT).timestamp()
    old = [p for p in folder().glob("*/*") if p.is_file() and p.stat().st_mtime < oldest]
    known = set(session.scalars(select(StoredFile.key)))
    session.rollback()
    orphans = [p for p in old if p.name not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


@purges(StoredFile)
def purge_rows(at: datetime) -> None:
    """Delete rows that nothing names any more, a day after they were made. Run in a write block."""
    references = [
        column
        for table in StoredFile.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "stored_file.id" for key in column.foreign_keys)
    ]
    named = (select(column).where(column.is_not(None)) for column in references)
    session.execute(
        delete(StoredFile)
        .where(StoredFile.created_at < at - ORPHANS_KEPT, *(StoredFile.id.not_in(query) for query in named))
        .execution_options(synchronize_session=False)
    )


def missing() -> list[StoredFile]:
    """Rows whose file is not on the disk: always none, unless a restore went wrong."""
    return [s for s in session.scalars(select(StoredFile)) if not path_of(s).is_file()]


def _bounded(stream: IO[bytes], kind: Kind) -> bytes:
    limit = LIMITS[kind] * 2**20
    data = stream.read(limit + 1)
    if not data:
        raise Invalid(_("The file is empty."))
    if len(data) > limit:
        raise Invalid(_("The file is larger than %(megabytes)d MB.", megabytes=LIMITS[kind]))
    return data


def _checked(data: bytes, name: str, kind: Kind) -> tuple[bytes, str]:
    ending = Path(name).suffix.lower()
    if ending in (".xlsm", ".docm", ".xls", ".doc"):
        raise Invalid(_("Old and macro formats are not accepted. Save the file as .xlsx or .docx."))
    if ending not in ALLOWED[kind]:
        raise Invalid(
            _("Files of this kind are not accepted here. Accepted: %(list)s.", list=", ".join(ALLOWED[kind]))
        )
    return CHECKS[ending](data)


def _spreadsheet(data: bytes) -> tuple[bytes, str]:
    archives.check_office(data, "xl/workbook.xml")
    return data, XLSX


def _letter(data: bytes) -> tuple[bytes, str]:
    archives.check_office(data, "word/document.xml")
    return data, DOCX


def _comma_separated(data: bytes) -> tuple[bytes, str]:
    csv.decode(data)
    return data, CSV


def _portable(data: bytes) -> tuple[bytes, str]:
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise Invalid(_("This is not a complete PDF file."))
    return data, PDF


def _archive(data: bytes) -> tuple[bytes, str]:
    """Its members are checked one by one by who unpacks it."""
    if not data.startswith(b"PK\x03\x04"):
        raise Invalid(_("This is not a ZIP file."))
    return data, ZIP


CHECKS: dict[str, Callable[[bytes], tuple[bytes, str]]] = {
    ".xlsx": _spreadsheet,
    ".docx": _letter,
    ".csv": _comma_separated,
    ".pdf": _portable,
    ".zip": _archive,
    **dict.fromkeys(PICTURE_NAMES, pictures.reencode),
}


def _named_as(name: str, media_type: str) -> str:
    """A picture that was written anew has the ending of what it is now."""
    ending = {PNG: ".png", JPEG: ".jpg"}.get(media_type)
    return name if ending is None else str(Path(name).with_suffix(ending))


def _locked_down(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def folder() -> Path:
    """Where stored files lie; it is there after this call."""
    settings: Settings = current_app.extensions["settings"]
    found = settings.data_dir / "files"
    found.mkdir(parents=True, exist_ok=True)
    return found


def _path(key: str) -> Path:
    return folder() / key[:2] / key
