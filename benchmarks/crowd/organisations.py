"""Invented firms and partners as the list that an officer would upload. The same seed gives the same list.

Tax codes begin with 00 (no province has that), names say that they are made up.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from companies.columns import NEEDS_OFFERS, ORGANISATIONS, PRODUCTS, SHEETS, in_both_languages
from companies.enums import Kind, Sector
from core.documents import xlsx
from core.documents.tables import Table

WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)  # of the check digit of a Vietnamese tax code
FIRST_CODE = 9_100_000

# kind -> share of the partners
PARTNERS = {
    Kind.BANK: 0.2, Kind.CREDIT_FUND: 0.05, Kind.UNIVERSITY: 0.15, Kind.INSTITUTE: 0.1, Kind.VOCATIONAL_SCHOOL: 0.1,
    Kind.FDI: 0.15, Kind.CORPORATION: 0.05, Kind.TECHNOLOGY_SUPPLIER: 0.2,
}  # fmt: skip
NAMES = {
    Kind.BANK: "Ngân hàng TMCP Giả Định", Kind.CREDIT_FUND: "Quỹ tín dụng Giả Định",
    Kind.UNIVERSITY: "Trường Đại học Giả Định", Kind.INSTITUTE: "Viện Nghiên cứu Giả Định",
    Kind.VOCATIONAL_SCHOOL: "Trường Cao đẳng nghề Giả Định", Kind.FDI: "Công ty TNHH Giả Định Electronics Việt Nam",
    Kind.CORPORATION: "Tập đoàn Giả Định", Kind.TECHNOLOGY_SUPPLIER: "Giả Định Maschinen GmbH (demo)",
}  # fmt: skip

PROCESSES = (
    ("dập nguội", "cold stamping"), ("đúc áp lực nhôm", "aluminium die casting"),
    ("ép phun nhựa", "injection moulding"), ("phay CNC 5 trục", "5-axis CNC milling"),
    ("hàn laser", "laser welding"), ("mạ kẽm nhúng nóng", "hot-dip galvanising"),
    ("sơn tĩnh điện", "powder coating"), ("nhiệt luyện chân không", "vacuum heat treatment"),
    ("dệt kim tròn", "circular knitting"), ("nhuộm ít nước", "low-water dyeing"), ("sấy thăng hoa", "freeze drying"),
    ("chiết rót vô trùng", "aseptic filling"), ("lắp ráp bo mạch", "circuit board assembly"),
    ("ép đùn cao su", "rubber extrusion"), ("nung gốm tiết kiệm năng lượng", "energy-saving firing of ceramics"),
    ("phân tích dữ liệu sản xuất", "analysis of production data"),
)  # fmt: skip
THINGS = (
    ("vỏ hộp số", "gearbox housings"), ("khuôn chính xác", "precision moulds"), ("dây cáp điện", "electric cables"),
    ("biến áp khô", "dry-type transformers"), ("vải kỹ thuật", "technical textiles"), ("bánh kẹo", "confectionery"),
    ("bao bì sinh học", "biodegradable packaging"), ("gạch không nung", "unfired bricks"),
    ("linh kiện xe máy", "motorcycle parts"), ("thiết bị lọc nước", "water filters"),
    ("phần mềm quản lý kho", "warehouse software"), ("đồ gỗ mỹ nghệ", "wooden handicraft"),
)  # fmt: skip
LOANS = (
    ("Vay vốn lưu động mua nguyên liệu", "Working capital loan for raw material"),
    ("Vay đầu tư dây chuyền mới", "Investment loan for a new line"),
    ("Vay xanh để tiết kiệm năng lượng", "Green loan to save energy"),
    ("Vay thực hiện hợp đồng xuất khẩu", "Loan for an export contract"),
)
# class of a need -> sentence around a process and a thing; and the kinds of partners that offer it
NEEDS = {
    "equipment": ("Cần máy {p} cho sản xuất {t}", "Machines for {p} to make {t}"),
    "technical_problem": ("Lỗi khi {p} {t}, cần tìm nguyên nhân", "Faults in {p} of {t}: the cause is sought"),
    "part_supply": ("Tìm khách hàng đặt {t} qua {p}", "Customers wanted for {t} made by {p}"),
    "trade_training": ("Cần đào tạo thợ {p} cho xưởng {t}", "Workers to be trained in {p} for {t}"),
    "testing": ("Cần đo kiểm {t} sau {p}", "Measurement of {t} after {p}"),
}
OFFERS = {
    Kind.UNIVERSITY: ("research", "Phòng thí nghiệm nghiên cứu {p} và {t}", "Laboratory for {p} and {t}"),
    Kind.INSTITUTE: ("testing", "Đo kiểm, thử nghiệm {t}, tư vấn {p}", "Testing of {t}, advice on {p}"),
    Kind.VOCATIONAL_SCHOOL: ("trade_training", "Đào tạo nghề {p}, thực tập tại xưởng {t}", "Training in {p}"),
    Kind.FDI: ("part_supply", "Cần nhà cung cấp {t}, công nghệ {p}", "Suppliers of {t} by {p} wanted"),
    Kind.CORPORATION: ("part_supply", "Đặt gia công {t} bằng {p}", "Orders of {t} made by {p}"),
    Kind.TECHNOLOGY_SUPPLIER: ("equipment", "Máy và dây chuyền {p} cho {t}", "Machines and lines for {p} of {t}"),
}


def tax_codes() -> Iterator[str]:
    """Codes with a right check digit, one after the other."""
    number = FIRST_CODE
    while True:
        number += 1
        digits = f"{number:09d}"
        check = 10 - sum(w * int(d) for w, d in zip(WEIGHTS, digits, strict=True)) % 11
        if check != 10:
            yield f"{digits}{check}"


def kinds_of_partners(count: int) -> list[Kind]:
    """The kinds of so many partners, by their shares."""
    found = [kind for kind, share in PARTNERS.items() for _n in range(max(1, round(share * count)))]
    return [*found, *[Kind.TECHNOLOGY_SUPPLIER] * count][:count]


def workbook(firms: int, partners: int, seed: int = 1) -> bytes:
    """The list in the shape of the template: names of columns, labels below them, then the rows. XLSX."""
    dice, codes = random.Random(seed), tax_codes()
    sheets: dict[str, list[dict[str, Any]]] = {ORGANISATIONS: [], PRODUCTS: [], NEEDS_OFFERS: []}
    for n in range(1, firms + 1):
        _firm(sheets, f"Công ty CP Giả Định {n:03d}", next(codes), dice)
    for n, kind in enumerate(kinds_of_partners(partners), 1):
        _partner(sheets, f"{NAMES[kind]} {n:02d}", next(codes), kind, dice)
    return xlsx.write([_table(name, rows) for name, rows in sheets.items()])


def _table(name: str, rows: list[dict[str, Any]]) -> Table:
    columns = SHEETS[name]
    labels = [" / ".join(in_both_languages(column.label)) for column in columns]
    return Table(name, [c.name for c in columns], [labels, *([row.get(c.name) for c in columns] for row in rows)])


def _firm(sheets: dict[str, list[dict[str, Any]]], name: str, code: str, dice: random.Random) -> None:
    (p_vi, p_en), (t_vi, t_en) = dice.choice(PROCESSES), dice.choice(THINGS)
    sheets[ORGANISATIONS].append(
        {
            "tax_code": code, "name_vi": name, "kinds": "firm", "sector": dice.choice(list(Sector)).value,
            "province": "Hà Nội", "employees": dice.randint(15, 900), "founded": dice.randint(1975, 2022),
            "revenue_vnd": dice.randint(5, 900) * 10**9, "export_usd": dice.randint(0, 80) * 50_000,
            "certificates": "ISO 9001", "markets": dice.choice(("VN", "VN|JP", "VN|DE|US")), "languages": "vi|en",
            "intro_vi": f"Doanh nghiệp {p_vi}, sản phẩm {t_vi}.", "intro_en": f"{p_en.capitalize()}; {t_en}.",
        }
    )  # fmt: skip
    sheets[PRODUCTS].append({"organisation": code, "name_vi": t_vi.capitalize(), "name_en": t_en, "hs": "8483"})
    low = dice.randint(1, 20) * 10**9
    vi, en = dice.choice(LOANS)
    sheets[NEEDS_OFFERS].append(
        {"organisation": code, "role": "need", "class": "loan", "text_vi": vi, "text_en": en, "amount_min": low,
         "amount_max": 2 * low, "currency": "VND", "term_months_min": 12, "term_months_max": 60}
    )  # fmt: skip
    for name_ in dice.sample(list(NEEDS), 3):
        vi, en = NEEDS[name_]
        p_vi, p_en = dice.choice(PROCESSES)
        sheets[NEEDS_OFFERS].append(_line(code, "need", name_, vi.format(p=p_vi, t=t_vi), en.format(p=p_en, t=t_en)))


def _partner(sheets: dict[str, list[dict[str, Any]]], name: str, code: str, kind: Kind, dice: random.Random) -> None:
    row: dict[str, Any] = {"name_vi": name, "kinds": kind.value, "languages": "vi|en"}
    if kind is Kind.TECHNOLOGY_SUPPLIER:
        row |= {"country": "DE", "foreign_id": f"DEMO-{code}", "name_en": name}
    else:
        row |= {"tax_code": code, "province": "Hà Nội"}
    sheets[ORGANISATIONS].append(row)
    key = row.get("foreign_id", code)
    if kind in (Kind.BANK, Kind.CREDIT_FUND):
        for vi, en in dice.sample(LOANS, 2):
            line = _line(key, "offer", "loan", vi.replace("Vay", "Cho vay"), en)
            terms = {"currency": "VND", "term_months_min": 6, "term_months_max": 84}
            sheets[NEEDS_OFFERS].append(
                line | terms | {"amount_min": 10**9, "amount_max": dice.randint(10, 60) * 10**9}
            )
        return
    role, (what, vi, en) = "need" if kind in (Kind.FDI, Kind.CORPORATION) else "offer", OFFERS[kind]
    for p_vi, p_en in dice.sample(PROCESSES, 3):
        t_vi, t_en = dice.choice(THINGS)
        sheets[NEEDS_OFFERS].append(_line(key, role, what, vi.format(p=p_vi, t=t_vi), en.format(p=p_en, t=t_en)))


def _line(code: str, role: str, what: str, vi: str, en: str) -> dict[str, Any]:
    return {"organisation": code, "role": role, "class": what, "text_vi": vi, "text_en": en}
