"""What a need or an offer states besides its text, by class: one table that the form, the check, the profile and the
matcher read. Values are kept typed as JSON: codes, whole numbers, numbers, days as 2026-11-22, lists. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

import vietnamese
from companies.enums import Kind, NeedClass, NeedRole
from core import dates
from core.errors import Invalid
from core.i18n import _, _l, force_locale


class Type(StrEnum):
    """What a detail's value is."""

    CODES = "codes"  # several of `labels`
    LINES = "lines"  # several texts
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, eq=False)
class Detail:
    """One thing that is asked. `most`: the largest number, or how many characters a text may have."""

    name: str
    label: Any
    type: Type
    hint: Any = ""
    labels: Mapping[str, Any] | None = None
    least: float = 0
    most: float = 120
    unit: Any = ""


PURPOSES = {
    "working_capital": _l("Working capital"),
    "investment": _l("Investment in plant and machines"),
    "export": _l("Export finance"),
    "green": _l("Green and energy-saving investment"),
    "trade": _l("Guarantee and letter of credit"),
}
COLLATERALS = {
    "real_estate": _l("Land and buildings"),
    "machinery": _l("Machines and vehicles"),
    "receivables": _l("Receivables and orders"),
    "guarantee": _l("Guarantee by a fund or a third party"),
    "none": _l("Without collateral"),
}
PROCESSES = {
    "turning": _l("Turning"),
    "milling": _l("Milling and machining centres"),
    "grinding": _l("Grinding"),
    "edm": _l("Spark erosion"),
    "sheet_metal": _l("Laser cutting and bending"),
    "stamping": _l("Stamping"),
    "welding": _l("Welding"),
    "casting": _l("Casting"),
    "forging": _l("Forging"),
    "moulding": _l("Injection moulding"),
    "extrusion": _l("Extrusion"),
    "heat_treatment": _l("Heat treatment"),
    "surface": _l("Plating, painting and coating"),
    "electronics": _l("Assembly of circuit boards"),
    "assembly": _l("Assembly"),
    "sewing": _l("Sewing"),
    "dyeing": _l("Dyeing and finishing"),
    "printing": _l("Printing and packaging"),
    "food": _l("Food processing"),
    "tooling": _l("Moulds and dies"),
}

_PURPOSES = Detail("purposes", _l("Purpose of the loan"), Type.CODES, labels=PURPOSES)
_COLLATERALS = Detail("collaterals", _l("Collateral"), Type.CODES, labels=COLLATERALS)
_TRADES = Detail("trades", _l("Trades"), Type.LINES, _l("One a line, for example CNC operator, welder 3G."))
_STARTS = Detail("starts", _l("From"), Type.DAY)
_ENDS = Detail("ends", _l("Until"), Type.DAY)
_FAMILY = Detail("part_family", _l("Part family"), Type.TEXT, _l("For example shafts, brackets, housings."))
_PROCESSES = Detail("processes", _l("Processes"), Type.CODES, labels=PROCESSES)
_MATERIAL = Detail("material", _l("Material"), Type.TEXT, _l("For example SUS304, A6061, PA66-GF30."))
_TOLERANCE = Detail(
    "tolerance", _l("Tolerance"), Type.NUMBER, _l("The finest that is needed or held."), most=100, unit=_l("mm")
)
_VOLUME = Detail("volume", _l("Volume a year"), Type.WHOLE, most=10**12, unit=_l("pieces"))
_CERTIFICATES = Detail(
    "certificates", _l("Certificates required or held"), Type.LINES, _l("One a line, for example IATF 16949.")
)
_READINESS = (
    Detail("readiness_now", _l("Readiness level now"), Type.WHOLE, _l("1 idea, 4 laboratory, 7 prototype, 9 in use."),
           least=1, most=9),
    Detail("readiness_wanted", _l("Readiness level wanted"), Type.WHOLE, least=1, most=9),
)  # fmt: skip
_EQUIPMENT = Detail("equipment", _l("Kind of machine or line"), Type.TEXT)
_STANDARDS = Detail(
    "standards", _l("Standards and methods"), Type.LINES, _l("One a line, for example TCVN 7699-2-1.")
)
_PEOPLE = (_TRADES, _STARTS, _ENDS)
_PARTS = (_FAMILY, _PROCESSES, _MATERIAL, _TOLERANCE, _VOLUME, _CERTIFICATES)

