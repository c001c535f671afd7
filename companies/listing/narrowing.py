"""What the directory is narrowed by: from the address to filters, and back to groups of links with their counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode

from flask import request

import vietnamese
from companies import catalogue, places
from companies.directory import Filters, Found
from companies.enums import KIND_LABELS, RECOGNITION_LABELS, SECTOR_LABELS, Kind, Recognition, Sector
from companies.facets import Facet
from core.i18n import _, _l, language

Code = TypeVar("Code")
LONGEST = 200  # characters of a search that are read
SHOWN = 7  # values of a group before the rest is folded away

TITLES = {
    Facet.KIND: _l("Kind"),
    Facet.SECTOR: _l("Sector"),
    Facet.STATUS: _l("Status"),
    Facet.TOP10: _l("Top 10"),
    Facet.YEAR: _l("Recognised in"),
    Facet.HS: _l("HS code"),
    Facet.CERTIFICATE: _l("Certificate"),
    Facet.COMMUNE: _l("Commune"),
}


@dataclass(frozen=True)
class Choice:
    """A value that the list can be narrowed to, and how many organisations it would leave.

    `url` narrows the list to it, or no more where it is chosen.
    """

    label: str
    number: str
    chosen: bool
    url: str


@dataclass(frozen=True)
class Group:
    """A facet with its values."""

    facet: Facet
    title: Any
    choices: Sequence[Choice]
    shown: int = SHOWN

    @property
    def name(self) -> str:
        """The argument's name in the address."""
        return self.facet.value


@dataclass(frozen=True)
class Chip:
    """A filter that is on; `name` is the argument that goes when it is taken away."""

    name: str
    label: str


def filters(arguments: Mapping[str, str] | None = None) -> Filters:
    """The filters in the address, or in `arguments`; what cannot be meant is ignored."""
    given = (request.args if arguments is None else arguments).get
    year, hs = given("year", ""), given("hs", "")
    return Filters(
        text=given("q", "")[:LONGEST].strip(),
        product=given("product", "")[:LONGEST].strip(),
        kind=_code(Kind, given("kind", "")),
        sector=_code(Sector, given("sector", "")),
        hs=hs if hs.isascii() and hs.isdigit() and len(hs) in (2, 4) else "",
        certificate=catalogue.certificate_key(given("certificate", "")[:80]),
        commune=places.commune(given("commune", "")[:80]) or "",
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        top10=given("top10") == "1",
        recognition=_code(Recognition, given("status", "")),
    )


def _code(kind: type[Code], value: str) -> Code | None:
    try:
        return kind(value)  # type: ignore[call-arg]
    except ValueError:
        return None


def groups(asked: Filters, found: Found) -> list[Group]:
    """The facets that can narrow the list further or are on, each value with its count."""
    chosen, labels, comma = asked.chosen(), _labels(found), "," if language() == "en" else "."
    made = []
    for facet, title in TITLES.items():
        counts = dict(found.counts[facet])
        if facet in chosen:
            counts.setdefault(chosen[facet], 0)
        if facet is Facet.HS:
            counts = _of_chapter(counts, chosen.get(facet, ""))
        here = _address_without(facet)
        choices = [
            Choice(
                label=labels[facet](value),
                number=f"{number:,}".replace(",", comma),
                chosen=(on := chosen.get(facet) == value),
                url=here if on else f"{here}{'&' if '?' in here else '?'}{facet.value}={quote_plus(value)}",
            )
            for value, number in _ordered(facet, counts)
        ]
        if choices:
            made.append(Group(facet, title, choices))
    return made


def chips(asked: Filters, found: Found) -> list[Chip]:
    """The filters that are on, each to be taken away."""
    labels = _labels(found)
    made = [Chip("q", f"“{asked.text}”")] if asked.text else []
    if asked.product:
        made.append(Chip("product", _("Product: %(words)s", words=asked.product)))
    for facet, value in asked.chosen().items():
        label = labels[facet](value)
        made.append(Chip(facet.value, label if facet is Facet.TOP10 else f"{TITLES[facet]}: {label}"))
    return made


def _address_without(facet: Facet) -> str:
    """The address of this list without that facet and on its first page."""
    kept = [(name, value) for name, value in request.args.items() if name not in (facet.value, "page")]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def heading_label(code: str) -> str:
    """A chapter with its title, a heading with its number alone: ``84 · Machinery``, ``8481``."""
    title = catalogue.chapters().get(code[:2]) if len(code) == 2 else None
    return f"{code} · {title[language() == 'en']}" if title else code


def _labels(found: Found) -> Mapping[Facet, Callable[[str], str]]:
    return {
        Facet.KIND: lambda value: str(KIND_LABELS[Kind(value)]),
        Facet.SECTOR: lambda value: str(SECTOR_LABELS[Sector(value)]),
        Facet.STATUS: lambda value: str(RECOGNITION_LABELS[Recognition(value)]),
        Facet.TOP10: lambda value: _("Top 10 only"),
        Facet.YEAR: str,
        Facet.HS: heading_label,
        Facet.CERTIFICATE: lambda value: found.certificates.get(value, value),
        Facet.COMMUNE: str,
    }


def _of_chapter(counts: Mapping[str, int], code: str) -> dict[str, int]:
    """All chapters, and under the chosen chapter its headings."""
    return {value: n for value, n in counts.items() if len(value) == 2 or (code and value[:2] == code[:2])}


def _ordered(facet: Facet, counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    order: dict[Facet, Callable[[tuple[str, int]], Any]] = {
        Facet.KIND: lambda row: list(Kind).index(Kind(row[0])),
        Facet.SECTOR: lambda row: list(Sector).index(Sector(row[0])),
        Facet.STATUS: lambda row: list(Recognition).index(Recognition(row[0])),
        Facet.YEAR: lambda row: -int(row[0]),
        Facet.HS: lambda row: (len(row[0]), -row[1], row[0]),
        Facet.COMMUNE: lambda row: (-row[1], vietnamese.sort_key(row[0])),
    }
    return sorted(counts.items(), key=order.get(facet, lambda row: (-row[1], row[0])))
