"""The demo's introductions, a questionnaire with fictional answers, and news marked as invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from accounts import queries as accounts
from accounts.models import User
from companies.enums import Kind
from companies.introducing import operations as introducing
from companies.introducing.rules import current_year
from companies.models import Organisation, OrganisationKind
from companies.sight import ties_of_user
from core import clock
from core.db import session
from portal.news import operations as news
from portal.situation import operations as situation
from portal.situation.enums import TREND_STEPS, Difficulty, Matter, Trend
from portal.situation.models import SituationAnswer, SituationRound

FILE = Path(__file__).with_name("data") / "portal.yaml"
INTRODUCER = "gioithieu@hiephoimau.example"
FIRMS = 46


def load(*, by: User, at: datetime) -> None:
    """Everything, in the caller's write block."""
    with FILE.open(encoding="utf-8") as file:
        data = yaml.safe_load(file)
    _introductions(data["introductions"], officer=by, at=at)
    firms = session.scalars(
        select(Organisation)
        .join(OrganisationKind)
        .where(OrganisationKind.kind == Kind.FIRM, Organisation.tax_code.startswith("009"))  # invented ones only
        .order_by(Organisation.id)
        .limit(FIRMS)
    ).all()
    for number, days in enumerate((95, 5)):
        _round(data["rounds"][number], number, firms, data["words"], by=by, at=at - timedelta(days=days))
    for item in data["news"]:
        row = news.save(None, {**item, "valid_until": clock.local(at).date() + timedelta(days=90)}, by=by, at=at)
        news.publish(row, by=by, at=at)


def _introductions(rows: list[dict[str, Any]], *, officer: User, at: datetime) -> None:
    introducer = accounts.by_email(INTRODUCER)
    assert introducer is not None
    body = session.get(Organisation, next(iter(ties_of_user(introducer.id)["introducing_body"])))
    assert body is not None
    year = current_year({}, on=clock.local(at).date())
    for row in rows:
        decision = row.pop("decision", None)
        made = introducing.introduce(body, row, year=year, by=introducer, at=at)
        if decision == "accept":
            introducing.accept(made, version=None, by=officer, at=at, invite=made.email)
        elif decision:
            introducing.decline(made, decision, version=None, by=officer, at=at)


def _round(
    titles: dict[str, str], number: int, firms: Any, words: list[dict[str, str]], *, by: User, at: datetime
) -> None:
    """A round that opened at `at`, answered by most of these firms; a few of them say something in words."""
    opens = clock.local(at).date()
    row = situation.save_round(
        None, {**titles, "opens_on": opens, "closes_on": opens + timedelta(days=20)}, by=by, at=at
    )
    for place, firm in enumerate(firms):
        if place % 5 == 4:  # the silent
            continue
        _answer(row, number, place, firm, words, by=by, at=at + timedelta(hours=place))
    session.flush()


def _answer(
    row: SituationRound, number: int, place: int, firm: Organisation, words: list[dict[str, str]], *, by: User,
    at: datetime,
) -> None:  # fmt: skip
    trends = [list(Trend)[(place * 7 + place // 3 + step * (number + 1) + number) % 3] for step in range(3)]
    said = words[place // 9] if place % 9 == 0 and place // 9 < len(words) else {}
    answer = SituationAnswer(
        round=row, organisation=firm, by_id=by.id, begun_at=at, saved_at=at, sent_at=None if said else at,
        **{step.value: trend for step, trend in zip(TREND_STEPS, trends, strict=True)},
        difficulties=[d.value for n, d in enumerate(Difficulty) if (place + n) % 4 == 0],
        difficulty_text=said.get("difficulty", ""), request_text=said.get("request", ""),
    )  # fmt: skip
    session.add(answer)
    if not said:
        return
    situation.send(answer, by=by, at=at)
    if number == 0:  # what was said in the first round has its answer by now
        for case in answer.cases:
            situation.reply(case, said["reply"], version=None, by=by, at=at + timedelta(days=2))
            if case.matter is Matter.REQUEST:
                situation.resolve(case, said["done"], version=None, by=by, at=at + timedelta(days=9))
