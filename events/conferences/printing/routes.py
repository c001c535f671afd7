"""Everything to print the day before, on one page."""

from __future__ import annotations

from flask import Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import me
from core import audit, clock, files, tasks
from core.access import may
from core.db import write
from core.extensions import limiter
from core.i18n import language
from core.web import Blueprint
from events.conferences import agenda, rules
from events.conferences.enums import VersionState
from events.conferences.models import Conference
from events.conferences.printing import exports, operations, queries
from events.conferences.printing import tasks as work  # noqa: F401 - registers the work

bp = Blueprint("printing", __name__)
ORGANISES = may(rules.organise, conference=Conference)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/conferences/<int:conference_id>/print", access=ORGANISES)
def show(conference: Conference) -> ResponseReturnValue:
    task = tasks.open_under(operations.TASK, operations.key_of(conference))
    return render_template(
        "printing/show.html",
        conference=conference,
        event=conference.event,
        version=agenda.version_in(conference, VersionState.PUBLISHED),
        packs=[(key, name) for key, (name, _make) in exports.PACKS.items()],
        pack=queries.pack_of(conference, language(), at=clock.now()),
        task=task,
        stage=tasks.stage_for_reader(task) if task else "",
    )


@bp.get("/conferences/<int:conference_id>/print/<pack>.pdf", access=ORGANISES)
def pack(conference: Conference, pack: str) -> ResponseReturnValue:
    found, version = exports.PACKS.get(pack), agenda.version_in(conference, VersionState.PUBLISHED)
    if found is None or version is None:
        raise NotFound
    name, make = found
    return files.attachment(make(conference, version).pdf(), f"{name}.pdf", files.PDF)


@bp.post("/conferences/<int:conference_id>/print", access=ORGANISES)
@limiter.limit("6/minute")
def make(conference: Conference) -> ResponseReturnValue:
    with write():
        task = operations.ask(conference, by=me(), at=clock.now())
    return redirect(url_for("tasks.show", task_id=task.id))


@bp.get("/conferences/<int:conference_id>/print.zip", access=ORGANISES)
def everything(conference: Conference) -> ResponseReturnValue:
    """The archive in the reader's language, as it was made; that somebody took it is written down."""
    found = queries.pack_of(conference, language(), at=clock.now())
    if found is None:
        raise NotFound
    answer = files.send(found.file)
    with write():
        audit.record("download", conference, by=me(), at=clock.now(), what="print")
    return answer
