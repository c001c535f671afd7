"""Mail of accounts, as its reader opens it."""

from __future__ import annotations

import re
from dataclasses import replace

import pyotp
import pytest
from sqlalchemy import select

from core import clock
from core.db import session
from core.outbox import Mail


@pytest.fixture
def mailed():
    """`mailed(address)`: the path of the link in the newest mail to that address."""

    def link(address, kind=None):
        query = select(Mail).where(Mail.recipient == address).order_by(Mail.id.desc())
        mail = session.scalars(query if kind is None else query.where(Mail.kind == kind)).first()
        assert mail is not None, f"no mail to {address}"
        found = re.search(r"http://localhost(/\S+)", mail.body)
        assert found, mail.body
        return found.group(1)

    return link


@pytest.fixture
def strict(app, monkeypatch):
    """A site outside the demo: roles that ask for a second factor get nowhere without one."""
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], second_factor=True))


@pytest.fixture
def set_up(app):
    """`set_up(browser)`: set up a second factor there; the app that shows its codes, and the recovery codes."""

    def set_up(browser):
        browser.post("/account/second-factor")
        key = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', browser.get("/account/second-factor").text)
        phone = pyotp.TOTP(key.group(1).replace(" ", ""))
        page = browser.post("/account/second-factor/confirm", data={"code": phone.at(clock.now())})
        codes = re.findall(r"<code>([a-z0-9-]{29})</code>", page.text)
        assert len(codes) == 10
        return phone, codes

    return set_up
