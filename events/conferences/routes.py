"""Conferences: the list, setting one up, its overview, and who takes part."""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from accounts.access import actor, me
from companies import directory
from companies.enums import KIND_LABELS, Kind, Sector
from companies.models import Organisation
from companies.queries import mine as own_organisations
from companies.sight import register_matched, register_suggested
from core import clock, paging
from core.access import may, public, signed_in
from core.db import get, session, write
from core.errors import UserError
from core.i18n import _, _l, ngettext, pick
from core.web import Blueprint
from events import operations as events
from events.conferences import board, encoding, lists, operations, queries, rules, schedule, sight, suggestions
from events.conferences.enums import SIDE_LABELS, VERSION_STATE_LABELS, WISH_LABELS, Side, VersionState
from events.conferences.forms import ConferenceForm, JoinForm, PresenceForm, SetupForm, setup_values
from events.conferences.models import Conference, Participant
from events.enums import EventKind, EventState
from events.models import Event
from events.routes import world

bp = Blueprint("conferences", __name__)


def init_app(app: Flask) -> None:
    """Register the pages, and tell lower packages what only conferences know."""
    for blueprint in (bp, lists.bp, board.bp, schedule.bp):
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
        return render_template("conferences/mine.html", rows=queries.own_participations(actor()))
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
            kinds=_kinds(conference),
            can_join=bool(_joinable(conference)),
        )
    return render_template(
        "conferences/show.html",
        conference=conference,
        event=conference.event,
        counts=counts,
        kinds=_kinds(conference),
        scores=queries.scores(conference),
        stale=queries.is_stale(conference),
        wishes=queries.wish_counts(conference),
        versions=queries.versions(conference),
        draft=queries.version_in(conference, VersionState.DRAFT),
        published=queries.version_in(conference, VersionState.PUBLISHED),
    )


@bp.get("/conferences/new", access=may(rules.organise))
def new() -> ResponseReturnValue:
    return render_template("conferences/new.html", form=ConferenceForm())


