"""Value against the bound, seconds, memory and idle runs of the timetable engine, beside a greedy baseline.

    python benchmarks/timetable.py [--referee DIR] [--presets small,tight] [--seeds 1-3] [--out DIR]

The generator and the verifier come from the folder `--referee` (or REFEREE_DIR), and so do the published benchmark
instances (`b2b`, named like a preset).  Every run has a process of its own, so that its memory can be measured.
Writes `timetable.json`, `timetable.md` and the picture `timetable.svg` to `--out`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from matching.timetable import Meeting, Problem  # noqa: E402
from matching.timetable.board import Board  # noqa: E402
from matching.timetable.constraints import objective, total_idle_runs, wishes  # noqa: E402
from matching.timetable.formats import read_problem, write_timetable  # noqa: E402
from matching.timetable.rulebook import Rulebook  # noqa: E402
from matching.timetable.seat import seat  # noqa: E402
from matching.timetable.solve import solve  # noqa: E402

PRESETS = ("small", "tight", "medium", "large", "stress", "among", "b2b")


def greedy(problem: Problem) -> tuple[Meeting, ...]:
    """Pins first, then by score, each into the first slot that is open."""
    rules = Rulebook(problem)
    board = Board(rules, range(len(problem.pairs)))
    room = rules.maximum.tolist()
    order = np.lexsort((-problem.pairs.score, ~rules.pinned)).tolist()
    for e in order:
        a, b = board.ends[e]
        mask = board.open(e) if room[a] > 0 and room[b] > 0 else 0
        if mask:
            board.put(e, (mask & -mask).bit_length() - 1)
            room[a] -= 1
            room[b] -= 1
    return seat(board)


def absent(problem: Problem, share: float, seed: int) -> Problem:
    """The problem with a share of the participants not coming; their pins are lifted."""
    dice = random.Random(seed)
    gone = set(dice.sample(range(len(problem.participants)), max(1, round(share * len(problem.participants)))))
    people = tuple(
        replace(p, capacity=(0,) * problem.slots) if v in gone else p for v, p in enumerate(problem.participants)
    )
    stays = lambda e: gone.isdisjoint(problem.ends(e))  # noqa: E731
    return replace(
        problem,
        participants=people,
        must=tuple(e for e in problem.must if stays(e)),
        fixed=tuple(x for x in problem.fixed if stays(x[0])),
    )


def _processor() -> float:
    """CPU seconds of this process and of its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def measure(referee: str, preset: str, seed: str, path: str) -> dict[str, Any]:
    """One run of everything on the instance in a file; the generator would blur the memory figure."""
    sys.path.insert(0, referee)
    import verify  # noqa: PLC0415 - found only once the folder is known

    data = json.loads(Path(path).read_bytes())
    events: list[tuple[float, str, int | None, int | None]] = []
    started = time.monotonic()
    problem = read_problem(data)
    read = time.monotonic() - started
    cpu = _processor()
    answer = solve(problem, progress=lambda *x: events.append((time.monotonic() - started, *x)))
    cpu = _processor() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report = verify.verify(data, write_timetable(answer))
    started = time.monotonic()
    baseline = greedy(problem)
    greedy_seconds = time.monotonic() - started
    value = objective(problem, baseline)
    row = {
        "preset": preset,
        "seed": seed,
        "accepted": report["feasible"],
        "meetings": len(answer.meetings),
        "value": answer.objective / problem.score_scale,
        "bound": answer.bound / problem.score_scale,
        "first_seconds": events[0][0],
        "first_gap": 100 * (answer.bound - events[0][2]) / max(1, abs(answer.bound)),
        "gap": 100 * (answer.bound - answer.objective) / max(1, abs(answer.bound)),
        "proven": answer.proven,
        "under_minimum": report["under_minimum"],
        "idle": report["idle_runs"],
        "proven_idle": answer.proven_idle,
        "read_seconds": read,
        "seconds": answer.seconds["total"],
        "cpu_seconds": cpu,
        "stages": answer.seconds,
        "megabytes": memory,
        "greedy_gap": 100 * (answer.bound - value) / max(1, abs(answer.bound)),
        "greedy_under": sum(v.rule == "minimum" for v in wishes(problem, baseline)),
        "greedy_idle": total_idle_runs(problem, baseline),
        "greedy_seconds": greedy_seconds,
        "events": events,
    }
    if preset in ("small", "medium"):
        today = absent(problem, 0.05, int(seed))
        again = solve(today, previous=answer.meetings)
        lost = sum(
            not today.participants[v].capacity[m.slot] for m in answer.meetings for v in today.ends(m.pair)[:1]
        )
        kinds = [c.kind for c in again.changes]
        kept = max(1, len(answer.meetings) - kinds.count("dropped"))
        row |= {
            "replan_seconds": again.seconds["total"],
            "replan_moved": 100 * kinds.count("moved") / kept,
            "replan_dropped": kinds.count("dropped"),
            "replan_lost": lost,
        }
    return row


