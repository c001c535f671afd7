"""A partner asks the Department for an introduction to a firm on its list, between conferences."""

from __future__ import annotations

from sqlalchemy import select

from companies.contacting.enums import ContactState
from companies.contacting.models import ContactRequest
from core.db import session
from tests.events.conferences.browsing.conftest import listed

PURPOSE = "Chúng tôi muốn trao đổi về khoản vay mua thép tấm của quý công ty."


def ask(client, firm, asker):
    data = {"firm": "Ngân hàng", "purpose": PURPOSE}
    return client.post(f"/organisations/{firm}/contact?for={asker}&next=/organisations/{asker}/matches", data=data)


def test_an_introduction_is_asked_for_once_and_its_state_is_shown_to_the_partner_alone(firms, cast, browse):
    bank, own, other = browse(cast.bank, "en"), cast.bank_organisation.id, cast.university_organisation.id
    listed(other, firms)
    form = bank.get(f"/organisations/{firms[0]}/contact?for={own}").text
    assert "Ngân hàng TMCP Thí Dụ" in form
    answer = ask(bank, firms[0], own)
    assert answer.headers["Location"] == f"/organisations/{own}/matches"
    [row] = session.scalars(select(ContactRequest)).all()
    assert (row.asker_id, row.organisation_id, row.state) == (own, firms[0], ContactState.OPEN)
    assert ask(bank, firms[0], own).status_code == 409
    page = bank.get(f"/organisations/{own}/matches").text
    assert page.count("Waits for the Department") == 1
    assert "Waits for the Department" not in browse(cast.university, "en").get(f"/organisations/{other}/matches").text
    officer = browse(cast.officer, "en")
    assert PURPOSE in officer.get(f"/contact-requests/{row.id}").text
    assert f"/organisations/{own}" in officer.get(f"/contact-requests/{row.id}").text


def test_nobody_asks_in_the_name_of_an_organisation_that_is_not_his(firms, cast, browse):
    own = cast.bank_organisation.id
    ask(browse(cast.university), firms[0], own)
    assert session.scalars(select(ContactRequest.asker_id)).all() == [None]
    assert "Waits for the Department" not in browse(cast.bank, "en").get(f"/organisations/{own}/matches").text