DETAILS: Mapping[NeedClass, tuple[Detail, ...]] = {
    NeedClass.LOAN: (_PURPOSES, _COLLATERALS),
    NeedClass.TRADE_TRAINING: _PEOPLE,
    NeedClass.INTERNSHIP: _PEOPLE,
    NeedClass.RECRUITMENT: _PEOPLE,
    NeedClass.PART_SUPPLY: _PARTS,
    NeedClass.PROCESS: _PARTS[1:],
    NeedClass.RAW_MATERIAL: (_MATERIAL, _VOLUME, _CERTIFICATES),
    NeedClass.TECHNICAL_PROBLEM: _READINESS,
    NeedClass.RESEARCH: _READINESS,
    NeedClass.LICENCE: _READINESS,
    NeedClass.TESTING: (_STANDARDS,),
    NeedClass.CERTIFICATION: (_CERTIFICATES,),
    NeedClass.EQUIPMENT: (_EQUIPMENT, _PROCESSES),
    NeedClass.AUTOMATION: (_EQUIPMENT, _PROCESSES),
    NeedClass.SUPPLIER_DEVELOPMENT: (_PROCESSES, _CERTIFICATES),
}
PREFIX = "detail_"  # before a detail's name, where it stands beside columns: in forms and lists

# Columns that a class is asked for; the others are asked of none.
MONEY, TERM, PEOPLE = ("amount_min", "amount_max", "currency"), ("term_months_min", "term_months_max"), ("headcount",)
COLUMNS: Mapping[NeedClass, tuple[str, ...]] = {
    NeedClass.LOAN: MONEY + TERM,
    NeedClass.TRADE_TRAINING: PEOPLE,
    NeedClass.INTERNSHIP: PEOPLE,
    NeedClass.RECRUITMENT: PEOPLE,
    NeedClass.PART_SUPPLY: (),
    NeedClass.PROCESS: (),
    NeedClass.RAW_MATERIAL: (),
}
USUAL_COLUMNS = MONEY  # of a class that is not named: a budget or a price band


_RESEARCH = (NeedClass.RESEARCH, NeedClass.TESTING, NeedClass.LICENCE)
_BUYING = (NeedClass.PART_SUPPLY, NeedClass.PROCESS, NeedClass.RAW_MATERIAL)
_USUAL_NEEDS: Mapping[Kind, tuple[NeedClass, ...]] = {
    Kind.FIRM: (NeedClass.LOAN, NeedClass.TECHNICAL_PROBLEM, NeedClass.TRADE_TRAINING, NeedClass.EQUIPMENT,
                NeedClass.MARKET),
    Kind.UNIVERSITY: (NeedClass.INTERNSHIP,), Kind.INSTITUTE: (NeedClass.INTERNSHIP,),
    Kind.VOCATIONAL_SCHOOL: (NeedClass.INTERNSHIP, NeedClass.EQUIPMENT),
    Kind.FDI: _BUYING, Kind.CORPORATION: _BUYING, Kind.TECHNOLOGY_SUPPLIER: (NeedClass.DISTRIBUTION,),
}  # fmt: skip
_USUAL_OFFERS: Mapping[Kind, tuple[NeedClass, ...]] = {
    Kind.FIRM: (NeedClass.PART_SUPPLY, NeedClass.PROCESS, NeedClass.INTERNSHIP),
    Kind.BANK: (NeedClass.LOAN,), Kind.CREDIT_FUND: (NeedClass.LOAN,),
    Kind.UNIVERSITY: _RESEARCH, Kind.INSTITUTE: _RESEARCH,
    Kind.VOCATIONAL_SCHOOL: (NeedClass.TRADE_TRAINING, NeedClass.RECRUITMENT),
    Kind.FDI: (NeedClass.SUPPLIER_DEVELOPMENT,), Kind.CORPORATION: (NeedClass.SUPPLIER_DEVELOPMENT,),
    Kind.TECHNOLOGY_SUPPLIER: (NeedClass.EQUIPMENT, NeedClass.AUTOMATION, NeedClass.SERVICE, NeedClass.LICENCE),
}  # fmt: skip


def usual(kinds: Iterable[Kind], role: NeedRole) -> list[NeedClass]:
    """What organisations of these kinds mostly look for or have to give."""
    table = _USUAL_NEEDS if role is NeedRole.NEED else _USUAL_OFFERS
    return list(dict.fromkeys(subject for kind in Kind if kind in set(kinds) for subject in table.get(kind, ())))


def of(kind: NeedClass) -> tuple[Detail, ...]:
    """What is asked of a class."""
    return DETAILS.get(kind, ())


def every() -> tuple[Detail, ...]:
    """All that is asked of some class, each once."""
    return tuple(dict.fromkeys(detail for details in DETAILS.values() for detail in details))


