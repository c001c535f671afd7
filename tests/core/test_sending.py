"""Sending against a real SMTP server: never lost, never twice without a crash, at most twice with one."""

from __future__ import annotations

import dataclasses
import email
import socket
from datetime import timedelta
from email.header import decode_header, make_header
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from core import clock, outbox, sending
from core.db import session, write
from core.mail import Letter, compose
from core.outbox import Attachment, Mail, MailState
from tests.conftest import NOON

TEXT = "Kính gửi Chị Lan ☺"
CALENDAR = Attachment("Lịch hẹn.ics", "text/calendar", b"BEGIN:VCALENDAR")


class Server:
    """Answers what the test tells it; keeps what it accepted."""

    def __init__(self):
        self.recipient_answer = self.data_answer = None
        self.accepted = []
        self.before_accepting = lambda: None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data_answer:
            return self.data_answer
        self.accepted.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def server(app, monkeypatch):
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    use(app, monkeypatch, f"smtp://127.0.0.1:{controller.port}")
    yield handler
    controller.stop()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def use(app, monkeypatch, url):
    settings = dataclasses.replace(app.extensions["settings"], smtp_url=url)
    monkeypatch.setitem(app.extensions, "settings", settings)


def put(**more):
    with write():
        return outbox.enqueue(
            "test", "lan@example.vn", "Xác nhận Đỗ", "Kính gửi Chị Lan ☺", at=clock.now(), **more
        ).id


def mail(mail_id):
    session.rollback()
    return session.get(Mail, mail_id, populate_existing=True)


def test_mail_arrives_with_its_text_and_files_and_is_sent_once(server):
    mail_id = put(html="<p>Kính gửi</p>", attachments=[CALENDAR])
    assert sending.send_due() == 1
    assert sending.send_due() == 0
    (got,) = server.accepted
    row = mail(mail_id)
    assert (row.state, row.attempts, row.sent_at, row.flagged) == (MailState.SENT, 1, NOON, False)
    assert got["Subject"] == "Xác nhận Đỗ" and got["To"] == "lan@example.vn"
    assert got["Message-ID"] == f"<{row.message_id}@localhost>" and got["Auto-Submitted"] == "auto-generated"
    assert got.get_body(("plain",)).get_content().strip() == TEXT
    assert "Kính gửi" in got.get_body(("html",)).get_content()
    assert [a.get_filename() for a in got.iter_attachments()] == ["Lịch hẹn.ics"]


def test_mail_waits_for_its_time(server):
    mail_id = put(not_before=NOON + timedelta(hours=1))
    assert sending.send_due() == 0
    with clock.frozen(NOON + timedelta(hours=1)):
        assert sending.send_due() == 1
    assert mail(mail_id).state is MailState.SENT


