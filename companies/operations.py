"""Verbs that change organisations. Run inside a write block; flush, never commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from companies import queries
from companies.enums import GrantScope, Kind, MembershipRole, SupportKind
from companies.models import Award, Grant, Membership, NeedOffer, Organisation, Product, SupportReceived
from core import audit
from core.db import session
from core.errors import Conflict, Invalid
from core.i18n import _

Part = TypeVar("Part", Product, NeedOffer)


def create_organisation(values: Mapping[str, Any], *, by: Any, at: datetime) -> Organisation:
    """A new organisation of these columns and `kinds`. Raise Conflict if its key is taken."""
    organisation = Organisation(country="VN", created_at=at, updated_at=at)
    change(organisation, values)
    _check_key(organisation)
    session.add(organisation)
    _flush(_("Another organisation has this tax code or number, or the values do not fit together."))
    audit.record("organisation.create", organisation, by=by, at=at)
    return organisation


def edit_organisation(
    organisation: Organisation, values: Mapping[str, Any], *, version: int | None, by: Any, at: datetime
) -> list[str]:
    """Change columns of an organisation; return their names. Raise Conflict if somebody else saved first."""
    organisation.expect(version)
    change(organisation, values)
    columns = audit.changed_columns(organisation)
    if {"tax_code", "country", "foreign_id"} & set(columns):
        _check_key(organisation)
    if columns or session.is_modified(organisation):
        organisation.updated_at = at
        _flush(_("Another organisation has this tax code or number, or the values do not fit together."))
        audit.record("organisation.edit", organisation, by=by, at=at, columns=columns)
    return columns


def change(row: Any, values: Mapping[str, Any]) -> None:
    """Set columns of a row of companies, and `kinds`; empty text is stored as nothing, codes become states."""
    for name, value in values.items():
        if name == "kinds":
            if row.kinds != (wanted := frozenset(map(Kind, value))):
                row.set_kinds(wanted)
            continue
        stored = None if value == "" else value
        states = getattr(row.__table__.c[name].type, "enum_class", None)
        if stored is not None and states is not None:
            stored = states(stored)
        if getattr(row, name) != stored:
            setattr(row, name, stored)


def _check_key(organisation: Organisation) -> None:
    with session.no_autoflush:
        if organisation.tax_code:
            other = queries.by_tax_code(organisation.tax_code)
            if other is not None and other is not organisation:
                raise Conflict(_("Another organisation has this tax code."), field="tax_code")
        if organisation.foreign_id:
            other = queries.by_foreign_id(organisation.country, organisation.foreign_id)
            if other is not None and other is not organisation:
                raise Conflict(_("Another organisation has this number."), field="foreign_id")


def _flush(sentence: str) -> None:
    """Flush; the constraints of the database decide what no check before saw, and `sentence` tells it."""
    try:
        session.flush()
    except IntegrityError as err:
        raise Conflict(sentence) from err


# --- products, needs and offers -------------------------------------------------------------------------------


def add_part(
    model: type[Part], organisation: Organisation, values: Mapping[str, Any], *, by: Any, at: datetime
) -> Part:
    """A new product, need or offer of an organisation."""
    row = model(organisation_id=organisation.id)
    change(row, values)
    session.add(row)
    _flush(_("These values do not fit together."))
    _touch(organisation.id, at)
    audit.record(f"{row.__tablename__}.create", row, by=by, at=at, organisation=organisation.id)
    return row


def edit_part(row: Part, values: Mapping[str, Any], *, version: int | None, by: Any, at: datetime) -> None:
    """Change a product, a need or an offer. Raise Conflict if somebody else saved first."""
    row.expect(version)
    change(row, values)
    if columns := audit.changed_columns(row):
        _flush(_("These values do not fit together."))
        _touch(row.organisation_id, at)
        audit.record(f"{row.__tablename__}.edit", row, by=by, at=at, columns=columns)


def remove_part(row: Part, *, by: Any, at: datetime) -> None:
    """Delete a product, a need or an offer; awards of a product keep its name."""
    audit.record(f"{row.__tablename__}.remove", row, by=by, at=at, organisation=row.organisation_id)
    _touch(row.organisation_id, at)
    session.delete(row)
    session.flush()


def _touch(organisation_id: int, at: datetime) -> None:
    """What is computed from the profile is out of date; a form of the organisation that is open stays valid."""
    session.execute(update(Organisation).where(Organisation.id == organisation_id).values(updated_at=at))


# --- people ---------------------------------------------------------------------------------------------------


def join(user_id: int, organisation: Organisation, *, role: MembershipRole, by: Any, at: datetime) -> Membership:
    """Make a user a member of an organisation. Raise Conflict if he is one."""
    if queries.membership(user_id, organisation.id) is not None:
        raise Conflict(_("This person belongs to the organisation already."))
    row = Membership(user_id=user_id, organisation_id=organisation.id, role=role, since=at)
    session.add(row)
    session.flush()
    audit.record("membership.join", row, by=by, at=at, user=user_id, organisation=organisation.id, role=role.value)
    return row


def leave(row: Membership, *, by: Any, at: datetime) -> None:
    """End a membership."""
    row.left_at = row.left_at or at
    session.flush()
    audit.record("membership.leave", row, by=by, at=at, user=row.user_id, organisation=row.organisation_id)


# --- grants of sight ------------------------------------------------------------------------------------------


def give_sight(firm: Organisation, partner: Organisation, scope: GrantScope, *, by: Any, at: datetime) -> Grant:
    """Let a partner see the firm's figures or contacts once they are matched. Giving it twice is giving it once."""
    if firm.id == partner.id:
        raise Invalid(_("An organisation sees its own data anyway."), field="partner")
    if (present := queries.present_grant(firm.id, partner.id, scope)) is not None:
        return present
    row = Grant(firm_id=firm.id, partner_id=partner.id, scope=scope, at=at, by_id=getattr(by, "id", by))
    session.add(row)
    session.flush()
    audit.record("grant.give", row, by=by, at=at, firm=firm.id, partner=partner.id, scope=scope.value)
    return row


