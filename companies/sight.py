"""What a reader sees: his tier for each organisation, and which rows of companies he may know of at all.

Who is matched or suggested is known higher up (conferences); it is plugged in here, see `register_matched`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from accounts.rules import is_staff
from companies import merges
from companies.enums import PARTNER_KINDS, GrantScope, Kind, MembershipRole, Visibility
from companies.history import ProfileChange
from companies.import_runs import ImportRun
from companies.models import (
    Award,
    Grant,
    Membership,
    NeedOffer,
    Organisation,
    OrganisationKind,
    Product,
    SupportReceived,
)
from companies.photos import Photo
from companies.records import Certificate, YearlyFigures
from companies.rules import Sight, Tier
from core.access import Actor, Part, part, provide_ties, succeeds, visible
from core.db import session
from core.i18n import pick

Record = Certificate | YearlyFigures | ProfileChange
Reader = Callable[[frozenset[int]], frozenset[int]]
Holds = Callable[[MembershipRole, Set[Kind]], bool]
_belongings: dict[str, Holds] = {}
_matched: list[Reader] = []
_suggested: list[Reader] = []


def register_matched(reader: Reader) -> None:
    """Plug in who is matched: ids of organisations -> ids of those matched with any of them, in one query."""
    if reader not in _matched:
        _matched.append(reader)


def register_suggested(reader: Reader) -> None:
    """Plug in who is suggested: ids of organisations -> ids of those suggested to any of them, in one query.

    A firm sees the partner tier of another firm only when that one was suggested to it.
    """
    if reader not in _suggested:
        _suggested.append(reader)


def matched_with(ids: frozenset[int]) -> frozenset[int]:
    """The organisations matched with any of these."""
    return _ask(_matched, ids)


def suggested_to(ids: frozenset[int]) -> frozenset[int]:
    """The organisations suggested to any of these."""
    return _ask(_suggested, ids)


def _ask(readers: Iterable[Reader], ids: frozenset[int]) -> frozenset[int]:
    return frozenset().union(*(read(ids) for read in readers)) if ids else frozenset()


# --- ties of a user -------------------------------------------------------------------------------------------


def belonging(name: str, holds: Holds) -> None:
    """Register a tie of that name to those of a user's organisations for which `holds(role, kinds)` is true."""
    _belongings[name] = holds


def ties_of_user(user_id: int) -> Mapping[str, frozenset[int]]:
    """All ties that follow from the user's memberships of today: one query."""
    rows = session.execute(
        select(Membership.organisation_id, Membership.role, OrganisationKind.kind)
        .outerjoin(OrganisationKind, OrganisationKind.organisation_id == Membership.organisation_id)
        .where(Membership.user_id == user_id, Membership.left_at.is_(None))
    )
    found: dict[tuple[int, MembershipRole], set[Kind]] = {}
    for organisation, role, kind in rows:
        found.setdefault((organisation, role), set()).add(kind)
    return {
        name: frozenset(key for (key, role), kinds in found.items() if holds(role, kinds))
        for name, holds in _belongings.items()
    }


def ties_of_part(organisation_id: int) -> Mapping[str, frozenset[int]]:
    """What an officer has who acts for an organisation: its own pages, not its owner's consent nor its people."""
    kinds = set(
        session.scalars(select(OrganisationKind.kind).where(OrganisationKind.organisation_id == organisation_id))
    )
    return {
        name: frozenset({organisation_id}) if holds(MembershipRole.MEMBER, kinds) else frozenset()
        for name, holds in _belongings.items()
    }


def name_of_part(organisation_id: int) -> str:
    """What the organisation is called, for the banner."""
    row = session.get(Organisation, organisation_id)
    return pick(row, "name").text if row is not None else ""


part("organisation", Part(ties_of_part, name_of_part))
provide_ties(ties_of_user)
belonging("organisation", lambda role, kinds: True)
belonging("organisation.owner", lambda role, kinds: role is MembershipRole.OWNER)
belonging("organisation.partner", lambda role, kinds: not kinds.isdisjoint(PARTNER_KINDS))


# --- tiers ----------------------------------------------------------------------------------------------------


def sight(actor: Actor, organisation: Organisation) -> Sight:
    """What the reader sees of one organisation."""
    return sights(actor, [organisation.id])[organisation.id]


