"""Many organisations are invited at once: from a spreadsheet or the directory, after a look, none of them twice."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select

from accounts.enums import Role
from companies.joining import invitations, lists, rules
from companies.joining.enums import Verdict
from companies.joining.models import Invitation, InvitationList
from core import clock, task_runner
from core.db import session, write
from core.documents import xlsx
from core.documents.tables import Table
from core.outbox import Mail

pytestmark = pytest.mark.one_database

PATH = "/join/invitations/lists"


@pytest.fixture
def firms(cast):
    """Five firms without people; the last has no address."""
    codes = ("0090000058", "0090000065", "0090000072", "0090000097", "0090000107")
    made = [cast._organisation(f"Công ty Mời {n}", code, "firm", email=f"{n}@moi.example")
            for n, code in enumerate(codes)]  # fmt: skip
    with write():
        made[4].email = None
    return made


def upload(client, rows, header=("tax_code", "email")):
    data = xlsx.write([Table("DS", list(header), rows)])
    return client.post(PATH, data={"file": (io.BytesIO(data), "moi.xlsx")})


def verdicts(row):
    return [line.verdict for line in lists.plan(row)]


def kept():
    session.rollback()
    return session.scalars(select(InvitationList).order_by(InvitationList.id.desc())).first()


def invited():
    session.rollback()
    return {row.email for row in session.scalars(select(Invitation))}


@pytest.mark.parametrize(
    "known, joined, invited, earlier, address, verdict",
    [
        (False, False, False, False, True, Verdict.UNKNOWN),
        (True, True, True, True, True, Verdict.TWICE),
        (True, True, True, False, True, Verdict.JOINED),
        (True, False, True, False, True, Verdict.INVITED),
        (True, False, False, False, False, Verdict.NO_ADDRESS),
        (True, False, False, False, True, Verdict.INVITE),
    ],
)
def test_only_whom_nobody_acts_for_and_nobody_asked_is_invited(known, joined, invited, earlier, address, verdict):
    assert (
        rules.judge(known=known, joined=joined, invited=invited, earlier=earlier, address=address) is verdict
    )  # fmt: skip


def test_a_spreadsheet_is_looked_at_and_then_sent_by_one_task_to_none_twice(cast, firms, browse):
    assert cast.firm_owner
    officer = browse(cast.officer)
    with write():
        invitations.invite_first(firms[1], "1@moi.example", by=cast.officer, at=clock.now())
    mails = session.query(Mail).count()
    codes = [firms[0].tax_code, firms[1].tax_code, cast.firm.tax_code, "0090000114", firms[2].tax_code]
    rows = [[code, None] for code in codes] + [[firms[0].tax_code, "lai@moi.example"], [firms[4].tax_code, None],
            [firms[3].tax_code, "rieng@moi.example"]]  # fmt: skip
    page = officer.get(upload(officer, rows).location).text
    row = kept()
    assert verdicts(row) == [
        Verdict.INVITE, Verdict.INVITED, Verdict.JOINED, Verdict.UNKNOWN, Verdict.INVITE, Verdict.TWICE,
        Verdict.NO_ADDRESS, Verdict.INVITE,
    ]  # fmt: skip
    assert re.findall(r'name="line" value="(\d+)"', page) == ["0", "4", "7"] and "rieng@moi.example" in page
    assert session.query(Mail).count() == mails  # looked at: nobody was written to
    following = officer.post(f"{PATH}/{row.id}/send", data={"line": ["0", "7", "1", "3"]}).location
    assert officer.post(f"{PATH}/{row.id}/send", data={"line": ["4"]}).status_code == 409  # the second press
    task_runner.run_waiting()
    assert invited() == {"1@moi.example", "0@moi.example", "rieng@moi.example"}
    assert session.query(Mail).count() == mails + 2
    done = kept()
    assert (done.asked, done.done, done.sent, done.lines) == (2, 2, 2, []) and done.finished_at
    assert officer.get(f"{PATH}/{row.id}").status_code == officer.get(following).status_code == 200


def test_a_task_begun_again_goes_on_where_it_was_and_passes_over_who_was_asked_meanwhile(
    cast, firms, browse, monkeypatch
):
    monkeypatch.setattr(lists, "CHUNK", 1)
    officer = browse(cast.officer)
    upload(officer, [[firm.tax_code, None] for firm in firms[:3]])
    officer.post(f"{PATH}/{kept().id}/send", data={"line": ["0", "1", "2"]})
    with write():
        row = kept()
        row.done = 1  # another process did the first, and died
        invitations.invite_first(firms[1], "1@moi.example", by=cast.officer, at=clock.now())
    task_runner.run_waiting()
    assert invited() == {"1@moi.example", "2@moi.example"}
    assert (kept().done, kept().sent) == (3, 1)


def test_those_of_the_directory_without_an_account_are_chosen_by_its_filters(cast, firms, browse):
    with write():
        firms[0].sector = firms[1].sector = "mechanical"
    officer = browse(cast.officer)
    assert "2 tổ chức" in officer.get(f"{PATH}?sector=mechanical").text
    officer.post(f"{PATH}/selection?sector=mechanical")
    assert [line["organisation_id"] for line in kept().lines] == [firms[0].id, firms[1].id]
    officer.post(f"{PATH}/{kept().id}/discard")
    assert kept() is None
    assert officer.post(f"{PATH}/selection?sector=building").status_code == 422  # nobody left


def test_faults_of_a_file_name_their_cells_and_too_many_are_refused(cast, firms, browse, monkeypatch):
    officer = browse(cast.officer)
    answer = upload(officer, [["0090000059", None], [firms[0].tax_code, "khong-phai-thu"]])
    assert answer.status_code == 422 and ">A2<" in answer.text and ">B3<" in answer.text and kept() is None
    monkeypatch.setattr(rules, "MOST_A_DAY", 1)
    upload(officer, [[firm.tax_code, None] for firm in firms[:2]])
    refused = officer.post(f"{PATH}/{kept().id}/send", data={"line": ["0", "1"]})
    assert refused.status_code == 409 and kept().confirmed_at is None
    assert officer.post(f"{PATH}/{kept().id}/send").status_code == 422  # nothing ticked


def test_only_officers_invite_many(cast, firms, browse):
    upload(browse(cast.officer), [[firms[0].tax_code, None]])
    introducer = cast._person("alone", Role.INTRODUCER)
    assert browse(introducer).get(PATH).status_code == 403
    assert browse(cast.firm_owner).get(f"{PATH}/{kept().id}").status_code == 404
