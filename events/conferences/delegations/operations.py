"""Verbs of delegations: setting one up, its hosts and the way between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from companies.models import Organisation
from core import audit, dates
from core.db import lock, session
from core.errors import Conflict, Invalid
from core.i18n import _
from events.conferences.delegations import notices, queries, rules
from events.conferences.delegations.models import Delegation, DelegationDay, VisitHost, VisitWay
from events.enums import EventKind
from events.models import Event


@dataclass(frozen=True)
class Hours:
    """The hours of a day with visits."""

    on: date
    begins: time
    ends: time
    break_from: time | None = None
    break_until: time | None = None


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a delegation goes and how it travels."""

    destination_vi: str = ""
    destination_en: str = ""
    province: str | None = None  # its number; None: the one that the words name
    abroad: bool = False
    group_size: int = 15
    travel: int = 30
    wishes_close_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Reception:
    """Where and when a host receives, how many people at once, and for how long."""

    address: str = ""
    opens: time
    closes: time
    seats: int
    minutes: int
    desks: int = 0
    talk_minutes: int = 0
    slot_minutes: int = 15


def set_up(event: Event, what: Destination, days: Sequence[Hours], *, by: Any, at: datetime) -> Delegation:
    """Say where the delegation goes, and on which days; said again, it changes. Raise Invalid where it cannot be."""
    if event.kind is not EventKind.DELEGATION:
        raise Conflict(_("Only an event of the kind “trade delegation” has hosts to visit."))
    where = rules.destination(
        province=what.province, abroad=what.abroad, vi=what.destination_vi, en=what.destination_en
    )
    if where.fault is not None:
        raise Invalid(str(where.fault), field="province")
    if not days:
        raise Invalid(_("At least one day needs visits."))
    for day in days:
        _check_day(event, day)
    row = queries.delegation(event)
    if row is None:
        row = Delegation(event_id=event.id, created_at=at)
        session.add(row)
    row.province, row.destination_vi, row.destination_en = where.province, where.vi, where.en
    row.group_size, row.travel, row.wishes_close_at = what.group_size, what.travel, what.wishes_close_at
    columns = audit.changed_columns(row)
    by_day = {day.on: day for day in row.days}
    row.days = [_changed(by_day.get(day.on) or DelegationDay(on=day.on), day) for day in days]
    session.flush()
    audit.record("delegation.set_up", event, by=by, at=at, columns=columns, days=len(days))
    return row


def _check_day(event: Event, day: Hours) -> None:
    if day.on not in event.days:
        raise Invalid(_("The delegation is not on the road on %(day)s.", day=dates.day(day.on)))
    hours = {name: value for name, value in asdict(day).items() if name != "on"}
    if (fault := rules.fault_of_day(**hours)) is not None:
        raise Invalid(f"{dates.day(day.on)}: {fault[1]}")


def _changed(row: DelegationDay, day: Hours) -> DelegationDay:
    for name, value in asdict(day).items():
        setattr(row, name, value)
    return row


# --- hosts -----------------------------------------------------------------------------------------------------


def add_host(event: Event, organisation: Organisation, what: Reception, *, by: Any, at: datetime) -> VisitHost:
    """Put a host on the programme, once each."""
    lock(Event, event.id)  # two officers who add the same host at once add it once
    delegation = queries.delegation(event)
    if delegation is None:
        raise Conflict(_("Say first where the delegation goes."))
    if organisation.id in {host.organisation_id for host in delegation.hosts}:
        raise Invalid(_("This organisation is a host already."), field="organisation")
    if len(delegation.hosts) >= rules.MOST_HOSTS:
        raise Conflict(_("A delegation has at most %(num)d hosts.", num=rules.MOST_HOSTS))
    host = VisitHost(organisation_id=organisation.id)
    delegation.hosts.append(host)
    return change_host(host, what, by=by, at=at)


def change_host(host: VisitHost, what: Reception, *, by: Any, at: datetime) -> VisitHost:
    """State anew where and when a host receives. Raise Invalid where no visit fits into its hours."""
    fault = rules.fault_of_host(
        opens=what.opens,
        closes=what.closes,
        lasts=what.minutes,
        desks=what.desks,
        talks=what.talk_minutes,
        slot=what.slot_minutes,
    )
    if fault is not None:
        raise Invalid(fault[1], field=fault[0])
    for name, value in asdict(what).items():
        setattr(host, name, value)
    columns = audit.changed_columns(host)
    session.flush()
    audit.record("delegation.host", host, by=by, at=at, columns=columns)
    return host


def cancel_reception(host: VisitHost, reason: str, *, by: Any, at: datetime) -> None:
    """The host does not receive any more: no visit begins there from now on; what was visited stays."""
    if host.cancelled_at is not None:
        raise Conflict(_("This host has cancelled already."))
    host.cancelled_at, host.cancelled_reason = at, reason
    session.flush()
    audit.record("delegation.host_cancelled", host, by=by, at=at, columns=["cancelled_at"])


def receive_again(host: VisitHost, *, by: Any, at: datetime) -> None:
    """The host receives after all."""
    host.cancelled_at, host.cancelled_reason = None, ""
    session.flush()
    audit.record("delegation.host_receives", host, by=by, at=at, columns=["cancelled_at"])


def ask_host(host: VisitHost, *, by: Any, at: datetime) -> int:
    """Ask a host by mail whether it receives the delegation; return how many mails."""
    audit.record("delegation.host_asked", host, by=by, at=at)
    return notices.ask_host(session.get_one(Event, host.event_id), host, at=at)


def confirm_reception(host: VisitHost, *, by: Any, at: datetime, on_behalf: bool = False) -> None:
    """The host says that it receives the delegation."""
    if host.cancelled_at is not None:
        raise Conflict(_("This host has cancelled."))
    host.confirmed_at = host.confirmed_at or at
    session.flush()
    behalf = f"visit_host:{host.id}" if on_behalf else None
    audit.record("delegation.host_confirmed", host, by=by, at=at, columns=["confirmed_at"], on_behalf_of=behalf)


def remove_host(host: VisitHost, *, by: Any, at: datetime) -> None:
    """Take a host off, with what was wished of it and the visits planned there."""
    event = session.get_one(Event, host.event_id)
    if queries.begun(event, at=at):
        raise Conflict(_("The first visit has begun. If the host does not receive any more, let it cancel."))
    audit.record("delegation.host_removed", host, by=by, at=at)
    session.delete(host)
    session.flush()


def set_way(event: Event, one: int, other: int, minutes: int | None, *, by: Any, at: datetime) -> None:
    """Say how long the way between two hosts takes; None: as long as usual."""
    delegation = queries.delegation(event)
    hosts = {host.id for host in delegation.hosts} if delegation is not None else set()
    if delegation is None or not {one, other} <= hosts:
        raise Conflict(_("This host is not on the programme any more."))
    if one == other:
        raise Invalid(_("Choose two different hosts."), field="other")
    low, high = sorted((one, other))
    row = next((way for way in delegation.ways if (way.one_id, way.other_id) == (low, high)), None)
    if minutes is None:
        if row is not None:
            delegation.ways.remove(row)
    elif row is None:
        delegation.ways.append(VisitWay(one_id=low, other_id=high, minutes=minutes))
    else:
        row.minutes = minutes
    session.flush()
    audit.record("delegation.way", event, by=by, at=at, minutes=minutes)
