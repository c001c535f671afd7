"""The programme of a delegation as PDF: a sheet for each group, one for each host, or that of one member."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from babel.dates import format_date

from core import clock, dates
from core.documents import pdf
from core.i18n import _, force_locale, language, ngettext, pick
from events.conferences.delegations.models import Delegation, HostVisit, Visitor, VisitPlan
from events.models import Event, Registration


def programme(event: Event, delegation: Delegation, plan: VisitPlan, reader: str) -> bytes:
    """Sheets for all groups, then for all hosts."""
    with force_locale(reader):
        by_group: dict[int, list[HostVisit]] = defaultdict(list)
        by_host: dict[int, list[HostVisit]] = defaultdict(list)
        for visit in plan.visits:
            by_group[visit.group_number].append(visit)
            by_host[visit.host_id].append(visit)
        sheets = [
            _travellers_sheet(
                delegation, _("Group %(number)d", number=number), [_names(by_group[number])], by_group[number]
            )
            for number in sorted(by_group)
        ]
        sheets += [_host_sheet(by_host[host.id]) for host in delegation.hosts if by_host[host.id]]
        return _render(event, delegation, sheets, reader, draft=plan.published_at is None)


def of_member(
    event: Event, delegation: Delegation, registration: Registration, visits: Sequence[HostVisit], reader: str
) -> bytes:
    """The sheet of one member."""
    with force_locale(reader):
        sheet = _travellers_sheet(
            delegation, pick(registration.organisation, "name").text, [], visits, registration.id
        )
        return _render(event, delegation, [sheet], reader)


def of_host(event: Event, delegation: Delegation, visits: Sequence[HostVisit], reader: str) -> bytes:
    """The sheet of one host."""
    with force_locale(reader):
        return _render(event, delegation, [_host_sheet(visits)], reader)


def _names(visits: Iterable[HostVisit]) -> str:
    members = {v.registration_id: v.registration for visit in visits for v in visit.coming}
    return ", ".join(pick(m.organisation, "name").text for m in members.values())


def _travellers_sheet(
    delegation: Delegation, name: str, lines: list[str], visits: Sequence[HostVisit], only: int | None = None
) -> dict[str, Any]:
    """Where a group (or one member of it) is when; the way there and the 1:1 meetings have lines of their own."""
    rows: list[tuple[datetime, list[Any]]] = []
    there: HostVisit | None = None
    for v in visits:
        if not v.called_off:
            if (way := delegation.way_to(v, there)) is not None:
                rows.append((v.begins_at, ["", [on_the_way(way), ""], ""]))
            there = v
        called_off = [_("Called off by the host")] if v.called_off else []
        place = " · ".join(
            [*called_off, _("Group %(number)d", number=v.group_number), *filter(None, [v.host.address])]
        )
        rows.append((v.begins_at, [hours(v), [pick(v.host.organisation, "name").text, place], ""]))
        at_host = pick(v.host.organisation, "name").text
        rows += [
            (at, [span, [words, who if only is None else at_host], ""]) for at, span, words, who in _talks(v, only)
        ]
    return _sheet(name, lines, [_("Time"), _("Host"), _("Notes")], rows)


def on_the_way(minutes: int) -> str:
    """How long it takes to get there."""
    return ngettext("On the way: %(num)d minute", "On the way: %(num)d minutes", minutes)


def _host_sheet(visits: Sequence[HostVisit]) -> dict[str, Any]:
    host = visits[0].host
    rows: list[tuple[datetime, list[Any]]] = []
    for v in visits:
        people = sum(c.registration.seats for c in v.coming)
        group = _("Group %(number)d", number=v.group_number)
        group += " · " + ngettext("%(num)d person", "%(num)d people", people)
        rows.append((v.begins_at, [hours(v), [group, _names([v])], ""]))
        rows += [(at, [span, [who, words], ""]) for at, span, words, who in _talks(v, None)]
    return _sheet(pick(host.organisation, "name").text, [host.address], [_("Time"), _("Visitors"), _("Notes")], rows)


def _talks(visit: HostVisit, only: int | None) -> list[tuple[datetime, str, str, str]]:
    """(when, from until, at which desk, which member) of the 1:1 meetings in a visit; of one member, or of all."""
    found = [
        (v.talk_from, talk_hours(v), _("1:1 meeting, desk %(number)d", number=v.desk or 1), _member(v))
        for v in visit.coming
        if v.talk_from is not None and not visit.called_off and only in (None, v.registration_id)
    ]
    return sorted(found)


def _member(visitor: Visitor) -> str:
    return pick(visitor.registration.organisation, "name").text


def talk_hours(visitor: Visitor) -> str:
    """10:00 – 10:15, in Hanoi, of a member's 1:1 meeting."""
    if visitor.talk_from is None or visitor.talk_until is None:
        return ""
    return f"{clock.local(visitor.talk_from):%H:%M} – {clock.local(visitor.talk_until):%H:%M}"


def _sheet(
    name: str, lines: list[str], header: list[str], rows: Iterable[tuple[datetime, list[Any]]]
) -> dict[str, Any]:
    days: dict[date, list[list[Any]]] = defaultdict(list)
    for at, row in rows:
        days[clock.local(at).date()].append(row)
    return {
        "name": name,
        "lines": [line for line in lines if line],
        "header": header,
        "widths": [32, 0, 45],
        "strong": [0],
        "days": [
            {"day": format_date(day, "EEEE, dd/MM/yyyy", locale=language()), "rows": found}
            for day, found in days.items()
        ],
        "qr": None,
        "scan": "",
    }


def hours(visit: HostVisit) -> str:
    """09:00 – 10:00, in Hanoi."""
    return f"{clock.local(visit.begins_at):%H:%M} – {clock.local(visit.ends_at):%H:%M}"


def _render(
    event: Event, delegation: Delegation, sheets: Sequence[dict[str, Any]], reader: str, *, draft: bool = False
) -> bytes:
    printed = _("printed %(at)s", at=dates.moment(clock.now()))
    data = {
        "title": pick(event, "title").text,
        "place": pick(delegation, "destination").text,
        "note": f"{_('Draft')}, {printed}" if draft else printed,
        "empty": _("There is nothing to print yet."),
        "sheets": list(sheets),
    }
    return pdf.render("meetings.typ", data, language=reader)
