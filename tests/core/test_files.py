"""Uploads are what their content says, lie under random keys, and go out as downloads only."""

from __future__ import annotations

import io
import os
import unicodedata
from datetime import timedelta

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.http import parse_options_header

from core import clock, files, pictures
from core.db import session, write
from core.documents import xlsx
from core.documents.tables import Table
from core.errors import Invalid, Unavailable
from core.files import Kind
from tests.conftest import NOON

PDF = b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><foreignObject/></svg>'


def upload(data, name):
    return FileStorage(io.BytesIO(data), filename=name)


def store(data, name, kind=Kind.DOCUMENT):
    received = files.receive(upload(data, name), kind=kind)
    with write():
        return files.keep(received, by=None, at=clock.now())


def picture(ending="PNG", size=(40, 30), mode="RGB", **more):
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode != "P" else 1).save(out, ending, **more)
    return out.getvalue()


def spreadsheet():
    return xlsx.write([Table("x", ["a"], [["b"]])])


def test_a_file_is_stored_under_a_random_key_and_comes_back_as_it_was(app):
    stored = store(PDF, "Đơn đăng ký.pdf")
    path = files.path_of(stored)
    assert path.name == stored.key and len(stored.key) == 32 and "on" not in path.suffix
    assert files.read(stored) == PDF == path.read_bytes()
    assert (stored.name, stored.media_type, stored.size) == ("Đơn đăng ký.pdf", "application/pdf", len(PDF))
    assert files.missing() == []


