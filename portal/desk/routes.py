"""The screen "what needs me now": everything registered in `core.attention`, by urgency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from core import attention, clock, dates
from core.access import Actor, may
from core.attention import Shown, Urgency
from core.db import write
from core.i18n import _, _l
from core.web import Blueprint
from portal import queries
from portal.desk.forms import MarkForm
from portal.desk.rules import has_desk

bp = Blueprint("desk", __name__)

URGENCY_LABELS = {Urgency.NOW: _l("Now"), Urgency.SOON: _l("This week"), Urgency.LATER: _l("When there is time")}
TONES = {Urgency.NOW: "danger", Urgency.SOON: "warning", Urgency.LATER: "neutral"}
ON_HOME_PAGE = 6
VIEWS = ("all", "mine", "put_off")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(urgency_labels=URGENCY_LABELS, urgency_tones=TONES)


@dataclass(frozen=True)
class Desk:
    """What the home page shows: the most urgent, how much there is in all, and whether a page shows the rest."""

    first: Sequence[Shown]
    total: int
    page: bool


def needed_now(reader: Actor, *, at: datetime) -> Desk | None:
    """What waits for the reader, of the Department or of an organisation; None for nothing, and for no desk."""
    page = has_desk(reader)
    open_now = [s for s in attention.for_reader(reader, at=at) if s.put_off_until is None]
    if not open_now and not page:
        return None
    return Desk(open_now[:ON_HOME_PAGE] if page else open_now, len(open_now), page)


def _views(found: Sequence[Shown]) -> dict[str, list[Shown]]:
    present = [s for s in found if s.put_off_until is None]
    return {
        "all": present,
        "mine": [s for s in present if s.assignee_id == me().id],
        "put_off": [s for s in found if s.put_off_until is not None],
    }


@bp.get("/desk", access=may(has_desk))
def index() -> ResponseReturnValue:
    views = _views(attention.for_reader(actor(), at=clock.now()))
    chosen = request.args.get("view", "all")
    chosen = chosen if chosen in VIEWS else "all"
    officers = queries.officers()
    return render_template(
        "portal/desk.html",
        views=views,
        chosen=chosen,
        groups=[(u, [s for s in views[chosen] if s.urgency is u]) for u in Urgency],
        names={user.id: user.name for user in officers},
        form=MarkForm(formdata=None).offer(officers),
    )


@bp.post("/desk/mark", access=may(has_desk))
def mark() -> ResponseReturnValue:
    form = MarkForm().offer(queries.officers())
    if not form.validate_on_submit():
        flash(_("This could not be saved. Choose again."), "danger")
        return redirect(url_for("desk.index"))
    at = clock.now()
    shown = attention.find(actor(), form.key.data, at=at)
    if shown is None:
        raise NotFound
    until = form.put_off_until(clock.today())
    with write():
        attention.mark(shown.entry, by=me(), at=at, until=until, assignee_id=form.assignee_id())
    flash(_("It comes back on %(day)s.", day=dates.day(until)) if until else _("Saved."), "success")
    return redirect(url_for("desk.index"))
