"""Named reads of single organisations and of what belongs to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, exists, select
from sqlalchemy.orm import defer, joinedload, lazyload, selectinload

import vietnamese
from accounts.models import User
from accounts.notices import Reader
from accounts.privacy.enums import Purpose
from accounts.privacy.queries import agreed
from companies.enums import PARTNER_KINDS, GrantScope, Kind, MembershipRole, SupportKind
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
from companies.records import Certificate, YearlyFigures
from core.access import Actor, visible_to
from core.db import contains, session
from core.i18n import force_locale, pick

_IN_ORDER = {role: n for n, role in enumerate(MembershipRole)}  # owners, deputies, members


def by_tax_code(code: str) -> Organisation | None:
    """The organisation with that tax code (digits)."""
    return session.scalars(select(Organisation).where(Organisation.tax_code == code)).one_or_none()


def people_behind(model: type[Any], keys: Collection[int]) -> list[tuple[Any, User]]:
    """(row, person) for everybody who belongs now to the organisation of one of these rows, and can sign in."""
    rows = session.execute(
        select(model, User)
        .join(Membership, Membership.organisation_id == model.organisation_id)
        .join(User, User.id == Membership.user_id)
        .where(model.id.in_(keys), Membership.left_at.is_(None), User.disabled_at.is_(None))
        .options(joinedload(model.organisation))
        .order_by(model.id, User.id)
    )
    return [(row, user) for row, user in rows]


@dataclass(frozen=True)
class Address:
    """An organisation's own address, to write to where nobody of it has an account."""

    email: str
    language: str
    name: str
    id: int = 0


def readers_behind(model: type[Any], keys: Collection[int]) -> list[tuple[Any, Reader]]:
    """The same, and for an organisation of which nobody can sign in its own address, if it has one."""
    people = people_behind(model, keys)
    reached = {row.id for row, _user in people}
    rest = session.scalars(
        select(model)
        .where(model.id.in_(set(keys) - reached))
        .options(joinedload(model.organisation))
        .order_by(model.id)
    )
    return [*people, *((row, address) for row in rest if (address := address_of(row.organisation)) is not None)]


def address_of(organisation: Organisation) -> Address | None:
    """Where to write to an organisation itself."""
    if not organisation.email:
        return None
    with force_locale(language := language_of(organisation)):
        return Address(organisation.email, language, pick(organisation, "name").text)


def language_of(organisation: Organisation) -> str:
    """In which language to write to an organisation itself: Vietnamese, abroad English."""
    return "vi" if (organisation.country or "VN") == "VN" else "en"


def by_foreign_id(country: str, foreign_id: str) -> Organisation | None:
    """The organisation with that number in its country's register."""
    return session.scalars(
        select(Organisation).where(Organisation.country == country, Organisation.foreign_id == foreign_id)
    ).one_or_none()


def by_name(load: Any) -> Any:
    """Organisations that are only named, as most lists and pages do it: without their kinds, and without the newest
    figures, each of which is looked up among the years.

    `load`: the option that leads to them, for example `joinedload(Participant.organisation)`.
    """
    o = Organisation
    figures = (o.employees, o.revenue_vnd, o.export_usd, o.figures_year)
    return load.options(lazyload(o.kind_rows), *map(defer, figures))


_GOODS = (
    selectinload(Organisation.products).joinedload(Product.certificate_rows),
    selectinload(Organisation.needs_offers),
)


