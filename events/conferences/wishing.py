"""Named reads of wishes: what participants say of each other."""

from __future__ import annotations

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from core.db import session
from events.conferences.enums import Wish
from events.conferences.models import (
    Conference,
    Participant,
    WishRow,
)


def wish_counts(conference: Conference) -> dict[str, int]:
    """How many wishes were given, how many participants gave any, how many pairs want each other."""
    wanted = WishRow.wish.in_((Wish.YES, Wish.MUST))
    here = WishRow.conference_id == conference.id
    back = aliased(WishRow)
    given, people = session.execute(
        select(func.count(), func.count(WishRow.participant_id.distinct())).where(here, wanted)
    ).one()
    mutual = session.scalar(
        select(func.count())
        .select_from(WishRow)
        .join(back, and_(back.participant_id == WishRow.other_id, back.other_id == WishRow.participant_id))
        .where(here, wanted, back.wish.in_((Wish.YES, Wish.MUST)), WishRow.participant_id < WishRow.other_id)
    )
    return {"given": given, "people": people, "mutual": mutual or 0}


def wishes(conference: Conference) -> dict[tuple[int, int], Wish]:
    """(who says, of whom) -> wish, over the whole conference."""
    rows = session.execute(
        select(WishRow.participant_id, WishRow.other_id, WishRow.wish).where(WishRow.conference_id == conference.id)
    )
    return {(a, b): wish for a, b, wish in rows}


def wishes_of(participant: Participant) -> dict[int, Wish]:
    """What a participant says of others."""
    rows = session.execute(select(WishRow.other_id, WishRow.wish).where(WishRow.participant_id == participant.id))
    return dict(iter(rows))


def both_ways(participant: Participant) -> tuple[dict[int, Wish], set[int]]:
    """What a participant says of others, and who wants to meet it: one query. No veto of theirs is among them."""
    mine = WishRow.participant_id == participant.id
    theirs = and_(WishRow.other_id == participant.id, WishRow.wish.in_((Wish.YES, Wish.MUST)))
    said, wanted = dict[int, Wish](), set[int]()
    columns = WishRow.participant_id, WishRow.other_id, WishRow.wish
    for who, other, wish in session.execute(select(*columns).where(or_(mine, theirs))):
        if who == participant.id:
            said[other] = wish
        else:
            wanted.add(who)
    return said, wanted


def wish_row(participant: Participant, other: Participant) -> WishRow | None:
    """What one says of another."""
    return session.scalars(
        select(WishRow).where(WishRow.participant_id == participant.id, WishRow.other_id == other.id)
    ).one_or_none()


def wish_of(participant: Participant, other: Participant) -> Wish | None:
    """What one says of another: the word alone."""
    row = wish_row(participant, other)
    return row.wish if row is not None else None
