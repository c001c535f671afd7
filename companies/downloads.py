"""The lists of organisations that go out as spreadsheets, each with its reader's rights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import User
from accounts.rules import is_staff
from companies import directory, exports, reads, rules, sight, title_terms
from companies.enums import MEMBERSHIP_ROLE_LABELS, RECOGNITION_LABELS, SECTOR_LABELS
from companies.listing import narrowing
from companies.models import Award, Membership, NeedOffer, Organisation, Product
from core import clock
from core.access import Actor, visible_to
from core.db import contains, session
from core.downloads import CHUNK, Listing, Written, listing, note, rows_of, table
from core.i18n import _, _l, pick

Arguments = Mapping[str, str]


def _anybody(actor: Actor) -> bool:
    return True


def _text(arguments: Arguments) -> str:
    return arguments.get("q", "")[:200]


def _name(row: Any, of: str = "name") -> str | None:
    shown = pick(row, of)
    return shown.text if shown else None


# --- organisations --------------------------------------------------------------------------------------------


def _organisations(actor: Actor, arguments: Arguments) -> Select[Any]:
    return directory.search(narrowing.filters(arguments), actor, on=clock.today()).options(
        selectinload(Organisation.certificate_rows)
    )


def _organisations_table(actor: Actor, query: Select[Any]) -> Written:
    ids = session.scalars(query.with_only_columns(Organisation.id, maintain_column_froms=True)).all()
    sights, taken = sight.sights(actor, ids), dict[int, list[str]]()

    def noting() -> Iterator[Organisation]:
        for row in rows_of(query, Organisation.id):
            if columns := reads.guarded(row, sights[row.id]):
                taken[row.id] = columns
            yield row

    return Written(exports.directory_table(noting(), sights), partial(reads.note_export, taken))


ORGANISATIONS = listing(Listing("organisations", _l("Organisations"), _anybody, _organisations, _organisations_table))


# --- what profiles lack ---------------------------------------------------------------------------------------


def _review(actor: Actor, arguments: Arguments) -> Select[Any]:
    return directory.managed(_text(arguments), arguments.get("lacking", ""), actor)


def _review_table(actor: Actor, query: Select[Any]) -> Written:
    ids = session.scalars(query.with_only_columns(Organisation.id, maintain_column_froms=True)).all()
    present: dict[int, frozenset[str]] = {}
    for first in range(0, len(ids), CHUNK):
        present |= directory.present_in(ids[first : first + CHUNK])

    def missing(row: Organisation) -> str:
        return ", ".join(str(directory.MISSING_LABELS[key]) for key in rules.missing(row.kinds, present[row.id]))

    columns = {
        _("Tax code"): lambda row: row.tax_code,
        _("Organisation"): _name,
        _("Complete"): lambda row: round(rules.complete_share(row.kinds, present[row.id]), 2),
        _("Missing"): missing,
        _("E-mail"): lambda row: row.email,
        _("Phone"): lambda row: row.phone,
    }
    found = table(_("What profiles lack"), columns, rows_of(query, Organisation.id), (16, 45, 12, 80, 32, 18))
    return Written(found, partial(note, "review"))


REVIEW = listing(Listing("review", _l("What profiles lack"), is_staff, _review, _review_table))


# --- products and awards --------------------------------------------------------------------------------------


def _products(actor: Actor, arguments: Arguments) -> Select[Any]:
    query = select(Product).join(Organisation).where(visible_to(actor, Organisation))
    if text := _text(arguments):
        query = query.where(contains(Product.search_key, text))
    options = joinedload(Product.organisation), selectinload(Product.certificate_rows)
    return query.options(*options).order_by(Product.sort_key, Product.id)


def _products_table(actor: Actor, query: Select[Any]) -> Written:
    columns = {
        _("Tax code"): lambda row: row.organisation.tax_code,
        _("Organisation"): lambda row: _name(row.organisation),
        _("Name in Vietnamese"): lambda row: row.name_vi or row.name_original,
        _("Name in English"): lambda row: row.name_en,
        _("HS code"): lambda row: row.hs,
        _("Certificates"): lambda row: "|".join(row.certificates),
        _("Capacity"): lambda row: row.capacity,
    }
    return Written(table(_("Products"), columns, rows_of(query, Product.id), (16, 45, 40, 40, 12, 30, 24)))


PRODUCTS = listing(Listing("products", _l("Products"), _anybody, _products, _products_table))


def _needs(actor: Actor, arguments: Arguments) -> Select[Any]:
    query = select(NeedOffer).join(Organisation).where(visible_to(actor, NeedOffer), visible_to(actor, Organisation))
    if not is_staff(actor):
        own = actor.ties.get("organisation", frozenset())
        valid = NeedOffer.valid_until.is_(None) | (NeedOffer.valid_until >= clock.today())
        query = query.where(valid | NeedOffer.organisation_id.in_(own))
    if text := _text(arguments):
        query = query.where(contains(Organisation.search_key, text))
    options = joinedload(NeedOffer.organisation)
    return query.options(options).order_by(Organisation.sort_key, NeedOffer.organisation_id, NeedOffer.id)


def _needs_table(actor: Actor, query: Select[Any]) -> Written:
    owners = set(session.scalars(query.with_only_columns(NeedOffer.organisation_id, maintain_column_froms=True)))
    inside = {key for key, seen in sight.sights(actor, owners).items() if seen.tier >= rules.Tier.INSIDE}
    return Written(exports.needs_table(rows_of(query, NeedOffer.id), inside, on=clock.today()))


NEEDS = listing(Listing("needs", _l("Needs and offers"), _anybody, _needs, _needs_table))


def _awards(actor: Actor, arguments: Arguments) -> Select[Any]:
    query = select(Award).options(joinedload(Award.organisation))
    year = arguments.get("year", "")
    if year.isascii() and year.isdigit() and len(year) == 4:
        query = query.where(Award.year == int(year))
    return query.order_by(Award.year.desc().nulls_last(), Award.sort_key, Award.id)


def _awards_table(actor: Actor, query: Select[Any]) -> Written:
    today, terms = clock.today(), title_terms.present()

    def status(row: Award) -> str:
        return str(RECOGNITION_LABELS[rules.recognition([(row.year, row.valid_until)], on=today, terms=terms)])

    def sector(row: Award) -> str | None:
        firm = row.organisation
        return str(SECTOR_LABELS[firm.sector]) if firm and firm.sector else None

    columns = {
        _("Year"): lambda row: row.year,
        _("Winner's name"): lambda row: row.winner_name,
        _("Tax code"): lambda row: row.organisation.tax_code if row.organisation else None,
        _("Product in Vietnamese"): lambda row: row.product_vi,
        _("Product in English"): lambda row: row.product_en,
        _("Top 10"): lambda row: row.top10,
        _("Decision"): lambda row: row.decision,
        _("Valid until"): lambda row: rules.title_ends(year=row.year, valid_until=row.valid_until, terms=terms),
        _("State"): status,
        _("Sector"): sector,
        _("Source"): lambda row: row.source,
    }
    widths = (8, 45, 16, 40, 40, 10, 20, 14, 18, 28, 40)
    return Written(table(_("Awards"), columns, rows_of(query, Award.id), widths))


AWARDS = listing(Listing("awards", _l("Awards"), _anybody, _awards, _awards_table))


# --- people of organisations ----------------------------------------------------------------------------------


def _members(actor: Actor, arguments: Arguments) -> Select[Any]:
    query = select(Membership).join(Organisation).join(User, Membership.user_id == User.id)
    query = query.where(Membership.left_at.is_(None), visible_to(actor, Membership))
    options = joinedload(Membership.organisation), joinedload(Membership.user)
    return query.options(*options).order_by(Organisation.sort_key, User.sort_key, Membership.id)


def _members_table(actor: Actor, query: Select[Any]) -> Written:
    columns = {
        _("Tax code"): lambda row: row.organisation.tax_code,
        _("Organisation"): lambda row: _name(row.organisation),
        _("Name"): lambda row: row.user.name,
        _("E-mail"): lambda row: row.user.email,
        _("Role"): lambda row: str(MEMBERSHIP_ROLE_LABELS[row.role]),
        _("Since"): lambda row: row.since,
    }
    found = table(_("People of organisations"), columns, rows_of(query, Membership.id), (16, 45, 30, 32, 16, 18))
    return Written(found, partial(note, "members"))


MEMBERS = listing(Listing("members", _l("People of organisations"), is_staff, _members, _members_table))
