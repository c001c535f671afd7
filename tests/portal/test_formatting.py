"""Numbers, sums and times as readers of each language write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from portal import formatting as f

NB = "\u00a0"


@pytest.fixture(params=["vi", "en"])
def language(app, request):
    with app.test_request_context(f"/?lang={request.param}"):
        yield request.param


def test_numbers_follow_the_language(language):
    shown = [str(f.number(x)) for x in (Decimal("1234.5"), 1_000_000, 0.125, 0)]
    assert (
        shown
        == {
            "vi": ["1.234,5", "1.000.000", "0,12", "0"],
            "en": ["1,234.5", "1,000,000", "0.12", "0"],
        }[language]
    )


def test_shares_are_shown_per_cent(language):
    assert [f.percent(x, 1) for x in (0.125, 1, 0)] == (
        ["12,5%", "100%", "0%"] if language == "vi" else ["12.5%", "100%", "0%"]
    )


def test_sums_are_rounded_to_the_unit_that_people_say(language):
    shown = [f.money(x).replace(NB, " ") for x in (12_500_000_000, 850_000_000, 25_000, 0, -2_000_000)]
    digits = ["12,5", "850", "25.000", "0", "-2"] if language == "vi" else ["12.5", "850", "25,000", "0", "-2"]
    assert [text.replace("VND ", "").split()[0] for text in shown] == digits


def test_instants_are_shown_in_hanoi_and_no_month_is_taken_for_a_day(language):
    late = datetime(2026, 11, 30, 18, 30, tzinfo=UTC)
    assert f.day(late) == {"vi": "01/12/2026", "en": "1 Dec 2026"}[language]
    assert f.hour(late) == "01:30"
    assert f.moment(late) == {"vi": f"01:30,{NB}01/12/2026", "en": f"01:30,{NB}1{NB}Dec{NB}2026"}[language]
    assert f.hour_in(late, "Asia/Tokyo") == "03:30"
    assert f.hour_in(late, "Europe/Berlin") == f"19:30{NB}({'30/11' if language == 'vi' else '30 Nov'})"


@pytest.mark.parametrize(
    "begins, ends, shown",
    [
        (date(2026, 11, 22), date(2026, 11, 22), {"vi": "22/11/2026", "en": "22 Nov 2026"}),
        (date(2026, 11, 2), date(2026, 11, 4), {"vi": "02–04/11/2026", "en": "2–4 Nov 2026"}),
        (date(2026, 11, 30), date(2026, 12, 2), {"vi": "30/11 – 02/12/2026", "en": "30 Nov – 2 Dec 2026"}),
        (date(2026, 12, 30), date(2027, 1, 2), {"vi": "30/12/2026 – 02/01/2027", "en": "30 Dec 2026 – 2 Jan 2027"}),
        (date(2026, 11, 22), None, {"vi": "22/11/2026", "en": "22 Nov 2026"}),
    ],
)
def test_a_span_of_days_says_each_part_once(begins, ends, shown, language):
    assert f.span(begins, ends) == shown[language]


def test_nothing_is_shown_as_a_dash(app):
    with app.test_request_context():
        assert {str(show(None)) for show in (f.number, f.percent, f.money, f.day, f.moment, f.hour)} == {str(f.NONE)}


@pytest.mark.parametrize(
    "agent, shown",
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36",
            "Chrome · Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130.0 Mobile Safari/537.36", "Chrome · Android"),
    ],
)
def test_a_device_is_named_in_words_that_people_know(agent, shown):
    assert f.device(agent) == shown
