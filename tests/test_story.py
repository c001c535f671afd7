"""The whole line as an officer walks it: a list, a conference, wishes, a timetable; and the firm reads its own."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from accounts.models import User
from companies.import_runs import ImportRun
from companies.models import Membership, NeedOffer, Organisation, Product
from core import clock
from core.db import session
from core.documents import pdf
from core.outbox import Mail
from core.task_runner import run_waiting
from events.conferences import agenda, wishing
from events.conferences.enums import Origin, Side, VersionState, Wish
from events.conferences.models import Conference, Meeting, Participant, TimetableVersion, WishRow
from events.enums import EventState
from events.models import Event, Registration

IMPORT = "/organisations/import"
NAMES = ("Công ty CP Khuôn mẫu Thí Dụ", "Công ty TNHH Dệt Thí Dụ", "Ngân hàng TMCP Kể Chuyện")
CODES = ("0090000019", "0090000026", "0090000033")
ROWS = {
    "organisations": [
        {"tax_code": CODES[0], "name_vi": NAMES[0], "name_en": "Example Moulds JSC", "kinds": "firm",
         "sector": "mechanical", "employees": 120, "revenue_vnd": "150 tỷ", "province": "Hà Nội"},
        {"tax_code": CODES[1], "name_vi": NAMES[1], "kinds": "firm", "sector": "textile", "employees": 300},
        {"tax_code": CODES[2], "name_vi": NAMES[2], "name_en": "Story Bank", "kinds": "bank"},
    ],
    "products": [{"organisation": CODES[0], "name_vi": "Khuôn ép nhựa chính xác", "hs": "8480"}],
    "needs_offers": [
        {"organisation": CODES[0], "role": "need", "class": "loan", "text_vi": "Vay đầu tư máy phay CNC 5 trục",
         "amount_min": 3_000_000_000, "amount_max": 8_000_000_000, "currency": "VND"},
        {"organisation": CODES[1], "role": "need", "class": "loan", "text_vi": "Vay vốn lưu động mua sợi"},
        {"organisation": CODES[2], "role": "offer", "class": "loan", "text_vi": "Cho vay mua máy, vốn lưu động",
         "amount_min": 1_000_000_000, "amount_max": 50_000_000_000, "currency": "VND"},
    ],
}  # fmt: skip


class Officer:
    """An officer at a browser: every step is a page of the site."""

    def __init__(self, client):
        self.client = client

    def post(self, path, status=302, **data):
        answer = self.client.post(path, data=data)
        assert answer.status_code == status, (path, answer.status_code, text_of(answer))
        return answer

    def read(self, path):
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return text_of(answer)

    def fill_template(self, **sheets):
        """The template of the site with rows below its two rows of headings."""
        book = load_workbook(io.BytesIO(self.client.get(f"{IMPORT}/template.xlsx").data))
        for name, rows in sheets.items():
            columns = [cell.value for cell in book[name][1]]
            for row in rows:
                book[name].append([row.get(column) for column in columns])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def upload(self, data, name="danh-sach.xlsx"):
        upload = {"file": (io.BytesIO(data), name)}
        return self.client.post(IMPORT, data=upload, content_type="multipart/form-data")

    def import_list(self, **sheets):
        answer = self.upload(self.fill_template(**sheets))
        assert answer.status_code == 302, text_of(answer)
        page = self.client.get(answer.location).text
        fingerprint = re.search(r'name="fingerprint"[^>]*value="([^"]+)"', page)[1]
        self.post(f"{answer.location}/apply", fingerprint=fingerprint)
        return html.unescape(page)

    def make_conference(self, kinds=("bank",), **changes):
        data = {
            "title_vi": "Kết nối ngân hàng 2026", "title_en": "Banks 2026", "partner_kinds": list(kinds), "days": "1",
            "first_day": (clock.today() + timedelta(days=10)).isoformat(), "morning_from": "08:30",
            "morning_to": "11:30", "afternoon_from": "", "afternoon_to": "", "meeting_minutes": "25",
            "change_minutes": "5", "firm_minimum": "1", "firm_maximum": "4", "partner_minimum": "1",
            "partner_maximum": "6", "free_tables": "1", "organiser": "department", "place_vi": "Cung Triển lãm",
        }  # fmt: skip
        self.post("/conferences/new", **data | changes)
        conference = session.scalars(select(Conference).order_by(Conference.id.desc())).first()
        self.post(f"/events/{conference.event_id}/publish")
        return conference.id

    def add(self, conference, kind, names):
        keys = session.scalars(select(Organisation.id).where(Organisation.name_vi.in_(names))).all()
        self.post(f"/conferences/{conference}/participants/add", kind=kind, organisation=[str(k) for k in keys])

    def compute(self, conference):
        self.post(f"/conferences/{conference}/suggestions")
        run_waiting()
        session.rollback()

    def plan(self, conference):
        """Have the timetable made; return the id of the draft."""
        self.post(f"/conferences/{conference}/timetables")
        run_waiting()
        session.rollback()
        return agenda.version_in(row(Conference, conference), VersionState.DRAFT).id


@pytest.fixture
def officer(cast, browse):
    return Officer(browse(cast.officer))


def text_of(answer):
    """The words of a page, without markup."""
    bare = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", "", answer.text))
    return html.unescape(bare).replace("\u00a0", " ")


def row(model, key):
    found = session.get(model, key)
    assert found is not None
    return found


def count(model):
    return session.scalar(select(func.count()).select_from(model))


def named(name):
    return session.scalars(select(Organisation).where(Organisation.name_vi == name)).one()


def participant(name):
    query = select(Participant).join(Organisation).where(Organisation.name_vi == name)
    return session.scalars(query).one()


def people_of(names, cast):
    """A person for each organisation, by the cast's way."""
    return [cast._member(f"person-{n}", named(name)) for n, name in enumerate(names)]


