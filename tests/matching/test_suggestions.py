"""The ranker that the site calls: mutual fit, gates, reasons, bad input."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from matching.profiles import Part, Profile
from matching.suggestions import ENGINE_VERSION, Ranker, Scores, top
from matching.weights import GATES, WEIGHTS


def need(vi: str = "", en: str = "", kind: str = "general", **more: object) -> Part:
    return Part("need", kind, vi, en, **more)


def offer(vi: str = "", en: str = "", kind: str = "general", **more: object) -> Part:
    return Part("offer", kind, vi, en, **more)


MILLING = Profile(
    "mill", (need("Cần máy phay CNC 5 trục"), offer("Gia công chi tiết cơ khí chính xác")), sectors=("mechanical",)
)
FOOD = Profile(
    "food", (need("Tìm máy đóng gói thực phẩm"), offer("Bánh kẹo và thực phẩm chế biến")), sectors=("food",)
)
MACHINES = Profile(
    "machines", (offer(en="CNC milling machines, 5-axis machining centres"), need(en="precision machined parts")),
    sectors=("mechanical",),
)  # fmt: skip
PACKING = Profile(
    "packing", (offer(en="Food packaging machines"), need(en="confectionery and processed food producers"))
)
FIRMS, SUPPLIERS = [MILLING, FOOD], [MACHINES, PACKING]


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker(kind="technology_supplier").fit(FIRMS, SUPPLIERS)


def test_needs_meet_offers_across_languages(ranker: Ranker) -> None:
    scores = ranker.score(FIRMS, SUPPLIERS)
    assert scores.fit.argmax(axis=1).tolist() == [0, 1]
    assert scores.fit.dtype == np.float64 and scores.gate.dtype == np.int8
    assert ((scores.fit >= 0) & (scores.fit <= 1)).all() and not scores.gate.any()


def test_a_rival_with_swapped_roles_is_not_the_right_partner() -> None:
    firm = Profile("a", (need("máy ép nhựa"), offer("khay nhựa")))
    partner = Profile("right", (offer(en="injection moulding machine"), need(en="plastic trays")))
    rival = Profile("rival", (need(en="injection moulding machine"), offer(en="plastic trays")))
    scores = Ranker(kind="text").fit([firm], [rival, partner]).score([firm], [rival, partner])
    assert scores.fit[0, 1] > 1.5 * scores.fit[0, 0]


@pytest.mark.parametrize("kind", sorted(WEIGHTS))
def test_reasons_add_up_to_the_fit(kind: str, ranker: Ranker) -> None:
    ranker = ranker.for_kind(kind)
    scores = ranker.score(FIRMS, SUPPLIERS)
    for i, a in enumerate(FIRMS):
        for j, b in enumerate(SUPPLIERS):
            explanation = ranker.explain(a, b)
            assert explanation.fit == pytest.approx(scores.fit[i, j], abs=1e-9)
            assert sum(c.value for c in explanation.contributions) == pytest.approx(explanation.fit, abs=1e-9)


def test_reasons_name_the_phrases_that_met(ranker: Ranker) -> None:
    text = next(c for c in ranker.explain(MILLING, MACHINES).contributions if c.scorer == "text")
    assert ("máy phay CNC", "CNC milling machines") in text.terms
    sector = next(c for c in ranker.explain(MILLING, MACHINES).contributions if c.scorer == "sector")
    assert sector.codes == ("mechanical",) and sector.known


def test_advice_says_what_is_missing(ranker: Ranker) -> None:
    advice = ranker.explain(Profile("x", (need("máy"),)), MACHINES).advice
    assert set(advice) == {
        "add_offers", "describe_parts", "add_english", "add_sectors", "add_languages", "add_markets",
    }  # fmt: skip


def test_gates_close_a_pair_and_say_which() -> None:
    loan = {"kind": "loan", "vi": "vay vốn lưu động"}
    asking = Profile("asking", (need(**loan, amount=(20e9, 30e9)),), group="g")
    small = Profile("small", (offer(**loan, amount=(None, 5e9)),))
    big = Profile("big", (offer(**loan, amount=(10e9, None)),))
    family = Profile("family", (offer(**loan),), group="g")
    refused = Profile("refused", (offer(**loan),), declined=("asking",))
    banks = [small, big, family, refused, asking]
    ranker = Ranker(kind="bank").fit([asking], banks)
    scores = ranker.score([asking], banks)
    assert [GATES[code] for code in scores.gate[0]] == [
        "loan_range",
        "open",
        "same_group",
        "declined",
        "same_profile",
    ]
    assert (scores.fit[0] > 0).tolist() == [False, True, False, False, False]
    explanation = ranker.explain(asking, small)
    assert explanation.fit == 0 and explanation.gates == ("loan_range",)
    assert top(scores, 3).tolist() == [[1, -1, -1]]


def test_a_required_certificate_closes_only_where_it_is_required() -> None:
    buyer = Profile("buyer", (need(en="stamped parts", kind="part", certificates=("IATF 16949:2016",)),))
    with_it = Profile("with", (offer("chi tiết dập", kind="part"),), certificates=("iatf16949",))
    without = Profile("without", (offer("chi tiết dập", kind="part"),), certificates=("ISO 9001",))
    firms = [with_it, without]
    gate = Ranker(kind="fdi").fit(firms, [buyer]).score(firms, [buyer]).gate
    assert [GATES[code] for code in gate[:, 0]] == ["open", "certificate"]
    assert not Ranker(kind="university").fit(firms, [buyer]).score(firms, [buyer]).gate.any()


def test_the_same_profiles_give_the_same_numbers(ranker: Ranker) -> None:
    again = Ranker(kind="technology_supplier").fit(FIRMS, SUPPLIERS).score(FIRMS, SUPPLIERS)
    assert np.array_equal(again.fit, ranker.score(FIRMS, SUPPLIERS).fit)


def test_nobody_swallows_every_list() -> None:
    fit = np.array([[0.9, 0.85, 0.1], [0.9, 0.1, 0.85], [0.9, 0.2, 0.2]])
    scores = Scores(fit, np.zeros(fit.shape, np.int8), fit.mean(axis=0))
    assert top(scores, 1, hub=0).ravel().tolist() == [0, 0, 0]
    assert top(scores, 1, hub=0.3).ravel().tolist() == [1, 2, 0]
    with pytest.raises(ValueError, match="0 or more"):
        top(scores, -1)


def test_the_audit_knows_version_weights_and_inputs(ranker: Ranker) -> None:
    told = ranker.describe()
    assert told["engine"] == ENGINE_VERSION and told["kind"] == "technology_supplier"
    assert sum(told["weights"].values()) == pytest.approx(1)
    assert told["inputs"]["profiles_a"] == 2


NAN = float("nan")
NASTY = {
    "nothing": Profile("p"),
    "empty texts": Profile("p", (need(), offer("   "))),
    "one word": Profile("p", (need("máy"), offer(en="steel"))),
    "numbers": Profile("p", (need("123 456,78"), offer(en="9001 1.000.000"))),
    "emoji": Profile("p", (need("🏭🔧 máy"), offer("👍"))),
    "mark-up": Profile("p", (need("<script>alert(1)</script> máy &amp; thép"), offer(en="<b>steel</b>"))),
    "control characters": Profile("p", (need("má\x00y \u202ephay\u200b"), offer("\ufeff\x07"))),
    "Japanese": Profile("p", (Part("need", other="旋盤とフライス盤"), Part("offer", other="精密部品"))),
    "mixed": Profile("p", (need("gia công CNC machining cho OEM 日本 customers"),)),
    "duplicates": Profile("p", (need("máy phay"),) * 30),
    "not a number": Profile("p", (need("vay", kind="loan", amount=(NAN, float("inf"))),), revenue=NAN),
    "unknown kind": Profile("p", (need("máy", kind="whatever"),), hs=("x", ""), vsic=("", "C")),
    "surrogate": Profile("p", (need("m\ud800áy"),)),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["bank", "fdi", "technology_supplier"])
def test_whatever_people_type_the_score_is_a_number(kind: str) -> None:
    profiles = list(NASTY.values())
    ranker = Ranker(kind=kind).fit(profiles, SUPPLIERS)
    fit = ranker.score(profiles, SUPPLIERS).fit
    assert np.isfinite(fit).all() and ((fit >= 0) & (fit <= 1)).all()
    for profile in profiles:
        explanation = ranker.explain(profile, MACHINES)
        assert sum(c.value for c in explanation.contributions) == pytest.approx(explanation.fit, abs=1e-9)


def test_a_very_long_text_is_read_in_time() -> None:
    profile = Profile("long", (need("máy phay đứng năm trục " * 25_000),))
    assert np.isfinite(Ranker(kind="text").fit([profile], SUPPLIERS).score([profile], SUPPLIERS).fit).all()


def test_no_profiles_give_an_empty_answer(ranker: Ranker) -> None:
    assert ranker.score([], SUPPLIERS).fit.shape == (0, 2)
    assert ranker.score(FIRMS, []).fit.shape == (2, 0)
    assert Ranker().fit([], []).score(FIRMS, SUPPLIERS).fit.shape == (2, 2)


def test_mistakes_of_the_caller_are_told() -> None:
    with pytest.raises(NotFittedError):
        Ranker().score(FIRMS, SUPPLIERS)
    with pytest.raises(ValueError, match="no such scorer: magic"):
        Ranker(weights={"magic": 1.0}).fit(FIRMS, SUPPLIERS)
    with pytest.raises(ValueError, match="a need or an offer"):
        Part("wish")
    with pytest.raises(TypeError, match="is text"):
        Part("need", vi=None)
    with pytest.raises(ValueError, match="needs a key"):
        Profile("")
    with pytest.raises(TypeError, match="a tuple of text"):
        Profile("p", sectors="food")


def test_every_kind_has_weights_that_sum_to_one() -> None:
    assert all(sum(row.values()) == pytest.approx(1) for row in WEIGHTS.values())
