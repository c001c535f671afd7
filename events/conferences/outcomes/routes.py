"""Pages of what came of meetings: a participant's taps, the organiser's overview, the question in the mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts import tokens
from accounts.access import actor, me
from accounts.models import Token, User
from companies.enums import GrantScope, MembershipRole
from core import audit, clock, files
from core.access import may, public
from core.db import get, row_key, write
from core.errors import Gone, UserError
from core.i18n import _, ngettext, pick
from core.web import Blueprint
from events.conferences import agenda, sharing
from events.conferences import queries as conference_queries
from events.conferences import rules as conference_rules
from events.conferences.exports import appointments
from events.conferences.models import Conference, Participant
from events.conferences.notices import people_of
from events.conferences.outcomes import exports, notices, operations, queries, rules
from events.conferences.outcomes.enums import LABELS, OUTCOME_LABELS, Label
from events.conferences.outcomes.forms import OutcomeForm, ReportForm
from events.conferences.outcomes.models import FollowUp, Outcome

bp = Blueprint("outcomes", __name__)
CONTACTS = "meeting_contacts"  # the purpose of the keys that give contacts without signing in
PATH = "/conferences/<int:conference_id>/participants/<int:participant_id>"
REPORTS = may(rules.report, conference=Conference, participant=Participant)
ORGANISES = may(conference_rules.organise, conference=Conference)
OUTCOME = may(rules.edit_outcome, conference=Conference, participant=Participant, outcome=Outcome)


def init_app(app: Flask) -> None:
    """Register the pages and the words that templates use."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(meeting_labels=LABELS, outcome_labels=OUTCOME_LABELS)


# --- a participant ---------------------------------------------------------------------------------------------


@bp.get(f"{PATH}/outcomes", access=REPORTS)
def mine(conference: Conference, participant: Participant) -> ResponseReturnValue:
    return _page(conference, participant, _form(participant))


def _form(participant: Participant) -> OutcomeForm:
    form = OutcomeForm()
    form.other.choices = [(a.other.id, pick(a.other.organisation, "name").text) for a in _appointments(participant)]
    return form


def _appointments(participant: Participant) -> list[Any]:
    return appointments(participant, agenda.published_meetings(participant))


def _page(
    conference: Conference, participant: Participant, form: OutcomeForm, status: int = 200
) -> ResponseReturnValue:
    at = clock.now()
    rows = _appointments(participant)
    page = render_template(
        "outcomes/mine.html",
        conference=conference,
        event=conference.event,
        participant=participant,
        begun=[a for a in rows if rules.may_report(begins_at=a.begins_at, at=at)],
        to_come=sum(not rules.may_report(begins_at=a.begins_at, at=at) for a in rows),
        said=queries.reports_of(participant),
        shared=sharing.shared(participant),
        outcomes=queries.outcomes_of(participant),
        form=form,
    )
    return page, status


@bp.post(f"{PATH}/reports", access=REPORTS)
def report(conference: Conference, participant: Participant) -> ResponseReturnValue:
    form = ReportForm()
    back = url_for("outcomes.mine", conference_id=conference.id, participant_id=participant.id)
    other = get(Participant, form.other.data) if form.validate_on_submit() else None
    if other is None or other.conference_id != conference.id:
        flash(_("This answer could not be taken. Please try again."), "warning")
        return redirect(back)
    with write():
        operations.report(participant, other, form.said(), by=me(), at=clock.now(), on_behalf=_behalf(participant))
    return redirect(f"{back}#m{other.id}")


def _behalf(participant: Participant) -> bool:
    return conference_rules.acts_for(actor(), participant)


