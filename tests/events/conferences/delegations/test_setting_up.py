"""Setting a delegation up: days, hosts, the way between them, and the wishes of members."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from core import clock
from core.db import session, write
from core.errors import Conflict, Invalid
from events import operations as events
from events.conferences.delegations import operations, queries, wishing
from events.conferences.delegations.models import VisitHost
from events.conferences.delegations.operations import Destination, Hours, Reception
from events.conferences.enums import Wish
from tests.events.conferences.conftest import make_event

HOURS = {
    "desks": "0",
    "talk_minutes": "30",
    "slot_minutes": "15",
    "opens": "08:00",
    "closes": "16:00",
    "seats": "12",
    "minutes": "45",
    "address": "Lô 5, KCN Thí Dụ",
}


def test_an_officer_sets_a_delegation_up_from_its_event_to_its_hosts(browse, cast, trip):
    with write():
        session.delete(queries.delegation(trip.event))
    officer, day = browse(cast.officer, "en"), f"d{trip.event.days[0]:%Y%m%d}-"
    firm = cast.bank_organisation.id
    assert trip.path in officer.get(f"/events/{trip.event_id}").text
    assert officer.get(trip.path).headers["Location"].endswith("/delegation/edit")
    assert 'value="08:00"' in officer.get(f"{trip.path}/edit").text
    sent = {"destination_vi": "Quảng Ninh", "destination_en": "", "group_size": "12", "travel": "20",
            f"{day}visits": "y", f"{day}begins": "08:30", f"{day}ends": "07:00",
            f"{day}break_from": "", f"{day}break_until": ""}  # fmt: skip
    wrong = officer.post(f"{trip.path}/edit", data=sent)
    assert wrong.status_code == 422 and "has to end after it begins" in wrong.text and "Quảng Ninh" in wrong.text
    officer.post(f"{trip.path}/edit", data={**sent, f"{day}ends": "16:30"})
    [only] = queries.delegation(trip.event).days
    assert (only.begins, only.ends, only.break_from) == (time(8, 30), time(16, 30), None)
    found = officer.get(f"{trip.path}/hosts/new?q=Thí Dụ")
    assert "Ngân hàng TMCP Thí Dụ" in found.text
    officer.post(f"{trip.path}/hosts/new", data={"organisation": firm, **HOURS})
    page = officer.get(f"{trip.path}/overview").text
    assert "Lô 5, KCN Thí Dụ" in page and "45 minutes" in page and "Công ty CP Cơ khí Minh Hoạ 01" in page
    twice = officer.post(f"{trip.path}/hosts/new", data={"organisation": firm, **HOURS})
    assert twice.status_code == 422 and "host already" in twice.text


def test_a_host_is_changed_and_taken_off_with_its_wishes(browse, cast, trip):
    officer, host = browse(cast.officer), f"{trip.path}/hosts/{trip.hosts[0]}"
    with write():
        wishing.wish(
            trip.registration(trip.firm),
            {trip.hosts[0]: Wish.MUST},
            {},
            by=cast.officer,
            at=clock.now(),
            on_behalf=True,
        )
    hours = {**HOURS, "organisation": session.get(VisitHost, trip.hosts[0]).organisation_id}
    assert 'value="08:00"' in officer.get(host).text
    short = officer.post(host, data={**hours, "closes": "08:30"})
    assert short.status_code == 422 and "Lô 5" in short.text
    officer.post(host, data=hours)
    assert session.get(VisitHost, trip.hosts[0]).minutes == 45
    officer.post(f"{host}/remove")
    assert [h.id for h in queries.delegation(trip.event).hosts] == trip.hosts[1:]
    assert queries.wishes(trip.event) == {}


def test_a_way_longer_than_usual_is_stated_once_and_taken_back(browse, cast, trip):
    officer, (one, other) = browse(cast.officer), trip.hosts

    def ways():
        session.rollback()
        return [way.minutes for way in queries.delegation(trip.event).ways]

    officer.post(f"{trip.path}/ways", data={"one": other, "other": one, "minutes": "75"})
    assert ways() == [75]
    officer.post(f"{trip.path}/ways", data={"one": one, "other": other, "minutes": "90"})
    assert ways() == [90]
    same = officer.post(f"{trip.path}/ways", data={"one": one, "other": one, "minutes": "5"})
    assert same.status_code == 422
    officer.post(f"{trip.path}/ways", data={"one": one, "other": other, "usual": "1"})
    assert ways() == []


def test_a_member_says_which_hosts_it_wants_to_visit_and_changes_its_mind(browse, cast, trip):
    owner, page = browse(cast.firm_owner, "en"), f"{trip.path}/members/{trip.firm}"
    assert owner.get(trip.path).headers["Location"].endswith(page)
    one, other = trip.hosts
    owner.post(f"{page}/wishes", data={f"h{one}": "must", f"h{other}": "no", "h999": "must", "hx": "no"})
    assert queries.wishes(trip.event) == {trip.firm: {one: Wish.MUST, other: Wish.NO}}
    owner.post(f"{page}/wishes", data={f"h{one}": "yes", f"h{other}": ""})
    session.rollback()
    assert queries.wishes(trip.event) == {trip.firm: {one: Wish.YES}}
    assert f'id="h{one}yes" value="yes" checked' in owner.get(page).text


def test_an_officer_speaks_for_a_member_and_a_rival_does_not(browse, cast, trip):
    page = f"{trip.path}/members/{trip.firm}"
    assert browse(cast.rival_owner).get(page).status_code == 404
    assert browse(cast.rival_owner).post(f"{page}/wishes", data={f"h{trip.hosts[0]}": "no"}).status_code == 404
    browse(cast.officer).post(f"{page}/wishes", data={f"h{trip.hosts[0]}": "must"})
    assert queries.wishes(trip.event) == {trip.firm: {trip.hosts[0]: Wish.MUST}}
    said = queries.wish_rows(trip.registration(trip.firm))[trip.hosts[0]]
    assert said.by_id == cast.officer.id


def test_who_is_no_member_is_led_back_to_the_event(browse, cast, trip):
    answer = browse(cast.supplier).get(trip.path, follow_redirects=True)
    assert answer.request.path == f"/events/{trip.event_id}"
    assert browse().get(trip.path).status_code == 302
    with write():
        events.cancel(trip.registration(trip.rival), by=cast.officer, at=clock.now())
    assert browse(cast.rival_owner).get(f"{trip.path}/members/{trip.rival}").status_code == 404


def test_by_a_former_name_the_province_of_today_is_proposed_and_nothing_typed_is_lost(browse, cast, trip):
    officer, day = browse(cast.officer, "en"), f"d{trip.event.days[0]:%Y%m%d}-"
    sent = {"province": "", "destination_vi": "Bắc Giang", "group_size": "12", "travel": "20", f"{day}visits": "y",
            f"{day}begins": "08:30", f"{day}ends": "16:30"}  # fmt: skip
    asked = officer.post(f"{trip.path}/edit", data=sent)
    assert asked.status_code == 422 and 'value="Bắc Giang"' in asked.text
    assert "part of Tỉnh Bắc Ninh since 1 July 2025" in asked.text
    assert '<option selected value="24">' in asked.text
    officer.post(f"{trip.path}/edit", data={**sent, "province": "24"})
    session.rollback()
    row = queries.delegation(trip.event)
    said = (row.province, row.destination_vi, row.destination_en)
    assert said == ("24", "Bắc Giang, Tỉnh Bắc Ninh", "Bac Ninh province")
    officer.post(f"{trip.path}/edit", data={**sent, "province": "abroad", "destination_vi": "Osaka, Nhật Bản"})
    session.rollback()
    assert (row.province, row.destination_vi) == (None, "Osaka, Nhật Bản")
    assert '<option selected value="abroad">' in officer.get(f"{trip.path}/edit").text


@pytest.mark.one_database
def test_only_a_delegation_has_hosts_on_days_on_which_it_is_on_the_road(cast, trip):
    at, officer = clock.now(), cast.officer
    where, day = Destination(destination_vi="Hải Phòng"), trip.event.days[0]
    with write():
        conference = make_event(officer)
    for event, what, days, error in (
        (conference, where, [Hours(day, time(8), time(17))], Conflict),
        (trip.event, Destination(), [Hours(day, time(8), time(17))], Invalid),
        (trip.event, where, [], Invalid),
        (trip.event, where, [Hours(day + timedelta(days=9), time(8), time(17))], Invalid),
        (trip.event, where, [Hours(day, time(17), time(8))], Invalid),
    ):
        with pytest.raises(error), write():
            operations.set_up(event, what, days, by=officer, at=at)
    with pytest.raises(Conflict), write():
        operations.add_host(
            conference,
            cast.firm,
            Reception(opens=time(8), closes=time(9), seats=1, minutes=15),
            by=officer,
            at=at,
        )


def test_the_pages_ask_the_database_as_often_for_two_members_as_for_one(browse, cast, trip, queries):
    officer = browse(cast.officer)
    officer.get(f"{trip.path}/overview")

    def cost():
        queries.clear()
        assert officer.get(f"{trip.path}/overview").status_code == 200
        return len(queries)

    two = cost()
    with write():
        events.cancel(trip.registration(trip.rival), by=cast.officer, at=clock.now())
    assert cost() == two
