"""Facets, suggestions and tiles as pure tables: what is counted, offered and drawn."""

from __future__ import annotations

import pytest

from companies import places
from companies.facets import Entry, Facet, Index
from companies.listing import tiles
from companies.suggesting import Group, suggest, term

FOOD = frozenset({"food"})
INDEX = Index(
    [
        Entry(7, "b", "beta", ("lamp led",), {Facet.SECTOR: FOOD, Facet.YEAR: frozenset({"2024", "2025"})}),
        Entry(3, "a", "alpha", ("vacuum flask",), {Facet.SECTOR: frozenset({"it"}), Facet.YEAR: frozenset({"2025"})}),
        Entry(9, "c", "gamma lamp", (), {Facet.SECTOR: FOOD}),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "words", "product", "ids", "sectors", "years"),
    [
        ({}, [], [], [3, 7, 9], {"food": 2, "it": 1}, {"2024": 1, "2025": 2}),
        ({Facet.SECTOR: "food"}, [], [], [7, 9], {"food": 2, "it": 1}, {"2024": 1, "2025": 1}),
        ({Facet.SECTOR: "food", Facet.YEAR: "2025"}, [], [], [7], {"food": 1, "it": 1}, {"2024": 1, "2025": 1}),
        ({}, ["lamp"], [], [7, 9], {"food": 2}, {"2024": 1, "2025": 1}),
        ({}, ["lamp", "flask"], [], [], {}, {}),
        ({}, [], ["lamp"], [7], {"food": 1}, {"2024": 1, "2025": 1}),
        ({Facet.SECTOR: "no such"}, [], [], [], {"food": 2, "it": 1}, {}),
    ],
)
def test_a_facet_counts_what_each_of_its_values_would_leave(chosen, words, product, ids, sectors, years):
    left = INDEX.found(chosen, words, product)
    assert INDEX.ids(left[None]) == ids
    assert INDEX.counts(Facet.SECTOR, left[Facet.SECTOR]) == sectors
    assert INDEX.counts(Facet.YEAR, left[Facet.YEAR]) == years


TERMS = [
    term(Group.ORGANISATION, 1, "Công ty CP Rạng Đông", "Rang Dong JSC"),
    term(Group.ORGANISATION, 2, "Công ty Cân Điện Tử", None),
    term(Group.ORGANISATION, 3, "Công ty Cán Thép", None),
    term(Group.PRODUCT, 4, "Đèn LED Rạng Đông", "LED lamp", about="Công ty CP Rạng Đông"),
    term(Group.HS, "8539", "8539 · Máy và thiết bị điện", "8539 · Electrical machinery and equipment"),
    term(Group.COMMUNE, "Đông Anh", "Đông Anh", "Đông Anh"),
]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("rang d", ["1", "4"]),
        ("RẠNG", ["1", "4"]),
        ("dong", ["1", "4", "Đông Anh"]),
        ("ông", []),  # a word begins so, or it is not offered
        ("cán", ["3", "2"]),  # what is typed with its marks comes first
        ("can", ["2", "3"]),
        ("led la", ["4"]),
        ("85", ["8539"]),
        ("electr", ["8539"]),
        ("đ", []),
        ("%", []),
        ("' OR 1=1--", []),
        ("(" * 500, []),
        ("a" * 10**5 + "!", []),
    ],
)
def test_suggestions_begin_with_every_word_typed(typed, offered):
    assert [found.value for found in suggest(TERMS, typed)] == offered


def test_no_two_communes_share_a_tile_and_the_corners_are_where_they_belong():
    where = {tile.name: (tile.column, tile.row) for tile in places.tiles()}
    assert len(where) == len(set(where.values())) == 126
    (west, north), (east, south) = where["Ba Vì"], where["Phú Xuyên"]
    assert west < where["Hoàn Kiếm"][0] <= east and north < where["Hoàn Kiếm"][1] < south
    assert where["Sóc Sơn"][1] < where["Đông Anh"][1] < where["Hoàn Kiếm"][1] < where["Thanh Oai"][1]


@pytest.mark.parametrize(
    ("numbers", "shades", "bounds"),
    [
        ({}, {0}, []),
        ({"Ba Vì": 1}, {0, 1}, [(1, 1)]),
        ({"Ba Vì": 1, "Sơn Tây": 9}, {0, 1, 2}, [(1, 1), (2, 9)]),
        (dict(zip(["Ba Vì", "Sơn Tây", "Láng", "Từ Liêm", "Đông Anh"], [1, 2, 3, 4, 5], strict=True)),
         {0, 1, 2, 3, 4}, [(1, 2), (3, 3), (4, 4), (5, 5)]),
    ],
)  # fmt: skip
def test_a_tile_is_darker_the_more_there_are(numbers, shades, bounds):
    made = tiles.shaded(places.tiles(), numbers)
    assert {t.shade for t in made} == shades and tiles.bounds(list(numbers.values())) == bounds
    in_order = sorted((t for t in made if t.number), key=lambda t: t.number)
    assert [t.shade for t in in_order] == sorted(t.shade for t in in_order)


def test_a_long_name_is_cut_between_words():
    assert tiles.lines("Văn Miếu - Quốc Tử Giám") == ["Văn Miếu", "Quốc Tử", "Giám"]
