"""Reasons are said in the reader's words, also what was compared as codes and tags."""

from __future__ import annotations

import pytest

from core.i18n import force_locale
from events.conferences import reasons


@pytest.mark.parametrize(
    ("language", "codes", "said"),
    [
        ("vi", ["machinery", "working capital"], "Chủ đề chung: máy, vốn lưu động."),
        ("en", ["vốn lưu động", "machinery"], "Subjects in common: working capital, machinery."),
        ("vi", ["CNC", ".NET", "ISO 9606"], "Chủ đề chung: CNC, .NET, ISO 9606."),  # not "điều khiển số", not "lưới"
        (
            "vi",
            ["purposes:green", "readiness:7"],
            "Chủ đề chung: Đầu tư xanh, tiết kiệm năng lượng, mức sẵn sàng công nghệ 7.",
        ),
        ("en", ["readiness:7"], "Subjects in common: technology readiness level 7."),
    ],
)
def test_subjects_in_common_are_named_in_the_readers_language(app, language, codes, said):
    line = {"scorer": "tags", "value": 0.2, "share": 1.0, "terms": [], "codes": codes, "known": True}
    with force_locale(language):
        [reason] = reasons.sentences([line])
        assert reason.text == said