def sights(actor: Actor, ids: Iterable[int]) -> Mapping[int, Sight]:
    """What the reader sees of each of these organisations, in a constant number of queries."""
    ids = list(ids)
    if is_staff(actor):
        return dict.fromkeys(ids, Sight(Tier.OFFICER))
    own = _own(actor)
    if not own:
        return dict.fromkeys(ids, Sight())
    matched, suggested = matched_with(own), suggested_to(own)
    partner = bool(actor.ties.get("organisation.partner"))
    granted = _granted(own, matched & frozenset(ids))
    found = {}
    for key in ids:
        if key in own:
            found[key] = Sight(Tier.INSIDE)
        elif key in matched:
            found[key] = Sight(Tier.MATCHED, frozenset(granted.get(key, ())))
        else:
            found[key] = Sight(Tier.PARTNER if partner or key in suggested else Tier.PUBLIC)
    return found


def _own(actor: Actor) -> frozenset[int]:
    return actor.ties.get("organisation", frozenset())


def _granted(own: frozenset[int], firms: frozenset[int]) -> dict[int, set[GrantScope]]:
    if not firms:
        return {}
    query = select(Grant.firm_id, Grant.scope).where(
        Grant.partner_id.in_(own), Grant.firm_id.in_(firms), Grant.withdrawn_at.is_(None)
    )
    granted: dict[int, set[GrantScope]] = {}
    for firm_id, scope in session.execute(query):
        granted.setdefault(firm_id, set()).add(scope)
    return granted


# --- rows that a reader may know of (the twins of the rules) --------------------------------------------------


def everybody(actor: Actor) -> ColumnElement[bool]:
    """The directory is public: products and awards."""
    return true()


def organisations_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The directory is public; a record that became part of another is no organisation any more."""
    return Organisation.id.not_in(merges.gone_ids())


def needs_offers_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Needs and offers by their visibility and the reader's tier."""
    if is_staff(actor):
        return true()
    seen = NeedOffer.visibility == Visibility.PUBLIC
    own = _own(actor)
    if not own:
        return seen
    matched = matched_with(own)
    for_partners = NeedOffer.visibility == Visibility.PARTNER
    if not actor.ties.get("organisation.partner"):
        for_partners = and_(for_partners, NeedOffer.organisation_id.in_(matched | suggested_to(own)))
    for_matched = and_(NeedOffer.visibility == Visibility.MATCHED, NeedOffer.organisation_id.in_(matched))
    return or_(seen, NeedOffer.organisation_id.in_(own), for_partners, for_matched)


def memberships_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Members know each other; officers know all; everybody his own."""
    if is_staff(actor):
        return true()
    return or_(Membership.user_id == actor.user_id, Membership.organisation_id.in_(_own(actor)))


def grants_visible_to(actor: Actor) -> ColumnElement[bool]:
    """A grant is known to the two organisations and to officers."""
    own = _own(actor)
    return true() if is_staff(actor) else or_(Grant.firm_id.in_(own), Grant.partner_id.in_(own))


def support_visible_to(actor: Actor) -> ColumnElement[bool]:
    """What an organisation received is known to it and to officers."""
    return true() if is_staff(actor) else SupportReceived.organisation_id.in_(_own(actor))


def records_visible_to(
    model: type[Certificate | YearlyFigures | ProfileChange],
) -> Callable[[Actor], ColumnElement[bool]]:
    """The rows themselves: for its own people and officers; the profile shows parts of them to others."""

    def condition(actor: Actor) -> ColumnElement[bool]:
        return true() if is_staff(actor) else model.organisation_id.in_(_own(actor))

    return condition


def import_runs_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Uploaded lists are known to officers."""
    return true() if is_staff(actor) else false()


visible(Organisation, organisations_visible_to)
succeeds(Organisation, merges.successor)
visible(Product, everybody)
visible(Award, everybody)
visible(NeedOffer, needs_offers_visible_to)
visible(Membership, memberships_visible_to)
visible(Grant, grants_visible_to)
visible(SupportReceived, support_visible_to)
visible(Certificate, records_visible_to(Certificate))
visible(ProfileChange, records_visible_to(ProfileChange))
visible(Photo, everybody)
visible(YearlyFigures, records_visible_to(YearlyFigures))
visible(ImportRun, import_runs_visible_to)