def table(rows: list[dict[str, Any]]) -> str:
    """The measured table, one line a preset: worst gap, shares proven, mean and worst seconds."""
    lines = [
        "| preset | runs; accepted | value; bound, mean | gap, worst % | proven; idle runs proven | under minimum "
        "| seconds, mean; worst (CPU, mean) | first answer: s; gap % | MB | idle runs "
        "| greedy: gap %; under minimum; idle runs | re-plan: s; moved % |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for preset in dict.fromkeys(r["preset"] for r in rows):
        mine = [r for r in rows if r["preset"] == preset]

        def mean(key: str, some: list[dict[str, Any]] = mine) -> float:
            return sum(r[key] for r in some) / len(some)

        replan = f"{mean('replan_seconds'):.2f}; {mean('replan_moved'):.1f}" if "replan_seconds" in mine[0] else ""
        lines.append(
            f"| {preset} | {len(mine)}; {sum(r['accepted'] for r in mine)} | {mean('value'):.4f}; "
            f"{mean('bound'):.4f} "
            f"| {max(r['gap'] for r in mine):.5f} "
            f"| {sum(r['proven'] for r in mine)}; {sum(r['proven_idle'] for r in mine)} "
            f"| {sum(r['under_minimum'] for r in mine)} "
            f"| {mean('seconds'):.2f}; {max(r['seconds'] for r in mine):.2f} "
            f"({mean('cpu_seconds'):.2f}) "
            f"| {mean('first_seconds'):.2f}; {mean('first_gap'):.1f} | {max(r['megabytes'] for r in mine):.0f} "
            f"| {mean('idle'):.0f} | {mean('greedy_gap'):.2f}; {mean('greedy_under'):.1f}; {mean('greedy_idle'):.0f} "
            f"| {replan} |"
        )
    return "\n".join(lines) + "\n"


def picture(referee: str, preset: str = "small") -> str:
    """SVG: a timetable (partners by slots, darker is better) beside its value and bound over time."""
    sys.path.insert(0, referee)
    import instance as generator  # noqa: PLC0415 - as above

    problem = read_problem(generator.generate(preset, seed=1))
    events: list[tuple[float, int | None, int | None]] = []
    started = time.monotonic()
    answer = solve(
        problem, progress=lambda _, value, bound: events.append((time.monotonic() - started, value, bound))
    )
    hosts = [v for v, p in enumerate(problem.participants) if p.side == "partner"]
    row = {v: n for n, v in enumerate(hosts)}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {60 + 10 * len(hosts)}" '
        'font-family="sans-serif" font-size="11">',
        '<text x="10" y="16">Partners by slots: darker is worth more</text>',
        '<text x="430" y="16">Bound (line) and value (dots) over seconds, logarithmic</text>',
    ]
    for m in answer.meetings:
        v = next(v for v in problem.ends(m.pair) if v in row)
        shade = 235 - int(190 * int(problem.pairs.score[m.pair]) / problem.score_scale)
        parts.append(
            f'<rect x="{10 + 24 * m.slot}" y="{26 + 10 * row[v]}" width="22" height="8" '
            f'fill="rgb({shade},{shade},235)"/>'
        )
    end, low = events[-1][0], min(x for _, value, b in events for x in (value, b) if x is not None)
    high = max(b for _, _, b in events if b is not None)
    high = high if high > low else low + 1

    def at(seconds: float, value: int) -> str:
        across = math.log1p(100 * seconds) / math.log1p(100 * end)  # most happens in the first tenths
        return f"{430 + 300 * across:.1f},{40 + 300 * (high - value) / (high - low):.1f}"

    path, best = [], high
    for seconds, _, bound in events:
        path.append(at(seconds, best))
        best = best if bound is None else min(best, bound)
        path.append(at(seconds, best))
    parts.append(f'<polyline fill="none" stroke="#a33" stroke-width="2" points="{" ".join(path)}"/>')
    for seconds, value, _ in events:
        if value is not None:
            x, y = at(seconds, value).split(",")
            parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="#236"/>')
    parts += [
        f'<text x="430" y="360">0 s</text><text x="700" y="360">{end:.2f} s</text>',
        f'<text x="430" y="376">value {answer.objective / problem.score_scale:.2f}, bound '
        f"{answer.bound / problem.score_scale:.2f}</text></svg>",
    ]  # type: ignore[operator]
    return "\n".join(parts)


