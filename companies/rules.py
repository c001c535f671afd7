"""Who may do what with an organisation, what a reader sees of it, its status, size and completeness. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from accounts.rules import is_staff
from companies.enums import Band, GrantScope, Kind, Recognition, Visibility

if TYPE_CHECKING:
    from core.access import Actor

BILLION = Decimal(10) ** 9


# --- who may do what ------------------------------------------------------------------------------------------


def manage_organisations(actor: Actor) -> bool:
    """Officers and administrators import organisations and see what each of them lacks."""
    return is_staff(actor)


def merge_records(actor: Actor, **_rows: Any) -> bool:
    """Officers say which records are one organisation, and take it back."""
    return is_staff(actor)


def manage_imports(actor: Actor, import_run: Any) -> bool:
    """Any officer may finish what a colleague uploaded."""
    return is_staff(actor)


def manage_organisation(actor: Actor, organisation: Any, **_parts: Any) -> bool:
    """An organisation is edited, with its products, needs and offers, by its own people and by officers."""
    return is_staff(actor) or actor.belongs("organisation", organisation.id)


def name_organisation(actor: Actor) -> bool:
    """What identifies an organisation (tax code, kinds) is kept by officers: rights follow from it."""
    return is_staff(actor)


IDENTITY = frozenset({"tax_code", "country", "foreign_id", "kinds", "source"})  # kept by officers


def revert_change(actor: Actor, organisation: Any, profile_change: Any, **_parts: Any) -> bool:
    """Who may change a field may take its change back."""
    if profile_change.subject == "organisation" and profile_change.field in IDENTITY:
        return name_organisation(actor)
    return manage_organisation(actor, organisation)


def give_sight(actor: Actor, organisation: Any, **_parts: Any) -> bool:
    """Only an owner consents to somebody seeing his figures; nobody does it for him."""
    return actor.belongs("organisation.owner", organisation.id)


def withdraw_sight(actor: Actor, grant: Any) -> bool:
    """Who may give it may take it back."""
    return actor.belongs("organisation.owner", grant.firm_id)


# --- what a reader sees ---------------------------------------------------------------------------------------


class Tier(IntEnum):
    """How near a reader is to an organisation; each tier sees what those before it see."""

    PUBLIC = 0
    PARTNER = 1
    MATCHED = 2
    INSIDE = 3
    OFFICER = 4


# Fields that not everybody sees: from which tier on, or which grant a matched partner needs besides.
FIELD_TIERS: Mapping[str, Tier | GrantScope] = {
    "employees": Tier.PARTNER,
    "revenue_vnd": GrantScope.FIGURES,
    "export_usd": GrantScope.FIGURES,
    "figures_year": Tier.PARTNER,
    "email": GrantScope.CONTACTS,
    "phone": GrantScope.CONTACTS,
    "source": Tier.OFFICER,
}
_READERS = {
    Visibility.PUBLIC: Tier.PUBLIC,
    Visibility.PARTNER: Tier.PARTNER,
    Visibility.MATCHED: Tier.MATCHED,
    Visibility.OFFICER: Tier.INSIDE,
}


@dataclass(frozen=True)
class Sight:
    """What one reader sees of one organisation: a tier, and what was granted to him as a matched partner."""

    tier: Tier = Tier.PUBLIC
    granted: frozenset[GrantScope] = frozenset()

    def shows(self, field: str) -> bool:
        """Whether the reader sees that field of the organisation."""
        needed = FIELD_TIERS.get(field, Tier.PUBLIC)
        if isinstance(needed, Tier):
            return self.tier >= needed
        return self.tier >= Tier.INSIDE or (self.tier == Tier.MATCHED and needed in self.granted)

    def reads(self, visibility: Visibility) -> bool:
        """Whether the reader sees a need or an offer of that visibility."""
        return self.tier >= _READERS[visibility]


# --- recognition ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """Titles of the years from `since` on hold so many months after the end of their year, until the next term."""

    since: int
    months: int


Terms = Sequence[Term]
USUAL_TERMS = (Term(2000, 36),)  # three years were reported in 2019; officers state what the regulation says
LONGEST_TERM = 120  # months


def months_of(year: int, terms: Terms) -> int:
    """How long titles of a year hold: the newest term that is not from later; the first for years before it."""
    held = [term for term in terms if term.since <= year]
    return (max(held, key=_since) if held else min(terms, key=_since)).months


def _since(term: Term) -> int:
    return term.since


def title_ends(*, year: int | None, valid_until: date | None, terms: Terms = USUAL_TERMS) -> date | None:
    """The last day of a title: as the decision says, else the term's months after the end of its year, if known."""
    if valid_until is not None or year is None:
        return valid_until
    years, rest = divmod(11 + months_of(year, terms), 12)
    return date(year + years, rest + 1, monthrange(year + years, rest + 1)[1])


