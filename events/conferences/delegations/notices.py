"""What members and hosts of a delegation are told by mail, each in his language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from accounts import notices, tokens
from accounts.models import User
from accounts.notices import Reader
from core import dates
from core.i18n import _, pick
from core.urls import in_letter
from events.conferences.delegations import links, queries
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


def _page_of_host(event: Event, host: VisitHost, reader: Reader, at: datetime) -> str:
    """Where the host's page is: signed in, or by a personal link where nobody of it has an account."""
    if isinstance(reader, User):
        return in_letter("visit_receptions.show", event_id=event.id, host_id=host.id)
    return links.issue(host, event, address=reader.email, at=at)


def _to_hosts(
    event: Event, hosts: Collection[int], kind: str, key: str, *, at: datetime, words: Callable[[str, str], Words]
) -> int:
    """Write to these hosts, `words` being told the host's name and the title; how many mails."""

    def letter(host: VisitHost, reader: Reader) -> Words:
        subject, (first, *rest) = words(str(pick(host.organisation, "name")), _title(event))
        return subject, (f"{first}\n{_page_of_host(event, host, reader, at)}", *rest)

    rows = queries.readers_of_hosts(hosts)
    return notices.tell_each(rows, kind, letter, at=at, key=key, sensitive=True)


def ask_host(event: Event, host: VisitHost, *, at: datetime) -> int:
    """Ask a host whether it receives the delegation; return how many mails."""

    def words(organisation: str, title: str) -> Words:
        return _("Will you receive our delegation? %(title)s", title=title), (
            _(
                "the Department would like to visit %(organisation)s with “%(title)s”. When, how many people and for "
                "how long, and the button that confirms it, is here:",
                organisation=organisation,
                title=title,
            ),
            _("The page stays yours: there you say whom you want to meet, read who comes, and say later what came of "
              "it. If the link in this letter needs no signing in, please keep it to yourselves."),
        )  # fmt: skip

    return _to_hosts(event, [host.id], "delegation.ask_host", f"delegation-ask:{at.isoformat()}", at=at, words=words)


def tell_hosts(event: Event, plan: VisitPlan, concerned: Collection[int], *, at: datetime) -> int:
    """Tell these hosts which groups come when; return how many mails."""

    def words(organisation: str, title: str) -> Words:
        return _("Who visits you: %(title)s", title=title), (
            _(
                "which groups of “%(title)s” visit %(organisation)s, when, and whom your people meet one to one, is "
                "here; please look at it again, it is new or has changed:",
                title=title,
                organisation=organisation,
            ),
        )

    return _to_hosts(event, concerned, "delegation.host", f"delegation-host:{plan.id}", at=at, words=words)


def ask_hosts(event: Event, hosts: Collection[int], about: Question, months: int, *, at: datetime) -> int:
    """Ask these hosts how the visits were, or (`months` later) what came of them; return how many mails."""

    def words(organisation: str, title: str) -> Words:
        if months:
            subject = _("What came of the visits to you? %(title)s", title=title)
            asked = _(
                "%(months)d months ago members of “%(title)s” visited %(organisation)s. What has come of it? One tap "
                "for each of them, and contracts or loans with their amounts, on your page:",
                months=months, title=title, organisation=organisation,
            )  # fmt: skip
        else:
            subject = _("How were the visits to you? %(title)s", title=title)
            asked = _(
                "members of “%(title)s” visited %(organisation)s. Were the visits held and useful? Two taps each are "
                "enough, on your page:",
                title=title, organisation=organisation,
            )  # fmt: skip
        return subject, (asked, _("Members do not see what you answer."))

    return _to_hosts(event, hosts, "delegation.ask_hosts", f"delegation-hosts-{about.value}", at=at, words=words)


def ask_wishes(delegation: Delegation, silent: Collection[int], *, at: datetime) -> int:
    """Remind the people of members that have said nothing until when they can; return how many mails."""
    closes = delegation.wishes_close_at

    def words(registration: Registration, user: User) -> Words:
        title = _title(delegation.event)
        until = dates.moment(closes) if closes is not None else ""
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
