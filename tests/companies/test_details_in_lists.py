"""What needs and offers state by class goes out in spreadsheets and comes back in the same columns."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from companies import importing, reconciling
from companies.models import NeedOffer
from companies.plans import What
from core.db import session, write

FIRM = {"tax_code": "0090000019", "name_vi": "Công ty Chi Tiết", "kinds": "firm"}
NEEDS = [
    {"role": "need", "class": "loan", "text_vi": "Vay mua máy", "amount_max": 5_000_000_000,
     "purposes": "Đầu tư nhà xưởng, máy móc|export", "collaterals": "machinery"},
    {"role": "need", "class": "trade_training", "text_vi": "Cần thợ", "headcount": 12,
     "trades": "hàn 3G|vận hành CNC", "starts": date(2027, 1, 5), "ends": "01/03/2027"},
    {"role": "offer", "class": "part_supply", "text_vi": "Trục", "part_family": "trục", "processes": "Tiện|grinding",
     "material": "SUS304", "tolerance": "0,005", "volume": "120.000", "certificates": "IATF 16949"},
    {"role": "need", "class": "technical_problem", "text_vi": "Rung", "readiness_now": 4, "readiness_wanted": 9},
    {"role": "need", "class": "equipment", "text_vi": "Máy mài", "equipment": "máy mài tròn"},
]  # fmt: skip
STORED = [
    {"purposes": ["investment", "export"], "collaterals": ["machinery"]},
    {"trades": ["hàn 3G", "vận hành CNC"], "starts": "2027-01-05", "ends": "2027-03-01"},
    {"part_family": "trục", "processes": ["turning", "grinding"], "material": "SUS304", "tolerance": 0.005,
     "volume": 120_000, "certificates": ["IATF 16949"]},
    {"readiness_now": 4, "readiness_wanted": 9},
    {"equipment": "máy mài tròn"},
]  # fmt: skip


def needs(*rows):
    return [{"organisation": "0090000019", **row} for row in rows]


def stored():
    session.rollback()
    return [row.details for row in session.scalars(select(NeedOffer).order_by(NeedOffer.id))]


def plan_of(data):
    return reconciling.reconcile(importing.read([data], today=date(2026, 11, 22)))


def test_details_are_imported_exported_and_imported_again_without_a_change(browse, cast, load, workbook):
    load(workbook(organisations=[FIRM], needs_offers=needs(*NEEDS)))
    assert stored() == STORED
    data = browse(cast.officer).get("/organisations/needs.xlsx").data
    rows = list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    shown = dict(zip(rows[0], rows[3], strict=True))
    assert (shown["tolerance"], shown["processes"], shown["readiness_now"]) == (0.005, "turning|grinding", None)
    plan = plan_of(data)
    assert plan.faults == [] and {change.what for change in plan.changes} == {What.UNCHANGED}


def test_a_cell_changes_its_detail_alone_and_a_mark_empties_it(load, workbook):
    load(workbook(organisations=[FIRM], needs_offers=needs(*NEEDS)))
    part = {name: NEEDS[2][name] for name in ("role", "class", "text_vi")}
    plan = load(workbook(needs_offers=needs({**part, "volume": 50, "material": "", "certificates": "(xoá)"})))
    assert [change.columns for change in plan.changes] == [["volume", "certificates"]]
    expected = {**STORED[2], "volume": 50}
    del expected["certificates"]
    assert stored()[2] == expected and stored()[0] == STORED[0]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"class": "loan", "purposes": "nhà"}, "purposes"),
        ({"class": "loan", "material": "thép"}, "material"),  # not asked of a loan
        ({"class": "loan", "trades": "(xoá)"}, "trades"),
        ({"class": "process", "tolerance": "nhỏ"}, "tolerance"),
        ({"class": "process", "tolerance": 101}, "tolerance"),
        ({"class": "process", "volume": 1.5}, "volume"),
        ({"class": "process", "material": "x" * 121}, "material"),
        ({"class": "research", "readiness_now": 10}, "readiness_now"),
        ({"class": "internship", "starts": "02/03/2027", "ends": "01/03/2027"}, "ends"),
        ({"class": "internship", "starts": "bao giờ"}, "starts"),
    ],
)
def test_a_fault_stands_beside_its_cell(app, workbook, row, column):
    data = workbook(organisations=[FIRM], needs_offers=needs({"role": "need", "text_vi": "Cần", **row}))
    (fault,) = plan_of(data).faults
    place = ["organisation", "role", "text_vi", *row].index(column)
    assert (fault.sheet, fault.column, fault.cell) == ("needs_offers", column, f"{'ABCDEF'[place]}2")


def test_an_end_before_the_stored_beginning_is_a_fault(load, workbook):
    load(workbook(organisations=[FIRM], needs_offers=needs(NEEDS[1])))
    part = {name: NEEDS[1][name] for name in ("role", "class", "text_vi")}
    (fault,) = plan_of(workbook(needs_offers=needs({**part, "ends": "04/01/2027"}))).faults
    assert fault.column == "ends"


def test_everybody_takes_out_the_needs_that_he_may_read(browse, cast, load, workbook):
    assert cast.firm_owner
    public, hidden = NEEDS[0] | {"visibility": "public"}, NEEDS[3] | {"visibility": "officer"}
    load(workbook(needs_offers=needs(public, hidden, NEEDS[4] | {"visibility": "partner"})))
    with write():
        session.scalars(select(NeedOffer)).all()[0].valid_until = date(2026, 1, 1)  # over

    def taken(reader):
        data = browse(reader).get("/organisations/needs.xlsx").data
        header, *rows = load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
        places = [header.index(name) for name in ("text_vi", "visibility")]
        return {tuple(row[place] for place in places) for row in rows}

    everything = {("Vay mua máy", "public"), ("Rung", "officer"), ("Máy mài", "partner")}
    assert taken(cast.officer) == taken(cast.firm_owner) == everything
    assert taken(cast.bank) == {("Máy mài", None)}
    assert taken(None) == taken(cast.rival_owner) == set()
