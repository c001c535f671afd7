"""An officer at the served site: makes the timetable, reports troubles, plans anew, reads the board."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from flask import Flask

from benchmarks.crowd import visitors
from benchmarks.crowd.gathering import Gathering
from benchmarks.measuring.servers import Reader, Served

POLLED_EVERY = 10.0  # seconds between two looks of a calendar: six times as often as once a minute
TIMES = 3


def signed_in(app: Flask, served: Served, found: Gathering) -> Reader:
    """The officer's browser at the served site."""
    client = visitors.sign_in(app, found.officer)
    cookies = {name: cookie.value for name in ("session", "lang") if (cookie := client.get_cookie(name)) is not None}
    return Reader(served.port, cookies)


def make_timetable(reader: Reader, found: Gathering) -> float:
    """Seconds from the button to the board of the new draft, in the middle of three."""
    here, times = f"/conferences/{found.conference}", []
    page = reader.get(here)
    for _turn in range(TIMES):
        began = time.perf_counter()
        reader.get(reader.follow(reader.post(page, f"{here}/timetables")))
        times.append(time.perf_counter() - began)
    return median(times)


def without_a_firm(reader: Reader, found: Gathering) -> float:
    """Seconds from the button "plan the rest anew" to the page of changes, when a firm does not come."""
    return _plan_anew(reader, found, [{"kind": "absent", "participant": key} for key in list(found.firms)[3::7]])


def without_a_table(reader: Reader, found: Gathering) -> float:
    """The same when a table cannot be used."""
    return _plan_anew(reader, found, [{"kind": "table", "table": key} for key in found.tables[2::5]])


def _plan_anew(reader: Reader, found: Gathering, troubles: list[dict[str, object]]) -> float:
    here, times = f"/conferences/{found.conference}", []
    for trouble in troubles[:TIMES]:
        page = reader.get(f"{here}/day")
        reader.post(page, f"{here}/day/troubles", **trouble)
        began = time.perf_counter()
        reader.get(reader.follow(reader.post(page, f"{here}/day/replan")))
        times.append(time.perf_counter() - began)
    return median(times)


def what_helps(reader: Reader, found: Gathering) -> float:
    """Seconds until it is known what one more table, time or interpreter would allow."""
    here = f"/conferences/{found.conference}/what-helps"
    page, began = reader.get(here), time.perf_counter()
    followed = re.search(r'data-follow="(/tasks/\d+)/status"', reader.get(reader.post(page, here)))
    if followed is not None:
        reader.follow(followed.group(1))
    return time.perf_counter() - began


def read_board(reader: Reader, found: Gathering, seconds: float) -> float:
    """Seconds for the published board through the server, in the middle of those read in so many seconds."""
    path, times = f"/conferences/{found.conference}/timetables/{found.version}", list[float]()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        reader.get(path)
        times.append(time.perf_counter() - began)
        time.sleep(0.05)  # an officer reads; he does not hammer
    return median(times)


class Calendars:
    """The partners' calendars, asked again and again as programs do: with the tag of what they have."""

    def __init__(self, port: int, paths: list[str]) -> None:
        self.paths, self.tags, self.unchanged, self.asked = paths, dict[str, str](), 0, 0
        self._reader, self._stop = Reader(port), threading.Event()

    def look(self, path: str) -> None:
        tag = self.tags.get(path)
        answer, _body = self._reader.ask("GET", path, **({"If_None_Match": tag} if tag else {}))
        if answer.status not in (200, 304):
            raise SystemExit(f"{path}: {answer.status}")
        self.tags[path] = answer.headers["ETag"]
        self.asked, self.unchanged = self.asked + 1, self.unchanged + (answer.status == 304)

    @contextmanager
    def polled(self) -> Iterator[None]:
        """All of them within every `POLLED_EVERY` seconds, beside whatever happens inside."""
        thread = threading.Thread(target=self._poll)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _poll(self) -> None:
        while True:
            for path in self.paths:
                self.look(path)
                if self._stop.wait(POLLED_EVERY / len(self.paths)):
                    return
