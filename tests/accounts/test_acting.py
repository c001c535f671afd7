"""An officer acts for an organisation: announced on every page and in the audit, never for what is personal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from companies.models import Organisation
from core import clock
from core.audit import AuditLine
from core.db import session
from tests.conftest import NOON

BANNER = "Bạn đang thao tác thay cho Công ty CP Cơ khí Minh Hoạ 01"


@pytest.fixture
def acting(cast, browse):
    """The officer's browser, acting for the first firm."""
    browser = browse(cast.officer)
    assert browser.post(f"/organisations/{cast.firm.id}/act").status_code == 302
    return browser


def edit(browser, firm):
    version = session.get(Organisation, firm.id).version
    data = {"version": version, "zone": "KCN Thí Dụ"}
    return browser.post(f"/organisations/{firm.id}/edit/contact", data=data)


def test_every_page_says_for_whom_he_acts_until_one_press_ends_it(cast, browse, acting):
    pages = ("/", "/organisations", f"/organisations/{cast.firm.id}/edit", "/events", "/no/such/page", "/conferences")
    assert all(BANNER in acting.get(page).text for page in pages)
    assert BANNER not in browse(cast.officer).get("/").text  # another session of his is his own
    acting.post("/acting/stop")
    assert not any(BANNER in acting.get(page).text for page in pages)


def test_every_line_of_the_audit_says_on_whose_behalf(cast, acting):
    assert edit(acting, cast.firm).status_code == 302
    acting.post("/acting/stop")
    lines = session.scalars(select(AuditLine).where(AuditLine.actor == f"user:{cast.officer.id}")).all()
    behalf = {line.act: line.on_behalf_of for line in lines}
    firm = f"organisation:{cast.firm.id}"
    assert {a: b for a, b in behalf.items() if a.startswith(("organisation", "session.act"))} == {
        "session.act": firm, "organisation.edit": firm, "session.act_end": firm,
    }  # fmt: skip


def test_he_has_the_organisations_rights_and_none_of_his_own(cast, acting):
    assert acting.get(f"/organisations/{cast.firm.id}/edit").status_code == 200
    assert acting.get(f"/organisations/{cast.rival.id}/edit").status_code == 403
    assert acting.get("/organisations/import").status_code == 403
    assert acting.get("/join/requests").status_code == 403


def test_what_is_personal_and_what_an_owner_consents_to_stays_out_of_reach(app, cast, acting):
    assert cast.firm_owner
    firm, bank = cast.firm.id, str(cast.bank_organisation.id)
    assert acting.post(f"/organisations/{firm}/sight", data={"scope": "figures", "partner": bank}).status_code == 403
    assert acting.post(f"/organisations/{firm}/invitations", data={"email": "a@b.example"}).status_code == 403
    assert acting.post("/join", data={}).status_code == 403
    own = [r for r in app.url_map.iter_rules() if r.rule.startswith("/account") and "POST" in r.methods]
    assert len(own) >= 10
    for rule in own:
        path = rule.rule.replace("<int:sign_in_id>", "1").replace("<purpose>", "contact")
        if "<" not in path:
            assert acting.post(path).status_code in (403, 404), path
    assert acting.get("/account/second-factor").status_code == 403


@pytest.mark.parametrize("who", ["council_member", "introducer", "firm_owner", "rival_owner", "bank"])
def test_only_officers_act_for_others(cast, browse, who):
    assert browse(getattr(cast, who)).post(f"/organisations/{cast.firm.id}/act").status_code == 403


def test_whoever_is_no_officer_any_more_acts_for_nobody(cast, acting, browse):
    browse(cast.administrator).post(f"/admin/users/{cast.officer.id}/roles", data={"roles": ["door_staff"]})
    assert acting.get(f"/organisations/{cast.firm.id}/edit").status_code == 302


def test_after_an_hour_he_is_asked_whether_he_goes_on(cast, acting):
    hub = f"/organisations/{cast.firm.id}/edit"
    assert "10:00" in acting.get(hub).text  # the banner says until when
    with clock.frozen(NOON + timedelta(minutes=59)):
        assert acting.get(hub).status_code == 200
    with clock.frozen(NOON + timedelta(minutes=61)):
        asked = acting.get(hub)
        assert asked.location == f"/acting?next={hub}"
        assert "Minh Hoạ 01" in acting.get(asked.location).text
        assert edit(acting, cast.firm).status_code == 302  # a form that was opened within the hour
        assert acting.post("/acting/go-on", data={"next": hub}).location == hub
        assert acting.get(hub).status_code == 200
    with clock.frozen(NOON + timedelta(minutes=61 + 60 + 31)):
        refused = edit(acting, cast.firm)
        assert refused.status_code == 403 and "không có gì thay đổi" in refused.text
        acting.post("/acting/stop")
        assert acting.get("/join/requests").status_code == 200
    lines = session.scalars(select(AuditLine.act).where(AuditLine.act.startswith("session.act"))).all()
    assert sorted(lines) == ["session.act", "session.act", "session.act_end"]
