"""Every estimator keeps scikit-learn's promises."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from matching.background import Background
from matching.learning import LevelShift, MonotoneBoosting, ShrunkLogistic
from matching.profiles import Part, Profile
from matching.scale import Scale
from matching.suggestions import Ranker
from matching.text.esa import ConceptSpace
from matching.text.space import Bilingual, TextSpace
from matching.text.translation import Line, TranslationTable

LINES = [Bilingual("máy phay", "milling machine"), Bilingual("máy tiện", "lathe"), Bilingual("thép", "steel")] * 10
FIRMS = [Profile("a", (Part("need", vi="máy phay"),))]
PARTNERS = [Profile("b", (Part("offer", en="milling machine"),))]
VALUES = np.random.default_rng(0).random((90, 2))
TARGET = (VALUES[:, 0] > 0.5).astype(float)
SPACE = TextSpace().fit([], LINES)

# estimator, what fit takes, and its numbers after fit
CASES = {
    "table": (TranslationTable(), ([Line(["phay"], ["mill"]), Line(["tiện"], ["lath"])],), lambda e: e.table_.data),
    "space": (TextSpace(), ([("máy", "", "")], LINES), lambda e: e.transform([("máy phay", "", "")]).native.data),
    "concepts": (ConceptSpace(), (LINES,), lambda e: e.transform([("máy phay", "", "")]).data),
    "background": (Background(), (LINES, SPACE), lambda e: e.good_),
    "ranker": (Ranker(kind="bank"), (FIRMS, PARTNERS), lambda e: e.score(FIRMS, PARTNERS).fit),
    "scale": (Scale("bank"), (VALUES,), lambda e: e.transform(VALUES)),
    "level": (LevelShift([0.5, 0.5]), (VALUES, TARGET), lambda e: e.predict(VALUES)),
    "logistic": (ShrunkLogistic([0.5, 0.5]), (VALUES, TARGET), lambda e: e.predict(VALUES)),
    "boosting": (MonotoneBoosting(), (VALUES, TARGET), lambda e: e.predict(VALUES)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_estimator_keeps_the_promises(name: str) -> None:
    estimator, given, numbers = CASES[name]
    fresh: BaseEstimator = clone(estimator)
    assert fresh.get_params() == estimator.get_params()
    with pytest.raises(NotFittedError):
        check_is_fitted(fresh)
    with pytest.raises((NotFittedError, AttributeError)):
        numbers(fresh)
    assert fresh.fit(*given) is fresh
    check_is_fitted(fresh)
    assert fresh.get_params() == estimator.get_params()
    assert np.isfinite(numbers(fresh)).all()
    assert np.array_equal(numbers(fresh), numbers(clone(estimator).fit(*given)))
    assert fresh.set_params(**estimator.get_params()) is fresh
