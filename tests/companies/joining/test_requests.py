"""Registering: the address is confirmed by mail, an owner or an officer decides, nothing known leaks meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts import queries as people
from accounts.models import User
from companies import queries
from companies.joining.enums import RequestState
from companies.joining.models import JoinRequest
from companies.models import Organisation
from core import attention, clock
from core.access import Actor
from core.db import session
from core.outbox import Mail

NEW = "giếng làng vẫn trong veo"
LAN = "lan@minhhoa.example"
FIRM = {"place": "vn", "tax_code": "0090000019", "organisation_name": "Cơ khí của tôi", "kind": "firm"}
ABROAD = {"place": "abroad", "country": "Đức", "foreign_id": "hrb 4711", "organisation_name": "Neue GmbH (demo)"}


def register(client, **extra):
    return client.post("/join", data=FIRM | {"name": "Phạm Lan", "email": LAN, "position": "Kỹ sư"} | extra)


def complete(client, path):
    return client.post(path, data={"password": NEW, "again": NEW})


def request_row():
    return session.scalars(select(JoinRequest).order_by(JoinRequest.id.desc())).first()


@pytest.fixture
def lan(app, mailed):
    """Somebody who registered and confirmed her address: her browser."""

    def go(**extra):
        client = app.test_client()
        assert register(client, **extra).status_code == 200
        assert complete(client, mailed(LAN)).status_code == 302
        return client

    return go


def test_a_firm_that_nobody_knew_is_made_when_an_officer_confirms_and_its_first_person_owns_it(cast, browse, lan):
    client = lan(tax_code="0090000040")
    assert "Cơ khí của tôi" in client.get("/join/mine").text
    assert queries.by_tax_code("0090000040") is None
    answer = browse(cast.officer).post(f"/join/{request_row().id}/confirm")
    firm = queries.by_tax_code("0090000040")
    assert answer.location == f"/organisations/{firm.id}/members" and firm.name_vi == "Cơ khí của tôi"
    assert queries.membership(people.by_email(LAN).id, firm.id).role == "owner"
    assert client.get(f"/organisations/{firm.id}/edit").status_code == 200
    assert session.scalars(select(Mail.kind).where(Mail.recipient == LAN)).all()[-1] == "joining.decided"


def test_a_partner_abroad_registers_by_country_and_number(cast, browse, lan):
    lan(**ABROAD, kind="technology_supplier")
    browse(cast.officer).post(f"/join/{request_row().id}/confirm")
    found = queries.by_foreign_id("DE", "HRB 4711")
    assert (found.name_en, {k.value for k in found.kinds}) == ("Neue GmbH (demo)", {"technology_supplier"})


def test_a_second_person_of_a_known_firm_is_confirmed_by_its_owner_as_a_member(cast, browse, lan):
    owner = browse(cast.firm_owner)
    client = lan()
    told = session.scalars(select(Mail.recipient).where(Mail.kind == "joining.asked")).all()
    assert told == [cast.firm_owner.email]
    assert LAN in owner.get(f"/organisations/{cast.firm.id}/members").text
    row = request_row().id
    for who, status in (("rival_owner", 404), ("firm_colleague", 404), ("firm_owner", 302), ("officer", 409)):
        assert browse(getattr(cast, who)).post(f"/join/{row}/confirm").status_code == status, who
    assert queries.membership(people.by_email(LAN).id, cast.firm.id).role == "member"
    assert client.get(f"/organisations/{cast.firm.id}/edit").status_code == 200


def test_nothing_of_a_known_firm_shows_to_the_one_who_asks(app, cast, browse, mailed):
    cast.firm_owner  # noqa: B018 - the firm is known and led
    client = app.test_client()
    pages = [register(client).text, client.get(mailed(LAN)).text]
    complete(client, mailed(LAN))
    pages += [client.get(path).text for path in ("/join/mine", "/", "/account", "/organisations/mine")]
    pages += session.scalars(select(Mail.body).where(Mail.recipient == LAN)).all()
    assert not any(cast.firm.name_vi in page or cast.firm_owner.email in page for page in pages)
    row = request_row().id
    assert client.get(f"/join/{row}").status_code == 403 and client.post(f"/join/{row}/confirm").status_code == 403
    assert client.get(f"/organisations/{cast.firm.id}/edit").status_code == 403


@pytest.mark.parametrize("language", ["vi", "en"])
def test_known_and_unknown_firms_and_addresses_get_the_same_answer_by_the_same_steps(cast, browse, queries, language):
    """H20: neither the number nor the address tells whether we know it."""
    cast.firm_owner  # noqa: B018 - the firm is known and led
    answers, writes = set(), []
    for n, (email, code) in enumerate(
        [(LAN, "0090000040"), ("b@minhhoa.example", "0090000019"), (cast.bank.email, "0090000019")]
    ):
        client = browse(None, language)
        del queries[:]
        page = register(client, email=email, tax_code=code)
        writes.append([s.split("(")[0] for s in queries if s.startswith(("INSERT", "UPDATE"))])
        answers.add((page.status_code, re.sub(r'name="csrf_token"[^>]*', "", page.text.replace(email, ""))))
        assert n or page.status_code == 200
    assert len(answers) == 1 and writes[0] == writes[1] == writes[2] and len(writes[0]) == 4
    bodies = session.scalars(select(Mail.body).order_by(Mail.id)).all()
    assert ["/registration/" in body for body in bodies] == [True, True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        {"tax_code": "0090000018"}, {"tax_code": ""}, {"tax_code": "1 OR 1=1"}, {"email": "a@b"}, {"name": ""},
        {"email": "a@b.vn\r\nBcc: c@d.vn"}, {"organisation_name": ""}, {"kind": "king"}, {"place": "moon"},
        {"place": "abroad", "country": "Nơi nào đó", "foreign_id": "1234"}, {"place": "abroad", "country": "DE"},
        {"place": "abroad", "country": "Việt Nam", "foreign_id": "1234"}, {"organisation_name": "x" * 251},
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_beside_the_field_and_nothing_is_lost(client, wrong):
    page = register(client, **{"position": "Kỹ sư trưởng"} | wrong)
    assert page.status_code == 422 and "Kỹ sư trưởng" in page.text and "field-error" in page.text
    assert session.scalar(select(func.count()).select_from(Mail)) == 0


def test_extra_fields_decide_nothing(cast, client, mailed):
    """H13."""
    register(client, state="confirmed", organisation_id=cast.firm.id, user_id=cast.firm_owner.id, role="owner")
    row = request_row()
    assert (row.state, row.organisation_id, row.user_id) == (RequestState.MAILED, None, None)


def test_a_decline_needs_a_reason_and_the_person_reads_it(cast, browse, lan):
    client = lan()
    officer, row = browse(cast.officer), request_row().id
    assert officer.post(f"/join/{row}/decline", data={"reason": " "}).status_code == 422
    assert officer.post(f"/join/{row}/decline", data={"reason": "Không thuộc đơn vị này"}).status_code == 302
    assert "Không thuộc đơn vị này" in client.get("/join/mine").text
    mail = session.scalars(select(Mail).where(Mail.kind == "joining.decided")).one()
    assert "Không thuộc đơn vị này" in mail.body


def test_the_link_expires_and_is_good_once(app, client, mailed):
    register(client)
    path = mailed(LAN)
    with clock.frozen(clock.now() + timedelta(days=3)):
        assert complete(app.test_client(), path).status_code == 404
    assert complete(client, path).status_code == 302
    assert complete(app.test_client(), path).status_code == 404
    assert session.scalar(select(func.count()).select_from(User)) == 1


def test_somebody_signed_in_asks_without_a_mail_and_takes_it_back(cast, browse):
    browser = browse(cast.university)
    assert browser.post("/join", data=FIRM).location == "/join/mine"
    row = request_row()
    assert browse(cast.bank).post(f"/join/{row.id}/withdraw").status_code == 404
    assert browser.post(f"/join/{row.id}/withdraw").status_code == 302
    assert browse(cast.officer).post(f"/join/{row.id}/confirm").status_code == 409


def test_nobody_sends_words_of_his_own_to_strangers_in_the_departments_name(client):
    words = "Vay nhanh: http://evil.example"
    for email in (LAN, "minh@minhhoa.example"):
        register(client, email=email, name=words, organisation_name=words, position=words)
    mails = session.scalars(select(Mail)).all()
    assert len(mails) == 2 and not any("evil" in f"{mail.subject} {mail.body}" for mail in mails)


def test_a_household_cannot_be_flooded_with_requests(cast, browse):
    browser = browse(cast.university)
    codes = [browser.post("/join", data=FIRM).status_code for _ in range(6)]
    assert codes == [302] * 5 + [409]


def test_of_two_who_register_the_same_new_firm_the_second_becomes_a_member(app, cast, browse, lan, mailed):
    lan(tax_code="0090000040")
    other = app.test_client()
    register(other, tax_code="0090000040", email="minh@minhhoa.example", name="Trần Minh")
    complete(other, mailed("minh@minhhoa.example"))
    officer = browse(cast.officer)
    for row in session.scalars(select(JoinRequest.id).order_by(JoinRequest.id)).all():
        assert officer.post(f"/join/{row}/confirm").status_code == 302
    assert session.scalar(select(func.count()).select_from(Organisation)) == 1
    roles = [m.role.value for m in queries.members(queries.by_tax_code("0090000040"))]
    assert roles == ["owner", "member"]


def test_officers_are_told_that_requests_wait(cast, browse, lan):
    lan()
    shown = attention.for_reader(Actor(cast.officer.id, frozenset({"officer"})), at=clock.now())
    assert [(s.entry.endpoint, s.entry.count) for s in shown if s.kind.name == "joining.requests"] == [
        ("requests.index", 1)
    ]
    assert "Phạm Lan" in browse(cast.officer).get("/join/requests").text
