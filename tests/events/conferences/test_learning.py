"""Learning what counts from the answers of past conferences, and taking it back."""

from __future__ import annotations

import random
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select

from companies.enums import Kind, NeedRole
from core import audit, clock
from core.db import session, write
from core.errors import Invalid
from events import operations as events
from events.conferences import (
    answers,
    freshness,
    learning,
    model_versions,
    operations,
    positions,
    ranked_lists,
    rules,
    suggestions,
)
from events.conferences.enums import Report, Side, Wish
from events.conferences.models import PositionShown, Suggestion, WishRow
from matching.weights import NEUTRAL
from tests.events.conferences.conftest import make_event, organisation

SUPPLIER = Kind.TECHNOLOGY_SUPPLIER
FIRMS, PARTNERS = 12, 5


# --- what answers come to --------------------------------------------------------------------------------------

BOTH, NEITHER = (True, True), (False, False)


@pytest.mark.parametrize(
    ("said", "answers_given", "reports", "value"),
    [
        ((Wish.YES, Wish.MUST), BOTH, [], 1.0),
        ((Wish.YES, Wish.NO), BOTH, [], 0.0),
        ((Wish.NO, None), BOTH, [], 0.0),
        ((Wish.YES, None), (True, True), [], 0.0),  # asked, and answered others only
        ((Wish.YES, None), (True, False), [], None),  # the other perhaps never looked
        ((None, Wish.YES), (False, True), [], None),
        ((None, None), (True, False), [], 0.0),  # shown, and passed over
        ((None, None), NEITHER, [], None),
        ((Wish.YES, Wish.YES), BOTH, [Report.NOT_USEFUL, Report.USEFUL], 0.6),
        ((None, None), NEITHER, [Report.HELD], 1.0),
        ((Wish.YES, Wish.YES), BOTH, [Report.NOT_HELD], 0.3),
    ],
)
def test_what_a_pair_turned_out_to_want(said, answers_given, reports, value):
    assert rules.outcome(said, answers=answers_given, reports=reports) == pytest.approx(value)


# --- a past conference -----------------------------------------------------------------------------------------


@pytest.fixture
def past(cast):
    """A conference in three days, of firms and suppliers that agree where the sectors do, whatever the texts say."""
    dice, at, officer = random.Random(1), clock.now(), cast.officer
    with write():
        event = make_event(officer)
        events.publish(event, by=officer, at=at)
        stretch = [rules.Session(event.begins_at, event.begins_at + timedelta(hours=2))]
        conference = operations.set_up(event, operations.Setup([SUPPLIER], stretch), by=officer, at=at)
        firms, partners = (
            [
                operations.join(
                    conference,
                    organisation(f"Công ty Minh Hoạ {kind.value} {n}", kind, role, f"Máy {n}", f"Machine {n}", False),
                    side,
                    kind,
                    by=officer,
                    at=at,
                    on_behalf=True,
                ).id
                for n in range(count)
            ]
            for kind, side, role, count in (
                (Kind.FIRM, Side.FIRM, NeedRole.NEED, FIRMS),
                (SUPPLIER, Side.PARTNER, NeedRole.OFFER, PARTNERS),
            )
        )
        for firm in firms:
            for rank, partner in enumerate(partners, 1):
                sector = dice.random()
                values = {"text": dice.random(), "sector": sector, "languages": None, "markets": None}
                shown(firm, partner, rank, values)
                if sector > 0.6:
                    wish(conference.id, firm, partner, Wish.YES, officer.id)
                    wish(conference.id, partner, firm, Wish.YES, officer.id)
                elif sector < 0.3:
                    wish(conference.id, firm, partner, Wish.NO, officer.id)
        key = conference.id
    return key, firms, partners


def shown(mine, other, rank, values):
    session.add(
        PositionShown(
            participant_id=mine, other_id=other, day=clock.today(), rank=rank, scorer_values=values, model=""
        )
    )


def wish(conference_id, mine, other, said, by):
    session.add(
        WishRow(conference_id=conference_id, participant_id=mine, other_id=other, wish=said, at=clock.now(), by_id=by)
    )


def later(days=10):
    return clock.now() + timedelta(days=days)


