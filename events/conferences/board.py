"""The timetable as a board of slots x tables: made, moved by hand, published, printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from accounts.access import me
from core import clock
from core.access import may
from core.db import write
from core.errors import UserError
from core.extensions import limiter
from core.i18n import _, ngettext, pick
from core.web import Blueprint
from events.conferences import (
    agenda,
    demands,
    exports,
    history,
    improving,
    moves,
    previews,
    queries,
    rules,
    timetable,
    wishing,
    wording,
)
from events.conferences.enums import Origin, Side, VersionState
from events.conferences.forms import PlaceForm, UndoForm
from events.conferences.models import Conference, Meeting, Participant, Slot, Table, TimetableVersion

bp = Blueprint("timetables", __name__)
ONE = may(rules.organise_part, conference=Conference, version=TimetableVersion)
PATH = "/conferences/<int:conference_id>/timetables/<int:version_id>"


@dataclass(frozen=True)
class Grid:
    """The board: a row for each slot, a column for each table, the meetings in each cell."""

    days: list[tuple[Any, list[Slot]]]
    tables: Sequence[Table]
    cells: dict[tuple[int, int], list[Meeting]]

    def at(self, slot: Slot, table: Table) -> list[Meeting]:
        return self.cells.get((slot.id, table.id), [])


@bp.post("/conferences/<int:conference_id>/timetables", access=may(rules.organise, conference=Conference))
def make(conference: Conference) -> ResponseReturnValue:
    with write():
        task = timetable.ask(conference, by=me(), at=clock.now())
    return redirect(url_for("tasks.show", task_id=task.id))


@bp.get("/conferences/<int:conference_id>/what-helps", access=may(rules.organise, conference=Conference))
@limiter.limit("20/minute")
def what_helps(conference: Conference) -> ResponseReturnValue:
    """What one more table, meeting time or interpreter would allow; changes nothing."""
    found = previews.additions(conference)
    return render_template(
        "conferences/what_helps.html",
        conference=conference,
        event=conference.event,
        advice=[(x.kind, previews.sentence(x, conference), x.gain.meetings) for x in found],
        draft=agenda.version_in(conference, VersionState.DRAFT),
    )


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
        before = improving.take(version, by=me(), at=clock.now())
    done = _("Version %(number)d is the draft now.", number=version.number)
    _offer_undo("timetables.take", before or version, {}, done)
    return redirect(_to_board(version))


@bp.post(f"{PATH}/copy", access=ONE)
def copy(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    with write():
        draft = moves.edit_copy(version, by=me(), at=clock.now())
    flash(_("This draft is a copy to work on. The published timetable stays as it is until you publish."), "info")
    return redirect(url_for("timetables.show", conference_id=conference.id, version_id=draft.id))


@bp.post(f"{PATH}/publish", access=ONE)
def publish(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    with write():
        told = timetable.publish(version, by=me(), at=clock.now())
    flash(
        _("The timetable is published.")
        + " "
        + ngettext("%(num)d person is told by mail.", "%(num)d people are told by mail.", told),
        "success",
    )
    return redirect(url_for("timetables.show", conference_id=conference.id, version_id=version.id))


@bp.post(f"{PATH}/discard", access=ONE)
def discard(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    with write():
        timetable.discard(version, by=me(), at=clock.now())
    flash(_("The draft is deleted."), "success")
    return redirect(url_for("conferences.show", conference_id=conference.id))


def _to_board(version: TimetableVersion, meeting: Meeting | None = None) -> str:
    """The address of the board, at a meeting if one is named."""
    anchor = f"m{meeting.id}" if meeting is not None else None
    return url_for("timetables.show", conference_id=version.conference_id, version_id=version.id, _anchor=anchor)


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
    meetings = agenda.meetings(version)
    people = queries.all_participants(conference)
    names = {p.id: str(pick(p.organisation, "name")) for p in people}
    held: dict[int, int] = defaultdict(int)
    for m in meetings:
        held[m.firm_id] += 1
        held[m.partner_id] += 1
    held_pairs = {(m.firm_id, m.partner_id) for m in meetings}
    before = history.met_before(conference, at=clock.now())
    reasons = wording.shortages(version, names)
    who = next((p for p in people if str(p.id) == request.args.get("who")), None)
    page = render_template(
        "conferences/board.html",
        conference=conference,
        event=conference.event,
        version=version,
        form=form,
        grid=_grid(conference, meetings),
        meetings=meetings,
        by_hand=any(m.origin is Origin.HAND for m in meetings) or len(meetings) != version.quality.get("meetings"),
        firms=[p for p in people if p.side is Side.FIRM],
        partners=[p for p in people if p.side is Side.PARTNER],
        names=names,
        short_names={key: wording.short_name(name) for key, name in names.items()},
        who=who,
        own=exports.appointments(who, meetings) if who is not None else [],
        without=[(p, reasons.get(p.id, "")) for p in people if not held[p.id]],
        short=[(p, missing, reasons.get(p.id, "")) for p, missing in _short(conference, people, held)],
        unmet=[
            (line, wording.unmet(line, names))
            for line in version.unmet
            if (line["firm"], line["partner"]) not in held_pairs
        ],
        met={m.id: before[_organisations(m)] for m in meetings if _organisations(m) in before},
        slot_name=wording.slot_name,
        has_draft=agenda.version_in(conference, VersionState.DRAFT) is not None,
    )
    return page, status


def _organisations(meeting: Meeting) -> tuple[int, int]:
    return meeting.firm.organisation_id, meeting.partner.organisation_id


def _grid(conference: Conference, meetings: Sequence[Meeting]) -> Grid:
    """Partners' own tables first: most meetings are there, and free ones need not be scrolled past."""
    cells: dict[tuple[int, int], list[Meeting]] = defaultdict(list)
    for m in meetings:
        cells[m.slot_id, m.table_id].append(m)
    days: dict[Any, list[Slot]] = defaultdict(list)
    for slot in conference.slots:
        days[slot.day].append(slot)
    tables = sorted(conference.tables, key=lambda t: (t.owner_id is None, t.position, t.id))
    return Grid(list(days.items()), tables, cells)


def _short(
    conference: Conference, people: Sequence[Participant], held: Mapping[int, int]
) -> list[tuple[Participant, int]]:
    """Who has fewer meetings than his minimum but some, and how many are missing."""
    found = []
    for p in people:
        missing = demands.reachable_minimum(conference, p) - held.get(p.id, 0)
        if missing > 0 and held.get(p.id, 0):
            found.append((p, missing))
    return found
