"""How long titles hold: terms that officers state with the regulation, each from the titles of a year on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, and_, column, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from accounts.models import User
from companies import rules
from companies.models import Award
from companies.rules import Term, Terms
from core import audit
from core.db import Model, Str, session
from core.errors import Conflict, Invalid
from core.i18n import _, _l
from core.personal import PART_OF_THE_RECORD, Entry, Then, refers


class TitleTerm(Model):
    """Titles of the year `since` and later hold `months` after the end of their year, by this regulation."""

    __register__ = Entry(_l("How long titles hold"), PART_OF_THE_RECORD)
    __table_args__ = (
        CheckConstraint(column("since").between(2000, 2200), name="since_range"),
        CheckConstraint(column("months").between(1, rules.LONGEST_TERM), name="months_range"),
        CheckConstraint(column("source") != "", name="sourced"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[int] = mapped_column(unique=True)
    months: Mapped[int]
    source: Mapped[str] = mapped_column(Str(300))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    at: Mapped[datetime]
    by: Mapped[User | None] = relationship()


def stated() -> Sequence[TitleTerm]:
    """The terms that officers stated, the newest first."""
    return session.scalars(select(TitleTerm).options(joinedload(TitleTerm.by)).order_by(TitleTerm.since.desc())).all()


def present() -> Terms:
    """The terms in force: the usual one, and over it those that officers stated; one query."""
    found = {term.since: term for term in rules.USUAL_TERMS}
    for since, months in session.execute(select(TitleTerm.since, TitleTerm.months)):
        found[since] = Term(since, months)
    return tuple(found.values())


def holds(on: date, terms: Terms) -> ColumnElement[bool]:
    """The query twin of `rules.title_ends`: whether a title holds on that day."""
    years = rules.years_that_hold(on=on, terms=terms)
    undated = or_(Award.year.in_(years), Award.year > on.year)
    return or_(Award.valid_until >= on, and_(Award.valid_until.is_(None), undated))


def held(on: date) -> int:
    """How many titles hold on that day."""
    return session.scalar(select(func.count()).select_from(Award).where(holds(on, present()))) or 0


def state(since: int, months: int, source: str, *, by: Any, at: datetime) -> TitleTerm:
    """State how long titles of a year and later hold, in place of what was stated for that year."""
    if not source.strip():
        raise Invalid(_("Name the regulation that says so."), field="source")
    row = _taken(since) or TitleTerm(since=since)
    row.months, row.source, row.by_id, row.at = months, source, by.id, at
    session.add(row)
    session.flush()
    audit.record("title_term.state", row, by=by, at=at, since=since, months=months)
    return row


def remove(since: int, *, by: Any, at: datetime) -> None:
    """Take a term back: the one before it counts again."""
    row = _taken(since)
    if row is None:
        raise Conflict(_("This term was taken back already."))
    audit.record("title_term.remove", row, by=by, at=at, since=since)
    session.delete(row)
    session.flush()


def _taken(since: int) -> TitleTerm | None:
    return session.scalars(select(TitleTerm).where(TitleTerm.since == since).with_for_update()).one_or_none()
