"""Organisations and what belongs to them: people, products, awards, support, grants of sight, needs and offers.

Texts that people type come in Vietnamese and English; a text written in neither keeps its original and its language.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    column,
    event,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from accounts.models import User
from companies.enums import GrantScope, Kind, MembershipRole, NeedClass, NeedRole, Sector, SupportKind, Visibility
from companies.records import FIGURES, MONEY, Certificate, Certified, YearlyFigures, not_negative
from core import clock
from core.db import JSON, LongStr, Model, Searchable, Str, Versioned, state
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, By, Entry, Then, refers, tag

NAME_LENGTH = 250


def _digits(name: str, lengths: Iterable[int]) -> ColumnElement[bool]:
    """Only the ten ASCII digits, of one of these lengths: stated in what both databases know."""
    rest: Any = column(name)
    for digit in "0123456789":
        rest = func.replace(rest, digit, "")
    return and_(func.length(rest) == 0, or_(*(func.length(column(name)) == n for n in lengths)))


def _some_text(*names: str) -> CheckConstraint:
    filled = (func.coalesce(column(name), "") != "" for name in names)  # NULL alone would let a CHECK pass
    return CheckConstraint(or_(*filled), name="some_text")


def _newest(of: Any, name: str) -> Any:
    """What was last stated of one figure, as a part of each query for organisations."""
    figure = getattr(YearlyFigures, name)
    newest = select(figure).where(YearlyFigures.organisation_id == of, figure.is_not(None))
    return newest.order_by(YearlyFigures.year.desc()).limit(1).correlate_except(YearlyFigures).scalar_subquery()


class Organisation(Certified, Searchable, Versioned, Model):
    """A firm or a partner. Its key is the tax code, abroad (country, foreign_id); old winners may have neither.

    `tax_code`: 10, 12 or 13 digits. `hs`, `vsic`: text, never numbers. `employees`, `revenue_vnd`, `export_usd` are
    read only: the newest that was stated by year. `certificates`: what holds today of the rows.
    """

    __register__ = Entry(_l("Organisations"), PART_OF_THE_RECORD, why=_l("To bring organisations together"))
    id: Mapped[int] = mapped_column(primary_key=True)
    tax_code: Mapped[str | None] = mapped_column(Str(13), unique=True)
    country: Mapped[str] = mapped_column(Str(2), default="VN")
    foreign_id: Mapped[str | None] = mapped_column(Str(40))
    name_vi: Mapped[str | None] = mapped_column(Str(NAME_LENGTH))
    name_en: Mapped[str | None] = mapped_column(Str(NAME_LENGTH))
    name_original: Mapped[str | None] = mapped_column(Str(NAME_LENGTH))
    short_name_vi: Mapped[str | None] = mapped_column(Str(80))
    short_name_en: Mapped[str | None] = mapped_column(Str(80))
    original_language: Mapped[str | None] = mapped_column(Str(8))
    sector: Mapped[Sector | None] = mapped_column(state(Sector), index=True)
    vsic_version: Mapped[str | None] = mapped_column(Str(4))
    vsic: Mapped[str | None] = mapped_column(Str(5))
    province: Mapped[str | None] = mapped_column(Str(80))
    commune: Mapped[str | None] = mapped_column(Str(80), index=True)
    zone: Mapped[str | None] = mapped_column(Str(120))
    address: Mapped[str | None] = mapped_column(Str(400))
    old_address: Mapped[str | None] = mapped_column(Str(400))
    website: Mapped[str | None] = mapped_column(Str(300))
    email: Mapped[str | None] = mapped_column(
        Str(254), info=refers(Then.BLANK, By.ADDRESS) | tag(_l("Contact e-mail"))
    )
    phone: Mapped[str | None] = mapped_column(Str(20), info=tag(_l("Contact phone")))
    founded: Mapped[int | None]
    markets: Mapped[list[str]] = mapped_column(JSON, default=list)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    intro_vi: Mapped[str | None] = mapped_column(LongStr)
    intro_en: Mapped[str | None] = mapped_column(LongStr)
    intro_original: Mapped[str | None] = mapped_column(LongStr)
    group_name: Mapped[str | None] = mapped_column(Str(120))
    source: Mapped[str | None] = mapped_column(LongStr)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    kind_rows: Mapped[list[OrganisationKind]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, lazy="selectin", order_by="OrganisationKind.id"
    )
    products: Mapped[list[Product]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", passive_deletes=True, order_by="Product.id"
    )
    needs_offers: Mapped[list[NeedOffer]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", passive_deletes=True, order_by="NeedOffer.id"
    )
    awards: Mapped[list[Award]] = relationship(
        back_populates="organisation", passive_deletes=True, order_by="Award.year.desc().nulls_last(), Award.id"
    )
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", passive_deletes=True, order_by="Membership.id"
    )
    certificate_rows: Mapped[list[Certificate]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="Certificate.id",
        primaryjoin=lambda: and_(Certificate.organisation_id == Organisation.id, Certificate.product_id.is_(None)),
    )  # fmt: skip
    figures: Mapped[list[YearlyFigures]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="YearlyFigures.year.desc()"
    )
    employees: Mapped[int | None] = column_property(_newest(id, "employees"))
    revenue_vnd: Mapped[Decimal | None] = column_property(_newest(id, "revenue_vnd"))
    export_usd: Mapped[Decimal | None] = column_property(_newest(id, "export_usd"))
    figures_year: Mapped[int | None] = column_property(_newest(id, "year"))

    __table_args__ = (
        UniqueConstraint("country", "foreign_id"),
        _some_text("name_vi", "name_en", "name_original"),
        CheckConstraint(_digits("tax_code", (10, 12, 13)), name="tax_code_digits"),
        CheckConstraint(_digits("vsic", range(1, 6)), name="vsic_digits"),
        CheckConstraint(column("vsic_version").in_(("2018", "2025")), name="vsic_version_known"),
        CheckConstraint(or_(column("vsic").is_(None), column("vsic_version").is_not(None)), name="vsic_versioned"),
        CheckConstraint(func.length(column("country")) == 2, name="country_code"),
        CheckConstraint(column("founded").between(1000, 2200), name="founded_year"),
    )

    @property
    def kinds(self) -> frozenset[Kind]:
        """What the organisation is."""
        return frozenset(row.kind for row in self.kind_rows)

    def set_kinds(self, kinds: Iterable[Kind]) -> None:
        """Make the organisation exactly these kinds."""
        wanted = set(kinds)
        kept = [row for row in self.kind_rows if row.kind in wanted]
        new = sorted(wanted - {row.kind for row in kept})
        self.kind_rows[:] = [*kept, *(OrganisationKind(kind=kind) for kind in new)]

    def figures_of(self, year: int) -> YearlyFigures | None:
        """What was stated of that year."""
        return next((row for row in self.figures if row.year == year), None)

    @property
    def name(self) -> str:
        """The name for mails, logs and documents: Vietnamese, else English, else the original."""
        return self.name_vi or self.name_en or self.name_original or ""

    def search_text(self) -> str:
        names = (self.name_vi, self.name_en, self.name_original, self.short_name_vi, self.short_name_en)
        return " ".join(text for text in (*names, self.tax_code, self.foreign_id) if text)

    def sort_text(self) -> str:
        return self.name


def _stated_by_year(_row: Organisation, _value: Any, _old: Any, _initiator: Any) -> None:
    raise AttributeError("figures are stated by year: see operations.state_figures")


for _name in (*FIGURES, "figures_year"):
    event.listen(getattr(Organisation, _name), "set", _stated_by_year)


class OrganisationKind(Model):
    """One of the kinds of an organisation."""

    __register__ = Entry(_l("Kinds of organisations"), WITH_ITS_OWNER)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    kind: Mapped[Kind] = mapped_column(state(Kind), index=True)

    __table_args__ = (UniqueConstraint("organisation_id", "kind"),)


class Membership(Model):
    """A person in an organisation, from `since` until `left_at`."""

    __register__ = Entry(_l("People of organisations"), WITH_ITS_OWNER, why=_l("To know who acts for whom"))
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), info=refers(Then.BLANK))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    role: Mapped[MembershipRole] = mapped_column(state(MembershipRole))
    since: Mapped[datetime]
    left_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")

    __table_args__ = (
        Index(
            "ix_membership_present",
            "user_id",
            "organisation_id",
            unique=True,
            sqlite_where=column("left_at").is_(None),
            postgresql_where=column("left_at").is_(None),
        ),
    )


class Product(Certified, Searchable, Versioned, Model):
    """A product of an organisation. `hs`: 2 to 10 digits; chapter (2) and heading (4) are compared."""

    __register__ = Entry(_l("Products"), WITH_ITS_OWNER)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    name_vi: Mapped[str | None] = mapped_column(Str(NAME_LENGTH))
    name_en: Mapped[str | None] = mapped_column(Str(NAME_LENGTH))
    name_original: Mapped[str | None] = mapped_column(Str(NAME_LENGTH))
    original_language: Mapped[str | None] = mapped_column(Str(8))
    description_vi: Mapped[str | None] = mapped_column(LongStr)
    description_en: Mapped[str | None] = mapped_column(LongStr)
    description_original: Mapped[str | None] = mapped_column(LongStr)
    hs: Mapped[str | None] = mapped_column(Str(10))
    capacity: Mapped[str | None] = mapped_column(Str(200))
    organisation: Mapped[Organisation] = relationship(back_populates="products")
    certificate_rows: Mapped[list[Certificate]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="Certificate.id"
    )

    __table_args__ = (
        _some_text("name_vi", "name_en", "name_original"),
        CheckConstraint(_digits("hs", (2, 4, 6, 8, 10)), name="hs_digits"),
    )

    def search_text(self) -> str:
        return " ".join(text for text in (self.name_vi, self.name_en, self.name_original, self.hs) if text)

    def sort_text(self) -> str:
        return self.name_vi or self.name_en or self.name_original or ""


class Award(Searchable, Model):
    """The title that a product holds. A winner that no longer exists as an organisation keeps its name as text."""

    __register__ = Entry(_l("Awards"), PART_OF_THE_RECORD)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    winner_name: Mapped[str] = mapped_column(Str(NAME_LENGTH))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id", ondelete="SET NULL"), index=True)
    product_vi: Mapped[str | None] = mapped_column(Str(NAME_LENGTH))
    product_en: Mapped[str | None] = mapped_column(Str(NAME_LENGTH))
    year: Mapped[int | None] = mapped_column(index=True)
    decision: Mapped[str | None] = mapped_column(Str(120))
    valid_until: Mapped[date | None]
    top10: Mapped[bool] = mapped_column(default=False)
    first_time: Mapped[bool | None]
    note: Mapped[str | None] = mapped_column(LongStr)
    source: Mapped[str | None] = mapped_column(LongStr)
    organisation: Mapped[Organisation | None] = relationship(back_populates="awards")
    product: Mapped[Product | None] = relationship()

    __table_args__ = (
        CheckConstraint(column("winner_name") != "", name="winner_named"),
        CheckConstraint(column("year").between(1990, 2200), name="year_range"),
    )

    def search_text(self) -> str:
        return " ".join(text for text in (self.winner_name, self.product_vi, self.product_en) if text)

    def sort_text(self) -> str:
        return self.winner_name


class SupportReceived(Model):
    """Some support of the programme that reached an organisation; `event_id` when an event brought it."""

    __register__ = Entry(_l("Support received"), PART_OF_THE_RECORD)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    kind: Mapped[SupportKind] = mapped_column(state(SupportKind))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"), index=True)
    on: Mapped[date] = mapped_column(index=True)
    note: Mapped[str | None] = mapped_column(LongStr)
    organisation: Mapped[Organisation] = relationship()


class Grant(Model):
    """A firm lets one partner see its figures or contacts once they are matched, until it withdraws this."""

    __register__ = Entry(_l("Grants of sight"), PART_OF_THE_RECORD, why=_l("To prove who allowed what"))
    __tablename__ = "sight_grant"
    id: Mapped[int] = mapped_column(primary_key=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    scope: Mapped[GrantScope] = mapped_column(state(GrantScope))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    withdrawn_at: Mapped[datetime | None]
    firm: Mapped[Organisation] = relationship(foreign_keys=[firm_id])
    partner: Mapped[Organisation] = relationship(foreign_keys=[partner_id])

    __table_args__ = (
        CheckConstraint(column("firm_id") != column("partner_id"), name="two_organisations"),
        Index(
            "ix_sight_grant_present",
            "firm_id",
            "partner_id",
            "scope",
            unique=True,
            sqlite_where=column("withdrawn_at").is_(None),
            postgresql_where=column("withdrawn_at").is_(None),
        ),
    )


class NeedOffer(Versioned, Model):
    """Something that an organisation looks for or has to give: the rows that matching compares.

    `amount_min`, `amount_max`: money in `currency`. `headcount`: people. `term_months_*`: of a loan or a contract.
    `details`: what is asked of its class besides, see `need_details`.
    """

    __register__ = Entry(_l("Needs and offers"), WITH_ITS_OWNER)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    role: Mapped[NeedRole] = mapped_column(state(NeedRole))
    kind: Mapped[NeedClass] = mapped_column(state(NeedClass), index=True)
    text_vi: Mapped[str | None] = mapped_column(LongStr)
    text_en: Mapped[str | None] = mapped_column(LongStr)
    text_original: Mapped[str | None] = mapped_column(LongStr)
    original_language: Mapped[str | None] = mapped_column(Str(8))
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    amount_min: Mapped[Decimal | None] = mapped_column(MONEY)
    amount_max: Mapped[Decimal | None] = mapped_column(MONEY)
    currency: Mapped[str | None] = mapped_column(Str(3))
    term_months_min: Mapped[int | None]
    term_months_max: Mapped[int | None]
    headcount: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    valid_until: Mapped[date | None]
    visibility: Mapped[Visibility] = mapped_column(state(Visibility), default=Visibility.PUBLIC)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    organisation: Mapped[Organisation] = relationship(back_populates="needs_offers")

    __table_args__ = (
        _some_text("text_vi", "text_en", "text_original"),
        *not_negative("amount_min", "amount_max", "term_months_min", "term_months_max", "headcount"),
        CheckConstraint(column("amount_min") <= column("amount_max"), name="amount_range"),
        CheckConstraint(column("term_months_min") <= column("term_months_max"), name="term_range"),
        CheckConstraint(
            or_(
                and_(column("amount_min").is_(None), column("amount_max").is_(None)),
                column("currency").is_not(None),
            ),
            name="amount_currency",
        ),
    )

    def valid_on(self, day: date) -> bool:
        """Whether it still counts on that day (Hanoi date)."""
        return self.valid_until is None or self.valid_until >= day