@pytest.mark.parametrize(
    "given, shown",
    [
        ("Đơn đăng ký.pdf", "Đơn đăng ký.pdf"),
        ("Đ.pdf", "Đ.pdf"),
        (unicodedata.normalize("NFD", "Đơn đăng ký.pdf"), "Đơn đăng ký.pdf"),
        ("../../x.pdf", "x.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("/etc/passwd", "passwd"),
        ("C:\\fakepath\\a.pdf", "a.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("\u202efdp.exe\u200b.pdf", "fdp.exe.pdf"),
        ("CON.txt", "CON.txt"),
        ("", "file"),
        ("...", "file"),
        (".pdf", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_shown_without_paths_and_tricks(given, shown):
    assert files.shown_name(given) == shown


@pytest.mark.parametrize("name", ["Đơn đăng ký.pdf", 'a"b;c.pdf', "株式会社.pdf", "x%0d%0aSet-Cookie: a.pdf"])
def test_downloads_keep_their_name_and_are_never_shown_in_place(app, name):
    response = files.attachment(PDF, name, files.PDF)
    disposition = response.headers["Content-Disposition"]
    kind, options = parse_options_header(disposition)
    assert (kind, options["filename"]) == ("attachment", name)
    assert disposition.isascii() and "\n" not in disposition
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Content-Type"] == "application/pdf"


def test_a_download_through_the_site_keeps_its_own_policy(app):
    with app.test_request_context("/"):
        response = app.process_response(files.send(store(PDF, "a.pdf")))
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert files.attachment(b"a", "a.csv", files.CSV).headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    "data, name, kind",
    [
        (SVG, "logo.svg", Kind.PICTURE),
        (SVG, "logo.png", Kind.PICTURE),
        (b"<html><script>alert(1)</script>", "logo.png", Kind.PICTURE),
        (b"<html>", "a.pdf", Kind.PDF),
        (b"%PDF-1.7 cut off", "a.pdf", Kind.PDF),
        (PDF, "a.png", Kind.DOCUMENT),
        (PDF, "a.xlsx", Kind.SPREADSHEET),
        (b"PK\x03\x04", "a.docx", Kind.DOCUMENT),
        (b"MZ\x90", "a.exe", Kind.DOCUMENT),
        (b"MZ\x90", "a.xlsm", Kind.SPREADSHEET),
        (PDF, "a.pdf", Kind.SPREADSHEET),
        (PDF, "a", Kind.PDF),
        (b"", "a.pdf", Kind.PDF),
        (b"%PDF-" + b"x" * (15 * 2**20), "a.pdf", Kind.PDF),
        (picture()[:60], "a.png", Kind.PICTURE),
        (b"\x80\x04\x95pickle", "model.csv", Kind.SPREADSHEET),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_and_nothing_stored(app, data, name, kind):
    with pytest.raises(Invalid) as err:
        files.receive(upload(data, name), kind=kind, field="paper")
    assert err.value.field == "paper" and str(err.value)
    assert list(files.folder().glob("*/*")) == []


def test_a_spreadsheet_that_is_no_letter_is_refused_as_one(app):
    with pytest.raises(Invalid):
        files.receive(upload(spreadsheet(), "a.docx"), kind=Kind.DOCUMENT)
    assert store(spreadsheet(), "a.xlsx", Kind.SPREADSHEET).media_type == files.XLSX
    assert store("Tên,Số\nĐỗ,1\n".encode(), "a.csv", Kind.SPREADSHEET).media_type == files.CSV


def test_a_picture_is_written_anew_without_place_and_owner(app):
    exif = Image.Exif()
    exif[0x9286], exif[0x8825] = "comment", {1: "N", 2: (21.0, 1.0, 42.0)}
    exif[0x0112] = 6  # turned by the phone
    stored = store(picture("JPEG", (40, 30), exif=exif, comment=b"secret"), "Ảnh.JPEG", Kind.PICTURE)
    with Image.open(io.BytesIO(files.read(stored))) as seen:
        assert (seen.size, len(seen.getexif())) == ((30, 40), 0)
    assert b"secret" not in files.read(stored) and stored.name == "Ảnh.jpg"


def test_a_picture_that_is_also_a_page_loses_the_page(app):
    both = picture("PNG") + b"<html><script>alert(1)</script></html>"
    stored = store(both, "a.png", Kind.PICTURE)
    assert b"script" not in files.read(stored)
    response = files.picture(stored)
    assert response.headers["Content-Type"] == "image/jpeg" and "Content-Disposition" not in response.headers


@pytest.mark.parametrize("ending, mode, out", [("PNG", "RGBA", "png"), ("WEBP", "RGB", "jpg"), ("GIF", "P", "jpg")])
def test_pictures_of_each_kind_come_out_as_png_or_jpeg(app, ending, mode, out):
    assert store(picture(ending, mode=mode), f"a.{ending}", Kind.PICTURE).name == f"a.{out}"


def test_only_the_first_of_ten_thousand_frames_is_decoded(app):
    frames = [Image.new("P", (2, 2), i % 2) for i in range(300)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=1, optimize=False)
    assert store(out.getvalue(), "a.gif", Kind.PICTURE).size < 2_000


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(app):
    with pytest.raises(Invalid, match="25"):
        pictures.reencode(picture("PNG", (50_000, 600), "1"))
    huge = bytearray(picture("PNG"))
    huge[16:24] = (50_000).to_bytes(4, "big") * 2
    with pytest.raises(Invalid):
        pictures.reencode(bytes(huge))


def test_a_large_picture_is_made_smaller(app):
    data, _type = pictures.reencode(picture("JPEG", (4_000, 1_000)))
    with Image.open(io.BytesIO(data)) as seen:
        assert seen.size == (2_000, 500)


def test_a_file_that_was_changed_on_the_disk_or_lost_is_not_sent(app):
    stored = store(PDF, "a.pdf")
    files.path_of(stored).write_bytes(PDF.replace(b"alert", b"other"))
    with pytest.raises(Unavailable):
        files.send(stored)
    files.path_of(stored).unlink()
    with pytest.raises(Unavailable):
        files.read(stored)
    assert files.missing() == [stored]


def test_a_full_disk_leaves_no_half_file_and_no_row(app, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.disk.os.fsync", full)
    with pytest.raises(Unavailable):
        store(PDF, "a.pdf")
    assert [p for p in files.folder().rglob("*") if p.is_file()] == []
    monkeypatch.undo()
    assert files.read(store(PDF, "a.pdf")) == PDF


def test_files_without_a_row_are_purged_after_a_day_and_those_with_one_never(app):
    kept, orphan = store(PDF, "a.pdf"), files.receive(upload(PDF, "b.pdf"), kind=Kind.PDF)
    removed = store(PDF, "c.pdf")
    with write():
        files.remove(session.get(files.StoredFile, removed.id))
    paths = {name: files.folder() / key[:2] / key for name, key in (("kept", kept.key), ("orphan", orphan.key))}
    for path in files.folder().glob("*/*"):
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    assert files.purge(at=NOON + timedelta(hours=23)) == 0
    assert files.purge(at=NOON + timedelta(hours=25)) == 2
    assert paths["kept"].exists() and not paths["orphan"].exists()
