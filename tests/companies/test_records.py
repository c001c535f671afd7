"""Certificates with their validity, and figures by year."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PIL import Image
from sqlalchemy import select

from companies import directory, operations, reminding
from companies.models import Organisation, Product
from companies.records import Certificate, YearlyFigures
from core import attention, clock, files
from core.access import Actor
from core.db import session, write
from core.outbox import Mail

TODAY = date(2026, 11, 22)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def url(organisation, rest=""):
    return f"/organisations/{organisation.id}{rest}"


def again(row):
    session.expire_all()
    return session.get(type(row), row.id)


def png():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (None, TODAY - timedelta(1), False),
        (TODAY + timedelta(1), None, False),
    ],
)
def test_a_certificate_counts_from_its_first_day_to_its_last(begins, ends, holds):
    assert Certificate(name="ISO 9001", valid_from=begins, valid_until=ends).holds_on(TODAY) is holds


def test_what_has_run_out_counts_nowhere(make_organisation):
    row = make_organisation(name_vi="Xưởng", certificates=["ISO 9001", "CE"])
    assert "certificates" in directory.present_in([row.id])[row.id]
    with write():
        for certificate in row.certificate_rows:
            certificate.valid_until = TODAY - timedelta(1)
    assert again(row).certificates == []
    assert "certificates" not in directory.present_in([row.id])[row.id]


def test_certificates_are_added_scanned_changed_and_removed(cast, browse):
    firm, client = cast.firm, browse(cast.firm_owner)
    with write():
        product = operations.add_part(Product, firm, {"name_vi": "Trục"}, by="t", at=clock.now())
    data = {"name": "ISO 9001:2015", "number": "VN-01", "valid_until": "31/12/2026", "product_id": str(product.id)}
    answer = client.post(url(firm, "/certificates/new"), data=data | {"scan": (io.BytesIO(png()), "Bản chụp.png")})
    assert answer.status_code == 302
    row = session.scalars(select(Certificate)).one()
    assert (row.name, row.valid_until, row.product_id) == ("ISO 9001:2015", date(2026, 12, 31), product.id)
    assert (again(product).certificates, again(firm).certificates) == (["ISO 9001:2015"], [])
    page = client.get(url(firm, "/certificates")).data.decode()
    assert "Bản chụp.jpg" in page and "Sắp hết hạn" in page
    scan = client.get(url(firm, f"/certificates/{row.id}/scan"))
    assert scan.status_code == 200 and scan.headers["Content-Disposition"].startswith("attachment")
    change = {"version": str(row.version), "product_id": "", "scan": (io.BytesIO(PDF), "b.pdf")}
    assert client.post(url(firm, f"/certificates/{row.id}"), data=change).status_code == 302
    assert (again(row).number, again(row).product_id, row.scan.name) == ("VN-01", None, "b.pdf")
    assert client.get(url(firm, f"/certificates/{row.id}")).status_code == 200
    assert len(session.scalars(select(files.StoredFile)).all()) == 1
    assert client.post(url(firm, f"/certificates/{row.id}/scan/remove")).status_code == 302
    assert client.post(url(firm, f"/certificates/{row.id}/remove")).status_code == 302
    assert not session.scalars(select(Certificate)).all() and not session.scalars(select(files.StoredFile)).all()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"valid_from": "02/01/2026", "valid_until": "01/01/2026"}, "valid_until"),
        ({"valid_until": "31/02/2026"}, "valid_until"),
        ({"product_id": "999999"}, "product_id"),
        ({"scan": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "a.svg")}, "scan"),
        ({"scan": (b"<html><script>alert(1)</script>", "a.png")}, "scan"),
        ({"scan": (b"", "a.pdf")}, "scan"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused_beside_its_field(cast, browse, data, field):
    firm = cast.firm
    if "scan" in data:
        data = {"scan": (io.BytesIO(data["scan"][0]), data["scan"][1])}
    answer = browse(cast.firm_owner).post(url(firm, "/certificates/new"), data={"name": "ISO 9001"} | data)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.data.decode()
    assert session.scalars(select(Certificate)).all() == []


def test_the_product_of_a_rival_is_no_choice(cast, browse):
    rival = cast.rival
    with write():
        theirs = operations.add_part(Product, rival, {"name_vi": "Trục"}, by="t", at=clock.now())
    data = {"name": "ISO 9001", "product_id": str(theirs.id)}
    answer = browse(cast.firm_owner).post(url(cast.firm, "/certificates/new"), data=data)
    assert answer.status_code == 422 and session.scalars(select(Certificate)).all() == []


def test_the_present_figures_are_the_newest_that_were_stated(cast, browse):
    firm, client = cast.firm, browse(cast.firm_owner)
    for data in (
        {"year": "2024", "revenue_vnd": "1,5 tỷ", "employees": "12", "source": "Báo cáo kiểm toán"},
        {"year": "2025", "employees": "15", "export_usd": "1.234,5"},
    ):
        assert client.post(url(firm, "/figures/new"), data=data).status_code == 302
    row = again(firm)
    assert (row.employees, row.revenue_vnd, row.export_usd) == (15, Decimal(1_500_000_000), Decimal("1234.5"))
    assert row.figures_year == 2025
    page = client.get(url(firm)).data.decode()
    assert "Doanh thu năm 2024" in page and "Kim ngạch xuất khẩu năm 2025" in page
    assert cast.firm_owner.name in client.get(url(firm, "/figures")).data.decode()
    newest = session.scalars(select(YearlyFigures).where(YearlyFigures.year == 2025)).one()
    path = url(firm, f"/figures/{newest.id}")
    stale = {"version": str(newest.version), "employees": "20"}
    assert client.post(path, data=stale).status_code == 302
    assert client.post(path, data=stale | {"employees": "21"}).status_code == 409
    assert (again(firm).employees, again(newest).export_usd) == (20, Decimal("1234.5"))
    assert client.post(f"{path}/remove").status_code == 302
    assert (again(firm).employees, again(firm).export_usd) == (12, None)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"revenue_vnd": "-1"}, "revenue_vnd"),
        ({"revenue_vnd": "9" * 16}, "revenue_vnd"),
        ({"employees": "x"}, "employees"),
        ({}, "employees"),
        ({"year": "2027", "employees": "1"}, "year"),
        ({"year": "", "employees": "1"}, "year"),
        ({"year": "2024", "employees": "1"}, "year"),
    ],
)
def test_figures_that_cannot_be_are_refused_beside_their_field(cast, browse, data, field):
    firm = cast.firm
    with write():
        operations.state_figures(firm, 2024, {"employees": 3}, by=None, at=clock.now())
    answer = browse(cast.firm_owner).post(url(firm, "/figures/new"), data={"year": "2025"} | data)
    assert answer.status_code in (409, 422) and f'id="{field}-error"' in answer.data.decode()
    assert [row.year for row in session.scalars(select(YearlyFigures))] == [2024]


def test_figures_cannot_be_set_past_their_years(cast):
    with pytest.raises(AttributeError, match="by year"):
        cast.firm.revenue_vnd = 5
    with pytest.raises(AttributeError, match="by year"):
        Organisation(name_vi="x", employees=5)


def test_an_import_adds_certificates_and_states_a_year(load, workbook):
    line = {"tax_code": "0090000019", "name_vi": "Cơ khí", "kinds": "firm", "certificates": "ISO 9001|CE"}
    load(workbook(organisations=[line | {"employees": 5, "figures_year": 2023}]))
    row = session.scalars(select(Organisation)).one()
    with write():
        row.certificate_rows[0].number, row.certificate_rows[0].valid_until = "7", TODAY - timedelta(1)
    again_ = line | {"employees": 5, "figures_year": 2023, "certificates": "ISO 9001"}
    assert [c.what for c in load(workbook(organisations=[again_])).changes] == ["unchanged"]
    plan = load(workbook(organisations=[line | {"employees": 6, "certificates": "GMP"}]))
    assert set(plan.changes[0].values) == {"employees", "certificates"}
    row = again(row)
    assert [(f.year, f.employees) for f in row.figures] == [(2025, 6), (2023, 5)]
    assert [(c.name, c.number) for c in row.certificate_rows] == [("ISO 9001", "7"), ("CE", None), ("GMP", None)]


def test_the_mark_for_emptying_takes_certificates_and_figures_away(load, workbook):
    line = {"tax_code": "0090000019", "name_vi": "Cơ khí", "kinds": "firm"}
    load(workbook(organisations=[line | {"certificates": "CE", "employees": 5, "export_usd": 7}]))
    load(workbook(organisations=[line | {"certificates": "(xoá)", "employees": "(xoá)"}]))
    row = session.scalars(select(Organisation)).one()
    assert (row.certificates, row.employees, row.export_usd) == ([], None, 7)
    load(workbook(organisations=[line | {"export_usd": "(xoá)"}]))
    assert again(row).figures == []


def test_an_owner_is_reminded_once_of_each_end_in_his_language(cast, browse):
    firm, owner, _colleague = cast.firm, cast.firm_owner, cast.firm_colleague
    ends = {"ISO 9001": 60, "CE": 3, "HACCP": 61, "GMP": -1}
    with write():
        owner.language = "en"
        firm.certificate_rows.extend(
            Certificate(name=name, valid_until=TODAY + timedelta(days)) for name, days in ends.items()
        )
    reminding.remind(clock.now())
    reminding.remind(clock.now())
    mail = session.scalars(select(Mail)).one()
    assert (mail.recipient, mail.subject) == (owner.email, "2 certificates end soon")
    assert "- CE: 25 Nov 2026\n- ISO 9001: 21 Jan 2027" in mail.body and "HACCP" not in mail.body
    with write():
        next(row for row in firm.certificate_rows if row.name == "CE").valid_until = TODAY + timedelta(30)
    reminding.remind(clock.now())
    assert len(session.scalars(select(Mail)).all()) == 2
    entries = attention.for_reader(Actor(cast.officer.id, frozenset({"officer"})), at=clock.now())
    entry = next(e.entry for e in entries if e.kind.name == "companies.certificates")
    assert (entry.count, entry.due) == (2, TODAY + timedelta(30))
    page = browse(cast.officer).get("/organisations/certificates").data.decode()
    assert "GMP" in page and "HACCP" not in page
