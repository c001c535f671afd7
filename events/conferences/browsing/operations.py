"""Verbs of browsing: store a list, mark a firm, keep a search. Run inside a write block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from companies.models import Organisation
from core import audit
from core.db import session
from core.errors import Conflict, Invalid
from core.i18n import _
from events.conferences.browsing import rules
from events.conferences.browsing.models import FirmList, FirmMatch, SavedSearch, Star


def store(partner: int, lines: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Put these lines, the best first, in the place of a partner's list."""
    session.execute(delete(FirmMatch).where(FirmMatch.organisation_id == partner))
    there = set(session.scalars(select(Organisation.id).where(Organisation.id.in_([r["firm_id"] for r in lines]))))
    lines = [line for line in lines if line["firm_id"] in there]  # a firm may have gone while they were compared
    session.add_all(FirmMatch(organisation_id=partner, rank=n, **line) for n, line in enumerate(lines, 1))
    row = session.scalars(select(FirmList).where(FirmList.organisation_id == partner)).one_or_none()
    if row is None:
        row = FirmList(organisation_id=partner, ranked_at=at)
        session.add(row)
    row.ranked_at = at
    session.flush()


def star(organisation: Organisation, firm: Organisation, wanted: bool, *, by: Any, at: datetime) -> None:
    """Put a firm on the shortlist of a partner, or take it off. Doing it twice changes nothing."""
    found = session.scalars(
        select(Star).where(Star.organisation_id == organisation.id, Star.firm_id == firm.id)
    ).one_or_none()
    if wanted and found is None:
        session.add(Star(organisation_id=organisation.id, firm_id=firm.id, at=at, by_id=by.id))
    elif not wanted and found is not None:
        session.delete(found)
    else:
        return
    session.flush()
    audit.record("matches.star" if wanted else "matches.unstar", organisation, by=by, at=at, firm=firm.id)


def save_search(
    organisation: Organisation, name: str, filters: Mapping[str, str], *, by: Any, at: datetime
) -> SavedSearch:
    """Keep filters under a name; the same name again gets the new ones. Raise Invalid where nothing is narrowed."""
    name = name.strip()
    if not name:
        raise Invalid(_("Give the search a name."), field="name")
    if not filters:
        raise Invalid(_("Set a filter first: there is nothing to save yet."), field="name")
    mine = SavedSearch.organisation_id == organisation.id
    row = session.scalars(select(SavedSearch).where(mine, SavedSearch.name == name)).one_or_none()
    if row is None:
        if (session.scalar(select(func.count()).select_from(SavedSearch).where(mine)) or 0) >= rules.MOST_SEARCHES:
            raise Conflict(_("You have as many searches as can be kept. Delete one first."))
        row = SavedSearch(organisation_id=organisation.id, name=name)
        session.add(row)
    row.filters, row.at = dict(filters), at
    session.flush()
    audit.record("matches.save_search", row, by=by, at=at)
    return row


def delete_search(search: SavedSearch, *, by: Any, at: datetime) -> None:
    """Forget a saved search."""
    audit.record("matches.delete_search", search, by=by, at=at)
    session.delete(search)
    session.flush()
