"""Readers of the public pages: what they open, and many of them at once."""

from __future__ import annotations

import http.client
import random
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from unittest import mock
from urllib.parse import quote

from flask import Flask

from accounts import operations
from core import clock
from core.db import write

WORDS = (
    "gia dinh",
    "Giả Định 12",
    "khuôn chính xác",
    "moulds",
    "dây cáp",
    "vai ky thuat",
    "0091",
    "zzz",
    "linh kien",
)
TYPED = ("k", "kh", "khu", "khuo", "khuon", "gia", "gia d", "moul", "84", "8483", "cua n", "Đ", "dien", "zzz")
CONNECTIONS = 8


def paths(ids: Sequence[int]) -> Mapping[str, Sequence[str]]:
    """What is read, by the name of its line in the table."""
    dice = random.Random(4)
    some = [dice.choice(ids) for _ in range(60)]
    return {
        "directory": ["/organisations"] * 20 + [f"/organisations?page={n}" for n in range(2, 42)],
        "directory, searched": [f"/organisations?q={quote(word)}" for word in WORDS for _ in range(5)],
        "directory, by sector and year": [f"/organisations?sector=mechanical&year={2019 + n % 8}" for n in range(40)],
        "suggestions as one types": [
            f"/organisations/suggestions?q={quote(text)}" for text in TYPED for _ in range(5)
        ],
        "an organisation's page": [f"/organisations/{key}" for key in some],
        "an organisation's page in English": [f"/organisations/{key}?lang=en" for key in some],
    }


def sign_in_times(app: Flask, times: int) -> tuple[list[float], list[float]]:
    """Milliseconds (clock, processor) of so many sign-ins with a right password whose hash is not computed."""
    with app.app_context(), write():
        operations.create_user(
            email="reader@crowd.example", name="Bạn đọc", password_hash="x", at=clock.now(), by=None
        )
    found, cpus = list[float](), list[float]()
    with mock.patch.object(operations, "password_fits", lambda user, password: user is not None):
        for _ in range(times):
            client, began, cpu = app.test_client(), time.perf_counter(), time.process_time()
            answer = client.post("/sign-in", data={"email": "reader@crowd.example", "password": "correct horse"})
            found.append((time.perf_counter() - began) * 1000)
            cpus.append((time.process_time() - cpu) * 1000)
            assert answer.status_code == 302, answer.text
    return found, cpus


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int) -> None:
    """Until the server answers."""
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise SystemExit("the server did not start")


def views_a_second(port: int, ids: Sequence[int], seconds: float) -> tuple[float, float]:
    """Good answers a second over several connections, and the 95th percentile of their times in ms."""
    paths = ["/organisations", *(f"/organisations/{key}" for key in ids), "/organisations?q=gia+dinh", "/"]
    times: list[float] = []

    def read(offset: int, until: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        turn = offset
        while time.perf_counter() < until:
            turn, began = turn + 1, time.perf_counter()
            connection.request("GET", paths[turn % len(paths)])
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{paths[turn % len(paths)]}: {answer.status}")
            times.append((time.perf_counter() - began) * 1000)

    for share in (0.3, 1.0):  # the first third warms both processes up
        times.clear()
        until = time.perf_counter() + seconds * share
        threads = [threading.Thread(target=read, args=(n, until)) for n in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return len(times) / seconds, sorted(times)[int(len(times) * 0.95)]
