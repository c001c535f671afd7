"""Words, languages, translation: what the engine reads out of a text."""

import numpy as np
import pytest
import scipy.sparse as sp

from matching.background import Background
from matching.resources_lines import shipped_lines
from matching.text import tokens as tk
from matching.text.foreign import ForeignTerms
from matching.text.language import language_of
from matching.text.space import FORMS, Bilingual, TextSpace
from matching.text.translation import Line, TranslationTable

LINES = [
    Bilingual("máy phay", "milling machine"),
    Bilingual("máy tiện", "lathe"),
    Bilingual("máy ép nhựa", "injection moulding machine"),
    Bilingual("khuôn ép nhựa", "injection mould"),
    Bilingual("chi tiết nhựa", "plastic part"),
    Bilingual("thép không gỉ", "stainless steel"),
    Bilingual("tôn thép", "steel sheet"),
]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Gia công chi tiết cơ khí", "vi"),
        ("gia cong chi tiet co khi chinh xac", "vi"), ("may dong goi thuc pham", "vi"),
        ("precision machining of parts", "en"), ("We supply steel", "en"),
        ("旋盤とフライス盤", "ja"), ("자동화 설비", "ko"),
        ("机床", "zh"), ("", ""), ("123 — 45", ""), ("🏭", ""), ("Temüjin rescued his wife", "en"),
    ],
)  # fmt: skip
def test_the_language_is_told(text: str, language: str) -> None:
    assert language_of(text) == language


def test_the_field_decides_where_the_text_does_not() -> None:
    assert language_of("may", hint="vi") == "vi" and language_of("laser", hint="vi") == "vi"
    assert language_of("ISO 9001", hint="en") == "en" and language_of("99", hint="vi") == "vi"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ISO 9001:2015, IATF-16949", ["iso9001", "2015", "iatf16949"]),
        ("ISO/IEC 17025", ["isoiec17025"]),
        ("chống nước IP67", ["chống", "nước", "ip67"]),
        ("dung sai 0,01 mm; 1.5 kg", ["dung", "sai", "0.01", "mm", "1.5", "kg"]),
        ("SUS304 <b>x</b> &amp; y", ["sus304", "x", "y"]),
        ("ＣＮＣ 5-axis", ["cnc", "5", "axis"]),
        ("hoà hòa", ["hòa", "hòa"]),
        ("精密加工 CNC旋盤", ["精密", "密加", "加工", "cnc", "旋盤"]),
    ],
)  # fmt: skip
def test_grades_and_numbers_stay_whole(text: str, words: list[str]) -> None:
    assert tk.words(text) == words


def test_english_words_meet_across_spellings_and_forms() -> None:
    assert tk.english("machining centres of aluminium") == tk.english("Machining center for aluminum")
    assert tk.english("moulded plastics") == tk.english("molded plastic")


def test_abbreviations_are_written_out_with_and_without_marks() -> None:
    assert tk.vietnamese_marked("CĐS") == tk.vietnamese_marked("chuyển đổi số")
    assert tk.vietnamese_folded("CDS") == tk.vietnamese_folded("chuyen doi so")


def test_em_finds_the_word_pairs() -> None:
    table = TranslationTable().fit([Line(tk.vietnamese_marked(a), tk.english(b), w) for a, b, w in LINES])
    best = {
        word: max(table.target_index_, key=lambda t, i=i: table.table_[i, table.target_index_[t]])
        for word, i in table.source_index_.items()
    }
    assert best["phay"] == "mill" and best["tiện"] == "lath" and best["thép"] == "steel" and best["máy"] == "machin"
    assert table.table_.max() <= 1.0 and table.table_.min() >= 0.0


def test_nothing_to_learn_from_is_no_mistake() -> None:
    assert TranslationTable().fit([]).table_.nnz == 0
    space = TextSpace().fit([], [])
    rows = space.transform([("máy", "", ""), ("", "", "")])
    assert rows.against(rows).shape == (2, 2) and rows.against(rows)[1, 1] == 0


@pytest.fixture(scope="module")
def space() -> TextSpace:
    return TextSpace().fit([], shipped_lines(), ForeignTerms([("旋盤", "lathe"), ("自動化", "automation")]))


def test_one_meaning_is_nearest_in_any_language_and_without_marks(space: TextSpace) -> None:
    asked = [("máy phay CNC", "", ""), ("may phay cnc", "", ""), ("", "CNC milling machine", "")]
    others = [
        ("", "CNC milling machines", ""),
        ("", "food packaging machine", ""),
        ("máy đóng gói thực phẩm", "", ""),
    ]
    similarity = space.transform(asked).against(space.transform(others)).toarray()
    assert (similarity.argmax(axis=1) == 0).all()
    assert (similarity[:, 0] > 2 * similarity[:, 1]).all()


def test_japanese_terms_are_read_as_english(space: TextSpace) -> None:
    rows = space.transform([("", "", "旋盤による自動化")])
    others = space.transform([("", "lathe automation", ""), ("", "rice noodles", "")])
    similarity = rows.against(others).toarray()[0]
    assert similarity[0] > 0.3 > similarity[1]


def test_a_text_in_the_wrong_field_is_read_as_what_it_is(space: TextSpace) -> None:
    rows, forms = space.transform_with_forms(
        [("CNC milling machines for sale", "", ""), ("", "máy phay và máy tiện", "")]
    )
    assert [FORMS[i] for i in forms] == ["english", "marked"]
    assert rows.native.shape[0] == 2


def test_values_rise_with_similarity_and_stay_below_one(space: TextSpace) -> None:
    background = Background().fit(shipped_lines(), space)
    steps = sp.csr_matrix(np.linspace(0, 2, 41)[None, :])
    for one in range(len(FORMS)):
        for other in range(len(FORMS)):
            value = background.transform(steps, np.array([one]), np.full(41, other)).toarray()[0]
            assert (np.diff(value) > 0).all() and value[0] == 0 and value[-1] < 1


@pytest.mark.parametrize("estimator", [TextSpace(), TranslationTable(), Background()], ids=lambda e: type(e).__name__)
def test_estimators_keep_the_contract(estimator: TextSpace) -> None:
    clone = type(estimator)(**estimator.get_params())
    assert clone.get_params() == estimator.get_params()
    assert not [name for name in vars(clone) if name.endswith("_")]
    assert clone.set_params(**estimator.get_params()) is clone
