"""A real server, a real browser, and a page that reports what went wrong in it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from core.db import db
from core.task_runner import run_waiting

LONG = 30_000  # milliseconds that a computation may take on a busy machine
pytest.register_assert_rewrite("tests.browser.conference")  # the acts of its story assert, too


@dataclass
class LiveServer:
    """The site of the test behind a port of its own."""

    url: str


@pytest.fixture
def live_server(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LiveServer]:
    caplog.set_level("ERROR", "werkzeug")
    monkeypatch.setitem(app.config, "SEND_FILE_MAX_AGE_DEFAULT", 3600)  # browsers keep styles from page to page
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield LiveServer(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()  # waits for requests under way: the next test lays another database in their place
    thread.join()


@pytest.fixture
def worker(app: Flask) -> Iterator[None]:
    """The job process, as a thread of the test."""
    stopping = threading.Event()

    def work() -> None:
        while not stopping.wait(0.2):
            with app.app_context():
                run_waiting()
                db.session.remove()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    stopping.set()
    thread.join(30)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or "/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@dataclass
class Reader:
    """A person at a browser. `faults`: errors of the console, of scripts and of the CSP."""

    context: BrowserContext
    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def watch(self) -> None:
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda err: self.faults.append(str(err)))


@pytest.fixture
def read(chromium: Browser, live_server: LiveServer, browse: Callable[..., Any]) -> Iterator[Callable[..., Reader]]:
    """`read(cast.officer, language="en", width=390, scripts=True)`: a signed-in person's browser."""
    contexts: list[BrowserContext] = []

    def open_browser(user: Any = None, language: str = "vi", width: int = 1280, scripts: bool = True) -> Reader:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=scripts, locale="vi-VN"
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_cookies([{"name": "lang", "value": language, "url": live_server.url}])
        if user is not None:
            key = browse(user).get_cookie("session").value
            context.add_cookies([{"name": "session", "value": key, "url": live_server.url}])
        reader = Reader(context, context.new_page(), live_server.url)
        reader.watch()
        return reader

    yield open_browser
    for context in contexts:
        context.close()
