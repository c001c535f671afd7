"""What exactly people agree to, in both languages. A consent keeps the version and the hash of what was shown.

A text that was shown is never changed: a new wording is a new version at the end of its list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.privacy.enums import Purpose


@dataclass(frozen=True)
class ConsentText:
    """One version of a text."""

    vi: str
    en: str

    @property
    def sha256(self) -> str:
        """Of both languages: they say the same."""
        return hashlib.sha256(f"{self.vi}\n{self.en}".encode()).hexdigest()

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.vi


TEXTS: Mapping[Purpose, Sequence[ConsentText]] = {
    Purpose.NEWS: (
        ConsentText(
            vi="Tôi đồng ý để Sở Công Thương Hà Nội gửi đến địa chỉ thư điện tử của tôi bản tin và lời mời chung về "
            "hội chợ, lớp tập huấn và hội nghị. Thư về những việc tổ chức của tôi đã đăng ký, và giấy mời Sở gửi "
            "riêng cho tổ chức, vẫn được gửi dù tôi không đồng ý. Tôi có thể rút lại sự đồng ý bất cứ lúc nào tại "
            "trang này; khi đó việc gửi dừng ngay.",
            en="I agree that the Hanoi Department of Industry and Trade sends newsletters and general invitations to "
            "fairs, classes and conferences to my e-mail address. Mail about what my organisation has registered "
            "for, and invitations that the Department addresses to it alone, come whether I agree or not. I can "
            "withdraw this at any time on this page; sending then stops at once.",
        ),
    ),
    Purpose.PHONE: (
        ConsentText(
            vi="Tôi đồng ý để số điện thoại của tôi hiển thị cho người của các tổ chức đã được kết nối với tổ chức "
            "của tôi (hai bên cùng muốn gặp, hoặc có cuộc gặp trong lịch đã công bố). Không ai khác nhìn thấy số "
            "này, trừ cán bộ của Sở. Tôi có thể rút lại bất cứ lúc nào tại trang này; khi đó số điện thoại không "
            "còn hiển thị.",
            en="I agree that my phone number is shown to people of organisations matched with mine (both sides wish "
            "to meet, or a published timetable has a meeting). Nobody else sees it but officers of the "
            "Department. I can withdraw this at any time on this page; the number is then shown no more.",
        ),
    ),
    Purpose.PHOTOS: (
        ConsentText(
            vi="Tôi đồng ý để Sở Công Thương Hà Nội chụp ảnh, quay phim tôi tại các sự kiện và dùng hình ảnh đó trên "
            "trang này, trong báo cáo và ấn phẩm của chương trình. Tôi có thể rút lại bất cứ lúc nào tại trang "
            "này; khi đó hình ảnh không được dùng tiếp, và hình ảnh trên trang này được gỡ xuống.",
            en="I agree that the Hanoi Department of Industry and Trade takes photos and films of me at events and "
            "uses them on this site and in the reports and publications of the programme. I can withdraw this at "
            "any time on this page; the pictures are then not used again, and those on this site are taken down.",
        ),
    ),
}


def newest(purpose: Purpose) -> tuple[int, ConsentText]:
    """The version shown now, counted from 1, and its text."""
    versions = TEXTS[purpose]
    return len(versions), versions[-1]


def version(purpose: Purpose, number: int) -> ConsentText:
    """The text of a version that was shown."""
    return TEXTS[purpose][number - 1]
