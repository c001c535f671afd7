"""PDF by Typst. Templates are files of ours; what people typed goes in as JSON and is never template source.

The compiler runs in a process of its own, with a time and a memory limit, an empty environment, and no file to
read but the templates.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import vietnamese
from core.documents import glyphs
from core.documents.csv import printable
from core.errors import Unavailable
from core.i18n import _
from core.logs import log

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates" / "pdf"
LONGEST_TEXT = 20_000  # characters of one value
LARGEST_DATA = 20 * 2**20  # bytes of JSON
# Few threads and heaps: on a machine of many cores their address space alone would exceed the limit.
ENVIRONMENT = {"RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
SECONDS, MEMORY = 10.0, 1_500 * 2**20


def render(template: str, data: Mapping[str, Any], *, language: str = "vi", seconds: float = SECONDS) -> bytes:
    """The PDF of `templates/pdf/<template>` with `data`. Outside a write block: this takes from 0.3 s up.

    Values are text, numbers, booleans, None, lists and mappings of them. Text is made printable: over-long values
    are cut, letters that no font of ours has become "?". Raise Unavailable when it takes longer than `seconds`.
    """
    if template not in _templates():
        raise LookupError(f"no template {template!r} in templates/pdf")
    request = json.dumps(_clean(data), ensure_ascii=False).encode()
    if len(request) > LARGEST_DATA:
        raise _too_much()
    command = [sys.executable, "-I", str(Path(__file__).with_name("typst_process.py")), str(TEMPLATES), template]
    command += [language, str(glyphs.font_folder()), str(MEMORY), str(int(seconds) + 1)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and no shell
            command, input=request, capture_output=True, timeout=seconds, env=ENVIRONMENT, check=False
        )
    except subprocess.TimeoutExpired as err:
        log.error("a document took too long", extra={"detail": template})
        raise Unavailable(_("Making the document took too long. Choose less, or try again later.")) from err
    if done.returncode < 0:  # ended by a signal: a limit was met
        log.error("a document was too large", extra={"detail": template})
        raise _too_much()
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        reason = done.stderr.decode("utf-8", "replace")[-600:]
        log.error("a document could not be made", extra={"detail": f"{template}: {reason}"})
        raise Unavailable(_("The document could not be made. The fault has been recorded."))
    return done.stdout


def _too_much() -> Unavailable:
    return Unavailable(_("There is too much data for one document. Choose fewer rows."))


@cache
def _templates() -> frozenset[str]:
    return frozenset(path.name for path in TEMPLATES.glob("*.typ"))


def _clean(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return vietnamese.cap(glyphs.drawable(printable(str(value))), LONGEST_TEXT)
