"""The archive of everything to print: asked for, kept for a while, deleted with its file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core import files, tasks
from core.db import session
from core.errors import Conflict
from core.files import Received
from core.i18n import _, language
from core.personal import Person, Step, on_erasure, purges
from events.conferences import agenda
from events.conferences.enums import VersionState
from events.conferences.models import Conference, TimetableVersion
from events.conferences.printing.models import KEPT, PrintPack

TASK = "print"


def key_of(conference: Conference) -> str:
    """What makes two wishes for an archive the same."""
    return f"{conference.id}:{language()}"


def published(conference: Conference) -> TimetableVersion:
    """What is printed follows from the published timetable. Raise Conflict when there is none."""
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    if version is None:
        raise Conflict(_("No timetable is published yet"))
    return version


def ask(conference: Conference, *, by: Any, at: datetime) -> tasks.Task:
    """Have everything made, in the language of who asks."""
    published(conference)
    return tasks.start(TASK, by=by, at=at, key=key_of(conference), conference_id=conference.id)


def keep(
    conference: Conference, version_id: int, received: Received, fingerprint: str, *, by: Any, at: datetime
) -> PrintPack:
    """The new archive takes the place of the one before, whose file goes."""
    stored = files.keep(received, by=by, at=at)
    pack = session.scalars(
        select(PrintPack).where(PrintPack.conference_id == conference.id, PrintPack.language == language())
    ).one_or_none()
    before = pack.file if pack is not None else None
    if pack is None:
        pack = PrintPack(conference_id=conference.id, language=language())
        session.add(pack)
    pack.file = stored
    pack.version_id, pack.fingerprint, pack.made_at, pack.kept_until = version_id, fingerprint, at, at + KEPT
    session.flush()
    if before is not None:
        files.remove(before)
    return pack


@purges(PrintPack)
def purge(at: datetime) -> None:
    """Delete archives whose time is over; their files go in the same purge. Run in a write block."""
    for pack in session.scalars(select(PrintPack).where(PrintPack.kept_until < at)):
        _drop(pack)
    session.flush()


def _drop(pack: PrintPack) -> None:
    session.delete(pack)
    session.delete(pack.file)


@on_erasure
def forget(person: Person) -> Step:
    """Any archive may name a person who asks for deletion, and can be made again: all of them go at once."""

    def step(*, by: Any, at: datetime) -> Iterable[Path]:
        packs = session.scalars(select(PrintPack)).all()
        paths = [files.path_of(pack.file) for pack in packs]
        for pack in packs:
            _drop(pack)
        session.flush()
        return paths

    return step
