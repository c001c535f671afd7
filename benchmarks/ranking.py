"""Quality and speed of the ranking engine against the figures that it is held to.

    ./run bench ranking                     everything but the large run
    ./run bench ranking --only speed        one group: own, outside, speed, large
    ./run bench ranking --only large        20,000 x 5,000, the best 50

Own checks need nothing: terms of the glossary that the engine was not told (domains and single terms), rivals with
swapped roles, the demo's bilingual needs and offers, matched to their own other half, and industrial texts that were
written after glossary and demo (benchmarks/data/industrial.csv). The outside sets (`--referee` or REFEREE_DIR) are
read where they lie, never copied.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matching.batches import suggest
from matching.glossary import Entry, shipped_glossary
from matching.profiles import Part, Profile
from matching.rank_command import rank
from matching.resources_lines import lines_of
from matching.suggestions import Ranker
from matching.text.esa import ConceptSpace
from matching.text.space import Bilingual, Text, TextSpace
from vietnamese import fold

DEMO = Path(__file__).parent.parent / "demo" / "data"
INDUSTRIAL = Path(__file__).parent / "data" / "industrial.csv"


def measures(scores: np.ndarray, gold: Sequence[int]) -> dict[str, float]:
    """Recall@1, recall@10 and mean reciprocal rank; a tie counts half."""
    right = scores[np.arange(len(gold)), gold][:, None]
    place = 1 + (scores > right).sum(axis=1) + ((scores == right).sum(axis=1) - 1) / 2
    return {"r1": float((place <= 1).mean()), "r10": float((place <= 10).mean()), "mrr": float((1 / place).mean())}


def show(name: str, found: float, floor: float, wanted: float, *, low: bool = False) -> None:
    """One line with its verdict; `low`: less is better."""
    good, fine = (found <= wanted, found <= floor) if low else (found >= wanted, found >= floor)
    verdict = "wanted" if good else "floor" if fine else "BELOW"
    print(f"{name:58} {found:9.3f}   floor {floor:g}   wanted {wanted:g}   {verdict}", flush=True)


def tell(name: str, found: dict[str, float]) -> None:
    """One line of a check without a target."""
    print(f"{name:58} recall@10 {found['r10']:.3f}   MRR {found['mrr']:.3f}", flush=True)


def vi(text: str) -> Text:
    return text, "", ""


def en(text: str) -> Text:
    return "", text, ""


def similarity(queries: list[Text], documents: list[Text], lines: Sequence[Bilingual]) -> np.ndarray:
    """Raw similarity with a text space that learnt from `lines` only."""
    space = TextSpace().fit([*queries, *documents], lines)
    return np.asarray(space.transform(queries).against(space.transform(documents)).toarray())


def own() -> None:
    """What needs no outside data."""
    entries = [e for e in shipped_glossary() if e.domain != "everyday"]
    held = entries[::5]
    known = [e for i, e in enumerate(entries) if i % 5]
    known += [e for e in shipped_glossary() if e.domain == "everyday"]
    for name, change in (("", str), (", typed without marks", fold)):
        queries, documents = [vi(change(e.vi[0])) for e in held], [en(e.en[0]) for e in held]
        found = measures(similarity(queries, documents, lines_of(known)), range(len(held)))
        tell(f"{len(held)} unseen glossary terms vi-en{name}", found)
    domains()
    roles(held)
    demo()
    industrial()


def domains() -> None:
    """Every third domain of the glossary is unseen: what the words of the other trades give for a new one."""
    entries = [e for e in shipped_glossary() if e.domain != "everyday"]
    everyday = [e for e in shipped_glossary() if e.domain == "everyday"]
    names = sorted({e.domain for e in entries})
    held = [e for e in entries if e.domain in names[::3]]
    known = [e for e in entries if e.domain not in names[::3]]
    queries, documents = [vi(e.vi[0]) for e in held], [en(e.en[0]) for e in held]
    found = measures(similarity(queries, documents, lines_of([*known, *everyday])), range(len(held)))
    tell(f"{len(held)} terms of {len(names[::3])} unseen domains vi-en", found)


def industrial() -> None:
    """Texts of trades all over, among those of the demo; without and with other bilingual lines to learn from."""
    rows, others = (
        bilingual_rows(INDUSTRIAL, "vi", "en"),
        bilingual_rows(DEMO / "needs_offers.csv", "text_vi", "text_en"),
    )
    products = DEMO / "products.csv"
    lines = [*others, *bilingual_rows(products, "name_vi", "name_en"),
             *bilingual_rows(products, "description_vi", "description_en")]  # fmt: skip
    documents = [e for _v, e in (*rows, *others)]
    for name, change in (("", str), (", typed without marks", fold)):
        queries = [change(v) for v, _e in rows]
        found = ask("vi", "en", queries, documents, range(len(rows)))
        tell(f"{len(rows)} industrial texts among {len(documents)}, vi-en{name}", found)
        train = {"parallel": [{"vi": v, "en": e} for v, e in lines]}
        found = ask("vi", "en", queries, documents, range(len(rows)), train)
        show(f"  with {len(lines)} other lines to learn from, recall@10", found["r10"], 0.94, 0.97)


def bilingual_rows(path: Path, one: str, other: str) -> list[tuple[str, str]]:
    """The rows of a table that say the same in both languages."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row[one].strip(), row[other].strip()) for row in csv.DictReader(file)]
    return [row for row in rows if all(row)]


