"""The Vietnamese catalogue is complete, and keeps the placeholders of the English source."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
SOURCES = ["app.py", "core", "accounts", "companies", "events", "portal", "jobs", "templates"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="vi")


def texts(message):
    return (message.id if isinstance(message.id, tuple | list) else (message.id,)), (
        message.string if isinstance(message.string, tuple | list) else (message.string,)
    )


def test_every_string_of_the_sources_has_its_vietnamese(tmp_path):
    pot = tmp_path / "messages.pot"
    command = [
        "extract",
        "-F",
        "babel.cfg",
        "--ignore-dirs",
        ".*",
        "-k",
        "_l",
        "-k",
        "ngettext:1,2",
        "-o",
        str(pot),
        *SOURCES,
    ]
    subprocess.run([Path(sys.executable).with_name("pybabel"), "-q", *command], cwd=ROOT, check=True)
    with pot.open("rb") as file:
        wanted = {texts(m)[0][0] for m in read_po(file) if m.id}
    held = {texts(m)[0][0] for m in catalogue() if m.id and all(texts(m)[1])}
    assert wanted - held == set()


def test_nothing_in_the_catalogue_is_fuzzy_or_empty():
    assert [m.id for m in catalogue() if m.id and (m.fuzzy or not all(texts(m)[1]))] == []


def test_translations_keep_the_placeholders():
    for message in catalogue():
        if message.id:
            sources, translations = texts(message)
            allowed = set().union(*(PLACEHOLDER.findall(s) for s in sources))
            for translation in translations:
                assert set(PLACEHOLDER.findall(translation)) <= allowed, message.id
                assert set(PLACEHOLDER.findall(sources[-1])) <= {*PLACEHOLDER.findall(translation), "%(num)d"}, (
                    message.id
                )
