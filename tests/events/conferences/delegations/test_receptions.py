"""What a host does: by its account or its personal link it reads who comes, and says what came of it."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal

import icalendar
import pytest
from sqlalchemy import select

from core import clock
from core.db import session, write
from core.outbox import Mail
from events.conferences.delegations import (
    asking,
    figures,
    operations,
    planning,
    publishing,
    queries,
    reporting,
    visited,
)
from events.conferences.delegations.models import VisitHost
from events.conferences.delegations.operations import Reception
from events.conferences.enums import VersionState
from events.conferences.outcomes.enums import Label, OutcomeKind
from events.conferences.outcomes.operations import Statement

ADDRESS = "tiepdon@cast.example"


@pytest.fixture
def hosted(trip, cast):
    """Published; the first host is known by its address alone, the second is the bank, with an account."""
    assert cast.firm_owner and cast.rival_owner and cast.bank
    with write():
        first, second = (session.get_one(VisitHost, key) for key in trip.hosts)
        first.organisation.email = ADDRESS
        second.organisation_id = cast.bank_organisation.id
        first.desks = 1
    planning.generate(trip.event_id, by=cast.officer)
    with write():
        draft = queries.plan_in(trip.event, VersionState.DRAFT)
        publishing.publish(trip.event, draft, by=cast.officer, at=clock.now())
    return trip


def letters(recipient, kind):
    session.rollback()
    query = select(Mail).where(Mail.recipient == recipient, Mail.kind == kind)
    return session.scalars(query.order_by(Mail.id)).all()


def link_in(mail):
    return re.search(r"/visits/[\w-]{43}", mail.body).group()


def test_a_host_without_an_account_reads_and_says_everything_by_its_link(browse, cast, client, hosted):
    [mail] = letters(ADDRESS, "delegation.host")
    link, member = link_in(mail), hosted.firm
    assert letters(cast.bank.email, "delegation.host")[0].body.count("/reception") == 1
    assert cast.firm.name_vi in client.get(link).text
    assert client.post(f"{link}/confirm").status_code == 302
    assert client.post(f"{link}/said", data={"other": member, "held": "yes"}).status_code == 302
    assert visited.visited([hosted.event_id])[0].host is None  # it has not begun
    with clock.frozen(hosted.event.ends_at + timedelta(days=200)):
        for said in ({"useful": "yes"}, {"label": "agreed"}, {"note": "Chỉ bên tiếp đón đọc"}):
            client.post(f"{link}/said", data={"other": member} | said)
        proof = (io.BytesIO(b"%PDF-1.4\n%%EOF\n"), "bien-ban.pdf")
        data = {
            "other": member,
            "kind": "contract",
            "on": clock.today().isoformat(),
            "amount": "1200",
            "currency": "USD",
        }
        assert client.post(f"{link}/outcomes", data=data | {"evidence": proof}).status_code == 302
        page = client.get(f"{link}?lang=en").text
        assert "bien-ban.pdf" in page and "1,200 USD" in page and "Chỉ bên tiếp đón đọc" in page
        session.rollback()
        host = session.get_one(VisitHost, hosted.hosts[0])
        said, [outcome] = visited.reports_by(host)[member], visited.stated_by(host)
        assert (said.held, said.useful, said.label, said.by_id) == (True, True, Label.AGREED, None)
        assert host.confirmed_at is not None
        key = outcome.id
        owner = browse(cast.firm_owner, "en").get(f"{hosted.path}/members/{member}").text
        assert "bien-ban.pdf" not in owner and "Chỉ bên" not in owner and 'aria-pressed="true"' not in owner
        assert client.get(f"{link}/outcomes/evidence?result={key}").status_code == 200
        assert "bien-ban.pdf" in browse(cast.officer, "en").get(f"{hosted.path}/report").text
        client.post(f"{link}/outcomes/withdraw", data={"result": key})
        session.rollback()
        assert visited.stated([hosted.event_id]) == []


def test_a_link_opens_its_own_host_and_only_until_it_is_renewed_or_ends(browse, cast, client, hosted):
    link = link_in(letters(ADDRESS, "delegation.host")[0])
    with clock.frozen(hosted.event.ends_at + timedelta(days=1)):
        with write():
            member, mou = hosted.registration(hosted.firm), Statement(OutcomeKind.MOU, clock.today())
            stated = [
                reporting.state_outcome(
                    member, hosted.hosts[n], mou, by_host=by_host, by=cast.officer, at=clock.now()
                ).id
                for n, by_host in ((0, False), (1, True))  # of the member, and of the other host
            ]
        for key in stated:
            assert client.post(f"{link}/outcomes/withdraw", data={"result": key}).status_code == 404
        answer = browse(cast.officer, "en").post(f"{hosted.path}/hosts/{hosted.hosts[0]}/link")
        renewed = re.search(r"/visits/[\w-]{43}", answer.text).group()
        assert (client.get(link).status_code, client.get(renewed).status_code) == (404, 200)
        assert client.get(f"/visits/{'x' * 43}").status_code == 404
    with clock.frozen(hosted.event.ends_at + timedelta(days=302)):
        assert client.get(renewed).status_code == 404


def test_a_host_with_an_account_does_the_same_on_its_page(browse, cast, hosted):
    bank, page = browse(cast.bank, "en"), f"{hosted.path}/hosts/{hosted.hosts[1]}/reception"
    with clock.frozen(hosted.event.ends_at + timedelta(minutes=1)):
        bank = browse(cast.bank, "en")
        bank.post(f"{page}/said", data={"other": hosted.rival, "held": "no"})
        bank.post(f"{page}/outcomes", data={"other": hosted.firm, "kind": "loan", "on": clock.today().isoformat(),
                                            "amount": "5", "currency": "VND"})  # fmt: skip
        late = bank.post(
            f"{page}/outcomes", data={"other": hosted.firm, "kind": "mou", "on": "2030-01-01", "note": "Mai"}
        )
        assert late.status_code == 422 and "Mai" in late.text
        [outcome] = visited.stated([hosted.event_id])
        assert (outcome.kind, outcome.by_host, outcome.by_id) == (OutcomeKind.LOAN, True, cast.bank.id)
        [visit] = [v for v in visited.visited([hosted.event_id]) if v.host is not None]
        assert (visit.held, visit.visitor.registration_id, visit.host.held) == (False, hosted.rival, False)
        key, other = outcome.id, f"{hosted.path}/hosts/{hosted.hosts[0]}/reception"
        assert browse(cast.firm_owner).post(f"{page}/outcomes/{key}/withdraw").status_code == 404
        assert bank.get(other).status_code == 404
        bank.post(f"{page}/outcomes/{key}/withdraw")
        session.rollback()
        assert visited.stated([hosted.event_id]) == []


def test_the_calendar_of_a_host_says_who_comes_until_it_gets_another_address(browse, cast, client, hosted):
    host = session.get_one(VisitHost, hosted.hosts[1])
    address = f"/calendar/hosts/{host.calendar_key}.ics"
    [entry] = icalendar.Calendar.from_ical(client.get(address).data).events
    assert "nhóm 1" in str(entry["SUMMARY"]) and f"{cast.firm.name_vi} (2)" in str(entry["DESCRIPTION"])
    page = f"{hosted.path}/hosts/{hosted.hosts[1]}/reception"
    bank = browse(cast.bank)
    assert address in bank.get(page).text
    bank.post(f"{page}/calendar")
    assert client.get(address).status_code == 404


def test_hosts_are_asked_once_after_the_visits_and_after_three_and_six_months(cast, hosted):
    ended = hosted.event.ends_at
    for days in (1, 4, 5, 95, 96, 185):
        with clock.frozen(ended + timedelta(days=days)):
            asking.ask_again(clock.now())
            if days == 5:
                with write():
                    for member in (hosted.firm, hosted.rival):
                        who, said = hosted.registration(member), {"held": True, "label": Label.NO_INTEREST}
                        reporting.report(who, hosted.hosts[1], said, by_host=True, by=cast.bank, at=clock.now())
    assert len(letters(cast.bank.email, "delegation.ask_hosts")) == 1  # it sees no interest anywhere
    mails = letters(ADDRESS, "delegation.ask_hosts")
    assert ["3 tháng" in m.body for m in mails] == [False, True, False] and "6 tháng" in mails[2].body


def test_what_both_sides_state_counts_once_and_what_they_contradict_is_shown(browse, cast, hosted):
    with clock.frozen(hosted.event.ends_at + timedelta(days=1)), write():
        member, at = hosted.registration(hosted.firm), clock.now()
        for by_host, amount in ((False, "900"), (True, "700")):
            what = Statement(OutcomeKind.CONTRACT, clock.today(), Decimal(amount), "USD")
            reporting.state_outcome(member, hosted.hosts[0], what, by_host=by_host, by=cast.officer, at=at)
            reporting.report(
                member, hosted.hosts[1], {"held": by_host}, by_host=by_host, by=cast.officer, at=at, on_behalf=True
            )
        found = figures.figures(figures.rows([hosted.event_id]), at=at)
    assert found.outcomes[OutcomeKind.CONTRACT].amounts == {"USD": Decimal("700")}
    assert (found.stated, found.disputed, found.silent) == (2, 1, 3)
    with clock.frozen(hosted.event.ends_at + timedelta(days=1)):
        assert (
            "Member and host say different things" in browse(cast.officer, "en").get(f"{hosted.path}/programme").text
        )


def test_an_officer_asks_a_host_to_confirm_or_hands_it_its_link(browse, cast, trip):
    officer, page = browse(cast.officer, "en"), f"{trip.path}/hosts/{trip.hosts[0]}"
    answer = officer.post(f"{page}/ask", follow_redirects=True)
    assert "has no e-mail address" in answer.text
    with write():
        session.get_one(VisitHost, trip.hosts[0]).organisation.email = ADDRESS
    assert "1 mail is sent to the host." in officer.post(f"{page}/ask", follow_redirects=True).text
    assert link_in(letters(ADDRESS, "delegation.ask_host")[0])


def test_hosts_that_do_not_receive_anybody_need_no_letter(cast, trip):
    """A host that no group visits is not written to when the programme is out."""
    with write():
        host = session.get_one(VisitHost, trip.hosts[0])
        host.organisation.email = ADDRESS
        what = Reception(opens=host.opens, closes=host.closes, seats=1, minutes=60)
        operations.change_host(host, what, by=cast.officer, at=clock.now())
    planning.generate(trip.event_id, by=cast.officer)
    with write():
        draft = queries.plan_in(trip.event, VersionState.DRAFT)
        publishing.publish(trip.event, draft, by=cast.officer, at=clock.now())
    assert letters(ADDRESS, "delegation.host") == []
