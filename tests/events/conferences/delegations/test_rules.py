"""The rules of delegations as tables of cases."""

from __future__ import annotations

from datetime import time

import pytest

from core.i18n import force_locale
from events.conferences.delegations import rules


@pytest.mark.parametrize(
    ("begins", "ends", "break_from", "break_until", "fault"),
    [
        (8, 17, None, None, None),
        (8, 17, 11, 13, None),
        (8, 17, 8, 17, None),
        (17, 8, None, None, "ends"),
        (8, 8, None, None, "ends"),
        (8, 17, 11, None, "break_until"),
        (8, 17, None, 13, "break_from"),
        (8, 17, 13, 11, "break_until"),
        (8, 17, 7, 9, "break_until"),
        (8, 17, 16, 18, "break_until"),
    ],
)
def test_a_day_ends_after_it_begins_and_its_break_lies_within(begins, ends, break_from, break_until, fault):
    def clock_time(hour):
        return None if hour is None else time(hour)

    hours = {"break_from": clock_time(break_from), "break_until": clock_time(break_until)}
    found = rules.fault_of_day(begins=time(begins), ends=time(ends), **hours)
    assert (found and found[0]) == fault


@pytest.mark.parametrize(("closes", "lasts", "fault"), [(9, 60, None), (9, 61, "closes"), (7, 15, "closes")])
def test_a_whole_visit_fits_between_opening_and_closing(closes, lasts, fault):
    found = rules.fault_of_host(opens=time(8), closes=time(closes), lasts=lasts)
    assert (found and found[0]) == fault


@pytest.mark.parametrize(
    ("province", "vi", "en", "expected"),
    [
        ("79", "", "", ("79", "Thành phố Hồ Chí Minh", "Ho Chi Minh City")),
        ("79", "Hồ Chí Minh", "", ("79", "Thành phố Hồ Chí Minh", "Ho Chi Minh City")),
        ("79", "Bình Dương", "", ("79", "Bình Dương, Thành phố Hồ Chí Minh", "Ho Chi Minh City")),
        ("75", "Nhơn Trạch", "Nhon Trach", ("75", "Nhơn Trạch, Tỉnh Đồng Nai", "Nhon Trach, Dong Nai province")),
        ("75", "Nhơn Trạch, Tỉnh Đồng Nai", "", ("75", "Nhơn Trạch, Tỉnh Đồng Nai", "Dong Nai province")),
        (None, "Hải Phòng", "", ("31", "Thành phố Hải Phòng", "Hai Phong City")),
        (None, "", "Dong Nai", ("75", "Tỉnh Đồng Nai", "Dong Nai province")),
    ],
)
def test_a_destination_is_a_province_with_a_place_in_it_or_without(province, vi, en, expected):
    found = rules.destination(province=province, abroad=False, vi=vi, en=en)
    assert (found.province, found.vi, found.en, found.fault) == (*expected, None)


@pytest.mark.parametrize(
    ("province", "vi", "proposed", "fault"),
    [
        (None, "Bình Dương", "79", "since 1 July 2025"),
        (None, "Khu công nghiệp Thí Dụ, Hải Dương", "31", "Thành phố Hải Phòng"),
        ("75", "Bình Dương", "75", "another province than Tỉnh Đồng Nai"),
        (None, "Osaka", None, "or another country"),
        (None, "", None, "Where does the delegation go?"),
    ],
)
def test_a_destination_that_is_not_clear_is_asked_about(app, province, vi, proposed, fault):
    found = rules.destination(province=province, abroad=False, vi=vi, en="")
    with force_locale("en"):
        assert found.province == proposed and fault in str(found.fault)


def test_abroad_the_place_is_taken_as_it_is_written():
    found = rules.destination(province=None, abroad=True, vi="Osaka, Nhật Bản", en="")
    assert (found.province, found.vi, found.fault) == (None, "Osaka, Nhật Bản", None)
    assert rules.destination(province=None, abroad=True, vi="", en="").fault is not None
