"""Lists page on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from core.db import count, session

T = TypeVar("T")
PER_PAGE = 25


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. `number` begins at 1."""

    rows: Sequence[T]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """The position of the first row shown, from 1; 0 in an empty list."""
        return min(self.total, (self.number - 1) * self.per_page + 1)

    @property
    def last(self) -> int:
        return min(self.total, self.number * self.per_page)

    def shown_pages(self, around: int = 2) -> list[int | None]:
        """Page numbers to offer: the ends and those around this one; None for a gap."""
        near = {1, self.pages, *range(self.number - around, self.number + around + 1)}
        out: list[int | None] = []
        for n in sorted(n for n in near if 1 <= n <= self.pages):
            if out and out[-1] is not None and n > out[-1] + 1:
                out.append(None)
            out.append(n)
        return out


def page_of(query: Select[Any], number: int | str | None, per_page: int = PER_PAGE) -> Page[Any]:
    """The page `number` (clamped to those there are) of the rows of `query`: two queries."""
    total = count(query)
    number = _clamped(number, total, per_page)
    rows = session.scalars(query.limit(per_page).offset((number - 1) * per_page)).unique().all()
    return Page(rows, number, total, per_page)


def page_of_keys(keys: Sequence[T], number: int | str | None, per_page: int = PER_PAGE) -> Page[T]:
    """The page `number` (clamped to those there are) of a list, of keys or of anything, that is known already."""
    number = _clamped(number, len(keys), per_page)
    return Page(keys[(number - 1) * per_page : number * per_page], number, len(keys), per_page)


def _clamped(number: int | str | None, total: int, per_page: int) -> int:
    text = str(number or 1)
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    return min(max(1, wanted), max(1, -(-total // per_page)))
