"""Reads all that a person can open, and finds words in it that he may not know."""

from __future__ import annotations

import html
import io
import re
import zipfile
from itertools import product

from flask import url_for
from sqlalchemy import select
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from core.access import NOBODY, actor_of
from core.db import db, session
from events.conferences.printing.exports import PACKS


def addresses(app, site):
    """Every GET address of the site, with the rows of everybody of this story."""
    rows = {name: session.scalars(select(table.c.id)).all() for name, table in db.metadata.tables.items()
            if "id" in table.c}  # fmt: skip
    rows |= {"organisation": list(site.organisations.values()), "participant": list(site.participants.values())}
    rows["meeting"] = session.scalars(
        select(db.metadata.tables["meeting"].c.id).where(
            db.metadata.tables["meeting"].c.firm_id.in_([site.participants["a"], site.participants["b"]])
        )
    ).all()
    rows |= {name: rows[f"conference_{name}"] for name in ("room", "interpreter", "table")}
    rows["host"] = rows["visit_host"]
    rows["result"] = rows["visit_outcome"]
    rows["plan"], rows["visit"] = rows["visit_plan"], rows["host_visit"]
    rows["other"] = rows["organisation"][:2]
    rows["version"], rows["user"] = rows["timetable_version"], rows["user"][:8]
    words = {"section": ["names", "contact"], "lang": ["vi", "en"], "language": ["vi", "en"], "pack": list(PACKS),
             "slug": ["x"],
             "name": ["pages", "organisations", "products"], "number": [1], "step": ["difficulties", "request", "1"],
             "code": ["0090000019", "0090000026"]}  # fmt: skip
    found, unknown = [], set()
    with app.test_request_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
            if "GET" not in rule.methods or rule.endpoint.endswith("static"):
                continue
            values = []
            for name in sorted(rule.arguments):
                bare = name.removesuffix("_id")
                if name not in words and (bare == name or bare not in rows):
                    unknown.add((rule.endpoint, name))
                values.append(words.get(name) or rows.get(bare, []))
            names = sorted(rule.arguments)
            found += [url_for(rule.endpoint, **dict(zip(names, chosen, strict=True))) for chosen in product(*values)]
    assert {name for _endpoint, name in unknown} <= {"key"}, unknown  # a secret address of somebody's own
    return found


def words_of(answer):
    """All text of an answer, whatever its type, in small letters and without gaps and signs inside numbers."""
    data = answer.data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b" ".join(archive.read(name) for name in archive.namelist())
    text = html.unescape(data.decode(errors="replace"))
    return squeezed(text.replace("\r\n ", ""))


def squeezed(text):
    return re.sub(r"[\s.,+\u00a0\u202f-]+", "", text).casefold()


def walk(app, site, client, person, *, opened=False):
    """address -> its text: of every answer, or only of what the reader can open.

    Where the guard refuses a reader more addresses of one endpoint in the same way, the first is asked for: it never
    hands on to the page of a refusal what was asked for, and those pages were three quarters of the time.
    """
    found, refused = {}, set()
    actor = actor_of(person.id) if person is not None else NOBODY
    for address in addresses(app, site):
        refusal = _refusal(app, actor, address)
        if refusal and (opened or refusal in refused):
            continue
        refused.add(refusal)
        answer = client.get(address)
        assert answer.status_code < 500 or answer.mimetype == "application/json", (address, answer.status_code)
        assert not refusal or answer.status_code != 200, address  # the guard of the page says so, too
        if answer.status_code == 200 or not opened:
            found[address] = words_of(answer)
    return found


def _refusal(app, actor, address):
    """Which endpoint the guard keeps from somebody, and how; None if it lets him in."""
    endpoint, arguments = app.url_map.bind("localhost").match(address.partition("?")[0])
    access = app.extensions["access"].get(endpoint)
    try:
        if access is not None:
            access.admit(actor, arguments)
    except (NotFound, Forbidden, Unauthorized) as err:
        return endpoint, type(err)
    return None


def in_languages(app, site, browse, person, languages=("vi", "en")):
    """The same in these languages."""
    pages = {language: walk(app, site, browse(person, language), person) for language in languages}
    return {f"{language} {address}": text for language, found in pages.items() for address, text in found.items()}


def leaks(pages, secrets, allowed=frozenset()):
    """(word, address) of all that a reader saw and may not."""
    hidden = {squeezed(s.word) for s in secrets if s.tier not in allowed}
    return {(word, address) for address, text in pages.items() for word in hidden if word in text}


def seen(pages, secrets):
    every = " ".join(pages.values())
    return {s.word for s in secrets if squeezed(s.word) in every}
