"""What rests on who reads an address's mail: a lost password, a confirmed and a changed address."""

from __future__ import annotations

import re
import statistics
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts.models import User
from core import clock
from core.db import get, session
from core.outbox import Mail
from tests.people import PASSWORD

NEW = "giếng làng vẫn trong veo"


def forgot(client, email, **extra):
    return client.post("/password/forgotten", data={"email": email}, **extra)


def choose(client, path, password=NEW):
    return client.post(path, data={"password": password, "again": password})


def bare(page, email):
    """What a page says, without what differs with every request."""
    return re.sub(r'name="csrf_token"[^>]*', "", page.text.replace(email, ""))


def mails():
    return session.scalars(select(Mail).order_by(Mail.id)).all()


def test_a_lost_password_is_chosen_anew_by_a_link_that_is_good_once(app, client, cast, browse, mailed):
    elsewhere = browse(cast.bank)
    forgot(client, " BANK@Cast.example ")
    path = mailed(cast.bank.email)
    assert client.get(path).status_code == 200 and client.get(path).status_code == 200  # a look uses nothing up
    assert choose(client, path, "password123").status_code == 422
    assert choose(client, path).status_code == 302 and client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert [choose(app.test_client(), path).status_code, client.get(path).status_code] == [404, 404]
    data = {"email": cast.bank.email, "password": NEW}
    assert app.test_client().post("/sign-in", data=data).status_code == 302
    assert get(User, cast.bank.id).email_verified_at == clock.now()
    assert mails()[-1].kind == "account.password"  # a theft is noticed


def test_a_link_expires_and_an_older_one_falls_with_the_newer(client, cast, mailed):
    forgot(client, cast.bank.email)
    older = mailed(cast.bank.email)
    forgot(client, cast.bank.email)
    newer = mailed(cast.bank.email)
    with clock.frozen(clock.now() + timedelta(minutes=60)):
        assert client.get(newer).status_code == 404
    assert choose(client, newer).status_code == 302
    assert choose(client, older).status_code == 404


def test_a_locked_account_gets_no_link_and_one_locked_meanwhile_uses_none(client, cast, browse, mailed):
    forgot(client, cast.disabled.email)
    assert "/password/new/" not in mails()[-1].body
    forgot(client, cast.bank.email)
    path = mailed(cast.bank.email)
    browse(cast.administrator).post(f"/admin/users/{cast.bank.id}/lock")
    assert choose(client, path).status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_known_and_unknown_addresses_get_the_same_answer_by_the_same_steps(app, cast, browse, queries, language):
    """H20: the same words, status and statements; only the mail differs."""
    answers, steps = [], []
    for email in (cast.bank.email, "nobody@cast.example", cast.disabled.email):
        client = browse(None, language)
        del queries[:]
        page = forgot(client, email)
        steps.append([re.sub(r"\s+", " ", s.split("(")[0]) for s in queries if not s.startswith("PRAGMA")])
        answers.append((page.status_code, bare(page, email)))
    assert answers[0] == answers[1] == answers[2] and answers[0][0] == 200
    writes = [[s for s in step if s.startswith(("INSERT", "UPDATE"))] for step in steps]
    assert writes[0] == writes[1] == writes[2] and len(writes[0]) == 3  # token, mail, audit
    bodies = [m.body for m in mails()]
    assert len(bodies) == 3 and ["/password/new/" in body for body in bodies] == [True, False, False]


@pytest.mark.one_database
def test_known_and_unknown_addresses_take_the_same_time(true_hashing, client, cast):
    """H20: the medians of asking and of a wrong password are near each other, in time of the processor, which other
    programs on a busy machine do not change."""

    def median(post, *emails):
        taken = []
        for email in emails:
            began = time.process_time()
            post(email)
            taken.append(time.process_time() - began)
        return statistics.median(taken)

    def wrong(email):
        return client.post("/sign-in", data={"email": email, "password": "wrong password"})

    forgot(client, "warm@cast.example")
    people = [getattr(cast, name).email for name in cast.names if name != "disabled"][:5]
    nobody = [f"nobody{n}@cast.example" for n in range(len(people))]
    for post in (lambda email: forgot(client, email), wrong):
        known, unknown = median(post, *people), median(post, *nobody)
        assert abs(known - unknown) < 0.5 * max(known, unknown) + 0.002


