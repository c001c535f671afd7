"""What is printed the day before: each pack, and everything at once; text is text, whatever it holds."""

from __future__ import annotations

import io
import zipfile

import pytest

from benchmarks.crowd import print_shop
from core import clock
from core.db import write
from events.conferences import agenda, delegates
from events.conferences.enums import VersionState
from events.conferences.hall import operations as hall
from tests.events.conferences.outcomes.conftest import held  # noqa: F401 - a fixture

PACKS = ("rooms", "door", "signs", "badges")


@pytest.fixture
def furnished(held, cast):  # noqa: F811
    with write():
        hall.save_room(held.conference, None, name="Hội trường #import A", width=20, depth=12, by=cast.officer,
                       at=clock.now())  # fmt: skip
        name = '#read("/etc/passwd") *Người* 山田'
        delegates.name(held.participant(held.firm), name, "Xuất khẩu", by=cast.firm_owner, at=clock.now())
    return held


@pytest.mark.one_database
@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_is_a_pdf_whatever_people_typed(furnished, browse, cast, pack):
    answer = browse(cast.officer).get(f"/conferences/{furnished.conference_id}/print/{pack}.pdf")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")


@pytest.mark.one_database
def test_everything_comes_in_one_archive_in_the_readers_language(furnished, browse, cast):
    answer = browse(cast.officer, "en").get(f"/conferences/{furnished.conference_id}/print.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = archive.namelist()
        assert names[0] == "1. Timetables of the participants.pdf" and len(names) == 6
        assert all(archive.read(name).startswith(b"%PDF-") for name in names)


@pytest.mark.one_database
def test_everybody_who_meets_has_one_sheet_with_each_meeting_at_its_table_and_time(furnished, browse, cast):
    """What goes to the printer against the rows of the published timetable, read without the site's own reads."""
    version = agenda.version_in(furnished.conference, VersionState.PUBLISHED)
    with print_shop.watched() as drawn:
        assert print_shop.everything(browse(cast.officer), furnished.conference_id)
    sheets = drawn["meetings.typ"]["sheets"]
    planned = print_shop.planned(version.id)
    assert planned and print_shop.printed(sheets) == planned
    names = [sheet["name"] for sheet in sheets]
    assert sorted(names) == sorted({line[0] for line in planned})


def test_without_a_published_timetable_there_is_nothing_to_print(small, browse, cast):
    officer, path = browse(cast.officer), f"/conferences/{small.conference_id}"
    assert officer.get(f"{path}/print").status_code == 200
    assert officer.get(f"{path}/print/badges.pdf").status_code == 404
    assert officer.get(f"{path}/print/nothing.pdf").status_code == 404