def roles(entries: Sequence[Entry]) -> None:
    """Right partner first among rivals that need what it offers and offer what it needs."""
    mixed = list(entries)
    random.Random(5).shuffle(mixed)
    half = len(mixed) // 2
    queries, documents = [], []
    for i, (a, b) in enumerate(zip(mixed[:half], mixed[half:], strict=False)):
        queries.append({"id": i, "text": "", "needs": a.vi[0], "offers": b.vi[0]})
        documents += [
            {"id": 2 * i, "text": "", "needs": b.en[0], "offers": a.en[0]},
            {"id": 2 * i + 1, "text": "", "needs": a.en[0], "offers": b.en[0]},
        ]
    task = {"query_lang": "vi", "doc_lang": "en", "train": {}, "queries": queries, "docs": documents}
    scores = np.array(rank(task)["scores"])
    first = float(np.mean([scores[i].argmax() == 2 * i for i in range(len(scores))]))
    show("right partner first among rivals, glossary terms", first, 0.91, 0.97)


def demo() -> None:
    """The demo's needs and offers: the Vietnamese text must find its own English one."""
    rows = bilingual_rows(DEMO / "needs_offers.csv", "text_vi", "text_en")
    for name, change in (("", str), (", typed without marks", fold)):
        queries, documents = [vi(change(v)) for v, _e in rows], [en(e) for _v, e in rows]
        found = measures(similarity(queries, documents, lines_of(shipped_glossary())), range(len(rows)))
        tell(f"{len(rows)} demo needs and offers vi-en{name}", found)
        concepts = ConceptSpace().fit(lines_of(shipped_glossary()))
        cosine = np.asarray((concepts.transform(queries) @ concepts.transform(documents).T).toarray())
        tell("  by explicit semantic analysis alone", measures(cosine, range(len(rows))))


def outside(folder: Path) -> None:
    """The development sets, through the same door as the command."""
    rows = [json.loads(line) for line in (folder / "ranking" / "headings.jsonl").open(encoding="utf-8")]
    with gzip.open(folder / "ranking" / "passages.json.gz", "rt", encoding="utf-8") as file:
        passages = json.load(file)
    same = list(range(len(rows)))
    marked = ask("vi", "en", [r["vi"] for r in rows], [r["en"] for r in rows], same)
    plain = ask("vi", "en", [fold(r["vi"]) for r in rows], [r["en"] for r in rows], same)
    show("headings vi-en, recall@10", marked["r10"], 0.80, 0.92)
    show("headings vi-en, MRR", marked["mrr"], 0.60, 0.78)
    show("headings vi-en, MRR lost without marks", marked["mrr"] - plain["mrr"], 0.05, 0.02, low=True)
    gold = [q["para"] for q in passages["questions"]]
    for a, b, floor, wanted in (("en", "en", 0.96, 0.97), ("vi", "vi", 0.94, 0.955), ("vi", "en", 0.55, 0.70)):
        asked, given = [q[a] for q in passages["questions"]], [p[b] for p in passages["paragraphs"]]
        show(f"passages {a}-{b}, MRR", ask(a, b, asked, given, gold)["mrr"], floor, wanted)
    random.Random(0).shuffle(rows)
    half = len(rows) // 2
    train = {"parallel": [{"vi": r["vi"], "en": r["en"]} for r in rows[:half]]}
    rest = rows[half:]
    found = ask("vi", "en", [r["vi"] for r in rest], [r["en"] for r in rest], range(len(rest)), train)
    show(f"headings vi-en with {half} others to learn from, recall@10", found["r10"], 0.94, 0.97)


