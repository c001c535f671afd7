"""Certificates about to end: their people are reminded by mail, once for each end, and officers see the list.

What is due is computed from rows: `reminded_for` is the end that was written about, so a renewed certificate counts
anew and an outage of the job process heals itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from accounts.models import User
from companies import rules
from companies.enums import MembershipRole
from companies.models import Membership, Organisation
from companies.records import Certificate
from core import audit, clock, dates, lease, outbox
from core.db import session, write
from core.i18n import _, force_locale, ngettext, pick
from core.timers import timer
from core.urls import in_letter

JOB = "job:certificates"


def ending(*, on: date) -> Select[Certificate]:
    """Certificates that end within the time of reminding, or ended as short a time ago; the first to end first."""
    since = on - (rules.reminder_from(on) - on)
    return (
        select(Certificate)
        .join(Certificate.organisation)
        .where(Certificate.valid_until.between(since, rules.reminder_from(on)))
        .options(contains_eager(Certificate.organisation))
        .order_by(Certificate.valid_until, Organisation.sort_key, Certificate.id)
    )


def number_ending(*, on: date) -> tuple[int, date | None]:
    """How many end within the time of reminding, and when the first."""
    within = Certificate.valid_until.between(on, rules.reminder_from(on))
    row = session.execute(select(func.count(), func.min(Certificate.valid_until)).where(within)).one()
    return int(row[0]), row[1]


def due(*, on: date) -> Sequence[Certificate]:
    """Those that nobody was reminded of yet, by organisation."""
    return session.scalars(
        select(Certificate)
        .where(
            Certificate.valid_until.between(on, rules.reminder_from(on)),
            or_(Certificate.reminded_for.is_(None), Certificate.reminded_for != Certificate.valid_until),
        )
        .options(joinedload(Certificate.product))
        .order_by(Certificate.organisation_id, Certificate.valid_until, Certificate.id)
    ).all()


@timer("certificates that end", seconds=3600, period="day")
def remind(at: datetime) -> None:
    """Write one mail to each owner of an organisation, about all of its certificates that are due."""
    with write():
        lease.guard()
        send(at=at)


def send(*, at: datetime) -> int:
    """Put the mails that are due into the outbox; return how many. Run in a write block."""
    rows = due(on=clock.local(at).date())
    people = _owners({row.organisation_id for row in rows})
    sent = 0
    for organisation_id, group in groupby(rows, key=lambda row: row.organisation_id):
        certificates = list(group)
        for user in people.get(organisation_id, ()):
            _write_to(user, organisation_id, certificates, at=at)
            sent += 1
        for row in certificates:
            row.reminded_for = row.valid_until
            audit.record("certificate.remind", row, by=JOB, at=at)
    session.flush()
    return sent


def _owners(organisations: set[int]) -> dict[int, list[User]]:
    query = (
        select(Membership.organisation_id, User)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id.in_(organisations),
            Membership.role == MembershipRole.OWNER,
            Membership.left_at.is_(None),
            User.disabled_at.is_(None),
        )
        .order_by(User.id)
    )
    found: dict[int, list[User]] = {}
    for organisation_id, user in session.execute(query):
        found.setdefault(organisation_id, []).append(user)
    return found


def _write_to(user: User, organisation_id: int, rows: Sequence[Certificate], *, at: datetime) -> None:
    with force_locale(user.language):
        subject = ngettext("A certificate ends soon", "%(num)d certificates end soon", len(rows))
        lines = [_line(row) for row in rows]
        page = in_letter("companies_editing.certificates", organisation_id=organisation_id)
        body = "\n".join(
            [
                _("Dear %(name)s,", name=user.name),
                "",
                _("These certificates of your organisation end soon:"),
                *lines,
                "",
                _("Partners do not see a certificate any more once it has run out. When it is renewed, state the new "
                  "dates here: %(url)s", url=page),
                "",
                _("This message was sent by the site of Hanoi's key industrial products. Please do not answer it."),
            ]
        )  # fmt: skip
    ends = "-".join(f"{row.id}.{row.valid_until:%Y%m%d}" for row in rows)[:120]
    key = f"certificates:{organisation_id}:{user.id}:{ends}"
    outbox.enqueue("certificates.end", user.email, subject, body, at=at, dedupe_key=key, language=user.language)


def _line(row: Certificate) -> str:
    about = f" ({pick(row.product, 'name').text})" if row.product is not None else ""
    until = f": {dates.day(row.valid_until)}" if row.valid_until is not None else ""
    return f"- {row.name}{about}{until}"
