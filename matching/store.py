"""Versions of a model as plain arrays and JSON, never pickle: written once, named by their content, reversible."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.learning import LevelShift, MonotoneBoosting, ShrunkLogistic

FORMAT = "matching-model/1"


class Stored(NamedTuple):
    """A model on disk: its name (a hash of the content), what it was fitted on, and its numbers."""

    name: str
    about: dict[str, Any]
    arrays: dict[str, NDArray[np.float64]]


def save(folder: Path, about: dict[str, Any], arrays: dict[str, NDArray[np.float64]]) -> str:
    """Write a version and return its name; the same content gives the same name and is written once."""
    digest = hashlib.sha256(json.dumps(about, sort_keys=True, ensure_ascii=False).encode())
    for key in sorted(arrays):
        digest.update(key.encode() + np.ascontiguousarray(arrays[key], dtype="<f8").tobytes())
    name = digest.hexdigest()[:16]
    target = folder / name
    if not target.exists():
        draft = folder / f"{name}.draft"
        draft.mkdir(parents=True, exist_ok=True)
        np.savez(draft / "arrays.npz", allow_pickle=False, **arrays)
        text = json.dumps({"format": FORMAT, **about}, ensure_ascii=False, indent=1)
        (draft / "about.json").write_text(text, encoding="utf-8")
        draft.rename(target)
    return name


def load(folder: Path, name: str) -> Stored:
    """Read a version. Raises ValueError when it is not one of ours, OSError when it is not there."""
    if not (len(name) == 16 and all(c in "0123456789abcdef" for c in name)):
        raise ValueError(f"not the name of a model: {name!r}")
    about = json.loads((folder / name / "about.json").read_text(encoding="utf-8"))
    if about.pop("format", None) != FORMAT:
        raise ValueError(f"{name} is not a {FORMAT}")
    with np.load(folder / name / "arrays.npz", allow_pickle=False) as found:
        return Stored(name, about, {key: found[key] for key in found.files})


def save_model(folder: Path, model: LevelShift | ShrunkLogistic | MonotoneBoosting, about: dict[str, Any]) -> str:
    """Store a learnt model with what it was fitted on (kind, scorers in order, answers, quality); returns its
    name."""
    told = {**about, "estimator": type(model).__name__, "parameters": _plain(model.get_params())}
    fitted = {name: np.asarray(getattr(model, name), dtype=np.float64) for name in _FITTED[type(model).__name__]}
    return save(folder, told, fitted)


def load_model(folder: Path, name: str) -> LevelShift | ShrunkLogistic | MonotoneBoosting:
    """The model that `save_model` stored, ready to predict. Raises ValueError as `load` does."""
    stored = load(folder, name)
    kinds = {kind.__name__: kind for kind in (LevelShift, ShrunkLogistic, MonotoneBoosting)}
    kind = kinds.get(stored.about["estimator"])
    if kind is None:
        raise ValueError(f"{name} holds an unknown estimator")
    model = kind(**stored.about["parameters"])
    for attribute in _FITTED[kind.__name__]:
        value = stored.arrays[attribute]
        setattr(model, attribute, value if value.ndim else float(value))
    return model


_FITTED = {
    "LevelShift": ("shift_",),
    "ShrunkLogistic": ("coefficients_",),
    "MonotoneBoosting": ("start_", "nodes_", "calibration_"),
}


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        k: [float(x) for x in v] if isinstance(v, (list, tuple, np.ndarray)) else v for k, v in parameters.items()
    }
