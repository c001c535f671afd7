"""A partner's list as a spreadsheet: each cell only if the reader sees that field of that firm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Select, false, select

from companies import reads, rules, sight, title_terms
from companies.enums import RECOGNITION_LABELS, SECTOR_LABELS
from core import clock
from core.access import Actor
from core.db import row_key, session
from core.documents.tables import Table
from core.downloads import Listing, Written, listing, rows_of
from core.i18n import _, _l, pick
from events.conferences import history
from events.conferences.browsing import queries
from events.conferences.browsing.models import FirmMatch
from events.conferences.browsing.rules import browses
from events.conferences.reasons import sentences

Arguments = Mapping[str, str]
SHOWN_REASONS = 3


def _matches(actor: Actor, arguments: Arguments) -> Select[Any]:
    key = row_key(arguments.get("organisation"))
    if not actor.belongs("organisation.partner", key):
        return select(FirmMatch).where(false())
    return queries.matches(key, queries.narrowed(arguments), actor, at=clock.now())


def _table(actor: Actor, query: Select[Any]) -> Written:
    keys = session.execute(query.with_only_columns(FirmMatch.organisation_id, FirmMatch.firm_id)).all()
    partner = keys[0][0] if keys else 0
    sights, taken = sight.sights(actor, [firm for _partner, firm in keys]), dict[int, list[str]]()
    columns = _columns(sights, history.met_with(partner, at=clock.now()), queries.starred(partner))

    def rows() -> Iterator[list[Any]]:
        for row in rows_of(query, FirmMatch.id):
            if guarded := reads.guarded(row.firm, sights[row.firm_id]):
                taken[row.firm_id] = guarded
            yield [cell(row) for cell in columns.values()]

    widths = (8, 8, 45, 16, 30, 20, 18, 30, 12, 18, 16, 30, 18, 60, 14, 12)
    return Written(Table(_("Matched firms"), list(columns), rows(), widths=widths), partial(reads.note_export, taken))


def _columns(
    sights: Mapping[int, rules.Sight], met: Mapping[int, Any], starred: set[int]
) -> Mapping[str, Callable[[FirmMatch], Any]]:
    today, terms = clock.today(), title_terms.present()

    def seen(name: str) -> Callable[[FirmMatch], Any]:
        return lambda row: getattr(row.firm, name) if sights[row.firm_id].shows(name) else None

    def status(row: FirmMatch) -> str:
        titles = ((award.year, award.valid_until) for award in row.firm.awards)
        return str(RECOGNITION_LABELS[rules.recognition(titles, on=today, terms=terms)])

    return {
        _("Rank"): lambda row: row.rank,
        _("Fit"): lambda row: round(row.fit, 2),
        _("Organisation"): lambda row: pick(row.firm, "name").text,
        _("Tax code"): lambda row: row.firm.tax_code,
        _("Sector"): lambda row: str(SECTOR_LABELS[row.firm.sector]) if row.firm.sector else None,
        _("Commune"): lambda row: row.firm.commune,
        _("State"): status,
        _("Website"): lambda row: row.firm.website,
        _("Employees"): seen("employees"),
        _("Revenue (VND)"): seen("revenue_vnd"),
        _("Export (USD)"): seen("export_usd"),
        _("E-mail"): seen("email"),
        _("Phone"): seen("phone"),
        _("Reasons"): lambda row: " ".join(r.text for r in sentences(row.reasons)[:SHOWN_REASONS] if r.known),
        _("Met before"): lambda row: met.get(row.firm_id),
        _("Shortlist"): lambda row: row.firm_id in starred,
    }


MATCHES = listing(Listing("matches", _l("Matched firms"), browses, _matches, _table))
