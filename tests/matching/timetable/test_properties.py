"""Odd instances, thrown at the solver and the independent verifier alike."""

import copy
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.timetable import ProblemError, violations
from matching.timetable.constraints import objective, total_idle_runs
from matching.timetable.formats import read_problem, write_timetable
from matching.timetable.problem import InfeasiblePins
from matching.timetable.solve import solve

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@st.composite
def instances(draw):
    dice = random.Random(draw(st.integers(0, 10**9)))
    slots, people = dice.randint(1, 5), dice.randint(2, 8)

    def row(top):
        return [dice.choice([0, 1, *range(1, top + 1)]) for _ in range(slots)]

    participants = []
    for v in range(people):
        low = dice.choice([0, 0, 1, 2])
        participants.append(
            {
                "id": f"v{v}",
                "side": dice.choice([None, "firm", "partner"]),
                "min": low,
                "max": low + dice.choice([0, 1, 2, 3, 5]),
                "capacity": row(2),
            }
        )
    tables = [
        {
            "id": f"t{k}",
            "x": dice.random(),
            "y": 0.0,
            "owner": dice.choice([None, None, dice.randrange(people)]),
            "seats": dice.choice([0, 1, 1, 2, 3]),
            "closed": [t for t in range(slots) if dice.random() < 0.15],
        }
        for k in range(dice.randint(1, 4))
    ]
    pairs = {"a": [], "b": [], "score": [], "language": [], "slots": []}
    for _ in range(dice.randint(1, 26)):
        a, b = dice.sample(range(people), 2)
        for key, value in (
            ("a", a),
            ("b", b),
            ("score", dice.choice([0, 1, 500, 9000])),
            ("language", dice.choice([None, None, "ko"])),
            ("slots", dice.choice([None, None, row(1), []])),
        ):
            pairs[key].append(value)
    pairs["slots"] = [x if x is None else [t for t, keep in enumerate(x) if keep] for x in pairs["slots"]]
    count = len(pairs["a"])
    pinning = dice.choice([0, 0, 0.06])
    return {
        "format": "meeting-instance/2",
        "slots": slots,
        "score_scale": 10000,
        "shortfall_weight": dice.choice([0, 1000, 20000]),
        "participants": participants,
        "tables": tables,
        "interpreters": {"ko": row(1)},
        "pairs": pairs,
        "must": [e for e in range(count) if dice.random() < pinning],
        "fixed": [[e, dice.randrange(slots)] for e in range(count) if dice.random() < pinning],
        "forbidden": [dice.sample(range(people), 2) for _ in range(dice.randrange(3))],
        "blocks": [t for t in range(slots) if dice.random() < 0.2],
        "idle_limit": dice.choice([None, 0, 1]),
    }


@given(instances())
@settings(max_examples=120, deadline=None, suppress_health_check=QUIET)
def test_every_answer_is_accepted_and_valued_the_same(referee, instance):
    try:
        problem = read_problem(instance)
        answer = solve(problem)
    except (ProblemError, InfeasiblePins):
        return
    report = referee.verify(instance, write_timetable(answer))
    assert report["feasible"], report["errors"]
    assert report["objective_units"] == answer.objective == objective(problem, answer.meetings)
    assert report["idle_runs"] == answer.idle_runs == total_idle_runs(problem, answer.meetings)
    assert answer.proven is (answer.bound == answer.objective)


@given(instances(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
def test_our_rules_refuse_exactly_what_the_verifier_refuses(referee, instance, dice):
    instance["must"] = instance["fixed"] = []
    problem = read_problem(instance)
    board = [
        {
            "pair": dice.randrange(len(problem.pairs)),
            "slot": dice.randrange(problem.slots),
            "table": dice.randrange(len(problem.tables)),
        }
        for _ in range(dice.randrange(7))
    ]
    report = referee.verify(
        instance, {"format": "meeting-timetable/2", "meetings": board, "bound": None, "proven": False}
    )
    from matching.timetable import Meeting

    ours = violations(problem, [Meeting(m["pair"], m["slot"], m["table"]) for m in board])
    assert {v.rule for v in ours} == set(report["violations"])


@given(instances(), st.integers(0, 5), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None, suppress_health_check=QUIET)
def test_re_planning_keeps_the_past_and_obeys_the_rules(referee, instance, from_slot, dice):
    try:
        before = solve(read_problem(instance))
        today = copy.deepcopy(instance)
        from_slot = min(from_slot, instance["slots"])
        for v in dice.sample(range(len(today["participants"])), 1):
            row = today["participants"][v]["capacity"]
            row[from_slot:] = [0] * len(row[from_slot:])
        after = solve(read_problem(today), previous=before.meetings, from_slot=from_slot)
    except (ProblemError, InfeasiblePins):
        return
    report = referee.verify(today, write_timetable(after), write_timetable(before), from_slot)
    assert report["feasible"], report["errors"]
    kinds = [c.kind for c in after.changes]
    assert kinds.count("added") == report["changes"]["added"]
    assert kinds.count("dropped") == report["changes"]["dropped"]
    assert kinds.count("moved") == report["changes"]["moved_slot"]


@given(st.integers(1, 10**6))
@settings(max_examples=10, deadline=None, suppress_health_check=QUIET)
def test_tiny_events_are_proven_optimal(referee, seed):
    answer = solve(read_problem(referee.generate("tiny", seed=seed)))
    assert answer.proven
