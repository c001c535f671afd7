"""What the engine is told about a participant: parts with a role, and structured facts beside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Role = Literal["need", "offer"]
ROLES: tuple[Role, Role] = ("need", "offer")
MAX_TEXT = 60_000  # characters of one field; a longer text is cut

Range = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One need or one offer.

    `kind`: loan, technical_problem, research, trade, programme, process, part, equipment, product, service, general,
    or any other word; an unknown kind compares like "general". `vi`, `en`: the text in the two languages of the site;
    `other`: a text in another or an unknown language. `tags`: purposes, collateral, readiness levels and the like, as
    codes. `amount`: VND for a loan, head-count for a trade or programme, else a capacity in the kind's own unit;
    `term_months` and `amount` are (from, to), None for open. `certificates` of a need are required, of an offer held.

    NaN, infinite and negative numbers count as not given; a range given upside down is turned.
    """

    role: Role
    kind: str = "general"
    vi: str = ""
    en: str = ""
    other: str = ""
    tags: tuple[str, ...] = ()
    amount: Range = (None, None)
    term_months: tuple[int | None, int | None] = (None, None)
    certificates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"a part is a need or an offer, not {self.role!r}")
        for name in ("vi", "en", "other"):
            text = getattr(self, name)
            if not isinstance(text, str):
                raise TypeError(f"{name} of a part is text, not {type(text).__name__}")
            object.__setattr__(self, name, text[:MAX_TEXT])
        object.__setattr__(self, "amount", _range(self.amount))
        object.__setattr__(self, "term_months", _range(self.term_months))
        object.__setattr__(self, "tags", tuple(self.tags))
        object.__setattr__(self, "certificates", tuple(self.certificates))

    @property
    def texts(self) -> tuple[str, str, str]:
        """(Vietnamese, English, other)."""
        return self.vi, self.en, self.other

    @property
    def empty(self) -> bool:
        """Whether the part has no text at all."""
        return not (self.vi.strip() or self.en.strip() or self.other.strip())


LISTS = ("sectors", "vsic", "hs", "certificates", "markets", "languages", "countries", "near", "declined")


@dataclass(frozen=True, slots=True)
class Profile:
    """A participant as the engine sees it; `key` is opaque and unique within one list.

    `sectors`: codes of the site's sectors. `vsic`: industry codes (two digits compare). `hs`: tariff codes (chapter
    and heading compare). `certificates`: held. `markets`, `countries`, `languages`: codes. `revenue`: VND a year.
    `near`: communes around its own. `group`: members of one group never meet. `declined`: keys of partners that this
    participant will not meet.
    """

    key: str
    parts: tuple[Part, ...] = ()
    sectors: tuple[str, ...] = ()
    vsic: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    employees: int | None = None
    revenue: float | None = None
    commune: str | None = None
    near: tuple[str, ...] = ()
    province: str | None = None
    group: str | None = None
    declined: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or not self.key:
            raise ValueError("a profile needs a key")
        for name in (
            "sectors",
            "vsic",
            "hs",
            "certificates",
            "markets",
            "languages",
            "countries",
            "near",
            "declined",
        ):
            values = getattr(self, name)
            if isinstance(values, str):
                raise TypeError(f"{name} of profile {self.key} is a tuple of text, not one text")
            object.__setattr__(self, name, tuple(values))
        seen: dict[Part, None] = dict.fromkeys(self.parts)  # the same part twice counts once
        object.__setattr__(self, "parts", tuple(seen))
        object.__setattr__(self, "revenue", _amount(self.revenue))
        object.__setattr__(self, "employees", _amount(self.employees))

    def of_role(self, role: Role) -> tuple[Part, ...]:
        """The needs or the offers."""
        return tuple(part for part in self.parts if part.role == role)


def _amount(value: float | None) -> float | None:
    if value is None or not math.isfinite(value) or value < 0:
        return None
    return value


def _range(value: Range) -> Range:
    low, high = (_amount(bound) for bound in value)
    return (high, low) if low is not None and high is not None and low > high else (low, high)
