"""Photos of organisations and products: written anew, described, ordered, removed."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select

from companies import operations, photos
from companies.models import Product
from companies.photos import Photo
from core import clock, files
from core.db import session, write


def url(organisation, rest=""):
    return f"/organisations/{organisation.id}{rest}"


def jpeg(side=900):
    exif = Image.Exif()
    exif[0x010E] = "canary-description"
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 40.0)})
    out = io.BytesIO()
    Image.new("RGB", (side, side // 2), "navy").save(out, "JPEG", exif=exif)
    return out.getvalue()


def upload(client, organisation, data=None, name="Ảnh xưởng.jpg", **more):
    sent = {"file": (io.BytesIO(jpeg() if data is None else data), name)} | more
    return client.post(url(organisation, "/photos"), data=sent)


def test_a_photo_loses_place_and_camera_and_is_shown_to_everybody(cast, browse):
    firm, client = cast.firm, browse(cast.firm_owner)
    assert upload(client, firm, alt_vi="Trung tâm gia công", product_id="").status_code == 302
    photo = session.scalars(select(Photo)).one()
    page = browse(None, "en").get(url(firm)).data.decode()
    assert f"/photos/{photo.id}/small" in page and 'alt="Trung tâm gia công" lang="vi"' in page
    large, small = (browse().get(f"/photos/{photo.id}{rest}") for rest in ("", "/small"))
    assert large.mimetype == small.mimetype == "image/jpeg"
    assert max(Image.open(io.BytesIO(small.data)).size) == photos.SMALL
    for answer in (large, small):
        assert not dict(Image.open(io.BytesIO(answer.data)).getexif()) and b"canary" not in answer.data
    assert "Chưa có mô tả tiếng Anh" in client.get(url(firm, "/photos")).data.decode()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "logo.svg"),
        (b"<html><script>alert(1)</script></html>", "a.png"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "a.png"),
        (b"", "a.jpg"),
        (b"x" * (8 * 2**20 + 1), "a.jpg"),
    ],
)
def test_what_is_no_picture_is_refused_beside_the_field(cast, browse, data, name):
    answer = upload(browse(cast.firm_owner), cast.firm, data, name, alt_vi="Giữ lại")
    assert answer.status_code in (413, 422)
    if answer.status_code == 422:
        assert 'id="file-error"' in answer.data.decode() and "Giữ lại" in answer.data.decode()
    assert session.scalars(select(Photo)).all() == []


def test_the_steps_of_a_profile_say_that_it_has_photos(cast, browse):
    client = browse(cast.firm_owner, "en")

    def tile():
        page = client.get(url(cast.firm, "/edit")).text
        return page[page.index('<span class="step-name">Photos') :].partition("</li>")[0]

    assert "Filled in" not in tile()
    upload(client, cast.firm)
    assert "Filled in" in tile()


def test_photos_are_described_ordered_and_removed(cast, browse):
    firm, rival, client = cast.firm, cast.rival, browse(cast.firm_owner)
    with write():
        product = operations.add_part(Product, firm, {"name_vi": "Trục"}, by="t", at=clock.now())
        theirs = operations.add_part(Product, rival, {"name_vi": "Trục"}, by="t", at=clock.now())
    assert upload(client, firm, product_id=str(theirs.id)).status_code == 422
    assert client.post(url(firm, "/photos"), data={"alt_vi": "x"}).status_code == 422
    for text in ("một", "hai"):
        assert upload(client, firm, alt_vi=text).status_code == 302
    one, two = photos.of(firm)
    assert client.post(url(firm, f"/photos/{two.id}/up")).status_code == 302
    session.expire_all()
    assert [p.alt_vi for p in photos.of(firm)] == ["hai", "một"]
    path, seen = url(firm, f"/photos/{one.id}"), {"version": str(one.version)}
    assert client.post(path, data=seen | {"alt_en": "One", "product_id": str(product.id)}).status_code == 302
    assert client.post(path, data=seen | {"alt_en": "Uno"}).status_code == 409
    session.expire_all()
    assert (one.alt_vi, one.alt_en, one.product_id) == ("một", "One", product.id)
    with write():
        operations.remove_part(product, by="t", at=clock.now())
    assert client.post(url(firm, f"/photos/{two.id}/remove")).status_code == 302
    assert not session.scalars(select(Photo)).all() and not session.scalars(select(files.StoredFile)).all()


def test_there_is_an_end_of_photos(cast, browse, monkeypatch):
    monkeypatch.setattr(photos, "MOST", 1)
    client = browse(cast.firm_owner)
    assert upload(client, cast.firm).status_code == 302
    assert upload(client, cast.firm).status_code == 409