def for_matching(ids: Iterable[int]) -> Sequence[Organisation]:
    """Organisations with their kinds, certificates, products, needs and offers, by id: five queries for any."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(list(ids)))
        .options(
            *_GOODS,
            selectinload(Organisation.certificate_rows),
            selectinload(Organisation.kind_rows),
        )
        .order_by(Organisation.id)
    ).all()


def one_for_matching(organisation_id: int) -> Organisation:
    """One of them, without its kinds: three queries."""
    query = select(Organisation).where(Organisation.id == organisation_id)
    options = (*_GOODS, joinedload(Organisation.certificate_rows), lazyload(Organisation.kind_rows))
    return session.scalars(query.options(*options)).unique().one()


def ids_of_kinds(kinds: Iterable[Kind]) -> Sequence[int]:
    """The ids of all organisations that are one of these kinds."""
    return session.scalars(
        select(OrganisationKind.organisation_id)
        .where(OrganisationKind.kind.in_(list(kinds)))
        .distinct()
        .order_by(OrganisationKind.organisation_id)
    ).all()


def mine(actor: Actor) -> Sequence[Organisation]:
    """The organisations that the reader belongs to, in Vietnamese order."""
    ids = actor.ties.get("organisation", frozenset())
    return session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.sort_key)).all()


def products(organisation: Organisation) -> Sequence[Product]:
    """An organisation's products."""
    return session.scalars(
        select(Product)
        .where(Product.organisation_id == organisation.id)
        .options(selectinload(Product.certificate_rows))
        .order_by(Product.sort_key, Product.id)
    ).all()


def product_choices(organisation: Organisation) -> list[tuple[str, str]]:
    """The products of an organisation to choose from: (id, name)."""
    return [(str(row.id), pick(row, "name").text) for row in products(organisation)]


def certificates(organisation: Organisation) -> Sequence[Certificate]:
    """All certificates of an organisation and of its products; those that end first come first."""
    return session.scalars(
        select(Certificate)
        .where(Certificate.organisation_id == organisation.id)
        .options(joinedload(Certificate.scan), joinedload(Certificate.product))
        .order_by(Certificate.valid_until.asc().nulls_last(), Certificate.name, Certificate.id)
    ).all()


def figures(organisation: Organisation) -> Sequence[YearlyFigures]:
    """What an organisation stated by year, the newest first."""
    return session.scalars(
        select(YearlyFigures)
        .where(YearlyFigures.organisation_id == organisation.id)
        .options(joinedload(YearlyFigures.stated_by))
        .order_by(YearlyFigures.year.desc())
    ).all()


def figures_of(organisation_id: int, year: int) -> YearlyFigures | None:
    """What an organisation stated of one year."""
    with session.no_autoflush:
        return session.scalars(
            select(YearlyFigures).where(YearlyFigures.organisation_id == organisation_id, YearlyFigures.year == year)
        ).one_or_none()


def with_awards(
    rows: Sequence[Product], titles: Sequence[Award]
) -> tuple[list[tuple[Product, list[Award]]], list[Award]]:
    """Each product with its awards, by reference or by name; and the awards of no product that is listed."""
    taken: set[int] = set()
    pairs = []
    for product in rows:
        names = {vietnamese.sort_key(name) for name in (product.name_vi, product.name_en) if name}
        own = [
            title
            for title in titles
            if title.product_id == product.id
            or {vietnamese.sort_key(name) for name in (title.product_vi, title.product_en) if name} & names
        ]
        taken |= {title.id for title in own}
        pairs.append((product, own))
    return pairs, [title for title in titles if title.id not in taken]


def needs_offers(organisation: Organisation, actor: Actor) -> Sequence[NeedOffer]:
    """The needs and offers of an organisation that the reader may know of."""
    return session.scalars(
        select(NeedOffer)
        .where(NeedOffer.organisation_id == organisation.id, visible_to(actor, NeedOffer))
        .order_by(NeedOffer.role, NeedOffer.id)
    ).all()


def support(organisation: Organisation, actor: Actor) -> Sequence[SupportReceived]:
    """What an organisation received from the programme, the newest first, if the reader may know."""
    return session.scalars(
        select(SupportReceived)
        .where(SupportReceived.organisation_id == organisation.id, visible_to(actor, SupportReceived))
        .order_by(SupportReceived.on.desc(), SupportReceived.id.desc())
    ).all()


