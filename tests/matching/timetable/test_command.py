import copy
import io
import json

import pytest

from matching.__main__ import main

GOOD = {
    "format": "meeting-instance/2",
    "slots": 2,
    "score_scale": 10000,
    "shortfall_weight": 20000,
    "participants": [
        {"id": "f0", "side": "firm", "min": 0, "max": 2, "capacity": [1, 1]},
        {"id": "p0", "side": "partner", "min": 0, "max": 2, "capacity": [1, 0]},
    ],
    "tables": [{"id": "t0", "x": 0.0, "y": 0, "owner": None, "seats": 1, "closed": []}],
    "interpreters": {"ko": [1, 1]},
    "pairs": {"a": [0], "b": [1], "score": [8000], "language": ["ko"], "slots": [None]},
    "must": [],
    "fixed": [],
    "forbidden": [],
    "idle_limit": None,
}


def run(monkeypatch, capsys, instance, *arguments):
    text = instance if isinstance(instance, str) else json.dumps(instance)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    status = main(["timetable", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


def changed(**changes):
    instance = copy.deepcopy(GOOD)
    for path, value in changes.items():
        *way, last = path.split("__")
        place = instance
        for key in way:
            place = place[int(key) if key.isdigit() else key]
        place[int(last) if last.isdigit() else last] = value
    return instance


def test_an_instance_becomes_a_timetable(monkeypatch, capsys):
    status, out, err = run(monkeypatch, capsys, GOOD)
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert answer["format"] == "meeting-timetable/2"
    assert answer["meetings"] == [{"pair": 0, "slot": 0, "table": 0}]
    assert (answer["bound"], answer["proven"], answer["proven_idle"]) == (8000, True, True)


@pytest.mark.parametrize(
    ("instance", "place"),
    [
        ("{", "instance"),
        ("[]", "instance"),
        (json.dumps(GOOD).replace("8000", "NaN"), "instance: NaN"),
        (changed(format="meeting-instance/1"), "format"),
        (changed(slots=0), "slots"),
        (changed(slots=3), "participants[0]"),
        (changed(participants=[]), "participants"),
        (changed(tables=[]), "tables"),
        (changed(tables__0__owner=2), "tables[0]"),
        (changed(tables__0__x=None), "tables[0].x"),
        (changed(tables__0__closed=[2]), "tables[0]"),
        (changed(participants__0__capacity=[1]), "participants[0]"),
        (changed(participants__0__min=3), "participants[0]"),
        (changed(participants__1__capacity=[1, True]), "participants[1].capacity[1]"),
        (changed(pairs={"a": [], "b": [], "score": [], "language": [], "slots": []}), "pairs"),
        (changed(pairs__a=[2]), "pairs[0]"),
        (changed(pairs__b=[0]), "pairs[0]"),
        (changed(pairs__b=[]), "pairs"),
        (changed(pairs__score=[-1]), "pairs.score[0]"),
        (changed(pairs__score=[0.5]), "pairs.score[0]"),
        (changed(pairs__score=[10**30]), "pairs.score[0]"),
        (changed(pairs__language=["fr"]), "pairs[0]"),
        (changed(pairs__slots=[[2]]), "pairs[0]"),
        (changed(interpreters__ko=[1]), "interpreters['ko']"),
        (changed(must=[1]), "must[0]"),
        (changed(fixed=[[0, 1]]), "fixed[0]: participant 1 is away"),
        (changed(fixed=[[0, 0]], pairs__slots=[[1]]), "fixed[0]: pair 0 is not allowed"),
        (changed(must=[0], participants__0__max=0), "participants[0]"),
        (changed(must=[0], forbidden=[[1, 0]]), "pairs[0]"),
        (changed(must=[0], participants__1__capacity=[0, 0]), "pairs[0]"),
        (changed(blocks=[2]), "blocks"),
        (changed(idle_limit=-1), "idle_limit"),
    ],
)
def test_bad_input_is_told_in_one_sentence_that_names_the_place(monkeypatch, capsys, instance, place):
    status, out, err = run(monkeypatch, capsys, instance)
    assert (status, out) == (2, "")
    assert err.startswith(place)
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_pins_that_cannot_be_kept_are_told_in_words(monkeypatch, capsys):
    instance = changed(must=[0], interpreters__ko=[0, 1])
    status, out, err = run(monkeypatch, capsys, instance)
    assert (status, out) == (1, "")
    assert "f0 with p0" in err


@pytest.mark.parametrize(
    ("previous", "trouble"),
    [
        ({"format": "meeting-timetable/2", "meetings": [{"pair": 1, "slot": 0, "table": 0}]}, "belongs to another"),
        ({"format": "meeting-timetable/2", "meetings": [{"pair": 0, "slot": 0}]}, "meetings[0].table"),
        ({"format": "meeting-timetable/2", "meetings": [{"pair": 0, "slot": 0, "table": 0}] * 2}, "meets twice"),
        ({}, "format"),
    ],
)
def test_a_previous_timetable_that_is_none_is_refused(monkeypatch, capsys, tmp_path, previous, trouble):
    path = tmp_path / "old.json"
    path.write_text(json.dumps(previous))
    status, out, err = run(monkeypatch, capsys, GOOD, "--previous", path, "--from-slot", 1)
    assert (status, out) == (2, "")
    assert trouble in err


def test_slots_outside_the_event_and_missing_files_are_refused(monkeypatch, capsys, tmp_path):
    assert run(monkeypatch, capsys, GOOD, "--from-slot", 1)[0] == 2
    assert run(monkeypatch, capsys, GOOD, "--previous", tmp_path / "none.json")[0] == 2


def test_an_unknown_command_shows_the_usage(capsys):
    assert main(["nothing"]) == 2
    assert "usage" in capsys.readouterr().err
