"""Uploaded lists on their way, and what the columns of a source's lists are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import JSON, Model, Str
from core.files import StoredFile
from core.i18n import _l
from core.personal import TECHNICAL, Entry, Then, dropped, plain, refers, tag
from core.tasks import Task


class ImportRun(Model):
    """A list of organisations that an officer uploaded: previewed, then applied as a whole or thrown away.

    `source`: who made the list. `layout`: what its sheets and columns are, see `uploads`. `preview`: what was found.
    """

    __register__ = Entry(_l("Imported lists"), dropped(timedelta(days=90), since="at"), why=_l("To take lists in"))
    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(Str(200), info=tag(_l("File name"), erased="file"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.UNLINK))
    at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=plain(_l("Counts")))
    source: Mapped[str] = mapped_column(Str(120), default="", info=plain(_l("From")))
    sha256: Mapped[str] = mapped_column(Str(64), default="", info=plain(_l("Mark of the file")))
    layout: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=plain(_l("Columns")))
    preview: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=plain(_l("What was found")))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    file: Mapped[StoredFile | None] = relationship(foreign_keys=[file_id])
    report: Mapped[StoredFile | None] = relationship(foreign_keys=[report_id])
    task: Mapped[Task | None] = relationship()


class ImportColumn(Model):
    """A heading of a source's lists and the column of ours that it is; an empty `column` leaves it out."""

    __register__ = Entry(_l("Columns of imported lists"), TECHNICAL)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_key: Mapped[str] = mapped_column(Str(120))
    sheet: Mapped[str] = mapped_column(Str(20))
    heading_key: Mapped[str] = mapped_column(Str(200))
    column: Mapped[str] = mapped_column(Str(120), default="")

    __table_args__ = (UniqueConstraint("source_key", "sheet", "heading_key"),)