def ask(
    a: str, b: str, queries: list[str], documents: list[str], gold: Sequence[int], train: dict[str, Any] | None = None
) -> dict[str, float]:
    """Measures of one ranking task."""
    task = {
        "query_lang": a, "doc_lang": b, "train": train or {}, "queries": [{"text": t} for t in queries],
        "docs": [{"text": t} for t in documents],
    }  # fmt: skip
    return measures(np.array(rank(task)["scores"]), gold)


def invented(count: int, language: str, seed: int) -> list[Profile]:
    """Profiles of 2 to 6 parts, each of three to six glossary terms."""
    entries, draw = shipped_glossary(), random.Random(seed)

    def part(role: Any) -> Part:
        text = ", ".join(draw.choice(getattr(e, language)) for e in draw.sample(entries, draw.randint(3, 6)))
        return Part(role, "general", **{language: text})

    return [
        Profile(
            f"{language}{i}",
            tuple(part(role) for role in ("need", "offer") for _ in range(draw.randint(1, 3))),
            sectors=(draw.choice("abcdefgh"),),
            vsic=(str(draw.randint(10, 33)),),
            languages=(language,),
        )
        for i in range(count)
    ]


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def speed() -> None:
    """A usual conference, and one edited profile."""
    firms, partners = invented(230, "vi", 1), invented(500, "en", 2)

    def all_pairs() -> Ranker:
        ranker = Ranker(kind="technology_supplier").fit(firms, partners)
        ranker.score(firms, partners)
        return ranker

    began = time.process_time()
    ranker, seconds = timed(all_pairs)
    cpu = time.process_time() - began
    show("230 x 500, fit and all pairs, seconds", seconds, 10, 2, low=True)
    print(f"{'  processor seconds':58} {cpu:9.3f}   load of the machine {os.getloadavg()[0]:.1f}")
    side = ranker.side(partners)
    _, seconds = timed(lambda: ranker.score_sides(ranker.side(invented(1, "vi", 3)), side))
    show("one profile edited, seconds", seconds, 1, 0.1, low=True)


def large() -> None:
    """The size that a department never reaches."""
    firms, partners = invented(20_000, "vi", 1), invented(5_000, "en", 2)
    began = time.process_time()
    ranker, fitting = timed(lambda: Ranker(kind="technology_supplier").fit(firms, partners))
    _, ranking = timed(lambda: suggest(ranker, firms, partners, 50))
    show("20,000 x 5,000 top 50, seconds", fitting + ranking, 120, 40, low=True)
    seconds, load = time.process_time() - began, os.getloadavg()[0]
    print(f"{'  processor seconds':58} {seconds:9.3f}   load of the machine {load:.1f}")
    show("  most memory, GB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2, 1, low=True)


def main() -> int:
    """Run the groups asked for. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("own", "outside", "speed", "large"))
    parser.add_argument("--referee", default=os.environ.get("REFEREE_DIR"))
    options = parser.parse_args()
    groups: dict[str, Callable[[], None]] = {"speed": speed, "own": own}
    if options.referee:
        groups["outside"] = lambda: outside(Path(options.referee))
    if options.only == "large":
        groups["large"] = large
    for name, group in groups.items():
        if options.only in (None, name):
            group()
    if not options.referee and options.only in (None, "outside"):
        print("The outside sets are not at hand: set REFEREE_DIR or --referee.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
