"""What of a person is to be deleted in companies: memberships end, lists that name him are thrown away.

The organisation stays, even when its only person goes; awards, needs and products are its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from companies import history, operations
from companies.import_runs import ImportRun
from companies.models import Membership, Organisation
from core import audit, file_search, files
from core.db import session
from core.personal import Person, Step, on_erasure


@on_erasure
def leave_organisations(person: Person) -> Step:
    """End memberships. The contact phone of an organisation that nobody else belongs to was probably his."""

    def step(*, by: Any, at: datetime) -> None:
        for organisation in session.scalars(_only_his(person)).all():
            if organisation.phone is not None:
                organisation.phone = None
                audit.record("organisation.edit", organisation, by=by, at=at, columns=["phone"])
        mine = select(Membership.organisation_id).where(Membership.user_id == person.id)
        history.forget_contacts(session.scalars(mine).all())
        present = select(Membership).where(Membership.user_id == person.id, Membership.left_at.is_(None))
        for row in session.scalars(present).all():
            operations.leave(row, by=by, at=at)

    return step


def _only_his(person: Person) -> Any:
    other = aliased(Membership)
    others = exists().where(
        other.organisation_id == Organisation.id, other.user_id != person.id, other.left_at.is_(None)
    )
    return (
        select(Organisation)
        .join(Membership)
        .where(Membership.user_id == person.id, Membership.left_at.is_(None), ~others)
    )


@on_erasure
def forget_lists(person: Person) -> Step:
    """Uploaded lists that name him are thrown away with their files: an officer can upload a newer one."""
    words = (person.email, person.name)
    runs = [run.id for run in session.scalars(select(ImportRun)) if _names(run, words)]

    def step(*, by: Any, at: datetime) -> Iterable[Path]:
        paths = []
        for run in session.scalars(select(ImportRun).where(ImportRun.id.in_(runs))).all():
            for stored in (run.file, *run.reports):
                if stored is not None:
                    paths.append(files.path_of(stored))
                    files.remove(stored)
            if run.applied_at is None:
                session.delete(run)
            else:
                run.preview = None
        return paths

    return step


def _names(run: ImportRun, words: tuple[str, ...]) -> bool:
    return any(stored is not None and file_search.names(stored, words) for stored in (run.file, *run.reports))
