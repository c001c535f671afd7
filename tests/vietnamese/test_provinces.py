"""Provinces of today and of before the first of July 2025."""

from __future__ import annotations

import pytest

from vietnamese.keys import search_key
from vietnamese.provinces import BY_CODE, PROVINCES, meant


def test_there_are_thirty_four_that_were_sixty_three():
    assert len(BY_CODE) == len(PROVINCES) == 34 and sum(p.city for p in PROVINCES) == 6
    names = [search_key(name) for p in PROVINCES for name in (p.name, *p.former)]
    assert len(names) == len(set(names)) == 63


@pytest.mark.parametrize(
    ("text", "code", "former"),
    [
        ("Đồng Nai", "75", None),
        ("tỉnh đồng nai", "75", None),
        ("Dong Nai province", "75", None),
        ("TP. Hồ Chí Minh", "79", None),
        ("Ho Chi Minh City", "79", None),
        ("Sài Gòn", "79", None),
        ("Hà nội", "01", None),
        ("Bình Dương", "79", "Bình Dương"),
        ("Tỉnh Binh Duong", "79", "Bình Dương"),
        ("Bà Rịa - Vũng Tàu", "79", "Bà Rịa – Vũng Tàu"),
        ("KCN Thí Dụ 1, Bắc Giang", "24", "Bắc Giang"),
        ("phường Bình Dương, Thành phố Hồ Chí Minh", "79", None),
        ("Thừa Thiên - Huế", "46", "Thừa Thiên Huế"),
        ("Hoà Bình", "25", "Hòa Bình"),
    ],
)
def test_a_province_is_known_by_its_names_of_today_and_of_before(text, code, former):
    found = meant(text)
    assert found is not None and (found.province.code, found.former) == (code, former)


@pytest.mark.parametrize("text", ["", "Osaka, Nhật Bản", "phường Bình Dương", "Bình", "Long Thành", ",", "a" * 5000])
def test_what_is_no_province_is_none(text):
    assert meant(text) is None


def test_names_read_well_in_both_languages():
    assert [(BY_CODE[c].vi, BY_CODE[c].en) for c in ("79", "75", "01")] == [
        ("Thành phố Hồ Chí Minh", "Ho Chi Minh City"),
        ("Tỉnh Đồng Nai", "Dong Nai province"),
        ("Thành phố Hà Nội", "Hanoi"),
    ]
