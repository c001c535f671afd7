"""The way from an uploaded list to a published timetable, each step through the functions that its page calls."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from accounts import operations as accounts
from accounts.enums import Role
from accounts.models import User
from companies import operations as companies
from companies import uploads
from companies.enums import Kind, MembershipRole
from companies.import_runs import ImportRun
from companies.models import Membership, Organisation, OrganisationKind
from core import clock, files
from core.clock import HANOI
from core.db import get, session, write
from events import operations as events
from events.conferences import operations, queries, rules
from events.conferences.encoding import Encoded
from events.conferences.enums import PARTNER_KINDS, Side, Wish
from events.conferences.models import Conference, Suggestion
from events.details import Details, Schedule
from events.enums import EventKind
from matching.timetable.formats import INSTANCE, TIMETABLE, write_meetings

UNUSED_HASH = "$argon2id$nobody-signs-in"


def officer() -> int:
    """An officer's account; return the id."""
    with write():
        return accounts.create_user(
            email="officer@crowd.example", name="Cán bộ", password_hash=UNUSED_HASH, roles=[Role.OFFICER],
            at=clock.now(), by=None,
        ).id  # fmt: skip


def upload(data: bytes, by: int) -> int:
    """Check the file and keep it for the preview; return the id of the import."""
    received = files.receive(FileStorage(io.BytesIO(data), "danh-sach.xlsx"), kind=files.Kind.SPREADSHEET)
    with write():
        return uploads.keep(received, source="", by=_user(by), at=clock.now()).id


def preview(run: int) -> str:
    """Compare the upload with the database; return the fingerprint of what would happen."""
    row = _row(ImportRun, run)
    found = uploads.look(row)
    assert found.preview is not None and not found.preview["faults"], found.preview
    with write():
        uploads.store(row, found, by="bench", at=clock.now())
    return str(found.preview["fingerprint"])


def apply(run: int, fingerprint: str, by: int) -> None:
    """Import what was previewed."""
    row = _row(ImportRun, run)
    book = uploads.book_of(row)
    with write():
        uploads.apply_run(row, book, fingerprint=fingerprint, by=_user(by), at=clock.now())


def people() -> None:
    """A person in every organisation, so that there is somebody to write to."""
    with write():
        at = clock.now()
        for key in session.scalars(select(Organisation.id)).all():
            user = accounts.create_user(
                email=f"nguoi-{key}@crowd.example", name=f"Người {key}", password_hash=UNUSED_HASH, at=at, by=None
            )
            session.add(Membership(user_id=user.id, organisation_id=key, role=MembershipRole.OWNER, since=at))