def test_nobodys_mailbox_is_filled_through_us(client, cast):
    for email in (cast.bank.email, "nobody@cast.example"):
        pages = [forgot(client, email) for _ in range(5)]
        assert {page.status_code for page in pages} == {200}
    assert session.scalar(select(func.count()).select_from(Mail)) == 6


def test_a_foreign_host_asks_for_no_mail_and_links_lead_home(client, cast, mailed):
    """H7, H8."""
    assert forgot(client, cast.bank.email, headers={"Host": "evil.com"}).status_code == 400
    assert mails() == []
    forgot(client, cast.bank.email, headers={"X-Forwarded-Host": "evil.com", "X-Forwarded-Proto": "https"})
    assert "evil" not in mails()[0].body and mailed(cast.bank.email).startswith("/password/new/")


@pytest.mark.parametrize("email", ["a@b.vn\r\nBcc: x@y.vn", '"<script>"@x', "a@b", "x" * 320, "", "a b@c.vn"])
def test_what_is_no_address_gets_no_mail(client, email):
    """H40, H41."""
    assert forgot(client, email).status_code == 422
    assert mails() == []


def test_an_address_is_changed_once_its_link_was_opened_and_the_old_one_is_told(app, cast, browse, mailed):
    owner, old = browse(cast.firm_owner), cast.firm_owner.email
    data = {"email": "New.Owner@cast.example", "current": PASSWORD}
    assert owner.post("/account/address", data=data | {"current": "wrong"}).status_code == 422
    assert owner.post("/account/address", data=data).status_code == 302
    path = mailed("new.owner@cast.example")
    assert get(User, cast.firm_owner.id).email == old
    assert "new.owner@cast.example" in app.test_client().get(path).text  # on the telephone that has the mail
    assert app.test_client().post(path).status_code == 302
    user = get(User, cast.firm_owner.id)
    assert (user.email, user.email_verified_at) == ("new.owner@cast.example", clock.now())
    assert (mails()[-1].recipient, mails()[-1].kind) == (old, "account.address_changed")
    assert app.test_client().post(path).status_code == 404


def test_asking_for_the_address_of_another_tells_only_him(cast, browse):
    owner = browse(cast.firm_owner)
    pages = []
    for email in (cast.rival_owner.email, "free@cast.example"):
        answer = owner.post("/account/address", data={"email": email, "current": PASSWORD}, follow_redirects=True)
        pages.append((answer.status_code, bare(answer, email)))
    assert pages[0] == pages[1]
    assert [("/address/" in m.body) for m in mails()] == [False, True]


def test_a_link_for_one_purpose_opens_nothing_of_another(client, cast, browse, mailed):
    """H18."""
    browse(cast.firm_owner).post("/account/address/verify")
    key = mailed(cast.firm_owner.email).rsplit("/", 1)[1]
    assert choose(client, f"/password/new/{key}").status_code == 404
    assert client.post(f"/address/{key}").status_code == 302


def test_whoever_gets_an_account_chooses_the_password_by_a_link(app, cast, browse, mailed):
    data = {"name": "Phạm Lan", "email": "lan@cast.example", "roles": ["door_staff"]}
    assert browse(cast.administrator).post("/admin/users/new", data=data).status_code == 302
    client, path = app.test_client(), mailed("lan@cast.example")
    with clock.frozen(clock.now() + timedelta(days=6)):
        assert choose(client, path).status_code == 302
        assert client.get("/account").status_code == 200
