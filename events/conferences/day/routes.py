"""Pages of the day: the organiser's board of what happens, the changes to publish, and the screen in the hall."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from accounts.access import me
from core import clock, files
from core.access import may
from core.db import get, row_key, session, write
from core.errors import UserError
from core.i18n import LANGUAGES, _, force_locale, language, ngettext
from core.web import Blueprint
from events.conferences import agenda, exports, queries, replanning, wording
from events.conferences import rules as conference_rules
from events.conferences.comparing import CHANGE_LABELS, between, concerned
from events.conferences.day import door, operations, rules
from events.conferences.day import queries as day_queries
from events.conferences.day.enums import TROUBLE_LABELS, Trouble
from events.conferences.day.forms import TroubleForm
from events.conferences.day.models import TroubleRow
from events.conferences.day.queries import Expected, Guest
from events.conferences.enums import VersionState
from events.conferences.models import Conference, Participant, Table, TimetableVersion
from events.conferences.notices import people_of
from events.enums import RegistrationState

bp = Blueprint("day", __name__)
PATH = "/conferences/<int:conference_id>"
ORGANISES = may(conference_rules.organise, conference=Conference)
VERSION = may(conference_rules.organise_part, conference=Conference, version=TimetableVersion)


def init_app(app: Flask) -> None:
    """Register the pages and the words that templates use."""
    app.register_blueprint(bp)
    app.register_blueprint(door.bp)
    app.jinja_env.globals.update(
        trouble_labels=TROUBLE_LABELS,
        change_labels=CHANGE_LABELS,
        new_key=lambda: secrets.token_urlsafe(16),  # of one tap: sent twice, it counts once
    )


@bp.get(f"{PATH}/day", access=ORGANISES)
def show(conference: Conference) -> ResponseReturnValue:
    return _page(conference, TroubleForm(formdata=None))


def _page(conference: Conference, form: TroubleForm, status: int = 200) -> ResponseReturnValue:
    at = clock.now()
    times = operations.times_of(conference)
    now, following = rules.now_and_next(times, at=at)
    going_on = rules.on_now(times, at=at)
    published = agenda.version_in(conference, VersionState.PUBLISHED)
    draft = agenda.version_in(conference, VersionState.DRAFT)
    latest = day_queries.latest_trouble(conference)
    made = max((v.made_at for v in (published, draft) if v is not None), default=None)
    everybody, longer = day_queries.guests(conference, everybody=True), day_queries.longer(conference)
    shown = rules.times_shown(times, going_on, following, longer=max(longer.values(), default=0))
    meetings = day_queries.expected(published, shown, everybody) if published is not None else []
    running = day_queries.running(meetings, times, going_on, longer)
    coming = [m for m in meetings if following is not None and m.slot_id == following.id]
    soon = following is not None and following.begins_at - at <= rules.MISSED_BEFORE
    troubles = day_queries.troubles(conference)
    page = render_template(
        "day/show.html",
        conference=conference,
        event=conference.event,
        guests=[guest for guest in everybody if guest.state is RegistrationState.CONFIRMED],
        now=now,
        following=following,
        going_on=going_on,
        running=running,
        longer=longer,
        coming=coming,
        missing=_missing([*running, *(coming if soon else ())], troubles),
        troubles=troubles,
        outdated=latest is not None and (made is None or latest > made),
        published=published,
        draft=draft,
        form=form,
        slot_name=wording.slot_name,
        slots=[s for s in conference.slots if s.begins_at > at],
    )
    return page, status


def _missing(meetings: Sequence[Expected], troubles: Sequence[TroubleRow]) -> list[Guest]:
    """Who is expected in these and not there, in the order of the meetings; whom somebody reported is left out."""
    gone = {row.participant_id for row in troubles if row.kind in (Trouble.ABSENT, Trouble.LEFT)}
    seats = {guest.id: guest for m in meetings for guest in (m.firm, m.partner)}
    return [guest for guest in seats.values() if not guest.there and guest.id not in gone]


@bp.post(f"{PATH}/day/troubles", access=ORGANISES)
def report(conference: Conference) -> ResponseReturnValue:
    form, status = TroubleForm(), 422
    if form.validate_on_submit():
        try:
            with write():
                operations.report(conference, form.kind.data, **_rows(conference, form), by=me(), at=clock.now())
            if request.form.get("from") == "now":  # the page itself shows it
                return redirect(url_for("live.show", conference_id=conference.id))
            flash(_("It is noted. Plan the rest anew when everything is reported."), "success")
            return redirect(url_for("day.show", conference_id=conference.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return _page(conference, form, status)


def _rows(conference: Conference, form: TroubleForm) -> dict[str, Any]:
    """The rows that the form names, of this conference alone."""
    found: dict[str, Any] = {"until": form.until.data}
    for name, model in (("participant", Participant), ("other", Participant), ("table", Table)):
        row: Any = get(model, form[name].data or 0)
        found[name] = row if row is not None and row.conference_id == conference.id else None
    return found


@bp.post(
    f"{PATH}/day/troubles/<int:trouble_id>/take-back",
    access=may(conference_rules.organise_part, conference=Conference, trouble=TroubleRow),
)
def take_back(conference: Conference, trouble: TroubleRow) -> ResponseReturnValue:
    with write():
        operations.take_back(trouble, by=me(), at=clock.now())
    flash(_("It is taken back."), "success")
    return redirect(url_for("day.show", conference_id=conference.id))


@bp.post(f"{PATH}/day/replan", access=ORGANISES)
def replan(conference: Conference) -> ResponseReturnValue:
    """Plan the rest anew; or fill free times only, so that nobody's announced meeting moves."""
    with write():
        only_free = request.form.get("only_free") == "1"
        task = replanning.ask(conference, by=me(), at=clock.now(), only_free=only_free)
    return redirect(url_for("tasks.show", task_id=task.id))


