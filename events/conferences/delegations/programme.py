"""The programme of visits for officers: planned, looked at, published, printed."""

from __future__ import annotations

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import me
from core import clock, files
from core.db import CHANGED_MEANWHILE, row_key, write
from core.errors import Conflict, UserError
from core.i18n import _, language, ngettext
from core.web import Blueprint
from events.conferences.delegations import exports, moves, planning, publishing, queries, visited
from events.conferences.delegations.models import VisitPlan
from events.conferences.delegations.pages import ORGANISES, PATH, delegation_of
from events.conferences.enums import VersionState
from events.conferences.outcomes.enums import Label
from events.models import Event

bp = Blueprint("visit_programme", __name__)


@bp.post(f"{PATH}/plan", access=ORGANISES)
def plan(event: Event) -> ResponseReturnValue:
    try:
        with write():
            task = planning.ask(event, by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
        return redirect(url_for("delegations.of_event", event_id=event.id))
    return redirect(url_for("tasks.show", task_id=task.id))


@bp.post(f"{PATH}/talks", access=ORGANISES)
def arrange_talks(event: Event) -> ResponseReturnValue:
    try:
        with write():
            task = planning.ask_talks(event, by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
        return redirect(url_for("visit_programme.show", event_id=event.id))
    return redirect(url_for("tasks.show", task_id=task.id))


@bp.get(f"{PATH}/programme", access=ORGANISES)
def show(event: Event) -> ResponseReturnValue:
    row, draft, published = delegation_of(event), *_plans(event)
    shown, at = draft or published, clock.now()
    members = queries.members(event)
    going = {v.registration_id for visit in shown.visits for v in visit.visitors} if shown else set()
    said = [v for v in visited.visited([event.id]) if v.visitor.visit.begins_at <= at]
    labels = Counter(word.label for v in said for word in v.words if word and word.label)
    return render_template(
        "delegations/programme.html",
        event=event,
        delegation=row,
        plan=shown,
        published=published,
        members={member.id: member for member in members},
        hosts={host.id: host for host in row.hosts},
        staying=[member for member in members if member.id not in going],
        over=at >= event.ends_at,
        draft=shown is not None and shown.state is VersionState.DRAFT,
        broken=moves.broken(event, shown, at=at) if shown and shown.state is VersionState.DRAFT else "",
        answers=len(said),
        held=Counter(v.held for v in said if not v.disputed),
        disputed=[v for v in said if v.disputed],
        useful=Counter(word.useful for v in said for word in v.words if word and word.held),
        labels=[(label, labels[label]) for label in Label if labels[label]],
    )


def _plans(event: Event) -> tuple[VisitPlan | None, VisitPlan | None]:
    return queries.plan_in(event, VersionState.DRAFT), queries.plan_in(event, VersionState.PUBLISHED)


@bp.post(f"{PATH}/publish", access=ORGANISES)
def publish(event: Event) -> ResponseReturnValue:
    back = redirect(url_for("visit_programme.show", event_id=event.id))
    try:
        with write():
            draft = queries.plan_in(event, VersionState.DRAFT)
            if draft is None or str(draft.id) != request.form.get("plan"):
                raise Conflict(CHANGED_MEANWHILE)
            told = publishing.publish(event, draft, by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
        return back
    flash(
        _("The programme is published.")
        + " "
        + ngettext("%(num)d person is told by mail.", "%(num)d people are told by mail.", told),
        "success",
    )
    return back


@bp.post(f"{PATH}/programme/discard", access=ORGANISES)
def discard(event: Event) -> ResponseReturnValue:
    """Delete the draft; what is published stays."""
    try:
        with write():
            planning.discard(event, row_key(request.form.get("plan")), by=me(), at=clock.now())
        flash(_("The draft is deleted."), "success")
    except UserError as err:
        flash(str(err.message), "danger")
    return redirect(url_for("visit_programme.show", event_id=event.id))


@bp.get(f"{PATH}/programme.pdf", access=ORGANISES)
def pdf(event: Event) -> ResponseReturnValue:
    row, draft, published = delegation_of(event), *_plans(event)
    shown = draft or published
    if shown is None:
        raise NotFound
    data = exports.programme(event, row, shown, language())
    return files.attachment(data, _("Programme of visits") + ".pdf", files.PDF)
