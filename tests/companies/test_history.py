"""The history of a profile: every change kept in words, and taken back unless something newer stands there."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from companies import history, operations, reverting
from companies.enums import Kind, Sector
from companies.history import ProfileChange
from companies.models import NeedOffer, Organisation, Product
from companies.records import Certificate, YearlyFigures
from core import clock
from core.audit import AuditLine
from core.db import session, write
from core.errors import Conflict


def url(organisation, rest=""):
    return f"/organisations/{organisation.id}{rest}"


def edit(row, by, **values):
    with write():
        operations.edit_organisation(row, values, version=None, by=by, at=clock.now())


def changes():
    return session.scalars(select(ProfileChange).order_by(ProfileChange.id)).all()


def back(change, by):
    with write():
        reverting.revert(change, by=by, at=clock.now())


def test_each_field_is_kept_with_who_and_goes_back(cast):
    firm, owner = cast.firm, cast.firm_owner
    edit(firm, owner, sector="food", founded=1998, markets=["JP"], kinds=["firm", "fdi"], intro_vi="Một")
    kept = {c.field: (c.old, c.new, c.by_id) for c in changes()}
    assert kept == {
        "sector": (None, "food", owner.id), "founded": (None, 1998, owner.id), "markets": ([], ["JP"], owner.id),
        "kinds": (["firm"], ["fdi", "firm"], owner.id), "intro_vi": (None, "Một", owner.id),
    }  # fmt: skip
    for change in changes()[:5]:
        back(change, owner)
    assert (firm.sector, firm.founded, firm.markets, firm.kinds) == (None, None, [], {Kind.FIRM})
    assert len(changes()) == 10
    sector = next(c for c in changes()[5:] if c.field == "sector")
    back(sector, owner)
    assert firm.sector is Sector.FOOD
    acts = session.scalars(select(AuditLine).where(AuditLine.act == "profile.revert")).all()
    assert len(acts) == 6 and "food" not in str([line.detail for line in acts])


def test_what_was_changed_again_is_not_taken_back(cast, browse):
    firm, owner = cast.firm, cast.firm_owner
    edit(firm, owner, zone="Một")
    edit(firm, owner, zone="Hai")
    first = changes()[0]
    with pytest.raises(Conflict):
        back(first, owner)
    page = browse(owner).post(url(firm, f"/history/{first.id}/back"), follow_redirects=True).data.decode()
    assert "đã được sửa lần nữa" in page and firm.zone == "Hai"
    back(changes()[1], owner)
    with pytest.raises(Conflict):
        back(changes()[1], owner)


def test_a_row_that_was_removed_comes_back_whole(cast):
    firm, owner, at = cast.firm, cast.firm_owner, clock.now()
    given = {"role": "need", "kind": "loan", "text_vi": "Vay", "amount_max": Decimal("1.5"), "currency": "USD",
             "valid_until": date(2027, 1, 2), "details": {"purposes": ["export"]}}  # fmt: skip
    held = {"name": "ISO 9001", "number": "7", "valid_until": date(2027, 1, 2)}
    with write():
        need = operations.add_part(NeedOffer, firm, given, by=owner, at=at)
        certificate = operations.add_part(Certificate, firm, held, by=owner, at=at)
    with write():
        operations.remove_part(need, by=owner, at=at)
        operations.remove_part(certificate, by=owner, at=at)
    for change in [c for c in changes() if c.act is history.Act.REMOVED]:
        back(change, owner)
        with pytest.raises(Conflict):
            back(change, owner)
    row, held_again = session.scalars(select(NeedOffer)).one(), session.scalars(select(Certificate)).one()
    assert {name: history.kept(getattr(row, name)) for name in given} == {
        n: history.kept(v) for n, v in given.items()
    }
    assert (held_again.number, held_again.valid_until) == ("7", date(2027, 1, 2))


def test_figures_of_a_year_go_back_and_an_import_is_kept_too(cast, load, workbook):
    firm, owner = cast.firm, cast.firm_owner
    with write():
        operations.state_figures(firm, 2024, {"revenue_vnd": Decimal(5)}, by=owner, at=clock.now())
    load(workbook(organisations=[{"tax_code": firm.tax_code, "name_vi": firm.name, "zone": "KCN",
                                  "revenue_vnd": 7, "figures_year": 2024}]))  # fmt: skip
    kept = {c.field: c for c in changes()}
    assert set(kept) == {"zone", "revenue_vnd"} and (kept["revenue_vnd"].old, kept["revenue_vnd"].new) == ("5", "7")
    back(kept["revenue_vnd"], owner)
    assert session.scalars(select(YearlyFigures)).one().revenue_vnd == 5


def test_the_page_says_it_in_words_and_only_to_those_it_concerns(cast, browse):
    firm, owner, officer = cast.firm, cast.firm_owner, cast.officer
    edit(firm, owner, sector="food")
    edit(firm, officer, source="canary-nguồn", kinds=["firm", "bank"])
    with write():
        operations.add_part(Product, firm, {"name_vi": "Trục"}, by=owner, at=clock.now())
    own = browse(owner).get(url(firm, "/history")).data.decode()
    assert "Lĩnh vực" in own or "Ngành" in own
    assert owner.name in own and officer.name not in own and "canary-nguồn" not in own and "Trục" in own
    seen = browse(officer).get(url(firm, "/history")).data.decode()
    assert "canary-nguồn" in seen and officer.name in seen
    kinds = next(c for c in changes() if c.field == "kinds")
    assert f"/history/{kinds.id}/back" not in own and f"/history/{kinds.id}/back" in seen
    assert browse(owner).post(url(firm, f"/history/{kinds.id}/back")).status_code == 403
    assert browse(cast.rival_owner).get(url(firm, "/history")).status_code == 403
    assert browse(cast.rival_owner).post(url(firm, f"/history/{kinds.id}/back")).status_code == 404


def test_contacts_are_forgotten_with_the_person_and_all_of_it_in_time(cast, app):
    from core import erasure, retention
    from core.personal import Person

    firm, owner = cast.firm, cast.firm_owner
    edit(firm, owner, email="a@firm.example", phone="+84912345678", zone="KCN")
    person = Person(owner.id, owner.email, owner.name)
    prepared = erasure.prepare(person)
    with write():
        erasure.carry_out(prepared, by="test", at=clock.now())
    assert {c.field: c.new for c in changes()} == {"email": None, "phone": None, "zone": "KCN"}
    with write():
        dict(retention.rules())["profile_change"](clock.now() + history.KEPT + timedelta(days=1))
    assert changes() == [] and session.scalars(select(Organisation)).all()
