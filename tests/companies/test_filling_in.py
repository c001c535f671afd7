"""Filling in a profile: what brings the most, saving as one goes, and how each reader will see it."""

from __future__ import annotations

import pytest

from companies import gain, industries, places, profile
from companies.enums import Kind
from companies.records import YearlyFigures
from core import clock
from core.db import session


def url(organisation, rest=""):
    return f"/organisations/{organisation.id}{rest}"


def need(**values):
    return {"role": "need", "kind": "part_supply", "text_vi": "Cần", **values}


def test_the_gain_is_counted_from_what_partners_ask_for(make_organisation):
    iso, iatf = {"certificates": ["ISO 9001"]}, {"certificates": ["IATF 16949:2016", "ISO 9001:2015"]}
    buyer = make_organisation(
        name_en="Buyer", country="JP", foreign_id="1", kinds=["fdi"],
        needs_offers=[need(details=iso), need(details=iatf), need(details=iatf, visibility="officer"),
                      need(details=iatf, valid_until=clock.today().replace(year=2025))],
    )  # fmt: skip
    make_organisation(name_vi="Hàng xóm", needs_offers=[need(details=iatf)])  # a firm is no partner
    firm = make_organisation(name_vi="Xưởng", certificates=["iso9001"])
    known = gain.market(firm, on=clock.today())
    assert (known.partners, known.abroad, known.needs, known.offers) == ({Kind.FDI: 1}, 1, 2, 0)
    assert {key: number for key, (_name, number) in known.wanted.items()} == {"iso9001": 2, "iatf16949": 1}
    found = gain.gains(["name_en", "offer", "need", "products", "website"], firm.certificates, known)
    assert [(g.key, g.number) for g in found] == [("certificates", 1), ("offer", 2), ("name_en", 1), ("products", 1)]
    assert "IATF 16949:2016 (1)" in found[0].text and "ISO" not in found[0].text
    assert gain.market(buyer, on=clock.today()).needs == 0


def test_the_page_leads_to_what_brings_the_most_and_names_what_is_missing_where(cast, browse, make_organisation):
    make_organisation(name_en="Buyer", country="JP", foreign_id="1", kinds=["fdi"],
                      needs_offers=[need(details={"certificates": ["IATF 16949"]})])  # fmt: skip
    firm, client = cast.firm, browse(cast.firm_owner, "en")
    page = client.get(url(firm, "/edit")).data.decode()
    assert "Needs of buyers ask for: IATF 16949 (1)" in page and url(firm, "/certificates") in page
    section = client.get(url(firm, "/edit/introduction")).data.decode()
    assert "Introduction in English" in section[section.index("Still missing here") :]
    client.post(url(firm, "/edit/introduction"), data={"intro_vi": "Xin chào", "version": "1"})
    assert "The English text is still missing." in client.get(url(firm, "/edit/introduction")).data.decode()


def test_a_section_is_saved_as_one_goes_and_answers_in_words(cast, browse):
    firm, client, head = cast.firm, browse(cast.firm_owner), {"Accept": "application/json"}
    path = url(firm, "/edit/contact")
    saved = client.post(path, data={"zone": "KCN phú nghĩa", "version": "1"}, headers=head)
    assert (saved.status_code, saved.json["version"]) == (200, 2) and "09:00" in saved.json["said"]
    refused = client.post(path, data={"email": "x", "version": "2"}, headers=head)
    assert refused.status_code == 422 and set(refused.json["errors"]) == {"email"}
    late = client.post(path, data={"zone": "Khác", "version": "1"}, headers=head)
    assert late.status_code == 409 and late.json["said"]
    session.expire_all()
    assert (firm.zone, firm.email) == ("Khu công nghiệp Phú Nghĩa", None)
    onward = client.post(path, data={"zone": "Khác", "version": "2", "onward": "1"})
    assert onward.location == url(firm, "/certificates")


@pytest.mark.parametrize(
    ("written", "kept"),
    [("kcn Phu Nghia", "Khu công nghiệp Phú Nghĩa"), ("KCNC Hoà Lạc", "Khu công nghệ cao Hòa Lạc"),
     ("Cụm CN Đồng Mai", "Cụm CN Đồng Mai")],
)  # fmt: skip
def test_a_zone_is_brought_to_its_listed_name(written, kept):
    assert places.zone(written) == kept


def test_an_industry_code_has_the_label_of_its_version_or_of_the_nearest_above(cast, browse):
    assert industries.industry("2018", "10101").code == "1010" and industries.industry("2018", "1010").checked
    assert not industries.industry("2025", "10").checked
    assert industries.industry("2018", None) is None and industries.industry(None, "10") is None
    firm, client = cast.firm, browse(cast.firm_owner)
    client.post(url(firm, "/edit/business"), data={"vsic": "10", "vsic_version": "2025", "version": "1"})
    assert "còn phải đối chiếu" in client.get(url(firm)).data.decode()


CANARIES = {
    "employees": "7.654.321", "revenue": "987,65", "email": "canary@firm.example", "source": "canary-source",
    "matched": "canary-matched", "partner": "canary-partner", "public": "canary-public",
}  # fmt: skip
PUBLIC, PARTNER = {"public"}, {"public", "partner", "employees"}


@pytest.mark.parametrize(
    ("tier", "sees"),
    [("public", PUBLIC), ("partner", PARTNER), ("matched", PARTNER | {"matched"}),
     ("granted", PARTNER | {"matched", "revenue", "email"}), ("officer", set(CANARIES)), ("nonsense", PUBLIC)],
)  # fmt: skip
def test_the_preview_shows_exactly_what_each_tier_sees(cast, browse, make_organisation, tier, sees):
    needs = [need(text_vi=CANARIES[name], visibility=name) for name in ("public", "partner", "matched")]
    row = make_organisation(name_vi="Xưởng", needs_offers=needs, employees=7_654_321, revenue_vnd=987_650_000,
                            email=CANARIES["email"], source=CANARIES["source"])  # fmt: skip
    page = browse(cast.officer).get(url(row, f"/preview?as={tier}")).data.decode()
    assert {name for name, word in CANARIES.items() if word in page} == sees


def test_an_owner_does_not_preview_what_only_officers_see(cast, browse):
    page = browse(cast.firm_owner).get(url(cast.firm, "/preview?as=officer")).data.decode()
    assert "Đối tác đã kết nối</a>" in page and "Cán bộ</a>" not in page
    assert browse(cast.rival_owner).get(url(cast.firm, "/preview")).status_code == 403


def test_years_become_bars_of_the_largest(cast):
    rows = [YearlyFigures(year=year, revenue_vnd=value) for year, value in ((2025, 60), (2024, 30), (2023, None))]
    assert [(b.year, b.height) for b in profile.bars(rows, "revenue_vnd")] == [(2024, 30), (2025, 60)]
    assert profile.bars(rows[:1], "revenue_vnd") == []


def test_a_profile_asks_the_database_as_often_for_many_parts_as_for_one(make_organisation, browse, queries):
    counts = []
    for number in (1, 4):
        row = make_organisation(
            name_vi=f"Xưởng {number}", certificates=[f"ISO {n}" for n in range(number)],
            products=[{"name_vi": f"p{n}", "certificates": ["CE"]} for n in range(number)],
            needs_offers=[need() for _ in range(number)],
        )  # fmt: skip
        client = browse()
        client.get(url(row))
        queries.clear()
        assert client.get(url(row)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14