def recipients(kind):
    return sorted(session.scalars(select(Mail.recipient).where(Mail.kind == kind)))


def test_from_the_uploaded_list_to_the_firms_own_timetable(officer, cast, browse, monkeypatch):
    page = officer.import_list(**ROWS)
    assert all(name in page for name in NAMES)
    assert (count(Organisation), count(Product), count(NeedOffer)) == (3, 1, 3)
    firm_user, other_user, bank_user = people_of(NAMES, cast)
    addresses = sorted(user.email for user in (firm_user, other_user, bank_user))
    firm_browser, bank_browser = browse(firm_user), browse(bank_user)

    conference = officer.make_conference()
    assert row(Event, row(Conference, conference).event_id).state is EventState.PUBLISHED
    officer.add(conference, "firm", NAMES[:2])
    officer.add(conference, "bank", NAMES[2:])
    assert recipients("registration.received") == addresses
    firm, other, bank = (participant(name).id for name in NAMES)
    base = f"/conferences/{conference}"

    officer.compute(conference)
    page = text_of(firm_browser.get(f"{base}/participants/{firm}/suggestions"))
    assert NAMES[2] in page and NAMES[1] not in page
    wish = firm_browser.post(f"{base}/participants/{firm}/wishes", data={"other": bank, "wish": "yes"})
    assert wish.status_code == 302
    answer = bank_browser.post(f"{base}/participants/{bank}/wishes", data={"other": firm, "wish": "must"})
    assert answer.status_code == 302
    assert NAMES[2] in text_of(firm_browser.get(f"{base}/participants/{firm}/wishes"))
    assert wishing.wishes(row(Conference, conference)) == {(firm, bank): Wish.YES, (bank, firm): Wish.MUST}

    version = officer.plan(conference)
    board = officer.read(f"{base}/timetables/{version}")
    assert "Khuôn mẫu Thí Dụ" in board and "Dệt Thí Dụ" in board
    meetings = {m.firm_id: m for m in row(TimetableVersion, version).meetings}
    assert {(m.firm_id, m.partner_id) for m in meetings.values()} == {(firm, bank), (other, bank)}
    assert firm_browser.get(f"{base}/timetables/{version}").status_code in (403, 404)
    assert "agenda-row" not in firm_browser.get(f"{base}/participants/{firm}/schedule").text  # a draft is no news

    taken = {m.slot_id for m in meetings.values()}
    free = next(s.id for s in reversed(row(Conference, conference).slots) if s.id not in taken)
    officer.post(f"{base}/timetables/{version}/place", firm=firm, partner=bank, slot=free, table="")
    moved = session.scalars(select(Meeting).where(Meeting.firm_id == firm)).one()
    assert (moved.slot_id, moved.locked, moved.origin) == (free, True, Origin.HAND)
    assert officer.plan(conference)  # made anew: what was moved by hand stays
    moved = session.scalars(select(Meeting).where(Meeting.firm_id == firm)).one()
    assert (moved.slot_id, moved.locked) == (free, True)

    begins, table = clock.local(moved.slot.begins_at), moved.table.label
    officer.post(f"{base}/timetables/{moved.version_id}/publish")
    assert recipients("timetable.published") == addresses
    mail = session.scalars(select(Mail).where(Mail.recipient == firm_user.email, Mail.kind.like("timetable%"))).one()
    assert f"http://localhost{base}/participants/{firm}/schedule" in mail.body
    assert NAMES[0] in mail.body and NAMES[1] not in mail.body

    own = f"{base}/participants/{firm}/schedule"
    page = text_of(firm_browser.get(own))
    assert f"{begins:%H:%M}" in page and table in page and NAMES[2] in page and NAMES[1] not in page
    drawn = []
    render = pdf.render
    monkeypatch.setattr(pdf, "render", lambda name, data, **o: (drawn.append(data), render(name, data, **o))[1])
    assert firm_browser.get(f"{own}.pdf").data.startswith(b"%PDF-")
    printed = json.dumps(drawn, ensure_ascii=False)
    assert all(word in printed for word in (NAMES[0], NAMES[2], f'"{table}"', f"{begins:%H:%M}"))
    assert NAMES[1] not in printed
    key = row(Participant, firm).feed_key
    calendar = browse().get(f"/calendar/{key}.ics").text.replace("\r\n ", "")
    assert calendar.count("BEGIN:VEVENT") == 1 and NAMES[2] in calendar and NAMES[1] not in calendar
    assert re.search(rf"DTSTART[^\r]*:{begins:%Y%m%dT%H%M%S}", calendar)


