"""Who lives through the conference, at which browsers, with the clock and the post of the story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playwright.sync_api import expect

from accounts.models import User
from companies.enums import NeedClass, NeedRole, Sector
from companies.models import NeedOffer
from companies.operations import state_figures
from core import clock
from core.clock import HANOI
from core.db import session, write
from tests.browser.conference.walking import Letter, Post, Time
from tests.browser.conftest import Reader

REVENUE = 98_765_432_100
SHOWN = ("98,77", "98.77", "98.765.432.100", "98,765,432,100")
NOTE, REASON = "Ghi chú chỉ mình đọc", "Máy hỏng, phải sửa"
TITLES = ("Hội nghị kết nối ngân hàng và công nghệ", "Meeting of firms with banks and technology")


def hanoi(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=HANOI)


@dataclass
class Story:
    """The people at their browsers, the clock and the post; ids of rows as they come to be."""

    browse: Callable[..., Any]
    officer: Reader
    firm: Reader
    rival: Reader
    bank: Reader
    supplier: Reader
    clerk: Reader
    time: Time
    post: Post
    users: dict[str, User]
    organisations: dict[str, int]
    conference: int = 0
    participants: dict[str, int] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"/conferences/{self.conference}"

    def page_of(self, name: str) -> str:
        """The pages of a participant."""
        return f"{self.base}/participants/{self.participants[name]}"

    def come_back(self, *names: str) -> None:
        """Another day: they sign in again."""
        for name in names:
            reader: Reader = getattr(self, name)
            key = self.browse(self.users[name]).get_cookie("session").value
            reader.context.add_cookies([{"name": "session", "value": key, "url": reader.url}])

    def wish(self, name: str, other: str, said: str) -> None:
        """On its ranked list, press one of the three answers; it is pressed then."""
        reader: Reader = getattr(self, name)
        button = reader.page.locator(f"#p{self.participants[other]} .wish-{said}")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")

    def may_not(self, name: str, *paths: str) -> None:
        """These pages do not exist for somebody."""
        reader: Reader = getattr(self, name)
        found = {path: reader.context.request.get(reader.url + path, max_redirects=0).status for path in paths}
        assert found == dict.fromkeys(paths, 404)

    def own_pages(self, name: str) -> list[str]:
        """All that a participant reads of itself."""
        parts = ("", "/suggestions", "/search", "/wishes", "/schedule", "/schedule.pdf", "/outcomes")
        return [self.page_of(name) + part for part in parts]

    def text(self, name: str, path: str) -> str:
        """What somebody reads at an address."""
        reader: Reader = getattr(self, name)
        reader.open(path)
        return reader.page.locator("body").inner_text()


def make_organisations(cast: Any, users: dict[str, User]) -> dict[str, int]:
    """Who there is in the directory, with what each needs and offers, all in both languages."""
    rows = {"firm": cast.firm, "rival": cast.rival, "bank": cast.bank_organisation,
            "supplier": cast.supplier_organisation}  # fmt: skip
    rows["phoner"] = cast._organisation("Công ty TNHH Đúc Điện Thoại 03", "0090000040", "firm")
    rows["other"] = cast._organisation("Công ty CP May Ngoài Ngành 04", "0090000057", "firm")
    english = {"firm": "Minh Hoa Mechanical JSC 01", "rival": "Doi Thu Mechanical JSC 02", "bank": "Thi Du Bank",
               "phoner": "Dien Thoai Foundry 03", "other": "Ngoai Nganh Garments 04"}  # fmt: skip
    offers = {"bank": (NeedClass.LOAN, "Cho vay vốn lưu động, mua máy", "Loans for working capital and machines"),
              "supplier": (NeedClass.EQUIPMENT, "Máy phay CNC 5 trục", "5-axis CNC milling machines")}  # fmt: skip
    needs = {"loan": ("Vay vốn lưu động để mua thép", "Working capital loan to buy steel", NeedClass.LOAN),
             "machine": ("Máy phay CNC 5 trục", "5-axis CNC milling machine", NeedClass.EQUIPMENT)}  # fmt: skip
    at = clock.now()
    with write():
        session.get(User, users["supplier"].id).language = "en"
        session.get(User, users["supplier"].id).name = "Hans Beispiel"
        for name, row in rows.items():
            row.name_en = english.get(name, row.name_vi)
            stated = [offers[name]] if name in offers else [(k, vi, en) for vi, en, k in needs.values()]
            role = NeedRole.OFFER if name in offers else NeedRole.NEED
            for kind, vi, en in stated:
                session.add(
                    NeedOffer(organisation_id=row.id, role=role, kind=kind, text_vi=vi, text_en=en, created_at=at)
                )
            if name not in offers:
                row.sector = Sector.TEXTILE if name == "other" else Sector.MECHANICAL
        state_figures(rows["firm"], 2025, {"employees": 120, "revenue_vnd": REVENUE}, by=users["firm"], at=at)
    return {name: row.id for name, row in rows.items()}
