"""The picture of the communes: how many recognised firms or products each has, and how dark its tile is. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from companies.places import Tile

SHADES = 4  # besides nothing


@dataclass(frozen=True)
class Shaded:
    """A tile with its number. `lines`: the name in at most three short lines."""

    tile: Tile
    number: int
    shade: int
    lines: Sequence[str]


def limits(numbers: Iterable[int], shades: int = SHADES) -> list[int]:
    """The highest number of each shade but the last: quarters of the communes that have any, without repetition."""
    there = sorted(number for number in numbers if number)
    cuts = {there[len(there) * n // shades] for n in range(1, shades)} if there else set()
    return sorted(cut for cut in cuts if cut < there[-1])


def bounds(numbers: Collection[int], shades: int = SHADES) -> list[tuple[int, int]]:
    """The lowest and the highest number of each shade that is used, for the legend."""
    highs = [*limits(numbers, shades), *([max(numbers)] if any(numbers) else [])]
    return [(low, high) for low, high in zip([1, *(high + 1 for high in highs)], highs, strict=False)]


def shaded(tiles: Iterable[Tile], numbers: Mapping[str, int]) -> list[Shaded]:
    """Every tile with its shade: 0 for none, then the darker the more."""
    cuts = limits(numbers.values())
    made = []
    for tile in tiles:
        number = numbers.get(tile.name, 0)
        shade = 0 if not number else 1 + sum(number > cut for cut in cuts)
        made.append(Shaded(tile, number, shade, lines(tile.name)))
    return made


def lines(name: str, width: int = 9) -> list[str]:
    """The name cut between words, so that it fits a tile: ``Văn Miếu - Quốc Tử Giám`` -> three lines."""
    made: list[str] = []
    for word in name.replace(" - ", " ").split():
        if made and len(made[-1]) + 1 + len(word) <= width:
            made[-1] += f" {word}"
        else:
            made.append(word)
    return made
