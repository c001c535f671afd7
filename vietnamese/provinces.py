"""The 34 provinces and cities since 1 July 2025 with the names that went into them, and what somebody means by one.

Names: Resolution 202/2025/QH15 of the National Assembly of 12 June 2025. Numbers: the list of administrative units of
Decision 19/2025/QĐ-TTg.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vietnamese.folding import fold
from vietnamese.keys import search_key

_KIND = re.compile(r"^(?:tinh|thanh pho|tp|province of|city of) | (?:province|city)$")


@dataclass(frozen=True)
class Province:
    """A unit of today. `former`: the units of before that went into it, beside the one of its own name."""

    code: str
    name: str
    city: bool = False
    former: tuple[str, ...] = ()

    @property
    def vi(self) -> str:
        return f"Thành phố {self.name}" if self.city else f"Tỉnh {self.name}"

    @property
    def en(self) -> str:
        if self.code == "01":
            return "Hanoi"
        return f"{fold(self.name)} {'City' if self.city else 'province'}"


@dataclass(frozen=True)
class Meant:
    """What a text means: a province, and the former name by which it was called, if it was."""

    province: Province
    former: str | None = None


PROVINCES = (
    Province("01", "Hà Nội", city=True),
    Province("04", "Cao Bằng"),
    Province("08", "Tuyên Quang", former=("Hà Giang",)),
    Province("11", "Điện Biên"),
    Province("12", "Lai Châu"),
    Province("14", "Sơn La"),
    Province("15", "Lào Cai", former=("Yên Bái",)),
    Province("19", "Thái Nguyên", former=("Bắc Kạn",)),
    Province("20", "Lạng Sơn"),
    Province("22", "Quảng Ninh"),
    Province("24", "Bắc Ninh", former=("Bắc Giang",)),
    Province("25", "Phú Thọ", former=("Vĩnh Phúc", "Hòa Bình")),
    Province("31", "Hải Phòng", city=True, former=("Hải Dương",)),
    Province("33", "Hưng Yên", former=("Thái Bình",)),
    Province("37", "Ninh Bình", former=("Hà Nam", "Nam Định")),
    Province("38", "Thanh Hóa"),
    Province("40", "Nghệ An"),
    Province("42", "Hà Tĩnh"),
    Province("44", "Quảng Trị", former=("Quảng Bình",)),
    Province("46", "Huế", city=True),
    Province("48", "Đà Nẵng", city=True, former=("Quảng Nam",)),
    Province("51", "Quảng Ngãi", former=("Kon Tum",)),
    Province("52", "Gia Lai", former=("Bình Định",)),
    Province("56", "Khánh Hòa", former=("Ninh Thuận",)),
    Province("66", "Đắk Lắk", former=("Phú Yên",)),
    Province("68", "Lâm Đồng", former=("Đắk Nông", "Bình Thuận")),
    Province("75", "Đồng Nai", former=("Bình Phước",)),
    Province("79", "Hồ Chí Minh", city=True, former=("Bình Dương", "Bà Rịa – Vũng Tàu")),
    Province("80", "Tây Ninh", former=("Long An",)),
    Province("82", "Đồng Tháp", former=("Tiền Giang",)),
    Province("86", "Vĩnh Long", former=("Bến Tre", "Trà Vinh")),
    Province("91", "An Giang", former=("Kiên Giang",)),
    Province("92", "Cần Thơ", city=True, former=("Sóc Trăng", "Hậu Giang")),
    Province("96", "Cà Mau", former=("Bạc Liêu",)),
)
BY_CODE = {province.code: province for province in PROVINCES}
_OTHERWISE = {"79": ("tphcm", "hcm", "hcmc", "sai gon", "saigon"), "01": ("hanoi",), "31": ("haiphong",),
              "48": ("danang",), "92": ("cantho",)}  # fmt: skip
_FORMERLY = {"46": ("Thừa Thiên Huế",), "79": ("Vũng Tàu", "Bà Rịa")}  # called otherwise, or a part for the whole


def _names() -> Iterator[tuple[str, Meant]]:
    for province in PROVINCES:
        for name in (province.name, *_OTHERWISE.get(province.code, ())):
            yield search_key(name), Meant(province)
        for name in (*province.former, *_FORMERLY.get(province.code, ())):
            yield search_key(name), Meant(province, name)


_BY_KEY = dict(_names())


def meant(text: str) -> Meant | None:
    """The province that a text names, by its name of today or a former one, as a whole or after its last comma."""
    for part in (text, *reversed(text.split(","))):
        key = search_key(part)
        found = _BY_KEY.get(key) or _BY_KEY.get(_KIND.sub("", key))
        if found is not None:
            return found
    return None
