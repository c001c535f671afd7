"""`python -m matching rank` and `explain`: the site's ranker over a JSON task, as the README of the format says."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from matching.explaining import Explainer
from matching.profiles import Part, Profile, Role
from matching.suggestions import ENGINE_VERSION, Ranker, top
from matching.text.space import Bilingual

LANGUAGES = ("vi", "en", None)


class TaskError(ValueError):
    """The task is not what the format says."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of both commands."""
    parser.add_argument("command", choices=("rank", "explain"))
    parser.add_argument("--top", type=int, default=3, help="explain: how many documents of each query")


def main(argv: Sequence[str]) -> int:
    """Task on standard input, answer on standard output. Returns 0, or 2 with a sentence when the task is
    unusable."""
    parser = argparse.ArgumentParser(prog="python -m matching")
    add_arguments(parser)
    options = parser.parse_args(argv)
    try:
        answer = rank(_task()) if options.command == "rank" else explain(_task(), options.top)
    except (TaskError, UnicodeDecodeError) as error:
        print(f"unusable task: {error}", file=sys.stderr)
        return 2
    json.dump(answer, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    return 0


def _task() -> dict[str, Any]:
    try:
        task = json.loads(sys.stdin.buffer.read().decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise TaskError(f"not JSON: {error}") from error
    if not isinstance(task, dict):
        raise TaskError("the task is not an object")
    return task


def rank(task: dict[str, Any]) -> dict[str, Any]:
    """`{"scores": [[...], ...]}`, one row a query, one column a document. Raises TaskError."""
    queries, documents, ranker = _prepare(task)
    return {"scores": ranker.score(queries, documents).fit.tolist(), "engine": ENGINE_VERSION}


def explain(task: dict[str, Any], count: int) -> dict[str, Any]:
    """The reasons of the best documents of each query. Raises TaskError."""
    queries, documents, ranker = _prepare(task)
    explainer = Explainer(ranker, ranker.side(queries), ranker.side(documents))
    best = top(ranker.score(queries, documents), max(0, count), hub=0.0)
    return {
        "explanations": [
            {"query": _id(task["queries"][i]), "doc": _id(task["docs"][j]), **asdict(explainer.explain(i, j))}
            for i, row in enumerate(best.tolist())
            for j in row
            if j >= 0
        ],
        "engine": ENGINE_VERSION,
    }


def _id(row: dict[str, Any]) -> object:
    return row.get("id")


def _prepare(task: dict[str, Any]) -> tuple[list[Profile], list[Profile], Ranker]:
    queries = _profiles(task, "queries", task.get("query_lang"))
    documents = _profiles(task, "docs", task.get("doc_lang"))
    mutual = all(_has_roles(p) for p in (*queries, *documents)) and bool(queries and documents)
    a = [_as_profile(f"q:{i}", p, "need", mutual) for i, p in enumerate(queries)]
    b = [_as_profile(f"d:{i}", p, "offer", mutual) for i, p in enumerate(documents)]
    ranker = Ranker(kind="text").fit(a, b, lines=_lines(task.get("train") or {}))
    return a, b, ranker


def _profiles(task: dict[str, Any], name: str, language: object) -> list[dict[str, Any]]:
    rows = task.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TaskError(f"{name} is not a list of objects")
    if language not in LANGUAGES:
        raise TaskError(f"the language of {name} is vi, en or null, not {language!r}")
    return [{**row, "language": language} for row in rows]


def _has_roles(row: dict[str, Any]) -> bool:
    return all(isinstance(row.get(role), str) and row[role].strip() for role in ("needs", "offers"))


def _as_profile(key: str, row: dict[str, Any], role: Role, mutual: bool) -> Profile:
    def part(of_role: Role, text: object) -> Part:
        if not isinstance(text, str):
            raise TaskError(f"a text is {type(text).__name__}, not a string")
        fields = {"vi": (text, "", ""), "en": ("", text, "")}.get(row["language"] or "", ("", "", text))
        return Part(of_role, "general", *fields)

    if mutual:
        return Profile(key, (part("need", row["needs"]), part("offer", row["offers"])))
    stated = row.get("needs" if role == "need" else "offers")
    texts = row.get("parts") or [stated if isinstance(stated, str) and stated.strip() else row.get("text", "")]
    if not isinstance(texts, list):
        raise TaskError("parts is not a list")
    return Profile(key, tuple(part(role, text) for text in texts))


def _lines(train: object) -> list[Bilingual]:
    if not isinstance(train, dict):
        raise TaskError("train is not an object")
    lines: list[Bilingual] = []
    for name in ("parallel", "glossary"):
        for row in train.get(name) or []:
            if not isinstance(row, dict) or not all(isinstance(row.get(side), str) for side in ("vi", "en")):
                raise TaskError(f"a line of train.{name} has no vi and en")
            lines.append(Bilingual(row["vi"], row["en"]))
    return lines
