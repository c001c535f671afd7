"""Contact through the Department: a confirmed address, an officer, the firm's yes, and only then contacts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from companies.contacting import operations, rules
from companies.contacting.enums import ContactState
from companies.contacting.models import ContactRequest
from companies.models import Organisation
from core import clock
from core.db import session, write
from core.outbox import Mail

ASKED = {"name": "Jane Example", "email": "jane@buyer.example", "firm": "Example Ltd",
         "purpose": "We look for 10,000 LED lamps a month from March on."}  # fmt: skip


@pytest.fixture
def firm(cast):
    """The firm of the cast with contacts that are not public."""
    key, _owner = cast.firm.id, cast.firm_owner
    with write():
        row = session.get(Organisation, key)
        row.email, row.phone = "kanari@firm.example", "+84243719400"
    return key


def mails(to):
    return session.scalars(select(Mail.body).where(Mail.recipient == to).order_by(Mail.id)).all()


def state():
    return session.scalars(select(ContactRequest.state)).one()


def link(to):
    return re.search(r"http://localhost(/contact/\S+)", mails(to)[0]).group(1)


def ask(client, firm, **changed):
    return client.post(f"/organisations/{firm}/contact?lang=en", data={**ASKED, **changed})


@pytest.mark.parametrize(
    ("from_address", "to_firm", "may"), [(0, 0, True), (2, 29, True), (3, 0, False), (0, 30, False)]
)
def test_requests_of_a_day_are_limited(from_address, to_firm, may):
    assert rules.may_send(from_address=from_address, to_firm=to_firm) is may


def test_from_a_stranger_s_wish_to_contacts_of_both_sides(firm, client, browse, cast):
    assert ask(client, firm).status_code == 302 and state() is ContactState.UNCONFIRMED
    officer, owner = browse(cast.officer, "en"), browse(cast.firm_owner, "en")
    assert "Example Ltd" not in officer.get("/contact-requests").text
    page = link(ASKED["email"])
    assert client.get(page).status_code == 200 and state() is ContactState.UNCONFIRMED
    assert client.post(page).status_code == 302 and client.post(page).status_code == 404
    assert "1 request for contact waits for you" in officer.get("/desk").text
    assert "Example Ltd" not in owner.get(f"/organisations/{firm}/contact-requests").text
    key = session.scalars(select(ContactRequest.id)).one()
    assert officer.post(f"/contact-requests/{key}/forward").status_code == 302
    seen = owner.get(f"/organisations/{firm}/contact-requests").text
    assert "10,000 LED lamps" in seen and ASKED["email"] not in seen
    assert "kanari" not in "".join(mails(ASKED["email"]))
    assert owner.post(f"/contact-requests/{key}/accept").status_code == 302
    assert "kanari@firm.example" in mails(ASKED["email"])[-1] and "+84243719400" in mails(ASKED["email"])[-1]
    assert ASKED["email"] in mails(cast.firm_owner.email)[-1]
    assert owner.post(f"/contact-requests/{key}/refuse").status_code == 409 and state() is ContactState.ACCEPTED


def test_a_declined_request_never_reaches_the_firm(firm, browse, cast):
    browse(cast.bank, "en").post(f"/organisations/{firm}/contact", data={"purpose": ASKED["purpose"]})
    assert state() is ContactState.OPEN  # the address of somebody signed in is known
    key, officer = session.scalars(select(ContactRequest.id)).one(), browse(cast.officer, "en")
    assert officer.post(f"/contact-requests/{key}/decline", data={"reason": ""}).status_code == 422
    officer.post(f"/contact-requests/{key}/decline", data={"reason": "Please ask the centre first."})
    assert "Please ask the centre first." in mails(cast.bank.email)[-1] and mails(cast.firm_owner.email) == []
    assert browse(cast.firm_owner).post(f"/contact-requests/{key}/accept").status_code == 404


def test_another_firm_s_request_does_not_exist(firm, browse, cast):
    browse(cast.bank).post(f"/organisations/{firm}/contact", data={"purpose": ASKED["purpose"]})
    key = session.scalars(select(ContactRequest.id)).one()
    browse(cast.officer).post(f"/contact-requests/{key}/forward")
    rival = browse(cast.rival_owner)
    assert rival.post(f"/contact-requests/{key}/accept").status_code == 404
    assert rival.get(f"/organisations/{firm}/contact-requests").status_code == 403
    assert state() is ContactState.FORWARDED


def test_a_firm_without_people_is_told_to_the_officer_in_words(browse, cast):
    lone = cast.rival.id
    browse(cast.bank).post(f"/organisations/{lone}/contact", data={"purpose": ASKED["purpose"]})
    key = session.scalars(select(ContactRequest.id)).one()
    answer = browse(cast.officer, "en").post(f"/contact-requests/{key}/forward")
    assert answer.status_code == 409 and "Nobody of this firm has an account" in answer.text
    assert state() is ContactState.OPEN


@pytest.mark.parametrize(
    "changed", [{"email": "a@b.vn\r\nBcc: x@y.vn"}, {"email": '"<script>"@x'}, {"purpose": "short"}, {"name": ""}]
)
def test_what_cannot_be_used_is_told_beside_the_field_and_nothing_typed_is_lost(firm, client, changed):
    answer = ask(client, firm, **changed)
    assert answer.status_code == 422 and "Example Ltd" in answer.text
    assert session.scalars(select(ContactRequest)).all() == []


def test_too_many_requests_of_one_address_are_refused_and_a_day_later_accepted(firm, client):
    for _number in range(rules.FROM_ONE_ADDRESS):
        assert ask(client, firm).status_code == 302
    assert ask(client, firm).status_code == 422
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        assert ask(client, firm).status_code == 302


def test_hostile_text_is_inert_and_a_foreign_product_is_none_of_the_request(firm, client, browse, cast):
    client.post(f"/organisations/{firm}/contact?product=99999", data={**ASKED, "firm": "<script>alert(1)</script>"})
    client.post(link(ASKED["email"]))
    key = session.scalars(select(ContactRequest.id)).one()
    for path in ("/contact-requests", f"/contact-requests/{key}"):
        assert "<script>alert" not in browse(cast.officer).get(path).text
    assert session.get(ContactRequest, key).product_id is None and operations.PURPOSE == "contact"