def withdraw_sight(row: Grant, *, by: Any, at: datetime) -> None:
    """End a grant; from the next page on the partner sees nothing of it."""
    row.withdrawn_at = row.withdrawn_at or at
    session.flush()
    audit.record("grant.withdraw", row, by=by, at=at, firm=row.firm_id, partner=row.partner_id)


def note_granted_read(organisation: Organisation, *, by: Any, at: datetime) -> None:
    """Log that a matched partner read what the firm granted to him."""
    audit.record("organisation.granted_read", organisation, by=by, at=at)


# --- what selection and events write here ---------------------------------------------------------------------


def record_award(
    *,
    organisation: Organisation | None,
    by: Any,
    at: datetime,
    winner_name: str = "",
    product: Product | None = None,
    product_vi: str | None = None,
    product_en: str | None = None,
    year: int | None = None,
    decision: str | None = None,
    valid_until: date | None = None,
    top10: bool = False,
    first_time: bool | None = None,
    note: str | None = None,
    source: str | None = None,
) -> Award:
    """A title. Names default to those of the organisation and of the product."""
    row = Award(
        organisation_id=organisation.id if organisation else None,
        winner_name=winner_name or (organisation.name if organisation else ""),
        product_id=product.id if product else None,
        product_vi=product_vi or (product.name_vi if product else None),
        product_en=product_en or (product.name_en if product else None),
        year=year,
        decision=decision,
        valid_until=valid_until,
        top10=top10,
        first_time=first_time,
        note=note,
        source=source,
    )
    if not row.winner_name:
        raise Invalid(_("An award needs its winner."))
    session.add(row)
    session.flush()
    audit.record("award.record", row, by=by, at=at)
    return row


def record_support(
    organisation_id: int,
    kind: SupportKind,
    *,
    on: date,
    by: Any,
    at: datetime,
    event_id: int | None = None,
    note: str | None = None,
) -> SupportReceived:
    """Some support reached an organisation; the same kind from the same event counts once."""
    if event_id is not None and (row := queries.support_of(organisation_id, kind, event_id)) is not None:
        return row
    row = SupportReceived(organisation_id=organisation_id, kind=kind, event_id=event_id, on=on, note=note)
    session.add(row)
    session.flush()
    audit.record("support.record", row, by=by, at=at, organisation=organisation_id, kind=kind.value)
    return row
