"""A live site of several processes, people signed in without the cost of hashing, and many requests at once."""

from __future__ import annotations

import hashlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

import companies.sight  # noqa: F401 - registers the tie of a user to his organisations
from accounts.enums import Role
from accounts.models import SignIn, User, UserRole
from accounts.queries import digest
from app import create_app
from companies.enums import Kind, MembershipRole
from companies.models import Membership, Organisation, OrganisationKind
from core import clock, outbox
from core.audit import AuditLine
from core.db import db, get, session, write
from events import operations
from events.details import Details, Schedule
from events.enums import EventKind
from events.models import Event, Registration
from tests.conftest import make_settings

ROOT = Path(__file__).parents[2]
WORKERS, CONNECTIONS = 4, 50
PATIENCE = 180  # seconds, for a machine that is busy with other things


@dataclass(frozen=True)
class Person:
    """Somebody signed in: his organisation, and what his browser sends."""

    user_id: int
    organisation_id: int
    cookie: str
    csrf: str


@dataclass(frozen=True)
class Answer:
    """What came back: HTTP status and where to."""

    status: int
    location: str


@dataclass(frozen=True)
class Post:
    """A form to send."""

    person: Person
    path: str
    fields: dict[str, Any]


class Site:
    """A database of its own, read and prepared from here while server processes work on it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.settings = make_settings(folder, url)
        self.app: Flask = create_app(self.settings)
        with self.app.app_context():
            db.create_all()
        self.firms = self._people(1_000)
        self.officer = self._people(1, Role.OFFICER)[0]

    def _people(self, number: int, *roles: Role) -> list[Person]:
        """People with a firm each, in three blocks."""
        at = clock.now()
        with self.app.app_context():
            tag = secrets.token_hex(3)
            users = [
                User(
                    email=f"p{n}-{tag}@firm.example",
                    name=f"Người {n}",
                    password_hash="-",
                    created_at=at,
                    roles=[UserRole(role=role) for role in roles],
                )
                for n in range(number)
            ]
            firms = [
                Organisation(name_vi=f"Công ty Minh Hoạ {n} {tag}", kind_rows=[OrganisationKind(kind=Kind.FIRM)])
                for n in range(number)
            ]
            keys = [secrets.token_urlsafe(32) for _ in users]
            with write():
                session.add_all([*users, *firms])
                session.flush()
                for user, firm, key in zip(users, firms, keys, strict=True):
                    session.add(SignIn(key_hash=digest(key), user_id=user.id, created_at=at, seen_at=at))
                    session.add(
                        Membership(user_id=user.id, organisation_id=firm.id, role=MembershipRole.OWNER, since=at)
                    )
            return [
                Person(user.id, firm.id, *self._browser(key))
                for user, firm, key in zip(users, firms, keys, strict=True)
            ]

    def _browser(self, key: str) -> tuple[str, str]:
        """The session cookie and the token of a form, as the app itself would sign them."""
        secret = hashlib.sha256(key.encode()).hexdigest()
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        cookie = signer.dumps({"_user_id": key, "_fresh": True, "csrf_token": secret})
        token = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(secret)
        return f"{self.app.config['SESSION_COOKIE_NAME']}={cookie}", str(token)

    @contextmanager
    def serve(self, **environment: str) -> Iterator[Server]:
        """Run gunicorn with several processes on a port that the kernel picks."""
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(1024)
        log = (self.settings.data_dir / "gunicorn.log").open("a")
        empty = self.settings.data_dir / "gunicorn.py"
        empty.touch()
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", str(empty), "--preload", "--no-control-socket",
             "-w", str(WORKERS), "-k", "sync", "-t", "60", "-b", f"fd://{listener.fileno()}", "app:create_app()"],
            cwd=ROOT,
            env={
                **os.environ,
                "MODE": "test",
                "DATA_DIR": str(self.settings.data_dir),
                "DATABASE_URL": self.settings.database_url.replace("+psycopg", ""),
                "SECRET_KEY": self.settings.secret_key,
                "PUBLIC_BASE_URL": "http://localhost",
                "LOG_LEVEL": "ERROR",
                **environment,
            },
            pass_fds=[listener.fileno()],
            start_new_session=True,
            stdout=log,
            stderr=log,
        )  # fmt: skip
        try:
            server = Server(listener.getsockname()[1], process.pid)
            assert server.get("/events") == 200, (self.settings.data_dir / "gunicorn.log").read_text()[-3000:]
            yield server
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # everything that matters is committed
            process.wait()
            listener.close()
            log.close()

    def event(self, capacity: int, opens_in: timedelta | None = None) -> int:
        """A published event with that many seats; its id."""
        with self.app.app_context(), write():
            at = clock.now()
            event = operations.create(
                EventKind.CLASS,
                Details(
                    title_vi="Lớp tập huấn",
                    capacity=capacity,
                    registration_opens_at=None if opens_in is None else at + opens_in,
                ),
                Schedule(begins_at=at + timedelta(days=30), ends_at=at + timedelta(days=31), place_vi="Hội trường"),
                by=None,
                at=at,
            )
            operations.publish(event, by=None, at=at)
            return event.id

    def fill(self, event_id: int, people: Sequence[Person]) -> list[int]:
        """Register these people here, before the race; the ids of their registrations."""
        with self.app.app_context(), write():
            event = get(Event, event_id)
            assert event is not None
            return [
                operations.register(
                    event,
                    get(Organisation, person.organisation_id),
                    by=get(User, person.user_id),  # type: ignore[arg-type]
                    at=clock.now(),
                    key=secrets.token_urlsafe(16),
                ).id
                for person in people
            ]

    def registrations(self, event_id: int) -> list[Any]:
        """(id, number, state, created_at) of all registrations of an event, by id."""
        with self.app.app_context():
            r = Registration
            return list(
                session.execute(
                    select(r.id, r.number, r.state, r.created_at).where(r.event_id == event_id).order_by(r.id)
                )
            )

    def confirmed(self, event_id: int) -> list[int]:
        """The numbers of confirmed registrations, in order."""
        return sorted(number for _, number, state, _ in self.registrations(event_id) if state == "confirmed")

    def mails(self, event_id: int, kind: str) -> list[str]:
        """The addresses that mail of that kind about registrations of the event goes to."""
        with self.app.app_context():
            ids = {row[0] for row in self.registrations(event_id)}
            rows = session.execute(
                select(outbox.Mail.dedupe_key, outbox.Mail.recipient).where(outbox.Mail.kind == kind)
            )
            return [recipient for key, recipient in rows if key and int(key.split(":")[1]) in ids]

    def promotions(self, event_id: int) -> list[int]:
        """The registrations that were promoted, in the order of the audit."""
        with self.app.app_context():
            ids = {row[0] for row in self.registrations(event_id)}
            lines = session.scalars(
                select(AuditLine.subject).where(AuditLine.act == "registration.promote").order_by(AuditLine.id)
            )
            return [key for key in (int(subject.split(":")[1]) for subject in lines) if key in ids]


class Server:
    """Requests to the live site."""

    def __init__(self, port: int, group: int) -> None:
        self.port, self.group = port, group

    def cpu_seconds(self) -> float:
        """The processor time that all processes of the server have used."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # a process that ended just now
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.group:
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def get(self, path: str) -> int:
        """The status of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status

    def post(self, post: Post) -> Answer:
        """Send a form over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(
                "POST",
                post.path,
                urlencode({"csrf_token": post.person.csrf, **post.fields}),
                {
                    "Host": "localhost",
                    "Cookie": post.person.cookie,
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            response = connection.getresponse()
            response.read()
            return Answer(response.status, response.getheader("Location") or "")
        finally:
            connection.close()

    def storm(self, posts: Sequence[Post], connections: int = CONNECTIONS) -> list[Answer]:
        """Send them all from so many connections at once, begun together; the answers in the order of `posts`."""
        waiting: SimpleQueue[int] = SimpleQueue()
        for n in range(len(posts)):
            waiting.put(n)
        answers: list[Any] = [None] * len(posts)
        start = threading.Barrier(min(connections, len(posts)))

        def work() -> None:
            start.wait()
            while True:
                try:
                    n = waiting.get_nowait()
                except Empty:
                    return
                try:
                    answers[n] = self.post(posts[n])
                except OSError as err:
                    answers[n] = Answer(599, repr(err))

        threads = [threading.Thread(target=work) for _ in range(start.parties)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers


def join(event_id: int, person: Person, key: str | None = None) -> Post:
    """The form that registers somebody's organisation."""
    return Post(
        person,
        f"/events/{event_id}/register",
        {"organisation": person.organisation_id, "seats": 1, "key": key or secrets.token_urlsafe(16)},
    )


def withdraw(event_id: int, person: Person, registration_id: int) -> Post:
    """The button that withdraws a registration."""
    return Post(person, f"/events/{event_id}/registrations/{registration_id}/withdraw", {})
