"""Who sees what of an organisation: canaries in every field, looked for in every page, by everybody of the cast."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from companies import operations, rules, sight
from companies.enums import GrantScope, SupportKind, Visibility
from companies.models import Grant, Membership, NeedOffer, Organisation, SupportReceived
from companies.rules import Tier
from core import clock
from core.access import NOBODY, Actor, ties_of, visible_to
from core.audit import AuditLine
from core.db import session, write

CANARIES = {
    "employees": "7654321", "revenue_vnd": "987.654.321", "export_usd": "876.543", "email": "canary@firm.example",
    "phone": "+84987650001", "source": "canary-source", "public": "canary-need-public",
    "partner": "canary-need-partner", "matched": "canary-need-matched", "officer": "canary-need-officer",
    "support": "canary-support",
}  # fmt: skip
PUBLIC = {"public"}
PARTNER = PUBLIC | {"partner", "employees"}
MATCHED = PARTNER | {"matched"}
INSIDE = set(CANARIES) - {"source"}


@pytest.fixture
def firm(cast):
    """The firm of the cast with a canary in every field that not everybody sees."""
    organisation, at = cast.firm, clock.now()
    with write():
        values = {
            "employees": 7_654_321, "revenue_vnd": 987_654_321, "export_usd": 876_543, "email": CANARIES["email"],
            "phone": CANARIES["phone"], "source": CANARIES["source"],
        }  # fmt: skip
        operations.edit_organisation(organisation, values, version=None, by="test", at=at)
        for visibility in Visibility:
            need = {"role": "need", "kind": "loan", "text_vi": f"canary-need-{visibility}", "visibility": visibility}
            operations.add_part(NeedOffer, organisation, need, by="test", at=at)
        operations.record_support(
            organisation.id, SupportKind.FAIR, on=clock.today(), note="canary-support", by="test", at=at
        )
    return organisation


@pytest.fixture
def match(monkeypatch):
    """`match(a, b)`: conferences say that these two are matched; `match(a, b, "suggested")` that b is suggested."""
    pairs = {"matched": set(), "suggested": set()}

    def reader(kind):
        def read(ids):
            found = {b for a, b in pairs[kind] if a in ids}
            return frozenset(found | ({a for a, b in pairs[kind] if b in ids} if kind == "matched" else set()))

        return read

    monkeypatch.setattr(sight, "_matched", [reader("matched")])
    monkeypatch.setattr(sight, "_suggested", [reader("suggested")])
    return lambda a, b, kind="matched": pairs[kind].add((a.id, b.id))


def give(cast, firm, partner, *scopes):
    owner, grant = cast.firm_owner, None
    with write():
        for scope in scopes:
            grant = operations.give_sight(firm, partner, scope, by=owner, at=clock.now())
    return grant


def shown(client, organisation):
    """The canaries that a reader finds anywhere."""
    texts = []
    for url in (
        f"/organisations/{organisation.id}",
        "/organisations",
        "/organisations?q=canary",
        f"/organisations/{organisation.id}/edit",
        f"/organisations/{organisation.id}/figures",
        f"/organisations/{organisation.id}/edit/contact",
        f"/organisations/{organisation.id}/edit/business",
        f"/organisations/{organisation.id}/edit/names",
        "/organisations/review",
        "/organisations/mine",
    ):
        answer = client.get(url)
        texts.append(answer.data.decode() + str(answer.headers))
    book = load_workbook(io.BytesIO(client.get("/organisations.xlsx").data))
    texts += [str(cell.value) for row in book.active.iter_rows() for cell in row]
    everything = "\n".join(texts).replace("\u00a0", " ")
    also = {"revenue_vnd": ("987654321", "987,65 triệu"), "export_usd": ("876543",)}
    return {
        name for name, canary in CANARIES.items() if any(text in everything for text in (canary, *also.get(name, ())))
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (None, PUBLIC),
        ("rival_owner", PUBLIC),
        ("council_member", PUBLIC),
        ("council_secretary", PUBLIC),
        ("introducer", PUBLIC),
        ("door_staff", PUBLIC),
        ("bank", PARTNER),
        ("university", PARTNER),
        ("supplier", PARTNER),
        ("firm_owner", INSIDE),
        ("firm_colleague", INSIDE),
        ("officer", set(CANARIES)),
        ("administrator", set(CANARIES)),
    ],
)
def test_everybody_sees_his_tier_and_no_more(firm, cast, browse, who, sees):
    assert shown(browse(getattr(cast, who) if who else None), firm) == sees


@pytest.mark.parametrize(
    ("scopes", "sees"),
    [
        ((), MATCHED),
        ((GrantScope.FIGURES,), MATCHED | {"revenue_vnd", "export_usd"}),
        ((GrantScope.CONTACTS,), MATCHED | {"email", "phone"}),
        (tuple(GrantScope), MATCHED | {"revenue_vnd", "export_usd", "email", "phone"}),
    ],
)
def test_a_matched_partner_sees_what_the_firm_gave_it(firm, cast, browse, match, scopes, sees):
    match(firm, cast.bank_organisation)
    give(cast, firm, cast.bank_organisation, *scopes)
    assert shown(browse(cast.bank), firm) == sees
    assert shown(browse(cast.university), firm) == PARTNER


def test_a_grant_without_a_match_and_a_withdrawn_grant_show_nothing(firm, cast, browse, match):
    give(cast, firm, cast.bank_organisation, GrantScope.FIGURES)
    grant = give(cast, firm, cast.university_organisation, GrantScope.FIGURES)
    with write():
        operations.withdraw_sight(grant, by="test", at=clock.now())
    match(firm, cast.university_organisation)
    assert shown(browse(cast.bank), firm) == PARTNER
    assert shown(browse(cast.university), firm) == MATCHED


def test_a_rival_sees_the_partner_tier_only_of_firms_suggested_to_it(firm, cast, browse, match):
    match(cast.rival, firm, "suggested")
    assert shown(browse(cast.rival_owner), firm) == PARTNER


def test_what_a_matched_partner_reads_by_grant_is_recorded(firm, cast, browse, match):
    match(firm, cast.bank_organisation)
    give(cast, firm, cast.bank_organisation, GrantScope.FIGURES)
    for who in (cast.bank, cast.university, cast.officer):
        browse(who).get(f"/organisations/{firm.id}")
    lines = session.scalars(select(AuditLine).where(AuditLine.act == "organisation.granted_read")).all()
    assert [line.actor for line in lines] == [f"user:{cast.bank.id}"]


def test_a_need_that_has_run_out_is_seen_inside_only(firm, cast, browse):
    with write():
        for need in session.scalars(select(NeedOffer)):
            need.valid_until = clock.today() - timedelta(days=1)
    assert "canary-need-public" not in browse(cast.bank).get(f"/organisations/{firm.id}").data.decode()
    assert "canary-need-public" in browse(cast.firm_owner).get(f"/organisations/{firm.id}").data.decode()


def actors(cast):
    yield NOBODY
    for name in cast.names:
        user = getattr(cast, name)
        yield Actor(user.id, frozenset(r.role.value for r in user.roles), ties_of(user.id))


def test_the_query_twin_of_needs_agrees_with_the_tiers(firm, cast, match):
    match(firm, cast.bank_organisation)
    match(cast.rival, firm, "suggested")
    everybody = list(actors(cast))
    for actor in everybody:
        listed = {n.visibility for n in session.scalars(select(NeedOffer).where(visible_to(actor, NeedOffer)))}
        seen = sight.sight(actor, firm)
        assert listed == {v for v in Visibility if seen.reads(v)}, actor


def test_the_query_twins_of_the_rest_name_the_right_people(firm, cast):
    give(cast, firm, cast.bank_organisation, GrantScope.FIGURES)
    for actor in actors(cast):
        staff, own = actor.has("officer", "administrator"), actor.belongs("organisation", firm.id)
        partner = actor.belongs("organisation", cast.bank_organisation.id)
        grants = session.scalars(select(Grant).where(visible_to(actor, Grant))).all()
        assert bool(grants) == (staff or own or partner)
        support = session.scalars(select(SupportReceived).where(visible_to(actor, SupportReceived))).all()
        assert bool(support) == (staff or own)
        of_firm = select(Membership).where(visible_to(actor, Membership), Membership.organisation_id == firm.id)
        assert bool(session.scalars(of_firm).all()) == (staff or own)
        assert session.scalars(select(Organisation).where(visible_to(actor, Organisation))).all()


def test_the_tie_ends_with_the_membership(firm, cast):
    owner = cast.firm_owner
    assert ties_of(owner.id)["organisation.owner"] == {firm.id}
    with write():
        operations.leave(session.scalars(select(Membership)).one(), by="test", at=clock.now())
    assert ties_of(owner.id)["organisation"] == ties_of(owner.id)["organisation.owner"] == frozenset()


def test_the_sights_of_many_take_as_many_queries_as_of_one(cast, make_organisation, queries, match):
    actor = Actor(cast.bank.id, frozenset(), ties_of(cast.bank.id))
    ids = [make_organisation(name_vi=f"C{n}").id for n in range(5)]
    for key in ids:
        match(session.get(Organisation, key), cast.bank_organisation)
    counts = []
    for some in (ids[:1], ids):
        queries.clear()
        assert {s.tier for s in sight.sights(actor, some).values()} == {Tier.MATCHED}
        counts.append(len(queries))
    assert counts[0] == counts[1] == 1


def test_every_tier_of_a_field_is_a_field_of_the_row():
    assert set(rules.FIELD_TIERS) <= set(Organisation.__mapper__.column_attrs.keys())
