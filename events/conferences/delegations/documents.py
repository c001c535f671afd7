"""The report of a delegation: sections for the page and for Word in the official layout, and a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from core import clock, dates
from core.documents import docx, xlsx
from core.documents.tables import Cell
from core.i18n import _, force_locale, pick
from events.conferences.delegations import exports
from events.conferences.delegations.figures import Figures, Rows
from events.conferences.delegations.models import Delegation, VisitHost, VisitOutcome
from events.conferences.delegations.visited import Visited
from events.conferences.outcomes.enums import OUTCOME_LABELS
from events.conferences.outcomes.exports import answers, of_both, stated_table
from events.conferences.report.exports import Section, frame, row, section, total_of
from events.enums import ORGANISER_LABELS
from events.models import Registration


def word(delegation: Delegation, figures: Figures, language: str, *, at: datetime) -> bytes:
    """A draft by Decree 30/2020/ND-CP (Vietnamese) or a plain report (English): number and date stay blank."""
    with force_locale(language):
        found_sections = sections(delegation, figures, at)
        return docx.render("conference_report.docx", frame(delegation.event, found_sections, language))


def sections(delegation: Delegation, f: Figures, at: datetime) -> Iterator[Section]:
    """The report in the language now in force: headings, sentences and small tables; the page shows the same."""
    event = delegation.event
    yield section(
        _("1. The delegation"),
        [
            _("Time: %(period)s (Hanoi time)", period=event.period),
            _("Destination: %(place)s", place=pick(delegation, "destination").text),
            _("Organiser: %(name)s", name=ORGANISER_LABELS[event.organiser]),
            _("Task of the yearly plan: %(code)s", code=event.plan_code) if event.plan_code else "",
        ],
    )
    people = [row(_("Members"), f.members), row(_("People"), f.people), row(_("Hosts"), f.hosts)]
    if f.cancelled:
        people.append(row(_("Hosts that cancelled"), f.cancelled))
    yield section(_("2. Who took part"), [], people)
    yield section(
        _("3. Visits"),
        [_("A visit counts once for each member that goes there.")],
        [
            row(_("Wishes for visits"), f.wished),
            row(_("Planned"), f.planned),
            row(_("Held"), f.held),
            row(_("Not held"), f.not_held),
            row(_("Reported differently by the two sides"), f.disputed),
            row(_("Not reported by anybody"), f.silent),
            row(_("Useful"), f.useful),
            row(_("Followed up"), f.followed_up),
        ],
    )
    talks = [row(_("Wished by one side at least"), f.talks_wished), row(_("Planned"), f.talks)]
    yield section(_("4. 1:1 meetings at hosts"), [], talks)
    stated = [row(str(OUTCOME_LABELS[kind]), total_of(total)) for kind, total in f.outcomes.items() if total.number]
    yield section(_("5. Outcomes"), [], stated or [row(_("None stated yet"), 0)])
    note = _(
        "Figures as of %(at)s. Every row behind them is in the spreadsheet of this report.",
        at=dates.moment(at),
    )
    yield section(_("6. Basis"), [note])


# --- every row -------------------------------------------------------------------------------------------------


def spreadsheet(found: Rows) -> bytes:
    """Members, hosts, visits with what both sides say of them, outcomes. Notes of their own are not in it."""
    return xlsx.write(tables(found))


def tables(found: Rows) -> list[xlsx.Table]:
    """The sheets, in the language now in force."""
    return [
        xlsx.Table(
            _("Members"),
            [_("Organisation"), _("Tax code"), _("People")],
            [[_name(m), m.organisation.tax_code if m.organisation else None, m.seats] for m in found.members],
            widths=[45, 16, 10],
        ),
        xlsx.Table(
            _("Hosts"),
            [_("Organisation"), _("Address of the visit"), _("People at once"), _("Confirmed"), _("Cancelled")],
            [_host(h) for h in found.hosts],
            widths=[45, 40, 12, 18, 18],
        ),
        xlsx.Table(
            _("Visits"),
            [
                _("Beginning"),
                _("Host"),
                _("Travel group"),
                _("Member"),
                _("1:1 meeting"),
                _("Held"),
                *answers(_("Member"), _("Host")),
            ],
            [_visit(v) for v in found.visits],
            widths=[18, 40, 10, 40, 16, 12, 10, 10, 18, 10, 10, 18],
        ),
        outcomes_table(found.outcomes),
    ]


def outcomes_table(found: Sequence[VisitOutcome]) -> xlsx.Table:
    """What members and hosts state came of visits."""
    return stated_table(_sides(o) for o in found)


def _sides(o: VisitOutcome) -> tuple[VisitOutcome, str, str]:
    """(outcome, who states it, with whom)"""
    member, host = _name(o.registration), pick(o.host.organisation, "name").text
    return (o, host, member) if o.by_host else (o, member, host)


def _name(member: Registration) -> str:
    return pick(member.organisation, "name").text


def _moment(at: datetime | None) -> datetime | None:
    return None if at is None else clock.local(at).replace(tzinfo=None, microsecond=0)


def _host(h: VisitHost) -> list[Cell]:
    name = pick(h.organisation, "name").text
    return [name, h.address, h.seats, _moment(h.confirmed_at), _moment(h.cancelled_at)]


def _visit(row: Visited) -> list[Cell]:
    v = row.visitor
    return [
        _moment(v.visit.begins_at),
        pick(v.visit.host.organisation, "name").text,
        v.visit.group_number,
        _name(v.registration),
        exports.talk_hours(v) or None,
        *of_both(row),
    ]
