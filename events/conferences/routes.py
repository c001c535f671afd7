"""Conferences: the list, setting one up, and its overview."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from companies.enums import KIND_LABELS, Kind
from companies.sight import register_matched, register_suggested
from core import clock, paging
from core.access import may, public, signed_in
from core.db import get, row_key, session, write
from core.errors import UserError
from core.i18n import _, _l
from core.web import Blueprint
from events import operations as events
from events import queries as event_queries
from events.conferences import (
    agenda,
    board,
    checklist,
    confirmations,
    confirming,
    fairness,
    freshness,
    furnishing,
    learnt,
    lists,
    operations,
    participants,
    queries,
    rules,
    schedule,
    sharing,
    sight,
    suggestions,
    wishing,
)
from events.conferences import merging as _merging  # noqa: F401 - says what becomes of participants
from events.conferences.enums import SIDE_LABELS, VERSION_STATE_LABELS, WISH_LABELS, VersionState
from events.conferences.models import Conference, TimetableVersion
from events.conferences.plan_lines import PLAN_LINES
from events.conferences.setup_forms import (
    ConferenceForm,
    SetupForm,
    setup_values,
    values_as_before,
    values_of_plan,
)
from events.enums import EventKind
from events.models import Event
from events.routes import world

bp = Blueprint("conferences", __name__)


def init_app(app: Flask) -> None:
    """Register the pages, and tell lower packages what only conferences know."""
    for blueprint in (bp, participants.bp, lists.bp, fairness.bp, learnt.bp, board.bp, schedule.bp, sharing.bp):
        app.register_blueprint(blueprint)
    app.jinja_env.filters["kind_label"] = lambda kind: KIND_LABELS[Kind(kind)]
    app.jinja_env.globals.update(
        acts_for=rules.acts_for,
        side_labels=SIDE_LABELS,
        wish_labels=WISH_LABELS,
        version_state_labels=VERSION_STATE_LABELS,
    )
    register_matched(sight.matched_organisations)
    register_suggested(sight.suggested_organisations)
    world(EventKind.CONFERENCE, "conferences.of_event", _l("Meetings and partners"), registers=True)


# --- the list and one conference -------------------------------------------------------------------------------


@bp.get("/conferences", access=signed_in())
def index() -> ResponseReturnValue:
    if not rules.organise(actor()):
        return render_template("conferences/mine.html", rows=queries.own_participations(actor()), at=clock.now())
    page = paging.page_of(queries.listed(clock.now()), request.args.get("page"))
    keys = [c.id for c in page.rows]
    return render_template(
        "conferences/index.html",
        page=page,
        counts=queries.counts_of(keys),
        waiting=queries.events_without_conference(),
    )


@bp.get("/events/<int:event_id>/conference", access=public(event=Event))
def of_event(event: Event) -> ResponseReturnValue:
    conference = queries.of_event(event.id)
    if conference is not None:
        return redirect(url_for("conferences.show", conference_id=conference.id))
    if rules.organise(actor()):
        return redirect(url_for("conferences.set_up", event_id=event.id))
    flash(_("The programme of meetings is not out yet."), "info")
    return redirect(url_for("events.show", event_id=event.id))


@bp.get("/conferences/<int:conference_id>", access=public(conference=Conference))
def show(conference: Conference) -> ResponseReturnValue:
    counts = queries.side_counts(conference)
    if not rules.organise(actor()):
        own = queries.own_participants(conference, actor())
        return render_template(
            "conferences/public.html",
            conference=conference,
            event=conference.event,
            counts=counts,
            own=own,
            kinds=participants.kinds_of(conference),
            can_join=bool(participants.joinable(conference)),
            begun=clock.now() >= conference.event.begins_at,
        )
    versions, lists = agenda.versions(conference), freshness.stored(conference)
    by_state = {version.state: version for version in versions}
    return render_template(
        "conferences/show.html",
        conference=conference,
        event=conference.event,
        counts=counts,
        kinds=participants.kinds_of(conference),
        scores=lists,
        stale=lists.differs(conference) if lists is not None else bool(counts),
        wishes=wishing.wish_counts(conference),
        versions=versions,
        draft=by_state.get(VersionState.DRAFT),
        published=by_state.get(VersionState.PUBLISHED),
        checklist=checklist.items(conference),
        over=clock.now() >= conference.event.ends_at,
        answers=event_queries.state_counts(conference.event),
        **_answered(conference, by_state.get(VersionState.PUBLISHED)),
    )


def _answered(conference: Conference, version: TimetableVersion | None) -> dict[str, int]:
    """How many participants have not answered for all their meetings, and how many meetings are declined."""
    if version is None or clock.now() >= confirming.until(conference):
        return {"unanswered": 0, "refused": 0}
    open_ = confirmations.unanswered(conference, agenda.pairs(version))
    return {"unanswered": len(open_), "refused": len(confirmations.declined(conference))}


@bp.get("/conferences/new", access=may(rules.organise))
def new() -> ResponseReturnValue:
    """An empty form, or one filled in from a task of the plan or from an earlier conference."""
    earlier = _earlier(request.args.get("earlier", ""))
    line = PLAN_LINES.get(request.args.get("plan", ""))
    values = values_as_before(earlier) if earlier else values_of_plan(line) if line else {}
    return _new_page(ConferenceForm(data=values or None))


def _earlier(key: str) -> Conference | None:
    return get(Conference, row_key(key))


def _new_page(form: ConferenceForm) -> str:
    earlier = _earlier(str(form.earlier.data or ""))
    listed = session.scalars(queries.listed(clock.now()).limit(20)).all()
    return render_template(
        "conferences/new.html",
        form=form,
        earlier=earlier,
        listed=listed,
        plan_lines=PLAN_LINES.values(),
        line=PLAN_LINES.get(form.plan_code.data or ""),
        suggested="suggest" in request.form,
    )


@bp.post("/conferences/new", access=may(rules.organise))
def create() -> ResponseReturnValue:
    form = ConferenceForm()
    if "suggest" in request.form:
        form.suggest_dates(_earlier(str(form.earlier.data or "")))
        return _new_page(form)
    status = 422
    if form.validate_on_submit():
        try:
            with write():
                at = clock.now()
                event = events.create(EventKind.CONFERENCE, form.details(), form.schedule(), by=me(), at=at)
                conference = operations.set_up(event, form.setup(), by=me(), at=at)
                if earlier := _earlier(str(form.earlier.data or "")):
                    furnishing.take_over(conference, earlier, by=me(), at=at)
            flash(_("The conference is made. The list below says what it still lacks."), "success")
            return redirect(url_for("conferences.show", conference_id=conference.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return _new_page(form), status


@bp.get("/events/<int:event_id>/conference/new", access=may(rules.organise_event, event=Event))
def set_up(event: Event) -> ResponseReturnValue:
    form = SetupForm(
        first_day=clock.local(event.begins_at).date(),
        days=len(event.days),
        partner_kinds=[k for k in event.open_to if k != Kind.FIRM.value],
    )
    return _set_up_page(form, event, None)


def _set_up_page(form: SetupForm, event: Event, conference: Conference | None) -> str:
    return render_template(
        "conferences/set_up.html", form=form, event=event, conference=conference, suggested="suggest" in request.form
    )


@bp.post("/events/<int:event_id>/conference/new", access=may(rules.organise_event, event=Event))
def set_up_save(event: Event) -> ResponseReturnValue:
    form = SetupForm()
    if "suggest" in request.form:
        form.suggest_dates()
        return _set_up_page(form, event, None)
    status = 422
    if form.validate_on_submit():
        try:
            with write():
                conference = operations.set_up(event, form.setup(), by=me(), at=clock.now())
            flash(_("The conference is set up. Next: who takes part?"), "success")
            return redirect(url_for("conferences.show", conference_id=conference.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return _set_up_page(form, event, None), status


@bp.get("/conferences/<int:conference_id>/edit", access=may(rules.organise, conference=Conference))
def edit(conference: Conference) -> ResponseReturnValue:
    form = SetupForm(data=setup_values(conference))
    return _set_up_page(form, conference.event, conference)


@bp.post("/conferences/<int:conference_id>/edit", access=may(rules.organise, conference=Conference))
def save(conference: Conference) -> ResponseReturnValue:
    form = SetupForm()
    if "suggest" in request.form:
        form.suggest_dates()
        return _set_up_page(form, conference.event, conference)
    status = 422
    if form.validate_on_submit():
        try:
            with write():
                operations.change(conference, form.setup(), by=me(), at=clock.now())
            flash(_("The set-up is saved."), "success")
            return redirect(url_for("conferences.show", conference_id=conference.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return _set_up_page(form, conference.event, conference), status


@bp.post("/conferences/<int:conference_id>/suggestions", access=may(rules.organise, conference=Conference))
def suggest(conference: Conference) -> ResponseReturnValue:
    with write():
        task = suggestions.ask(conference, by=me(), at=clock.now())
    return redirect(url_for("tasks.show", task_id=task.id))
