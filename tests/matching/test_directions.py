"""Needs meet offers in two directions; what each is worth by itself, and what silence is worth."""

import csv
from pathlib import Path

import numpy as np
import pytest

from matching.facts import Facts
from matching.profiles import Part, Profile
from matching.structured import distance
from matching.suggestions import Ranker, both_ways
from matching.weights import ALONE, NEUTRAL

DEMO = Path(__file__).parents[2] / "demo" / "data"
NAN = np.nan


def mixed(one: float, other: float, alone: tuple[float, float] = (0.0, 0.0)) -> float:
    return float(both_ways(np.array([[one]]), np.array([[other]]), alone)[0, 0])


def test_saying_nothing_never_beats_a_true_answer() -> None:
    assert mixed(0.8, NAN) == mixed(NAN, 0.8) == mixed(0.8, NEUTRAL)
    assert mixed(0.8, NAN) < mixed(0.8, 0.5) < mixed(0.8, 0.8) == pytest.approx(0.8)
    assert np.isnan(mixed(NAN, NAN))
    assert mixed(0.0, 0.0) == 0.0


def test_one_direction_keeps_its_order_when_the_other_is_unknown() -> None:
    values = np.linspace(0, 1, 50)[None, :]
    assert (np.diff(both_ways(values, np.full_like(values, NAN))) > 0).all()


@pytest.mark.parametrize("alone", ALONE.values())
def test_a_better_answer_in_either_direction_never_lowers_the_value(alone: tuple[float, float]) -> None:
    grid = np.linspace(0, 1, 21)
    values = both_ways(*np.meshgrid(grid, grid), alone)
    assert (np.diff(values, axis=0) >= 0).all() and (np.diff(values, axis=1) >= 0).all()
    assert values.max() == pytest.approx(1) and sum(alone) <= 1


def test_a_need_of_a_buyer_that_a_firm_meets_counts_by_itself() -> None:
    firm = Profile("sewing", (Part("offer", vi="May áo khoác thể thao"), Part("need", vi="vay vốn lưu động")))
    buyer = Profile("buyer", (Part("need", en="sports jackets"), Part("offer", en="help with carbon reports")))
    ranker = Ranker(kind="fdi").fit([firm], [buyer])
    as_buyer = ranker.explain(firm, buyer).contributions[0]
    as_equal = ranker.for_kind("firm").explain(firm, buyer).contributions[0]
    assert as_buyer.scorer == as_equal.scorer == "text"
    assert as_buyer.value / ranker.weights_["text"] > 2 * as_equal.value / ranker.for_kind("firm").weights_["text"]


def test_the_demo_garment_maker_finds_the_fashion_buyer_near_the_top_of_the_buyers() -> None:
    with (DEMO / "organisations.csv").open(encoding="utf-8", newline="") as file:
        rows = {r["tax_code"] or r["foreign_id"]: r for r in csv.DictReader(file)}
    with (DEMO / "needs_offers.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))

    def profile(key: str) -> Profile:
        return Profile(
            key,
            tuple(Part(r["role"], vi=r["text_vi"], en=r["text_en"]) for r in lines if r["organisation"] == key),
        )

    firm = next(profile(key) for key, row in rows.items() if "May Minh Hoạ 07" in row["name_vi"])
    buyers = [profile(key) for key, row in rows.items() if row["kinds"] in ("fdi", "corporation")]
    scores = Ranker(kind="fdi").fit([firm], buyers).score([firm], buyers)
    first_two = [rows[buyers[j].key]["name_en"] for j in np.argsort(-scores.fit[0])[:2]]
    assert any("Muster Mode" in name for name in first_two)


def test_distance_knows_commune_neighbours_and_province_and_says_nothing_where_nobody_states_a_place() -> None:
    here = Profile("a", commune="Hoàn Kiếm", province="Hà Nội", near=("Cửa Nam", "Ba Đình"))
    others = [
        Profile("b", commune="Hoan Kiem", province="Ha Noi"),
        Profile("c", commune="Cửa Nam", province="Hà Nội"),
        Profile("d", commune="Sóc Sơn", province="Hà Nội"),
        Profile("e", commune="Thủ Đức", province="Thành phố Hồ Chí Minh"),
        Profile("f"),
    ]
    found = distance(Facts([here]), Facts(others))[0]
    assert found[:4].tolist() == [1.0, 0.85, 0.7, 0.2] and np.isnan(found[4])
