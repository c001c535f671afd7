"""The directory: found with or without marks, filtered, in Vietnamese order, with a constant number of queries."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from companies import directory, operations, rules, stamp
from companies import queries as reads
from companies.directory import Filters
from companies.enums import Kind, Recognition, Sector, SupportKind
from companies.models import Organisation
from core import clock
from core.access import NOBODY
from core.db import session, write


@pytest.fixture
def town(make_organisation):
    """Three firms and a bank."""
    rd = make_organisation(
        name_vi="Công ty CP Bóng đèn Rạng Đông", sector="electrical", commune="Cửa Nam", tax_code="0090000019",
        products=[{"name_vi": "Phích nước", "name_en": "Vacuum flask", "hs": "853952"}],
        certificates=["ISO 9001:2015"],
    )  # fmt: skip
    an = make_organisation(name_vi="Công ty Ăn Khang", sector="food")
    at = make_organisation(name_vi="Công ty Át Lát", sector="food")
    make_organisation(name_en="Bank of Examples", kinds=["bank"])
    at_time = clock.now()
    with write():
        for org, year, top10, product in ((rd, 2025, True, "Đèn LED"), (an, 2019, False, "Bánh cốm")):
            operations.record_award(
                organisation=org, year=year, top10=top10, product_vi=product, by="test", at=at_time
            )
    return rd, an, at


def names(**filters):
    found = session.scalars(directory.search(Filters(**filters), NOBODY, on=clock.today()))
    return [o.name for o in found]


RD, AN, AT = "Công ty CP Bóng đèn Rạng Đông", "Công ty Ăn Khang", "Công ty Át Lát"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {RD, AN, AT, "Bank of Examples"}),
        ({"text": "rang dong"}, {RD}),
        ({"text": "Rạng Đông"}, {RD}),
        ({"text": "ĐÔNG rạng"}, {RD}),
        ({"text": "phich nuoc"}, {RD}),
        ({"text": "vacuum"}, {RD}),
        ({"text": "banh com"}, {AN}),
        ({"text": "0090.000.019"}, {RD}),
        ({"text": "%"}, {RD, AN, AT, "Bank of Examples"}),
        ({"text": "' OR 1=1--"}, set()),
        ({"kind": Kind.BANK}, {"Bank of Examples"}),
        ({"sector": Sector.FOOD}, {AN, AT}),
        ({"commune": "Cửa Nam"}, {RD}),
        ({"product": "flask"}, {RD}),
        ({"product": "bong den"}, set()),
        ({"hs": "85"}, {RD}),
        ({"hs": "8539"}, {RD}),
        ({"hs": "84"}, set()),
        ({"certificate": "iso 9001"}, {RD}),
        ({"year": 2025}, {RD}),
        ({"year": 2019, "top10": True}, set()),
        ({"top10": True}, {RD}),
        ({"recognition": Recognition.RECOGNISED}, {RD}),
        ({"recognition": Recognition.LAPSED}, {AN}),
        ({"recognition": Recognition.NONE}, {AT, "Bank of Examples"}),
        ({"text": "cong ty", "sector": Sector.FOOD, "recognition": Recognition.NONE}, {AT}),
    ],
)
def test_the_directory_finds(town, filters, found):
    assert set(names(**filters)) == found


def test_the_order_is_that_of_the_vietnamese_alphabet(town):
    assert names(text="công ty") == [AT, AN, RD]


def test_the_query_of_the_status_agrees_with_the_rule(town):
    for organisation in session.scalars(select(Organisation)):
        status = rules.recognition(((a.year, a.valid_until) for a in organisation.awards), on=clock.today())
        assert [s for s in Recognition if organisation.name in names(recognition=s)] == [status]


def test_the_page_shows_count_filters_and_an_empty_state(town, browse):
    client = browse(language="en")
    assert b"4 organisations" in client.get("/organisations").data
    page = client.get("/organisations?q=rang+dong&kind=firm&top10=1&status=recognised").data.decode()
    assert RD in page and AN not in page and "1 organisation<" in page
    assert "No organisation is found" in client.get("/organisations?q=zzz").data.decode()


def test_the_page_offers_counts_and_chips_that_can_be_taken_away(town, browse):
    page = browse(language="en").get("/organisations?sector=food&status=none").text
    assert "2 organisations" not in page and "1 organisation<" in page
    assert 'href="/organisations?status=none"' in page and 'href="/organisations?sector=food"' in page
    assert 'href="/organisations?sector=food&amp;status=lapsed"' in page


def test_a_change_shows_at_once(town, browse, make_organisation):
    client = browse(language="en")
    assert "4 organisations" in client.get("/organisations").text
    make_organisation(name_vi="Công ty Mới", sector="food")
    assert "5 organisations" in client.get("/organisations").text
    with write():
        session.delete(session.merge(town[1]))
    assert "4 organisations" in client.get("/organisations").text
    with write():
        session.execute(update(Organisation).values(sector="building"))
    assert names(sector=Sector.FOOD) == []


def test_a_change_that_was_taken_back_leaves_no_mark(town):
    before = stamp.present()
    with pytest.raises(ZeroDivisionError), write():
        session.add(Organisation(name_vi="x"))
        session.flush()
        raise ZeroDivisionError
    with write():
        operations.audit.record("nothing.happened", "x:1", by="test", at=clock.now())
    assert stamp.present() == before


def test_suggestions_come_in_groups_with_addresses(town, browse):
    answer = browse(language="en").get("/organisations/suggestions?q=rang").json
    assert answer["groups"][0]["label"] == "Organisations"
    assert answer["groups"][0]["items"][0]["url"] == f"/organisations/{town[0].id}"
    flask = browse(language="en").get("/organisations/suggestions?q=vacuum").json["groups"][0]["items"][0]
    assert (flask["label"], flask["about"]) == ("Vacuum flask", RD)
    chapter = browse(language="en").get("/organisations/suggestions?q=8539").json["groups"][0]["items"][0]
    assert chapter["url"] == "/organisations?hs=8539"
    assert browse().get("/organisations/suggestions?q=xa").json["groups"][-1]["label"] == "Xã, phường"


def test_the_picture_counts_recognised_firms_and_links_to_them(town, browse):
    page = browse(language="en").get("/organisations/communes").text
    assert page.count('class="tile tile-') == 126 and "style=" not in page
    assert 'aria-label="Cửa Nam: 1 recognised firm"' in page and 'aria-label="Ba Vì: 0 recognised firms"' in page
    assert (
        "Cửa Nam: 1 recognised product" in browse(language="en").get("/organisations/communes?measure=products").text
    )
    assert browse().get("/organisations/communes?measure=revenue").status_code == 200


@pytest.mark.parametrize(
    "query", ["page=-1", "hs=٨٤", "hs=1' OR '1", "certificate=%25", "product=%5C", "top10=x",
              "status=recognised&status=x", "page=10000000000", "kind=x", "sector=1", "year=20250", "year=²",
              "commune=x", "q=" + "a" * 5000, "status=;", "sort=revenue_vnd", "lang=../../x"],
)  # fmt: skip
def test_odd_arguments_are_ignored(town, browse, query):
    assert browse().get(f"/organisations?{query}").status_code == 200


def test_a_list_pages_on_the_server(make_organisation, browse):
    for number in range(27):
        make_organisation(name_vi=f"Công ty {number:02}")
    client = browse()
    assert client.get("/organisations").data.count(b'class="item-title"') == 25
    assert client.get("/organisations?page=2").data.count(b'class="item-title"') == 2


def test_the_number_of_queries_is_the_same_for_one_row_and_for_many(make_organisation, browse, cast, queries):
    client = browse(cast.officer)
    counts = {}
    for url in ("/organisations", "/organisations/review", "/organisations.xlsx"):
        client.get(url)
    for number in (1, 6):
        while session.query(Organisation).count() < number:
            make_organisation(name_vi=f"Công ty {session.query(Organisation).count()}", products=[{"name_vi": "x"}])
        for url in ("/organisations", "/organisations/review", "/organisations.xlsx"):
            client.get(url)  # the directory was changed: it is read anew
            queries.clear()
            assert client.get(url).status_code == 200
            counts.setdefault(url, []).append(len(queries))
    assert all(few == many for few, many in counts.values()), counts
    queries.clear()
    assert browse().get("/organisations?page=1").status_code == 200  # of a stranger: what the page itself asks
    assert len([q for q in queries if q.startswith("SELECT")]) <= 5


def test_the_officers_list_tells_what_each_profile_lacks(make_organisation, browse, cast):
    full = make_organisation(name_vi="Đủ", name_en="Full", website="https://a.vn", languages=["vi"])
    bare = make_organisation(name_vi="Thiếu")
    present = directory.present_in([full.id, bare.id])
    assert present[full.id] == {"name_en", "website", "languages"} and present[bare.id] == set()
    client = browse(cast.officer, "en")
    page = client.get("/organisations/review?lacking=website").data.decode()
    assert "Thiếu" in page and ">Đủ<" not in page


def test_the_filter_of_what_is_lacking_agrees_with_the_list(make_organisation, cast):
    rows = [
        make_organisation(name_vi="Đủ", name_en="Full", email="a@a.vn", needs_offers=[{"text_vi": "x"}]),
        make_organisation(name_vi="Ngân hàng", kinds=["bank"], products=[{"name_vi": "x"}]),
        make_organisation(name_vi="Xưởng", sector="food", certificates=["ISO 9001"], employees=3),
    ]
    present = directory.present_in([row.id for row in rows])
    for key in (*rules.EXPECTED_OF_ALL, *rules.EXPECTED_OF_FIRMS):
        lacking = {o.name for o in session.scalars(directory.managed("", key, NOBODY))}
        assert lacking == {r.name for r in rows if key in rules.missing(r.kinds, present[r.id])}, key


def test_matching_reads_organisations_in_a_constant_number_of_queries(make_organisation, queries):
    ids = [
        make_organisation(name_vi=f"C{n}", products=[{"name_vi": "p"}], needs_offers=[{"text_vi": "t"}]).id
        for n in range(5)
    ]
    counts = []
    for some in (ids[:1], ids):
        session.rollback()
        session.expunge_all()
        queries.clear()
        for o in reads.for_matching(some):
            assert (len(o.products), len(o.needs_offers), o.kinds) == (1, 1, {Kind.FIRM})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7


def test_the_export_is_a_workbook_with_text_as_text(make_organisation, browse):
    make_organisation(name_vi="=HYPERLINK(1)", name_en="+cmd")
    book = load_workbook(io.BytesIO(browse().get("/organisations.xlsx").data))
    header, row = list(book.active.iter_rows())[:2]
    cells = {h.value: c for h, c in zip(header, row, strict=False)}
    assert (cells["name_vi"].value, cells["name_vi"].data_type) == ("=HYPERLINK(1)", "s")


def test_what_is_not_public_is_neither_found_nor_counted_nor_suggested(make_organisation, browse, cast):
    bare = make_organisation(
        name_vi="Công ty Kín", email="kanarimail@a.vn", phone="+84243719401", source="kanarisource",
        needs_offers=[{"text_vi": "kanarineed", "tags": ["kanaritag"], "visibility": "officer"}],
    )  # fmt: skip
    with write():
        operations.record_support(
            bare.id, SupportKind.FAIR, on=clock.today(), by="test", at=clock.now(), note="kanarinote"
        )
    for client in (browse(language="en"), browse(cast.rival_owner, "en")):
        for word in ("kanari", "kanarimail", "kanarisource", "kanarineed", "243719401"):
            page = client.get(f"/organisations?q={word}").text
            assert "No organisation is found" in page and "Công ty Kín" not in page, word
            assert client.get(f"/organisations/suggestions?q={word}").json == {"groups": []}
        for hidden in ("employees=1", "revenue_vnd=1", "sort=revenue_vnd", "email=kanarimail%40a.vn", "council=1"):
            assert "1 organisation<" in client.get(f"/organisations?{hidden}&q=kin").text
    everywhere = "".join(
        browse().get(p).text for p in ("/organisations", "/organisations/communes", "/sitemap-organisations-1.xml")
    )
    assert "kanari" not in everywhere
