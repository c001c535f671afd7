"""The list of recognised firms as a spreadsheet for introducing bodies. Nothing in it that is not public."""

from __future__ import annotations

from collections.abc import Sequence

from companies.enums import SECTOR_LABELS
from companies.identifiers import written_tax_code
from companies.models import Award
from core.documents import xlsx
from core.documents.tables import Table
from core.i18n import _


def recognised_file(titles: Sequence[Award]) -> bytes:
    """One line for each title that holds, in the language in force."""
    header = [
        _("Firm"), _("Tax code"), _("Sector"), _("Commune"), _("Product"), _("Year"), _("Top 10"), _("Decision"),
    ]  # fmt: skip
    rows = []
    for title in titles:
        firm = title.organisation
        rows.append(
            [
                firm.name if firm else title.winner_name,
                written_tax_code(firm.tax_code) if firm and firm.tax_code else None,
                str(SECTOR_LABELS[firm.sector]) if firm and firm.sector else None,
                firm.commune if firm else None,
                title.product_vi or title.product_en,
                title.year,
                _("Yes") if title.top10 else None,
                title.decision,
            ]
        )
    return xlsx.write([Table(_("Recognised firms"), header, rows, widths=[50, 18, 36, 20, 44, 8, 8, 30])])
