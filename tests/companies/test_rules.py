"""The regulations as tables of cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from companies import rules
from companies.enums import Band, GrantScope, Kind, Recognition, Visibility
from companies.rules import Sight, Term, Tier
from core.access import Actor

BN = Decimal(10) ** 9


@pytest.mark.parametrize(
    ("year", "until", "months", "ends"),
    [
        (2021, None, 36, date(2024, 12, 31)),
        (2021, None, 24, date(2023, 12, 31)),
        (2021, None, 2, date(2022, 2, 28)),
        (2023, None, 2, date(2024, 2, 29)),
        (2021, date(2022, 5, 1), 36, date(2022, 5, 1)),
        (None, date(2022, 5, 1), 36, date(2022, 5, 1)),
        (None, None, 36, None),
    ],
)
def test_a_title_ends_as_the_decision_says_or_after_its_months(year, until, months, ends):
    assert rules.title_ends(year=year, valid_until=until, terms=[Term(2000, months)]) == ends


@pytest.mark.parametrize(
    ("titles", "status"),
    [
        ([], Recognition.NONE),
        ([(2026, None)], Recognition.RECOGNISED),
        ([(2023, None)], Recognition.RECOGNISED),
        ([(2022, None)], Recognition.LAPSED),
        ([(2022, None), (2025, None)], Recognition.RECOGNISED),
        ([(2025, date(2026, 11, 21))], Recognition.LAPSED),
        ([(2019, date(2026, 11, 22))], Recognition.RECOGNISED),
        ([(None, None)], Recognition.LAPSED),
    ],
)
def test_a_status_follows_from_the_titles(titles, status):
    assert rules.recognition(titles, on=date(2026, 11, 22)) is status


SHORTENED = [Term(2000, 36), Term(2024, 12)]  # titles of 2024 end before those of 2023


@pytest.mark.parametrize("terms", [*([Term(2000, n)] for n in (1, 11, 12, 24, 30, 36)), SHORTENED])
@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 6, 30), date(2026, 12, 31)])
def test_the_years_that_hold_agree_with_the_status(terms, on):
    held = [
        year
        for year in range(2015, on.year + 1)
        if rules.recognition([(year, None)], on=on, terms=terms) is Recognition.RECOGNISED
    ]
    assert rules.years_that_hold(on=on, terms=terms) == held


def test_a_term_counts_for_the_titles_of_its_years_alone():
    months = {year: rules.months_of(year, SHORTENED) for year in (1999, 2019, 2023, 2024, 2026)}
    assert months == {1999: 36, 2019: 36, 2023: 36, 2024: 12, 2026: 12}
    assert 2023 in rules.years_that_hold(on=date(2026, 5, 1), terms=SHORTENED)
    assert 2024 not in rules.years_that_hold(on=date(2026, 5, 1), terms=SHORTENED)


@pytest.mark.parametrize(
    ("employees", "revenue", "capital", "band"),
    [
        (10, 3, None, Band.MICRO),
        (11, 3, None, Band.SMALL),
        (10, 4, None, Band.SMALL),
        (10, 4, 3, Band.MICRO),
        (100, 50, None, Band.SMALL),
        (100, 51, 20, Band.SMALL),
        (100, 51, None, Band.MEDIUM),
        (200, 200, None, Band.MEDIUM),
        (200, 201, None, Band.LARGE),
        (200, 201, 100, Band.MEDIUM),
        (201, 1, 1, Band.LARGE),
        (0, 0, None, Band.MICRO),
        (None, 1, 1, None),
        (5, None, None, None),
    ],
)
def test_the_size_band_of_an_industrial_enterprise(employees, revenue, capital, band):
    figures = {
        "revenue_vnd": None if revenue is None else revenue * BN,
        "capital_vnd": None if capital is None else capital * BN,
    }
    assert rules.sme_band(employees=employees, **figures) is band


@pytest.mark.parametrize(
    ("field", "readers"),
    [
        ("name_vi", {"public", "partner", "matched", "granted", "inside", "officer"}),
        ("employees", {"partner", "matched", "granted", "inside", "officer"}),
        ("revenue_vnd", {"granted", "inside", "officer"}),
        ("export_usd", {"granted", "inside", "officer"}),
        ("email", {"inside", "officer"}),
        ("phone", {"inside", "officer"}),
        ("source", {"officer"}),
    ],
)
def test_each_field_is_seen_from_its_tier_on(field, readers):
    sights = {
        "public": Sight(),
        "partner": Sight(Tier.PARTNER, frozenset(GrantScope)),  # a grant without a match is worth nothing
        "matched": Sight(Tier.MATCHED),
        "granted": Sight(Tier.MATCHED, frozenset({GrantScope.FIGURES})),
        "inside": Sight(Tier.INSIDE),
        "officer": Sight(Tier.OFFICER),
    }
    assert {name for name, sight in sights.items() if sight.shows(field)} == readers


@pytest.mark.parametrize(
    ("visibility", "lowest"),
    [
        (Visibility.PUBLIC, Tier.PUBLIC),
        (Visibility.PARTNER, Tier.PARTNER),
        (Visibility.MATCHED, Tier.MATCHED),
        (Visibility.OFFICER, Tier.INSIDE),
    ],
)
def test_each_need_is_read_from_its_tier_on(visibility, lowest):
    assert {tier for tier in Tier if Sight(tier).reads(visibility)} == {t for t in Tier if t >= lowest}


class Row:
    def __init__(self, key):
        self.id = key


@pytest.mark.parametrize(
    ("actor", "manages", "gives"),
    [
        (Actor(), False, False),
        (Actor(1, frozenset({"officer"})), True, False),
        (Actor(1, frozenset({"administrator"})), True, False),
        (Actor(1, frozenset({"council_member", "door_staff", "introducer"})), False, False),
        (Actor(1, frozenset(), {"organisation": frozenset({7})}), True, False),
        (Actor(1, frozenset(), {"organisation": frozenset({7}), "organisation.owner": frozenset({7})}), True, True),
        (Actor(1, frozenset(), {"organisation": frozenset({8}), "organisation.owner": frozenset({8})}), False, False),
    ],
)
def test_who_manages_an_organisation_and_who_consents_for_it(actor, manages, gives):
    assert rules.manage_organisation(actor, Row(7), product=Row(1)) is manages
    assert rules.give_sight(actor, Row(7)) is gives


def test_a_bank_is_not_asked_for_products_and_a_firm_is():
    assert "products" not in rules.missing({Kind.BANK}, ())
    assert "products" in rules.missing({Kind.FIRM}, ())
    assert rules.complete_share({Kind.FIRM}, rules.expected({Kind.FIRM})) == 1
    assert rules.complete_share({Kind.FIRM}, ()) == 0