def test_the_bank_reads_what_the_firm_granted_only_after_the_match(officer, cast, browse):
    """Figures follow the consent of the firm and the meeting, and each look is on record."""
    officer.import_list(**ROWS)
    firm_user, _other, bank_user = people_of(NAMES, cast)
    firm, bank = named(NAMES[0]), named(NAMES[2])
    profile = f"/organisations/{firm.id}"
    firm_browser, bank_browser = browse(firm_user), browse(bank_user)
    conference = officer.make_conference()
    officer.add(conference, "firm", NAMES[:2])
    officer.add(conference, "bank", NAMES[2:])
    assert "150 tỷ" not in text_of(bank_browser.get(profile))
    officer.compute(conference)
    version = officer.plan(conference)
    officer.post(f"/conferences/{conference}/timetables/{version}/publish")
    assert "150 tỷ" not in text_of(bank_browser.get(profile))
    given = firm_browser.post(f"{profile}/sight", data={"partner": bank.id, "scope": "figures", "consent": "y"})
    assert given.status_code == 302, text_of(given)
    assert "150 tỷ" in text_of(bank_browser.get(profile))
    assert "150 tỷ" not in text_of(browse().get(profile))


# --- what people get wrong: always a sentence, never a crash, nothing half written ------------------------------


def test_a_conference_without_partners_says_so(officer):
    officer.import_list(**ROWS)
    conference = officer.make_conference()
    officer.add(conference, "firm", NAMES[:2])
    answer = officer.client.post(f"/conferences/{conference}/suggestions", headers={"Accept-Language": "vi"})
    assert answer.status_code == 409
    answer = officer.client.post(f"/conferences/{conference}/timetables")
    assert answer.status_code == 409
    assert (count(TimetableVersion), count(WishRow)) == (0, 0)
    assert officer.read(f"/conferences/{conference}")


def test_a_firm_that_is_never_there_stays_without_a_meeting_and_the_board_says_so(officer):
    officer.import_list(**ROWS)
    conference = officer.make_conference()
    officer.add(conference, "firm", NAMES[:2])
    officer.add(conference, "bank", NAMES[2:])
    firm = participant(NAMES[0]).id
    path = f"/conferences/{conference}/participants/{firm}"
    saved = officer.client.post(path, data={"minimum": "", "maximum": "", "delegates": "1"}, follow_redirects=True)
    assert saved.status_code == 200 and "note-warning" in saved.text
    officer.compute(conference)
    version = officer.plan(conference)
    assert [m.firm_id for m in row(TimetableVersion, version).meetings] == [participant(NAMES[1]).id]
    board = officer.read(f"/conferences/{conference}/timetables/{version}")
    without = board[board.rindex("Khuôn mẫu Thí Dụ") - 400 :]
    assert NAMES[0] in board or "Khuôn mẫu Thí Dụ" in without


def test_nobody_there_at_all_gives_an_empty_board_that_cannot_be_published(officer):
    officer.import_list(**ROWS)
    conference = officer.make_conference()
    officer.add(conference, "firm", NAMES[:2])
    officer.add(conference, "bank", NAMES[2:])
    bank = participant(NAMES[2]).id
    officer.post(f"/conferences/{conference}/participants/{bank}", minimum="", maximum="", delegates="1")
    officer.compute(conference)
    version = officer.plan(conference)
    assert row(TimetableVersion, version).meetings == []
    officer.post(f"/conferences/{conference}/timetables/{version}/publish", status=409)
    assert row(TimetableVersion, version).state is VersionState.DRAFT
    assert recipients("timetable.published") == []


