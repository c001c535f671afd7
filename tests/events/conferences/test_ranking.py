"""The order of the lists: what stands where, and what is never changed by it."""

from __future__ import annotations

import numpy as np

from events.conferences import ranking
from matching.suggestions import Scores, top


def random_fits(n=40, m=25, seed=7):
    random = np.random.default_rng(seed)
    return random.random((n, m)), random.random((n, m)) < 0.2


def test_without_kinds_the_order_is_the_engines():
    fit, closed = random_fits()
    fit[closed] = 0.0
    expected = top(Scores(fit, closed.astype(np.int8), fit.mean(axis=0)), 12)
    assert (ranking.listed(fit - ranking.above_mean(fit), closed, 12) == expected).all()


def test_a_kind_whose_fits_lie_a_little_higher_does_not_fill_the_list():
    kinds = ["bank"] * 6 + ["university"] * 6 + ["technology_supplier"] * 6
    fit = np.concatenate([np.full(6, 0.50), np.full(6, 0.48), np.full(6, 0.455)])[None, :]
    first = [kinds[j] for j in ranking.listed(fit, fit < 0, 8, kinds)[0]]
    assert first[0] == "bank"
    assert {kind: first.count(kind) for kind in set(first)} == {"bank": 3, "university": 3, "technology_supplier": 2}
    assert [kinds[j] for j in ranking.listed(fit, fit < 0, 8)[0]].count("bank") == 6


def test_a_kind_that_fits_much_better_still_comes_first():
    kinds = ["bank"] * 6 + ["university"] * 6
    fit = np.concatenate([np.full(6, 0.8), np.full(6, 0.3)])[None, :]
    assert list(ranking.listed(fit, fit < 0, 6, kinds)[0]) == [0, 1, 2, 3, 4, 5]


def test_closed_pairs_are_on_no_list_and_nobody_twice():
    fit, closed = random_fits()
    closed[3] = True
    kinds = ["bank", "fdi", "university", "institute", "corporation"] * 5
    for row, order in enumerate(ranking.listed(fit, closed, 30, kinds)):
        shown = [j for j in order if j >= 0]
        assert len(shown) == len(set(shown)) == (~closed[row]).sum()
        assert not closed[row, shown].any()


def test_one_kind_alone_is_ordered_by_fit():
    fit, closed = random_fits()
    plain = ranking.listed(fit, closed, 10)
    assert (ranking.listed(fit, closed, 10, ["bank"] * 25) == plain).all()


def test_a_conference_without_anybody_has_empty_lists():
    assert ranking.listed(
        ranking.above_mean(np.zeros((0, 3))) * np.zeros((0, 3)), np.zeros((0, 3), bool), 5, "abc"
    ).shape == (0, 3)
    assert ranking.listed(
        np.zeros((2, 0)) - ranking.above_mean(np.zeros((2, 0))), np.zeros((2, 0), bool), 5
    ).shape == (2, 0)
