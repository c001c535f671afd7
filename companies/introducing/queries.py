"""Named reads of introductions, and which of them a reader may know of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, false, func, select, true
from sqlalchemy.orm import joinedload

from accounts.enums import Role
from accounts.models import User, UserRole
from accounts.rules import is_staff
from companies.introducing import rules
from companies.introducing.enums import BODY_KINDS, IntroductionState, Progress
from companies.introducing.models import Introduction, IntroductionYear, RecognisedList
from companies.joining import queries as joining
from companies.models import Award, Membership, Organisation, OrganisationKind
from companies.sight import belonging
from core.access import Actor, visible, visible_to
from core.db import contains, session

_IS_BODY = exists().where(
    OrganisationKind.organisation_id == Membership.organisation_id, OrganisationKind.kind.in_(BODY_KINDS)
)


def introductions_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Officers know all; an introducer those of his own body; nobody else any."""
    if is_staff(actor):
        return true()
    if not rules.introduce(actor):
        return false()
    return Introduction.body_id.in_(actor.ties["introducing_body"])


belonging("introducing_body", lambda role, kinds: not kinds.isdisjoint(BODY_KINDS))
visible(Introduction, introductions_visible_to)


def body_of(actor: Actor) -> Organisation:
    """The body that the reader introduces for; the first, should he belong to several."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(actor.ties["introducing_body"]))
        .order_by(Organisation.sort_key, Organisation.id)
        .limit(1)
    ).one()


def closings() -> Mapping[int, date]:
    """The last days of introductions that officers set, by year."""
    return {row.year: row.closes_on for row in session.scalars(select(IntroductionYear))}


def closing(year: int) -> date:
    """The last day of introductions for a year's selection."""
    row = session.get(IntroductionYear, year)
    return row.closes_on if row is not None else rules.usual_closing(year)


def years(actor: Actor) -> Sequence[int]:
    """The years of the introductions that the reader may know of, the newest first."""
    return session.scalars(
        select(Introduction.year).where(visible_to(actor, Introduction)).distinct().order_by(Introduction.year.desc())
    ).all()


def listed(
    actor: Actor, *, year: int | None = None, state: IntroductionState | None = None, text: str = ""
) -> Select[Introduction]:
    """Introductions that the reader may know of, in Vietnamese order."""
    query = select(Introduction).where(visible_to(actor, Introduction), contains(Introduction.search_key, text))
    if year is not None:
        query = query.where(Introduction.year == year)
    if state is not None:
        query = query.where(Introduction.state == state)
    return query.options(joinedload(Introduction.body)).order_by(Introduction.sort_key, Introduction.id)


def present(body_id: int, year: int, codes: Sequence[str]) -> Mapping[str, Introduction]:
    """What a body introduced for a year and did not withdraw, by tax code: one query."""
    rows = session.scalars(
        select(Introduction).where(
            Introduction.body_id == body_id,
            Introduction.year == year,
            Introduction.tax_code.in_(codes),
            Introduction.state != IntroductionState.WITHDRAWN,
        )
    )
    return {row.tax_code: row for row in rows}


def of_the_same_firm(introduction: Introduction) -> Sequence[Introduction]:
    """Other introductions of the same tax code that were not withdrawn, the newest first."""
    return session.scalars(
        select(Introduction)
        .where(
            Introduction.tax_code == introduction.tax_code,
            Introduction.id != introduction.id,
            Introduction.state != IntroductionState.WITHDRAWN,
        )
        .options(joinedload(Introduction.body))
        .order_by(Introduction.year.desc(), Introduction.id.desc())
    ).all()


def known(codes: Sequence[str]) -> Mapping[str, Organisation]:
    """The organisations of the site with one of these tax codes: one query."""
    return {row.tax_code or "": row for row in session.scalars(
        select(Organisation).where(Organisation.tax_code.in_(codes))
    )}  # fmt: skip


def progress_of(rows: Sequence[Introduction]) -> Mapping[int, Progress]:
    """What became of each of these introductions: three queries for any number."""
    firms = {row.organisation_id for row in rows if row.organisation_id is not None}
    doors = joining.doors(firms)
    titles = {
        (firm, year)
        for firm, year in session.execute(
            select(Award.organisation_id, Award.year).where(Award.organisation_id.in_(firms))
        )
    }
    found = {}
    for row in rows:
        door = doors.get(row.organisation_id or 0, joining.Door())
        found[row.id] = rules.progress(
            row.state,
            invited=door.invited_at is not None,
            joined=door.joined,
            recognised=(row.organisation_id, row.year) in titles,
        )
    return found


def received() -> tuple[int, int | None]:
    """How many introductions wait for a decision, and the earliest year that they are for."""
    number, year = session.execute(
        select(func.count(), func.min(Introduction.year)).where(Introduction.state == IntroductionState.RECEIVED)
    ).one()
    return number, year


def introducers() -> Sequence[User]:
    """Everybody who introduces for a body now."""
    member = exists().where(Membership.user_id == User.id, Membership.left_at.is_(None), _IS_BODY)
    role = exists().where(UserRole.user_id == User.id, UserRole.role == Role.INTRODUCER)
    return session.scalars(select(User).where(User.disabled_at.is_(None), role, member).order_by(User.id)).all()


def last_list() -> RecognisedList | None:
    """The list of recognised firms as it was seen last."""
    return session.scalars(select(RecognisedList).order_by(RecognisedList.id.desc()).limit(1)).first()


def last_sent_list() -> RecognisedList | None:
    """The list that was sent last."""
    return session.scalars(
        select(RecognisedList).where(RecognisedList.sent_at.is_not(None)).order_by(RecognisedList.id.desc()).limit(1)
    ).first()
