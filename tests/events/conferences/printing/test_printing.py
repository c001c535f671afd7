"""What is printed the day before: each document, and everything at once; text is text, whatever it holds."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from benchmarks.crowd import print_shop
from core import clock, erasure, files
from core.audit import AuditLine
from core.db import session, write
from core.documents import pdf
from core.files import StoredFile
from core.personal import Person
from core.task_runner import run_waiting
from core.tasks import Task, TaskState
from events.conferences import agenda, delegates, timetable
from events.conferences.enums import VersionState
from events.conferences.hall import operations as hall
from events.conferences.models import TimetableVersion
from events.conferences.printing import exports, models
from events.conferences.printing.models import PrintPack
from jobs import upkeep
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture


@pytest.fixture
def furnished(held, cast):  # noqa: F811
    with write():
        hall.save_room(held.conference, None, name="Hội trường #import A", width=20, depth=12, by=cast.officer,
                       at=clock.now())  # fmt: skip
        name = '#read("/etc/passwd") *Người* 山田'
        delegates.name(held.participant(held.firm), name, "Xuất khẩu", by=cast.firm_owner, at=clock.now())
    return held


@pytest.fixture
def drawn(monkeypatch):
    """The templates that are drawn from now on; nothing is really drawn."""
    seen = []

    def draw(template, _data, **_options):
        seen.append(template)
        return b"%PDF-"

    monkeypatch.setattr(pdf, "render", draw)
    return seen


def press(browser, small):
    """The button for everything; what came of it."""
    answer = browser.post(f"/conferences/{small.conference_id}/print")
    assert "/tasks/" in answer.location
    run_waiting()
    return session.get(Task, int(answer.location.rsplit("/", 1)[1]))


def archive_of(browser, small):
    answer = browser.get(f"/conferences/{small.conference_id}/print.zip")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.one_database
def test_everything_comes_in_one_archive_in_the_readers_language_whatever_people_typed(furnished, browse, cast):
    officer = browse(cast.officer, "en")
    task = press(officer, furnished)
    assert task.state is TaskState.DONE and task.result["url"] == f"/conferences/{furnished.conference_id}/print"
    made = archive_of(officer, furnished)
    assert next(iter(made)) == "1. Timetables of the participants.pdf" and len(made) == 6
    assert all(data.startswith(b"%PDF-") for data in made.values())
    assert "Download (ZIP)" in officer.get(task.result["url"]).text
    assert browse(cast.officer).get(f"/conferences/{furnished.conference_id}/print.zip").status_code == 404
    taken = session.scalars(select(AuditLine).where(AuditLine.act == "download")).one()
    assert taken.actor == f"user:{cast.officer.id}" and taken.detail == {"what": "print"}


@pytest.mark.one_database
def test_each_document_can_be_had_by_itself(furnished, browse, cast, drawn):
    officer = browse(cast.officer)
    for name in exports.PACKS:
        answer = officer.get(f"/conferences/{furnished.conference_id}/print/{name}.pdf")
        assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert len(drawn) == len(exports.PACKS)


def test_nothing_is_drawn_again_while_nothing_changed(furnished, browse, cast, drawn):
    officer, path = browse(cast.officer), f"/conferences/{furnished.conference_id}/print.zip"
    press(officer, furnished)
    first, before = officer.get(path).data, len(drawn)
    assert before == 6
    again = press(officer, furnished)
    assert len(drawn) == before and "message" in again.result and officer.get(path).data == first
    with write():
        delegates.name(furnished.participant(furnished.firm), "Trần Thị Mới", "", by=cast.firm_owner, at=clock.now())
    press(officer, furnished)
    assert len(drawn) == 2 * before
    assert len(session.scalars(select(StoredFile)).all()) == 1  # the file before is not kept


@pytest.fixture
def made(furnished, browse, cast, drawn):
    """The archive, made; where its file lies."""
    press(browse(cast.officer), furnished)
    return files.path_of(session.scalars(select(PrintPack)).one().file)


@pytest.mark.one_database
def test_the_archive_tells_of_a_newer_timetable_and_goes_with_its_file_when_its_time_is_over(
    furnished, browse, cast, made
):
    officer, page = browse(cast.officer), f"/conferences/{furnished.conference_id}/print"
    assert "note-warning" not in officer.get(page).text
    version = timetable.generate(furnished.conference_id, by=cast.officer).id
    with write():
        timetable.publish(session.get(TimetableVersion, version), by=cast.officer, at=clock.now())
    assert "note-warning" in officer.get(page).text
    os.utime(made, (0, 0))
    over = clock.now() + models.KEPT + timedelta(minutes=1)
    upkeep.purge(over - timedelta(minutes=2))
    assert made.is_file()
    with clock.frozen(over):
        assert browse(cast.officer).get(f"{page}.zip").status_code == 404
        upkeep.purge(over)
    assert session.scalars(select(PrintPack)).all() == session.scalars(select(StoredFile)).all() == []
    assert not made.exists()


@pytest.mark.one_database
def test_no_archive_outlives_the_deletion_of_a_person(furnished, cast, made):
    owner = cast.firm_owner
    prepared = erasure.prepare(Person(owner.id, owner.email, owner.name))
    with write():
        erasure.carry_out(prepared, by="test", at=clock.now())
    prepared.clean_up()
    assert session.scalars(select(PrintPack)).all() == [] and not made.exists()


@pytest.mark.one_database
def test_everybody_who_meets_has_one_sheet_with_each_meeting_at_its_table_and_time(furnished, made):
    """What goes to the printer against the rows of the published timetable, read without the site's own reads."""
    version = agenda.version_in(furnished.conference, VersionState.PUBLISHED)
    sheets, planned = print_shop.sheets_of(version.id), print_shop.planned(version.id)
    assert planned and print_shop.printed(sheets) == planned
    names = [sheet["name"] for sheet in sheets]
    assert sorted(names) == sorted({line[0] for line in planned})


def test_without_a_published_timetable_there_is_nothing_to_print(small, browse, cast):
    officer, path = browse(cast.officer), f"/conferences/{small.conference_id}"
    assert officer.get(f"{path}/print").status_code == 200
    assert officer.post(f"{path}/print").status_code == 409
    assert officer.get(f"{path}/print.zip").status_code == 404
    assert officer.get(f"{path}/print/badges.pdf").status_code == 404
    assert officer.get(f"{path}/print/nothing.pdf").status_code == 404
