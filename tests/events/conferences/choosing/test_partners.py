"""Partners invited from the directory, each by a link in its own language, reminded while silent."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.models import User
from companies.enums import Kind
from core import clock, outbox
from core.db import session, write
from core.errors import Invalid
from events.conferences import queries as conference_queries
from events.conferences.choosing import operations, queries
from events.conferences.enums import Side
from events.enums import RegistrationState


@pytest.fixture
def invited(small, cast, browse):
    """The bank in Vietnamese, the supplier in English; link by address."""
    supplier, _bank = cast.supplier.id, cast.bank.id
    with write():
        session.get(User, supplier).language = "en"
    officer, path = browse(cast.officer), f"/conferences/{small.conference_id}/partners"
    for organisation, kind in ((cast.bank_organisation, "bank"), (cast.supplier_organisation, "technology_supplier")):
        assert officer.post(f"{path}/invite", data={"kind": kind, "organisation": organisation.id}).status_code == 302
    return officer, path, links()


def links():
    session.rollback()
    mails = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "conference.invited")).all()
    return {m.recipient: (m.subject, re.search(r"/invitations/\S+", m.body).group()) for m in mails}


def test_each_answers_by_its_own_link_and_takes_part_as_what_it_was_invited(small, invited, cast, browse):
    _officer, _path, found = invited
    assert set(found) == {cast.bank.email, cast.supplier.email}
    assert found[cast.supplier.email][0].startswith("Invitation: Matching conference")
    assert found[cast.bank.email][0].startswith("Thư mời")
    assert browse().post(found[cast.supplier.email][1], data={"answer": "accept"}).status_code == 302
    participant = conference_queries.participant_of(small.conference, cast.supplier_organisation.id, Side.PARTNER)
    assert participant.kind is Kind.TECHNOLOGY_SUPPLIER
    assert found[cast.supplier.email][1].endswith("?lang=en")
    assert [t.label for t in small.conference.tables if t.owner_id == participant.id]
    browse().post(found[cast.bank.email][1], data={"answer": "decline"})
    assert conference_queries.participant_of(small.conference, cast.bank_organisation.id, Side.PARTNER) is None


def test_the_page_says_who_is_silent_and_who_declined_and_nobody_is_asked_twice(small, invited, cast, browse):
    officer, path, found = invited
    page = officer.get(path).get_data(as_text=True)
    assert "Chưa trả lời".lower() in page.lower() and "Beispiel" in page
    officer.post(f"{path}/invite", data={"kind": "bank", "organisation": cast.bank_organisation.id})
    assert links() == found
    assert officer.post(f"{path}/invite", data={"kind": "bank"}).status_code == 422
    browse().post(found[cast.bank.email][1], data={"answer": "decline"})
    session.rollback()
    assert [r.state for r in queries.partners_invited(small.conference)] == [
        RegistrationState.INVITED,
        RegistrationState.DECLINED,
    ]


def test_the_silent_are_reminded_by_the_officer(small, invited, cast, browse):
    _officer, path, _found = invited
    assert len(mails()) == 2
    with clock.frozen(clock.now() + timedelta(days=7)):
        browse(cast.officer).post(f"{path}/remind")
    assert len(mails()) == 4


def mails():
    session.rollback()
    return session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "conference.invited")).all()


def test_nobody_is_invited_as_what_the_conference_is_not_for(small, cast):
    officer, university = cast.officer, cast.university_organisation
    with pytest.raises(Invalid), write():
        operations.invite_partners(small.conference, [university], Kind.UNIVERSITY, by=officer, at=clock.now())
