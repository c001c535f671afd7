"""Photos of many organisations in one ZIP, each named by the tax code of its organisation.

`0090000019.jpg`, `0090000019-2.png` and `0090000019/xuong.jpg` are photos of the organisation with that tax code. An
archive is unpacked within bounds, whatever it declares; each photo is checked and written anew like any upload.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any

from sqlalchemy import select

from companies import identifiers, photos
from companies.models import Organisation
from core import archives, files
from core.db import session
from core.errors import Invalid
from core.files import StoredFile
from core.i18n import _

MOST_PHOTOS = 200
LARGEST_PHOTO = files.LIMITS[files.Kind.PICTURE] * 2**20
LARGEST_ALL = 150 * 2**20
_CODE = re.compile(r"\d{10}(?:-?\d{3})?")


@dataclass
class Packed:
    """One photo of an archive, as an upload that `files` checks."""

    filename: str | None
    stream: IO[bytes]
    code: str


@dataclass(frozen=True)
class Checked:
    """A photo that was checked and stored, for an organisation."""

    organisation_id: int
    received: tuple[files.Received, files.Received]


def code_of(name: str) -> str | None:
    """The tax code that begins a file's name, or its folder's; None if there is none that can be."""
    path = PurePosixPath(name.replace("\\", "/"))
    for part in (path.name, path.parent.name):
        found = _CODE.match(part)
        if found is not None:
            try:
                return identifiers.tax_code(found.group())
            except Invalid:
                return None
    return None


def unpack(data: bytes) -> Iterator[Packed]:
    """The photos of an archive, one after the other in memory. Raise Invalid for what cannot be accepted."""
    left = LARGEST_ALL
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir() and not _system_file(e.filename)]
            if not entries or len(entries) > MOST_PHOTOS:
                raise Invalid(_("An archive holds from 1 to %(most)d photos.", most=MOST_PHOTOS))
            for entry in entries:
                if entry.flag_bits & 1:
                    raise Invalid(_("The file is protected by a password. Remove the password and upload it again."))
                name, code = files.shown_name(entry.filename), code_of(entry.filename)
                if code is None:
                    raise Invalid(_("“%(name)s” does not begin with the tax code of its organisation.", name=name))
                with archive.open(entry) as part:
                    content = part.read(min(LARGEST_PHOTO, left) + 1)
                left -= len(content)
                if len(content) > LARGEST_PHOTO or left < 0:
                    raise Invalid(_("“%(name)s” or all photos together are too large.", name=name))
                yield Packed(name, io.BytesIO(content), code)
    except archives.DAMAGED as err:
        raise Invalid(_("The file is damaged, or it is not the kind of file that its name says.")) from err


def check(data: bytes, tell: Callable[[int, int], None]) -> list[Checked]:
    """Check every photo, outside a write block: all of them can be taken, or Invalid names the first that cannot."""
    packed = list(_codes(data))
    ids = dict(
        session.execute(select(Organisation.tax_code, Organisation.id).where(Organisation.tax_code.in_(set(packed))))
        .tuples()
        .all()
    )
    session.rollback()
    checked = []
    for number, photo in enumerate(unpack(data)):
        tell(number, len(packed))
        if photo.code not in ids:
            raise Invalid(
                _(
                    "“%(name)s”: no organisation on the site has the tax code %(code)s.",
                    name=photo.filename,
                    code=photo.code,
                )
            )
        try:
            checked.append(Checked(ids[photo.code], photos.receive(photo)))
        except Invalid as err:
            raise Invalid(f"{photo.filename}: {err.message}") from err
    return checked


def _codes(data: bytes) -> Iterator[str]:
    for photo in unpack(data):
        yield photo.code


def take(checked: list[Checked], *, by: Any, at: datetime) -> tuple[int, int]:
    """Add the photos in the caller's write block; return how many are new and how many were there already."""
    new = 0
    for photo in checked:
        organisation = session.get(Organisation, photo.organisation_id)
        if organisation is None or _present(photo):
            continue
        photos.add(organisation, photo.received, by=by, at=at)
        new += 1
    return new, len(checked) - new


def _present(photo: Checked) -> bool:
    """Whether the organisation shows the very same picture already: the same archive twice adds nothing."""
    mark = files.checksum(photo.received[0].data)
    query = select(photos.Photo.id).join(StoredFile, photos.Photo.file_id == StoredFile.id)
    return (
        session.scalar(query.where(photos.Photo.organisation_id == photo.organisation_id, StoredFile.sha256 == mark))
        is not None
    )


def _system_file(name: str) -> bool:
    """What a Mac or Windows adds by itself."""
    return "__MACOSX" in name or PurePosixPath(name).name in (".DS_Store", "Thumbs.db", "desktop.ini")
