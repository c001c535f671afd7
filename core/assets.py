"""Styles, scripts and pictures of ours, which browsers keep for a year: their address says what is in them.

The address of a file carries a mark of its whole folder (`/static/v-3f2a…/js/site.js`), since scripts import each
other by relative addresses: those lie under the mark, too, and what belongs together is never mixed. Another content
is another address; under an old one the present file is served, and not kept.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, send_from_directory
from flask.sessions import SecureCookieSessionInterface, SessionMixin

ENDPOINTS = frozenset({"static", "bootstrap.static"})  # the same for everybody: nobody is asked who he is
LOOK_AGAIN = 1.0  # seconds after which it is looked whether a file was edited
FOREVER = "public, max-age=31536000, immutable"

State = tuple[tuple[str, int, int], ...]  # of the files of a folder: name, time of the last change, size


@dataclass(frozen=True)
class _Marked:
    """The mark of a folder, as it was found at some moment of the process."""

    mark: str
    state: State
    looked_at: float


_MARKED: dict[Path, _Marked] = {}


def init_app(app: Flask) -> None:
    """Give the files of the site, and those of Bootstrap, addresses with a mark. After the extensions."""
    bootstrap = app.blueprints["bootstrap"]
    folders = {
        "static": (app.static_url_path, app.static_folder),
        "bootstrap.static": (bootstrap.static_url_path, bootstrap.static_folder),
    }
    for endpoint, (prefix, folder) in folders.items():
        app.add_url_rule(f"{prefix}/v-<mark>/<path:filename>", endpoint=endpoint)
        app.view_functions[endpoint] = _server(Path(str(folder)))
    assert folders.keys() == ENDPOINTS
    app.extensions["assets"] = {endpoint: Path(str(folder)) for endpoint, (_prefix, folder) in folders.items()}
    app.url_defaults(_name_the_content)
    app.session_interface = _Sessions()


class _Sessions(SecureCookieSessionInterface):
    """Sessions as usual, but no file of ours depends on one: browsers would ask again after each new cookie."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint not in ENDPOINTS:
            super().save_session(app, session, response)


def _server(folder: Path) -> Callable[..., Response]:
    def serve(filename: str, mark: str | None = None) -> Response:
        response = send_from_directory(folder, filename)
        if mark is not None and mark == mark_of((folder / filename).parent):
            response.headers["Cache-Control"] = FOREVER
        return response

    return serve


def _name_the_content(endpoint: str, values: dict[str, Any]) -> None:
    folder = current_app.extensions["assets"].get(endpoint)
    if folder is not None and "filename" in values:
        values.setdefault("mark", mark_of((folder / values["filename"]).parent))


def mark_of(folder: Path) -> str:
    """A hash of the names and contents of the files right in the folder; files are read again when they changed."""
    now, known = time.monotonic(), _MARKED.get(folder)
    if known is not None and now - known.looked_at < LOOK_AGAIN:
        return known.mark
    state = _state(folder)
    mark = known.mark if known is not None and known.state == state else _hash(folder, state)
    _MARKED[folder] = _Marked(mark, state, now)
    return mark


def _state(folder: Path) -> State:
    files = sorted((entry for entry in os.scandir(folder) if entry.is_file()), key=lambda entry: entry.name)
    return tuple((entry.name, entry.stat().st_mtime_ns, entry.stat().st_size) for entry in files)


def _hash(folder: Path, state: State) -> str:
    total = hashlib.sha256()
    for name, _changed, _size in state:
        total.update(name.encode() + b"\0" + hashlib.sha256((folder / name).read_bytes()).digest())
    return total.hexdigest()[:16]