def support_of(organisation_id: int, kind: SupportKind, event_id: int) -> SupportReceived | None:
    """The support of that kind that an event brought to an organisation."""
    return session.scalars(
        select(SupportReceived).where(
            SupportReceived.organisation_id == organisation_id,
            SupportReceived.kind == kind,
            SupportReceived.event_id == event_id,
        )
    ).first()


def members(organisation: Organisation) -> Sequence[Membership]:
    """The people of an organisation now, owners first."""
    return session.scalars(
        select(Membership)
        .join(User)
        .where(Membership.organisation_id == organisation.id, Membership.left_at.is_(None))
        .options(joinedload(Membership.user))
        .order_by(case(_IN_ORDER, value=Membership.role), User.sort_key, Membership.id)
    ).all()


def reachable(organisation: Organisation) -> Sequence[User]:
    """Its people who agreed that partners matched with it see their phone number."""
    return session.scalars(
        select(User)
        .join(Membership)
        .where(
            Membership.organisation_id == organisation.id,
            Membership.left_at.is_(None),
            User.phone.is_not(None),
            User.disabled_at.is_(None),
            agreed(Purpose.PHONE, User.id),
        )
        .order_by(User.sort_key, User.id)
    ).all()


def membership(user_id: int, organisation_id: int) -> Membership | None:
    """The present membership of a user in an organisation."""
    return session.scalars(
        select(Membership).where(
            Membership.user_id == user_id,
            Membership.organisation_id == organisation_id,
            Membership.left_at.is_(None),
        )
    ).one_or_none()


def grants(organisation: Organisation) -> Sequence[Grant]:
    """The grants of sight that an organisation gave and did not withdraw, with the partners."""
    return session.scalars(
        select(Grant)
        .join(Organisation, Grant.partner_id == Organisation.id)
        .where(Grant.firm_id == organisation.id, Grant.withdrawn_at.is_(None))
        .options(joinedload(Grant.partner))
        .order_by(Organisation.sort_key, Grant.id)
    ).all()


def granted(organisation: Organisation) -> Sequence[tuple[GrantScope, int]]:
    """(scope, partner) of the same, as plain rows."""
    query = select(Grant.scope, Grant.partner_id)
    rows = session.execute(query.where(Grant.firm_id == organisation.id, Grant.withdrawn_at.is_(None)))
    return [(scope, partner_id) for scope, partner_id in rows]


def present_grant(firm_id: int, partner_id: int, scope: GrantScope) -> Grant | None:
    """The grant of that scope from one to the other that holds now."""
    return session.scalars(
        select(Grant).where(
            Grant.firm_id == firm_id,
            Grant.partner_id == partner_id,
            Grant.scope == scope,
            Grant.withdrawn_at.is_(None),
        )
    ).one_or_none()


def partners(text: str, actor: Actor, only: Iterable[int] | None = None) -> Select[Organisation]:
    """Organisations that come to meet firms, by name; `only` among these ids."""
    kind = exists().where(
        OrganisationKind.organisation_id == Organisation.id, OrganisationKind.kind.in_(PARTNER_KINDS)
    )
    query = select(Organisation).where(kind, visible_to(actor, Organisation), contains(Organisation.search_key, text))
    if only is not None:
        query = query.where(Organisation.id.in_(list(only)))
    return query.order_by(Organisation.sort_key, Organisation.id)


def same_file_applied(run: ImportRun) -> ImportRun | None:
    """The last time that exactly this file was imported."""
    return session.scalars(
        select(ImportRun)
        .where(ImportRun.sha256 == run.sha256, ImportRun.applied_at.is_not(None), ImportRun.id != run.id)
        .order_by(ImportRun.applied_at.desc())
    ).first()


def import_runs(actor: Actor) -> Select[ImportRun]:
    """Uploaded lists, the newest first."""
    return select(ImportRun).where(visible_to(actor, ImportRun)).order_by(ImportRun.id.desc())
