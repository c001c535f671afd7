"""What news for firms are about."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class NewsKind(StrEnum):
    """The kind of an item."""

    MARKET = "market"
    TECHNOLOGY = "technology"
    FAIR = "fair"
    POLICY = "policy"


NEWS_KIND_LABELS = {
    NewsKind.MARKET: _l("Markets abroad"),
    NewsKind.TECHNOLOGY: _l("Makers of technology"),
    NewsKind.FAIR: _l("Fairs abroad"),
    NewsKind.POLICY: _l("Policy and support"),
}