def one(referee: str, preset: str, seed: str) -> dict[str, Any]:
    """Measure one instance in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(referee, "b2b", f"{seed}.json") if preset == "b2b" else Path(folder, "instance.json")
        if preset != "b2b":
            subprocess.run(
                [sys.executable, Path(referee, "instance.py"), "--preset", preset, "--seed", seed, "--out", path],
                check=True,
            )
        run = subprocess.run(
            [sys.executable, __file__, "--referee", referee, "--one", preset, seed, str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
    return dict(json.loads(run.stdout))


def main() -> int:
    """Run the presets asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--referee", default=os.environ.get("REFEREE_DIR"))
    parser.add_argument("--presets", default="small,tight,medium,among,b2b")
    parser.add_argument("--seeds", default="1-3")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    parser.add_argument("--one", nargs=3, metavar=("PRESET", "SEED", "FILE"), help="measure one instance")
    options = parser.parse_args()
    if not options.referee:
        print("The generator is not at hand: set REFEREE_DIR or --referee.", file=sys.stderr)
        return 2
    if options.one:
        print(json.dumps(measure(options.referee, *options.one)))
        return 0
    load = os.getloadavg()[0]
    first, last = (int(x) for x in (options.seeds + "-" + options.seeds).split("-")[:2])
    rows = []
    for preset in options.presets.split(","):
        seeds = (
            sorted(p.stem for p in Path(options.referee, "b2b").glob("*.json"))
            if preset == "b2b"
            else [str(s) for s in range(first, last + 1)]
        )
        for seed in seeds:
            rows.append(one(options.referee, preset, seed))
            r = rows[-1]
            print(
                f"{preset} {seed}: {'accepted' if r['accepted'] else 'REFUSED'}, value {r['value']:.4f}, "
                f"bound {r['bound']:.4f}, "
                f"proven {r['proven']}, idle {r['proven_idle']}, {r['seconds']:.2f} s ({r['cpu_seconds']:.2f} CPU), "
                f"{r['megabytes']:.0f} MB, "
                f"idle runs {r['idle']} (greedy {r['greedy_idle']}, gap {r['greedy_gap']:.2f} %)",
                flush=True,
            )
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "timetable.json").write_text(json.dumps(rows, indent=1))
    command = " ".join(["./run bench timetable", *sys.argv[1:]])
    told = (
        f"`{command}`, {datetime.now(UTC).date()}: {os.cpu_count()} cores, load {load:.1f} at the start, "
        f" {os.getloadavg()[0]:.1f} at the end.\n\n{table(rows)}"
    )
    (options.out / "timetable.md").write_text(told)
    (options.out / "timetable.svg").write_text(picture(options.referee))
    print(told)
    return 0 if all(r["accepted"] for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
