"""What the engine is told of an organisation: rows become profiles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import ColumnElement, and_, or_

import vietnamese
from companies import need_details
from companies.enums import NeedClass, NeedRole, Visibility
from companies.models import NeedOffer, Organisation
from companies.places import neighbours
from core import clock
from matching.profiles import Part, Profile

# What the site calls a class and the engine a kind, as a need and as an offer.
KINDS: Mapping[NeedClass, tuple[str, str]] = {
    NeedClass.LOAN: ("loan", "loan"),
    NeedClass.TECHNICAL_PROBLEM: ("technical_problem", "research"),
    NeedClass.TESTING: ("service", "service"),
    NeedClass.RESEARCH: ("research", "research"),
    NeedClass.TRADE_TRAINING: ("trade", "programme"),
    NeedClass.INTERNSHIP: ("trade", "programme"),
    NeedClass.RECRUITMENT: ("trade", "programme"),
    NeedClass.PART_SUPPLY: ("part", "part"),
    NeedClass.PROCESS: ("process", "process"),
    NeedClass.EQUIPMENT: ("equipment", "equipment"),
    NeedClass.AUTOMATION: ("equipment", "equipment"),
    NeedClass.RAW_MATERIAL: ("product", "product"),
    NeedClass.LICENCE: ("research", "research"),
    NeedClass.SERVICE: ("service", "service"),
    NeedClass.DIGITAL: ("service", "service"),
    NeedClass.CERTIFICATION: ("service", "service"),
    NeedClass.ENERGY: ("service", "service"),
}


GENERAL = ("general", "general")


def profile_of(
    key: int, organisation: Organisation, *, on: date, readers: Collection[Visibility] = tuple(Visibility)
) -> Profile:
    """What the engine is told of an organisation, under the id of a participant (or its own).

    Needs and offers that are out of date, that only officers may read, or that others than `readers` may read, stay
    out; so do figures beyond size and loan fit.
    """
    parts = [_part(row) for row in organisation.needs_offers if row.visibility in readers and in_play(row, on)]
    parts += [
        Part("offer", "product", vi=_text(p.name_vi, p.description_vi), en=_text(p.name_en, p.description_en),
             certificates=tuple(p.certificates or ()))
        for p in organisation.products
    ]  # fmt: skip
    if not parts and (organisation.intro_vi or organisation.intro_en):
        parts.append(Part("offer", "general", vi=organisation.intro_vi or "", en=organisation.intro_en or ""))
    return Profile(
        key=str(key),
        parts=tuple(parts),
        sectors=(organisation.sector.value,) if organisation.sector else (),
        vsic=(organisation.vsic,) if organisation.vsic else (),
        hs=tuple(p.hs for p in organisation.products if p.hs),
        certificates=tuple(organisation.certificates or ()),
        markets=tuple(organisation.markets or ()),
        languages=tuple(organisation.languages or ()),
        countries=(organisation.country,) if organisation.country else (),
        employees=organisation.employees,
        revenue=float(organisation.revenue_vnd) if organisation.revenue_vnd is not None else None,
        commune=organisation.commune,
        near=neighbours(organisation.commune or ""),
        province=organisation.province,
        group=vietnamese.similarity_key(organisation.group_name) if organisation.group_name else None,
    )


def in_play(row: NeedOffer, on: date) -> bool:
    """Whether a need or offer is matched: still valid, and not for officers' eyes only."""
    return row.visibility is not Visibility.OFFICER and (row.valid_until is None or row.valid_until >= on)


def in_play_rows(on: date) -> ColumnElement[bool]:
    """The same for queries."""
    valid = or_(NeedOffer.valid_until.is_(None), NeedOffer.valid_until >= on)
    return and_(NeedOffer.visibility != Visibility.OFFICER, valid)


def _part(row: NeedOffer) -> Part:
    need, offer = KINDS.get(row.kind, GENERAL)
    is_need = row.role is NeedRole.NEED
    kind = need if is_need else offer
    amount: tuple[float | None, float | None]
    if row.headcount is not None:
        amount = (float(row.headcount), float(row.headcount)) if is_need else (None, float(row.headcount))
    elif (volume := row.details.get("volume")) is not None:
        amount = (float(volume), float(volume)) if is_need else (None, float(volume))
    elif kind == "loan" and row.currency not in (None, "VND"):
        amount = (None, None)  # ranges in other money are not compared
    else:
        amount = (_number(row.amount_min), _number(row.amount_max))
    return Part(
        role="need" if is_need else "offer",
        kind=kind,
        vi=_text(row.text_vi, row.text_vi and need_details.told(row.kind, row.details, "vi")),
        en=_text(row.text_en, row.text_en and need_details.told(row.kind, row.details, "en")),
        other=row.text_original or "",
        tags=(*(row.tags or ()), *need_details.codes(row.kind, row.details)),
        amount=amount,
        term_months=(row.term_months_min, row.term_months_max),
        certificates=tuple(row.details.get("certificates", ())),
    )


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _text(*parts: str | None) -> str:
    return ". ".join(p for p in parts if p)


def matching_day() -> date:
    """The day against which validity of needs and offers is judged."""
    return clock.today()
