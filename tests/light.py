"""What makes the engine light in tests that are not about it: few lines to learn from, and what was learnt kept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import Any

from matching.profiles import Profile
from matching.resources_lines import shipped_lines
from matching.suggestions import Ranker
from matching.text.encoder import SETTING

MOST_KEPT = 24  # the small conference of the tests is learnt from by hundreds of them

_learn = Ranker.fit
_kept: dict[Any, dict[str, Any]] = {}


@cache
def few_lines() -> Sequence[Any]:
    """Every eighth line of the shipped glossary: a fit costs a tenth."""
    return shipped_lines()[::8]


def fit_once(self: Ranker, profiles_a: Sequence[Profile], profiles_b: Sequence[Profile], **more: Any) -> Ranker:
    """`Ranker.fit`; called as the site calls it, it learns from the same profiles once."""
    if more or self.weights or os.environ.get(SETTING):
        return _learn(self, profiles_a, profiles_b, **more)
    parts = tuple(tuple(profile.parts for profile in side) for side in (profiles_a, profiles_b))
    key = (self.kind, parts)
    if key not in _kept:
        learnt = vars(_learn(self, profiles_a, profiles_b))
        _kept[key] = {name: value for name, value in learnt.items() if name.endswith("_")}
        if len(_kept) > MOST_KEPT:
            _kept.pop(next(iter(_kept)))
    vars(self).update(_kept[key])
    return self
