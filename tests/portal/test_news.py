"""News for firms: written by officers, read by everybody, safe whatever is typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import session, write
from portal.news.models import NewsItem, NewsSector
from portal.news.writing import paragraphs


def news(title, *sectors, published=True, **values):
    at = clock.now()
    with write():
        row = NewsItem(
            kind=values.pop("kind", "fair"), title_vi=title, created_at=at, published_at=at if published else None,
            sector_rows=[NewsSector(sector=s) for s in sectors], **values,
        )  # fmt: skip
        session.add(row)
    return row.id


@pytest.mark.parametrize(
    "text, html",
    [
        ("Một\n\nHai\nba", "<p>Một</p>\n<p>Hai<br>ba</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        (
            "Xem https://vi.example/a?b=1&c=2.",
            '<p>Xem <a href="https://vi.example/a?b=1&amp;c=2" rel="nofollow noopener external">'
            "https://vi.example/a?b=1&amp;c=2</a>.</p>",
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        (
            'https://a.example/"onmouseover="x',
            '<p><a href="https://a.example/" rel="nofollow noopener external">https://a.example/</a>'
            "&#34;onmouseover=&#34;x</p>",
        ),
        ("", ""),
    ],
)
def test_text_becomes_paragraphs_and_links_and_nothing_else(text, html):
    assert paragraphs(text) == html


def test_an_item_is_written_published_read_and_withdrawn(browse, cast, client):
    officer = browse(cast.officer)
    data = {"kind": "market", "title_vi": "Thị trường Nhật", "body_vi": "Nội dung", "sectors": ["food"]}
    made = officer.post("/news/office/new", data=data)
    path = made.location.removeprefix("http://localhost")
    key = session.scalars(select(NewsItem)).one().id
    assert client.get(path).status_code == 404 and "Thị trường Nhật" not in client.get("/news").text
    officer.post(f"/news/office/{key}/publish")
    assert "Nội dung" in client.get(path).text and "Thị trường Nhật" in client.get("/news").text
    officer.post(f"/news/office/{key}/withdraw")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "data",
    [{"title_vi": ""}, {"source_url": "javascript:alert(1)"}, {"kind": "gossip"}, {"valid_until": "31/02/2027"}],
)
def test_what_cannot_be_used_is_said_beside_the_field_and_nothing_typed_is_lost(browse, cast, data):
    whole = {"kind": "fair", "title_vi": "Hội chợ", "body_vi": "Giữ lại", **data}
    answer = browse(cast.officer).post("/news/office/new", data=whole)
    assert answer.status_code == 422 and "Giữ lại" in answer.text and "is-invalid" in answer.text
    assert session.query(NewsItem).count() == 0


def test_of_two_officers_the_second_is_told_that_the_first_saved(browse, cast):
    key = news("Cũ")
    data = {"kind": "fair", "title_vi": "Mới", "version": "1"}
    assert browse(cast.officer).post(f"/news/office/{key}", data=data).status_code == 302
    late = browse(cast.administrator).post(f"/news/office/{key}", data={**data, "title_vi": "Trễ"})
    assert late.status_code == 409 and "Trễ" in late.text


def test_a_firm_sees_the_news_of_its_sector_first(browse, cast, client):
    firm = cast.firm
    with write():
        firm.sector = "food"
    news("Cho thực phẩm", "food")
    with clock.frozen(clock.now() + timedelta(hours=1)):
        news("Cho mọi ngành")
        news("Cho dệt may", "textile")
        order = ["Cho thực phẩm", "Cho dệt may", "Cho mọi ngành"]
        page = browse(cast.firm_owner).get("/news").text
        assert sorted(order, key=page.index) == order
        public = client.get("/news").text
        assert sorted(order, key=public.index)[-1] == "Cho thực phẩm"
        chosen = client.get("/news?sector=food").text
        assert "Cho dệt may" not in chosen and "Cho mọi ngành" in chosen


def test_an_item_leaves_the_list_after_its_last_day_and_says_so_on_its_page(client, app):
    today = clock.today()
    news("Hôm nay", valid_until=today)
    over = news("Hôm qua", valid_until=today - timedelta(days=1))
    page = client.get("/news").text
    assert "Hôm nay" in page and "Hôm qua" not in page
    assert f"{today - timedelta(days=1):%d/%m/%Y}" in client.get(f"/news/{over}").text


def test_the_list_asks_the_database_as_often_for_one_item_as_for_three(client, app, queries):
    counts = []
    for n in range(3):
        news(f"Tin {n}", "food", "it")
        client.get("/news")
        queries.clear()
        client.get("/news")
        counts.append(len(queries))
    assert len(set(counts)) == 1
