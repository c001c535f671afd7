"""Vietnamese text: cleaning, tone marks, folding, keys."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import vietnamese as vn


@pytest.mark.parametrize(
    ("typed", "placed"),
    [
        ("hoà", "hòa"), ("hòa", "hòa"), ("Hoà Lạc", "Hòa Lạc"), ("thuỷ", "thủy"), ("khoẻ", "khỏe"),
        ("quý", "quý"), ("qúy", "quý"), ("hòan", "hoàn"), ("hoàn", "hoàn"), ("gìa", "già"), ("gì", "gì"),
        ("giếng", "giếng"), ("thuế", "thuế"), ("tuyến", "tuyến"), ("nước", "nước"), ("ngoài", "ngoài"),
        ("khuỷu", "khuỷu"), ("mía", "mía"), ("café", "café"), ("THUỶ", "THỦY"), ("của", "của"),
        ("Đoàn", "Đoàn"), ("hoạ", "họa"), ("uỷ", "ủy"), ("quả", "quả"), ("giữa", "giữa"),
        ("naïve", "naïve"), ("a", "a"), ("", ""),
    ],
)  # fmt: skip
def test_tone_marks_come_to_one_place(typed: str, placed: str) -> None:
    assert vn.place_tones(typed) == placed
    assert vn.place_tones(unicodedata.normalize("NFD", typed)) == placed


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đường sắt", "Duong sat"), ("đặc biệt", "dac biet"), ("ISO 9001", "ISO 9001"), ("Straße", "Straße"),
        ("ガス", "ガス"), ("한국", "한국"), ("Åse Øst Łódź", "Ase Ost Lodz"), ("", ""),
    ],
)  # fmt: skip
def test_folding_takes_marks_from_latin_letters_only(text: str, folded: str) -> None:
    assert vn.fold(text) == folded
    assert vn.fold(unicodedata.normalize("NFD", text)) == folded


def test_marks_are_noticed_only_where_there_are_any() -> None:
    assert vn.has_marks("hàn") and vn.has_marks("đo")
    assert not vn.has_marks("han") and not vn.has_marks("ISO 9001")
    assert vn.strip_tones("mạ điện") == "ma điên"


def test_invisible_and_control_characters_disappear() -> None:
    assert vn.clean("\ufeffCơ\u200b khí\u00ad\x00 \u202eHà\tNội\r\n\u2028 x ") == "Cơ khí Hà Nội\n\nx"
    assert vn.clean_line(" Cơ \n\n khí\u00a0 ") == "Cơ khí"
    assert vn.clean("e\u200b\u0301") == "é"


def test_search_key_is_what_a_hurried_person_types() -> None:
    assert vn.search_key("  Công ty CP Điện-Cơ  “Hoà Lạc”! ") == "cong ty cp dien co hoa lac"
    assert vn.search_key("Hòa Lạc") == vn.search_key("hoà  lạc") == vn.search_key("HOA LAC")
    assert vn.search_key("") == ""


def test_sort_key_follows_the_vietnamese_alphabet() -> None:
    alphabet = list("AĂÂBCDĐEÊFGHIJKLMNOÔƠPQRSTUƯVWXYZ")
    assert sorted(set(alphabet), key=vn.sort_key) == alphabet
    tones = ["a", "à", "ả", "ã", "á", "ạ"]
    assert sorted(set(tones), key=vn.sort_key) == tones
    words = ["7 kỳ quan", "An", "An Bình", "Ánh", "Ăn", "Ân", "Ba", "Dũng"]
    words += ["Đá", "Đà Nẵng", "Em", "Ô tô", "Ơn", "日本"]
    assert sorted(set(words), key=vn.sort_key) == words


def test_tones_decide_only_after_all_letters() -> None:
    assert vn.sort_key("hà an") < vn.sort_key("ha binh") < vn.sort_key("hạ bình")


@given(st.text(max_size=60))
def test_keys_never_fail_and_hold_plain_characters(text: str) -> None:
    key = vn.sort_key(text)
    assert key.isascii() and (key.isalnum())
    assert vn.search_key(vn.search_key(text)) == vn.search_key(text)
    assert vn.clean(vn.clean(text)) == vn.clean(text)
    assert vn.place_tones(vn.place_tones(text)) == vn.place_tones(text)
    vn.similarity_key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Công ty CP Cơ khí Minh Hoạ", "CTCP CƠ KHÍ MINH HỌA"),
        ("Công ty TNHH MTV Sản xuất và Thương mại An Phát", "An Phát Co., Ltd"),
        ("Tổng công ty Thiết bị điện Việt Nam", "THIET BI DIEN"),
        ("Công ty cổ phần đầu tư Rạng Đông", "Rạng Đông JSC"),
    ],
)
def test_two_spellings_of_a_name_share_a_key(one: str, other: str) -> None:
    assert vn.similarity_key(one) == vn.similarity_key(other)


def test_a_name_of_legal_words_only_keeps_them() -> None:
    assert vn.similarity_key("Công ty TNHH") == "cong ty tnhh"
    assert vn.name_tokens("Công ty TNHH") == ()
    assert vn.similarity_key("Cột Việt") == "cot viet"


def test_cap_cuts_at_a_space_and_says_so() -> None:
    assert vn.cap("ngắn", 10) == "ngắn"
    assert vn.cap("máy phay đứng năm trục", 18) == "máy phay đứng năm…"
    assert len(vn.cap("x" * 500, 20)) == 20
    with pytest.raises(ValueError, match="no room"):
        vn.cap("x", 1)
