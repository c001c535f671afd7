"""The timetable as a board of slots x tables: made, moved by hand, published, printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.routes import me
from core import clock
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _, ngettext, pick
from core.web import Blueprint
from events.conferences import queries, rules, timetable, wording
from events.conferences.enums import Side, VersionState
from events.conferences.forms import PlaceForm
from events.conferences.models import Conference, Meeting, Slot, Table, TimetableVersion

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


@bp.get(PATH, access=ONE)
def show(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    return _page(conference, version, PlaceForm(formdata=None))


@bp.post(f"{PATH}/place", access=ONE)
def place(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    form = PlaceForm()
    if not form.validate_on_submit():
        return _page(conference, version, form, 422)
    try:
        with write():
            timetable.place(
                version,
                form.firm.data,
                form.partner.data,
                form.slot.data,
                form.table.data,
                by=me(),
                at=clock.now(),
            )
    except UserError as err:
        form.blame(err)
        return _page(conference, version, form, err.status)
    flash(_("The meeting is on the board and locked there."), "success")
    return redirect(url_for("timetables.show", conference_id=conference.id, version_id=version.id))


@bp.get(
    f"{PATH}/meetings/<int:meeting_id>",
    access=may(rules.organise_part, conference=Conference, version=TimetableVersion, meeting=Meeting),
)
def meeting(conference: Conference, version: TimetableVersion, meeting: Meeting) -> ResponseReturnValue:
    """One meeting: where it can go, lock, remove."""
    options = timetable.options(version, meeting) if version.state is VersionState.DRAFT else []
    return render_template(
        "conferences/meeting.html",
        conference=conference,
        event=conference.event,
        version=version,
        meeting=meeting,
        options=options,
        slot_name=wording.slot_name,
        form=PlaceForm(formdata=None),
    )


@bp.post(
    f"{PATH}/meetings/<int:meeting_id>/lock",
    access=may(rules.organise_part, conference=Conference, version=TimetableVersion, meeting=Meeting),
)
def lock(conference: Conference, version: TimetableVersion, meeting: Meeting) -> ResponseReturnValue:
    locked = request.form.get("locked") == "1"
    with write():
        timetable.set_lock(meeting, locked, by=me(), at=clock.now())
    flash(_("The meeting is locked.") if locked else _("The meeting is not locked any more."), "success")
    return redirect(url_for("timetables.show", conference_id=conference.id, version_id=version.id))


@bp.post(
    f"{PATH}/meetings/<int:meeting_id>/remove",
    access=may(rules.organise_part, conference=Conference, version=TimetableVersion, meeting=Meeting),
)
def remove(conference: Conference, version: TimetableVersion, meeting: Meeting) -> ResponseReturnValue:
    with write():
        timetable.remove(meeting, by=me(), at=clock.now())
    flash(_("The meeting is off the board."), "success")
    return redirect(url_for("timetables.show", conference_id=conference.id, version_id=version.id))


@bp.post(f"{PATH}/copy", access=ONE)
def copy(conference: Conference, version: TimetableVersion) -> ResponseReturnValue:
    with write():
        draft = timetable.edit_copy(version, by=me(), at=clock.now())
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


def _page(
    conference: Conference, version: TimetableVersion, form: PlaceForm, status: int = 200
) -> ResponseReturnValue:
    meetings = queries.meetings(version)
    people = queries.all_participants(conference)
    names = {p.id: str(pick(p.organisation, "name")) for p in people}
    held: dict[int, int] = defaultdict(int)
    for m in meetings:
        held[m.firm_id] += 1
        held[m.partner_id] += 1
    page = render_template(
        "conferences/board.html",
        conference=conference,
        event=conference.event,
        version=version,
        form=form,
        grid=_grid(conference, meetings),
        meetings=meetings,
        firms=[p for p in people if p.side is Side.FIRM],
        partners=[p for p in people if p.side is Side.PARTNER],
        names=names,
        without=[p for p in people if not held[p.id]],
        short=_short(version, names),
        unmet=[(line, wording.unmet(line, names)) for line in version.unmet],
        slot_name=wording.slot_name,
        has_draft=queries.version_in(conference, VersionState.DRAFT) is not None,
    )
    return page, status


def _grid(conference: Conference, meetings: Sequence[Meeting]) -> Grid:
    cells: dict[tuple[int, int], list[Meeting]] = defaultdict(list)
    for m in meetings:
        cells[m.slot_id, m.table_id].append(m)
    days: dict[Any, list[Slot]] = defaultdict(list)
    for slot in conference.slots:
        days[slot.day].append(slot)
    return Grid(list(days.items()), conference.tables, cells)


def _short(version: TimetableVersion, names: dict[int, str]) -> list[tuple[str, int]]:
    """Who has fewer meetings than his minimum, and how many are missing."""
    missing = version.quality.get("under_minimum", {})
    return [(names[int(key)], number) for key, number in missing.items() if int(key) in names]