@pytest.mark.parametrize("place", ["recipient_answer", "data_answer"])
def test_a_server_that_asks_to_come_again_is_asked_less_and_less_often_and_the_mail_arrives(server, place):
    setattr(server, place, "450 greylisted")
    mail_id, at, waits = put(), NOON, []
    for _ in range(9):
        with clock.frozen(at):
            sending.send_due()
        row = mail(mail_id)
        assert row.state is MailState.WAITING and row.last_error.startswith("450")
        waits.append((row.not_before - at) // timedelta(minutes=1))
        at = row.not_before
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    setattr(server, place, None)
    with clock.frozen(at):
        assert sending.send_due() == 1
    assert len(server.accepted) == 1 and mail(mail_id).last_error is None


@pytest.mark.parametrize("place", ["recipient_answer", "data_answer"])
def test_a_final_refusal_is_not_tried_again_and_stays_visible(server, place):
    setattr(server, place, "550 no such user")
    mail_id = put()
    sending.send_due()
    row = mail(mail_id)
    assert row.state is MailState.FAILED and row.last_error == "550 no such user"
    with clock.frozen(NOON + timedelta(days=1)):
        assert sending.send_due() == 0
    assert mail(mail_id).attempts == 1 and outbox.counts()[MailState.FAILED] == 1


def test_one_refused_mail_does_not_hold_up_the_next(server):
    server.recipient_answer = "550 no"
    refused = put()
    sending.send_due()
    server.recipient_answer = None
    put()
    assert sending.send_due() == 1
    assert mail(refused).state is MailState.FAILED


def test_while_the_server_is_down_for_six_hours_mail_waits_and_then_arrives(app, monkeypatch, request):
    use(app, monkeypatch, f"smtp://127.0.0.1:{free_port()}")
    mail_id = put()
    at = NOON
    while at < NOON + timedelta(hours=6):
        with clock.frozen(at):
            sending.send_due()
        row = mail(mail_id)
        assert row.state is MailState.WAITING and "refused" in row.last_error.lower()
        at = row.not_before
    assert row.attempts < 15
    handler = request.getfixturevalue("server")
    with clock.frozen(at):
        assert sending.send_due() == 1
    assert len(handler.accepted) == 1


def test_mail_is_given_up_after_three_days_not_before(app, monkeypatch):
    use(app, monkeypatch, f"smtp://127.0.0.1:{free_port()}")
    mail_id = put()
    with clock.frozen(NOON + timedelta(days=3, minutes=-1)):
        sending.send_due()
    assert mail(mail_id).state is MailState.WAITING
    with clock.frozen(NOON + timedelta(days=3, minutes=5)):
        sending.send_due()
    assert mail(mail_id).state is MailState.FAILED


def test_mail_written_long_before_its_time_has_its_three_days_from_then_on(app, monkeypatch):
    use(app, monkeypatch, f"smtp://127.0.0.1:{free_port()}")
    mail_id = put(not_before=NOON + timedelta(days=30))
    with clock.frozen(NOON + timedelta(days=32)):
        sending.send_due()
    assert mail(mail_id).state is MailState.WAITING


def test_while_the_server_does_not_answer_one_mail_a_turn_is_tried(app, monkeypatch):
    use(app, monkeypatch, f"smtp://127.0.0.1:{free_port()}")
    ids = [put(), put(), put()]
    sending.send_due()
    assert [mail(i).attempts for i in ids] == [1, 0, 0]


def test_the_log_of_a_refusal_names_the_code_and_not_the_person(server, monkeypatch):
    logged = []
    monkeypatch.setattr(sending.log, "error", lambda message, extra: logged.append(extra["detail"]))
    server.recipient_answer = "550 <lan@example.vn> no such user"
    put()
    sending.send_due()
    assert logged == ["550"]


def test_a_broken_tls_server_defers(server, app, monkeypatch):
    port = app.extensions["settings"].smtp_url.rsplit(":", 1)[1]
    for scheme in ("smtps", "smtp+starttls"):
        use(app, monkeypatch, f"{scheme}://127.0.0.1:{port}")
        mail_id = put()
        sending.send_due()
        assert mail(mail_id).state is MailState.WAITING


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs."""


def test_killed_before_the_server_was_spoken_to_the_mail_is_sent_once(server, monkeypatch):
    mail_id = put()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "deliver", raises(Killed))
        with pytest.raises(Killed):
            sending.send_due()
    assert mail(mail_id).state is MailState.SENDING
    with clock.frozen(NOON + timedelta(minutes=4)):
        assert sending.send_due() == 0
    with clock.frozen(NOON + timedelta(minutes=6)):
        assert sending.send_due() == 1
    assert len(server.accepted) == 1 and mail(mail_id).flagged


def test_killed_after_the_server_accepted_one_duplicate_comes_with_the_same_message_id(server, monkeypatch):
    mail_id = put()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_sent", raises(Killed))
        with pytest.raises(Killed):
            sending.send_due()
    for minutes in (6, 12, 60):
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            sending.send_due()
    assert [m["Message-ID"] for m in server.accepted] == [f"<{mail(mail_id).message_id}@localhost>"] * 2
    assert (mail(mail_id).state, mail(mail_id).flagged) == (MailState.SENT, True)


def test_a_mail_that_kills_the_process_twice_is_given_up_and_the_others_go_out(server, monkeypatch):
    bad = put()
    with monkeypatch.context() as patch:
        patch.setattr(sending, "deliver", raises(Killed))
        for minutes in (0, 6):
            with clock.frozen(NOON + timedelta(minutes=minutes)), pytest.raises(Killed):
                sending.send_due()
    good = put()
    with clock.frozen(NOON + timedelta(minutes=12)):
        sending.send_due()
        sending.send_due()
    assert (mail(bad).state, mail(good).state) == (MailState.FAILED, MailState.SENT)


def test_who_slept_while_another_took_the_mail_over_does_not_overwrite_it(server, monkeypatch):
    mail_id = put()
    deliver = sending.deliver

    def slow(message, settings):
        monkeypatch.setattr(sending, "deliver", deliver)
        with clock.frozen(NOON + timedelta(minutes=10)):
            assert sending.send_due() == 1  # the other process
        raise sending.Deferred("timed out")

    monkeypatch.setattr(sending, "deliver", slow)
    sending.send_due()
    assert mail(mail_id).state is MailState.SENT


def test_text_with_a_token_is_blanked_once_it_is_sent(server):
    mail_id = put(sensitive=True)
    assert mail(mail_id).body
    sending.send_due()
    assert (mail(mail_id).body, mail(mail_id).state) == ("", MailState.SENT)
    assert "Kính gửi" in server.accepted[0].get_content()


def test_in_the_demo_mail_is_a_file_in_a_folder(app):
    put()
    assert sending.send_due() == 1
    (path,) = app.extensions["settings"].mail_dir.iterdir()
    got = email.message_from_bytes(path.read_bytes(), policy=default)
    assert path.suffix == ".eml" and got["Subject"] == "Xác nhận Đỗ"


def test_mail_in_the_folder_waits_while_the_folder_cannot_be_written(app, monkeypatch, tmp_path):
    blocked = tmp_path / "mail"
    blocked.write_text("a file where the folder should be")
    settings = dataclasses.replace(app.extensions["settings"], mail_dir=blocked)
    monkeypatch.setitem(app.extensions, "settings", settings)
    mail_id = put()
    sending.send_due()
    assert mail(mail_id).state is MailState.WAITING


def raises(error):
    def fail(*_args, **_more):
        raise error

    return fail


@pytest.mark.parametrize(
    "subject",
    [
        "Xác nhận đăng ký: Hội nghị kết nối công nghệ mùa trước (câu trả lời giả định)",
        "sản (demo) kết nghệ ngày” định – trả 2026 định doanh trả phố câu (demo) nghiệp",
        "Registration confirmed: Last season's technology matching in Hanoi (invented answers)",
        "Đ" * 150,
        "Your timetable",
        "=?utf-8?b?eA==?=",
    ],
)
def test_a_long_subject_arrives_with_every_blank(app, subject):
    letter = Letter("k" * 32, "a@cast.example", subject, "Text", None, "vi", NOON)
    raw = compose(letter, app.extensions["settings"]).as_bytes()
    assert email.message_from_bytes(raw, policy=default)["Subject"] == subject
    old = make_header(decode_header(email.message_from_bytes(raw)["Subject"]))  # as older readers put it together
    assert str(old) == subject
    assert max(len(line) for line in raw.splitlines()) <= 76
