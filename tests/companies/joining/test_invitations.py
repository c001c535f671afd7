"""Invitations: a personal link, good once, for one address, until it is taken back (H60)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import queries as people
from companies import queries
from companies.joining.models import Invitation
from companies.models import Membership
from core import clock
from core.audit import AuditLine
from core.db import session
from core.outbox import Mail

NEW = "giếng làng vẫn trong veo"
LAN = "lan@minhhoa.example"


def invite(browser, firm, **extra):
    data = {"email": LAN, "role": "member", "language": "vi", "name": "Phạm Lan"} | extra
    return browser.post(f"/organisations/{firm.id}/invitations", data=data)


def accept(client, path):
    return client.post(path, data={"name": "Phạm Lan", "password": NEW, "again": NEW})


def row():
    return session.scalars(select(Invitation)).one()


@pytest.mark.parametrize("who", ["officer", "firm_owner"])
def test_somebody_invited_makes_an_account_and_belongs_at_once(app, cast, browse, mailed, who):
    assert invite(browse(getattr(cast, who)), cast.firm).status_code == 302
    client, path = app.test_client(), mailed(LAN)
    assert "Phạm Lan" in client.get(path).text
    assert client.post(path, data={"name": "Lan", "password": "matkhau123", "again": "matkhau123"}).status_code == 422
    assert accept(client, path).location == f"/organisations/{cast.firm.id}/edit"
    assert client.get(f"/organisations/{cast.firm.id}/edit").status_code == 200
    user = people.by_email(LAN)
    assert user.email_verified_at == clock.now()
    assert queries.membership(user.id, cast.firm.id).role == "member"
    assert [accept(app.test_client(), path).status_code, client.get(path).status_code] == [404, 404]


def test_a_mail_speaks_the_language_of_the_invitation(cast, browse):
    browser = browse(cast.officer)
    page = browser.get(f"/organisations/{cast.supplier_organisation.id}/members").text
    assert '<option selected value="en">' in page
    invite(browser, cast.supplier_organisation, language="en")
    mail = session.scalars(select(Mail)).one()
    assert (mail.language, mail.subject) == ("en", "Invitation: Beispiel Maschinen GmbH (demo)")
    assert mail.sensitive


def test_members_and_rivals_invite_nobody_and_only_owners_and_officers_make_owners(cast, browse):
    assert invite(browse(cast.firm_colleague), cast.firm).status_code == 403
    assert invite(browse(cast.rival_owner), cast.firm).status_code == 403
    assert invite(browse(cast.firm_owner), cast.firm, role="owner").status_code == 302


def test_an_invitation_taken_back_or_expired_opens_nothing(app, cast, browse, mailed):
    owner = browse(cast.firm_owner)
    invite(owner, cast.firm)
    path = mailed(LAN)
    with clock.frozen(clock.now() + timedelta(days=30)):
        assert accept(app.test_client(), path).status_code == 404
    owner.post(f"/invitations/{row().id}/revoke")
    assert accept(app.test_client(), path).status_code == 404
    assert invite(owner, cast.firm).status_code == 302  # and may be made anew


def test_sent_again_the_old_link_falls_and_a_minute_later_it_is_not_sent_once_more(app, cast, browse, mailed):
    owner = browse(cast.firm_owner)
    invite(owner, cast.firm)
    first, again = mailed(LAN), f"/invitations/{row().id}/again"
    owner.post(again)
    assert row().sends == 1
    with clock.frozen(clock.now() + timedelta(hours=2)):
        owner.post(again)
        assert row().sends == 2
        assert accept(app.test_client(), first).status_code == 404
        assert accept(app.test_client(), mailed(LAN)).status_code == 302


def test_whoever_has_an_account_accepts_with_it_and_nobody_else_does(app, cast, browse, mailed):
    invite(browse(cast.firm_owner), cast.firm, email=cast.university.email)
    path = mailed(cast.university.email)
    for stranger in (app.test_client(), browse(cast.rival_owner)):
        assert accept(stranger, path).status_code == 403
    assert browse(cast.university).post(path).status_code == 302
    assert queries.membership(cast.university.id, cast.firm.id) is not None


def test_nobody_is_invited_twice_nor_where_he_belongs(cast, browse):
    owner = browse(cast.firm_owner)
    assert [invite(owner, cast.firm).status_code for _ in range(2)] == [302, 409]
    assert invite(owner, cast.firm, email=cast.firm_colleague.email).status_code == 409


def test_all_that_had_a_week_are_sent_again_at_one_press(cast, browse):
    officer = browse(cast.officer)
    invite(officer, cast.firm)
    with clock.frozen(clock.now() + timedelta(days=6)):
        invite(browse(cast.officer), cast.firm, email="minh@minhhoa.example")
    with clock.frozen(clock.now() + timedelta(days=8)):
        browse(cast.officer).post("/join/invitations/again")
        rows = session.scalars(select(Invitation).order_by(Invitation.id)).all()
        assert [r.sends for r in rows] == [2, 1]


def test_the_invitations_of_a_rival_are_hidden(cast, browse):
    invite(browse(cast.firm_owner), cast.firm)
    assert browse(cast.rival_owner).post(f"/invitations/{row().id}/revoke").status_code == 404
    assert LAN not in browse(cast.firm_colleague).get(f"/organisations/{cast.firm.id}/members").text


def test_the_audit_tells_who_invited_and_names_nobody(app, cast, browse, mailed):
    invite(browse(cast.firm_owner), cast.firm)
    accept(app.test_client(), mailed(LAN))
    lines = session.scalars(select(AuditLine).where(AuditLine.act.like("invitation.%"))).all()
    assert [line.act for line in lines] == ["invitation.send", "invitation.accept"]
    assert LAN not in str([line.detail for line in lines])
    assert len(session.scalars(select(Membership)).all()) == 2
