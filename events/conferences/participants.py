"""Who takes part in a conference: the officer's list, joining, when a participant is there, leaving."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from accounts.access import actor, me
from companies import directory
from companies.enums import KIND_LABELS, Kind, Sector
from companies.models import Organisation
from companies.queries import mine as own_organisations
from core import clock, dates, paging
from core.access import may
from core.db import get, row_key, session, write
from core.errors import UserError
from core.i18n import _, ngettext, pick
from core.web import Blueprint
from events.conferences import delegates, demands, operations, queries, rules
from events.conferences.enums import Side
from events.conferences.forms import DelegateForm, JoinForm, PresenceForm
from events.conferences.models import Conference, Delegate, Participant
from events.conferences.notices import people_of
from events.enums import EventState

bp = Blueprint("participants", __name__)


@bp.get("/conferences/<int:conference_id>/participants", access=may(rules.organise, conference=Conference))
def index(conference: Conference) -> ResponseReturnValue:
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
        reached={participant.id for participant, _user in people_of([p.id for p in page.rows])},
        tables={t.owner_id: t.label for t in conference.tables if t.owner_id},
        limits=lambda p: demands.limits(conference, p),
    )


@bp.get("/conferences/<int:conference_id>/participants/add", access=may(rules.organise, conference=Conference))
def choose(conference: Conference) -> ResponseReturnValue:
    return _choose_page(conference)


@bp.post("/conferences/<int:conference_id>/participants/add", access=may(rules.organise, conference=Conference))
def add(conference: Conference) -> ResponseReturnValue:
    kind = _kind_of(request.form.get("kind", ""), conference)
    keys = [key for text in request.form.getlist("organisation") if (key := row_key(text))]
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
    return redirect(url_for("participants.index", conference_id=conference.id, side=side.value))


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
        kinds=[(k.value, KIND_LABELS[k]) for k in (Kind.FIRM, *kinds_of(conference))],
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
                url_for("participants.presence", conference_id=conference.id, participant_id=participant.id)
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
    return _presence_page(conference, participant, _stored_presence(conference, participant))


def _stored_presence(conference: Conference, participant: Participant) -> PresenceForm:
    away = set(participant.away_slots)
    return _presence_form(
        conference,
        formdata=None,
        present_slots=[s.id for s in conference.slots if s.id not in away],
        minimum=participant.minimum,
        maximum=participant.maximum,
        delegates=participant.delegates,
        time_zone=participant.time_zone or "",
    )


@bp.post(
    "/conferences/<int:conference_id>/participants/<int:participant_id>/delegates",
    access=may(rules.take_part, conference=Conference, participant=Participant),
)
def name_delegate(conference: Conference, participant: Participant) -> ResponseReturnValue:
    form, status = DelegateForm(), 422
    if form.validate_on_submit():
        try:
            with write():
                delegates.name(
                    participant,
                    form.name.data or "",
                    form.function.data or "",
                    by=me(),
                    at=clock.now(),
                    on_behalf=rules.acts_for(actor(), participant),
                )
            return _to_delegates(conference, participant)
        except UserError as err:
            form.blame(err)
            status = err.status
    return _presence_page(conference, participant, _stored_presence(conference, participant), status, form)


@bp.post(
    "/conferences/<int:conference_id>/participants/<int:participant_id>/delegates/<int:delegate_id>/remove",
    access=may(rules.take_part, conference=Conference, participant=Participant, delegate=Delegate),
)
def remove_delegate(conference: Conference, participant: Participant, delegate: Delegate) -> ResponseReturnValue:
    with write():
        delegates.remove(delegate, by=me(), at=clock.now(), on_behalf=rules.acts_for(actor(), participant))
    return _to_delegates(conference, participant)


def _to_delegates(conference: Conference, participant: Participant) -> ResponseReturnValue:
    here = url_for("participants.presence", conference_id=conference.id, participant_id=participant.id)
    return redirect(f"{here}#named")


@bp.post(
    "/conferences/<int:conference_id>/participants/<int:participant_id>",
    access=may(rules.take_part, conference=Conference, participant=Participant),
)
def set_presence(conference: Conference, participant: Participant) -> ResponseReturnValue:
    form = _presence_form(conference)
    status = 422
    if form.validate_on_submit():
        away = {s.id for s in conference.slots} - set(form.present_slots.data)
        zone = form.time_zone.data or None
        stated = operations.Presence(form.minimum.data, form.maximum.data, form.delegates.data, away, zone)
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
                url_for("participants.presence", conference_id=conference.id, participant_id=participant.id)
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
        return redirect(url_for("participants.index", conference_id=conference.id))
    return redirect(url_for("conferences.show", conference_id=conference.id))


def _presence_form(conference: Conference, **values: Any) -> PresenceForm:
    form = PresenceForm(**values)
    form.present_slots.choices = [(s.id, dates.day_and_hour(s.begins_at)) for s in conference.slots]
    return form


def _presence_page(
    conference: Conference,
    participant: Participant,
    form: PresenceForm,
    status: int = 200,
    delegate_form: DelegateForm | None = None,
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
        limits=demands.limits(conference, participant),
        delegates=delegates.of(participant),
        delegate_form=delegate_form or DelegateForm(formdata=None),
    )
    return page, status


def _kind_of(text: str, conference: Conference) -> Kind | None:
    return next((k for k in (Kind.FIRM, *kinds_of(conference)) if k.value == text), None)


def joinable(conference: Conference) -> list[tuple[Organisation, list[Kind]]]:
    """The reader's organisations that can still take part, and as what."""
    if conference.event.state is not EventState.PUBLISHED:
        return []
    held = {(p.organisation_id, p.side) for p in queries.own_participants(conference, actor())}
    found = []
    for organisation in own_organisations(actor()):
        kinds = [
            k
            for k in (Kind.FIRM, *kinds_of(conference))
            if k in organisation.kinds
            and (organisation.id, Side.FIRM if k is Kind.FIRM else Side.PARTNER) not in held
        ]
        if kinds:
            found.append((organisation, kinds))
    return found


def _join_form(conference: Conference) -> JoinForm:
    able = joinable(conference)
    form = JoinForm()
    form.organisation.choices = [(o.id, str(pick(o, "name"))) for o, _kinds_ in able]
    offered = {k for _o, kinds in able for k in kinds}
    form.kind.choices = [(k.value, KIND_LABELS[k]) for k in (Kind.FIRM, *kinds_of(conference)) if k in offered]
    return form


def kinds_of(conference: Conference) -> list[Kind]:
    """The kinds of partners that a conference is for."""
    return [Kind(k) for k in conference.partner_kinds]
