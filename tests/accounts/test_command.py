"""The command that makes the first administrator, and helps the last one who lost his telephone."""

from __future__ import annotations

import io
import sys

import pytest

from accounts import __main__ as command
from accounts import queries
from core.db import session


@pytest.fixture
def run(app, monkeypatch):
    """`run(*arguments, typed=...)`: the command's exit code, on the database of the test."""

    def run(*arguments, typed=""):
        monkeypatch.setattr(command, "create_app", lambda: app)
        monkeypatch.setattr(sys, "argv", ["accounts", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        return command.main()

    return run


def test_the_first_administrator_is_made_by_a_command_and_led_to_his_second_factor(app, run, strict, client):
    assert run("boss@cast.example", "Sếp", typed="matkhau123\n") == 1
    assert run("boss@cast.example", "Sếp", typed="giếng làng vẫn trong veo\n") == 0
    data = {"email": "boss@cast.example", "password": "giếng làng vẫn trong veo"}
    assert client.post("/sign-in", data=data).status_code == 302
    assert client.get("/admin/users").location == "/account/second-factor"


def test_a_lost_second_factor_is_removed_by_whoever_has_the_machine(run, cast, browse, set_up):
    set_up(browse(cast.administrator))
    assert run("--lost-second-factor", "nobody@cast.example") == 1
    assert run("--lost-second-factor", cast.administrator.email) == 0
    session.rollback()
    assert queries.second_factor(cast.administrator.id) is None
