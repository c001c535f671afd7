"""Firms that departments, communes, zone boards and associations introduce for the selection of a year."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from companies.enums import Sector
from companies.introducing.enums import Ground, IntroductionState
from companies.models import MONEY, NAME_LENGTH, Organisation
from core.db import LongStr, Model, Searchable, Str, Versioned
from core.db import state as states  # a column of that name is declared below
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, TECHNICAL, By, Entry, Kind, Then, refers, tag

_OPEN = column("state") != IntroductionState.WITHDRAWN.value


class IntroductionYear(Model):
    """The last day of introductions for a year's selection, where an officer set another than 31 March."""

    __register__ = Entry(_l("Last days of introductions"), PART_OF_THE_RECORD)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closes_on: Mapped[date]


class Introduction(Searchable, Versioned, Model):
    """A firm as a body introduced it. `organisation_id`: the organisation that it was tied to when accepted.

    A body introduces a firm once a year; several bodies may introduce the same firm. `email` and `phone` are the
    firm's, no person's. Figures are of the last full year.
    """

    __register__ = Entry(_l("Introductions"), PART_OF_THE_RECORD, why=_l("To find firms for the selection"))
    __table_args__ = (
        CheckConstraint(column("year").between(2000, 2200), name="year_range"),
        CheckConstraint(column("name") != "", name="named"),
        CheckConstraint(column("revenue_vnd") >= 0, name="revenue_not_negative"),
        CheckConstraint(column("export_usd") >= 0, name="export_not_negative"),
        Index("ix_introduction_year_state", "year", "state"),
        Index(
            "uq_introduction_present", "year", "body_id", "tax_code", unique=True, sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )  # fmt: skip
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    body_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    at: Mapped[datetime]
    tax_code: Mapped[str] = mapped_column(Str(13), index=True)
    name: Mapped[str] = mapped_column(Str(NAME_LENGTH))
    product: Mapped[str] = mapped_column(Str(NAME_LENGTH), default="")
    sector: Mapped[Sector | None] = mapped_column(states(Sector))
    ground: Mapped[Ground | None] = mapped_column(states(Ground))
    in_hanoi: Mapped[bool | None]
    commune: Mapped[str | None] = mapped_column(Str(80))
    address: Mapped[str | None] = mapped_column(Str(400))
    revenue_vnd: Mapped[Decimal | None] = mapped_column(MONEY, info=tag(_l("Revenue"), Kind.CONFIDENTIAL))
    export_usd: Mapped[Decimal | None] = mapped_column(MONEY, info=tag(_l("Export value"), Kind.CONFIDENTIAL))
    email: Mapped[str | None] = mapped_column(
        Str(254), info=refers(Then.BLANK, By.ADDRESS) | tag(_l("Contact e-mail"))
    )
    phone: Mapped[str | None] = mapped_column(Str(20), info=tag(_l("Contact phone")))
    note: Mapped[str | None] = mapped_column(LongStr)
    state: Mapped[IntroductionState] = mapped_column(states(IntroductionState), default=IntroductionState.RECEIVED)
    reason: Mapped[str | None] = mapped_column(LongStr)
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP)
    )
    decided_at: Mapped[datetime | None]
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="SET NULL"), index=True
    )
    body: Mapped[Organisation] = relationship(foreign_keys=[body_id])
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])

    def search_text(self) -> str:
        return f"{self.name} {self.tax_code} {self.product}"

    def sort_text(self) -> str:
        return self.name


class RecognisedList(Model):
    """The list of recognised firms as it was seen: a digest tells whether it changed. `sent_at`: when it was sent.

    The first list is where one begins, and counts as sent.
    """

    __register__ = Entry(_l("Lists of recognised firms that were sent"), TECHNICAL)
    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Str(64))
    lines: Mapped[int]
    noticed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
