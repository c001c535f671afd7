"""The operator's own encoder: off by default, told when it cannot be had, refused when it does not help."""

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from matching import suggestions
from matching.profiles import Part, Profile
from matching.resources_lines import shipped_lines
from matching.suggestions import Ranker
from matching.text.encoder import SETTING, EncoderError

# Words that no resource knows, so that only an encoder can tell which belong together.
FIRMS = [Profile(f"f{i}", (Part("need", vi=f"cần thứ zq{i}x", en=f"wanted is wk{i}y"),)) for i in range(40)]
PARTNERS = [Profile(f"p{i}", (Part("offer", en=f"wk{i}y"),)) for i in range(40)]


@pytest.fixture(autouse=True)
def few_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """No word of these tests is in the glossary, so a part of it is enough and quick to learn."""
    monkeypatch.setattr(suggestions, "shipped_lines", lambda: shipped_lines()[:500])


def install(monkeypatch: pytest.MonkeyPatch, folder: Path, *, clever: bool) -> None:
    """A module that implements what is used of sentence-transformers."""

    class SentenceTransformer:
        def __init__(self, path: str) -> None:
            assert path == str(folder)

        def encode(self, texts: list[str]) -> np.ndarray:
            numbers = [int("".join(c for c in text if c.isdecimal()) or 0) for text in texts]
            return np.eye(64)[numbers] if clever else np.ones((len(texts), 64))

    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = SentenceTransformer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    monkeypatch.setenv(SETTING, str(folder))


def test_an_encoder_that_helps_is_used_and_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, tmp_path, clever=True)
    ranker = Ranker(kind="text").fit(FIRMS, PARTNERS)
    told = ranker.describe()["encoder"]
    assert told["used"] and told["with_encoder"] > told["without"]
    scores = ranker.score(FIRMS, PARTNERS)
    assert scores.fit.argmax(axis=1).tolist() == list(range(40))
    explanation = ranker.explain(FIRMS[3], PARTNERS[3])
    assert explanation.fit == pytest.approx(scores.fit[3, 3], abs=1e-9)
    assert sum(c.value for c in explanation.contributions) == pytest.approx(explanation.fit, abs=1e-9)


def test_an_encoder_that_does_not_help_is_refused_and_said_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without = Ranker(kind="text").fit(FIRMS, PARTNERS).score(FIRMS, PARTNERS).fit
    install(monkeypatch, tmp_path, clever=False)
    ranker = Ranker(kind="text").fit(FIRMS, PARTNERS)
    told = ranker.describe()["encoder"]
    assert not told["used"] and "does not find more" in told["reason"]
    assert np.array_equal(ranker.score(FIRMS, PARTNERS).fit, without)


def test_too_few_bilingual_texts_cannot_judge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, tmp_path, clever=True)
    told = Ranker(kind="text").fit(FIRMS[:5], PARTNERS).describe()["encoder"]
    assert not told["used"] and "fewer than" in told["reason"]


def test_what_cannot_be_had_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert Ranker(kind="text").fit(FIRMS, PARTNERS).describe()["encoder"] is None
    monkeypatch.setenv(SETTING, str(tmp_path / "nowhere"))
    with pytest.raises(EncoderError, match="no directory"):
        Ranker(kind="text").fit(FIRMS, PARTNERS)
    monkeypatch.setenv(SETTING, str(tmp_path))
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError, match="not installed"):
        Ranker(kind="text").fit(FIRMS, PARTNERS)
