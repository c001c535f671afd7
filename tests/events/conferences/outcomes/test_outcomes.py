"""Reporting on meetings through the pages, reminders, and the question after months."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from companies import queries as company_queries
from companies.enums import GrantScope
from core import audit, clock, outbox
from core.db import session, write
from core.errors import Conflict
from events.conferences.outcomes import operations, queries
from events.conferences.outcomes.enums import Label
from events.conferences.outcomes.models import FollowUp, MeetingReport, Outcome

EVENING = timedelta(hours=9)


def pages(small, participant):
    return f"/conferences/{small.conference_id}/participants/{participant}"


def report_of(small, participant, other):
    session.rollback()
    return queries.report(small.participant(participant), small.participant(other))


def test_nothing_can_be_reported_before_the_meeting_begins(held, cast):
    with pytest.raises(Conflict), write():
        firm, bank = held.participant(held.firm), held.participant(held.partner)
        operations.report(firm, bank, {"held": True}, by=cast.firm_owner, at=clock.now())


def test_two_taps_and_a_note_and_each_tap_leaves_the_others(held, browse, cast):
    path = pages(held, held.firm)
    with clock.frozen(held.day + EVENING):
        client = browse(cast.firm_owner)
        for said in ({"held": "yes"}, {"useful": "yes"}, {"label": "negotiating"}, {"note": "Gửi báo giá"}):
            assert client.post(f"{path}/reports", data={"other": held.partner, **said}).status_code == 302
        row = report_of(held, held.firm, held.partner)
        assert (row.held, row.useful, row.label, row.note) == (True, True, Label.NEGOTIATING, "Gửi báo giá")
        client.post(f"{path}/reports", data={"other": held.partner, "held": "no"})
        row = report_of(held, held.firm, held.partner)
        assert (row.held, row.useful, row.label, row.note) == (False, None, None, "Gửi báo giá")
        client.post(f"{path}/reports", data={"other": held.partner, "label": "agreed"})
        assert report_of(held, held.firm, held.partner).held is True
        assert "Gửi báo giá" in client.get(f"{path}/outcomes").get_data(as_text=True)


def test_the_other_side_reads_nothing_of_it_and_the_officer_not_the_note(held, browse, cast):
    with clock.frozen(held.day + EVENING):
        browse(cast.firm_owner).post(
            f"{pages(held, held.firm)}/reports",
            data={"other": held.partner, "useful": "no", "note": "CANARY-NOTE"},
        )
        browse(cast.firm_owner).post(
            f"{pages(held, held.firm)}/outcomes",
            data={
                "other": held.partner,
                "kind": "loan",
                "on": "20/11/2026",
                "amount": "7.654.321",
                "currency": "VND",
                "note": "CANARY",
            },
        )
        bank = browse(cast.bank)
        for page in ("outcomes", "schedule", "wishes", "suggestions"):
            text = bank.get(f"{pages(held, held.partner)}/{page}").get_data(as_text=True)
            assert "CANARY" not in text and "7.654.321" not in text
        assert bank.get(f"{pages(held, held.firm)}/outcomes").status_code == 404
        overview = browse(cast.officer).get(f"/conferences/{held.conference_id}/outcomes").get_data(as_text=True)
        assert "CANARY-NOTE" not in overview
        assert "7.654.321" in overview


def test_an_outcome_with_evidence_is_stated_and_taken_back(held, browse, cast):
    path = pages(held, held.firm)
    with clock.frozen(held.day + EVENING):
        client = browse(cast.firm_owner)
        pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        data = {"other": held.partner, "kind": "contract", "on": "21/11/2026", "amount": "1.500.000.000",
                "currency": "VND", "evidence": (io.BytesIO(pdf), "hợp đồng.pdf")}  # fmt: skip
        assert client.post(f"{path}/outcomes", data=data).status_code == 302
        session.rollback()
        outcome = session.scalars(select(Outcome)).one()
        assert outcome.amount == 1_500_000_000 and outcome.evidence.name == "hợp đồng.pdf"
        assert client.get(f"{path}/outcomes/{outcome.id}/evidence").status_code == 200
        assert browse(cast.bank).get(f"{path}/outcomes/{outcome.id}/evidence").status_code == 404
        late = client.post(f"{path}/outcomes", data=data | {"on": "21/11/2031", "evidence": (io.BytesIO(b""), "")})
        assert late.status_code == 422 and "21/11/2031" in late.get_data(as_text=True)
        client.post(f"{path}/outcomes/{outcome.id}/withdraw")
        assert queries.stated(held.conference) == []
        assert client.get(f"{path}/outcomes/{outcome.id}/evidence").status_code == 404


def test_an_officer_answers_for_one_who_phones_and_the_audit_says_so(held, browse, cast):
    with clock.frozen(held.day + EVENING):
        browse(cast.officer).post(f"{pages(held, held.firm)}/reports", data={"other": held.partner, "held": "yes"})
    line = session.scalars(select(audit.AuditLine).where(audit.AuditLine.act == "meeting.report")).one()
    assert line.on_behalf_of == f"participant:{held.firm}"


def test_the_silent_are_reminded_and_not_again_for_three_days(held, browse, cast):
    with clock.frozen(held.day + EVENING):
        browse(cast.firm_owner).post(f"{pages(held, held.firm)}/reports", data={"other": held.partner, "held": "yes"})
        officer = browse(cast.officer)
        page = officer.get(f"/conferences/{held.conference_id}/outcomes").get_data(as_text=True)
        assert "Ngân hàng TMCP Thí Dụ" in page
        officer.post(f"/conferences/{held.conference_id}/outcomes/remind")
        officer.post(f"/conferences/{held.conference_id}/outcomes/remind")
    mails = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "meeting.remind")).all()
    mine = len([m for m in queries.held(held.conference) if m.meeting.firm.id == held.firm])
    silent_firm = {cast.firm_owner.email} if mine > 1 else set()
    assert {m.recipient for m in mails} == {cast.bank.email} | silent_firm and len(mails) == len(
        {m.recipient for m in mails}
    )


def ask(held, at):
    with clock.frozen(at):
        operations.ask_again(at)
        operations.ask_again(at)  # a second run, or a second process, asks nobody again


def test_after_three_months_one_tap_in_the_mail_answers_without_signing_in(held, browse, cast):
    with clock.frozen(held.day + EVENING):
        browse(cast.firm_owner).post(f"{pages(held, held.firm)}/reports", data={"other": held.partner, "held": "yes"})
    ask(held, held.day + timedelta(days=60))
    assert session.scalars(select(FollowUp)).all() == []
    later = held.day + timedelta(days=95)
    ask(held, later)
    mails = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "meeting.ask_again")).all()
    assert sorted(m.recipient for m in mails) == sorted([cast.firm_owner.email, cast.bank.email])
    link = next(re.search(r"/asked/\S+", m.body).group() for m in mails if m.recipient == cast.firm_owner.email)
    with clock.frozen(later + timedelta(days=1)):
        anyone = browse()
        assert "Ngân hàng TMCP Thí Dụ" in anyone.get(link).get_data(as_text=True)
        assert report_of(held, held.firm, held.partner).label is None  # looking changes nothing
        thanks = anyone.post(link, data={f"p{held.partner}": "agreed"}, follow_redirects=True)
        assert thanks.status_code == 200 and thanks.request.path.startswith("/asked/contacts/")
        assert "are recorded" in anyone.get(f"{thanks.request.path}?lang=en").text  # in the other language, too
        assert "are recorded" in anyone.get(link.partition("?")[0] + "?lang=en").text
        assert report_of(held, held.firm, held.partner).label is Label.AGREED
        _contacts_are_given_and_taken_back(held, anyone, thanks)
        assert anyone.post(link, data={f"p{held.partner}": "no_interest"}).status_code in (404, 410)
        assert report_of(held, held.firm, held.partner).label is Label.AGREED
    assert [row.answered_at is not None for row in session.scalars(select(FollowUp).order_by(FollowUp.id))].count(
        True
    ) == 1


def _contacts_are_given_and_taken_back(held, anyone, page):
    """One click each, on the page that thanks, by a key that changes with every click."""
    firm, bank = held.participant(held.firm).organisation_id, held.participant(held.partner).organisation_id
    for given in (1, 0):
        click = re.search(r'action="(/asked/contacts/[\w-]+)', page.get_data(as_text=True))[1]
        assert anyone.post(click, data={"other": held.partners[1], "give": 1}).status_code == 404  # they did not meet
        page = anyone.post(click, data={"other": held.partner, "give": given}, follow_redirects=True)
        session.rollback()
        present = company_queries.present_grant(firm, bank, GrantScope.CONTACTS)
        assert page.status_code == 200 and (present is not None) is bool(given)
        assert anyone.post(click, data={"other": held.partner, "give": 1}).status_code in (404, 410)


def test_after_a_held_meeting_the_page_of_outcomes_offers_to_exchange_contacts(held, browse, cast):
    path = f"{pages(held, held.firm)}/outcomes"
    with clock.frozen(held.day + EVENING):
        owner = browse(cast.firm_owner, "en")
        assert "Give them our contact" not in owner.get(path).get_data(as_text=True)
        owner.post(f"{pages(held, held.firm)}/reports", data={"other": held.partner, "held": "yes"})
        assert "Give them our contact" in owner.get(path).get_data(as_text=True)
        data = {"other": held.partner, "scope": "contacts", "give": "1", "back": path}
        assert owner.post(f"{pages(held, held.firm)}/sharing", data=data, follow_redirects=True).request.path == path
        assert "Hide our contact again" in owner.get(path).get_data(as_text=True)
        assert "contact again" not in browse(cast.officer, "en").get(path).get_data(as_text=True)
        owner.post(f"{pages(held, held.firm)}/reports", data={"other": held.partner, "label": "no_interest"})
        assert "our contact" not in owner.get(path).get_data(as_text=True)


def test_who_said_no_interest_is_not_asked_again_and_who_left_cannot_answer(held, browse, cast):
    with clock.frozen(held.day + EVENING):
        for row in queries.held(held.conference):
            if row.meeting.firm.id == held.firm:
                data = {"other": row.meeting.partner.id, "label": "no_interest"}
                browse(cast.firm_owner).post(f"{pages(held, held.firm)}/reports", data=data)
    later = held.day + timedelta(days=95)
    ask(held, later)
    mails = session.scalars(select(outbox.Mail).where(outbox.Mail.kind == "meeting.ask_again")).all()
    assert [m.recipient for m in mails] == [cast.bank.email]
    link = re.search(r"/asked/\S+", mails[0].body).group()
    from companies.models import Membership

    with write():
        session.scalars(select(Membership).where(Membership.user_id == cast.bank.id)).one().left_at = later
    with clock.frozen(later):
        assert browse().get(link).status_code == 404
        assert browse().post(link, data={f"p{held.firm}": "agreed"}).status_code == 404
    assert (
        session.scalars(select(MeetingReport.participant_id).where(MeetingReport.label == Label.AGREED)).all() == []
    )


def test_every_row_behind_the_figures_is_in_the_spreadsheet(held, browse, cast):
    from openpyxl import load_workbook

    with clock.frozen(held.day + EVENING):
        browse(cast.firm_owner).post(
            f"{pages(held, held.firm)}/reports", data={"other": held.partner, "useful": "yes"}
        )
        data = browse(cast.officer, "en").get(f"/conferences/{held.conference_id}/outcomes.xlsx").data
    book = load_workbook(io.BytesIO(data))
    rows = list(book["The meetings"].values)
    assert len(rows) - 1 == len(queries.held(held.conference))
    [mine] = [r for r in rows if r[1] == cast.firm.name_vi and r[2] == cast.bank_organisation.name_vi]
    assert mine[4:7] == ("yes", "yes", "yes")
