"""Who opens what at a conference: browsers that are signed in, and the pages of participants and of officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from accounts import operations
from accounts.models import User
from benchmarks.crowd.gathering import Gathering
from core import clock
from core.db import get, write

SAMPLE = 24  # participants whose pages are read
NOBODY = 0  # a program that signs in as nobody


@dataclass(frozen=True)
class Page:
    """A page as its readers open it. `wanted`: it is one of those whose time was promised."""

    addresses: Sequence[tuple[int, str]]  # (user, path)
    wanted: bool = False
    warm: bool = True  # each is opened once before it counts


def sign_in(app: Flask, user_id: int) -> FlaskClient:
    """A browser in which that person (or `NOBODY`) is signed in, without a password."""
    client = app.test_client()
    if user_id == NOBODY:
        return client
    client.set_cookie("lang", "vi")
    with app.app_context(), write():
        user = get(User, user_id)
        assert user is not None
        key, _row = operations.sign_in(user, device="bench", at=clock.now())
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = key, True
    return client


def pages(found: Gathering) -> Mapping[str, Page]:
    """What is read, by the name of its line in the table."""
    everybody = {**found.firms, **found.partners}
    some = list(everybody)[:: max(1, len(everybody) // SAMPLE)][:SAMPLE]
    here = f"/conferences/{found.conference}"
    board = f"{here}/timetables/{found.version}"

    def participants(path: str) -> list[tuple[int, str]]:
        return [(everybody[key], f"{here}/participants/{key}{path}") for key in some]

    def officers(path: str, times: int = 12) -> list[tuple[int, str]]:
        return [(found.officer, path)] * times

    return {
        "ranked list, first visit of the day": Page(participants("/suggestions"), wanted=True, warm=False),
        "ranked list": Page(participants("/suggestions"), wanted=True),
        "a participant's timetable": Page(participants("/schedule"), wanted=True),
        "a participant's page": Page(participants(""), wanted=True),
        "a participant's wishes": Page(participants("/wishes")),
        "a participant's search": Page(participants("/search")),
        "a participant's outcomes": Page(participants("/outcomes")),
        "board": Page(officers(board), wanted=True),
        "board, one participant's meetings": Page([(found.officer, f"{board}?who={key}") for key in some[:12]]),
        "overview": Page(officers(here)),
        "participants": Page(officers(f"{here}/participants")),
        "candidates": Page(officers(f"{here}/candidates")),
        "door": Page(officers(f"{here}/door")),
        "the day": Page(officers(f"{here}/day")),
        "outcomes and who has not answered": Page(officers(f"{here}/outcomes")),
        "hall": Page(officers(f"{here}/hall")),
        "report": Page(officers(f"{here}/report", 4)),
        "fairness": Page(officers(f"{here}/fairness", 4)),
        "a participant's calendar": Page([(NOBODY, path) for path in found.feeds[:SAMPLE]]),
    }
