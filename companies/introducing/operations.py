"""Verbs of introductions. Run inside a write block; flush, never commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from companies import operations as organisations
from companies.enums import Kind
from companies.introducing import notices, queries, rules
from companies.introducing.enums import IntroductionState
from companies.introducing.models import Introduction, IntroductionYear
from companies.joining import invitations
from companies.models import Organisation
from core import audit, clock, dates
from core.db import lock, session
from core.errors import Conflict, Invalid
from core.i18n import _

# What an accepted introduction gives to a new organisation.
CARRIED = ("sector", "commune", "address", "email", "phone", "revenue_vnd", "export_usd")


def _check_open(year: int, at: datetime) -> None:
    closes = queries.closing(year)
    if clock.local(at).date() > closes:
        raise Conflict(_("Introductions for %(year)d closed on %(day)s.", year=year, day=dates.day(closes)))


def introduce(body: Organisation, values: Mapping[str, Any], *, year: int, by: Any, at: datetime) -> Introduction:
    """Introduce a firm. Raise Conflict after the date, or if the body introduced it already."""
    _check_open(year, at)
    if not values.get("tax_code") or not values.get("name"):
        raise Invalid(_("An introduction needs the firm's tax code and name."))
    if queries.present(body.id, year, [values["tax_code"]]):
        raise Conflict(_("You have introduced this firm already."), field="tax_code")
    row = Introduction(year=year, body_id=body.id, by_id=by.id, at=at, state=IntroductionState.RECEIVED)
    organisations.change(row, values, by=by, at=at)
    session.add(row)
    _flush()
    audit.record("introduction.make", row, by=by, at=at, body=body.id)
    return row


def correct(row: Introduction, values: Mapping[str, Any], *, version: int | None, by: Any, at: datetime) -> list[str]:
    """Change what was said of a firm, until the date and while nothing is decided; return the changed columns."""
    _check_open(row.year, at)
    if row.state is not IntroductionState.RECEIVED:
        raise Conflict(_("The Department has decided about this introduction; it cannot be changed any more."))
    row.expect(version)
    organisations.change(row, values, by=by, at=at)
    columns = audit.changed_columns(row)
    if columns:
        _flush()
        audit.record("introduction.correct", row, by=by, at=at, columns=columns)
    return columns


def withdraw(row: Introduction, *, by: Any, at: datetime) -> None:
    """Take an introduction back, until the date and while nothing is decided."""
    _check_open(row.year, at)
    if row.state is not IntroductionState.RECEIVED:
        raise Conflict(_("The Department has decided about this introduction; it cannot be changed any more."))
    row.state = IntroductionState.WITHDRAWN
    session.flush()
    audit.record("introduction.withdraw", row, by=by, at=at)


def introduce_list(
    body: Organisation, rows: Sequence[Mapping[str, Any]], *, year: int, by: Any, at: datetime
) -> dict[str, int]:
    """A whole list: new firms are introduced, those introduced before corrected; decided ones stay as they are."""
    before = queries.present(body.id, year, [row["tax_code"] for row in rows])
    counts = {"new": 0, "changed": 0, "unchanged": 0, "decided": 0}
    for values in rows:
        known = before.get(values["tax_code"])
        if known is None:
            introduce(body, values, year=year, by=by, at=at)
            counts["new"] += 1
        elif known.state is not IntroductionState.RECEIVED:
            counts["decided"] += 1
        else:
            counts["changed" if correct(known, values, version=None, by=by, at=at) else "unchanged"] += 1
    return counts


def _flush() -> None:
    try:
        session.flush()
    except IntegrityError as err:  # a colleague of the same body introduced the firm in the same moment
        raise Conflict(_("You have introduced this firm already."), field="tax_code") from err


# --- what officers decide -------------------------------------------------------------------------------------


def accept(
    row: Introduction, *, version: int | None, by: Any, at: datetime, invite: str | None = None
) -> Organisation:
    """Take the firm in: tie it to the organisation with its tax code, or make one; tell who introduced it.

    `invite`: the address that is asked to act for the firm, if nobody does yet.
    """
    _decide(row, IntroductionState.ACCEPTED, version=version, by=by, at=at)
    organisation = queries.known([row.tax_code]).get(row.tax_code)
    if organisation is None:
        given = {name: getattr(row, name) for name in CARRIED if getattr(row, name) is not None}
        values = {**given, "tax_code": row.tax_code, "name_vi": row.name, "kinds": [Kind.FIRM]}
        organisation = organisations.create_organisation(values, by=by, at=at)
    elif Kind.FIRM not in organisation.kinds:  # what it says of itself stays as it is
        kinds = organisation.kinds | {Kind.FIRM}
        organisations.edit_organisation(organisation, {"kinds": kinds}, version=None, by=by, at=at)
    row.organisation = organisation
    session.flush()
    audit.record("introduction.accept", row, by=by, at=at, organisation=organisation.id)
    invited = invitations.invite_first(organisation, invite, by=by, at=at) if invite else None
    notices.tell_decision(row, invited=invited is not None, at=at)
    return organisation


def decline(row: Introduction, reason: str, *, version: int | None, by: Any, at: datetime) -> None:
    """Say no, with the reason; tell who introduced it."""
    if not reason.strip():
        raise Invalid(_("Say why, so that the introducing body understands."), field="reason")
    _decide(row, IntroductionState.DECLINED, version=version, by=by, at=at)
    row.reason = reason
    session.flush()
    audit.record("introduction.decline", row, by=by, at=at)
    notices.tell_decision(row, invited=False, at=at)


def reopen(row: Introduction, *, by: Any, at: datetime) -> None:
    """Take a refusal back, so that it can be decided anew."""
    lock(Introduction, row.id)
    if row.state is not IntroductionState.DECLINED:
        raise Conflict(_("Only a refusal can be taken back."))
    row.state, row.reason, row.decided_at, row.decided_by_id = IntroductionState.RECEIVED, None, None, None
    session.flush()
    audit.record("introduction.reopen", row, by=by, at=at)


def _decide(row: Introduction, state: IntroductionState, *, version: int | None, by: Any, at: datetime) -> None:
    lock(Introduction, row.id)
    row.expect(version)
    if row.state is not IntroductionState.RECEIVED:
        raise Conflict(_("This introduction was decided about or withdrawn meanwhile."))
    row.state, row.decided_at, row.decided_by_id = state, at, by.id


def set_closing(year: int, day: date, *, by: Any, at: datetime) -> None:
    """Set the last day of introductions for a year's selection."""
    if not rules.usual_closing(year - 1) < day <= date(year, 12, 31):
        raise Invalid(
            _("Choose a day after 31/03/%(before)d and within %(year)d.", before=year - 1, year=year),
            field="closes_on",
        )
    row = session.get(IntroductionYear, year) or IntroductionYear(year=year)
    row.closes_on = day
    session.add(row)
    session.flush()
    audit.record("introduction.closing", f"introduction_year:{year}", by=by, at=at)
