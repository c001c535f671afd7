"""Uploaded lists on their way, and what the columns of a source's lists are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from core import files
from core.db import JSON, Model, Str, session, write
from core.errors import UserError
from core.files import StoredFile
from core.i18n import _l, keep_message
from core.personal import TECHNICAL, Entry, Then, dropped, plain, refers, tag
from core.tasks import Context, Task


class LookedAt:
    """What an uploaded list has beside its file: what was found, the faults beside the cells, the task that looks.

    `preview` is None until it was looked at; {"refused": why} for a file that is no such list. `report`: the faults
    in Vietnamese, `report_en`: the same in English.
    """

    preview: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=plain(_l("What was found")))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    report_en_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))

    @declared_attr
    def report(cls) -> Mapped[StoredFile | None]:
        return relationship(foreign_keys=[cls.report_id])  # type: ignore[list-item]

    @declared_attr
    def report_en(cls) -> Mapped[StoredFile | None]:
        return relationship(foreign_keys=[cls.report_en_id])  # type: ignore[list-item]

    @declared_attr
    def task(cls) -> Mapped[Task | None]:
        return relationship(foreign_keys=[cls.task_id])  # type: ignore[list-item]

    @property
    def reports(self) -> list[StoredFile]:
        """The faults in each language, those that are kept."""
        return [stored for stored in (self.report, self.report_en) if stored is not None]

    def report_in(self, language: str) -> StoredFile | None:
        """The faults in a reader's language, else in the other one."""
        return (self.report_en if language == "en" else self.report) or self.report or self.report_en

    def note(
        self, preview: dict[str, Any] | None, reports: Mapping[str, files.Received], *, by: Any, at: datetime
    ) -> None:
        """Keep what was found, in the place of what was found before. Run in a write block."""
        for stored in self.reports:
            files.remove(stored)
        kept = {language: files.keep(report, by=by, at=at).id for language, report in reports.items()}
        self.preview = preview
        self.report_id, self.report_en_id = kept.get("vi"), kept.get("en")

    def refuse(self, err: UserError) -> None:
        """Keep why the file cannot be read as a list."""
        self.preview = {"refused": keep_message(err.message)}


class ImportRun(LookedAt, Model):
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
    file: Mapped[StoredFile | None] = relationship(foreign_keys=[file_id])


class ImportColumn(Model):
    """A heading of a source's lists and the column of ours that it is; an empty `column` leaves it out."""

    __register__ = Entry(_l("Columns of imported lists"), TECHNICAL)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_key: Mapped[str] = mapped_column(Str(120))
    sheet: Mapped[str] = mapped_column(Str(20))
    heading_key: Mapped[str] = mapped_column(Str(200))
    column: Mapped[str] = mapped_column(Str(120), default="")

    __table_args__ = (UniqueConstraint("source_key", "sheet", "heading_key"),)


Row = TypeVar("Row", bound=LookedAt)
Found = TypeVar("Found")


def looked(
    context: Context,
    page: str,
    *,
    find: Callable[[], Row],
    look: Callable[[Row], Found],
    store: Callable[[Row, Found], None],
) -> dict[str, Any]:
    """The work of a task: look at an upload, keep what was found, or why it is no such list; then its page.

    Looking is done outside the write block, in which the row is found again.
    """
    try:
        found = look(find())
    except UserError as err:
        session.rollback()
        with write():
            context.hold()
            find().refuse(err)
        return {"url": page, "message": str(err.message)}
    with write():
        context.hold()
        store(find(), found)
    return {"url": page}
