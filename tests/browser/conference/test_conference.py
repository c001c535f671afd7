"""A conference from the invitation to the answer after six months, as its people live it.

An officer at a desk, a firm on a phone, its rival, a bank, and a supplier who reads English; a door clerk, and a firm
without anybody on the site that phones. At every step rivals are asked what they see.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conference.afterwards import answer_after_months, report
from tests.browser.conference.inviting import answer_from_the_mail, choose_and_invite, set_up
from tests.browser.conference.meeting import come_to_the_door, plan_the_rest_anew, say_how_it_was
from tests.browser.conference.people import Story, hanoi, make_organisations
from tests.browser.conference.planning import confirm_and_decline, plan_and_publish
from tests.browser.conference.walking import mail_of, story_time
from tests.browser.conference.wishing import lend_the_figures_and_take_them_back, one_who_phones, say_whom_to_meet

pytestmark = pytest.mark.browser


@pytest.fixture
def story(app, cast, read, browse, worker, monkeypatch) -> Iterator[Story]:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    with story_time(monkeypatch) as time:
        time.set_to(hanoi(11, 22, 9))
        users = {"officer": cast.officer, "firm": cast.firm_owner, "rival": cast.rival_owner, "bank": cast.bank,
                 "supplier": cast.supplier, "clerk": cast.door_staff}  # fmt: skip
        organisations = make_organisations(cast, users)
        readers = {name: read(None, width=390 if name in ("firm", "clerk") else 1280) for name in users}
        for name in ("firm", "rival", "bank", "supplier"):
            readers[name].context.clear_cookies()  # browsers that never were here
        yield Story(browse, **readers, time=time, post=mail_of(app), users=users, organisations=organisations)
        for reader in readers.values():
            assert reader.faults == []


def test_a_conference_from_the_invitation_to_the_answer_after_six_months(story):
    set_up(story)
    choose_and_invite(story)
    answer_from_the_mail(story)
    one_who_phones(story)
    say_whom_to_meet(story)
    lend_the_figures_and_take_them_back(story)
    plan_and_publish(story)
    confirm_and_decline(story)
    come_to_the_door(story)
    plan_the_rest_anew(story)
    say_how_it_was(story)
    answer_after_months(story)
    report(story)