def test_answers_are_read_with_the_values_shown_and_only_when_the_conference_is_over(past):
    assert past
    assert len(answers.evidence(SUPPLIER, at=clock.now()).answers.target) == 0
    found = answers.evidence(SUPPLIER, at=later())
    known = found.answers
    assert known.values.shape == (FIRMS * PARTNERS, 4) and found.firms == FIRMS and found.conferences == 1
    assert np.array_equal(known.target, (known.values[:, 1] > 0.6).astype(float))
    assert (known.values[:, 2:] == NEUTRAL).all()
    assert np.array_equal(known.shown, np.tile(np.arange(1, PARTNERS + 1), FIRMS))
    silent = (known.values[:, 1] >= 0.3) & (known.values[:, 1] <= 0.6)
    assert np.array_equal(known.given, ~silent) and silent.any()
    assert len(answers.evidence(Kind.BANK, at=later()).answers.target) == 0


def test_what_was_said_of_a_meeting_counts_before_the_wishes(past, monkeypatch):
    _key, firms, partners = past
    pair = firms[0], partners[0]
    monkeypatch.setattr(answers, "_reports", [lambda conferences: {pair: Report.NOT_USEFUL}])
    assert answers.evidence(SUPPLIER, at=later()).answers.target[0] == pytest.approx(0.2)


def test_a_better_model_counts_by_itself_is_kept_as_arrays_and_named_in_the_audit(past):
    version = learning.learn(SUPPLIER, at=later())
    assert version.about["verdict"]["adopted"] and version.about["verdict"]["calibrated"]
    assert version.about["learnt"]["sector"] > version.about["by_hand"]["sector"] + 0.05
    assert model_versions.names() == {SUPPLIER.value: version.name}
    adopted = model_versions.adopted()[SUPPLIER.value]
    low, high = adopted.model.predict(np.array([[0.5, 0.1, 0.25, 0.25], [0.5, 0.9, 0.25, 0.25]]))
    assert low < 0.5 < high
    assert learning.learn(SUPPLIER, at=later()).id == version.id  # the same answers are learnt from once
    lines = session.scalars(select(audit.AuditLine).where(audit.AuditLine.act.like("model.%"))).all()
    assert [line.act for line in lines] == ["model.learn", "model.choose"]
    assert lines[0].detail["inputs"]["pairs"] == FIRMS * PARTNERS and lines[0].detail["name"] == version.name
    assert learning.learn(Kind.BANK, at=later()) is None


def test_what_an_officer_chose_stays_until_an_officer_says_otherwise(past, cast, browse):
    _key, _firms, partners = past
    learning.learn(SUPPLIER, at=later())
    officer = browse(cast.officer, "en")
    data = {
        "kind": SUPPLIER.value,
        f"{SUPPLIER.value}-choice": "hand",
        f"{SUPPLIER.value}-reason": "Too few fairs yet",
    }
    assert officer.post("/conferences/learning", data={**data, f"{SUPPLIER.value}-reason": " "}).status_code == 422
    assert model_versions.names() != {}
    assert officer.post("/conferences/learning", data=data).status_code == 302
    assert model_versions.names() == {}
    with write():
        session.scalars(select(WishRow).where(WishRow.participant_id.in_(partners))).first().wish = Wish.NO
    newer = learning.learn(SUPPLIER, at=later())
    assert newer.about["verdict"]["adopted"] and model_versions.names() == {}
    page = officer.get("/conferences/learning").text
    assert "Too few fairs yet" in page and newer.name in page and "An officer chose that" in page
    data |= {f"{SUPPLIER.value}-choice": "machine", f"{SUPPLIER.value}-reason": "Enough by now"}
    assert officer.post("/conferences/learning", data=data).status_code == 302
    assert model_versions.names() == {SUPPLIER.value: newer.name}
    older = model_versions.versions()[SUPPLIER][-1]
    data |= {f"{SUPPLIER.value}-choice": str(older.id), f"{SUPPLIER.value}-reason": "It was better"}
    assert officer.post("/conferences/learning", data=data).status_code == 302
    assert model_versions.names() == {SUPPLIER.value: older.name} and older.name != newer.name


