"""Editing an organisation, its products, needs and offers, and giving sight."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from companies import operations
from companies.enums import GrantScope, Kind, Sector, Visibility
from companies.models import Grant, NeedOffer, Organisation, Product
from core import clock
from core.audit import AuditLine
from core.db import session, write
from core.errors import Conflict


def again(row):
    session.expire_all()
    return session.get(type(row), row.id)


def url(organisation, rest=""):
    return f"/organisations/{organisation.id}{rest}"


def hidden_version(row):
    return {"version": str(again(row).version)}


def test_an_owner_edits_each_section(cast, browse):
    firm, client = cast.firm, browse(cast.firm_owner)
    sections = {
        "names": {"name_vi": "Công ty  Mới\u200b", "name_en": "New"},
        "introduction": {"intro_vi": "a\r\nb", "intro_original": "溶接", "original_language": "tiếng Nhật"},
        "business": {"sector": "food", "vsic_version": "2025", "vsic": "1030", "markets": "Nhật Bản\nVN",
                     "languages": "Tiếng Anh"},
        "contact": {"province": "Hà Nội", "commune": "hoà lạc", "website": "a.vn", "email": "A@a.vn",
                    "phone": "0912 345 678", "old_address": "Xã Thạch Hoà, huyện Thạch Thất"},
    }  # fmt: skip
    for section, data in sections.items():
        assert client.get(url(firm, f"/edit/{section}")).status_code == 200
        answer = client.post(url(firm, f"/edit/{section}"), data=data | hidden_version(firm))
        assert answer.status_code == 302, (section, answer.data.decode())
    row = again(firm)
    assert (row.name_vi, row.intro_vi, row.original_language) == ("Công ty Mới", "a\nb", "ja")
    assert (row.sector, row.vsic, row.markets, row.languages) == (Sector.FOOD, "1030", ["JP", "VN"], ["en"])
    assert (row.commune, row.old_address) == ("Hòa Lạc", "Xã Thạch Hoà, huyện Thạch Thất")
    assert (row.website, row.email, row.phone) == ("https://a.vn", "a@a.vn", "+84912345678")
    assert client.get(url(firm)).status_code == 200
    for section in sections:
        assert client.get(url(firm, f"/edit/{section}")).status_code == 200


@pytest.mark.parametrize(
    ("section", "data", "column"),
    [
        ("names", {"name_vi": "", "name_en": ""}, "name_vi"),
        ("business", {"sector": "x"}, "sector"),
        ("business", {"vsic": "2592", "vsic_version": ""}, "vsic"),
        ("business", {"markets": "Atlantis"}, "markets"),
        ("business", {"founded": "3000"}, "founded"),
        ("contact", {"website": "javascript:alert(1)"}, "website"),
        ("contact", {"commune": "Quận Ba Đình", "province": "Hà Nội"}, "commune"),
        ("introduction", {"intro_vi": "x" * 5001}, "intro_vi"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_what_was_typed_stays(cast, browse, section, data, column):
    firm = cast.firm
    before = getattr(firm, column)
    answer = browse(cast.firm_owner).post(url(firm, f"/edit/{section}"), data=data | hidden_version(firm))
    page = answer.data.decode()
    assert answer.status_code == 422 and f'id="{column}-error"' in page
    if data[column] and section != "business":
        assert data[column] in page
    assert getattr(again(firm), column) == before


def test_a_second_save_is_told_and_keeps_what_was_typed(cast, browse):
    firm = cast.firm
    old = hidden_version(firm)
    first, second = browse(cast.firm_owner), browse(cast.firm_colleague)
    assert first.post(url(firm, "/edit/contact"), data=old | {"zone": "KCN Một"}).status_code == 302
    answer = second.post(url(firm, "/edit/contact"), data=old | {"zone": "KCN Hai"})
    page = answer.data.decode()
    assert answer.status_code == 409 and "KCN Hai" in page and "KCN Một" in page
    assert again(firm).zone == "KCN Một"
    assert second.post(url(firm, "/edit/contact"), data=hidden_version(firm) | {"zone": "KCN Hai"}).status_code == 302
    assert again(firm).zone == "KCN Hai"


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "1e3", "²"])
def test_a_form_without_a_true_version_is_refused(cast, browse, version):
    data = {"version": version, "zone": "KCN"}
    assert browse(cast.firm_owner).post(url(cast.firm, "/edit/contact"), data=data).status_code == 409
    assert again(cast.firm).zone is None


def test_fields_that_were_not_sent_stay_and_fields_that_are_not_ours_are_ignored(cast, browse):
    firm, client = cast.firm, browse(cast.firm_owner)
    with write():
        operations.edit_organisation(firm, {"zone": "KCN", "email": "a@a.vn"}, version=None, by="t", at=clock.now())
    data = {"address": "Lô 1", "tax_code": "0090000040", "kinds": "bank", "id": "9", "source": "x"}
    assert client.post(url(firm, "/edit/contact"), data=data | hidden_version(firm)).status_code == 302
    names = {"name_vi": "Tên", "tax_code": "0090000040", "kinds": "bank"}
    assert client.post(url(firm, "/edit/names"), data=names | hidden_version(firm)).status_code == 302
    row = again(firm)
    assert (row.zone, row.email, row.address, row.name_vi) == ("KCN", "a@a.vn", "Lô 1", "Tên")
    assert (row.tax_code, row.kinds, row.source) == ("0090000019", {Kind.FIRM}, None)


def test_an_officer_keeps_identity_and_makes_organisations(cast, browse):
    firm, client = cast.firm, browse(cast.officer)
    data = {"name_vi": "Tên", "tax_code": "0090000040", "kinds": ["firm", "fdi"], "country": "Việt Nam"}
    assert client.post(url(firm, "/edit/names"), data=data | hidden_version(firm)).status_code == 302
    assert (again(firm).tax_code, again(firm).kinds) == ("0090000040", {Kind.FIRM, Kind.FDI})
    new = {"name_en": "New Bank", "kinds": "bank", "country": "VN", "tax_code": "0090000315"}
    assert client.post("/organisations/new", data=new).status_code == 302
    answer = client.post("/organisations/new", data=new | {"name_en": "Twin"})
    assert answer.status_code == 409 and "Twin" in answer.data.decode()
    assert len(session.scalars(select(Organisation).where(Organisation.tax_code == "0090000315")).all()) == 1


def test_the_database_decides_between_two_who_take_one_tax_code(make_organisation, monkeypatch):
    make_organisation(name_vi="A", tax_code="0090000019")
    monkeypatch.setattr(operations.queries, "by_tax_code", lambda code: None)
    with pytest.raises(Conflict):
        make_organisation(name_vi="B", tax_code="0090000019")


@pytest.mark.parametrize("who", [None, "rival_owner", "bank", "council_member", "door_staff", "introducer"])
def test_strangers_edit_nothing(cast, browse, who):
    firm = cast.firm
    client = browse(getattr(cast, who) if who else None)
    with write():
        part = operations.add_part(Product, firm, {"name_vi": "Trục"}, by="t", at=clock.now())
    for path in (
        "/edit",
        "/figures/new",
        "/products/new",
        f"/products/{part.id}",
        "/needs/new",
        "/members",
        "/sight",
    ):
        assert client.get(url(firm, path)).status_code in (302, 403), path
    for path in ("/figures/new", "/products/new", f"/products/{part.id}/remove", "/needs/new", "/sight"):
        assert client.post(url(firm, path), data={"name_vi": "x"}).status_code in (302, 401, 403), path
    assert [p.name_vi for p in session.scalars(select(Product))] == ["Trục"]


def test_products_are_added_changed_and_removed(cast, browse):
    firm, client = cast.firm, browse(cast.firm_owner)
    data = {"name_vi": "Trục cam", "name_en": "Cam shaft", "hs": "8483.10"}
    assert client.post(url(firm, "/products/new"), data=data).status_code == 302
    row = session.scalars(select(Product)).one()
    assert row.hs == "848310"
    with write():
        operations.record_award(organisation=firm, product=row, year=2025, by="t", at=clock.now())
    assert "2025" in client.get(url(firm)).data.decode()
    change = {"name_vi": "Trục", "version": str(row.version)}
    assert client.post(url(firm, f"/products/{row.id}"), data=change).status_code == 302
    assert client.post(url(firm, f"/products/{row.id}"), data=change | {"name_vi": "X"}).status_code == 409
    assert client.post(url(firm, "/products/new"), data={"name_vi": " "}).status_code == 422
    assert (again(row).name_vi, again(row).name_en) == ("Trục", "Cam shaft")
    assert client.post(url(firm, f"/products/{row.id}/remove")).status_code == 302
    assert session.scalars(select(Product)).all() == []
    assert again(firm).awards[0].product_vi == "Trục cam"


def test_needs_and_offers_are_added_changed_and_removed(cast, browse):
    firm, client = cast.firm, browse(cast.firm_owner)
    data = {
        "role": "need", "kind": "loan", "text_vi": "Vay", "tags": "máy\nvốn", "amount_min": "1.000",
        "amount_max": "2.000", "currency": "USD", "valid_until": "31/12/2026", "visibility": "matched",
    }  # fmt: skip
    assert client.get(url(firm, "/needs/new?role=offer")).status_code == 200
    assert client.post(url(firm, "/needs/new"), data=data).status_code == 302
    row = session.scalars(select(NeedOffer)).one()
    assert (row.amount_min, row.currency, row.tags, row.visibility) == (
        1000,
        "USD",
        ["máy", "vốn"],
        Visibility.MATCHED,
    )
    bad = client.post(url(firm, "/needs/new"), data=data | {"amount_min": "3.000"})
    assert bad.status_code == 422 and 'id="amount_min-error"' in bad.data.decode()
    assert client.post(url(firm, "/needs/new"), data=data | {"text_vi": ""}).status_code == 422
    change = data | {"text_vi": "Vay dài hạn", "version": str(row.version)}
    assert client.post(url(firm, f"/needs/{row.id}"), data=change).status_code == 302
    assert again(row).text_vi == "Vay dài hạn"
    assert client.get(url(firm, f"/needs/{row.id}")).status_code == 200
    assert client.post(url(firm, f"/needs/{row.id}/remove")).status_code == 302
    assert session.scalars(select(NeedOffer)).all() == []


def test_half_a_form_that_does_not_fit_what_is_stored_is_refused(cast, browse):
    firm, client = cast.firm, browse(cast.firm_owner)
    need = {"role": "need", "kind": "loan", "text_vi": "Vay", "amount_max": "5", "currency": "VND"}
    assert client.post(url(firm, "/needs/new"), data=need).status_code == 302
    row = session.scalars(select(NeedOffer)).one()
    for data in ({"amount_min": "9"}, {"currency": ""}, {"role": ""}, {"text_vi": ""}):
        answer = client.post(url(firm, f"/needs/{row.id}"), data=data | {"version": str(row.version)})
        assert answer.status_code in (409, 422), data
    without = {"role": "need", "kind": "loan", "text_vi": "Vay", "amount_max": "5"}
    assert client.post(url(firm, "/needs/new"), data=without).status_code in (302, 409)
    answer = client.post(url(firm, "/edit/business"), data={"vsic_version": ""} | hidden_version(firm))
    assert answer.status_code == 302
    assert (again(row).amount_min, again(row).currency) == (None, "VND")


def test_a_part_of_another_organisation_is_no_such_page(cast, browse):
    firm, rival = cast.firm, cast.rival
    with write():
        part = operations.add_part(Product, rival, {"name_vi": "Bí mật"}, by="t", at=clock.now())
        need = operations.add_part(
            NeedOffer, rival, {"role": "need", "kind": "loan", "text_vi": "x"}, by="t", at=clock.now()
        )
    client = browse(cast.firm_owner)
    for path in (f"/products/{part.id}", f"/needs/{need.id}"):
        assert client.get(url(firm, path)).status_code == 404
        assert client.post(url(firm, f"{path}/remove")).status_code == 404


def test_an_owner_gives_and_withdraws_sight(cast, browse):
    firm, bank, client = cast.firm, cast.bank_organisation, browse(cast.firm_owner)
    found = client.get(url(firm, "/sight?q=ngan+hang")).data.decode()
    assert bank.name in found
    data = {"partner": str(bank.id), "scope": "figures"}
    for _ in range(2):
        assert client.post(url(firm, "/sight"), data=data).status_code == 302
    grant = session.scalars(select(Grant)).one()
    assert (grant.scope, grant.withdrawn_at) == (GrantScope.FIGURES, None)
    assert browse(cast.bank).post(f"/sight-grants/{grant.id}/withdraw").status_code == 403
    assert browse(cast.rival_owner).post(f"/sight-grants/{grant.id}/withdraw").status_code == 404
    assert client.post(f"/sight-grants/{grant.id}/withdraw").status_code == 302
    assert again(grant).withdrawn_at is not None
    assert client.post(url(firm, "/sight"), data=data).status_code == 302
    assert len(session.scalars(select(Grant)).all()) == 2


def test_nobody_consents_for_the_firm(cast, browse):
    firm, data = cast.firm, {"partner": str(cast.bank_organisation.id), "scope": "figures"}
    for who in (cast.officer, cast.firm_colleague, cast.bank):
        assert browse(who).post(url(firm, "/sight"), data=data).status_code == 403
    owner = browse(cast.firm_owner)
    for bad in ({"scope": "all"}, {"partner": "x"}, {"partner": "999999"}, {"partner": ""}):
        assert owner.post(url(firm, "/sight"), data=data | bad).status_code == 404
    assert owner.post(url(firm, "/sight"), data=data | {"partner": str(firm.id)}).status_code == 422
    assert session.scalars(select(Grant)).all() == []


def test_my_organisation_leads_to_the_profile_and_members_see_each_other(cast, browse):
    colleague = cast.firm_colleague
    client = browse(cast.firm_owner)
    assert client.get("/organisations/mine").location.endswith(url(cast.firm))
    assert colleague.email in client.get(url(cast.firm, "/members")).data.decode()
    assert browse(cast.officer).get("/organisations/mine").status_code == 200


def test_an_edit_is_recorded_by_column_without_the_value(cast, browse):
    firm = cast.firm
    browse(cast.firm_owner).post(url(firm, "/figures/new"), data={"year": "2025", "revenue_vnd": "123.456"})
    line = session.scalars(select(AuditLine).where(AuditLine.act == "yearly_figures.create")).one()
    assert line.detail["organisation"] == firm.id and "123456" not in str(line.detail)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}"])
def test_what_people_type_is_shown_as_text(cast, browse, make_organisation, text):
    row = make_organisation(
        name_vi=text, zone=text, intro_vi=text, certificates=[text], products=[{"name_vi": text, "capacity": text}],
        needs_offers=[{"text_vi": text, "tags": [text]}],
    )  # fmt: skip
    client = browse(cast.officer)
    for page in (url(row), url(row, "/edit"), url(row, "/edit/names"), "/organisations", "/organisations/review"):
        shown = client.get(page).data.decode()
        assert "<script>alert" not in shown and "<img src=x" not in shown and ">49<" not in shown
