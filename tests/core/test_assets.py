"""Files of ours have an address that says what is in them, and are kept under it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import url_for

from core import assets

KEPT = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "site.js").write_text("import './closes.js'")
    (tmp_path / "js" / "closes.js").write_text("1")
    return tmp_path / "js"


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "LOOK_AGAIN", -1.0)


def test_every_file_that_a_page_names_is_kept_for_a_year_and_asks_nobody_who_he_is(browse, cast, queries):
    client = browse(cast.officer)
    page = client.get("/account").text
    queries.clear()
    named = re.findall(r'(?:href|src)="(/(?:static|bootstrap)/[^"]+)"', page)
    assert len(named) > 5 and any("bootstrap.min.css" in path for path in named)
    for path in named:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, KEPT), path
        assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")
    assert queries == []


def test_scripts_import_each_other_under_the_same_mark(app, client):
    with app.test_request_context():
        path = url_for("static", filename="js/site.js")
    imported = re.findall(r'from "\./([\w.-]+)"', client.get(path).text)
    assert imported
    for name in imported:
        assert client.get(f"{path.rpartition('/')[0]}/{name}").headers["Cache-Control"] == KEPT


@pytest.mark.parametrize("path", ["/static/css/site.css", "/static/v-0123456789abcdef/css/site.css"])
def test_under_an_address_without_the_right_mark_the_present_file_is_served_and_not_kept(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "path", ["/static/v-x/css/none.css", "/static/v-x/none/none.css", "/static/v-x/../../app.py", "/static/v-x/css"]
)
def test_what_is_no_file_of_ours_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_another_content_of_any_file_of_the_folder_is_another_mark(folder, monkeypatch):
    first = assets.mark_of(folder)
    (folder / "closes.js").write_text("22")
    assert assets.mark_of(folder) == first  # not looked at again within a moment
    later(monkeypatch)
    second = assets.mark_of(folder)
    (folder / "closes.js").rename(folder / "shuts.js")
    assert len({first, second, assets.mark_of(folder)}) == 3


def test_two_processes_with_the_same_files_give_the_same_mark(folder, monkeypatch):
    later(monkeypatch)
    first = assets.mark_of(folder)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes())  # another time of change
    assert assets.mark_of(folder) == first


def test_files_are_read_again_only_when_they_changed(folder, monkeypatch):
    assets.mark_of(folder)
    later(monkeypatch)
    monkeypatch.setattr(assets, "_hash", lambda *_: pytest.fail("read again"))
    assets.mark_of(folder)
