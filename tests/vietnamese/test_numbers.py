"""Numbers, money and dates as people write them."""

from datetime import date
from decimal import Decimal

import pytest

import vietnamese as vn


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1.234", "1234"), ("1.234.567", "1234567"),
        ("1,5", "1.5"), ("2.5", "2.5"), ("1,234,567", "1234567"), ("-12", "-12"),
        ("1 234 567,8", "1234567.8"), ("007", "7"), ("0,125", "0.125"), ("1234.5678", "1234.5678"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_written(text: str, value: str) -> None:
    assert vn.parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "1,2,3", "1..2", "12,", "1.23,4.5", "--1", "1 2", "NaN", "1e9"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        vn.parse_number(text)


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        ("1 tỷ", "1000000000"), ("1,5 tỷ đồng", "1500000000"), ("1 tỷ 200 triệu", "1200000000"),
        ("500tr", "500000000"), ("2.000.000 VNĐ", "2000000"), ("2 nghìn tỷ", "2000000000000"),
        ("300 ngàn đồng", "300000"), ("1.500 triệu", "1500000000"), ("20000000", "20000000"),
        ("1 TỶ", "1000000000"), ("5 ti", "5000000000"), ("3 billion VND", "3000000000"), ("15000đ", "15000"),
    ],
)  # fmt: skip
def test_money_words_count(text: str, dong: str) -> None:
    assert vn.parse_money(text) == Decimal(dong)


@pytest.mark.parametrize("text", ["", "tỷ", "5 USD", "1 triệu 2 tỷ", "khoảng 5 tỷ", "5 tấn"])
def test_what_is_no_sum_in_dong_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        vn.parse_money(text)


@pytest.mark.parametrize(
    "text",
    ["05/03/2025", "5/3/2025", "5-3-2025", "5.3.2025", "ngày 5 tháng 3 năm 2025", "2025-03-05"],
)
def test_the_day_comes_before_the_month(text: str) -> None:
    assert vn.parse_date(text) == date(2025, 3, 5)


@pytest.mark.parametrize("text", ["", "31/02/2025", "13/13/2025", "5/3/25", "2025/03/05", "mai"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        vn.parse_date(text)
