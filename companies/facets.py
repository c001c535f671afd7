"""The directory as bits: one bit for each organisation, so that every facet is counted in microseconds. Pure.

An index holds only what everybody may read. A count is the number of bits that are left, so no count can tell of a
row that is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Facet(StrEnum):
    """What the directory is narrowed by; the values are the names of the arguments in the address."""

    KIND = "kind"
    SECTOR = "sector"
    STATUS = "status"
    TOP10 = "top10"
    YEAR = "year"
    HS = "hs"
    CERTIFICATE = "certificate"
    COMMUNE = "commune"


@dataclass(frozen=True)
class Entry:
    """An organisation as the directory finds it. `products`: search keys, of its products and of its titles."""

    id: int
    sort_key: str
    text: str
    products: tuple[str, ...] = ()
    facts: Mapping[Facet, frozenset[str]] = field(default_factory=dict)


class Index:
    """Entries in the order of the alphabet; the bit 1 << n stands for the n-th."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = sorted(entries, key=lambda entry: (entry.sort_key, entry.id))
        self.all = (1 << len(self.entries)) - 1
        self.everybody = [entry.id for entry in self.entries]
        self.texts = ["\n".join((entry.text, *entry.products)) for entry in self.entries]
        self.bits: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
        for place, entry in enumerate(self.entries):
            for facet, values in entry.facts.items():
                known = self.bits[facet]
                for value in values:
                    known[value] = known.get(value, 0) | 1 << place

    def found(
        self, chosen: Mapping[Facet, str], words: Sequence[str] = (), product: Sequence[str] = ()
    ) -> dict[Facet | None, int]:
        """The bits that fit everything (under None), and for each facet those that fit all but that facet.

        `words`: all of them in the organisation's own text, or all in one of its products. `product`: in a product.
        """
        base = self._texts(words, product)
        masks = {facet: self.bits[facet].get(value, 0) for facet, value in chosen.items()}
        left: dict[Facet | None, int] = {None: _and(base, masks.values())}
        for facet in Facet:
            left[facet] = _and(base, (mask for other, mask in masks.items() if other is not facet))
        return left

    def counts(self, facet: Facet, left: int) -> dict[str, int]:
        """How many of the organisations that are left have each value; none at all is not listed."""
        counted = ((value, (bits & left).bit_count()) for value, bits in self.bits[facet].items())
        return {value: number for value, number in counted if number}

    def ids(self, left: int) -> list[int]:
        """The ids of these bits, in the order of the alphabet."""
        if left == self.all:
            return self.everybody
        return [self.entries[place].id for place in places(left)]

    def _texts(self, words: Sequence[str], product: Sequence[str]) -> int:
        if not words and not product:
            return self.all
        wanted = (*words, *product)
        digits = [
            "1" if wanted[0] in text and _has(text, wanted) and self._in_parts(place, words, product) else "0"
            for place, text in enumerate(self.texts)
        ]
        return int("".join(reversed(digits)) or "0", 2)

    def _in_parts(self, place: int, words: Sequence[str], product: Sequence[str]) -> bool:
        """Whether the words stand together in one part of an entry, not one here and one there."""
        entry = self.entries[place]
        together = not words or _has(entry.text, words) or any(_has(key, words) for key in entry.products)
        return together and (not product or any(_has(key, product) for key in entry.products))


def places(bits: int) -> Iterator[int]:
    """The positions of the bits that are set, from the lowest."""
    for place, digit in enumerate(reversed(f"{bits:b}")):
        if digit == "1":
            yield place


def _and(base: int, masks: Iterable[int]) -> int:
    for mask in masks:
        base &= mask
    return base


def _has(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)
