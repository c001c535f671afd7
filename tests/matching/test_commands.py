"""`python -m matching rank` and `explain`."""

import io
import json
import sys
from types import SimpleNamespace

import pytest

from matching.rank_command import TaskError, explain, main, rank

TASK = {
    "query_lang": "vi",
    "doc_lang": "en",
    "train": {},
    "queries": [{"id": "q", "text": "máy phay CNC"}, {"id": "r", "text": "máy đóng gói thực phẩm"}],
    "docs": [{"id": "d", "text": "food packaging machine"}, {"id": "e", "text": "CNC milling machine"}],
}


def test_one_row_a_query_one_column_a_document() -> None:
    scores = rank(TASK)["scores"]
    assert [row.index(max(row)) for row in scores] == [1, 0]
    assert all(0 <= s <= 1 for row in scores for s in row)


def test_a_language_of_null_is_found_out() -> None:
    scores = rank({**TASK, "query_lang": None, "doc_lang": None})["scores"]
    assert [row.index(max(row)) for row in scores] == [1, 0]


def test_parts_and_lines_to_learn_from_count() -> None:
    task = {
        "queries": [{"id": "q", "text": "", "parts": ["xyzzy", "thép"]}], "query_lang": "vi", "doc_lang": "en",
        "docs": [{"id": "d", "text": "plugh"}, {"id": "e", "text": "frotz"}],
        "train": {"glossary": [{"vi": "xyzzy", "en": "plugh"}], "parallel": [{"vi": "xyzzy abc", "en": "plugh def"}]},
    }  # fmt: skip
    scores = rank(task)["scores"][0]
    assert scores[0] > scores[1]


def test_needs_and_offers_are_matched_both_ways() -> None:
    query = {"id": "q", "text": "x", "needs": "máy ép nhựa", "offers": "khay nhựa"}
    right = {"id": "d", "text": "x", "needs": "plastic trays", "offers": "injection moulding machine"}
    rival = {"id": "e", "text": "x", "needs": right["offers"], "offers": right["needs"]}
    scores = rank({**TASK, "queries": [query], "docs": [rival, right]})["scores"][0]
    assert scores[1] > scores[0]


def test_what_is_stated_for_one_side_only_still_counts() -> None:
    query = {"id": "q", "text": "gạo", "needs": "máy ép nhựa"}
    scores = rank({**TASK, "queries": [query], "docs": [{"text": "rice"}, {"text": "injection moulding machine"}]})
    assert scores["scores"][0][1] > scores["scores"][0][0]


def test_nothing_to_rank_is_an_empty_answer() -> None:
    assert rank({})["scores"] == []
    assert rank({**TASK, "docs": []})["scores"] == [[], []]


def test_explain_gives_reasons_that_add_up() -> None:
    found = explain(TASK, 1)["explanations"]
    assert [(f["query"], f["doc"]) for f in found] == [("q", "e"), ("r", "d")]
    assert sum(c["value"] for c in found[0]["contributions"]) == pytest.approx(found[0]["fit"], abs=1e-9)


@pytest.mark.parametrize(
    "task",
    [
        {"queries": 1}, {"queries": ["x"]}, {**TASK, "query_lang": "fr"},
        {**TASK, "train": {"parallel": [{"vi": "x"}]}},
        {**TASK, "queries": [{"text": 5}]}, {**TASK, "queries": [{"parts": "x"}]}, {**TASK, "train": [1]},
    ],
)  # fmt: skip
def test_an_unusable_task_is_told(task: dict) -> None:
    with pytest.raises(TaskError):
        rank(task)


@pytest.mark.parametrize(("text", "status"), [(b"{", 2), (b"[]", 2), (b"\xff", 2), (b"{}", 0)])
def test_the_command_says_what_is_wrong(
    text: bytes, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    assert main(["rank"]) == status
    told = capsys.readouterr()
    assert ("unusable task" in told.err) == (status == 2)
    if not status:
        assert json.loads(told.out)["scores"] == []
