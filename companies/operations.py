"""Verbs that change organisations. Run inside a write block; flush, never commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Table, update
from sqlalchemy.exc import IntegrityError

from companies import history, need_details, photos, queries
from companies.enums import GrantScope, Kind, MembershipRole, NeedClass, SupportKind
from companies.models import Award, Grant, Membership, NeedOffer, Organisation, Product, SupportReceived
from companies.photos import Photo
from companies.records import FIGURES, Certificate, YearlyFigures
from core import audit, clock, files
from core.db import session
from core.errors import Conflict, Invalid
from core.i18n import _

Part = TypeVar("Part", Product, NeedOffer, Certificate, YearlyFigures, Photo)


def create_organisation(values: Mapping[str, Any], *, by: Any, at: datetime) -> Organisation:
    """A new organisation of these columns and `kinds`. Raise Conflict if its key is taken."""
    organisation = Organisation(country="VN", created_at=at, updated_at=at)
    change(organisation, values, by=by, at=at)
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
    change(organisation, values, by=by, at=at)
    columns = audit.changed_columns(organisation)
    if {"tax_code", "country", "foreign_id"} & set(columns):
        _check_key(organisation)
    if columns or session.is_modified(organisation):
        columns = sorted({*columns, *(name for name in FIGURES if name in values)} - {"updated_at"})
        history.note_edit(organisation, by=by, at=at)
        organisation.updated_at = at
        _flush(_("Another organisation has this tax code or number, or the values do not fit together."))
        session.expire(organisation, [*FIGURES, "figures_year"])  # computed from rows that are new now
        audit.record("organisation.edit", organisation, by=by, at=at, columns=columns)
    return columns


def change(row: Any, values: Mapping[str, Any], *, by: Any, at: datetime) -> None:
    """Set columns of a row of companies; empty text is stored as nothing, codes become states.

    `kinds` are set as a whole. `certificates` are added, and only an empty list takes them away. Figures of an
    organisation are stated of `figures_year`, the last full year unless given.
    """
    for name, value in values.items():
        if name == "kinds":
            if row.kinds != (wanted := frozenset(map(Kind, value))):
                row.set_kinds(wanted)
            continue
        if name == "certificates":
            row.hold(value) if value else row.certificate_rows.clear()
            continue
        if name in (*FIGURES, "figures_year") and isinstance(row, Organisation):
            continue
        stored = None if value == "" else value
        states = getattr(row.__table__.c[name].type, "enum_class", None)
        if stored is not None and states is not None:
            stored = states(stored)
        if getattr(row, name) != stored:
            setattr(row, name, stored)

    if isinstance(row, Organisation) and (stated := {name: values[name] for name in FIGURES if name in values}):
        year = values.get("figures_year") or clock.local(at).year - 1
        for name in [name for name, value in stated.items() if value is None]:
            _forget_figure(row, name)
            del stated[name]
        if stated:
            state_figures(row, year, stated, by=by, at=at)


def _forget_figure(organisation: Organisation, name: str) -> None:
    """Empty a figure of every year; a year of which nothing is left goes."""
    for year in list(organisation.figures):
        setattr(year, name, None)
        if all(getattr(year, other) is None for other in FIGURES):
            organisation.figures.remove(year)


def state_figures(
    organisation: Organisation, year: int, values: Mapping[str, Any], *, by: Any, at: datetime
) -> YearlyFigures:
    """State figures of a year, with their `source`; a figure that is not among `values` stays."""
    row = organisation.figures_of(year)
    if row is None:
        row = YearlyFigures(year=year)
        organisation.figures.append(row)
    before = {name: getattr(row, name) for name in values}
    if before != dict(values):
        for name, value in values.items():
            setattr(row, name, value)
        if row.id is not None:
            history.note_edit(row, by=by, at=at)
        row.stated_by_id, row.stated_at = getattr(by, "id", None), at
        organisation.updated_at = at
    return row


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
    change(row, values, by=by, at=at)
    _check_part(row, by, at)
    session.add(row)
    _flush(_("These values do not fit together."))
    _touch(organisation.id, at)
    history.note_added(row, by=by, at=at)
    audit.record(f"{row.__tablename__}.create", row, by=by, at=at, organisation=organisation.id)
    return row


def edit_part(row: Part, values: Mapping[str, Any], *, version: int | None, by: Any, at: datetime) -> None:
    """Change a product, a need or an offer. Raise Conflict if somebody else saved first."""
    row.expect(version)
    change(row, values, by=by, at=at)
    if columns := audit.changed_columns(row):
        _check_part(row, by, at)
        history.note_edit(row, by=by, at=at)
        _flush(_("These values do not fit together."))
        _touch(row.organisation_id, at)
        audit.record(f"{row.__tablename__}.edit", row, by=by, at=at, columns=columns)


def _touch(organisation_id: int, at: datetime) -> None:
    """The profile changed with one of its parts: suggestions made before are out of date. Its version stays."""
    table = cast(Table, Organisation.__table__)  # not the class: the directory shows no part that comes this way
    session.execute(update(table).where(table.c.id == organisation_id).values(updated_at=at))


def _check_part(row: Any, by: Any, at: datetime) -> None:
    """What a part has to hold besides its own constraints, and who stated it."""
    if isinstance(row, YearlyFigures):
        row.stated_by_id, row.stated_at = getattr(by, "id", None), at
        if (other := queries.figures_of(row.organisation_id, row.year)) is not None and other is not row:
            raise Conflict(_("Figures of this year are stated already: change those."), field="year")
    if isinstance(row, NeedOffer):
        row.details = need_details.checked(NeedClass(row.kind), row.details or {})
    if isinstance(row, Certificate | Photo):
        photos.check_product(row.organisation_id, row.product_id)


def remove_part(row: Part, *, by: Any, at: datetime) -> None:
    """Delete a product, a need, a certificate, ...; awards of a product keep its name, files go with their row."""
    audit.record(f"{row.__tablename__}.remove", row, by=by, at=at, organisation=row.organisation_id)
    history.note_removed(row, by=by, at=at)
    if isinstance(row, Product):
        for photo in photos.of_product(row):
            photos.remove(photo, by=by, at=at)
    if isinstance(row, Certificate) and row.scan is not None:
        files.remove(row.scan)
    _touch(row.organisation_id, at)
    session.delete(row)
    session.flush()


def attach_scan(row: Certificate, received: files.Received, *, by: Any, at: datetime) -> None:
    """Keep the scan of a certificate, in place of an earlier one."""
    before, row.scan = row.scan, files.keep(received, by=by, at=at)
    session.flush()
    if before is not None:
        files.remove(before)
    audit.record("certificate.scan", row, by=by, at=at)


def remove_scan(row: Certificate, *, by: Any, at: datetime) -> None:
    """Delete the scan; the certificate stays."""
    if row.scan is not None:
        stored, row.scan = row.scan, None
        session.flush()
        files.remove(stored)
        audit.record("certificate.scan_removed", row, by=by, at=at)


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
