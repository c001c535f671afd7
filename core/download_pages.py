"""Lists as spreadsheets: the answer to a list's address, the page that asks for a long one, the file."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from core import clock, downloads, files
from core.access import current_actor, signed_in
from core.db import write
from core.downloads import Download, Listing
from core.errors import UserError
from core.web import Blueprint

bp = Blueprint("downloads", __name__)
MOST_ARGUMENTS = 20


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


def answer(found: Listing) -> ResponseReturnValue:
    """A list at its own address, narrowed by its query: the file, or the page that asks for a long one."""
    actor, arguments = current_actor(), _arguments()
    if not found.may(actor):
        raise Forbidden if actor.signed_in else Unauthorized
    if downloads.long(found, actor, arguments):
        return redirect(f"{url_for('downloads.new')}?{urlencode({'listing': found.name, **arguments})}")
    data, noting = downloads.content(found, actor, arguments)
    if noting is not None and actor.signed_in:
        with write():
            noting(by=actor.user_id, at=clock.now())
    return files.attachment(data, downloads.name_of(found), files.XLSX)


def _arguments() -> dict[str, str]:
    given = {name: value[:200] for name, value in request.args.items() if name not in ("listing", "page", "lang")}
    return dict(list(given.items())[:MOST_ARGUMENTS])


def _asked() -> Listing:
    found = downloads.named(request.args.get("listing", ""))
    if found is None:
        raise NotFound
    if not found.may(current_actor()):
        raise Forbidden
    return found


@bp.get("/downloads/new", access=signed_in())
def new() -> ResponseReturnValue:
    return render_template("core/download.html", listing=_asked(), message=None)


@bp.post("/downloads/new", access=signed_in())
def ask() -> ResponseReturnValue:
    found, user_id = _asked(), current_actor().user_id
    assert user_id is not None
    try:
        with write():
            row = downloads.ask(found, _arguments(), by=user_id, at=clock.now())
            return redirect(url_for("tasks.show", task_id=row.task_id or (row.task.id if row.task else 0)))
    except UserError as err:
        return render_template("core/download.html", listing=found, message=str(err.message)), err.status


@bp.get("/downloads/<int:download_id>", access=signed_in(download=Download))
def file(download: Download) -> ResponseReturnValue:
    """Only while its reader may still have such a list: rights that ended since it was written count."""
    found = downloads.named(download.listing)
    if download.file is None or found is None or not found.may(current_actor()):
        raise NotFound
    return files.send(download.file)
