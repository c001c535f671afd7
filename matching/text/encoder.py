"""An optional neural encoder that the operator provides: off unless MATCHING_ENCODER_DIR names a model's directory.

It is used only when it helps on the site's own bilingual profiles; nothing is ever fetched from outside.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.text.space import Bilingual

Matrix = NDArray[np.float64]
SETTING = "MATCHING_ENCODER_DIR"
FEWEST_LINES = 30  # fewer bilingual texts cannot tell whether an encoder helps
SHARE = 0.3  # of the encoder in the mix with the words
HELPS = 0.01  # gain in mean reciprocal rank below which it is not worth its time


class EncoderError(RuntimeError):
    """The encoder was asked for and cannot be had; the text says what to do."""


class Encoder:
    """Texts to vectors of length 1 by a sentence-transformers model in a directory, loaded at the first text."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._model: Any = None
        self._known: dict[str, Matrix] = {}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Encoder | None:
        """The encoder that the operator named, or None when there is none."""
        named = environment.get(SETTING, "").strip()
        return cls(Path(named)) if named else None

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Vectors (n, dimensions) of length 1. Raises EncoderError when the model cannot be loaded."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:  # kept, because a model's numbers change a little with what stands beside a text
            self._known.update(zip(new, self._encode(new), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float64)

    def _encode(self, texts: list[str]) -> Matrix:
        vectors = np.asarray(self._loaded().encode(texts), dtype=np.float64)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise EncoderError(f"the model in {self.directory} gives no usable vectors")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Matrix = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
        return unit

    def _loaded(self) -> Any:
        if self._model is None:
            if not self.directory.is_dir():
                raise EncoderError(f"{SETTING} names {self.directory}, which is no directory")
            try:
                library = import_module("sentence_transformers")
            except ImportError as error:
                raise EncoderError(f"{SETTING} is set, but sentence-transformers is not installed") from error
            try:
                self._model = library.SentenceTransformer(str(self.directory))
            except (OSError, ValueError) as error:
                raise EncoderError(f"no model can be read from {self.directory}: {error}") from error
        return self._model


class Verdict(NamedTuple):
    """Whether an encoder is used, and the mean reciprocal ranks without and with it."""

    used: bool
    without: float
    with_encoder: float
    reason: str


def judge(encoder: Encoder, lines: Sequence[Bilingual], words: Matrix) -> Verdict:
    """Whether the encoder helps Vietnamese texts find their English half, on bilingual texts not learnt from.

    `words`: similarity (n, n) of each Vietnamese half with each English one by the words alone. Raises EncoderError.
    """
    if len(lines) < FEWEST_LINES:
        return Verdict(False, float("nan"), float("nan"), f"fewer than {FEWEST_LINES} bilingual texts to judge by")
    meaning = encoder.encode([line.vi for line in lines]) @ encoder.encode([line.en for line in lines]).T
    before, after = reciprocal_rank(words), reciprocal_rank(mixed(words, meaning))
    used = after >= before + HELPS
    return Verdict(used, before, after, "it finds more" if used else "it does not find more than the words alone")


def mixed(words: Matrix, meaning: Matrix) -> Matrix:
    """Similarity by words in [0, 1] mixed with cosines of the encoder, those below 0 counting as 0."""
    return (1 - SHARE) * words + SHARE * np.clip(meaning, 0.0, 1.0)


def reciprocal_rank(scores: Matrix) -> float:
    """Mean reciprocal rank of the diagonal; a tie counts half."""
    right = np.diag(scores)[:, None]
    place = 1 + (scores > right).sum(axis=1) + ((scores == right).sum(axis=1) - 1) / 2
    return float((1 / place).mean())
