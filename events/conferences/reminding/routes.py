"""One page of what was sent and what will be sent, and the switch of each kind."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import me
from core import clock, paging
from core.access import may
from core.db import write
from core.i18n import _
from core.web import Blueprint
from events.conferences import reminders, rules
from events.conferences.enums import REMINDER_LABELS, ReminderKind
from events.conferences.models import Conference
from events.conferences.reminding import attention as _attention  # noqa: F401 - registers what needs officers
from events.conferences.reminding import operations, queries, wording
from events.conferences.reminding import own as _own  # noqa: F401 - registers what is asked of organisations

bp = Blueprint("reminding", __name__)
PATH = "/conferences/<int:conference_id>/reminders"
ORGANISES = may(rules.organise, conference=Conference)


def init_app(app: Flask) -> None:
    """Register the pages and the words that templates use."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(reminder_labels=REMINDER_LABELS)


@bp.get(PATH, access=ORGANISES)
def index(conference: Conference) -> ResponseReturnValue:
    at, stopped = clock.now(), reminders.stopped(conference)
    planned = queries.planned(conference, at=at)
    return render_template(
        "reminding/index.html",
        conference=conference,
        event=conference.event,
        kinds=[(kind, wording.schedule(kind, conference), stopped.get(kind)) for kind in ReminderKind],
        planned=[p for p in planned if p.kind not in stopped],
        at=at,
        asked=wording.questions_after(conference),
        page=paging.page_of(reminders.sent(conference), request.args.get("page")),
    )


@bp.post(PATH, access=ORGANISES)
def switch(conference: Conference) -> ResponseReturnValue:
    """Stop a kind, or take it up again."""
    kind = next((k for k in ReminderKind if k.value == request.form.get("kind")), None)
    if kind is None:
        raise NotFound
    stop = request.form.get("stop") == "1"
    with write():
        change = operations.stop if stop else operations.resume
        change(conference, kind, by=me(), at=clock.now())
    flash(_("The site sends no more of these.") if stop else _("The site sends these again."), "success")
    return redirect(url_for("reminding.index", conference_id=conference.id))
