"""Administrators see what could not be delivered, and send it again; nobody else reads the outbox."""

from __future__ import annotations

import pytest

from core import clock, outbox
from core.db import session, write
from core.outbox import Mail, MailState


@pytest.fixture
def failed(app):
    with write():
        mail = outbox.enqueue("test", "lan@example.vn", "<b>Thư mời</b>", "Kính gửi", at=clock.now())
        mail.state, mail.last_error, mail.attempts = MailState.FAILED, "550 no such user", 7
        outbox.enqueue("test", "canary@example.vn", "Waits", "…", at=clock.now())
        return mail.id


def test_the_list_shows_each_state_and_why_a_mail_failed(failed, cast, browse):
    page = browse(cast.administrator).get("/admin/mail?state=failed").text
    assert "550 no such user" in page and "lan@example.vn" in page and "&lt;b&gt;" in page
    assert "canary@example.vn" not in page
    assert "canary@example.vn" in browse(cast.administrator).get("/admin/mail?state=none&page=-1").text


def test_nobody_else_reads_or_sends(failed, cast, browse):
    for name in ("officer", "firm_owner", "council_secretary"):
        client = browse(getattr(cast, name))
        assert client.get("/admin/mail").status_code == 403
        assert client.post(f"/admin/mail/{failed}/retry").status_code == 404
    assert browse().get("/admin/mail").status_code == 302


def test_a_failed_mail_is_sent_again_once(failed, cast, browse):
    client = browse(cast.administrator)
    for _turn in range(2):
        assert client.post(f"/admin/mail/{failed}/retry").status_code == 302
    mail = session.get(Mail, failed)
    assert (mail.state, mail.attempts, mail.not_before) == (MailState.WAITING, 0, clock.now())


def test_a_mail_whose_text_is_gone_cannot_be_sent_again(failed, cast, browse):
    with write():
        outbox.blank(session.get(Mail, failed))
    browse(cast.administrator).post(f"/admin/mail/{failed}/retry")
    assert session.get(Mail, failed).state is MailState.FAILED


def test_the_list_costs_the_same_for_one_mail_and_for_three(failed, cast, browse, queries):
    client = browse(cast.administrator)

    def cost():
        queries.clear()
        client.get("/admin/mail")
        return len(queries)

    few = cost()
    with write():
        for _turn in range(3):
            outbox.enqueue("test", "a@example.vn", "x", "y", at=clock.now())
    assert cost() == few
