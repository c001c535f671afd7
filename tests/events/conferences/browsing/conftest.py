"""A bank with a list of six firms that look for loans and machines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from companies.enums import GrantScope, Kind, NeedClass, NeedRole, Visibility
from companies.models import Award, Grant, NeedOffer, Organisation
from companies.records import Certificate, YearlyFigures
from core import clock
from core.db import session, write
from events.conferences.browsing import operations, ranking
from tests.events.conferences.conftest import NEEDS, organisation

SECRET = "kanarisecret"
REVENUE = Decimal(987_654_321_000)


@pytest.fixture
def firms(cast):
    """Six firms. The first is recognised, certified, in Hoàn Kiếm, with figures and a need for matched partners."""
    at, bank = clock.now(), cast.bank_organisation.id
    _people = cast.bank, cast.university
    with write():
        found = [
            organisation(f"Công ty CP Minh Hoạ {n}", Kind.FIRM, NeedRole.NEED, vi, en, "Vay" in vi)
            for n, (vi, en) in enumerate(NEEDS, 10)
        ]
        first = found[0]
        first.commune, first.email = "Hoàn Kiếm", f"{SECRET}@firm.example"
        secret = f"Vay bí mật {SECRET}", f"Loan {SECRET}"
        session.add_all([
            Award(organisation_id=first.id, winner_name=first.name_vi, product_vi="Trục", year=at.year),
            Certificate(organisation_id=first.id, name="ISO 9001:2015"),
            YearlyFigures(organisation_id=first.id, year=2025, employees=120, revenue_vnd=REVENUE),
            NeedOffer(organisation_id=first.id, role=NeedRole.NEED, kind=NeedClass.LOAN, text_vi=secret[0],
                      text_en=secret[1], visibility=Visibility.MATCHED, created_at=at),
            NeedOffer(organisation_id=bank, role=NeedRole.OFFER, kind=NeedClass.LOAN, created_at=at,
                      text_vi=f"Cho vay vốn lưu động, đầu tư máy móc {SECRET}",
                      text_en=f"Working capital and machinery loans {SECRET}"),
        ])  # fmt: skip
        keys = [row.id for row in found]
    listed(bank, keys)
    return keys


def listed(partner, keys):
    """A list in the order of the keys, as the engine would store it."""
    reason = {"scorer": "text", "value": 0.3, "share": 0.5, "terms": [], "codes": [], "known": True}
    with write():
        operations.store(
            partner,
            [{"firm_id": key, "fit": 0.9 - n / 10, "reasons": [reason]} for n, key in enumerate(keys)],
            at=clock.now(),
        )


@pytest.fixture
def ranked(firms, cast):
    """The same, ranked by the engine."""
    ranking.rank([cast.bank_organisation.id], by=None)
    return firms


@pytest.fixture
def granted(firms, cast, monkeypatch):
    """The first firm is matched with the bank and lets it see its figures."""
    bank, first = cast.bank_organisation.id, firms[0]
    monkeypatch.setattr(
        "companies.sight.matched_with", lambda ids: frozenset({first}) if bank in ids else frozenset()
    )
    with write():
        session.add(Grant(firm_id=first, partner_id=bank, scope=GrantScope.FIGURES, at=clock.now()))
    return session.get(Organisation, first)
