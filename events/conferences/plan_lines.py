"""What a task of the yearly plan says about a conference: whom it connects, and how many the plan asks for.

Source: the plan of 2024 (302/KH-UBND). Tasks keep their codes from year to year; the figures are that plan's.
"""

from __future__ import annotations

from dataclasses import dataclass

from companies.enums import Kind


@dataclass(frozen=True)
class PlanLine:
    """A task that a conference serves. `firms`, `partners`: at least and at most how many, where the plan says."""

    code: str
    kinds: tuple[Kind, ...]
    title_vi: str
    title_en: str
    firms: tuple[int, int] | None = None
    partners: tuple[int, int] | None = None


# The plan asks for written criteria: a text to begin with, by what the ranking of firms looks at.
CRITERIA_VI = """\
1. Có sản phẩm công nghiệp chủ lực được Thành phố công nhận, danh hiệu còn hiệu lực.
2. Hoạt động đúng ngành, lĩnh vực của hội nghị.
3. Ưu tiên doanh nghiệp chưa được hỗ trợ trong năm.
4. Hồ sơ trên trang đầy đủ: sản phẩm, năng lực, nhu cầu.
5. Nhu cầu phù hợp với khả năng của các đối tác tham dự."""
CRITERIA_EN = """\
1. Has a key industrial product recognised by the City whose title is still valid.
2. Works in a sector of the conference.
3. Firms without support in the present year come first.
4. Complete profile on the site: products, capacity, needs.
5. Needs that fit what the partners offer."""

PLAN_LINES = {
    line.code: line
    for line in (
        PlanLine(
            "I.1",
            (Kind.BANK, Kind.CREDIT_FUND),
            "Hội nghị kết nối doanh nghiệp với ngân hàng, quỹ tín dụng, tổ chức tài chính",
            "Conference of firms with banks, credit funds and financial institutions",
        ),
        PlanLine(
            "II.1",
            (Kind.UNIVERSITY, Kind.INSTITUTE),
            "Hội nghị kết nối doanh nghiệp với trường đại học, viện nghiên cứu, nhà khoa học",
            "Conference of firms with universities, research institutes and scientists",
            firms=(50, 70),
        ),
        PlanLine(
            "II.2",
            (Kind.TECHNOLOGY_SUPPLIER,),
            "Hội nghị gặp gỡ nhà sản xuất công nghệ, thiết bị nước ngoài",
            "Meeting of firms with foreign makers of technology and equipment",
            partners=(30, 40),
        ),
        PlanLine(
            "III.1",
            (Kind.VOCATIONAL_SCHOOL,),
            "Hội nghị kết nối doanh nghiệp với cơ sở đào tạo, dạy nghề",
            "Conference of firms with training bodies and vocational schools",
            firms=(50, 70),
        ),
        PlanLine(
            "V.3a",
            (Kind.FDI, Kind.CORPORATION),
            "Hội nghị kết nối doanh nghiệp với doanh nghiệp FDI, tập đoàn, doanh nghiệp lớn",
            "Conference of firms with FDI firms, groups and large enterprises",
        ),
    )
}
