"""What needs and offers state by class: the check, the forms, and what the matcher is told."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from companies import need_details
from companies.enums import Kind, NeedClass, NeedRole
from companies.models import NeedOffer
from core.db import session
from core.errors import Invalid
from events.conferences.engine_profiles import _part


def url(organisation, rest=""):
    return f"/organisations/{organisation.id}{rest}"


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (NeedClass.LOAN, {"purposes": ["export", "investment"], "material": "thép"},
         {"purposes": ["investment", "export"]}),
        (NeedClass.PROCESS, {"tolerance": 0.02, "volume": 120_000, "processes": [], "material": " SUS304 "},
         {"tolerance": 0.02, "volume": 120_000, "material": "SUS304"}),
        (NeedClass.INTERNSHIP, {"starts": date(2027, 1, 5), "ends": "2027-03-01", "trades": ["hàn 3G"]},
         {"starts": "2027-01-05", "ends": "2027-03-01", "trades": ["hàn 3G"]}),
        (NeedClass.RESEARCH, {"readiness_now": 4, "readiness_wanted": None}, {"readiness_now": 4}),
        (NeedClass.SERVICE, {"volume": 5}, {}),
    ],
)  # fmt: skip
def test_a_class_keeps_what_it_is_asked_for(kind, given, kept):
    assert need_details.checked(kind, given) == kept


@pytest.mark.parametrize(
    ("kind", "given", "name"),
    [
        (NeedClass.PROCESS, {"tolerance": "nhỏ"}, "tolerance"),
        (NeedClass.PROCESS, {"volume": 1.5}, "volume"),
        (NeedClass.PROCESS, {"volume": float("nan")}, "volume"),
        (NeedClass.PROCESS, {"material": "x" * 121}, "material"),
        (NeedClass.LOAN, {"purposes": "export"}, "purposes"),
        (NeedClass.RESEARCH, {"readiness_now": 10}, "readiness_now"),
        (NeedClass.INTERNSHIP, {"starts": "2027-03-02", "ends": "2027-03-01"}, "ends"),
        (NeedClass.INTERNSHIP, {"starts": "bao giờ"}, "starts"),
    ],
)
def test_what_is_no_value_is_refused_by_name(app, kind, given, name):
    with app.test_request_context(), pytest.raises(Invalid) as err:
        need_details.checked(kind, given)
    assert err.value.field == f"detail_{name}"


def test_the_subjects_that_a_kind_mostly_needs_come_first():
    assert need_details.usual([Kind.BANK], NeedRole.OFFER) == [NeedClass.LOAN]
    both = need_details.usual([Kind.FDI, Kind.FIRM], NeedRole.NEED)
    assert both[0] is NeedClass.LOAN and NeedClass.PART_SUPPLY in both and len(both) == len(set(both))


def test_a_buyers_need_is_typed_in_its_own_form_and_reaches_the_matcher(cast, browse):
    firm, client = cast.firm, browse(cast.firm_owner)
    subjects = client.get(url(firm, "/needs/new?role=need")).data.decode()
    assert "kind=part_supply" in subjects and "kind=loan" in subjects
    form = client.get(url(firm, "/needs/new?role=need&kind=part_supply")).data.decode()
    assert 'name="detail_tolerance"' in form and 'name="amount_min"' not in form and "headcount" not in form
    data = {
        "role": "need", "kind": "part_supply", "text_vi": "Trục", "detail_processes": ["", "turning", "grinding"],
        "detail_tolerance": "0,02", "detail_volume": "120.000", "detail_material": "S45C",
        "detail_certificates": "IATF 16949\nISO 9001",
    }  # fmt: skip
    assert client.post(url(firm, "/needs/new"), data=data).status_code == 302
    row = session.scalars(select(NeedOffer)).one()
    assert row.details == {
        "processes": ["turning", "grinding"], "tolerance": 0.02, "volume": 120_000, "material": "S45C",
        "certificates": ["IATF 16949", "ISO 9001"],
    }  # fmt: skip
    part = _part(row)
    assert (part.certificates, part.amount) == (("IATF 16949", "ISO 9001"), (120_000, 120_000))
    assert "processes:turning" in part.tags and "Tiện" in part.vi and part.en == ""
    page = client.get(url(firm)).data.decode()
    assert "0,02 mm" in page and "120.000" in page and "Tiện, Mài" in page


def test_a_detail_that_was_not_sent_stays_and_one_that_was_emptied_goes(cast, browse):
    firm, client = cast.firm, browse(cast.firm_owner)
    data = {"role": "need", "kind": "loan", "text_vi": "Vay", "detail_purposes": ["", "export"],
            "detail_collaterals": ["", "none"]}  # fmt: skip
    assert client.post(url(firm, "/needs/new"), data=data).status_code == 302
    row = session.scalars(select(NeedOffer)).one()
    path = url(firm, f"/needs/{row.id}")
    assert "checked" in client.get(path).data.decode()
    assert client.post(path, data={"text_en": "Loan", "version": str(row.version)}).status_code == 302
    session.expire_all()
    assert row.details == {"purposes": ["export"], "collaterals": ["none"]}
    assert client.post(path, data={"detail_purposes": "", "version": str(row.version)}).status_code == 302
    session.expire_all()
    assert row.details == {"collaterals": ["none"]}
    bad = client.post(path, data={"detail_purposes": ["", "gift"], "version": str(row.version)})
    assert bad.status_code == 422
