"""What firms are told by mail: that a round is open, that it soon closes, that the Department replied."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from companies import queries as organisations
from core import clock, dates, lease, outbox
from core.db import session, write
from core.i18n import _, force_locale, pick
from core.timers import timer
from core.urls import in_letter
from portal.situation import queries, rules
from portal.situation.enums import CaseState
from portal.situation.models import SituationCase, SituationRound

IN_ONE_BLOCK = 200  # mails; a write block is short


@timer("situation", seconds=1800)
def tell_due(at: datetime) -> None:
    """Tell firms of rounds that have opened, and once those that are silent when a round soon closes."""
    today = clock.local(at).date()
    for situation_round in queries.open_rounds(on=today):
        days = {"opens_on": situation_round.opens_on, "closes_on": situation_round.closes_on, "on": today}
        _tell(situation_round, "opened", at)
        if rules.reminder_due(**days):
            _tell(situation_round, "reminder", at)


def _tell(situation_round: SituationRound, what: str, at: datetime) -> None:
    """Queue this notice for everybody who has not got it: what is due follows from the rows of the outbox."""
    prefix = f"situation:{situation_round.id}:{what}:"
    told = queries.told(prefix)
    people: dict[int, User] = {}
    for user, _firm in queries.people_to_tell(situation_round, silent_only=True):
        if f"{prefix}{user.id}" not in told:
            people.setdefault(user.id, user)
    ids = list(people)
    for begin in range(0, len(ids), IN_ONE_BLOCK):
        with write():
            lease.guard()
            for key in ids[begin : begin + IN_ONE_BLOCK]:
                _queue(situation_round, people[key], what, f"{prefix}{key}", at)


def _queue(situation_round: SituationRound, user: User, what: str, key: str, at: datetime) -> None:
    with force_locale(user.language):
        title, day = pick(situation_round, "title").text, dates.day(situation_round.closes_on)
        if what == "opened":
            subject = _("How is your firm doing? %(title)s", title=title)
            text = _(
                "The Department asks five short questions; two minutes on a phone are enough, until %(day)s.", day=day
            )
        else:
            subject = _("Until %(day)s: how is your firm doing?", day=day)
            text = _("Your firm has not sent its answers yet. The round closes on %(day)s.", day=day)
        body = _letter(user, text)
    outbox.enqueue(f"situation.{what}", user.email, subject, body, at=at, language=user.language, dedupe_key=key)


def tell_reply(case: SituationCase, *, at: datetime) -> None:
    """Tell the people of the firm that the Department replied or did something; the words stay on the site."""
    for member in organisations.members(case.answer.organisation):
        user = member.user
        if user.disabled_at is not None:
            continue
        with force_locale(user.language):
            if case.state is CaseState.RESOLVED:
                subject = _("The Department has done something about what you wrote")
            else:
                subject = _("The Department has answered what you wrote")
            body = _letter(user, _("Read it on the page of your firm's situation."))
        outbox.enqueue(
            "situation.reply", user.email, subject, body, at=at, language=user.language,
            dedupe_key=f"situation.case:{case.id}:{case.version}:{user.id}",
        )  # fmt: skip
    session.flush()


def _letter(user: User, text: str) -> str:
    return "\n".join(
        [
            _("Dear %(name)s,", name=user.name),
            "",
            text,
            in_letter("situation.index"),
            "",
            _("This message was sent by the site of Hanoi's key industrial products. Please do not answer it."),
        ]
    )
