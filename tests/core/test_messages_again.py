"""Messages that were stored are said to each reader in his language, whoever had started the work."""

from __future__ import annotations

import copy
import io
import json

import pytest

from core import clock, task_runner, tasks
from core.db import session, write
from core.errors import Conflict
from core.i18n import _, _l, force_locale, keep_message, ngettext, say_again
from core.tasks import Task

pytestmark = pytest.mark.one_database


def test_a_message_keeps_its_source_and_what_was_put_into_it_as_json(app):
    with force_locale("vi"):
        inner = _l("Revenue")
        said = [
            _("%(text)s is not a number.", text="nhiều"),
            ngettext("%(num)d fault has to be mended in the file. Then upload it again.",
                     "%(num)d faults have to be mended in the file. Then upload it again.", 3),
            _("This is no value for “%(name)s”.", name=inner),
            "chữ của người dùng",
        ]  # fmt: skip
        assert said[0] == "nhiều không phải là số." and copy.deepcopy(said[0]).sources == said[0].sources
        kept = json.loads(json.dumps([keep_message(message) for message in said]))
    with force_locale("en"):
        assert [say_again(one) for one in kept] == [
            "nhiều is not a number.", "3 faults have to be mended in the file. Then upload it again.",
            "This is no value for “Revenue”.", "chữ của người dùng",
        ]  # fmt: skip
    with force_locale("vi"):
        assert [say_again(one) for one in kept] == [str(message) for message in said]


@pytest.mark.parametrize("what", ["fails", "breaks", "ends"])
def test_the_outcome_of_long_work_is_told_in_the_language_of_its_reader(cast, browse, monkeypatch, what):
    def run(context):
        if what == "fails":
            raise Conflict(_("This list was imported already."))
        if what == "breaks":
            raise ZeroDivisionError
        return {"message": str(_("The list is imported."))}

    monkeypatch.setitem(tasks._handlers, "test.again", run)
    officer = cast.officer
    with write(), force_locale("vi"):
        key = tasks.start("test.again", by=officer, at=clock.now()).id
    task_runner.run_waiting()
    words = {
        "fails": ("This list was imported already.", "Danh sách này đã được nhập."),
        "breaks": ("The work failed on our side.", "Công việc không thành công do lỗi"),
        "ends": ("The list is imported.", "Đã nhập danh sách."),
    }[what]
    for language, expected in zip(("en", "vi"), words, strict=True):
        assert expected in browse(officer, language).get(f"/tasks/{key}").text
        told = browse(officer, language).get(f"/tasks/{key}/status").json
        assert expected in (told["error"] or told["message"])
    assert session.get(Task, key).finished_at


def test_the_faults_of_an_import_are_told_in_the_language_of_their_reader(cast, browse):
    data = "tax_code,name_vi,sector,kinds\n0090000019,Công ty Một,x,firm\n".encode()
    shown = browse(cast.officer, "vi").post("/organisations/import", data={"file": (io.BytesIO(data), "a.csv")})
    assert "không có trong danh mục" in browse(cast.officer, "vi").get(shown.location).text
    page = browse(cast.administrator, "en").get(shown.location).text
    assert "is not in the list" in page and "không có trong danh mục" not in page and ">Organisations<" in page
