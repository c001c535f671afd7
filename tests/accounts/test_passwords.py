"""Which passwords may be chosen: long ones in any script, none that is tried first."""

from __future__ import annotations

import pytest

from accounts import operations, passwords
from core.errors import Invalid

REFUSED = [
    "password123", "12345678", "P@ssw0rd1", "qwertyuiop", "iloveyou123", "abcdefgh", "aaaaaaaaaaaa", "trustno1",
    "matkhau123", "Mật khẩu 123", "mậtkhẩu1", "anhyeuem", "Hanoi@2026", "spcncl2026", "Minh Hoạ 1980", "lan.pham1",
]  # fmt: skip
FINE = [
    "correct horse battery staple", "giếng làng vẫn trong veo", "bếp lửa chiều đông", "kẹo lạc tàu điện 1954",
    "パスワードではない長い文", "Xr7#kq!vZ2pw", "x" + "ỗ🙂é" * 20 + "bếp lửa",
]  # fmt: skip


@pytest.mark.parametrize("password", REFUSED)
def test_what_is_tried_first_is_refused_with_and_without_marks(password):
    assert passwords.guessable(password, "Phạm Lan", "lan.pham@minhhoa.example", "Minh Hoạ")


@pytest.mark.parametrize("password", FINE)
def test_long_passwords_of_any_script_are_fine(password):
    assert not passwords.guessable(password, "Phạm Lan", "lan.pham@minhhoa.example")


def test_a_password_has_eight_characters_and_at_most_256(app):
    for password in ("kẹo lạc", "x" * 257):
        with pytest.raises(Invalid):
            operations.check_password(password)


def test_the_site_itself_hashes_as_slowly_as_it_should(true_hashing):
    """The other tests hash cheaply; what ships is the second recommendation of RFC 9106."""
    assert operations.hash_password("giếng làng").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_nothing_of_a_long_password_is_cut_off(cast):
    """Neither 72 bytes nor 64 characters are the end of it."""
    long = "giếng làng vẫn trong veo " * 10
    hashed = operations.hash_password(long)
    cast.officer.password_hash = hashed
    assert operations.password_fits(cast.officer, long)
    assert not operations.password_fits(cast.officer, long[:-1] + "x")


def test_the_same_word_in_two_spellings_of_unicode_is_the_same_password(cast):
    cast.officer.password_hash = operations.hash_password("gi\u1ebfng l\u00e0ng")
    assert operations.password_fits(cast.officer, "gie\u0302\u0301ng la\u0300ng")


def test_a_known_password_is_refused_where_it_is_chosen_and_the_present_one_is_needed(cast, browse):
    browser = browse(cast.officer)
    for current, new, answer in (
        ("correct horse battery staple", "matkhau123", "dễ đoán"),
        ("not the present one", "giếng làng vẫn trong veo", "Mật khẩu hiện tại không đúng"),
    ):
        page = browser.post("/account/password", data={"current": current, "password": new, "again": new})
        assert page.status_code == 422 and answer in page.text
