"""What a partner's list is narrowed by, beside the filters of the directory."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class Met(StrEnum):
    """Whether the two met at an earlier conference."""

    YES = "yes"
    NO = "no"


MET_LABELS = {Met.YES: _l("Met before"), Met.NO: _l("Not met yet")}
