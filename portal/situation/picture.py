"""The trend by sector as a small picture: points of a line in SVG's own coordinates, no style in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from companies.enums import Sector
from portal.situation.enums import Step
from portal.situation.queries import Tally

WIDTH, HEIGHT, EDGE = 160, 40, 5


@dataclass(frozen=True)
class Line:
    """A sector's line: points as SVG writes them, the places of dots, and the last balance."""

    sector: Sector | None
    firms: int
    points: str
    dots: Sequence[tuple[float, float]]
    last: float | None


def trend_rows(tallies: Mapping[Sector | None, Sequence[Tally]], step: Step = Step.PRODUCTION) -> list[Line]:
    """A line for each sector, the one with most answers in the last round first."""
    lines = [_line(sector, rows, step) for sector, rows in tallies.items()]
    return sorted(lines, key=lambda line: (-line.firms, str(line.sector or "~")))


def _line(sector: Sector | None, rows: Sequence[Tally], step: Step) -> Line:
    balances = [row.balance(step) for row in rows]
    apart = (WIDTH - 2 * EDGE) / max(1, len(rows) - 1)
    dots = [
        (round(EDGE + n * apart, 1), round(HEIGHT / 2 - value * (HEIGHT / 2 - EDGE), 1))
        for n, value in enumerate(balances)
        if value is not None
    ]
    return Line(sector, rows[-1].firms, " ".join(f"{x},{y}" for x, y in dots), dots, balances[-1])
