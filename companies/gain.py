"""What filling in a gap brings: computed from what partners ask for and from what the matcher compares, in words.

Only needs and offers that any signed-in partner may read are counted, and only their numbers are told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from companies.enums import PARTNER_KINDS, Kind, NeedRole, Visibility
from companies.models import NeedOffer, Organisation, OrganisationKind
from core.db import session
from core.i18n import _, ngettext
from matching.structured import certificate_key
from matching.weights import weights_of

# What of a profile each scorer of the matcher reads.
SCORERS: Mapping[str, str] = {
    "sector": "sector", "vsic": "sector", "products": "hs", "certificates": "certificates", "languages": "languages",
    "revenue_vnd": "size", "commune": "distance",
}  # fmt: skip
FOR_READERS_ABROAD = frozenset({"name_en", "intro_en"})
NAMED = 3  # certificates that are named in a sentence


@dataclass(frozen=True)
class Market:
    """What partners ask for now. `partners`: how many of a kind; `wanted`: key of a certificate -> (name, needs)."""

    partners: Mapping[Kind, int]
    abroad: int
    needs: int
    offers: int
    wanted: Mapping[str, tuple[str, int]]


@dataclass(frozen=True)
class Gain:
    """A gap of the profile, why filling it matters, and how many partners or needs it concerns."""

    key: str
    number: int
    text: str


def market(organisation: Organisation, *, on: date) -> Market:
    """Read what partners ask for: three queries, whatever their number."""
    kinds = session.execute(
        select(OrganisationKind.kind, func.count())
        .where(OrganisationKind.kind.in_(PARTNER_KINDS), OrganisationKind.organisation_id != organisation.id)
        .group_by(OrganisationKind.kind)
    ).all()
    abroad = func.sum(case((Organisation.country != "VN", 1), else_=0))
    far = session.scalar(select(abroad).where(_partner(Organisation.id), Organisation.id != organisation.id))
    open_rows = session.execute(select(NeedOffer.role, NeedOffer.details).where(_open(organisation, on))).all()
    roles = Counter(role for role, _details in open_rows)
    return Market(
        partners={kind: int(number) for kind, number in kinds},
        abroad=int(far or 0),
        needs=roles[NeedRole.NEED],
        offers=roles[NeedRole.OFFER],
        wanted=_wanted(details for role, details in open_rows if role is NeedRole.NEED),
    )


def _partner(key: Any) -> ColumnElement[bool]:
    return exists().where(OrganisationKind.organisation_id == key, OrganisationKind.kind.in_(PARTNER_KINDS))


def _open(organisation: Organisation, on: date) -> ColumnElement[bool]:
    return (
        _partner(NeedOffer.organisation_id)
        & (NeedOffer.organisation_id != organisation.id)
        & NeedOffer.visibility.in_((Visibility.PUBLIC, Visibility.PARTNER))
        & or_(NeedOffer.valid_until.is_(None), NeedOffer.valid_until >= on)
    )


def _wanted(details: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for one in details:
        named = {certificate_key(name): name for name in one.get("certificates", ())}
        for key, name in named.items():
            before, number = found.get(key, (name, 0))
            found[key] = before, number + 1
    return found


def gains(missing: Iterable[str], held: Iterable[str], known: Market) -> list[Gain]:
    """The gaps that somebody looks at: what needs ask for by name, then what concerns most partners.

    `held`: names of certificates.
    """
    asked = _certificates({certificate_key(name) for name in held}, known)
    found = [gain for key in missing if (gain := _gain(key, known)) is not None]
    if asked is not None:
        found = [gain for gain in found if gain.key != asked.key]
    return [*filter(None, [asked]), *sorted(found, key=lambda gain: -gain.number)]


def _certificates(held: set[str], known: Market) -> Gain | None:
    lacking = sorted(
        (pair for key, pair in known.wanted.items() if key not in held), key=lambda pair: (-pair[1], pair)
    )
    if not lacking:
        return None
    names = ", ".join(f"{name} ({number})" for name, number in lacking[:NAMED])
    return Gain(
        "certificates", sum(number for _name, number in lacking), _("Needs of buyers ask for: %(names)s", names=names)
    )


def _gain(key: str, known: Market) -> Gain | None:
    if key in FOR_READERS_ABROAD and known.abroad:
        text = ngettext(
            "%(num)d partner from abroad reads English", "%(num)d partners from abroad read English", known.abroad
        )
        return Gain(key, known.abroad, text)
    if key == "need" and known.offers:
        text = ngettext(
            "%(num)d offer of partners waits for a need", "%(num)d offers of partners wait for a need", known.offers
        )
        return Gain(key, known.offers, text)
    if key in ("offer", "needs_offers") and known.needs:
        text = ngettext("%(num)d need of partners is open", "%(num)d needs of partners are open", known.needs)
        return Gain(key, known.needs, text)
    scorer = SCORERS.get(key)
    looking = {kind: n for kind, n in known.partners.items() if scorer and weights_of(kind.value).get(scorer)}
    if not looking:
        return None
    number = sum(looking.values())
    share = max(weights_of(kind.value)[scorer or ""] for kind in looking)
    text = ngettext(
        "%(num)d partner is compared by it: up to %(share)d%% of the score",
        "%(num)d partners are compared by it: up to %(share)d%% of the score",
        number,
        share=round(100 * share),
    )
    return Gain(key, number, text)
