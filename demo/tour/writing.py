"""docs/tour.md: the stops in sections, both languages side by side."""

from __future__ import annotations

from collections.abc import Iterator

from demo.tour.stops import SECTIONS, Stop

HEAD = """# The site in pictures

Taken by `./run tour` from a fresh demo: organisations and figures are invented, except recognised firms with publicly
reported facts. The pictures of the day are taken with the clock set to the conference's first morning. Wide: 1280 px;
narrow: 390 px, where a page is read on phones. Vietnamese first, English beside it.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_lines()]).rstrip() + "\n"


def _lines() -> Iterator[str]:
    for section in SECTIONS:
        yield f"## {section.en} · {section.vi}\n"
        for stop in section.stops:
            yield f"### {stop.en}\n\n*{stop.vi}*\n"
            yield "| Tiếng Việt | English |\n|---|---|"
            yield from (_row(stop, width) for width in stop.widths)
            yield ""


def _row(stop: Stop, width: int) -> str:
    vi, en = (f"images/{stop.picture(language, width)}" for language in ("vi", "en"))
    return f"| ![{stop.vi}]({vi}) | ![{stop.en}]({en}) |"
