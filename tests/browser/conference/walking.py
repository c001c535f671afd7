"""What people of a long story do at their browsers: press, confirm, read their mail, come back another day."""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from core import clock
from core.db import session
from core.sending import send_due
from core.timers import timers
from tests.browser.conftest import Reader

VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


@dataclass
class Letter:
    """A mail that was sent."""

    to: str
    subject: str
    text: str

    @property
    def link(self) -> str:
        """The path of the first link."""
        found = re.search(r"http://localhost(/\S+)", self.text)
        assert found, self.text
        return found.group(1)


@dataclass
class Post:
    """The folder into which the site sends its mail; `new()` gives what came since it was last asked."""

    folder: Path
    read: set[str] = field(default_factory=set)

    def new(self) -> list[Letter]:
        session.rollback()
        while send_due():
            pass
        return [self._letter(path) for path in sorted(self.folder.glob("*.eml")) if path.name not in self.read]

    def _letter(self, path: Path) -> Letter:
        self.read.add(path.name)
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        assert body is not None
        return Letter(str(message["To"]), str(message["Subject"]), body.get_content())

    def to(self, address: str) -> Letter:
        """The one new letter to somebody; letters to others are read, too."""
        mine = [letter for letter in self.new() if address in letter.to]
        assert len(mine) == 1, [letter.subject for letter in mine]
        return mine[0]


def press(page: Page, path: str, **hidden: Any) -> None:
    """Press the button of the form that posts to an address ending so; `hidden`: a field of the right one."""
    _form(page, path, hidden).locator("button").first.click()


def confirm(page: Page, path: str, reason: str | None = None, **hidden: Any) -> None:
    """Open what asks whether one is sure, and press the button in it."""
    form = _form(page, path, hidden)
    page.locator("details.confirm", has=form).locator("summary").click()
    if reason is not None:
        form.locator("[name='reason']").fill(reason)
    form.locator("button").first.click()


def _form(page: Page, path: str, hidden: dict[str, Any]) -> Locator:
    found = page.locator(f"form[action$='{path}'], form[action*='{path}?']")  # an address may name the language
    for name, value in hidden.items():
        found = found.filter(has=page.locator(f"[name='{name}'][value='{value}']"))
    return found.first


def done(page: Page, words: str | None = None) -> None:
    """The page says that what was pressed has happened."""
    page.wait_for_load_state()  # its scripts have run, too
    note = page.locator(".note-success").first
    expect(note).to_be_visible()
    if words:
        expect(note).to_contain_text(words)


def in_english(reader: Reader) -> None:
    """Nothing on the page is Vietnamese."""
    page = reader.page
    assert page.evaluate("document.documentElement.lang") == "en"
    for text in (page.title(), page.locator("main").inner_text(), page.locator("header").first.inner_text()):
        assert not (found := VIETNAMESE.search(text.replace("Tiếng Việt", ""))), text[found.start() - 60 :][:120]


def english(letter: Letter) -> None:
    """Nothing in the letter is Vietnamese."""
    assert not VIETNAMESE.search(letter.subject + letter.text), letter.text


def fits(reader: Reader) -> None:
    """No page is wider than the screen that it is read on."""
    wide = reader.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], (reader.page.url, wide)


@dataclass
class Time:
    """The clock of the site, which the story moves."""

    set_to: Callable[[datetime], None]

    def turn(self, at: datetime, *names: str) -> None:
        """It is `at` now; the job process does what these timers do then."""
        self.set_to(at)
        for name in names:
            session.rollback()
            timers[name].work(clock.now())
        session.rollback()


@contextmanager
def story_time(monkeypatch: Any) -> Iterator[Time]:
    yield Time(lambda at: monkeypatch.setattr(clock, "_frozen", at))


def mail_of(app: Flask) -> Post:
    return Post(app.extensions["settings"].mail_dir)


def stored(query: Any) -> Any:
    """What the database holds now."""
    session.rollback()
    return session.scalars(query).all()
