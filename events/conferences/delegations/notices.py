"""What members and hosts of a delegation are told by mail, each in his language."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from accounts import notices
from accounts.models import User
from core import clock
from core.i18n import _, pick
from core.urls import in_letter
from events.conferences.delegations import queries
from events.conferences.delegations.models import Delegation, VisitHost, VisitPlan
from events.models import Event, Registration

Words = tuple[str, Sequence[str]]


def _title(event: Event) -> str:
    return str(pick(event, "title"))


def _page(registration: Registration) -> str:
    return in_letter("visit_members.show", event_id=registration.event_id, registration_id=registration.id)


def tell_published(event: Event, plan: VisitPlan, concerned: Collection[int], *, first: bool, at: datetime) -> int:
    """Tell the people of these members that the programme is out, or that theirs changed; return how many mails."""

    def words(registration: Registration, user: User) -> Words:
        title = _title(event)
        subject = (
            _("Your programme of visits: %(title)s", title=title)
            if first
            else _("Your programme of visits has changed: %(title)s", title=title)
        )
        return subject, (
            _(
                "whom %(organisation)s visits with “%(title)s”, when and in which group, is here:",
                organisation=str(pick(registration.organisation, "name")),
                title=title,
            )
            + f"\n{_page(registration)}",
            _("You can print the programme there. After each visit, please say in two taps how it was."),
        )

    rows = queries.people_of(concerned)
    return notices.tell_each(rows, "delegation.published", words, at=at, key=f"delegation:{plan.id}")


def tell_hosts(event: Event, plan: VisitPlan, concerned: Collection[int], *, at: datetime) -> int:
    """Tell the people of these hosts which groups come when; return how many mails."""

    def words(host: VisitHost, user: User) -> Words:
        title = _title(event)
        return _("Who visits you: %(title)s", title=title), (
            _(
                "which groups of “%(title)s” visit %(organisation)s, when, and whom your people meet one to one, is "
                "here; please look at it again, it is new or has changed:",
                title=title,
                organisation=str(pick(host.organisation, "name")),
            )
            + f"\n{in_letter('visit_receptions.show', event_id=event.id, host_id=host.id)}",
        )

    rows = queries.people_of_hosts(concerned)
    return notices.tell_each(rows, "delegation.host", words, at=at, key=f"delegation-host:{plan.id}")


def ask_wishes(delegation: Delegation, silent: Collection[int], *, at: datetime) -> int:
    """Remind the people of members that have said nothing until when they can; return how many mails."""
    closes = delegation.wishes_close_at

    def words(registration: Registration, user: User) -> Words:
        title = _title(delegation.event)
        until = f"{clock.local(closes):%H:%M, %d/%m/%Y}" if closes is not None else ""
        return _("Which hosts do you want to visit? %(title)s", title=title), (
            _(
                "%(organisation)s has not said yet which hosts of “%(title)s” it wishes to visit, and where it wants "
                "a meeting of its own. Please say so until %(until)s:",
                organisation=str(pick(registration.organisation, "name")),
                title=title,
                until=until,
            )
            + f"\n{_page(registration)}",
            _("Who says nothing comes along with the group."),
        )

    key = f"delegation-wishes:{at.date().isoformat()}"
    return notices.tell_each(queries.people_of(silent), "delegation.wishes", words, at=at, key=key)