@bp.post("/conferences/new", access=may(rules.organise))
def create() -> ResponseReturnValue:
    form = ConferenceForm()
    status = 422
    if form.validate_on_submit():
        try:
            with write():
                at = clock.now()
                event = events.create(EventKind.CONFERENCE, form.details(), form.schedule(), by=me(), at=at)
                conference = operations.set_up(event, form.setup(), by=me(), at=at)
            flash(_("The conference is made. Next: who takes part?"), "success")
            return redirect(url_for("conferences.show", conference_id=conference.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return render_template("conferences/new.html", form=form), status


@bp.get("/events/<int:event_id>/conference/new", access=may(rules.organise_event, event=Event))
def set_up(event: Event) -> ResponseReturnValue:
    form = SetupForm(
        first_day=clock.local(event.begins_at).date(),
        days=len(event.days),
        partner_kinds=[k for k in event.open_to if k != Kind.FIRM.value],
    )
    return render_template("conferences/set_up.html", form=form, event=event, conference=None)


@bp.post("/events/<int:event_id>/conference/new", access=may(rules.organise_event, event=Event))
def set_up_save(event: Event) -> ResponseReturnValue:
    form = SetupForm()
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
    return render_template("conferences/set_up.html", form=form, event=event, conference=None), status


@bp.get("/conferences/<int:conference_id>/edit", access=may(rules.organise, conference=Conference))
def edit(conference: Conference) -> ResponseReturnValue:
    form = SetupForm(data=setup_values(conference))
    return render_template("conferences/set_up.html", form=form, event=conference.event, conference=conference)


@bp.post("/conferences/<int:conference_id>/edit", access=may(rules.organise, conference=Conference))
def save(conference: Conference) -> ResponseReturnValue:
    form = SetupForm()
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
    page = render_template("conferences/set_up.html", form=form, event=conference.event, conference=conference)
    return page, status


@bp.post("/conferences/<int:conference_id>/suggestions", access=may(rules.organise, conference=Conference))
def suggest(conference: Conference) -> ResponseReturnValue:
    with write():
        task = suggestions.ask(conference, by=me(), at=clock.now())
    return redirect(url_for("tasks.show", task_id=task.id))


# --- who takes part --------------------------------------------------------------------------------------------


@bp.get("/conferences/<int:conference_id>/participants", access=may(rules.organise, conference=Conference))
def participants(conference: Conference) -> ResponseReturnValue:
    side = next((s for s in Side if s.value == request.args.get("side")), None)
    text = request.args.get("q", "")[:100]
    page = paging.page_of(queries.participants(conference, side=side, text=text), request.args.get("page"), 50)
    return render_template(
        "conferences/participants.html",
        conference=conference,
        event=conference.event,
        page=page,
        side=side,
        q=text,
        counts=queries.side_counts(conference),
        waiting=queries.waiting_participants(conference),
        tables={t.owner_id: t.label for t in conference.tables if t.owner_id},
        limits=lambda p: encoding.limits(conference, p),
    )


@bp.get("/conferences/<int:conference_id>/participants/add", access=may(rules.organise, conference=Conference))
def choose(conference: Conference) -> ResponseReturnValue:
    return _choose_page(conference)


@bp.post("/conferences/<int:conference_id>/participants/add", access=may(rules.organise, conference=Conference))
def add(conference: Conference) -> ResponseReturnValue:
    kind = _kind_of(request.form.get("kind", ""), conference)
    keys = [int(k) for k in request.form.getlist("organisation") if k.isascii() and k.isdigit() and len(k) < 10]
    if kind is None or not keys:
        flash(_("Tick at least one organisation."), "warning")
        return _choose_page(conference, 422)
    side = Side.FIRM if kind is Kind.FIRM else Side.PARTNER
    with write():
        at = clock.now()
        chosen = session.scalars(
            select(Organisation).where(Organisation.id.in_(keys)).options(selectinload(Organisation.kind_rows))
        ).all()
        for organisation in chosen:
            operations.join(conference, organisation, side, kind, by=me(), at=at, on_behalf=True)
    flash(
        ngettext("%(num)d organisation takes part now.", "%(num)d organisations take part now.", len(chosen)),
        "success",
    )
    return redirect(url_for("conferences.participants", conference_id=conference.id, side=side.value))


def _choose_page(conference: Conference, status: int = 200) -> ResponseReturnValue:
    kind = _kind_of(request.values.get("kind", ""), conference) or Kind.FIRM
    side = Side.FIRM if kind is Kind.FIRM else Side.PARTNER
    text = request.args.get("q", "")[:100]
    sector = next((s for s in Sector if s.value == request.args.get("sector")), None)
    filters = directory.Filters(text=text, kind=kind, sector=sector)
    query = directory.search(filters, actor(), on=clock.today()).where(
        Organisation.id.not_in(
            select(Participant.organisation_id).where(
                Participant.conference_id == conference.id, Participant.side == side
            )
        )
    )
    page = paging.page_of(query, request.args.get("page"), 100)
    html = render_template(
        "conferences/choose.html",
        conference=conference,
        event=conference.event,
        page=page,
        kind=kind,
        kinds=[(k.value, KIND_LABELS[k]) for k in (Kind.FIRM, *_kinds(conference))],
        sector=sector,
        q=text,
    )
    return html, status


@bp.get("/conferences/<int:conference_id>/join", access=may(rules.join, conference=Conference))
def join(conference: Conference) -> ResponseReturnValue:
    form = _join_form(conference)
    if not form.organisation.choices:
        flash(_("Your organisation takes part already, or this conference is not for its kind."), "info")
        return redirect(url_for("conferences.show", conference_id=conference.id))
    return render_template("conferences/join.html", conference=conference, event=conference.event, form=form)


@bp.post("/conferences/<int:conference_id>/join", access=may(rules.join, conference=Conference))
def join_save(conference: Conference) -> ResponseReturnValue:
    form = _join_form(conference)
    status = 422
    if form.validate_on_submit():
        kind = Kind(form.kind.data)
        side = Side.FIRM if kind is Kind.FIRM else Side.PARTNER
        organisation = get(Organisation, form.organisation.data)
        assert organisation is not None
        try:
            with write():
                participant = operations.join(conference, organisation, side, kind, by=me(), at=clock.now())
            flash(_("You take part. Say when you are there and whom you would like to meet."), "success")
            return redirect(
                url_for("conferences.presence", conference_id=conference.id, participant_id=participant.id)
            )
        except UserError as err:
            form.blame(err)
            status = err.status
    page = render_template("conferences/join.html", conference=conference, event=conference.event, form=form)
    return page, status


@bp.get(
    "/conferences/<int:conference_id>/participants/<int:participant_id>",
    access=may(rules.take_part, conference=Conference, participant=Participant),
)
def presence(conference: Conference, participant: Participant) -> ResponseReturnValue:
    away = set(participant.away_slots)
    form = _presence_form(
        conference,
        present_slots=[s.id for s in conference.slots if s.id not in away],
        minimum=participant.minimum,
        maximum=participant.maximum,
        delegates=participant.delegates,
    )
    return _presence_page(conference, participant, form)


@bp.post(
    "/conferences/<int:conference_id>/participants/<int:participant_id>",
    access=may(rules.take_part, conference=Conference, participant=Participant),
)
def set_presence(conference: Conference, participant: Participant) -> ResponseReturnValue:
    form = _presence_form(conference)
    status = 422
    if form.validate_on_submit():
        away = {s.id for s in conference.slots} - set(form.present_slots.data)
        stated = operations.Presence(form.minimum.data, form.maximum.data, form.delegates.data, away)
        try:
            with write():
                operations.set_presence(
                    participant, stated, by=me(), at=clock.now(), on_behalf=rules.acts_for(actor(), participant)
                )
            if len(away) == len(conference.slots):
                flash(_("Saved. Mind that without any time there can be no meeting."), "warning")
            else:
                flash(_("Saved."), "success")
            return redirect(
                url_for("conferences.presence", conference_id=conference.id, participant_id=participant.id)
            )
        except UserError as err:
            form.blame(err)
            status = err.status
    return _presence_page(conference, participant, form, status)


@bp.post(
    "/conferences/<int:conference_id>/participants/<int:participant_id>/leave",
    access=may(rules.take_part, conference=Conference, participant=Participant),
)
def leave(conference: Conference, participant: Participant) -> ResponseReturnValue:
    with write():
        operations.leave(participant, by=me(), at=clock.now(), on_behalf=rules.acts_for(actor(), participant))
    flash(_("The organisation does not take part any more."), "success")
    if rules.organise(actor()):
        return redirect(url_for("conferences.participants", conference_id=conference.id))
    return redirect(url_for("conferences.show", conference_id=conference.id))


# --- parts -----------------------------------------------------------------------------------------------------


def _presence_form(conference: Conference, **values: Any) -> PresenceForm:
    form = PresenceForm(data=values) if values else PresenceForm()
    form.present_slots.choices = [(s.id, f"{clock.local(s.begins_at):%d/%m %H:%M}") for s in conference.slots]
    return form


def _presence_page(
    conference: Conference, participant: Participant, form: PresenceForm, status: int = 200
) -> ResponseReturnValue:
    by_day: dict[Any, list[Any]] = {}
    for slot in conference.slots:
        by_day.setdefault(slot.day, []).append(slot)
    page = render_template(
        "conferences/presence.html",
        conference=conference,
        event=conference.event,
        participant=participant,
        form=form,
        by_day=by_day,
        limits=encoding.limits(conference, participant),
    )
    return page, status


def _kinds(conference: Conference) -> list[Kind]:
    return [Kind(k) for k in conference.partner_kinds]


def _kind_of(text: str, conference: Conference) -> Kind | None:
    return next((k for k in (Kind.FIRM, *_kinds(conference)) if k.value == text), None)


def _joinable(conference: Conference) -> list[tuple[Organisation, list[Kind]]]:
    """The reader's organisations that can still take part, and as what."""
    if conference.event.state is not EventState.PUBLISHED:
        return []
    held = {(p.organisation_id, p.side) for p in queries.own_participants(conference, actor())}
    found = []
    for organisation in own_organisations(actor()):
        kinds = [
            k
            for k in (Kind.FIRM, *_kinds(conference))
            if k in organisation.kinds
            and (organisation.id, Side.FIRM if k is Kind.FIRM else Side.PARTNER) not in held
        ]
        if kinds:
            found.append((organisation, kinds))
    return found


def _join_form(conference: Conference) -> JoinForm:
    able = _joinable(conference)
    form = JoinForm()
    form.organisation.choices = [(o.id, str(pick(o, "name"))) for o, _kinds_ in able]
    offered = {k for _o, kinds in able for k in kinds}
    form.kind.choices = [(k.value, KIND_LABELS[k]) for k in (Kind.FIRM, *_kinds(conference)) if k in offered]
    return form
