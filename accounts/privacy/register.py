"""The register of processing, read off the tags of the tables: what is kept, of whom, what for, how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import subject
from core.db import Base
from core.documents import xlsx
from core.documents.tables import Table
from core.i18n import _, ngettext
from core.personal import KIND_LABELS, THEN_LABELS, Entry, Kind, Retention, links, tables, tag_of, tagged


@dataclass(frozen=True)
class Line:
    """A table of the register. `columns`: label and kind of what it tells."""

    table: str
    label: str
    purpose: str
    columns: Sequence[tuple[str, Kind]]
    links: Sequence[str]
    on_deletion: Sequence[str]
    retention: str


def lines() -> tuple[list[Line], list[Line]]:
    """The tables that concern people, and those that do not."""
    found = [_line(model.__tablename__, model, entry) for model, entry in tables(Base) if entry is not None]
    concerned = [line for line in found if line.columns or line.links]
    return concerned, [line for line in found if line not in concerned]


def _line(name: str, model: type, entry: Entry) -> Line:
    told = {column.name: tag for column in tagged(model) if (tag := tag_of(column)) is not None}
    names = {name: str(tag.label) for name, tag in told.items()}
    leading = links(model)
    labels = subject.shown_columns(model)
    return Line(
        table=name,
        label=str(entry.label),
        purpose=str(entry.why),
        columns=[(names[name], tag.kind) for name, tag in told.items()],
        links=[names.get(column.name) or labels.get(column.name, column.name) for column, _link in leading],
        on_deletion=sorted({str(THEN_LABELS[link.then]) for _column, link in leading}),
        retention=retention_in_words(entry.retention),
    )


def retention_in_words(rule: Retention) -> str:
    """How long rows stay, for people."""
    if rule.since is None or rule.after is None:
        return str(rule.reason)
    years, rest = divmod(rule.after.days, 365)
    period = (
        ngettext("%(num)d year", "%(num)d years", years)
        if years and not rest
        else ngettext("%(num)d day", "%(num)d days", rule.after.days)
    )
    told = _("Deleted after %(period)s", period=period)
    return f"{told}. {rule.reason}" if rule.reason else str(told)


def as_workbook() -> bytes:
    """The register as a file, for the dossier of the impact assessment."""
    header = [
        _("Data table"),
        _("Purpose"),
        _("What it tells"),
        _("Leads to a person by"),
        _("On deletion"),
        _("Kept"),
    ]
    concerned, others = lines()
    rows = [
        [
            line.label,
            line.purpose,
            "; ".join(f"{label} ({KIND_LABELS[kind]})" for label, kind in line.columns),
            "; ".join(line.links),
            "; ".join(line.on_deletion),
            line.retention,
        ]
        for line in [*concerned, *others]
    ]
    return xlsx.write([Table(_("Register of processing"), header, rows, widths=[28, 36, 50, 30, 30, 50])])
