"""Office files are ZIP archives of XML: what they must not be, found out without trusting what they declare."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.parsers import expat

from core.errors import Invalid
from core.i18n import _

MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 80 * 2**20  # bytes of all parts together
MOST_ELEMENTS = 2_000_000  # of XML, all parts together: a million cells and what belongs to them
MOST_ROWS = 100_000  # of a spreadsheet, empty formatted ones too
CHUNK = 64 * 2**10
MACROS = ("vbaproject.bin", "vbadata.xml")
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class _Doctype(Exception):
    """A part declares a document type: the way to entities that grow or read files."""


@dataclass
class Survey:
    """What was met while unpacking. `left` is how many bytes may still come."""

    left: int = LARGEST_UNPACKED
    elements: int = 0
    rows: int = 0
    formulas: bool = False

    def meet(self, name: str, attributes: dict[str, str]) -> None:
        """Count an element; raise Invalid when there are too many."""
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise Invalid(_("The file holds too many cells or paragraphs. Divide it."))
        name = name.rpartition(":")[2]
        if name == "row":
            self.rows += 1
            if self.rows > MOST_ROWS or int(attributes.get("r", 0)) > MOST_ROWS:
                raise Invalid(
                    _(
                        "The spreadsheet has more than %(rows)d rows, perhaps empty ones with a format. "
                        "Delete the rows below the table and save it again.",
                        rows=MOST_ROWS,
                    )
                )
        elif name == "f":
            self.formulas = True


def check_office(data: bytes, main_part: str) -> Survey:
    """Raise Invalid unless `data` is a plain Office file that holds `main_part`.

    Refused: damaged or encrypted archives, too many or too large parts (counted while unpacking, not as
    declared), macros, document type declarations, and archives within a spreadsheet. Memory stays bounded.
    """
    survey = Survey()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_entries(archive.infolist(), main_part)
            for entry in archive.infolist():
                _check_part(archive, entry, survey)
    except DAMAGED as err:
        raise Invalid(_("The file is damaged, or it is not the kind of file that its name says.")) from err
    except expat.ExpatError as err:
        raise Invalid(_("The file is damaged: a part of it cannot be read.")) from err
    except _Doctype as err:
        words = _("The file holds declarations that are not accepted. Save it again with your office program.")
        raise Invalid(words) from err
    return survey


def _check_entries(entries: list[zipfile.ZipInfo], main_part: str) -> None:
    if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > LARGEST_UNPACKED:
        raise _too_large()
    names = {e.filename for e in entries}
    if any(PurePosixPath(name).name.lower() in MACROS for name in names):
        raise _macros()
    if main_part not in names or "[Content_Types].xml" not in names or len(names) != len(entries):
        raise Invalid(_("The file is damaged, or it is not the kind of file that its name says."))
    if any(e.flag_bits & 1 for e in entries):
        raise Invalid(_("The file is protected by a password. Remove the password and upload it again."))


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, survey: Survey) -> None:
    """Unpack one part piece by piece, and read it as XML if it is to be that."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    parser = expat.ParserCreate() if is_xml else None
    if parser is not None:
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = survey.meet
    with archive.open(entry) as part:
        first = True
        while chunk := part.read(CHUNK):
            survey.left -= len(chunk)
            if survey.left < 0:
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


def _refuse_doctype(*_arguments: object) -> None:
    raise _Doctype


def _too_large() -> Invalid:
    return Invalid(_("The file unpacks to more than %(megabytes)d MB.", megabytes=LARGEST_UNPACKED // 2**20))


def _macros() -> Invalid:
    return Invalid(_("Files with macros are not accepted. Save it without macros and upload it again."))
