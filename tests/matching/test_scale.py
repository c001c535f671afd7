"""One scale for all kinds of partner."""

import numpy as np
import pytest

from matching.profiles import Part, Profile
from matching.scale import USUAL, Scale
from matching.suggestions import Ranker


def test_kinds_whose_raw_fits_lie_apart_get_first_places_by_the_number_of_their_partners() -> None:
    """Loans fit all banks or none, and lie high; texts fit one institute at a time, and lie low."""
    random = np.random.default_rng(1)
    bank = np.clip(random.choice([0.35, 0.65], (400, 1)) + random.normal(0, 0.03, (400, 8)), 0, 1)
    institute = random.beta(2, 10, (400, 8))
    assert (bank.max(axis=1) > institute.max(axis=1)).mean() > 0.8
    scaled = [Scale("bank").fit(bank).transform(bank), Scale("institute").fit(institute).transform(institute)]
    assert 0.3 < (scaled[0].max(axis=1) > scaled[1].max(axis=1)).mean() < 0.7
    assert np.quantile(scaled[1], [0.5, 0.9, 0.98]) == pytest.approx([0.2, 0.4, 0.6], abs=0.06)


def test_the_scale_never_changes_an_order_and_stays_between_0_and_1() -> None:
    values = np.random.default_rng(2).random((50, 10))
    raw = np.sort(np.r_[0.0, 1e-6, values.ravel(), 1.0])
    backgrounds = (
        values,
        values[:, :1],
        np.full((40, 9), 0.25),
        np.zeros((40, 9)),
        np.ones((1, 3)),
        np.zeros((0, 4)),
    )
    for background in backgrounds:
        read = Scale("fdi").fit(background).transform(raw)
        assert np.isfinite(read).all() and read.min() >= 0 and read.max() <= 1 and read[0] == 0
        assert (np.diff(read) >= 0).all()


def test_closed_pairs_do_not_count_in_the_background() -> None:
    values = np.random.default_rng(3).random((50, 10))
    closed = np.zeros(values.shape, dtype=bool)
    closed[:, :4] = True
    with_closed = Scale("bank").fit(np.where(closed, 0.99, values), closed)
    assert with_closed.describe() == Scale("bank").fit(values[:, 4:]).describe()
    assert (
        Scale("bank").fit(values, np.ones(values.shape, dtype=bool)).describe()
        == Scale("bank").fit(np.zeros((0, 1))).describe()
    )


def test_little_background_leaves_the_usual_points_and_a_scale_is_read_back_as_described() -> None:
    usual = Scale("bank").fit(np.zeros((0, 3)))
    assert [raw for raw, _read in usual.describe()] == pytest.approx(USUAL["bank"], abs=1e-6)
    few = Scale("bank").fit(np.array([[0.1, 0.2, 0.3]]))
    raw = np.linspace(0.3, 0.8, 20)
    assert few.transform(raw) == pytest.approx(usual.transform(raw), abs=0.05)
    again = Scale.of("bank", few.describe())
    assert again.transform(raw) == pytest.approx(few.transform(raw), abs=1e-3)


def test_reasons_add_up_on_the_common_scale_and_tell_what_each_scorer_said() -> None:
    firms = [Profile("a", (Part("need", "equipment", vi="máy phay CNC"),)), Profile("empty")]
    partners = [Profile("b", (Part("offer", "equipment", en="CNC milling machine"),))]
    ranker = Ranker("technology_supplier").fit(firms, partners)
    raw = ranker.score(firms, partners).fit
    ranker.scale = Scale("technology_supplier").fit(raw)
    scores = ranker.score(firms, partners)
    assert not np.allclose(raw, scores.fit) and np.array_equal(np.argsort(raw[:, 0]), np.argsort(scores.fit[:, 0]))
    for i, firm in enumerate(firms):
        told = ranker.explain(firm, partners[0])
        assert sum(c.value for c in told.contributions) == pytest.approx(scores.fit[i, 0], abs=1e-9)
        shares = {c.scorer: c.share for c in told.contributions}
        assert sum(ranker.weights_[name] * share for name, share in shares.items()) == pytest.approx(raw[i, 0])
    assert ranker.describe()["scale"] == ranker.scale.describe()
    assert ranker.for_kind("bank").scale is None