def test_minimums_that_cannot_be_met_are_told_with_names_and_numbers(officer):
    officer.import_list(**ROWS)
    conference = officer.make_conference(firm_minimum="1", partner_minimum="5")
    officer.add(conference, "firm", NAMES[:2])
    officer.add(conference, "bank", NAMES[2:])
    officer.compute(conference)
    version = officer.plan(conference)
    bank = participant(NAMES[2]).id
    assert row(TimetableVersion, version).quality["under_minimum"] == {str(bank): 3}
    page = officer.client.get(f"/conferences/{conference}/timetables/{version}?lang=vi").text
    near = [html.unescape(page[m.start() - 300 : m.start() + 300]) for m in re.finditer("Kể Chuyện", page)]
    assert any("3" in re.sub(r"<[^>]+>", " ", part) and "thiếu" in part.lower() for part in near), near


def test_a_minimum_above_the_maximum_is_refused_and_nothing_is_made(officer):
    officer.import_list(**ROWS)
    data = {"firm_minimum": "9", "firm_maximum": "2"}
    with pytest.raises(AssertionError):
        officer.make_conference(**data)
    session.rollback()
    assert (count(Conference), count(Event)) == (0, 0)


def test_the_same_tax_code_twice_is_refused_with_both_rows_named(officer):
    rows = [ROWS["organisations"][0], ROWS["organisations"][1] | {"tax_code": CODES[0]}]
    answer = officer.upload(officer.fill_template(organisations=rows))
    page = officer.read(answer.location)
    assert "A4" in page and "3" in page
    assert "fingerprint" not in officer.client.get(answer.location).text
    assert count(Organisation) == 0


def test_ticking_an_organisation_twice_takes_it_once_or_says_why_not(officer):
    officer.import_list(**ROWS)
    conference = officer.make_conference()
    officer.add(conference, "firm", NAMES[:1])
    key = str(named(NAMES[0]).id)
    again = officer.client.post(
        f"/conferences/{conference}/participants/add", data={"kind": "firm", "organisation": [key, key]}
    )
    assert again.status_code in (302, 409)
    assert count(Participant) == count(Registration) == 1


def test_an_odd_number_in_a_form_is_answered_with_a_page(officer):
    officer.import_list(**ROWS)
    conference = officer.make_conference()
    officer.add(conference, "firm", NAMES[:2])
    officer.add(conference, "bank", NAMES[2:])
    base, firm = f"/conferences/{conference}", participant(NAMES[0]).id
    officer.compute(conference)
    version = officer.plan(conference)
    for odd in ("abc", "-1", "99999999999999999999", "0", "\u0663", ""):
        posts = {
            f"{base}/participants/add": {"kind": odd, "organisation": odd},
            f"{base}/participants/{firm}": {"minimum": odd, "maximum": odd, "delegates": odd, "present_slots": odd},
            f"{base}/participants/{firm}/wishes": {"other": odd, "wish": odd, "back": odd},
            f"{base}/timetables/{version}/place": {"firm": odd, "partner": odd, "slot": odd, "table": odd},
            f"{base}/timetables/{version}/undo": {"firm": odd, "partner": odd, "slot": odd, "table": odd},
            f"{base}/edit": {"days": odd, "meeting_minutes": odd, "first_day": odd, "partner_kinds": odd},
        }
        for path, data in posts.items():
            assert officer.client.post(path, data=data).status_code < 500, (path, odd)
        for path in (f"{base}/participants", "/organisations", "/events", "/conferences", f"{base}/participants/add"):
            for name in ("page", "q", "side", "kind", "sector", "month"):
                assert officer.client.get(path, query_string={name: odd}).status_code < 500, (path, name, odd)
        assert len(row(TimetableVersion, version).meetings) == 2


def test_the_people_of_an_import_are_nobodys(officer):
    """An import makes organisations, never accounts: nobody gets rights by standing in a list."""
    before = count(User)
    officer.import_list(**ROWS)
    assert (count(User), count(Membership)) == (before, 0)
    assert session.scalars(select(ImportRun)).one().applied_at is not None


def test_sides_are_kept_apart(officer):
    officer.import_list(**ROWS)
    conference = officer.make_conference()
    officer.add(conference, "firm", NAMES[:2])
    officer.add(conference, "bank", NAMES[2:])
    assert {name: participant(name).side for name in NAMES} == dict(
        zip(NAMES, (Side.FIRM, Side.FIRM, Side.PARTNER), strict=True)
    )
