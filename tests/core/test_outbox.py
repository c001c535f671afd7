"""Mail as rows: written with the act, once, and only if it can be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, outbox
from core.db import session, write
from core.errors import Invalid
from core.outbox import Mail, MailState


def put(to="lan@example.vn", subject="Xác nhận", body="Kính gửi Chị Lan", **more):
    with write():
        return outbox.enqueue("test", to, subject, body, at=clock.now(), **more)


def test_mail_of_an_act_that_was_rolled_back_does_not_exist(app):
    with pytest.raises(RuntimeError), write():
        outbox.enqueue("test", "lan@example.vn", "Xác nhận", "…", at=clock.now())
        raise RuntimeError
    assert session.scalars(select(Mail)).all() == []


def test_the_same_key_gives_the_same_mail(app):
    first = put(dedupe_key="registration:1").id
    assert put(dedupe_key="registration:1", subject="Another").id == first
    assert put(dedupe_key="registration:2").id != first
    assert put().id != put().id
    assert len(session.scalars(select(Mail)).all()) == 4


def test_a_message_id_is_drawn_at_the_beginning_and_unlike_any_other(app):
    ids = {put().message_id for _ in range(5)}
    assert len(ids) == 5 and all(len(i) == 32 for i in ids)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.vn\r\nBcc: x@y.vn",
        "a@b.vn\nBcc: x@y.vn",
        "a@b",
        "",
        "a b@example.vn",
        '"<script>"@x.vn',
        "x" * 310 + "@example.vn",
        "a@b.vn,c@d.vn",
        "a@b.vn\u2028",
        "a@exa\x00mple.vn",
    ],
)
def test_an_address_that_cannot_be_one_is_refused_and_nothing_queued(app, address):
    with pytest.raises(Invalid) as err:
        put(to=address)
    assert err.value.field == "email"
    assert session.scalars(select(Mail)).all() == []


@pytest.mark.parametrize("subject", ["a\r\nBcc: x@y.vn", "a\nb", "a\u2028b", "a\x85b", "a\x00b", "a\ud800b"])
def test_a_subject_of_more_than_one_line_is_refused(app, subject):
    with pytest.raises(Invalid) as err:
        put(subject=subject)
    assert err.value.field == "subject"


@pytest.mark.parametrize("body", ["a\x00b", "a\udfffb", "x" * 200_001])
def test_a_body_that_cannot_be_sent_is_refused(app, body):
    with pytest.raises(Invalid):
        put(body=body)


def test_attachments_that_are_too_large_are_refused(app):
    with pytest.raises(Invalid):
        put(attachments=[outbox.Attachment("a.pdf", "application/pdf", b"x" * (5 * 2**20 + 1))])


def test_an_address_is_stored_in_one_form(app):
    assert put(to=" Lan+hn@EXAMPLE.VN ").recipient == "Lan+hn@example.vn"


def test_a_person_is_forgotten_in_the_outbox(app):
    waiting = put(attachments=[outbox.Attachment("a.ics", "text/calendar", b"BEGIN")]).id
    other = put(to="rival@example.vn").id
    with write():
        outbox.forget("lan@example.vn", at=clock.now())
    mail = session.get(Mail, waiting)
    assert (mail.state, mail.body, mail.recipient, mail.attachments) == (
        MailState.FAILED,
        "",
        "forgotten@invalid",
        [],
    )
    assert session.get(Mail, other).body


def test_the_text_of_old_mail_is_dropped_and_the_row_later(app):
    sent, fresh = put(attachments=[outbox.Attachment("a.ics", "text/calendar", b"BEGIN")]), put()
    with write():
        for mail in (sent, fresh):
            mail.state, mail.sent_at = MailState.SENT, clock.now()
        fresh.sent_at = clock.now() + timedelta(days=80)
    with write():
        outbox.purge(at=clock.now() + timedelta(days=91))
    session.expire_all()
    assert (session.get(Mail, sent.id).body, session.get(Mail, sent.id).attachments) == ("", [])
    assert session.get(Mail, fresh.id).body
    with write():
        outbox.purge(at=clock.now() + timedelta(days=401))
    assert session.scalars(select(Mail)).all() == []
