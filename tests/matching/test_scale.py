"""One scale for all kinds of partner."""

import numpy as np
import pytest

from matching.profiles import Part, Profile
from matching.scale import USUAL, Scale
from matching.suggestions import Ranker


def test_kinds_whose_raw_fits_lie_apart_read_alike_on_the_common_scale() -> None:
    random = np.random.default_rng(1)
    high, low = random.beta(4, 4, 20_000), random.beta(2, 10, 20_000)
    scaled = [Scale("bank").fit(high).transform(high), Scale("university").fit(low).transform(low)]
    for values in scaled:
        assert np.quantile(values, [0.5, 0.9, 0.98]) == pytest.approx([0.2, 0.4, 0.6], abs=0.02)


def test_the_scale_never_changes_an_order_and_stays_between_0_and_1() -> None:
    values = np.random.default_rng(2).random(500)
    raw = np.sort(np.r_[0.0, 1e-6, values, 1.0])
    for background in (values, np.full(400, 0.25), np.zeros(400), np.ones(3), np.array([])):
        read = Scale("fdi").fit(background).transform(raw)
        assert np.isfinite(read).all() and read.min() >= 0 and read.max() <= 1 and read[0] == 0
        assert (np.diff(read) >= 0).all()


def test_little_background_leaves_the_usual_points_and_a_scale_is_read_back_as_described() -> None:
    assert Scale("bank").fit(np.array([])).describe() == pytest.approx(USUAL["bank"], abs=1e-6)
    few = Scale("bank").fit(np.array([0.1, 0.2, 0.3]))
    assert few.describe() == pytest.approx(USUAL["bank"], abs=0.02)
    again = Scale.of("bank", few.describe())
    assert again.transform(np.array([0.3, 0.9])) == pytest.approx(few.transform(np.array([0.3, 0.9])), abs=1e-5)


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
