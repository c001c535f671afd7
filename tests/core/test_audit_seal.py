"""A sealed line that is changed, removed or slipped in shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update

from core import audit, audit_seal, clock
from core.audit import AuditLine
from core.audit_seal import AuditSeal
from core.db import session, write
from tests.conftest import NOON


def write_lines(count, at=NOON):
    with write():
        for i in range(count):
            audit.record("score.write", f"score:{i}", by=7, at=at, columns=["points"], note="Đỗ")


def seal(at=NOON + timedelta(minutes=6)):
    with write():
        made = audit_seal.seal(at=at)
        return made and made.lines


@pytest.fixture
def sealed(app, monkeypatch):
    monkeypatch.setattr(audit_seal, "BATCH", 4)
    write_lines(10)
    assert [seal(), seal(), seal(), seal()] == [4, 4, 2, None]
    session.rollback()
    assert audit_seal.verify() == []


def broken():
    session.expire_all()
    return [(b.first_line, b.last_line) for b in audit_seal.verify()]


@pytest.mark.parametrize("column, value", [("actor", "user:8"), ("act", "x"), ("subject", "score:9"), ("detail", {})])
def test_one_altered_line_is_found(sealed, column, value):
    with write():
        session.execute(update(AuditLine.__table__).where(AuditLine.id == 6).values({column: value}))
    assert broken() == [(5, 8)]


def test_a_line_with_another_time_is_found(sealed):
    with write():
        session.execute(update(AuditLine.__table__).where(AuditLine.id == 1).values(at=NOON + timedelta(seconds=1)))
    assert broken() == [(1, 4)]


@pytest.mark.parametrize("line, batch", [(1, (1, 4)), (6, (5, 8)), (10, (9, 10))])
def test_a_removed_line_is_found(sealed, line, batch):
    with write():
        session.execute(delete(AuditLine.__table__).where(AuditLine.id == line))
    assert broken() == [batch]


def test_a_removed_or_rewritten_seal_is_found(sealed):
    with write():
        session.execute(delete(AuditSeal.__table__).where(AuditSeal.id == 2))
    assert (5, 8) in broken()


def test_a_line_slipped_in_between_is_found(app):
    write_lines(1)
    with write():
        session.execute(
            insert(AuditLine.__table__).values(id=9, at=NOON, actor="user:7", act="x", subject="score:1", detail={})
        )
    seal()
    with write():
        session.execute(
            insert(AuditLine.__table__).values(id=5, at=NOON, actor="user:7", act="x", subject="score:1", detail={})
        )
    assert broken() == [(1, 9)]


def test_fresh_lines_are_not_sealed_yet_because_a_write_block_with_a_lower_id_may_still_be_open(app):
    write_lines(3)
    assert seal(NOON + timedelta(minutes=4)) is None
    assert audit_seal.unsealed_since() == NOON
    assert seal() == 3
    assert audit_seal.unsealed_since() is None


def test_the_program_itself_cannot_change_or_delete_a_line(app):
    write_lines(1)
    with pytest.raises(RuntimeError), write():
        session.scalars(select(AuditLine)).one().act = "x"
        session.flush()
    with pytest.raises(RuntimeError), write():
        session.delete(session.scalars(select(AuditLine)).one())
        session.flush()
    assert clock.now() == NOON and session.scalar(text("SELECT count(*) FROM audit_line")) == 1
