"""Codes and addresses come into one form, or are refused with a sentence."""

from __future__ import annotations

import pytest

from companies import identifiers, places
from core.errors import Invalid

GOOD = [
    ("tax_code", "0100109106", "0100109106"),
    ("tax_code", " 0100109106-001 ", "0100109106001"),
    ("tax_code", "01.001.09106", "0100109106"),
    ("tax_code", "０１００１０９１０６", "0100109106"),
    ("tax_code", "0090000019", "0090000019"),
    ("tax_code", "001201012345", "001201012345"),
    ("foreign_id", "de-hrb 123", "DE-HRB 123"),
    ("hs", "8483.10", "848310"),
    ("hs", "84", "84"),
    ("vsic", "2592", "2592"),
    ("website", "www.rangdong.vn", "https://www.rangdong.vn"),
    ("website", "http://a.vn:8080/x?y=1#z", "http://a.vn:8080/x?y=1#z"),
    ("email", " A@B.example ", "a@b.example"),
    ("phone", "024 3858 4310", "+842438584310"),
    ("phone", "(+84) 24.3858-4310", "+842438584310"),
    ("phone", "0049 711 1234567", "+497111234567"),
    ("country", "Việt Nam", "VN"),
    ("country", "germany", "DE"),
    ("country", "duc", "DE"),
    ("country", "jp", "JP"),
    ("country", "Ý", "IT"),
    ("country", "italy", "IT"),
    ("spoken_language", "Tiếng Nhật", "ja"),
    ("spoken_language", "english", "en"),
    ("currency", "vnđ", "VND"),
    ("currency", "usd", "USD"),
]
BAD = [
    ("tax_code", "0100109107"),
    ("tax_code", "12345"),
    ("tax_code", "0100109106-000"),
    ("tax_code", "abc"),
    ("tax_code", "1" * 300),
    ("foreign_id", "x"),
    ("foreign_id", "x" * 41),
    ("hs", "848"),
    ("hs", "84a3"),
    ("hs", "８４８"),
    ("vsic", "259211"),
    ("website", "javascript:alert(1)"),
    ("website", "data:text/html,x"),
    ("website", "ftp://a.vn"),
    ("website", "https://user:secret@a.vn"),
    ("website", "https://a.vn:99999"),
    ("website", "https://a"),
    ("website", 'https://a.vn/"><script>'),
    ("website", "https://[::1"),
    ("email", "a@b"),
    ("email", "a@b.vn\r\nBcc: x@y.vn"),
    ("email", '"<script>"@x'),
    ("phone", "abc"),
    ("phone", "123"),
    ("country", "Atlantis"),
    ("spoken_language", "Klingonish"),
    ("currency", "BTC"),
    ("vsic_version", "2007"),
]


@pytest.mark.parametrize(("kind", "typed", "stored"), GOOD)
def test_good_input_comes_into_one_form(app, kind, typed, stored):
    assert getattr(identifiers, kind)(typed) == stored


@pytest.mark.parametrize(("kind", "typed"), BAD)
def test_bad_input_is_refused_with_a_sentence(app, kind, typed):
    with pytest.raises(Invalid) as refused:
        getattr(identifiers, kind)(typed)
    assert len(str(refused.value)) > 10


def test_a_branch_is_shown_with_its_dash():
    assert identifiers.written_tax_code("0100109106001") == "0100109106-001"
    assert identifiers.written_tax_code("0100109106") == "0100109106"


def test_there_are_126_communes_and_every_spelling_finds_one():
    assert len(places.communes()) == 126
    assert list(places.communes().values()).count("phường") == 51
    for typed in ("Hoà Lạc", "Hòa Lạc", "HOA LAC", "xã Hoà Lạc"):
        assert places.commune(typed) == "Hòa Lạc"
    assert places.commune("phuong cua nam") == "Cửa Nam"
    assert places.commune("Quận Ba Đình") is None


@pytest.mark.parametrize(
    ("code", "vietnamese", "english"),
    [
        ("IT", "Ý", "Italy"),
        ("AU", "Úc", "Australia"),
        ("DE", "Đức", "Germany"),
        ("JP", "Nhật Bản", "Japan"),
        ("ZZ9",) * 3,
    ],
)
def test_a_country_is_called_as_it_is_customary_in_each_language(code, vietnamese, english):
    assert [identifiers.country_name(code, reader) for reader in ("vi", "en")] == [vietnamese, english]
