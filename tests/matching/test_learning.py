"""Learning from answers, storing what was learnt, and fair lists."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from matching import fairness, store
from matching.judging import Answers, answer_weights, judge, strengths
from matching.learning import (
    FEW,
    MANY,
    LevelShift,
    MonotoneBoosting,
    ShrunkLogistic,
    candidate,
)  # fmt: skip
from matching.profiles import Part, Profile
from matching.suggestions import Ranker

WEIGHTS = [0.6, 0.3, 0.1]


def answers(count: int, truth: list[float], seed: int = 1) -> Answers:
    """Answers of firms that follow other weights than ours."""
    random = np.random.default_rng(seed)
    values = random.random((count, 3))
    chance = 1 / (1 + np.exp(-8 * (values @ np.array(truth) - 0.5)))
    target = (random.random(count) < chance).astype(float)
    groups, shown = random.integers(0, max(5, count // 8), count), random.integers(1, 20, count)
    return Answers(values, target, groups, shown, np.ones(count, dtype=bool))


@pytest.mark.parametrize(
    ("count", "kind"), [(0, LevelShift), (49, LevelShift), (50, ShrunkLogistic), (300, MonotoneBoosting)]
)
def test_few_answers_move_little(count: int, kind: type) -> None:
    assert isinstance(candidate(count, WEIGHTS), kind)
    assert FEW == 50 and MANY == 300


def test_an_intercept_does_not_change_the_order() -> None:
    known = answers(30, WEIGHTS)
    model = LevelShift(WEIGHTS).fit(known.values, known.target * 0)
    assert model.shift_ < 0
    assert np.array_equal(np.argsort(model.predict(known.values)), np.argsort(known.values @ np.array(WEIGHTS)))


@pytest.mark.parametrize("count", [200, 800])
def test_a_model_is_adopted_when_firms_really_want_something_else(count: int) -> None:
    known = answers(count, [0.0, 0.1, 0.9])
    verdict = judge(known, WEIGHTS)
    assert verdict.adopted and verdict.calibrated and verdict.gap < 0.1
    model = candidate(count, WEIGHTS).fit(known.values, known.target, known.share)
    assert strengths(model, known.values)[2] > 3 * WEIGHTS[2]


def test_few_answers_move_the_level_only_and_are_no_probability() -> None:
    known = answers(40, WEIGHTS)
    rare = known._replace(target=np.where(known.values[:, 0] > 0.85, 1.0, 0.0))
    verdict = judge(rare, WEIGHTS)
    assert verdict.adopted and not verdict.calibrated
    assert verdict.learnt_loss < verdict.hand_loss and verdict.learnt_ndcg == verdict.hand_ndcg


@pytest.mark.parametrize(("count", "most"), [(60, 0.06), (200, 0.03), (400, 0.2)])
def test_one_firms_no_hardly_moves_what_a_later_conference_shows_of_that_pair(count: int, most: float) -> None:
    """The other side could only read a no from a later list if one answer among many moved the pair visibly."""
    known = answers(count, [0.2, 0.2, 0.6])
    for pair in range(0, count, count // 4):
        chances = []
        for said in (0.0, 1.0):
            target = known.target.copy()
            target[pair] = said
            model = candidate(count, WEIGHTS).fit(known.values, target, known.share)
            chances.append(model.predict(known.values[[pair]])[0])
        assert abs(chances[1] - chances[0]) < most


def test_a_model_is_not_adopted_on_noise_or_without_contrast() -> None:
    noise = answers(200, WEIGHTS)
    random = np.random.default_rng(0)
    assert not judge(noise._replace(target=random.permutation(noise.target) * 0), WEIGHTS).adopted
    assert not judge(noise._replace(group=np.zeros(200, dtype=np.intp)), WEIGHTS).adopted


@pytest.mark.parametrize("model", [LevelShift(WEIGHTS), ShrunkLogistic(WEIGHTS), MonotoneBoosting()])
def test_no_scorer_counts_against_a_pair(model: LevelShift) -> None:
    known = answers(400, [0.9, 0.05, 0.05])
    before = known.values.copy()
    assert model.fit(known.values, known.target) is model
    assert np.array_equal(before, known.values)
    higher = np.clip(known.values + np.array([0.2, 0.0, 0.0]), 0, 1)
    low, high = model.predict(known.values), model.predict(higher)
    assert ((low >= 0) & (low <= 1)).all() and (high >= low - 1e-12).all()


@pytest.mark.parametrize("model", [LevelShift(WEIGHTS), ShrunkLogistic(WEIGHTS), MonotoneBoosting()])
def test_a_version_is_stored_without_pickle_and_read_back(model: LevelShift) -> None:
    known = answers(400, [0.1, 0.1, 0.8])
    model.fit(known.values, known.target)
    packed = store.pack(model, {"kind": "bank", "answers": 400})
    assert packed.name == store.pack(model, {"kind": "bank", "answers": 400}).name
    assert packed.name != store.pack(model, {"kind": "bank", "answers": 401}).name
    again = store.unpack(packed)
    assert np.array_equal(again.predict(known.values), model.predict(known.values))
    assert packed.data.startswith(b"PK") and packed.about["kind"] == "bank"


def test_a_version_that_was_changed_or_broken_is_refused() -> None:
    known = answers(100, WEIGHTS)
    packed = store.pack(ShrunkLogistic(WEIGHTS).fit(known.values, known.target), {"kind": "bank"})
    other = store.pack(ShrunkLogistic(WEIGHTS).fit(known.values, 1 - known.target), {"kind": "bank"})
    bad = (
        packed._replace(data=other.data),
        packed._replace(data=packed.data[:40]),
        packed._replace(data=b""),
        packed._replace(data=b"\x80\x04cos\nsystem\n"),
        packed._replace(about={**packed.about, "kind": "fdi"}),
        packed._replace(about={**packed.about, "estimator": "Pipeline"}),
    )
    for one in bad:
        with pytest.raises(ValueError, match=packed.name):
            store.unpack(one)


def test_boosted_trees_as_arrays_give_what_the_library_gives() -> None:
    known = answers(600, [0.3, 0.3, 0.4])
    model = MonotoneBoosting().fit(known.values, known.target)
    assert model.nodes_.shape[0] == 6 and np.isfinite(model.predict(known.values)).all()
    with pytest.raises(NotFittedError):
        MonotoneBoosting().predict(known.values)


def test_reasons_still_add_up_when_the_score_is_learnt() -> None:
    firms = [Profile("a", (Part("need", vi="máy phay CNC"),)), Profile("empty")]
    partners = [Profile("b", (Part("offer", en="CNC milling machine"),))]
    plain = Ranker(kind="technology_supplier").fit(firms, partners)
    weights = list(plain.weights_.values())
    random = np.random.default_rng(3)
    values = random.random((100, len(weights)))
    plain.learnt = ShrunkLogistic(weights).fit(values, (values[:, 0] > 0.5).astype(float))
    scores = plain.score(firms, partners)
    for i, firm in enumerate(firms):
        explanation = plain.explain(firm, partners[0])
        assert explanation.fit == pytest.approx(scores.fit[i, 0], abs=1e-9)
        assert sum(c.value for c in explanation.contributions) == pytest.approx(explanation.fit, abs=1e-9)
    assert plain.describe()["learnt"] == "ShrunkLogistic"


def test_what_stood_low_counts_more_when_answered_and_less_when_passed_over() -> None:
    shown = np.array([1, 2, 40, 10_000])
    weight = answer_weights(shown, np.ones(4, dtype=bool))
    assert weight[0] < weight[1] < weight[2] == weight[3]
    assert weight.mean() == pytest.approx(1)
    silent = answer_weights(shown, np.zeros(4, dtype=bool))
    assert silent[0] > silent[1] > silent[2] == silent[3]


def test_near_doubles_do_not_fill_a_list() -> None:
    alike = np.array([[1, 0.95, 0.0], [0.95, 1, 0.0], [0.0, 0.0, 1]])
    fit = np.array([0.9, 0.88, 0.7])
    assert fairness.diversify(fit, np.array([0, 1, 2, -1]), alike, k=2).tolist() == [0, 2]
    assert fairness.diversify(fit, np.array([0, 1, 2]), alike, k=2, share=0.0).tolist() == [0, 1]


def test_a_lift_is_bounded_reasoned_and_never_opens_a_gate() -> None:
    fit, gate = np.array([[0.5, 0.0], [0.6, 0.4]]), np.array([[0, 4], [0, 0]], np.int8)
    rule = fairness.Lift(frozenset({0}), 0.15, "recognised, no support this year")
    values, reasons = fairness.lifted(fit, gate, [rule])
    assert values.tolist() == [[0.65, 0.0], [0.6, 0.4]] and reasons == {0: (rule.reason,)}
    assert fit[0, 0] == 0.5
    for bad in (rule._replace(amount=0.5), rule._replace(reason=" ")):
        with pytest.raises(ValueError, match="a lift"):
            fairness.lifted(fit, gate, [bad])


def test_exploration_moves_only_the_lower_places_and_repeats() -> None:
    order = np.tile(np.r_[np.arange(9), -1], (50, 1))
    moved = fairness.explored(order, share=0.3, seed=7)
    assert np.array_equal(moved[:, :3], order[:, :3]) and (moved[:, 9] == -1).all()
    assert np.array_equal(np.sort(moved, axis=1), np.sort(order, axis=1)) and not np.array_equal(moved, order)
    assert np.array_equal(moved, fairness.explored(order, share=0.3, seed=7))
    assert np.array_equal(order, fairness.explored(order, share=0.0, seed=7))


def test_exposure_is_told_by_size() -> None:
    told = fairness.exposure(np.array([[0, 1], [0, -1]]), ["small", "large", "small"])
    assert told["small"] == (2, pytest.approx(1.0)) and told["large"][1] == pytest.approx(0.63, abs=0.01)
    assert fairness.exposure(np.empty((0, 0), np.intp), []) == {}
