"""The demo's accounts. Their password is public, so they exist in the demo only."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from accounts import operations, queries
from accounts.enums import ROLE_LABELS, Role
from accounts.models import User
from companies.enums import Kind, MembershipRole
from companies.joining import invitations, requests
from companies.models import Membership, Organisation
from core.access import Actor
from core.db import get, session
from core.i18n import force_locale

FILE = Path(__file__).with_name("data") / "conference_accounts.csv"
PASSWORD = "xin chao SPCNCL"  # noqa: S105 - printed for everybody who starts the demo
STAFF = {role.value for role in Role}


def _rows() -> Iterator[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def present() -> bool:
    """Whether the demo was filled before."""
    return session.scalar(select(User.id).limit(1)) is not None


def by_id(key: int) -> User:
    """A user that the demo made."""
    user = get(User, key)
    assert user is not None
    return user


def make_staff(*, at: datetime) -> User:
    """The staff accounts; return the first officer, who does everything else."""
    hashed = operations.hash_password(PASSWORD)
    made = [
        operations.create_user(
            email=row["email"], name=row["name"], password_hash=hashed, roles=[Role(row["role"])], at=at, by=None
        )
        for row in _rows()
        if row["role"] in STAFF
    ]
    return next(user for user in made if user.roles[0].role is Role.OFFICER)


def make_members(*, at: datetime) -> None:
    """The people of organisations; those of organisations abroad read English."""
    hashed = operations.hash_password(PASSWORD)
    for row in _rows():
        key = row["organisation"]
        found = session.scalars(
            select(Organisation).where((Organisation.tax_code == key) | (Organisation.foreign_id == key))
        ).one_or_none()
        if not key or found is None:
            continue
        user = queries.by_email(row["email"])
        if user is None:
            user = operations.create_user(
                email=row["email"],
                name=row["name"],
                password_hash=hashed,
                at=at,
                by=None,
                language="vi" if found.country in (None, "VN") else "en",
            )
        role = MembershipRole.OWNER if row["role"] == "owner" else MembershipRole.MEMBER
        session.add(Membership(user_id=user.id, organisation_id=found.id, role=role, since=at))
    session.flush()


def make_joiners(*, by: User, at: datetime) -> None:
    """Somebody whose request waits for an officer, and somebody who was invited and did not answer yet."""
    user = operations.create_user(
        email="lan.pham@minhhoa77.example",
        name="Phạm Thị Lan Thí Dụ",
        password_hash=operations.hash_password(PASSWORD),
        at=at,
        by=None,
    )
    user.email_verified_at = at
    asked = {"organisation_name": "Công ty CP Cơ khí Minh Hoạ 77", "tax_code": "0090009004", "country": "VN"}
    requests.ask(
        asked | {"name": user.name, "position": "Trưởng phòng kinh doanh", "kind": Kind.FIRM}, user=user, at=at
    )
    firm = session.scalars(select(Organisation).where(Organisation.tax_code == "0090000019")).one()
    invitations.invite(
        firm,
        email="minh.tran@minhhoa01.example",
        name="Trần Minh Thí Dụ",
        role=MembershipRole.MEMBER,
        language="vi",
        by=by,
        actor=Actor(by.id, frozenset({Role.OFFICER.value})),
        at=at,
    )


def known() -> Iterator[tuple[str, str, str]]:
    """(name, address, what he is) of every demo account."""
    with force_locale("en"):
        for row in _rows():
            role = row["role"]
            yield row["name"], row["email"], str(ROLE_LABELS[Role(role)]) if role in STAFF else _organisation(row)


def _organisation(row: dict[str, str]) -> str:
    key = row["organisation"]
    found = session.scalars(
        select(Organisation).where((Organisation.tax_code == key) | (Organisation.foreign_id == key))
    ).one_or_none()
    return f"{row['role']}, {(found.name_en or found.name_vi or key)[:26]}" if found else row["role"]
