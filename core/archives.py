"""Office files are ZIP archives of XML: what they must not be, found out without trusting what they declare."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath
from xml.parsers import expat

from core.errors import Invalid
from core.i18n import _

MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 80 * 2**20  # bytes of all parts together
CHUNK = 64 * 2**10
MACROS = ("vbaproject.bin", "vbadata.xml")


class _Doctype(Exception):
    """A part declares a document type: the way to entities that grow or read files."""


def check_office(data: bytes, main_part: str) -> None:
    """Raise Invalid unless `data` is a plain Office file that holds `main_part`.

    Refused: damaged or encrypted archives, too many or too large parts (counted while unpacking, not as
    declared), macros, document type declarations, and archives within a spreadsheet. Memory stays bounded.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive.infolist(), main_part)
            left = LARGEST_UNPACKED
            for entry in archive.infolist():
                left = _check_part(archive, entry, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as err:
        raise Invalid(_("The file is damaged, or it is not the kind of file that its name says.")) from err
    except expat.ExpatError as err:
        raise Invalid(_("The file is damaged: a part of it cannot be read.")) from err
    except _Doctype as err:
        raise Invalid(
            _("The file holds declarations that are not accepted. Save it again with your office program.")
        ) from err


def _check_entries(entries: list[zipfile.ZipInfo], main_part: str) -> None:
    if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > LARGEST_UNPACKED:
        raise _too_large()
    names = {e.filename for e in entries}
    if main_part not in names or "[Content_Types].xml" not in names or len(names) != len(entries):
        raise Invalid(_("The file is damaged, or it is not the kind of file that its name says."))
    if any(e.flag_bits & 1 for e in entries):
        raise Invalid(_("The file is protected by a password. Remove the password and upload it again."))
    if any(PurePosixPath(name).name.lower() in MACROS for name in names):
        raise _macros()


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """Unpack one part piece by piece; return how many bytes the following may have."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    parser = expat.ParserCreate() if is_xml else None
    if parser is not None:
        parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(entry) as part:
        first = True
        while chunk := part.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise _too_large()
            if first and entry.filename.startswith("xl/") and chunk.startswith(b"PK\x03\x04"):
                raise Invalid(_("The file has other files inside. Remove them and upload it again."))
            if entry.filename == "[Content_Types].xml" and b"macroenabled" in chunk.lower():
                raise _macros()
            if parser is not None:
                parser.Parse(chunk, False)
            first = False
    if parser is not None:
        parser.Parse(b"", True)
    return left


def _refuse_doctype(*_arguments: object) -> None:
    raise _Doctype


def _too_large() -> Invalid:
    return Invalid(_("The file unpacks to more than %(megabytes)d MB.", megabytes=LARGEST_UNPACKED // 2**20))


def _macros() -> Invalid:
    return Invalid(_("Files with macros are not accepted. Save it without macros and upload it again."))
