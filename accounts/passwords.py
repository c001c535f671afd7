"""Passwords that are tried first: known from leaks, words, names, rows of keys, and what belongs to the person."""

from __future__ import annotations

import re

from zxcvbn import zxcvbn

import vietnamese

ENOUGH = 3  # of zxcvbn's scores 0-4: more than 10^8 guesses
LOOKED_AT = 64  # characters; what is longer is strong by these, and the estimate takes its time with more
# What people here begin with, and no English list has: syllables without marks.
LOCAL = (
    "matkhau", "mat khau", "anhyeuem", "emyeuanh", "yeuem", "yeuanh", "vietnam", "hanoi", "thanglong", "saigon",
    "congty", "congthuong", "so cong thuong", "socongthuong", "spcncl", "sanpham", "chulyeu", "chuluc", "congnghiep",
    "giadinh", "khongbiet", "xinchao", "xin chao", "tinhyeu", "conyeu", "hoabinh", "nguyen",
)  # fmt: skip


def guessable(password: str, *about: str) -> bool:
    """Whether somebody who tries the usual first gets there; `about`: name and address of the person.

    Judged as typed, without marks, and without spaces: a guesser tries `matkhau` as well as `mật khẩu`.
    """
    own = {word for text in about for word in _words(text)}
    folded = vietnamese.search_key(password)
    texts = {text[:LOOKED_AT] for text in (vietnamese.nfc(password), folded, re.sub(r"[\W_]", "", folded))} - {""}
    known = [*LOCAL, *sorted(own)]
    return any(zxcvbn(text, user_inputs=known)["score"] < ENOUGH for text in texts)


def _words(text: str) -> list[str]:
    folded = vietnamese.search_key(text)
    parts = [part for part in re.split(r"[\W_]+", folded) if len(part) > 1]
    return [*parts, "".join(parts)]