def merged(stored: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored with what is told anew: an empty value takes a detail away, what is not told stays."""
    return {name: value for name, value in {**stored, **told}.items() if value not in (None, "", [])}


def columns_of(kind: NeedClass) -> tuple[str, ...]:
    """The columns that are asked of a class."""
    return COLUMNS.get(kind, USUAL_COLUMNS)


def checked(kind: NeedClass, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a class is asked for, in their stored form; what is empty or not asked is left out.

    Raise Invalid, naming the detail, for what is no value of its type.
    """
    found = {}
    for detail in of(kind):
        value = values.get(detail.name)
        if value not in (None, "", [], ()):
            found[detail.name] = _stored(detail, value)
    if "starts" in found and "ends" in found and found["starts"] > found["ends"]:
        raise Invalid(_("It ends before it begins."), field=PREFIX + "ends")
    return found


def _stored(detail: Detail, value: Any) -> Any:
    try:
        if detail.type is Type.CODES:
            return [code for code in (detail.labels or {}) if code in set(_several(value))]
        if detail.type is Type.LINES:
            return [_line(detail, text) for text in _several(value)][:40]
        if detail.type is Type.TEXT:
            return _line(detail, value)
        if detail.type is Type.DAY:
            return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
        number = float(value)
    except (TypeError, ValueError) as err:
        raise _wrong(detail) from err
    whole = detail.type is Type.WHOLE
    if not detail.least <= number <= detail.most or (whole and number != int(number)):
        raise _wrong(detail)
    return int(number) if whole else number


def day(text: str) -> date:
    """A stored day."""
    return date.fromisoformat(text)


def _several(value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise TypeError(value)
    return list(value)


def _line(detail: Detail, value: Any) -> str:
    text = vietnamese.clean_line(value)
    if len(text) > detail.most:
        raise ValueError(text)
    return text


def _wrong(detail: Detail) -> Invalid:
    return Invalid(_("This is no value for “%(name)s”.", name=detail.label), field=PREFIX + detail.name)


def shown(kind: NeedClass, values: Mapping[str, Any], number: Callable[[float], Any] = str) -> list[tuple[Any, str]]:
    """(label, value in words) of what is stated, in the language now in force; `number` writes numbers."""
    return [(d.label, words(d, values[d.name], number)) for d in of(kind) if d.name in values]


def words(detail: Detail, value: Any, number: Callable[[float], Any] = str) -> str:
    """A value in the language now in force."""
    if detail.type is Type.CODES:
        return ", ".join(str((detail.labels or {}).get(code, code)) for code in value)
    if detail.type is Type.LINES:
        return ", ".join(value)
    if detail.type is Type.DAY:
        return dates.day(date.fromisoformat(value))
    if detail.type in (Type.WHOLE, Type.NUMBER):
        return f"{number(value)} {detail.unit}".strip()
    return str(value)


# --- for the matcher ------------------------------------------------------------------------------------------

TEXTS = (Type.CODES, Type.LINES, Type.TEXT)


def told(kind: NeedClass, values: Mapping[str, Any], language: str) -> str:
    """What the details say in words of a language: for comparing texts."""
    parts = []
    for detail in of(kind):
        if detail.name in values and detail.type in TEXTS:
            names = labels_in(language).get(detail.name, {})
            value = values[detail.name]
            parts += [value] if isinstance(value, str) else [names.get(text, text) for text in value]
    return ", ".join(parts)


@lru_cache
def labels_in(language: str) -> Mapping[str, Mapping[str, str]]:
    """The labels of all codes in one language."""
    with force_locale(language):
        details = {detail for some in DETAILS.values() for detail in some if detail.labels}
        return {d.name: {code: str(label) for code, label in (d.labels or {}).items()} for d in details}


def codes(kind: NeedClass, values: Mapping[str, Any]) -> tuple[str, ...]:
    """What is compared as tags: purposes, collateral, processes, trades; a level of readiness as `readiness:7`."""
    found = []
    for detail in of(kind):
        value = values.get(detail.name)
        if detail.type is Type.CODES and value:
            found += [f"{detail.name}:{code}" for code in value]
        elif detail.name == "readiness_wanted" and value:
            found.append(f"readiness:{value}")
    return tuple(found)


def code_name(code: str, language: str) -> str | None:
    """What such a code is called in a language; None for a tag that is none of these."""
    name, colon, value = code.partition(":")
    if not colon:
        return None
    if name == "readiness":
        with force_locale(language):
            return _("technology readiness level %(level)s", level=value)
    return labels_in(language).get(name, {}).get(value)
