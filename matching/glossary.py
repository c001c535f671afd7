"""The bilingual resources as plain tables that a domain expert extends in a spreadsheet, and their checker.

`python -m matching.glossary FILE...` names every fault by line; exit status 1 when there are any.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

RESOURCES = Path(__file__).parent / "resources"
COLUMNS = ("id", "domain", "vi", "en", "ja", "ko", "note")
CODE_COLUMNS = ("version", "code", "vi", "en", "isic", "note")
GLOSSARIES = ("glossary.csv", "everyday.csv")
SYNONYM = "|"
MAX_CELL = 500


class Fault(NamedTuple):
    """What is wrong where; `line` counts from 1, the header is line 1."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


class GlossaryError(ValueError):
    """A resource file with faults; `faults` has them all."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        shown = "; ".join(map(str, faults[:5])) + (f"; and {len(faults) - 5} more" if len(faults) > 5 else "")
        super().__init__(f"{path.name}: {shown}")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Entry:
    """One idea with its names; the first name of a language is the preferred one."""

    id: str
    domain: str
    vi: tuple[str, ...]
    en: tuple[str, ...]
    ja: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """One line of the industry classification."""

    version: str
    code: str
    vi: str
    en: str
    isic: str


def read_glossary(path: Path) -> tuple[Entry, ...]:
    """The entries of a glossary file. Raises GlossaryError naming every fault by line, OSError when unreadable."""
    faults, rows = _rows(path, COLUMNS)
    entries: list[Entry] = []
    ids: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    for line, row in rows:
        faults += [Fault(line, f"no {name}") for name in ("id", "domain", "vi", "en") if not row[name]]
        if row["id"] in ids:
            faults.append(Fault(line, f"id {row['id']} is already used on line {ids[row['id']]}"))
        ids.setdefault(row["id"], line)
        names = {}
        for language in ("vi", "en", "ja", "ko"):
            names[language] = _names(row[language])
            faults += [Fault(line, f"{language}: {problem}") for problem in _name_faults(row[language])]
        for pair in ((vi, en) for vi in names["vi"] for en in names["en"]):
            if pairs.setdefault(pair, line) != line:
                faults.append(Fault(line, f"{pair[0]} = {pair[1]} stands on line {pairs[pair]} already"))
        entries.append(Entry(row["id"], row["domain"], **names))
    if faults:
        raise GlossaryError(path, sorted(faults))
    return tuple(entries)


def read_codes(path: Path) -> tuple[Code, ...]:
    """The lines of an industry classification. Raises GlossaryError, OSError as `read_glossary`."""
    faults, rows = _rows(path, CODE_COLUMNS)
    seen: set[tuple[str, str]] = set()
    codes: list[Code] = []
    for line, row in rows:
        faults += [Fault(line, f"no {name}") for name in ("version", "code", "vi") if not row[name]]
        key = (row["version"], row["code"])
        if key in seen:
            faults.append(Fault(line, f"code {row['code']} of {row['version']} is there twice"))
        seen.add(key)
        codes.append(Code(row["version"], row["code"], row["vi"], row["en"], row["isic"]))
    if faults:
        raise GlossaryError(path, sorted(faults))
    return tuple(codes)


@cache
def shipped_glossary() -> tuple[Entry, ...]:
    """The entries that come with the engine: the terms of the trades, then everyday words."""
    return tuple(entry for name in GLOSSARIES for entry in read_glossary(RESOURCES / name))


@cache
def shipped_codes() -> tuple[Code, ...]:
    """The industry classification that comes with the engine; empty when there is none."""
    path = RESOURCES / "vsic.csv"
    return read_codes(path) if path.exists() else ()


def _names(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in cell.split(SYNONYM) if name.strip()))


def _name_faults(cell: str) -> Iterator[str]:
    if not cell:
        return
    names = [name.strip() for name in cell.split(SYNONYM)]
    if "" in names:
        yield "an empty name between bars"
    if len({name.lower() for name in names}) < len(names):
        yield "the same name twice"


def _rows(path: Path, columns: tuple[str, ...]) -> tuple[list[Fault], list[tuple[int, dict[str, str]]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise GlossaryError(path, [Fault(1, f"not UTF-8 at byte {error.start}")]) from error
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    faults: list[Fault] = []
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = tuple(next(reader, ()))
        if header != columns:
            return [Fault(1, f"the header is {','.join(header) or 'missing'}, expected {','.join(columns)}")], []
        for cells in reader:
            if not any(cells):
                continue
            line = reader.line_num
            if len(cells) != len(columns):
                faults.append(Fault(line, f"{len(cells)} cells, expected {len(columns)}"))
                continue
            faults += [Fault(line, problem) for cell in cells for problem in _cell_faults(cell)]
            rows.append((line, dict(zip(columns, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        faults.append(Fault(reader.line_num, f"not a table: {error}"))
    return faults, rows


def _cell_faults(cell: str) -> Iterator[str]:
    if cell != unicodedata.normalize("NFC", cell):
        yield f"{cell!r} is not NFC"
    if any(unicodedata.category(c)[0] == "C" for c in cell):
        yield f"{cell!r} holds an invisible character"
    if len(cell) > MAX_CELL:
        yield f"a cell of {len(cell)} characters, at most {MAX_CELL}"


def main(paths: list[str]) -> int:
    """Check the files named, or the shipped ones. Returns the exit status."""
    status = 0
    for path in map(Path, paths or [str(RESOURCES / name) for name in (*GLOSSARIES, "vsic.csv")]):
        try:
            read = read_codes if "vsic" in path.name else read_glossary
            sys.stdout.write(f"{path}: {len(read(path))} lines, no fault\n")
        except GlossaryError as error:
            status = 1
            sys.stdout.writelines(f"{path}: {fault}\n" for fault in error.faults)
        except OSError as error:
            status = 1
            sys.stdout.write(f"{path}: {error.strerror}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