def set_up(slots: int, by: int) -> int:
    """A published conference with so many half-hours, the first half before noon; return its id."""
    at = clock.now()
    day = clock.today() + timedelta(days=30)
    morning, afternoon = (datetime.combine(day, t, HANOI) for t in (time(6, 0), time(14, 0)))
    half = timedelta(minutes=30)
    sessions = [
        rules.Session(morning, morning + half * (slots - slots // 2)),
        rules.Session(afternoon, afternoon + half * (slots // 2)),
    ]
    with write():
        event = events.create(
            EventKind.CONFERENCE,
            Details(title_vi="Hội nghị kết nối (giả định)", title_en="Matching conference (invented)"),
            Schedule(begins_at=morning, ends_at=sessions[-1].ends_at),
            by=_user(by),
            at=at,
        )
        events.publish(event, by=_user(by), at=at)
        setup = operations.Setup(
            list(PARTNER_KINDS), sessions, firm_limits=(2, 8), partner_limits=(3, 16), free_tables=5
        )
        return operations.set_up(event, setup, by=_user(by), at=at).id


def join(conference_id: int, by: int) -> int:
    """Everybody takes part, kind by kind, as an officer ticks them; return how many."""
    joined = 0
    for kind in (Kind.FIRM, *PARTNER_KINDS):
        side = Side.FIRM if kind is Kind.FIRM else Side.PARTNER
        with write():
            conference, user, at = _row(Conference, conference_id), _user(by), clock.now()
            chosen = session.scalars(
                select(Organisation)
                .join(OrganisationKind)
                .where(OrganisationKind.kind == kind)
                .order_by(Organisation.id)
            ).all()
            for organisation in chosen:
                operations.join(conference, organisation, side, kind, by=user, at=at, on_behalf=True)
        joined += len(chosen)
    return joined


def say_presence(conference_id: int, by: int, seed: int = 1) -> None:
    """Every tenth is away for a quarter of the slots; every fifth partner sends two delegates."""
    dice = random.Random(seed)
    with write():
        conference = _row(Conference, conference_id)
        slots = [slot.id for slot in conference.slots]
        for n, p in enumerate(queries.all_participants(conference)):
            away = dice.sample(slots, len(slots) // 4) if n % 10 == 0 else []
            two = p.side is Side.PARTNER and n % 5 == 0
            if away or two:
                stated = operations.Presence(None, None, 2 if two else 1, away)
                operations.set_presence(p, stated, by=_user(by), at=clock.now(), on_behalf=True)


def wish(conference_id: int, by: int) -> int:
    """Firms want the top three of their list, partners the top five; some say no. Return how many wishes."""
    ranked = session.execute(
        select(Suggestion.participant_id, Suggestion.other_id, Suggestion.rank)
        .where(Suggestion.conference_id == conference_id, Suggestion.rank <= 9)
        .order_by(Suggestion.participant_id, Suggestion.rank)
    ).all()
    said = 0
    with write():
        conference = _row(Conference, conference_id)
        everybody = {p.id: p for p in queries.all_participants(conference)}
        for mine, other, rank in ranked:
            firm = everybody[mine].side is Side.FIRM
            if rank <= (3 if firm else 5):
                word = Wish.MUST if rank == 1 and mine % 5 == 0 else Wish.YES
            elif rank == 9 and mine % 3 == 0:
                word = Wish.NO
            else:
                continue
            operations.wish(everybody[mine], everybody[other], word, by=_user(by), at=clock.now(), on_behalf=True)
            said += 1
    return said


def edit_need(conference_id: int, by: int) -> int:
    """A firm changes the text of a need; return which participant."""
    with write():
        conference = _row(Conference, conference_id)
        participant = next(p for p in queries.all_participants(conference) if p.side is Side.FIRM)
        need = participant.organisation.needs_offers[0]
        values = {"text_vi": "Cần máy hàn laser và đồ gá", "text_en": "Laser welding machine and fixtures wanted"}
        companies.edit_part(need, values, version=None, by=_user(by), at=clock.now())
        return participant.id


def first_places(conference_id: int) -> dict[str, str]:
    """kind of partner -> its share of the first places of firms' lists, and its share of the partners."""
    conference = _row(Conference, conference_id)
    everybody = {p.id: p for p in queries.all_participants(conference)}
    first = session.execute(
        select(Suggestion.participant_id, Suggestion.other_id).where(
            Suggestion.conference_id == conference_id, Suggestion.rank == 1
        )
    )
    places = Counter(everybody[b].kind.value for a, b in first if everybody[a].side is Side.FIRM)
    partners = Counter(p.kind.value for p in everybody.values() if p.side is Side.PARTNER)
    return {
        kind: f"{places[kind] / places.total():.0%} (of partners {count / partners.total():.0%})"
        for kind, count in sorted(partners.items())
    }


def instance(encoded: Encoded) -> dict[str, Any]:
    """The problem in the public file format `meeting-instance/2`."""
    problem = encoded.problem
    pairs = problem.pairs
    return {
        "format": INSTANCE,
        "name": problem.name,
        "slots": problem.slots,
        "score_scale": problem.score_scale,
        "shortfall_weight": problem.shortfall_weight,
        "participants": [
            {"id": p.id, "side": p.side, "min": p.minimum, "max": p.maximum, "capacity": list(p.capacity)}
            for p in problem.participants
        ],
        "tables": [
            {"id": t.id, "x": t.x, "y": t.y, "owner": t.owner, "seats": t.seats, "closed": sorted(t.closed)}
            for t in problem.tables
        ],
        "interpreters": {},
        "pairs": {
            "a": pairs.a.tolist(), "b": pairs.b.tolist(), "score": pairs.score.tolist(),
            "language": list(pairs.language), "slots": [s if s is None else list(s) for s in pairs.slots],
        },
        "must": list(problem.must),
        "fixed": [list(x) for x in problem.fixed],
        "forbidden": [list(x) for x in problem.forbidden],
        "blocks": list(problem.blocks),
        "idle_limit": problem.idle_limit,
    }  # fmt: skip


def timetable_file(encoded: Encoded, rows: Sequence[Any], quality: dict[str, Any]) -> dict[str, Any]:
    """The stored meetings in the public file format `meeting-timetable/2`, with the bound that was stated."""
    board = [encoded.engine_meeting(m.firm_id, m.partner_id, m.slot_id, m.table_id) for m in rows]
    stated = {name: quality[name] for name in ("bound", "proven", "proven_idle")}
    return {"format": TIMETABLE, "meetings": write_meetings(board), **stated}


def write_files(folder: Path, name: str, *contents: dict[str, Any]) -> list[Path]:
    """Write an instance and its timetable beside each other, as the verifier reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}-{what}.json" for what in ("instance", "timetable")]
    for path, content in zip(paths, contents, strict=True):
        path.write_text(json.dumps(content))
    return paths


def referee(folder: Path, paths: Sequence[Path]) -> dict[str, Any]:
    """The report of the independent verifier in `folder`. Raise RuntimeError where it cannot read the files."""
    told = subprocess.run([sys.executable, folder / "verify.py", *paths], capture_output=True, text=True)
    if told.returncode not in (0, 1):
        raise RuntimeError(told.stderr)
    return dict(json.loads(told.stdout))


def _user(key: int) -> User:
    return _row(User, key)


def _row(model: Any, key: int) -> Any:
    found = get(model, key)
    assert found is not None
    return found
