"""Lists page on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

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
    """The page `number` (clamped to those there are) of the rows of `query`, with their number, in one query.

    A page beyond the last takes two more.
    """
    wanted = _number(number)
    page = _read(query, wanted, per_page)
    if page.rows or wanted == 1:
        return page
    return _read(query, _clamped(wanted, count(query), per_page), per_page)


def _read(query: Select[Any], number: int, per_page: int) -> Page[Any]:
    total = select(func.count()).select_from(query.order_by(None).subquery()).scalar_subquery()
    part = query.add_columns(total).limit(per_page).offset((number - 1) * per_page)
    rows = session.execute(part).unique().all()
    return Page([row[0] for row in rows], number, rows[0][-1] if rows else 0, per_page)


def page_of_keys(keys: Sequence[T], number: int | str | None, per_page: int = PER_PAGE) -> Page[T]:
    """The page `number` (clamped to those there are) of a list, of keys or of anything, that is known already."""
    number = _clamped(number, len(keys), per_page)
    return Page(keys[(number - 1) * per_page : number * per_page], number, len(keys), per_page)


def _clamped(number: int | str | None, total: int, per_page: int) -> int:
    return min(_number(number), max(1, -(-total // per_page)))


def _number(text: int | str | None) -> int:
    """A page number as somebody sent it."""
    given = str(text or 1)
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 8 else 1
