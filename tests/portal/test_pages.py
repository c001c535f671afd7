"""The home page and the frame of all pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from companies.models import Award
from core import clock
from core.db import session, write
from events.enums import EventKind, EventState
from events.models import Event, RegistrationCounter
from portal import queries as reads


def make_event(title, state=EventState.PUBLISHED, days=3):
    at = clock.now()
    with write():
        session.add(
            Event(
                kind=EventKind.CLASS,
                state=state,
                title_vi=title,
                begins_at=at + timedelta(days=days),
                ends_at=at + timedelta(days=days, hours=4),
                created_at=at,
                counter=RegistrationCounter(last=0),
            )
        )


def test_the_home_page_of_the_public_shows_announced_events_and_no_drafts(client, cast):
    make_event("Lớp đã thông báo")
    make_event("Lớp còn dự thảo", EventState.DRAFT)
    page = client.get("/").text
    assert "Lớp đã thông báo" in page
    assert "Lớp còn dự thảo" not in page


def test_an_officer_finds_the_drafts_on_his_desk(browse, cast):
    make_event("Lớp còn dự thảo", EventState.DRAFT)
    assert "Lớp còn dự thảo" in browse(cast.officer).get("/").text
    assert "Lớp còn dự thảo" not in browse(cast.firm_owner).get("/").text


def test_winners_are_counted_once_and_titles_each_time(app, cast):
    firm = cast.firm.id
    with write():
        for year in (2023, 2024):
            session.add(Award(winner_name="Cũ", product_vi="Sản phẩm", year=year))
            session.add(Award(organisation_id=firm, winner_name="Minh Hoạ", product_vi="Khuôn", year=year))
    numbers = reads.numbers(at=clock.now())
    assert (numbers.awards, numbers.winners, numbers.years) == (4, 2, (2023, 2024))


def test_the_home_page_asks_the_database_as_often_for_one_event_as_for_four(client, cast, queries):
    make_event("Một")
    client.get("/")
    queries.clear()
    client.get("/")
    once = len(queries)
    for title in ("Hai", "Ba", "Bốn"):
        make_event(title)
    queries.clear()
    client.get("/")
    assert len(queries) == once


@pytest.mark.parametrize(
    "who, offered",
    [
        (None, {"/events", "/organisations", "/news"}),
        (
            "officer",
            {
                "/desk",
                "/events",
                "/organisations",
                "/conferences",
                "/news",
                "/organisations/import",
            },
        ),
        (
            "administrator",
            {
                "/desk",
                "/events",
                "/organisations",
                "/conferences",
                "/news",
                "/organisations/import",
                "/admin/users",
            },
        ),
        ("firm_owner", {"/events", "/organisations", "/organisations/mine", "/conferences", "/news", "/situation"}),
        ("council_member", {"/events", "/organisations", "/news"}),
    ],
)
def test_the_navigation_offers_what_the_reader_may_open(browse, cast, who, offered):
    page = browse(who and getattr(cast, who)).get("/").text
    bar = page[page.index('class="site-nav') : page.index("</header>")]
    assert set(re.findall(r'href="([^"]+)"', bar)) == offered


@pytest.mark.parametrize(
    "who, more",
    [
        ("officer", {"/introductions/office", "/situation/office", "/admin/data-requests"}),
        (
            "administrator",
            {"/introductions/office", "/situation/office", "/admin/data-requests", "/admin/mail", "/api-tokens"},
        ),
        ("firm_owner", set()),
    ],
)
def test_what_the_bar_has_no_room_for_is_in_the_menu_of_phones_and_on_the_home_page(browse, cast, who, more):
    page = browse(getattr(cast, who)).get("/").text
    bar, menu = (set(re.findall(r'href="(/[^"]*)"', page[page.index(a) : page.index(b)])) for a, b in (
        ('class="site-nav', "</header>"), ('class="menu-panel', 'class="menu-tools')
    ))  # fmt: skip
    assert menu - bar == more
    assert more <= set(re.findall(r'href="(/[^"]*)"', page[page.index("</header>") :]))


def test_no_page_has_inline_script_or_style(browse, cast):
    for path in ("/", "/sign-in", "/account", "/admin/users", "/admin/users/new", "/no-such-page"):
        page = browse(cast.administrator).get(path, follow_redirects=True).text
        assert "style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count('<script type="module" src=')


def test_the_language_switch_leads_back_without_the_old_language(client, browse, cast):
    page = client.get("/events?q=%3Cb%3E&lang=en").text
    assert 'href="/events?q=%3Cb%3E&amp;lang=vi"' in page and 'href="/organisations?lang=en"' in page
    assert 'name="next"' not in page  # nothing to remember, so that the page can be kept by a proxy
    page = browse(cast.officer).get("/events?q=%3Cb%3E&lang=en").text
    assert 'name="next" value="/events?q=%3Cb%3E"' in page


def test_a_query_with_names_of_url_for_breaks_no_page(client):
    page = client.get("/organisations?endpoint=x&_external=1&_anchor=y&page=2")
    assert page.status_code == 200


def test_the_page_for_a_database_that_does_not_answer_asks_it_nothing(app, cast, browse, monkeypatch):
    client = browse(cast.officer, language="en")

    def silent(*_):
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr("accounts.queries.sign_in_by_key", silent)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Nothing was changed" in answer.text
    assert "Sign in" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("referrer", "link"),
    [
        ("http://localhost/events?q=%3Cb%3E", "/events?q=%3Cb%3E&amp;lang=en"),  # the page with the form
        ("http://localhost/vi/products/7-khuon?lang=vi", "/en/products/7-khuon"),  # its address names the language
        ("http://localhost/no-such-page", "/?lang=en"),
        ("http://evil.example/events", "/?lang=en"),
        (None, "/?lang=en"),
    ],
)
def test_the_other_language_of_an_answer_to_a_form_is_that_of_the_page_with_the_form(client, referrer, link):
    headers = {"Referer": referrer} if referrer else {}
    page = client.post(f"/visits/{'made-up':x<43}/confirm?lang=vi", headers=headers)  # read by no address itself
    assert page.status_code == 404 and f'href="{link}"' in page.text
    assert ("Quay lại trang trước" in page.text) == (link != "/?lang=en")
