"""What members and hosts of a delegation are told by mail, each in his language."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from accounts import notices, tokens
from accounts.models import User
from core import clock
from core.i18n import _, pick
from core.urls import in_letter
from events.conferences.delegations import queries
from events.conferences.delegations.enums import Question
from events.conferences.delegations.models import Delegation, VisitHost, VisitPlan
from events.conferences.outcomes.notices import LINK_LASTS
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


def ask_visits(event: Event, silent: Collection[int], *, at: datetime) -> int:
    """Ask the people of members that did not say yet how their visits were; return how many mails."""

    def words(registration: Registration, user: User) -> Words:
        title = _title(event)
        return _("How were your visits? %(title)s", title=title), (
            _(
                "of some visits of %(organisation)s with “%(title)s” we do not know yet whether they were held and "
                "useful. Two taps each are enough:",
                organisation=str(pick(registration.organisation, "name")),
                title=title,
            )
            + f"\n{_page(registration)}",
            _("Hosts do not see what you answer."),
        )

    rows = queries.people_of(silent)
    return notices.tell_each(rows, "delegation.visits", words, at=at, key="delegation-visits")


def ask_again(event: Event, wanted: Collection[int], months: int, about: Question, *, at: datetime) -> int:
    """Ask the people of these members what came of their visits; the link answers without signing in."""

    def words(registration: Registration, user: User) -> Words:
        title = _title(event)
        secret = tokens.issue(
            "visit_follow_up", user=user, about=f"{registration.id}:{about.value}", lasts=LINK_LASTS, at=at
        )
        return _("What came of your visits? %(title)s", title=title), (
            _(
                "%(months)d months ago %(organisation)s visited hosts with “%(title)s”. What has come of it? The "
                "page needs no signing in, and one tap for each host:",
                months=months,
                organisation=str(pick(registration.organisation, "name")),
                title=title,
            )
            + f"\n{in_letter('visit_results.asked', key=secret)}",
            _("The City counts what comes of these delegations. Hosts do not see your answer."),
        )

    rows = queries.people_of(wanted)
    key = f"delegation-{about.value}"
    return notices.tell_each(rows, "delegation.ask_again", words, at=at, key=key, sensitive=True)
