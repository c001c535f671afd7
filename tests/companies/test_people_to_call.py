"""Phones of an organisation's people: only for those matched with it, and only while the person agrees."""

from __future__ import annotations

import pytest

from accounts.privacy import consent
from accounts.privacy.enums import Purpose
from companies import sight
from core import clock
from core.db import write

pytestmark = pytest.mark.one_database

PHONE = "+84900333444"


@pytest.fixture
def owner(cast, monkeypatch):
    """The owner of a firm that is matched with the bank."""
    firm, bank = cast.firm.id, cast.bank_organisation.id
    monkeypatch.setattr(sight, "matched_with", lambda ids: frozenset({firm}) if bank in ids else frozenset())
    owner = cast.firm_owner
    with write():
        owner.phone = PHONE
    return owner


def seen(cast, browse, reader):
    return PHONE in browse(reader and getattr(cast, reader)).get(f"/organisations/{cast.firm.id}").text


def test_a_phone_is_shown_to_matched_partners_while_its_owner_agrees(cast, browse, owner):
    readers = ("bank", "university", "rival_owner", "officer", "firm_colleague", None)
    assert {r for r in readers if seen(cast, browse, r)} == set()
    with write():
        consent.give(owner, Purpose.PHONE, shown=1, by=owner, at=clock.now())
    assert {r for r in readers if seen(cast, browse, r)} == {"bank", "officer", "firm_colleague"}
    with write():
        consent.withdraw(owner, Purpose.PHONE, by=owner, at=clock.now())
    assert {r for r in readers if seen(cast, browse, r)} == set()
