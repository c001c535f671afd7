"""The site as it is served: gunicorn with two processes and the job process, and a browser that asks it over HTTP."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from json import loads
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.crowd.browsing import free_port, wait_for
from benchmarks.measuring.databases import ROOT
from core.config import Settings

QUICK, PAUSE, SHARE = 0.12, 1.0, 0.1  # as static/js/follow.js asks how far a task is
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Served:
    """The running site: its port and the process groups."""

    port: int
    processes: tuple[int, ...]

    def cpu(self) -> float:
        """Processor seconds of all its processes so far; 0 where the system does not tell."""
        return sum(_cpu(int(p.name), self.processes) for p in Path("/proc").glob("[0-9]*"))

    def settle(self, longest: float = 120.0) -> None:
        """Wait until the job process has caught up with what a site that was just filled gives it to do."""
        until, before = time.monotonic() + longest, self.cpu()
        while time.monotonic() < until:
            time.sleep(2)
            now = self.cpu()
            if now - before < 0.15:
                return
            before = now


def _cpu(process: int, groups: tuple[int, ...]) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if int(fields[2]) in groups else 0.0


@contextmanager
def served(settings: Settings, *, jobs: bool = True) -> Iterator[Served]:
    """Start web and jobs on the site's database, as `./run serve` does; end them with the block."""
    env = {
        **os.environ, "MODE": "test", "DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url,
        "LOG_LEVEL": "ERROR", "PUBLIC_BASE_URL": settings.public_base_url, "PYTHONPATH": str(ROOT),
        "WEB_PROCESSES": "2",
    }  # fmt: skip
    port = free_port()
    web = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    commands = [[*web, "app:create_app()"], *([[sys.executable, "-m", "jobs"]] if jobs else [])]
    running = [subprocess.Popen(command, env=env, cwd=ROOT, start_new_session=True) for command in commands]
    try:
        wait_for(port)
        yield Served(port, tuple(process.pid for process in running))
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)


@dataclass
class Reader:
    """A browser over HTTP: one connection, the cookies it is given."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def ask(
        self, method: str, path: str, form: Mapping[str, str] | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        sent = {"Host": "localhost", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        body_sent = urlencode(form) if form is not None else None
        try:
            self._connection.request(method, path, body_sent, sent)
            answer = self._connection.getresponse()
        except (
            http.client.RemoteDisconnected,
            ConnectionError,
        ):  # idle for long: the server closed it; asked once more
            self._connection.close()
            self._connection.request(method, path, body_sent, sent)
            answer = self._connection.getresponse()
        body = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _sep, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, body

    def get(self, path: str) -> str:
        """The page. Raise SystemExit for anything else."""
        answer, body = self.ask("GET", path)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        return body.decode()

    def post(self, page: str, path: str, **form: object) -> str:
        """Press a button of a page that is open already (`page`: its HTML); where it leads."""
        token = TOKEN.search(page)
        values = {"csrf_token": token.group(1) if token else "", **{k: str(v) for k, v in form.items()}}
        answer, body = self.ask("POST", path, values)
        if answer.status not in (302, 303):
            raise SystemExit(f"{path}: {answer.status} {re.sub('<[^>]+>', ' ', body.decode())[-400:]}")
        return urlsplit(answer.headers["Location"]).path

    def follow(self, task: str) -> str:
        """Open the page of a task and wait as its script does; the address to which that goes on."""
        self.get(task)
        began = time.perf_counter()
        for _turn in range(1000):
            told = loads(self.get(f"{task}/status"))
            if not told["open"]:
                if not told["url"]:
                    raise SystemExit(f"{task}: {told}")
                return str(told["url"])
            time.sleep(max(QUICK, min(PAUSE, SHARE * (time.perf_counter() - began))))
        raise SystemExit(f"{task}: not done after minutes")
