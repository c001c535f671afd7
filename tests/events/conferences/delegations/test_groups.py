"""Who travels together, as tables of cases."""

from __future__ import annotations

import pytest

from events.conferences.delegations.rules import Member, groups
from events.conferences.enums import Wish

MUST, YES, NO = Wish.MUST, Wish.YES, Wish.NO


@pytest.mark.parametrize(
    ("members", "size", "together"),
    [
        ([], 10, []),
        ([(1, 2, {}), (2, 2, {})], 10, [[1, 2]]),
        ([(1, 2, {}), (2, 2, {}), (3, 2, {}), (4, 2, {})], 4, [[1, 3], [2, 4]]),  # evenly where nothing is wished
        ([(1, 2, {7: MUST}), (2, 2, {8: MUST}), (3, 2, {7: YES}), (4, 2, {8: YES})], 4, [[1, 3], [2, 4]]),
        ([(1, 2, {7: MUST}), (2, 2, {7: NO}), (3, 2, {7: YES}), (4, 2, {7: NO})], 4, [[1, 3], [2, 4]]),
        ([(1, 2, {7: MUST}), (2, 2, {7: YES}), (3, 2, {7: NO}), (4, 2, {7: NO})], 4, [[1, 2], [3, 4]]),
        ([(1, 12, {}), (2, 1, {})], 10, [[1], [2]]),  # larger than a group: by itself
        ([(1, 3, {}), (2, 3, {}), (3, 3, {})], 5, [[1], [2], [3]]),  # no member is split to fill a group
    ],
)
def test_members_alike_in_what_they_wish_travel_together(members, size, together):
    found = groups([Member(*member) for member in members], size=size)
    assert [[m.key for m in group] for group in found] == together
