"""Records of an organisation that carry a date of their own: certificates with their validity, figures by year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Numeric, UniqueConstraint, and_, column, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core import clock
from core.db import LongStr, Model, Str, Versioned
from core.files import StoredFile
from core.i18n import _l
from core.personal import WITH_ITS_OWNER, Entry, Then, plain, refers, tag
from core.personal import Kind as Tells

if TYPE_CHECKING:
    from companies.models import Organisation, Product

MONEY = Numeric(20, 2)
FIGURES = ("employees", "revenue_vnd", "export_usd")
CERTIFICATE_LENGTH = 80


def not_negative(*names: str) -> list[CheckConstraint]:
    """Constraints of a table: these columns hold no negative number."""
    return [CheckConstraint(column(name) >= 0, name=f"{name}_not_negative") for name in names]


class Certificate(Versioned, Model):
    """A certificate that an organisation holds, for all it does or for one product.

    `name`: kind and edition as people write them (ISO 9001:2015). Without `valid_until` it holds until removed.
    `reminded_for`: the end of validity that its people were already reminded of.
    """

    __register__ = Entry(_l("Certificates"), WITH_ITS_OWNER)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Str(CERTIFICATE_LENGTH))
    number: Mapped[str | None] = mapped_column(Str(80))
    issuer: Mapped[str | None] = mapped_column(Str(160))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None] = mapped_column(index=True)
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    reminded_for: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    scan: Mapped[StoredFile | None] = relationship()
    organisation: Mapped[Organisation] = relationship(viewonly=True)
    product: Mapped[Product | None] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint(column("name") != "", name="named"),
        CheckConstraint(
            or_(
                column("valid_from").is_(None),
                column("valid_until").is_(None),
                column("valid_from") <= column("valid_until"),
            ),
            name="validity_range",
        ),
    )

    def holds_on(self, day: date) -> bool:
        """Whether it counts on that day (Hanoi date)."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or self.valid_until >= day)

    @classmethod
    def hold_on(cls, day: date) -> ColumnElement[bool]:
        """The same for a query."""
        return and_(
            or_(cls.valid_from.is_(None), cls.valid_from <= day),
            or_(cls.valid_until.is_(None), cls.valid_until >= day),
        )


class Certified:
    """What holds certificates: an organisation for all it does, a product for itself."""

    certificate_rows: Mapped[list[Certificate]]

    @property
    def certificates(self) -> list[str]:
        """The names of the certificates that hold today, each once."""
        today = clock.today()
        return list(dict.fromkeys(row.name for row in self.certificate_rows if row.holds_on(today)))

    def lacking(self, names: Iterable[str]) -> list[str]:
        """Those of these names that no row knows, whether it still holds or not."""
        known = {row.name for row in self.certificate_rows}
        return [name for name in dict.fromkeys(names) if name not in known]

    def hold(self, names: Iterable[str]) -> None:
        """Add the certificates of these names that no row knows yet."""
        owner = getattr(self, "organisation_id", None)  # of a product; the relation itself states an organisation
        self.certificate_rows.extend(Certificate(name=name, organisation_id=owner) for name in self.lacking(names))


class YearlyFigures(Versioned, Model):
    """What an organisation stated of one year, from which source, and who stated it when."""

    __register__ = Entry(_l("Figures by year"), WITH_ITS_OWNER, why=_l("To match loans and to know a firm's size"))
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    year: Mapped[int]
    employees: Mapped[int | None]
    revenue_vnd: Mapped[Decimal | None] = mapped_column(MONEY, info=tag(_l("Revenue"), Tells.CONFIDENTIAL))
    export_usd: Mapped[Decimal | None] = mapped_column(MONEY, info=tag(_l("Export value"), Tells.CONFIDENTIAL))
    source: Mapped[str | None] = mapped_column(LongStr, info=plain(_l("Source")))
    stated_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP)
    )
    stated_at: Mapped[datetime] = mapped_column(default=clock.now)
    stated_by: Mapped[User | None] = relationship()

    __table_args__ = (
        UniqueConstraint("organisation_id", "year"),
        CheckConstraint(column("year").between(1990, 2200), name="year_range"),
        CheckConstraint(or_(*(column(name).is_not(None) for name in FIGURES)), name="some_figure"),
        *not_negative(*FIGURES),
    )
