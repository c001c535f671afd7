"""Deletion: afterwards no table and no stored file holds the person's canaries, and what has to stay has stayed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts.enums import Role
from accounts.models import SignIn, User
from accounts.privacy import cases, consent, deletion
from accounts.privacy.enums import CaseKind, Purpose
from accounts.privacy.models import Consent, DataCase
from companies import operations, uploads
from companies.import_runs import ImportRun
from companies.models import Award, Membership, Organisation
from core import clock, files, forgotten, outbox, sending, tasks
from core.audit import AuditLine
from core.db import session, write
from core.errors import Conflict
from core.outbox import Mail, MailState
from events import operations as event_operations
from events.models import Registration
from tests.conftest import NOON
from tests.test_personal import everything_stored

ADDRESS, NAME, PHONE, BROWSER, NOTE = (
    "zq.canary@kiemthu.example", "Kiểm Thử Zqcanary", "+84900111222", "Zqbrowser/1.0", "Zqnote: ăn chay",
)  # fmt: skip
CANARIES = (ADDRESS, "zq.canary", NAME, "kiem thu zqcanary", PHONE, "Zqbrowser", "Zqnote")


@pytest.fixture
def open_event(make_event):
    """An event with a seat for one and a list for those who wait."""
    return make_event(capacity=1)


@pytest.fixture
def person(cast, workbook, open_event):
    """Somebody with a row wherever the site keeps one of a person."""
    owner, officer, firm = cast.firm_owner, cast.officer, cast.firm
    others = cast.bank, cast.administrator
    with write():
        owner.email, owner.name, owner.phone = ADDRESS, NAME, PHONE
        firm.email, firm.phone = ADDRESS.title(), PHONE
        firm.intro_vi = f"Liên hệ: {ADDRESS} hoặc {PHONE} để biết thêm"
        operations.record_award(organisation=firm, by=officer, at=NOON, product_vi="Máy ép", year=2024)
        consent.give(owner, Purpose.NEWS, shown=1, by=owner, at=NOON)
        event_operations.register(open_event, None, by=owner, at=NOON, key="a", note=NOTE)
        event_operations.register(open_event, None, by=others[0], at=NOON, key="b")
        outbox.enqueue("test", ADDRESS, f"Gửi {NAME}", "Thư đã gửi", at=NOON)
        outbox.enqueue("test", officer.email, "Người mới", f"{NAME} ({ADDRESS}) đã vào", at=NOON)
    sending.send_due()
    with write():
        outbox.enqueue("test", ADDRESS, f"Gửi {NAME}", "Thư chưa gửi", at=NOON + timedelta(days=2))
        outbox.enqueue("test", officer.email, "Nhắc việc", f"Gọi cho {NAME}", at=NOON + timedelta(days=2))
        from accounts.operations import note_failure, sign_in

        sign_in(owner, device=BROWSER, at=NOON)
        note_failure(ADDRESS, "10.0.0.1", at=NOON)
    keep_list(workbook, officer)
    return owner


def keep_list(workbook, officer):
    data = workbook(organisations=[{"tax_code": "0090000019", "name_vi": "Công ty 01", "email": ADDRESS}])
    received = files.Received("ab" * 16, "danh sách.xlsx", files.XLSX, data)
    files.path_of(files.StoredFile(key=received.key)).parent.mkdir(parents=True, exist_ok=True)
    files.path_of(files.StoredFile(key=received.key)).write_bytes(data)
    with write():
        uploads.keep(received, source="", by=officer, at=clock.now())
    return data


def delete(user, by):
    prepared = deletion.prepare(user)
    with write():
        deletion.carry_out(prepared, by=by, at=clock.now())
    prepared.clean_up()


def found(folder):
    """Canaries in the database and in files, with where they stand."""
    places = everything_stored().splitlines()
    for path in folder.rglob("*"):
        if path.is_file() and "files" in path.parts:
            stored = files.StoredFile(key=path.name)
            places.append(f"{path}: {[c for c in CANARIES if file_names(stored, c)]}")
    return [(c, place[:150]) for c in CANARIES for place in places if c.lower() in place.lower()]


def file_names(stored, canary):
    from core import file_search

    return file_search.names(stored, [canary])


def test_no_table_and_no_file_holds_the_person_afterwards(person, cast, app):
    folder = app.extensions["settings"].data_dir
    assert {c for c, _place in found(folder)} == set(CANARIES)
    delete(person, cast.officer)
    sending.send_due()  # the last mail, which gives up its address
    assert found(folder) == []
    assert outbox.waiting_since() is not None, "mail to others goes out"


def test_what_has_to_stay_has_stayed_under_a_number(person, cast):
    delete(person, cast.officer)
    user, firm = session.get(User, person.id), session.get(Organisation, cast.firm.id)
    assert (user.name, user.email, user.roles) == (f"#{user.id}", f"deleted-{user.id}@invalid", [])
    assert user.disabled_at == NOON
    assert (firm.name_vi, firm.email, firm.phone) == ("Công ty CP Cơ khí Minh Hoạ 01", None, None)
    assert session.scalars(select(Award.product_vi)).all() == ["Máy ép"]
    assert [m.left_at for m in session.scalars(select(Membership).where(Membership.user_id == user.id))] == [NOON]
    proof = session.scalars(select(Consent)).one()
    assert (proof.user_id, proof.withdrawn_at, proof.withdrawn_channel) == (user.id, NOON, "deletion")
    acts = set(session.scalars(select(AuditLine.act).where(AuditLine.actor == f"user:{user.id}")))
    assert {"registration.create", "consent.give"} <= acts
    assert session.scalars(select(AuditLine.subject).where(AuditLine.act == "account.erase")).all() == [
        f"user:{user.id}"
    ]


def test_sessions_end_and_nobody_signs_in_with_the_old_address(person, cast, browse, client):
    browser = browse(person)
    assert browser.get("/account").status_code == 200
    delete(person, cast.officer)
    assert browser.get("/account").status_code == 302
    assert session.scalars(select(SignIn).where(SignIn.user_id == person.id)).all() == []
    again = client.post("/sign-in", data={"email": ADDRESS, "password": "correct horse battery staple"})
    assert again.status_code == 422


def test_his_seat_becomes_free_and_the_next_is_told(person, cast, open_event):
    states = select(Registration.user_id, Registration.state)
    assert dict(session.execute(states).all()) == {person.id: "confirmed", cast.bank.id: "waiting"}
    delete(person, cast.officer)
    assert dict(session.execute(states).all()) == {person.id: "cancelled", cast.bank.id: "confirmed"}
    assert session.scalars(select(Mail.recipient).where(Mail.kind == "registration.promoted")).all() == [
        cast.bank.email
    ]
    mails = session.scalars(select(Mail).where(Mail.kind == "registration.withdrawn")).all()
    assert mails == [], "nothing is sent to an address that is to be forgotten"


def test_waiting_mail_to_him_is_not_sent_and_mail_to_others_does_not_name_him(person, cast):
    delete(person, cast.officer)
    to_others = session.scalars(select(Mail).where(Mail.recipient == cast.officer.email, Mail.body != "")).all()
    assert [mail.body for mail in to_others] == [f"Gọi cho user:{person.id}"]
    cancelled = session.scalars(select(Mail).where(Mail.last_error == "forgotten")).all()
    assert [(mail.state, mail.recipient) for mail in cancelled] == [(MailState.FAILED, outbox.FORGOTTEN)]


def test_an_old_list_does_not_bring_him_back(person, cast, workbook, load):
    delete(person, cast.officer)
    assert session.scalars(select(ImportRun)).all() == []
    row = {"tax_code": "0090000019", "name_vi": "Công ty 01", "email": ADDRESS, "phone": PHONE}
    other = {"tax_code": "0090000026", "name_vi": "Công ty 02", "email": "lien.he@cty02.example", "phone": PHONE}
    other["kinds"] = "firm"
    load(workbook(organisations=[row, other]))
    emails = dict(session.execute(select(Organisation.tax_code, Organisation.email)).all())
    assert emails["0090000019"] is None
    assert emails["0090000026"] == "lien.he@cty02.example"
    phones = dict(session.execute(select(Organisation.tax_code, Organisation.phone)).all())
    assert (phones["0090000019"], phones["0090000026"]) == (None, PHONE)


def test_who_comes_back_of_his_own_accord_is_taken_in(person, cast):
    from accounts.operations import create_user

    delete(person, cast.officer)
    assert forgotten.among([ADDRESS, cast.bank.email]) == {ADDRESS}
    with write():
        create_user(email=ADDRESS, name="Người trở lại", password_hash="x", at=clock.now(), by=None)
    assert forgotten.among([ADDRESS]) == set()


def test_an_officer_completes_the_request_on_its_page(person, cast, browse):
    with write():
        case = cases.file(person, CaseKind.DELETION, "", by=person, at=clock.now())
    office, path = browse(cast.officer), f"/admin/data-requests/{case.id}"
    assert office.post(f"{path}/complete", data={"outcome": ""}).status_code == 422
    assert session.get(User, person.id).email == ADDRESS
    assert office.post(f"{path}/complete", data={"outcome": f"Đã xoá dữ liệu của {NAME}"}).status_code == 302
    assert session.get(User, person.id).name == f"#{person.id}"
    closed = session.get(DataCase, case.id)
    assert (closed.state, closed.outcome) == ("done", "")
    assert "#" in office.get(path).text


def test_the_last_administrator_stays(cast):
    administrator, officer = cast.administrator, cast.officer
    with pytest.raises(Conflict):
        deletion.prepare(administrator)
    from accounts.operations import set_roles

    with write():
        set_roles(officer, [Role.ADMINISTRATOR], by=administrator, at=clock.now())
    delete(administrator, officer)


def test_his_long_work_ends_with_him(person, cast):
    tasks._handlers.setdefault("nothing", lambda context: None)
    with write():
        tasks.start("nothing", by=person, at=clock.now())
    delete(person, cast.officer)
    assert session.scalars(select(tasks.Task)).all() == []


def test_an_account_that_was_locked_two_years_ago_is_deleted_by_a_job(person, cast):
    with write():
        person.disabled_at = NOON - timedelta(days=729)
    deletion.delete_locked(NOON)
    assert session.get(User, person.id).email == ADDRESS
    later = NOON + timedelta(days=2)
    with clock.frozen(later):
        deletion.delete_locked(later)
        deletion.delete_locked(later)
    assert session.get(User, person.id).name == f"#{person.id}"
    acts = session.scalars(select(AuditLine.actor).where(AuditLine.act == "account.erase")).all()
    assert acts == ["job:deletion"]


def test_an_upload_of_somebody_else_on_its_way_is_left_alone(person, cast, workbook):
    for key, name in (("cd" * 16, "Công ty khác"), ("ef" * 16, f"Công ty của {NAME}")):
        path = files.path_of(files.StoredFile(key=key))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(workbook(organisations=[{"name_vi": name}]))
    delete(person, cast.officer)
    assert files.path_of(files.StoredFile(key="cd" * 16)).exists()
    assert not files.path_of(files.StoredFile(key="ef" * 16)).exists()
