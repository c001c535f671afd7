"""Which organisations came near each other at conferences: decides which tier of a profile they show each other."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from core.db import session
from events.conferences import rules
from events.conferences.enums import VersionState, Wish
from events.conferences.models import Meeting, Participant, Suggestion, TimetableVersion, WishRow


def matched_organisations(organisation_ids: frozenset[int]) -> frozenset[int]:
    """Organisations matched with these: a mutual yes, or a published meeting."""
    if not organisation_ids:
        return frozenset()
    mine, other = aliased(Participant), aliased(Participant)
    back = aliased(WishRow)
    wanted = (Wish.YES, Wish.MUST)
    mutual = (
        select(other.organisation_id)
        .join(WishRow, WishRow.other_id == other.id)
        .join(mine, mine.id == WishRow.participant_id)
        .join(back, and_(back.participant_id == other.id, back.other_id == mine.id))
        .where(mine.organisation_id.in_(organisation_ids), WishRow.wish.in_(wanted), back.wish.in_(wanted))
    )
    planned = (
        select(other.organisation_id)
        .select_from(Meeting)
        .join(TimetableVersion, TimetableVersion.id == Meeting.version_id)
        .join(mine, or_(mine.id == Meeting.firm_id, mine.id == Meeting.partner_id))
        .join(other, or_(other.id == Meeting.firm_id, other.id == Meeting.partner_id))
        .where(
            TimetableVersion.state == VersionState.PUBLISHED,
            mine.organisation_id.in_(organisation_ids),
            other.id != mine.id,
        )
    )
    return frozenset(session.scalars(mutual.union(planned)))


def suggested_organisations(organisation_ids: frozenset[int]) -> frozenset[int]:
    """Organisations among the top of a ranked list of these: they show them their partner tier."""
    if not organisation_ids:
        return frozenset()
    mine, other = aliased(Participant), aliased(Participant)
    return frozenset(
        session.scalars(
            select(other.organisation_id)
            .join(Suggestion, Suggestion.other_id == other.id)
            .join(mine, mine.id == Suggestion.participant_id)
            .where(mine.organisation_id.in_(organisation_ids), Suggestion.rank <= rules.SUGGESTIONS_SHOWN)
        )
    )
