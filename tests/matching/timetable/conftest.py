"""The independent verifier and generator, read from REFEREE_DIR; tests that need them skip visibly without it."""

import importlib
import os
import sys
from types import SimpleNamespace

import pytest

from matching.timetable import Pairs, Participant, Problem, Table


@pytest.fixture(scope="session")
def referee():
    folder = os.environ.get("REFEREE_DIR")
    if not folder:
        pytest.skip("REFEREE_DIR is not set: the independent verifier is not at hand")
    sys.path.insert(0, folder)
    try:
        return SimpleNamespace(
            verify=importlib.import_module("verify").verify,
            generate=importlib.import_module("instance").generate,
            unreadable=importlib.import_module("verify").Unreadable,
            folder=folder,
        )
    finally:
        sys.path.remove(folder)


@pytest.fixture
def event():
    """Two firms and two partners who may all meet, one free table with two seats; keywords replace fields."""

    def make(slots=3, **more):
        people = tuple(
            Participant(name, 0, 3, (1,) * slots, side)
            for name, side in (("f0", "firm"), ("f1", "firm"), ("p0", "partner"), ("p1", "partner"))
        )
        fields = {
            "slots": slots,
            "participants": people,
            "tables": (Table("t0", seats=2),),
            "pairs": Pairs.of([(0, 2, 9000), (0, 3, 5000), (1, 2, 7000), (1, 3, 100)]),
        }
        return Problem(**{**fields, **more})

    return make