@bp.post(f"{PATH}/outcomes", access=REPORTS)
def state(conference: Conference, participant: Participant) -> ResponseReturnValue:
    form, status = _form(participant), 422
    if form.validate_on_submit():
        try:
            evidence = form.proof()
            with write():
                other = get(Participant, form.other.data)
                if other is None:
                    raise NotFound
                operations.state_outcome(
                    participant,
                    other,
                    form.statement(),
                    evidence=evidence,
                    by=me(),
                    at=clock.now(),
                    on_behalf=_behalf(participant),
                )
            flash(_("Thank you: the outcome is recorded."), "success")
            return redirect(url_for("outcomes.mine", conference_id=conference.id, participant_id=participant.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return _page(conference, participant, form, status)


@bp.post(f"{PATH}/outcomes/<int:outcome_id>/withdraw", access=OUTCOME)
def withdraw(conference: Conference, participant: Participant, outcome: Outcome) -> ResponseReturnValue:
    with write():
        operations.withdraw_outcome(outcome, by=me(), at=clock.now())
    flash(_("The outcome is taken back and counts no more."), "success")
    return redirect(url_for("outcomes.mine", conference_id=conference.id, participant_id=participant.id))


@bp.get(f"{PATH}/outcomes/<int:outcome_id>/evidence", access=OUTCOME)
def evidence(conference: Conference, participant: Participant, outcome: Outcome) -> ResponseReturnValue:
    if outcome.evidence is None or outcome.withdrawn_at is not None:
        raise NotFound
    return files.send(outcome.evidence)


# --- the organiser ---------------------------------------------------------------------------------------------


@bp.get("/conferences/<int:conference_id>/outcomes", access=ORGANISES)
def overview(conference: Conference) -> ResponseReturnValue:
    at = clock.now()
    rows, stated = queries.held(conference), queries.stated(conference)
    begun = [row for row in rows if rules.may_report(begins_at=row.meeting.begins_at, at=at)]
    asked, silent = queries.asked(conference), dict[int, tuple[queries.Party, int]]()
    for row in begun:
        for who in row.silent():
            silent[who.id] = who, silent.get(who.id, (who, 0))[1] + 1
    labels = Counter(said.label for row in rows for said in (row.firm, row.partner) if said and said.label)
    return render_template(
        "outcomes/overview.html",
        conference=conference,
        event=conference.event,
        planned=len(rows),
        begun=len(begun),
        held=sum(row.held is True for row in begun),
        not_held=[row for row in begun if row.held is False],
        disputed=[row for row in begun if row.disputed],
        useful=Counter(row.useful for row in begun if row.held),
        labels=[(label, labels[label]) for label in Label if labels[label]],
        silent=sorted(silent.values(), key=lambda pair: -pair[1]),
        reminded={row.participant_id: row.asked_at for row in asked if row.months == 0},
        asked=_asked(asked),
        totals=rules.totals((o.participant_id, queries.counted(o)) for o in stated),
        outcomes=stated,
    )


def _asked(asked: Sequence[FollowUp]) -> list[tuple[int, int, int]]:
    """(months, how many participants were asked, how many answered)."""
    rows = [row for row in asked if row.months]
    return [
        (months, len(mine), sum(row.answered_at is not None for row in mine))
        for months in rules.MONTHS
        if (mine := [row for row in rows if row.months == months])
    ]


@bp.post("/conferences/<int:conference_id>/outcomes/remind", access=ORGANISES)
def remind(conference: Conference) -> ResponseReturnValue:
    with write():
        told = operations.remind(conference, by=me(), at=clock.now())
    if told:
        flash(
            ngettext("%(num)d person is reminded by mail.", "%(num)d people are reminded by mail.", told), "success"
        )
    else:
        flash(_("Everybody silent was reminded in the last three days, or has nobody who can sign in."), "info")
    return redirect(url_for("outcomes.overview", conference_id=conference.id))


@bp.get("/conferences/<int:conference_id>/outcomes.xlsx", access=ORGANISES)
def export(conference: Conference) -> ResponseReturnValue:
    data = exports.spreadsheet(queries.held(conference), queries.stated(conference))
    with write():  # amounts leave the site: who took them stays on record
        audit.record("outcome.export", conference, by=me(), at=clock.now(), columns=["amount"])
    return files.attachment(data, _("Meetings and outcomes") + ".xlsx", files.XLSX)


# --- the question after months ---------------------------------------------------------------------------------


@bp.get("/asked/<key>", access=public())
def asked(key: str) -> ResponseReturnValue:
    """The page behind the mail's link: who has the link answers for the participant it names, without signing in."""
    try:
        follow_up = _followed(tokens.find("follow_up", key, at=clock.now()))
    except Gone:
        _followed(tokens.used("follow_up", key, at=clock.now()))
        return render_template("outcomes/thanks.html")
    participant = follow_up.participant
    others = queries.still_open(participant.conference).get(participant.id, ())
    meetings = [m for m in agenda.published_meetings(participant) if {m.firm_id, m.partner_id} & set(others)]
    return render_template(
        "outcomes/asked.html",
        key=key,
        follow_up=follow_up,
        participant=participant,
        event=participant.conference.event,
        appointments=appointments(participant, meetings),
        said=queries.reports_of(participant),
    )


@bp.post("/asked/<key>", access=public())
def answer(key: str) -> ResponseReturnValue:
    given = {
        other: Label(value)
        for name, value in request.form.items()
        if name[:1] == "p" and (other := row_key(name[1:])) and value in list(Label)
    }
    at = clock.now()
    with write():
        token = tokens.use("follow_up", key, at=at)
        follow_up = _followed(token)
        operations.answer_again(follow_up, given, by=token.user, at=at)
        secret = _contacts_link(follow_up.participant, token.user, at)
    return redirect(url_for("outcomes.thanks", key=secret))


def _contacts_link(participant: Participant, user: User | None, at: datetime) -> str:
    """The key of the page that thanks, and of the next click there."""
    return tokens.issue(CONTACTS, user=user, about=str(participant.id), lasts=notices.LINK_LASTS, at=at)


def _answering(token: Token) -> Participant:
    """For whom the holder of the link answered, while he still belongs to its organisation."""
    participant = get(Participant, row_key(token.about))
    if participant is None or token.user_id not in {user.id for _participant, user in people_of([participant.id])}:
        raise NotFound
    return participant


def _owns(user: User | None, participant: Participant) -> bool:
    """Whether he may give the contacts of the participant's organisation away."""
    roles = {(m.user_id, m.role) for m in participant.organisation.memberships if m.left_at is None}
    return user is not None and (user.id, MembershipRole.OWNER) in roles


@bp.get("/asked/contacts/<key>", access=public())
def thanks(key: str) -> ResponseReturnValue:
    """The answers are taken; an owner can give the contacts to those met, or take them back."""
    token = tokens.find(CONTACTS, key, at=clock.now())
    participant = _answering(token)
    met = [key for key, said in queries.reports_of(participant).items() if rules.may_exchange(said.held, said.label)]
    return render_template(
        "outcomes/thanks.html",
        key=key,
        others=conference_queries.participants_by_id(met) if _owns(token.user, participant) else (),
        shared=sharing.shared_by(participant.organisation)[GrantScope.CONTACTS.value],
    )


@bp.post("/asked/contacts/<key>", access=public())
def contacts(key: str) -> ResponseReturnValue:
    """Give the contacts to somebody met, or take them back, one click each; the page that comes has the next key."""
    at, wanted = clock.now(), row_key(request.form.get("other"))
    with write():
        token = tokens.use(CONTACTS, key, at=at)
        participant = _answering(token)
        secret = _contacts_link(participant, token.user, at)
        said, other = queries.reports_of(participant).get(wanted), get(Participant, wanted)
        if (
            said is None
            or other is None
            or not _owns(token.user, participant)
            or not rules.may_exchange(said.held, said.label)
        ):
            raise NotFound
        sharing.give(participant, other, GrantScope.CONTACTS, request.form.get("give") == "1", by=token.user, at=at)
    return redirect(url_for("outcomes.thanks", key=secret))


def _followed(token: Token) -> FollowUp:
    """What the link asks about, while the one who got it still belongs to the participant's organisation."""
    participant_id, _sep, months = (token.about or "").partition(":")
    asked_now = {user.id for _participant, user in people_of([int(participant_id)])}
    participant = get(Participant, int(participant_id))
    if participant is None or token.user_id not in asked_now:
        raise NotFound
    found = queries.follow_up(participant, int(months))
    if found is None:
        raise NotFound
    return found
