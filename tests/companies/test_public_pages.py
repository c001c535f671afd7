"""Product pages, the sitemap and what proxies may keep: found by search engines, the same for every stranger."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, select

from companies import operations
from companies.models import Product
from core import clock
from core.audit import AuditLine
from core.db import session, write

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture
def lamp(make_organisation):
    """A product of a firm, with a title."""
    firm = make_organisation(
        name_vi="Công ty CP Đèn Minh Hoạ 01", name_en="Minh Hoa Lamp 01 JSC", commune="Cửa Nam", email="kanari@a.vn",
        products=[{"name_vi": "Đèn LED", "name_en": "LED lamp", "hs": "853952"}, {"name_vi": "Phích"}],
    )  # fmt: skip
    product = session.scalars(select(Product).where(Product.name_en == "LED lamp")).one()
    with write():
        operations.record_award(
            organisation=firm, product=product, year=2025, top10=True, source="Báo Thí Dụ", by="test", at=clock.now()
        )
    return product


def data_of(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S).group(1))


def test_a_product_has_an_address_of_its_own_in_each_language(lamp, client):
    page = client.get(f"/en/products/{lamp.id}-led-lamp").text
    assert 'lang="en"' in page and "LED lamp" in page and "Top 10" in page and "Báo Thí Dụ" in page
    assert f'rel="canonical" href="http://localhost/en/products/{lamp.id}-led-lamp"' in page
    assert f'hreflang="vi" href="http://localhost/vi/products/{lamp.id}-den-led"' in page
    assert "kanari" not in page
    for wrong in (f"/en/products/{lamp.id}-x", f"/en/products/{lamp.id}-den-led"):
        assert client.get(wrong).headers["Location"] == f"/en/products/{lamp.id}-led-lamp"
    assert client.get(f"/products/{lamp.id}").headers["Location"] == f"/vi/products/{lamp.id}-den-led"
    assert f'href="/organisations/{lamp.organisation_id}?lang=en"' in page  # who came in English stays in English


def test_structured_data_says_what_the_page_says(lamp, client):
    data = data_of(client.get(f"/en/products/{lamp.id}-led-lamp").text)
    assert (data["name"], data["manufacturer"]["name"]) == ("LED lamp", "Minh Hoa Lamp 01 JSC")
    assert data["award"] == ["Key industrial product of Hanoi 2025"]


def test_structured_data_cannot_be_left(lamp, client):
    with write():
        row = session.get(Product, lamp.id)
        row.name_en, row.description_en = HOSTILE, HOSTILE
    page = client.get(f"/products/{lamp.id}?lang=en", follow_redirects=True).text
    assert "<script>alert" not in page and data_of(page)["name"] == HOSTILE


@pytest.mark.parametrize("key", ["0", "-1", str(2**31), str(2**63), "1e3", "١", "1 OR 1=1", "1-"])
def test_odd_products_are_no_page(client, key):
    assert client.get(f"/vi/products/{key}-x").status_code == 404
    assert client.get(f"/products/{key}").status_code == 404
    assert client.get("/fr/products/1-x").status_code == 404


def test_the_sitemap_names_every_public_page_in_both_languages(lamp, client):
    index = ElementTree.fromstring(client.get("/sitemap.xml").data)
    files = [found.text.removeprefix("http://localhost") for found in index.findall(".//{*}loc")]
    assert len(files) == 3 and client.get("/sitemap-products-2.xml").status_code == 404
    pages = {loc.text for file in files for loc in ElementTree.fromstring(client.get(file).data).findall(".//{*}loc")}
    assert f"http://localhost/vi/products/{lamp.id}-den-led" in pages
    assert f"http://localhost/organisations/{lamp.organisation_id}?lang=en" in pages
    assert all(client.get(page).status_code == 200 for page in pages)
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text


PUBLIC = ["/organisations", "/organisations/communes", "/organisations/{firm}", "/en/products/{product}-led-lamp"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_stranger_s_page_may_be_kept_and_is_not_sent_twice(lamp, client, browse, cast, path):
    path = path.format(firm=lamp.organisation_id, product=lamp.id)
    first = client.get(path)
    assert "public" in first.headers["Cache-Control"] and "Cookie" in first.headers["Vary"]
    assert "Set-Cookie" not in first.headers and "csrf" not in first.text
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    client.set_cookie("lang", "en")
    if not path.startswith("/en/"):
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    mine = browse(cast.bank).get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (mine.status_code, mine.headers["Cache-Control"]) == (200, "no-store")


def test_a_kept_page_is_made_anew_after_a_change_and_never_given_to_somebody_signed_in(
    lamp, client, browse, cast, queries
):
    client.get("/organisations")
    queries.clear()
    assert "Đèn Minh Hoạ 01" in client.get("/organisations").text and len(queries) <= 3
    assert "Minh Hoa Lamp 01 JSC" in client.get("/organisations?lang=en").text
    assert cast.bank.name in browse(cast.bank).get("/organisations").text
    assert cast.bank.name not in client.get("/organisations").text
    with write():
        session.get(Product, lamp.id).organisation.name_vi = "Công ty Đổi Tên"
    assert "Công ty Đổi Tên" in client.get("/organisations").text


def test_pages_with_a_form_or_a_message_are_kept_by_nobody(client):
    assert client.get("/sign-in").headers["Cache-Control"] == "private, no-cache"
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "Only for you")]
    answer = client.get("/organisations")
    assert "Only for you" in answer.text and answer.headers["Cache-Control"] == "private, no-cache"


def test_reading_public_pages_changes_nothing(lamp, client):
    before = session.scalar(select(func.count()).select_from(AuditLine))
    for path in PUBLIC:
        client.get(path.format(firm=lamp.organisation_id, product=lamp.id))
    assert session.scalar(select(func.count()).select_from(AuditLine)) == before