def test_a_version_of_another_kind_or_one_made_up_cannot_be_chosen(past, cast, browse):
    version = learning.learn(SUPPLIER, at=later())
    for kind, choice in (("bank", version.id), (SUPPLIER.value, 10**6), (SUPPLIER.value, "x")):
        data = {"kind": kind, f"{kind}-choice": str(choice), f"{kind}-reason": "because"}
        assert browse(cast.officer).post("/conferences/learning", data=data).status_code == 422
    assert browse(cast.officer).post("/conferences/learning", data={"kind": "nobody"}).status_code == 302
    with pytest.raises(Invalid), write():
        model_versions.choose(Kind.BANK, version, held=True, reason="x", by=cast.officer, at=clock.now())
    assert model_versions.names() == {SUPPLIER.value: version.name}


def test_a_model_that_is_broken_gives_way_to_the_weights_set_by_hand(past, caplog):
    version = learning.learn(SUPPLIER, at=later())
    with write():
        session.get(type(version), version.id).data = b"\x80\x04not ours"
    assert model_versions.adopted() == {}
    assert "cannot be read" in caplog.text


def test_lists_made_with_a_calibrated_model_speak_of_a_chance(past, small, cast, browse):
    suggestions.refresh(small.conference_id)
    assert not freshness.is_stale(small.conference)
    version = learning.learn(SUPPLIER, at=later())
    assert freshness.is_stale(small.conference)
    suggestions.refresh(small.conference_id)
    assert not freshness.is_stale(small.conference)
    firm = small.participant(small.firms[0])
    rows = session.scalars(ranked_lists.suggestions(firm)).unique().all()
    assert {(row.model, row.chance) for row in rows} == {("", False), (version.name, True)}
    for row in rows:
        assert sum(reason["value"] for reason in row.reasons) == pytest.approx(row.fit, abs=2e-3)
    page = browse(cast.officer, "en").get(f"/conferences/{small.conference_id}/participants/{firm.id}/suggestions")
    assert page.text.count("Estimated chance that both want to meet") == 2
    assert page.text.count(">Fit estimate ") == 1
    made = ranked_lists.scores(small.conference).engine
    assert made[SUPPLIER.value]["model"] == version.name and made["bank"]["model"] == ""
    with write():
        positions.record(firm, {row.other_id: row.rank for row in rows}, on=clock.today())
    recorded = session.scalars(select(PositionShown).where(PositionShown.participant_id == firm.id)).all()
    assert {row.other_id: (row.scorer_values, row.model) for row in recorded} == {
        row.other_id: (row.scorer_values, row.model) for row in rows
    }


def lists(conference_id):
    return session.execute(
        select(Suggestion.participant_id, Suggestion.other_id, Suggestion.rank, Suggestion.fit)
        .where(Suggestion.conference_id == conference_id)
        .order_by(Suggestion.participant_id, Suggestion.rank)
    ).all()


def test_a_no_moves_no_list_of_its_own_conference_however_often_it_is_learnt_and_computed(past, small, cast):
    learning.learn(SUPPLIER, at=later())
    suggestions.refresh(small.conference_id)
    before = lists(small.conference_id)
    with write():
        for partner in small.partners:
            operations.wish(small.participant(small.firms[0]), small.participant(partner), Wish.NO, by=cast.officer,
                            at=clock.now(), on_behalf=True)  # fmt: skip
    for kind in (SUPPLIER, Kind.BANK):
        learning.learn(kind, at=clock.now() + timedelta(hours=1))
    suggestions.refresh(small.conference_id)
    assert lists(small.conference_id) == before


def test_the_page_of_what_was_learnt_opens_empty_and_full_for_officers_only(past, cast, browse):
    officer = browse(cast.officer, "en")
    assert "Nothing learnt yet" in officer.get("/conferences/learning").text
    learning.learn(SUPPLIER, at=later())
    page = officer.get("/conferences/learning").text
    assert "counts more than we thought" in page and "better than by hand" in page
    assert "Lists show its number as an estimated chance" in page
    assert browse(cast.firm_owner).get("/conferences/learning").status_code == 403
    assert officer.post("/conferences/learning/learn").status_code == 302
