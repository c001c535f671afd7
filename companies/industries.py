"""The industry codes of Vietnam (VSIC) with their labels: the version of 2018, and what is known of that of 2025."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

TO_BE_CHECKED = "to be checked"


@dataclass(frozen=True)
class Industry:
    """A code with its labels. `checked`: compared with the official text."""

    version: str
    code: str
    vi: str
    en: str
    checked: bool

    def label(self, language: str) -> str:
        return self.en if language == "en" else self.vi


@lru_cache
def industries() -> Mapping[tuple[str, str], Industry]:
    """All codes that have a label here, by version and code; letters of sections are left out."""
    with files("matching").joinpath("resources/vsic.csv").open(encoding="utf-8") as file:
        rows = [
            Industry(row["version"], row["code"], row["vi"], row["en"], row["note"] != TO_BE_CHECKED)
            for row in csv.DictReader(file)
            if row["code"].isdigit()
        ]
    return {(row.version, row.code): row for row in rows}


def industry(version: str | None, code: str | None) -> Industry | None:
    """The code, or the nearest one above it that has a label (25999 -> 2599)."""
    for length in range(len(code or ""), 1, -1):
        if found := industries().get((version or "", (code or "")[:length])):
            return found
    return None
