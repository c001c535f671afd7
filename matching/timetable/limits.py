"""Something in the way, named as data: of a minimum that cannot be met, or of pinned meetings that clash."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Constraint:
    """Something that could be relaxed.

    kind: capacity (of `participant`, who is there in `slots`), allowed (the slots of `pair`), forbidden (`pair`), row
    (meetings in a row of `participant`), maximum (of `participant`), tables (of `participant`, None: the free ones),
    interpreter (of `language`), pin (`pair` has to meet), minimum (of `participant`), past (`pair` should have met in
    `slots`, which are over).
    """

    kind: str
    participant: int | None = None
    pair: int | None = None
    language: str | None = None
    slots: tuple[int, ...] = ()
