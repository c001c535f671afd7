"""The timetable as a board of slots x tables: made, moved by hand, published, printed."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from accounts.access import me
from core import clock, tasks
from core.access import may
from core.db import get, row_key, write
from core.errors import UserError
from core.i18n import _, ngettext
from core.web import Blueprint
from events.conferences import (
    additions,
    agenda,
    drawing,
    exports,
    history,
    improving,
    moves,
    rules,
    setting_aside,
    timetable,
    wishing,
    wording,
)
from events.conferences.enums import Origin, VersionState
from events.conferences.forms import PlaceForm, UndoForm
from events.conferences.models import Conference, Meeting, Participant, TimetableVersion
from events.enums import RegistrationState

bp = Blueprint("timetables", __name__)
ONE = may(rules.organise_part, conference=Conference, version=TimetableVersion)
PATH = "/conferences/<int:conference_id>/timetables/<int:version_id>"


@bp.post("/conferences/<int:conference_id>/timetables", access=may(rules.organise, conference=Conference))
def make(conference: Conference) -> ResponseReturnValue:
    with write():
        task = timetable.ask(conference, by=me(), at=clock.now())
    return redirect(url_for("tasks.show", task_id=task.id))


@bp.get("/conferences/<int:conference_id>/what-helps", access=may(rules.organise, conference=Conference))
def what_helps(conference: Conference) -> ResponseReturnValue:
    """What one more table, meeting time or interpreter would allow, as far as it is worked out; changes nothing."""
    task = tasks.latest(additions.KIND, additions.key_of(conference))
    found = additions.found_by(task, conference) if task is not None else []
    return render_template(
        "conferences/what_helps.html",
        conference=conference,
        event=conference.event,
        task=task,
        stage=tasks.stage_for_reader(task) if task is not None else "",
        error=tasks.error_for_reader(task) if task is not None else None,
        advice=[additions.sentence(x, conference) for x in found],
        draft=agenda.version_in(conference, VersionState.DRAFT),
    )


@bp.post("/conferences/<int:conference_id>/what-helps", access=may(rules.organise, conference=Conference))
def look_for_help(conference: Conference) -> ResponseReturnValue:
    with write():
        additions.ask(conference, by=me(), at=clock.now())
    return redirect(url_for("timetables.what_helps", conference_id=conference.id))


@bp.get(PATH, access=ONE)
def show(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    return _page(conference, version, PlaceForm(formdata=None))


@bp.post(f"{PATH}/place", access=ONE)
def place(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    form = PlaceForm()
    if not form.validate_on_submit():
        return _page(conference, version, form, 422)
    where = moves.Place(form.slot.data, form.table.data)
    try:
        with write():
            meeting, before = moves.place(version, form.firm.data, form.partner.data, where, by=me(), at=clock.now())
    except UserError as err:
        form.blame(err)
        return _page(conference, version, form, err.status)
    done = _("The meeting is on the board and locked there.")
    _offer_undo("timetables.undo", version, _was(meeting.firm_id, meeting.partner_id, before), done)
    return redirect(_to_board(version, meeting))


@bp.post(f"{PATH}/undo", access=ONE)
def undo(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    """Put a meeting back where it was, or off the board where it was not on it."""
    form = UndoForm()
    if not form.validate_on_submit():
        flash(_("This cannot be undone any more."), "warning")
        return redirect(_to_board(version))
    firm, partner, meeting = form.firm.data, form.partner.data, None
    try:
        with write():
            if form.slot.data is None:
                moves.remove(moves.meeting_of(version, firm, partner), by=me(), at=clock.now())
            else:
                origin = Origin(form.origin.data)
                back = moves.Place(form.slot.data, form.table.data, bool(form.locked.data), origin)
                meeting, _before = moves.place(version, firm, partner, back, by=me(), at=clock.now())
    except UserError as err:
        flash(_("This cannot be undone any more.") + " " + err.message, "warning")
        return redirect(_to_board(version))
    flash(_("Undone: the meeting is as it was before."), "success")
    return redirect(_to_board(version, meeting))


@bp.get(
    f"{PATH}/meetings/<int:meeting_id>",
    access=may(rules.organise_part, conference=Conference, version=TimetableVersion, meeting=Meeting),
)
def meeting(conference: Conference, version: TimetableVersion, meeting: Meeting) -> ResponseReturnValue:
    """One meeting: where it can go, lock, remove."""
    options = moves.options(version, meeting) if version.state is VersionState.DRAFT else []
    return render_template(
        "conferences/meeting.html",
        conference=conference,
        event=conference.event,
        version=version,
        meeting=meeting,
        options=options,
        said=(wishing.wish_of(meeting.firm, meeting.partner), wishing.wish_of(meeting.partner, meeting.firm)),
        met=history.met_before(conference, at=clock.now()).get(_organisations(meeting)),
        slots={s.id: wording.slot_name(s) for s in conference.slots},
        tables={t.id: t.label for t in conference.tables},
        slot_name=wording.slot_name,
    )


@bp.post(
    f"{PATH}/meetings/<int:meeting_id>/lock",
    access=may(rules.organise_part, conference=Conference, version=TimetableVersion, meeting=Meeting),
)
def lock(conference: Conference, version: TimetableVersion, meeting: Meeting) -> ResponseReturnValue:
    locked = request.form.get("locked") == "1"
    with write():
        moves.set_lock(meeting, locked, by=me(), at=clock.now())
    flash(_("The meeting is locked.") if locked else _("The meeting is not locked any more."), "success")
    return redirect(_to_board(version, meeting))


@bp.post(
    f"{PATH}/meetings/<int:meeting_id>/remove",
    access=may(rules.organise_part, conference=Conference, version=TimetableVersion, meeting=Meeting),
)
def remove(conference: Conference, version: TimetableVersion, meeting: Meeting) -> ResponseReturnValue:
    firm, partner, before = meeting.firm_id, meeting.partner_id, moves.Place.of(meeting)
    with write():
        moves.remove(meeting, by=me(), at=clock.now())
    _offer_undo("timetables.undo", version, _was(firm, partner, before), _("The meeting is off the board."))
    return redirect(_to_board(version))


@bp.post(f"{PATH}/improve", access=ONE)
def improve(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    """Improve the rest of a draft; what would change is shown before anything is taken."""
    with write():
        task = improving.ask(version, by=me(), at=clock.now())
    return redirect(url_for("tasks.show", task_id=task.id))


@bp.post(f"{PATH}/take", access=ONE)
def take(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    """Take a version that was set aside in place of the draft; the button that comes back takes that one again."""
    with write():
        before = setting_aside.take(version, by=me(), at=clock.now())
    done = _("Version %(number)d is the draft now.", number=version.number)
    if before is None:
        flash(done, "success")
    else:
        _offer_undo("timetables.take", before, {}, done)
    return redirect(_to_board(version))


@bp.post(f"{PATH}/copy", access=ONE)
def copy(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    with write():
        draft = moves.edit_copy(version, by=me(), at=clock.now())
    flash(_("This draft is a copy to work on. The published timetable stays as it is until you publish."), "info")
    return redirect(url_for("timetables.show", conference_id=conference.id, version_id=draft.id))


@bp.post(f"{PATH}/publish", access=ONE)
def publish(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    try:
        with write():
            told = timetable.publish(version, by=me(), at=clock.now())
    except UserError as err:
        return _page(conference, version, PlaceForm(formdata=None).blame(err), err.status)
    flash(
        _("The timetable is published.")
        + " "
        + ngettext("%(num)d person is told by mail.", "%(num)d people are told by mail.", told),
        "success",
    )
    return redirect(url_for("timetables.show", conference_id=conference.id, version_id=version.id))


@bp.post(f"{PATH}/discard", access=ONE)
def discard(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    """Put a draft aside, beside a button that takes it back; delete one that is set aside already."""
    on_the_day = version.frozen_until is not None
    with write():
        kept = setting_aside.discard(version, by=me(), at=clock.now())
    if kept:
        _offer_undo("timetables.take", version, {}, _("The draft is discarded."))
    else:
        flash(_("The version is deleted."), "success")
    return redirect(url_for("day.show" if on_the_day else "conferences.show", conference_id=conference.id))


def _to_board(version: TimetableVersion, meeting: Meeting | None = None) -> str:
    """The address of the board, at a meeting if one is named."""
    here: dict[str, Any] = {"conference_id": version.conference_id, "version_id": version.id}
    if meeting is None:
        return url_for("timetables.show", **here)
    part = drawing.part_of(version.conference, meeting.table_id)
    return url_for("timetables.show", **here, tables=part if part > 1 else None, _anchor=f"m{meeting.id}")


def _was(firm: int, partner: int, before: moves.Place | None) -> dict[str, int | str]:
    """What an undo needs to put a meeting back."""
    was: dict[str, int | str] = {"firm": firm, "partner": partner}
    if before is not None:
        was |= {"slot": before.slot_id, "table": before.table_id or "", "locked": int(before.locked)}
        was |= {"origin": before.origin.value}
    return was


def _offer_undo(endpoint: str, version: TimetableVersion, was: dict[str, int | str], done: str) -> None:
    """Say what was done, beside a button that takes it back: the button carries what the undo needs."""
    to = url_for(endpoint, conference_id=version.conference_id, version_id=version.id)
    flash(Markup(render_template("conferences/_undo.html", to=to, done=done, was=was)), "success")  # noqa: S704


def _page(
    conference: Conference, version: TimetableVersion, form: PlaceForm, status: int = 200
) -> ResponseReturnValue:
    who = _named(conference)
    own = exports.appointments(who, agenda.meetings_of(version, who)) if who is not None else []
    part = row_key(request.args.get("tables"))
    if not part and own:
        part = drawing.part_of(conference, own[0].meeting.table_id)
    met = history.met_before(conference, at=clock.now(), of=[who.organisation_id]) if who is not None else {}
    page = render_template(
        "conferences/board.html",
        conference=conference,
        event=conference.event,
        version=version,
        form=form,
        board=drawing.draw(conference, version, part=part, all_unmet=request.args.get("unmet") == "all"),
        who=who,
        own=own,
        met={a.meeting.id: met.get(_organisations(a.meeting)) for a in own},
        slot_name=wording.slot_name,
        has_draft=agenda.version_in(conference, VersionState.DRAFT) is not None,
    )
    return page, status


def _named(conference: Conference) -> Participant | None:
    """The participant whose meetings are asked for."""
    found = get(Participant, row_key(request.args.get("who")))
    if found is None or found.conference_id != conference.id:
        return None
    return found if found.registration.state is RegistrationState.CONFIRMED else None


def _organisations(meeting: Meeting) -> tuple[int, int]:
    return meeting.firm.organisation_id, meeting.partner.organisation_id
