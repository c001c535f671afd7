"""Verbs of requests about one's data: filed by the person, answered, extended once, done or refused by an officer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.privacy import notices, queries, rules
from accounts.privacy.enums import HOLDING, OPEN, CaseKind, CaseState
from accounts.privacy.models import DataCase
from core import audit, clock
from core.db import lock, session, write
from core.errors import Conflict, Invalid
from core.i18n import _
from core.timers import timer


def file(
    user: User, kind: CaseKind, words: str, *, by: Any, at: datetime, received_at: datetime | None = None
) -> DataCase:
    """A person's request. Raise Conflict while one of the kind is open, Invalid where words are missing.

    `received_at`: when it came, where that was before it was entered; the due dates count from there.
    """
    lock(User, user.id)
    if queries.open_case(user.id, kind) is not None:
        raise Conflict(_("You have asked for this already; the request is being dealt with."), field="kind")
    if kind in (CaseKind.CORRECTION, CaseKind.OBJECTION) and not words.strip():
        raise Invalid(_("Say in a few words what this is about."), field="words")
    received_at = received_at or at
    day = clock.local(received_at).date()
    case = DataCase(
        user=user,
        kind=kind,
        words=words,
        received_at=received_at,
        answer_due=rules.answer_due(kind, day),
        done_due=rules.done_due(kind, day),
    )
    session.add(case)
    session.flush()
    audit.record("data_case.file", case, by=by, at=at, kind=kind.value)
    notices.received(case, at=at)
    return case


def take_back(case: DataCase, *, by: Any, at: datetime) -> None:
    """The person takes his request back."""
    case = _open(case)
    case.state, case.closed_at = CaseState.WITHDRAWN, at
    audit.record("data_case.withdraw", case, by=by, at=at)


def answer(case: DataCase, words: str, *, third_parties: bool, by: Any, at: datetime) -> None:
    """Answer the person; where others are involved, there is more time until it is done."""
    case = _open(case)
    if case.state is not CaseState.RECEIVED:
        raise Conflict(_("This request has been answered already."))
    case.state, case.answer, case.answered_at = CaseState.ANSWERED, words, at
    case.third_parties, case.handled_by_id = third_parties, by.id
    day = clock.local(case.received_at).date()
    case.done_due = rules.done_due(case.kind, day, third_parties=third_parties, extended=bool(case.extended_at))
    audit.record("data_case.answer", case, by=by, at=at, third_parties=third_parties)
    notices.answered(case, at=at)


def extend(case: DataCase, reason: str, *, by: Any, at: datetime) -> None:
    """More time, once, with a reason, and before the time is over. Raise Conflict otherwise."""
    case = _open(case)
    if case.extended_at is not None:
        raise Conflict(_("The time was extended already; the law allows it once."))
    if clock.local(at).date() > case.done_due:
        raise Conflict(_("The time is over; it cannot be extended any more."))
    if not reason.strip():
        raise Invalid(_("Say why it takes longer."), field="reason")
    day = clock.local(case.received_at).date()
    case.extended_at, case.extension_reason, case.handled_by_id = at, reason, by.id
    case.done_due = rules.done_due(case.kind, day, third_parties=case.third_parties, extended=True)
    audit.record("data_case.extend", case, by=by, at=at, until=case.done_due.isoformat())
    notices.extended(case, at=at)


def close(case: DataCase, state: CaseState, outcome: str, *, by: Any, at: datetime, tell: bool = True) -> None:
    """The request is done, or refused; the person is told what was done, or why not."""
    case = _open(case)
    if not outcome.strip():
        raise Invalid(_("Say what was done, or why the request is refused."), field="outcome")
    case.state, case.outcome, case.closed_at, case.handled_by_id = state, outcome, at, by.id
    session.flush()
    audit.record(f"data_case.{state.value}", case, by=by, at=at)
    if tell:
        notices.closed(case, at=at)


def lift(case: DataCase, *, by: Any, at: datetime) -> None:
    """End a restriction, or an objection that was upheld: at the wish of the person."""
    case = _taken(case)
    if case.kind not in HOLDING or case.state is not CaseState.DONE or case.lifted_at is not None:
        raise Conflict(_("There is no restriction in force here."))
    case.lifted_at = at
    audit.record("data_case.lift", case, by=by, at=at)


@timer("late requests about personal data", seconds=900, period="hour")
def warn_of_late(at: datetime) -> None:
    """Tell every officer of each request whose time ran out; a second mail only for a second term."""
    day = clock.local(at).date()
    if session.scalars(queries.cases("overdue", today=day).limit(1)).first() is None:
        return
    with write():
        officers = queries.officers()
        for case in session.scalars(queries.cases("overdue", today=day)):
            for officer in officers:
                notices.late(case, officer, at=at)


def _taken(case: DataCase) -> DataCase:
    taken = lock(DataCase, case.id)
    assert taken is not None  # requests are purged years after they are closed
    return taken


def _open(case: DataCase) -> DataCase:
    case = _taken(case)
    if case.state not in OPEN:
        raise Conflict(_("This request is closed."))
    return case
