"""What a participant reads of the published timetable: page, PDF, calendar address; and the print packs."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from core import clock, files
from core.access import may, public
from core.db import get, write
from core.i18n import _, ngettext
from core.urls import absolute
from core.web import Blueprint
from events.conferences import (
    agenda,
    confirmations,
    confirming,
    exports,
    history,
    operations,
    queries,
    rules,
    sharing,
)
from events.conferences.enums import VersionState
from events.conferences.forms import ConfirmForm
from events.conferences.models import Conference, Participant, TimetableVersion

bp = Blueprint("schedule", __name__)
TAKES_PART = may(rules.take_part, conference=Conference, participant=Participant)
PATH = "/conferences/<int:conference_id>/participants/<int:participant_id>"


@bp.get(f"{PATH}/schedule", access=TAKES_PART)
def show(conference: Conference, participant: Participant) -> ResponseReturnValue:
    meetings = agenda.published_meetings(participant)
    own = participant.organisation_id
    met = history.met_before(conference, at=clock.now(), of=[own])
    return render_template(
        "conferences/schedule.html",
        conference=conference,
        event=conference.event,
        participant=participant,
        appointments=exports.appointments(participant, meetings),
        met={other: day for (mine, other), day in met.items() if mine == own},
        version=agenda.version_in(conference, VersionState.PUBLISHED),
        **_answers(conference, participant),
        at=clock.now(),
        feed=absolute("schedule.feed", key=participant.feed_key),
    )


def _answers(conference: Conference, participant: Participant) -> dict[str, Any]:
    """What the template shows of confirming: both sides' answers, until when, and what is shared."""
    answers = confirmations.said(conference, participant)
    until = confirming.until(conference)
    return {
        "mine": {other: row for (who, other), row in answers.items() if who == participant.id},
        "theirs": {who: row for (who, other), row in answers.items() if other == participant.id},
        "confirm_until": until,
        "may_confirm": clock.now() < until or rules.organise(actor()),
        "shared": sharing.shared(participant),
    }


@bp.post(f"{PATH}/confirm", access=TAKES_PART)
def confirm(conference: Conference, participant: Participant) -> ResponseReturnValue:
    """Confirm or decline a meeting; or confirm all that are not answered."""
    form, at = ConfirmForm(), clock.now()
    behalf = rules.acts_for(actor(), participant)
    back = url_for("schedule.show", conference_id=conference.id, participant_id=participant.id)
    if not form.validate_on_submit():
        flash(_("This answer could not be taken. Please try again."), "warning")
        return redirect(back)
    comes, reason = form.comes.data == "yes", form.reason.data or ""
    with write():
        if form.other.data is None:
            mine = {other for (who, other) in confirmations.said(conference, participant) if who == participant.id}
            rows = exports.appointments(participant, agenda.published_meetings(participant))
            others = [a.other for a in rows if a.other.id not in mine]
        else:
            found = get(Participant, form.other.data)
            others = [found] if found is not None and found.conference_id == conference.id else []
        for other in others:
            confirming.answer(participant, other, comes, reason, by=me(), at=at, on_behalf=behalf)
    flash(_("Thank you: your answer is recorded."), "success")
    return redirect(f"{back}#p{form.other.data}" if form.other.data else back)


@bp.post("/conferences/<int:conference_id>/confirmations/remind", access=may(rules.organise, conference=Conference))
def remind(conference: Conference) -> ResponseReturnValue:
    with write():
        told = confirming.remind(conference, by=me(), at=clock.now())
    flash(ngettext("%(num)d person is reminded by mail.", "%(num)d people are reminded by mail.", told), "success")
    return redirect(url_for("conferences.show", conference_id=conference.id))


@bp.get(f"{PATH}/schedule.pdf", access=TAKES_PART)
def pdf(conference: Conference, participant: Participant) -> ResponseReturnValue:
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    if version is None:
        raise NotFound
    data = exports.participant_sheet(conference, version, participant).pdf()
    return files.attachment(data, _("Timetable") + ".pdf", files.PDF)


@bp.post(f"{PATH}/feed", access=TAKES_PART)
def renew_feed(conference: Conference, participant: Participant) -> ResponseReturnValue:
    with write():
        operations.renew_feed(participant, by=me(), at=clock.now())
    flash(_("There is a new calendar address; the old one does not work any more."), "success")
    return redirect(url_for("schedule.show", conference_id=conference.id, participant_id=participant.id))


@bp.get("/calendar/<string(length=43):key>.ics", access=public())
def feed(key: str) -> ResponseReturnValue:
    """The address that a calendar subscribes to: who has it may read it, until it is renewed."""
    participant = queries.by_feed_key(key)
    if participant is None:
        raise NotFound
    tag = exports.calendar_tag(participant, agenda.calendar_lines(participant))
    if request.if_none_match.contains_weak(tag):  # nothing is written for the many who ask in vain
        response = Response(status=304, mimetype=files.ICS)
    else:
        data = exports.feed(participant, agenda.published_meetings(participant), at=clock.now())
        response = Response(data, mimetype=files.ICS)
    response.set_etag(tag)
    return response


@bp.get(
    "/conferences/<int:conference_id>/timetables/<int:version_id>/participants.pdf",
    access=may(rules.organise_part, conference=Conference, version=TimetableVersion),
)
def print_participants(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    data = exports.participants_sheets(conference, version).pdf()
    return files.attachment(data, _("Timetables of the participants") + ".pdf", files.PDF)


@bp.get(
    "/conferences/<int:conference_id>/timetables/<int:version_id>/tables.pdf",
    access=may(rules.organise_part, conference=Conference, version=TimetableVersion),
)
def print_tables(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    data = exports.tables_sheets(conference, version).pdf()
    return files.attachment(data, _("Sheets of the tables") + ".pdf", files.PDF)
