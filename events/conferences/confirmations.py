"""What participants say to the meetings of the published timetable: who comes, who does not, who is silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select

from core.db import session
from events.conferences import agenda
from events.conferences.enums import Side, VersionState, Wish
from events.conferences.models import (
    Conference,
    Confirmation,
    Meeting,
    Participant,
    TimetableVersion,
    WishRow,
)


def said(conference: Conference, participant: Participant | None = None) -> Mapping[tuple[int, int], Confirmation]:
    """(who says, of whom) -> its answer, of a conference or of what concerns one participant; void ones left out."""
    query = (
        select(Confirmation)
        .join(
            Meeting,
            or_(
                (Meeting.firm_id == Confirmation.participant_id) & (Meeting.partner_id == Confirmation.other_id),
                (Meeting.partner_id == Confirmation.participant_id) & (Meeting.firm_id == Confirmation.other_id),
            ),
        )
        .join(TimetableVersion, TimetableVersion.id == Meeting.version_id)
        .where(
            Confirmation.conference_id == conference.id,
            TimetableVersion.state == VersionState.PUBLISHED,
            Meeting.slot_id == Confirmation.slot_id,
        )
    )
    if participant is not None:
        concerned = (Confirmation.participant_id == participant.id, Confirmation.other_id == participant.id)
        query = query.where(or_(*concerned))
    return {(row.participant_id, row.other_id): row for row in session.scalars(query)}


def declined(conference: Conference) -> set[tuple[int, int]]:
    """(firm, partner) of the published meetings that one of the two will not come to."""
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    if version is None:
        return set()
    answers = said(conference)
    found = set()
    for firm, partner, _by_hand in agenda.pairs(version):
        both = answers.get((firm, partner)), answers.get((partner, firm))
        if any(row is not None and not row.comes for row in both):
            found.add((firm, partner))
    return found


def refusals(conference: Conference) -> dict[tuple[int, int], Confirmation]:
    """(firm, partner) -> the answer by which one of them declined their meeting, also where it is gone since.

    No plan brings the two together. That is over when they were announced at another time, or when who declined has
    wished for the meeting anew.
    """
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    announced = {m.pair: m.slot_id for m in agenda.lines(version)} if version is not None else {}
    wished_again = select(WishRow.id).where(
        WishRow.participant_id == Confirmation.participant_id,
        WishRow.other_id == Confirmation.other_id,
        WishRow.wish != Wish.NO,
        WishRow.at > Confirmation.at,
    )
    rows = session.execute(
        select(Confirmation, Participant.side)
        .join(Participant, Participant.id == Confirmation.participant_id)
        .where(Confirmation.conference_id == conference.id, Confirmation.comes.is_(False), ~wished_again.exists())
    )
    found = {}
    for row, side in rows:
        pair = (row.participant_id, row.other_id) if side is Side.FIRM else (row.other_id, row.participant_id)
        if announced.get(pair, row.slot_id) == row.slot_id:
            found[pair] = row
    return found


def unanswered(conference: Conference, meetings: Sequence[Any]) -> dict[int, int]:
    """participant -> how many of its published meetings it has neither confirmed nor declined."""
    answers = said(conference)
    open_: dict[int, int] = {}
    for m in meetings:
        for who, other in ((m.firm_id, m.partner_id), (m.partner_id, m.firm_id)):
            if (who, other) not in answers:
                open_[who] = open_.get(who, 0) + 1
    return open_
