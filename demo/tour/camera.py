"""The site on a port of its own, a browser before it, and pictures of what it shows."""

from __future__ import annotations

import io
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import typst
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from demo.people import PASSWORD
from demo.tour.stops import LANGUAGES, NARROW, WIDE, Stop

TALLEST = {WIDE: 1400, NARROW: 1700}  # pixels; a longer page is cut there
SCREEN = 800
COLOURS = 64
PATIENCE = 60_000  # milliseconds for a page, on a busy machine
# Addresses with a key of their own would differ in every tour.
VEIL = """for (const e of document.querySelectorAll(".copyable code"))
  e.textContent = e.textContent.replace(/[\\w-]{43}/, "…")"""


class _Silent(WSGIRequestHandler):
    """A server that does not tell of every request."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the site while the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that ./run found, else Playwright's own."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or None,
            args=["--no-sandbox"],
        )
        yield browser
        browser.close()


@dataclass
class Camera:
    """Takes the pictures of one moment; who opens a page signs in once, and is then at the browser for all stops."""

    browser: Browser
    url: str
    at: datetime
    _people: dict[str, BrowserContext] = field(default_factory=dict)

    def take(self, stop: Stop, path: str) -> Iterator[tuple[str, bytes]]:
        """(file, PNG) of every picture of a stop."""
        who = self._people.get(stop.who) or self._people.setdefault(stop.who, self._come(stop.who))
        for language in LANGUAGES:
            who.add_cookies([{"name": "lang", "value": language, "url": self.url}])
            if path.endswith(".pdf"):
                pictures = {WIDE: self._sheet(who, path)}
            else:
                pictures = self._page(who, path, language, stop.widths)
            for width, picture in pictures.items():
                yield stop.picture(language, width), shrunk(picture, TALLEST[width])

    def close(self) -> None:
        """Everybody leaves."""
        for who in self._people.values():
            who.close()

    def _come(self, address: str) -> BrowserContext:
        who = self.browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce")
        who.set_default_timeout(PATIENCE)
        who.clock.set_fixed_time(self.at)
        page = who.new_page()
        if address:
            page.goto(f"{self.url}/sign-in")
            page.fill("[name='email']", address)
            page.fill("[name='password']", PASSWORD)
            page.press("[name='password']", "Enter")
            page.wait_for_url(lambda url: "/sign-in" not in url)
        return who

    def _page(self, who: BrowserContext, path: str, language: str, widths: Iterable[int]) -> dict[int, bytes]:
        page = who.pages[0]
        answer = page.goto(self.url + path)
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status if answer else 'nothing'}")
        if page.evaluate("document.documentElement.lang") != language:
            raise RuntimeError(f"{path} is not in {language}")
        page.evaluate(VEIL)
        return {width: _screenshot(page, width) for width in widths}

    def _sheet(self, who: BrowserContext, path: str) -> bytes:
        """The first page of a document."""
        answer = who.request.get(self.url + path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answers {answer.status}")
        return drawn(answer.body())


def _screenshot(page: Page, width: int) -> bytes:
    page.set_viewport_size({"width": width, "height": SCREEN})
    page.evaluate("document.fonts.ready")
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST[width])
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
    return page.screenshot(full_page=True, clip=clip, animations="disabled")


def drawn(document: bytes) -> bytes:
    """The first page of a PDF as PNG, as wide as a wide picture, with a thin border."""
    frame = (
        '#set page(width: auto, height: auto, margin: 0pt)\n#box(stroke: 1pt + gray, image("a.pdf", width: 640pt))'
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.pdf").write_bytes(document)
        (Path(folder) / "main.typ").write_text(frame, "utf-8")
        made = typst.compile(str(Path(folder) / "main.typ"), root=folder, format="png", ppi=144)
    assert isinstance(made, bytes)
    return made


def shrunk(picture: bytes, tallest: int) -> bytes:
    """A PNG of few colours, which is what pages have."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, tallest)))
    out = io.BytesIO()
    few = image.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()
