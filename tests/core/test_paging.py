"""Lists page on the server: one query for the rows and their number."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from accounts.models import User
from core import paging


@pytest.fixture
def users(cast):
    assert len({cast.administrator.id, cast.officer.id, cast.firm_owner.id, cast.bank.id, cast.university.id}) == 5
    return select(User).order_by(User.id)


def test_a_page_takes_one_query_and_knows_how_many_there_are(users, queries):
    everybody = paging.page_of(users, 1, 1_000)
    del queries[:]
    page = paging.page_of(users, "2", 3)
    assert len([q for q in queries if "count(" in q]) == 1
    assert (list(page.rows), page.number, page.total) == (list(everybody.rows[3:6]), 2, everybody.total)


@pytest.mark.parametrize("wanted", ["9999999", 4_000])
def test_beyond_the_last_page_is_the_last(users, wanted):
    page = paging.page_of(users, wanted, 3)
    assert page.number == page.pages > 1 and page.rows and page.last == page.total


@pytest.mark.parametrize("wanted", [None, "", "0", "-1", "x", "1" * 9, "²"])
def test_what_is_no_page_is_the_first(users, wanted):
    assert paging.page_of(users, wanted, 3).number == 1


def test_an_empty_list_has_one_empty_page(users):
    page = paging.page_of(users.where(User.id < 0), 7)
    assert (list(page.rows), page.number, page.pages, page.total, page.first) == ([], 1, 1, 0, 0)
