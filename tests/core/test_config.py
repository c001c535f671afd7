"""A bad or missing setting stops the start with a sentence; there is no default secret outside demo and tests."""

from __future__ import annotations

import pytest

from core.config import ConfigurationError, read

GOOD = {
    "MODE": "production",
    "SECRET_KEY": "0123456789abcdefghijABCDEFGHIJ-_xyz",
    "PUBLIC_BASE_URL": "https://spcncl.example.vn",
    "SMTP_URL": "smtp+starttls://u:p@mail.example.vn:587",
    "DATABASE_URL": "postgresql://u:p@db/spcncl",
}


def test_good_settings_are_read(tmp_path):
    settings = read({**GOOD, "DATA_DIR": str(tmp_path)})
    assert settings.https and settings.database_url.startswith("postgresql+psycopg://")
    assert settings.trusted_hosts == ("spcncl.example.vn",)


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("MODE", "prod", "MODE"),
        ("SECRET_KEY", "", "SECRET_KEY"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("SECRET_KEY", "a" * 40, "SECRET_KEY"),
        ("PUBLIC_BASE_URL", "", "PUBLIC_BASE_URL"),
        ("PUBLIC_BASE_URL", "spcncl.vn", "PUBLIC_BASE_URL"),
        ("PUBLIC_BASE_URL", "http://spcncl.example.vn", "PUBLIC_BASE_URL"),
        ("SMTP_URL", "", "SMTP_URL"),
        ("SMTP_URL", "http://mail", "SMTP_URL"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL"),
        ("PORT", "eighty", "PORT"),
        ("PORT", "٨٠", "PORT"),
        ("PROXY_HOPS", "-1", "PROXY_HOPS"),
        ("MATCHING_BACKEND", "spark", "MATCHING_BACKEND"),
        ("SESSION_IDLE_HOURS", "0", "SESSION_IDLE_HOURS"),
    ],
)
def test_a_bad_setting_is_named(tmp_path, name, value, named):
    with pytest.raises(ConfigurationError, match=named):
        read({**GOOD, "DATA_DIR": str(tmp_path), name: value})


def test_the_demo_makes_a_secret_of_its_own_and_keeps_it(tmp_path):
    first = read({"MODE": "demo", "DATA_DIR": str(tmp_path)})
    assert len(first.secret_key) >= 32
    assert read({"MODE": "demo", "DATA_DIR": str(tmp_path)}).secret_key == first.secret_key


def test_locking_can_be_switched_off_in_tests_only(tmp_path):
    environment = {**GOOD, "DATA_DIR": str(tmp_path), "TEST_SKIP_LOCKING": "1"}
    assert not read(environment).skip_locking
    assert read({"MODE": "test", "DATA_DIR": str(tmp_path), "TEST_SKIP_LOCKING": "1"}).skip_locking
