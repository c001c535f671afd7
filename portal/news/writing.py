"""Plain text as people write it -> paragraphs with links. Everything else that looks like markup stays text."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

LINK = re.compile(r"https?://[^\s<>\"']{1,500}")
TRAILING = ".,;:!?)]}…"


def paragraphs(text: str) -> Markup:
    """A blank line parts paragraphs, a line break stays one; addresses of http and https become links."""
    blocks = [block.strip() for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    return Markup("\n").join(Markup("<p>{}</p>").format(_lines(block)) for block in blocks)


def _lines(block: str) -> Markup:
    return Markup("<br>").join(_linked(line) for line in block.splitlines())


def _linked(line: str) -> Markup:
    parts: list[Markup] = []
    end = 0
    for match in LINK.finditer(line):
        address = match.group().rstrip(TRAILING)
        parts.append(escape(line[end : match.start()]))
        parts.append(Markup('<a href="{0}" rel="nofollow noopener external">{0}</a>').format(address))
        end = match.start() + len(address)
    return Markup("").join([*parts, escape(line[end:])])
