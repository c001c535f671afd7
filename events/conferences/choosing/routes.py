"""Candidates for a conference: ranked by the stated criteria, chosen by people, invited with a link of their own."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from accounts import tokens
from accounts.access import me
from accounts.models import Token, User
from companies.directory import present_in
from companies.models import Organisation
from companies.rules import missing
from core import clock, paging
from core.access import may, public
from core.db import get, row_key, session, write
from core.errors import Gone, UserError
from core.i18n import _, ngettext
from core.web import Blueprint
from events.conferences import queries as conference_queries
from events.conferences import rules
from events.conferences.choosing import operations, partners, queries, ranking
from events.conferences.choosing import rules as choosing_rules
from events.conferences.choosing.enums import CANDIDATE_STATE_LABELS, CRITERION_LABELS, CandidateState
from events.conferences.choosing.forms import CriteriaForm, DecisionForm
from events.conferences.choosing.models import Candidate
from events.conferences.models import Conference
from events.conferences.plan_lines import PLAN_LINES
from events.enums import RegistrationState
from events.models import Registration

bp = Blueprint("choosing", __name__)
PATH = "/conferences/<int:conference_id>"
ORGANISES = may(rules.organise, conference=Conference)


def init_app(app: Flask) -> None:
    """Register the pages and the words that templates use."""
    app.register_blueprint(bp)
    app.register_blueprint(partners.bp)
    app.jinja_env.globals.update(criterion_labels=CRITERION_LABELS, candidate_state_labels=CANDIDATE_STATE_LABELS)


@bp.get(f"{PATH}/candidates", access=ORGANISES)
def index(conference: Conference) -> ResponseReturnValue:
    return _page(conference, _criteria_form(conference), DecisionForm())


def _criteria_form(conference: Conference) -> CriteriaForm:
    choice = queries.choice(conference)
    return CriteriaForm(data={**ranking.weights_of(choice), "sectors": choice.sectors if choice else []})


def _page(
    conference: Conference, criteria: CriteriaForm, decision: DecisionForm, status: int = 200
) -> ResponseReturnValue:
    state = next((s for s in CandidateState if s.value == request.args.get("state")), None)
    text = request.args.get("q", "")[:100]
    choice, counts = queries.choice(conference), queries.counts(conference)
    plan = PLAN_LINES.get(conference.event.plan_code or "")
    page = render_template(
        "choosing/index.html",
        conference=conference,
        event=conference.event,
        page=paging.page_of(queries.candidates(conference, state=state, text=text), request.args.get("page"), 50),
        counts=counts,
        plan=plan,
        wanted=choosing_rules.still_wanted(plan.firms if plan else None, counts.get(CandidateState.CHOSEN, 0)),
        state=state,
        q=text,
        criteria=criteria,
        decision=decision,
        ticked=set(request.form.getlist("candidate")),
        weights=ranking.weights_of(choice),
        ranked_at=choice.ranked_at if choice else None,
        to_invite=len(queries.to_invite(conference)),
        silent=len(queries.silent(conference, before=clock.now())),
    )
    return page, status


@bp.post(f"{PATH}/candidates/rank", access=ORGANISES)
def rank(conference: Conference) -> ResponseReturnValue:
    with write():
        task = ranking.ask(conference, by=me(), at=clock.now())
    return redirect(url_for("tasks.show", task_id=task.id))


@bp.post(f"{PATH}/candidates/criteria", access=ORGANISES)
def state_criteria(conference: Conference) -> ResponseReturnValue:
    form = CriteriaForm()
    if not form.validate_on_submit():
        return _page(conference, form, DecisionForm(formdata=None), 422)
    with write():
        operations.state_criteria(conference, form.weights(), form.sectors.data or [], by=me(), at=clock.now())
    flash(_("The criteria are saved, and the order follows."), "success")
    return redirect(url_for("choosing.index", conference_id=conference.id))


@bp.post(f"{PATH}/candidates/decide", access=ORGANISES)
def decide(conference: Conference) -> ResponseReturnValue:
    form = DecisionForm()
    keys = [key for text in request.form.getlist("candidate") if (key := row_key(text))]
    if first := row_key(request.form.get("first")):
        keys = queries.first_undecided(conference, first)
    if not keys:
        form.form_errors.append(_("Tick at least one organisation."))
        return _page(conference, _criteria_form(conference), form, 422)
    if not form.validate_on_submit():
        return _page(conference, _criteria_form(conference), form, 422)
    try:
        with write():
            chosen = session.scalars(
                select(Candidate).where(Candidate.conference_id == conference.id, Candidate.id.in_(keys))
            ).all()
            number = operations.decide(chosen, **form.values(), by=me(), at=clock.now())
    except UserError as err:
        return _page(conference, _criteria_form(conference), form.blame(err), err.status)
    flash(ngettext("%(num)d decision is recorded.", "%(num)d decisions are recorded.", number), "success")
    state, text, page = (request.args.get(name) for name in ("state", "q", "page"))
    return redirect(url_for("choosing.index", conference_id=conference.id, state=state, q=text, page=page))


@bp.post(f"{PATH}/candidates/invite", access=ORGANISES)
def invite(conference: Conference) -> ResponseReturnValue:
    with write():
        found = queries.to_invite(conference)
        told, without = operations.invite(conference, found, by=me(), at=clock.now())
    flash(ngettext("%(num)d invitation goes out.", "%(num)d invitations go out.", told), "success")
    if without:
        flash(
            _("No address to write to: %(names)s. Please phone them; you can register them on their behalf.",
              names=", ".join(without)),
            "warning",
        )  # fmt: skip
    return redirect(url_for("choosing.index", conference_id=conference.id, state=CandidateState.CHOSEN.value))


@bp.post(f"{PATH}/candidates/remind", access=ORGANISES)
def remind(conference: Conference) -> ResponseReturnValue:
    with write():
        silent = queries.silent(conference, before=clock.now())
        told = operations.remind([row.registration for row in silent], by=me(), at=clock.now())
    flash(ngettext("%(num)d person is reminded by mail.", "%(num)d people are reminded by mail.", told), "success")
    return redirect(url_for("choosing.index", conference_id=conference.id, state=CandidateState.CHOSEN.value))


# --- profiles too empty to match -------------------------------------------------------------------------------


@bp.get(f"{PATH}/profiles", access=ORGANISES)
def profiles(conference: Conference) -> ResponseReturnValue:
    empty = conference_queries.too_empty(conference, on=clock.today())
    there = present_in([p.organisation_id for p in empty])
    return render_template(
        "choosing/profiles.html",
        conference=conference,
        event=conference.event,
        rows=[(p, missing(p.organisation.kinds, there.get(p.organisation_id, frozenset()))) for p in empty],
    )


@bp.post(f"{PATH}/profiles/ask", access=ORGANISES)
def ask_profiles(conference: Conference) -> ResponseReturnValue:
    with write():
        told = operations.ask_for_profiles(
            conference, conference_queries.too_empty(conference, on=clock.today()), by=me(), at=clock.now()
        )
    flash(ngettext("%(num)d person is asked by mail.", "%(num)d people are asked by mail.", told), "success")
    return redirect(url_for("choosing.profiles", conference_id=conference.id))


# --- the link in the invitation --------------------------------------------------------------------------------


@bp.get("/invitations/<key>", access=public())
def invited(key: str) -> ResponseReturnValue:
    """The page behind the link: looking changes nothing, the buttons answer; then it says what was answered."""
    try:
        registration, conference = _invitation(tokens.find(choosing_rules.INVITATION, key, at=clock.now()))
    except Gone:
        return _answered(tokens.used(choosing_rules.INVITATION, key, at=clock.now()))
    return render_template(
        "choosing/invited.html",
        key=key,
        conference=conference,
        event=conference.event,
        organisation=registration.organisation,
        open=registration.state is RegistrationState.INVITED,
    )


@bp.post("/invitations/<key>", access=public())
def answer(key: str) -> ResponseReturnValue:
    with write():
        token = tokens.use(choosing_rules.INVITATION, key, at=clock.now())
        registration, conference = _invitation(token)
        by = token.user or registration.user
        if request.form.get("answer") == "accept":
            operations.accept(conference, registration, by=by, at=clock.now())
        else:
            operations.decline(registration, by=by, at=clock.now())
    return redirect(url_for("choosing.invited", key=key))


def _answered(token: Token) -> str:
    registration, conference = _invitation(token)
    return render_template(
        "choosing/answered.html",
        accepted=registration.state in (RegistrationState.CONFIRMED, RegistrationState.WAITING),
        waiting=registration.state is RegistrationState.WAITING,
        participant=conference_queries.participant_for(registration),
        conference=conference,
        event=conference.event,
        known=token.user is not None,
    )


def _invitation(token: Token) -> tuple[Registration, Conference]:
    kind, _sep, number = (token.about or "").partition(":")
    registration = get(Registration, int(number)) if kind == "registration" else None
    conference = conference_queries.of_event(registration.event_id) if registration is not None else None
    if registration is None or conference is None or registration.organisation is None:
        raise NotFound
    if token.user is not None and not _speaks_for(token.user, registration.organisation):
        raise NotFound
    return registration, conference


def _speaks_for(user: User, organisation: Organisation) -> bool:
    """Whoever got the mail still belongs to the organisation, and his account is not locked."""
    belongs = any(m.user_id == user.id and m.left_at is None for m in organisation.memberships)
    return belongs and user.disabled_at is None
