"""Named reads of past meetings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from companies.models import Organisation
from companies.sight import organisations_visible_to
from core.access import NOBODY, visible
from core.db import session
from events.conferences import history
from events.conferences.outcomes.enums import PROMISING
from events.conferences.past.models import PastList, PastMeeting
from events.conferences.queries import staff_only

visible(PastList, staff_only)


@history.register_past
def past(*, before: date, within: Select[Any] | None, of: Collection[int] | None) -> Select[int, int, date]:
    """(firm, partner, day of their latest meeting) of those before that day."""
    query = select(PastMeeting.firm_id, PastMeeting.partner_id, func.max(PastMeeting.on)).where(
        PastMeeting.on < before
    )
    if within is not None:
        query = query.where(PastMeeting.firm_id.in_(within), PastMeeting.partner_id.in_(within))
    if of is not None:
        query = query.where(or_(PastMeeting.firm_id.in_(of), PastMeeting.partner_id.in_(of)))
    return query.group_by(PastMeeting.firm_id, PastMeeting.partner_id)


@history.register_wanted_again
def promising(*, apart_from: int, within: Select[Any], of: int | None) -> Iterator[Select[int, int]]:
    """(whose word, of whom) of contacts that a list calls promising: both sides know where they stood."""
    firm, partner = PastMeeting.firm_id, PastMeeting.partner_id
    for own, whom in ((firm, partner), (partner, firm)):
        query = select(own, whom).where(PastMeeting.label.in_(PROMISING), own.in_(within), whom.in_(within))
        yield query if of is None else query.where(own == of)


def lists() -> Select[PastList]:
    """All uploaded lists, the newest first."""
    return select(PastList).order_by(PastList.id.desc())


def counts(lists: Iterable[PastList]) -> Mapping[int, int]:
    """list -> how many meetings were taken over from it: one query."""
    query = select(PastMeeting.list_id, func.count()).where(PastMeeting.list_id.in_([row.id for row in lists]))
    return dict(iter(session.execute(query.group_by(PastMeeting.list_id))))


def taken(row: PastList) -> Select[PastMeeting]:
    """The meetings taken over from a list, the latest first."""
    return (
        select(PastMeeting)
        .where(PastMeeting.list_id == row.id)
        .options(joinedload(PastMeeting.firm), joinedload(PastMeeting.partner))
        .order_by(PastMeeting.on.desc(), PastMeeting.id)
    )


def known(days: Iterable[date]) -> set[tuple[int, int, date]]:
    """(firm, partner, day) of the meetings that are stored for these days."""
    query = select(PastMeeting.firm_id, PastMeeting.partner_id, PastMeeting.on).where(PastMeeting.on.in_(set(days)))
    return {(firm, partner, day) for firm, partner, day in session.execute(query)}


def organisations() -> Iterable[Any]:
    """Id, codes and names of every organisation, to recognise those of a list: one query."""
    return session.execute(
        select(
            Organisation.id, Organisation.tax_code, Organisation.foreign_id, Organisation.name_vi,
            Organisation.name_en, Organisation.name_original, Organisation.short_name_vi, Organisation.short_name_en,
        ).where(organisations_visible_to(NOBODY))
    )  # fmt: skip
