"""Photos of many organisations in a ZIP: matched by tax code, checked like any upload, all or none, once."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from PIL import Image
from sqlalchemy import func, select

from companies import photo_archive
from companies.photos import Photo
from core import files, task_runner
from core.db import session
from core.i18n import force_locale
from core.tasks import Task, message_for_reader

URL = "/organisations/import/photos"


def picture(colour="red", exif=False, form="JPEG"):
    out = io.BytesIO()
    data = Image.Exif()
    data[0x010E] = "zqgps"
    Image.new("RGB", (40, 30), colour).save(out, form, **({"exif": data} if exif else {}))
    return out.getvalue()


def archive(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in members.items():
            found.writestr(name, content)
    return out.getvalue()


def send(client, data, name="anh.zip"):
    answer = client.post(URL, data={"archive": (io.BytesIO(data), name)}, content_type="multipart/form-data")
    task_runner.run_waiting()
    return answer


def count():
    return session.scalar(select(func.count()).select_from(Photo))


def outcome():
    task = session.scalars(select(Task).order_by(Task.id.desc())).first()
    with force_locale("en"):
        return task.error or message_for_reader(task)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("0090000019.jpg", "0090000019"), ("0090000019-2.png", "0090000019"),
        ("anh/0090000019_xuong.jpg", "0090000019"),
        ("0090000019/xưởng.jpg", "0090000019"), ("..\\0090000019.jpg", "0090000019"), ("xuong.jpg", None),
        ("0090000018.jpg", None), ("12.jpg", None), ("", None),
    ],
)  # fmt: skip
def test_the_tax_code_is_read_from_the_name_or_the_folder(app, name, code):
    assert photo_archive.code_of(name) == code


def test_photos_go_to_their_organisations_once_and_without_what_cameras_add(cast, browse):
    """H27, H28"""
    client, firm, rival = browse(cast.officer, "en"), cast.firm, cast.rival
    members = {
        f"{firm.tax_code}.jpg": picture("red", exif=True),
        f"../../{firm.tax_code}-2.png": picture("blue", form="PNG"),
        f"{rival.tax_code}/Xưởng sản xuất.jpg": picture("green"), "__MACOSX/._x": b"x",
    }  # fmt: skip
    assert "/tasks/" in send(client, archive(**members)).location
    assert (count(), outcome()) == (3, "3 photos are added; 0 were there already.")
    owners = sorted(session.scalars(select(Photo.organisation_id)))
    assert owners == sorted([firm.id, firm.id, rival.id])
    assert all(b"zqgps" not in files.read(photo.file) for photo in session.scalars(select(Photo)))
    send(client, archive(**members))
    assert (count(), outcome()) == (3, "0 photos are added; 3 were there already.")


BAD = {
    "no picture (H25)": lambda code: {f"{code}.jpg": picture(), f"{code}-2.png": b"<html>"},
    "nobody's": lambda code: {f"{code}.jpg": picture(), "0090000040.jpg": picture()},
    "no code": lambda code: {"xuong.jpg": picture()},
    "too many pixels (H26)": lambda code: {f"{code}.png": giant()},
    "too many": lambda code: {f"{code}-{n}.jpg": b"x" for n in range(201)},
    "a bomb (H32)": lambda code: {f"{code}.jpg": b"0" * (200 * 2**20)},
    "an archive inside": lambda code: {f"{code}.jpg": archive(x=b"y")},
}


def giant():
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("what", BAD)
def test_one_photo_that_cannot_be_taken_keeps_all_of_them_out(cast, browse, what):
    data = archive(**BAD[what](cast.firm.tax_code))
    tracemalloc.start()
    send(browse(cast.officer), data)
    assert tracemalloc.get_traced_memory()[1] < 80 * 2**20
    tracemalloc.stop()
    assert count() == 0 and len(outcome()) > 20


@pytest.mark.parametrize(
    ("name", "data"), [("a.zip", b""), ("a.zip", archive()), ("a.zip", b"PNG"), ("a.rar", b"PK\x03\x04")]
)
def test_what_is_no_archive_is_refused_at_once(cast, browse, name, data):
    answer = send(browse(cast.officer), data, name)
    assert answer.status_code == 422 and 'role="alert"' in answer.text
