"""Versions of a model as plain arrays and JSON, never pickle: named by their content, so that a change is noticed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.learning import LevelShift, MonotoneBoosting, ShrunkLogistic

FORMAT = "matching-model/1"
Model = LevelShift | ShrunkLogistic | MonotoneBoosting
Arrays = dict[str, NDArray[np.float64]]


class Packed(NamedTuple):
    """A model to keep: its name (a hash of the content), what it was fitted on (JSON), and its numbers (NPZ)."""

    name: str
    about: dict[str, Any]
    data: bytes


def pack(model: Model, about: dict[str, Any]) -> Packed:
    """A learnt model with what it was fitted on (kind, scorers in order, answers, quality).

    The same content gives the same name.
    """
    told = {
        **about, "format": FORMAT, "estimator": type(model).__name__, "parameters": _plain(model.get_params()),
    }  # fmt: skip
    arrays = {name: np.asarray(getattr(model, name), dtype="<f8") for name in _FITTED[type(model).__name__]}
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return Packed(_name(told, arrays), told, file.getvalue())


def unpack(packed: Packed) -> Model:
    """The model, ready to predict. Raises ValueError when it is not what its name says, or not one of ours."""
    about = packed.about
    kind = {kind.__name__: kind for kind in (LevelShift, ShrunkLogistic, MonotoneBoosting)}.get(
        str(about.get("estimator"))
    )
    if about.get("format") != FORMAT or kind is None:
        raise ValueError(f"{packed.name} is not a {FORMAT} that this engine knows")
    try:
        with np.load(io.BytesIO(packed.data), allow_pickle=False) as found:
            arrays = {key: found[key] for key in found.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as err:
        raise ValueError(f"{packed.name} cannot be read") from err
    if _name(about, arrays) != packed.name:
        raise ValueError(f"{packed.name} is not what its name says")
    model = kind(**about["parameters"])
    for attribute in _FITTED[kind.__name__]:
        value = arrays[attribute]
        setattr(model, attribute, value if value.ndim else float(value))
    return model


def _name(about: dict[str, Any], arrays: Arrays) -> str:
    digest = hashlib.sha256(json.dumps(about, sort_keys=True, ensure_ascii=False).encode())
    for key in sorted(arrays):
        digest.update(key.encode() + np.ascontiguousarray(arrays[key], dtype="<f8").tobytes())
    return digest.hexdigest()[:16]


_FITTED = {
    "LevelShift": ("shift_",),
    "ShrunkLogistic": ("coefficients_",),
    "MonotoneBoosting": ("start_", "nodes_", "calibration_"),
}


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    return {
        k: [float(x) for x in v] if isinstance(v, (list, tuple, np.ndarray)) else v for k, v in parameters.items()
    }