# --- what changes, for whom ------------------------------------------------------------------------------------


@bp.get(f"{PATH}/timetables/<int:version_id>/changes", access=VERSION)
def show_changes(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    """What differs from the published timetable, or from the version that is named."""
    other = _compared(conference, version)
    found = between(other, version) if other is not None else []
    affected = concerned(found)
    people = queries.participants_by_id(affected)
    return render_template(
        "day/changes.html",
        conference=conference,
        event=conference.event,
        version=version,
        other=other,
        versions=[v for v in agenda.versions(conference) if v.id != version.id],
        changes=found,
        numbers={v.id: len(agenda.pairs(v)) for v in (version, other) if v is not None},
        loosened=[c for c in found if c.before is not None and c.before.locked],
        people=[(p, [c for c in found if p.id in c.pair]) for p in people],
        reached={participant.id for participant, _user in people_of(affected)},
        sentence=operations.sentence,
        slot_name=wording.slot_name,
    )


def _compared(conference: Conference, version: TimetableVersion) -> TimetableVersion | None:
    if key := row_key(request.args.get("with")):
        return session.scalars(
            select(TimetableVersion).where(
                TimetableVersion.id == key, TimetableVersion.conference_id == conference.id
            )
        ).one_or_none()
    stands = agenda.version_in(conference, VersionState.DRAFT if version.set_aside else VersionState.PUBLISHED)
    if stands is not None and stands.id != version.id:
        return stands
    return next((v for v in agenda.versions(conference) if v.number < version.number), None)


@bp.post(f"{PATH}/timetables/<int:version_id>/changes/publish", access=VERSION)
def publish(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    with write():
        told = operations.publish(version, by=me(), at=clock.now())
    flash(
        _("The new plan holds.") + " " + ngettext("%(num)d person is told.", "%(num)d people are told.", told),
        "success",
    )
    return redirect(url_for("day.show", conference_id=conference.id))


@bp.get(f"{PATH}/timetables/<int:version_id>/changes.pdf", access=VERSION)
def reprint(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    """The sheets of those affected, to be printed anew."""
    other = _compared(conference, version)
    found = between(other, version) if other is not None else []
    data = exports.participants_sheets(conference, version, only=concerned(found)).pdf()
    return files.attachment(data, _("Changed timetables") + ".pdf", files.PDF)


# --- the hall --------------------------------------------------------------------------------------------------


@bp.get(f"{PATH}/screen", access=may(rules.keep_the_door, conference=Conference))
def screen(conference: Conference) -> ResponseReturnValue:
    """A countdown for the wall, in both languages: no names of participants, only times."""
    times = operations.times_of(conference)
    now, following = rules.now_and_next(times, at=clock.now())
    own = language()
    return render_template(
        "day/screen.html",
        own=_wall_words(own),
        also=_wall_words(next(code for code in LANGUAGES if code != own)),
        conference=conference,
        event=conference.event,
        now=now,
        following=following,
        far=following is not None and clock.local(following.begins_at).date() != clock.today(),
        times=[(t.begins_at.timestamp(), t.ends_at.timestamp()) for t in times],
        server_time=clock.now().timestamp(),
    )


def _wall_words(code: str) -> dict[str, str]:
    """What stands over the countdown, in that language."""
    with force_locale(code):
        return {
            "running": _("This meeting ends in"),
            "next": _("The next meeting begins in"),
            "over": _("All meetings are over. Thank you!"),
        }
