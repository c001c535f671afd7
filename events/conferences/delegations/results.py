"""What came of the visits: a member states outcomes with evidence, and answers the question in the mail."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts import tokens
from accounts.access import actor, me
from accounts.models import Token
from core import clock, files
from core.access import may, public
from core.db import get, row_key, write
from core.errors import Gone, UserError
from core.i18n import _
from core.web import Blueprint
from events import rules as event_rules
from events.conferences.delegations import asking, members, queries, reporting, rules, visited
from events.conferences.delegations.enums import Question
from events.conferences.delegations.models import VisitOutcome, VisitQuestion
from events.conferences.delegations.pages import MEMBER, SPEAKS
from events.conferences.outcomes.enums import Label
from events.conferences.outcomes.operations import withdraw_outcome
from events.models import Event, Registration

bp = Blueprint("visit_results", __name__)
RESULT = may(rules.speak_for, event=Event, registration=Registration, result=VisitOutcome)


@bp.post(f"{MEMBER}/outcomes", access=SPEAKS)
def state(event: Event, registration: Registration) -> ResponseReturnValue:
    form, status = members.outcome_form(registration), 422
    if form.validate_on_submit():
        behalf = not event_rules.own(actor(), registration)
        try:
            evidence = form.proof()
            with write():
                reporting.state_outcome(
                    registration, form.other.data, form.statement(), evidence=evidence, by=me(), at=clock.now(),
                    on_behalf=behalf,
                )  # fmt: skip
            flash(_("Thank you: the outcome is recorded."), "success")
            return redirect(_back(event, registration))
        except UserError as err:
            form.blame(err)
            status = err.status
    return members.page(event, registration, form), status


def _back(event: Event, registration: Registration) -> str:
    return url_for("visit_members.show", event_id=event.id, registration_id=registration.id) + "#outcomes"


@bp.post(f"{MEMBER}/outcomes/<int:result_id>/withdraw", access=RESULT)
def withdraw(event: Event, registration: Registration, result: VisitOutcome) -> ResponseReturnValue:
    with write():
        withdraw_outcome(result, by=me(), at=clock.now())
    flash(_("The outcome is taken back and counts no more."), "success")
    return redirect(_back(event, registration))


@bp.get(f"{MEMBER}/outcomes/<int:result_id>/evidence", access=RESULT)
def evidence(event: Event, registration: Registration, result: VisitOutcome) -> ResponseReturnValue:
    if result.evidence is None or result.withdrawn_at is not None:
        raise NotFound
    return files.send(result.evidence)


# --- the question after months ---------------------------------------------------------------------------------


@bp.get("/asked/visits/<key>", access=public())
def asked(key: str) -> ResponseReturnValue:
    """The page behind the mail's link: who has the link answers for the member it names, without signing in."""
    try:
        question, member = _question(tokens.find("visit_follow_up", key, at=clock.now()))
    except Gone:
        _question(tokens.used("visit_follow_up", key, at=clock.now()))
        return render_template("outcomes/thanks.html")
    known = visited.still_open(member.event_id).get(member.id)
    return render_template(
        "delegations/asked.html",
        months=asking.MONTHS[question.about],
        member=member,
        event=member.event,
        visits=known.visited if known else [],
    )


@bp.post("/asked/visits/<key>", access=public())
def answer(key: str) -> ResponseReturnValue:
    given = {
        host: Label(value)
        for name, value in request.form.items()
        if name[:1] == "h" and (host := row_key(name[1:])) and value in list(Label)
    }
    with write():
        token = tokens.use("visit_follow_up", key, at=clock.now())
        reporting.answer_again(*_question(token), given, by=token.user, at=clock.now())
    return redirect(url_for("visit_results.asked", key=key))


def _question(token: Token) -> tuple[VisitQuestion, Registration]:
    """What the link asks whom, while the one who got it still belongs to the member's organisation."""
    key, _sep, about = (token.about or "").partition(":")
    member = get(Registration, row_key(key) or 0)
    asked_now = {user.id for _member, user in queries.people_of([member.id])} if member else set()
    if member is None or token.user_id not in asked_now:
        raise NotFound
    found = queries.asked([member.id], Question(about)).get(member.id)
    if found is None:
        raise NotFound
    return found, member
