"""Named reads of consents and requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from accounts.enums import Role
from accounts.models import User, UserRole
from accounts.privacy import rules
from accounts.privacy.enums import HOLDING, OPEN, CaseKind, CaseState, Purpose
from accounts.privacy.models import Consent, DataCase, Incident, Receipt
from core.access import Actor, visible
from core.db import session


def present(user_id: int, purpose: Purpose) -> Consent | None:
    """The consent in force, or None."""
    return session.scalars(
        select(Consent).where(Consent.user_id == user_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
    ).one_or_none()


def last_consent(user_id: int, purpose: Purpose) -> Consent | None:
    """What a person agreed to last of a purpose, withdrawn or not."""
    return session.scalars(
        select(Consent)
        .where(Consent.user_id == user_id, Consent.purpose == purpose)
        .order_by(Consent.withdrawn_at.is_(None).desc(), Consent.given_at.desc(), Consent.id.desc())
        .limit(1)
    ).first()


def receipts_of(user_id: int) -> Sequence[Receipt]:
    """How a person's statements came that officers entered."""
    return session.scalars(select(Receipt).where(Receipt.user_id == user_id).order_by(Receipt.id)).all()


def receipt_of(case: DataCase) -> Receipt | None:
    """How a request came, if an officer entered it."""
    return session.scalars(select(Receipt).where(Receipt.data_case_id == case.id)).one_or_none()


def consents_of(user_id: int) -> Sequence[Consent]:
    """All that a person ever agreed to, the newest first."""
    return session.scalars(
        select(Consent).where(Consent.user_id == user_id).order_by(Consent.given_at.desc(), Consent.id.desc())
    ).all()


def held(user_id: Any) -> ColumnElement[bool]:
    """A condition: the person asked to restrict the use of his data, or objected, and that was not refused."""
    in_force = and_(DataCase.state == CaseState.DONE, DataCase.lifted_at.is_(None))
    return exists().where(
        DataCase.user_id == user_id, DataCase.kind.in_(HOLDING), or_(DataCase.state.in_(OPEN), in_force)
    )


def agreed(purpose: Purpose, user_id: Any) -> ColumnElement[bool]:
    """A condition for a query on people: they agree to the purpose, and nothing holds it back."""
    given = exists().where(Consent.user_id == user_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
    return and_(given, ~held(user_id))


def who_agreed(purpose: Purpose, user_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who agree to the purpose now."""
    query = select(User.id).where(User.id.in_(list(user_ids)), User.disabled_at.is_(None), agreed(purpose, User.id))
    return frozenset(session.scalars(query))


def cases_of(user_id: int) -> Sequence[DataCase]:
    """A person's requests, the newest first."""
    return session.scalars(select(DataCase).where(DataCase.user_id == user_id).order_by(DataCase.id.desc())).all()


def open_case(user_id: int, kind: CaseKind) -> DataCase | None:
    """A request of that kind that is not closed."""
    return session.scalars(
        select(DataCase).where(DataCase.user_id == user_id, DataCase.kind == kind, DataCase.state.in_(OPEN)).limit(1)
    ).one_or_none()


def cases(view: str, *, today: date) -> Select[DataCase]:
    """Requests for officers: "open" (the next due first), "overdue" or "closed" (the newest first)."""
    query = select(DataCase).options(joinedload(DataCase.user), joinedload(DataCase.handled_by))
    if view == "closed":
        return query.where(DataCase.state.not_in(OPEN)).order_by(DataCase.closed_at.desc(), DataCase.id.desc())
    query = query.where(DataCase.state.in_(OPEN)).order_by(DataCase.done_due, DataCase.id)
    return query.where(late(today)) if view == "overdue" else query


def late(today: date) -> ColumnElement[bool]:
    """A condition: the request is not answered, or not done, in time."""
    unanswered = and_(DataCase.state == CaseState.RECEIVED, DataCase.answer_due < today)
    return and_(DataCase.state.in_(OPEN), or_(unanswered, DataCase.done_due < today))


def counts(*, today: date) -> dict[str, int]:
    """How many requests each view of the officers has."""
    is_open = DataCase.state.in_(OPEN)
    row = session.execute(
        select(
            func.count().filter(is_open), func.count().filter(late(today)), func.count().filter(~is_open)
        ).select_from(DataCase)
    ).one()
    return dict(zip(("open", "overdue", "closed"), row, strict=True))


def officers() -> Sequence[User]:
    """Those who handle requests and are told when one is late."""
    staff = select(UserRole.user_id).where(UserRole.role.in_((Role.OFFICER, Role.ADMINISTRATOR)))
    return session.scalars(select(User).where(User.disabled_at.is_(None), User.id.in_(staff)).order_by(User.id)).all()


def locked_before(at: datetime) -> Select[User]:
    """Accounts locked before that moment which are not deleted yet."""
    return select(User).where(User.disabled_at < at, ~User.email.like("deleted-%@invalid")).order_by(User.id)


def incidents() -> Select[Incident]:
    """Incidents, those that are not reported first."""
    return select(Incident).order_by(Incident.reported_at.is_not(None), Incident.noticed_at.desc(), Incident.id)


def incidents_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Administrators know of incidents."""
    return true() if rules.read_register(actor) else false()


def cases_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Officers know every request, everybody his own."""
    if rules.handle_requests(actor):
        return true()
    return DataCase.user_id == actor.user_id if actor.signed_in else false()


visible(DataCase, cases_visible_to)
visible(Incident, incidents_visible_to)