def recognition(
    titles: Iterable[tuple[int | None, date | None]], *, on: date, terms: Terms = USUAL_TERMS
) -> Recognition:
    """A firm's status on a day, from its products' awards as (year, valid_until).

    One title that still holds is enough. A title without year and date is history: it counts as lapsed.
    """
    ends = [title_ends(year=year, valid_until=until, terms=terms) for year, until in titles]
    if not ends:
        return Recognition.NONE
    held = any(end is not None and end >= on for end in ends)
    return Recognition.RECOGNISED if held else Recognition.LAPSED


def years_that_hold(*, on: date, terms: Terms = USUAL_TERMS) -> list[int]:
    """The years up to this one whose titles, without a date of their own, still hold on that day: for queries.

    They need not follow one another: a shorter term may end before the longer one of years before.
    """
    first = on.year - max(term.months for term in terms) // 12 - 1
    ends = {year: title_ends(year=year, valid_until=None, terms=terms) for year in range(first, on.year + 1)}
    return [year for year, end in ends.items() if end is not None and end >= on]


# --- certificates ---------------------------------------------------------------------------------------------

REMINDED_BEFORE = 60  # days before the end of a certificate: audits for the next one take weeks


def reminder_from(day: date) -> date:
    """The last end of validity of which people are reminded on that day."""
    return day + timedelta(days=REMINDED_BEFORE)


# --- size -----------------------------------------------------------------------------------------------------

_BANDS = (  # Decree 80/2021/ND-CP, article 5, industry: staff at most, and revenue or capital (billion dong) at most
    (Band.MICRO, 10, 3, 3),
    (Band.SMALL, 100, 50, 20),
    (Band.MEDIUM, 200, 200, 100),
)


def sme_band(
    *, employees: int | None, revenue_vnd: Decimal | None, capital_vnd: Decimal | None = None
) -> Band | None:
    """The size band of an industrial enterprise; None when staff, or both revenue and capital, are unknown.

    With one of revenue and capital unknown, the other decides.
    """
    if employees is None or (revenue_vnd is None and capital_vnd is None):
        return None
    for band, staff, revenue, capital in _BANDS:
        small_sales = revenue_vnd is not None and revenue_vnd <= revenue * BILLION
        small_capital = capital_vnd is not None and capital_vnd <= capital * BILLION
        if employees <= staff and (small_sales or small_capital):
            return band
    return Band.LARGE


# --- completeness ---------------------------------------------------------------------------------------------

# What a good profile has; complete profiles find a partner about eight times as often as minimal ones.
EXPECTED_OF_ALL = (
    "identifier", "name_en", "contact", "website", "languages", "intro_vi", "intro_en", "needs_offers",
)  # fmt: skip
EXPECTED_OF_FIRMS = (
    "sector", "vsic", "commune", "employees", "revenue_vnd", "certificates", "products", "need", "offer",
)  # fmt: skip


def expected(kinds: Iterable[Kind]) -> tuple[str, ...]:
    """What is asked of an organisation of these kinds."""
    return EXPECTED_OF_ALL + (EXPECTED_OF_FIRMS if Kind.FIRM in set(kinds) else ())


def missing(kinds: Iterable[Kind], present: Iterable[str]) -> tuple[str, ...]:
    """What is asked and not there, in the order of `expected`."""
    there = set(present)
    return tuple(key for key in expected(kinds) if key not in there)


def complete_share(kinds: Iterable[Kind], present: Iterable[str]) -> float:
    """The share (0 to 1) of what is asked that is there."""
    kinds = tuple(kinds)
    return 1 - len(missing(kinds, present)) / len(expected(kinds))
