"""Introducing bodies receive the list of recognised firms when it changes.

What changed is computed from the list itself: a digest that differs from the one seen last is a new row, and the
row is sent once it has stood for a while, so that titles recorded one after the other make one mail.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models import User
from companies import title_terms
from companies.introducing import exports, queries
from companies.introducing.models import RecognisedList
from companies.introducing.notices import letter
from companies.models import Award
from core import clock, files, lease, outbox
from core.db import session, write
from core.i18n import _, force_locale
from core.timers import timer
from core.urls import in_letter

SETTLED = timedelta(minutes=30)
Line = tuple[str | int | bool | None, ...]


def titles(*, on: date) -> Sequence[Award]:
    """The titles that hold on a day, with their firms, in Vietnamese order: one query."""
    return session.scalars(
        select(Award)
        .where(title_terms.holds(on, title_terms.present()))
        .options(joinedload(Award.organisation))
        .order_by(Award.sort_key, Award.year.desc(), Award.id)
    ).all()


def digest(found: Sequence[Award]) -> str:
    """Equal for equal lists, whatever the order of their rows."""
    lines = sorted(
        json.dumps([t.organisation_id, t.winner_name, t.product_vi, t.product_en, t.year, t.top10, t.decision])
        for t in found
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@timer("recognised list", seconds=600)
def look(at: datetime) -> None:
    """Notice a change of the list; send it when it has settled."""
    found = titles(on=clock.local(at).date())
    with write():
        lease.guard()
        row = notice(digest(found), len(found), at=at)
        due = row is not None and row.sent_at is None and row.noticed_at <= at - SETTLED
    if due:
        send(at=at)


def notice(seen: str, lines: int, *, at: datetime) -> RecognisedList | None:
    """The row of the list as it is now, a new one if it changed; None while it is the one that was sent."""
    last, sent = queries.last_list(), queries.last_sent_list()
    if last is not None and last.sent_at is None and last.digest != seen:
        session.delete(last)  # it went on changing before it was sent
        session.flush()
        last = sent
    if last is not None and last.digest == seen:
        return last
    row = RecognisedList(digest=seen, lines=lines, noticed_at=at, sent_at=None if last is not None else at)
    session.add(row)
    session.flush()
    return row


def send(*, at: datetime) -> int:
    """Queue the list for everybody who introduces, once; return to how many. Opens its own write block."""
    found = titles(on=clock.local(at).date())
    sheets = {}
    for language in {user.language for user in queries.introducers()}:
        with force_locale(language):
            sheets[language] = exports.recognised_file(found)
    with write():
        lease.guard()
        row, people = queries.last_list(), queries.introducers()
        if row is None or row.sent_at is not None or row.digest != digest(titles(on=clock.local(at).date())):
            return 0
        row.sent_at = at
        for user in people:
            if user.language in sheets:
                _queue(row, user, sheets[user.language], at)
    return len(people)


def _queue(row: RecognisedList, user: User, sheet: bytes, at: datetime) -> None:
    with force_locale(user.language):
        subject = _("The list of recognised firms has changed")
        text = _(
            "The list of firms with recognised key industrial products has changed. "
            "It is attached: %(lines)d titles that hold today.",
            lines=row.lines,
        )
        body = letter(user.name, text, in_letter("introductions.index"))
        name = _("Recognised firms") + ".xlsx"
    outbox.enqueue(
        "recognised.list", user.email, subject, body, at=at, language=user.language,
        dedupe_key=f"recognised:{row.id}:{row.digest[:16]}:{user.id}",
        attachments=[outbox.Attachment(name, files.XLSX, sheet)],
    )  # fmt: skip
