"""Inviting many organisations: read from a spreadsheet or chosen in the directory, looked at, and sent by a task."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from accounts.models import User
from companies import cells, identifiers, one_sheet
from companies.columns import Column
from companies.importing import Fault
from companies.joining import invitations, queries, rules
from companies.joining.enums import Verdict
from companies.joining.models import InvitationList
from companies.models import Organisation
from core import audit, clock
from core.db import get, lock, session, write
from core.errors import Conflict, Invalid
from core.i18n import _, _l
from core.tasks import Context, handler, start

SEND = "invitations.send"
CHUNK = 20  # invitations of one write block
LAYOUT = one_sheet.Layout(
    _l("Organisations to invite"),
    (
        Column("tax_code", _l("Tax code"), cells.tax_code, _l("10 digits, 13 for a branch.")),
        Column("email", _l("E-mail"), cells.by(identifiers.email), _l("Empty: the address of its profile.")),
    ),
    needed=("tax_code",),
    most=rules.MOST_IN_A_LIST,
)


@dataclass(frozen=True)
class Planned:
    """A line of a list, and what becomes of it now. `key`: its place in the list; `row`: in the file."""

    key: int
    row: int | None
    tax_code: str | None
    organisation: Organisation | None
    email: str | None
    verdict: Verdict


def read(data: bytes) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The lines of a file, and the faults of its cells. Raise Invalid when it is no such list."""
    lines, faults = one_sheet.read(data, LAYOUT)
    return [{"row": line.number, **line.values} for line in lines], faults


def select_lines(found: Select[Any]) -> tuple[list[dict[str, Any]], int]:
    """The organisations of a selection that nobody acts for or was invited to: as lines, and how many there are."""
    ids = session.scalars(found.with_only_columns(Organisation.id, maintain_column_froms=True)).all()
    doors = queries.doors(ids)
    free = [key for key in ids if key not in doors]
    return [{"organisation_id": key} for key in free[: rules.MOST_IN_A_LIST]], len(free)


def keep(name: str, lines: Sequence[dict[str, Any]], *, by: User, at: datetime) -> InvitationList:
    """Store a list to look at."""
    if not lines:
        raise Invalid(_("Nobody of this selection is left to invite."))
    row = InvitationList(name=name, lines=list(lines), by_id=by.id, at=at)
    session.add(row)
    session.flush()
    audit.record("invitation_list.make", row, by=by, at=at, lines=len(lines))
    return row


def plan(row: InvitationList) -> list[Planned]:
    """Each line of a list with what becomes of it as things stand: three queries."""
    codes = [line["tax_code"] for line in row.lines if "tax_code" in line]
    ids = [line["organisation_id"] for line in row.lines if "organisation_id" in line]
    known = session.scalars(
        select(Organisation).where(Organisation.tax_code.in_(codes) | Organisation.id.in_(ids))
    ).all()
    by_code, by_id = {o.tax_code: o for o in known if o.tax_code}, {o.id: o for o in known}
    doors, planned, earlier = queries.doors(by_id), list[Planned](), set[int]()
    for key, line in enumerate(row.lines):
        found = by_id.get(line["organisation_id"]) if "organisation_id" in line else by_code.get(line["tax_code"])
        email = line.get("email") or (found.email if found else None)
        door = doors.get(found.id, queries.Door()) if found else queries.Door()
        verdict = rules.judge(
            known=found is not None,
            earlier=found is not None and found.id in earlier,
            joined=door.joined,
            invited=door.invited_at is not None,
            address=bool(email),
        )
        earlier |= {found.id} if found else set()
        planned.append(Planned(key, line.get("row"), line.get("tax_code"), found, email, verdict))
    return planned


def confirm(row: InvitationList, keys: Collection[int], *, by: User, at: datetime) -> InvitationList:
    """Have the ticked ones of those that can be invited asked by a task; the second press does nothing."""
    taken = lock(InvitationList, row.id)
    if taken is None or taken.confirmed_at is not None:
        raise Conflict(_("This list is sent already."))
    chosen = [line for line in plan(taken) if line.verdict is Verdict.INVITE and line.key in keys]
    if not chosen:
        raise Invalid(_("Tick at least one organisation that can be invited."))
    if queries.asked_by_lists(at - timedelta(days=1)) + len(chosen) > rules.MOST_A_DAY:
        raise Conflict(
            _(
                "At most %(num)d organisations a day are invited by lists. Send the rest tomorrow.",
                num=rules.MOST_A_DAY,
            )
        )
    taken.lines = [_line(line) for line in chosen]
    taken.confirmed_at, taken.asked = at, len(chosen)
    taken.task = start(SEND, by=by, at=at, key=str(taken.id), list_id=taken.id)
    session.flush()
    audit.record("invitation_list.confirm", taken, by=by, at=at, lines=len(chosen))
    return taken


def _line(line: Planned) -> dict[str, Any]:
    assert line.organisation is not None  # it can be invited
    return {"organisation_id": line.organisation.id, "email": line.email}


def discard(row: InvitationList, *, by: User, at: datetime) -> None:
    """Throw a list away that was not sent."""
    taken = lock(InvitationList, row.id)
    if taken is None or taken.confirmed_at is not None:
        raise Conflict(_("This list is sent already."))
    audit.record("invitation_list.discard", taken, by=by, at=at)
    session.delete(taken)


@handler(SEND)
def send(context: Context, *, list_id: int) -> dict[str, Any]:
    """Invite the organisations of a confirmed list, some in each write block; begun again, it goes on."""
    total, done = 1, 0
    while done < total:
        with write():
            context.hold()
            row, by = lock(InvitationList, list_id), get(User, context.by or 0)
            if row is None or by is None or by.disabled_at is not None:
                raise Conflict(_("This list is no longer kept."))
            lines = row.lines[row.done : row.done + CHUNK]
            row.sent += _invite(lines, by=by, at=clock.now())
            row.done += len(lines)
            done, total = row.done, row.asked
            if done >= total:
                row.finished_at, row.lines = clock.now(), []
        context.progress(done, total, _l("Inviting"))
    return {"url": f"/join/invitations/lists/{list_id}"}


def _invite(lines: Iterable[dict[str, Any]], *, by: User, at: datetime) -> int:
    sent = 0
    for line in lines:
        organisation = get(Organisation, line["organisation_id"])
        if organisation is not None:  # it may have been merged meanwhile
            sent += invitations.invite_first(organisation, line["email"], by=by, at=at) is not None
    return sent
