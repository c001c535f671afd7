"""Everything that is printed for a conference, as one file that is kept for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Model, Str
from core.files import StoredFile
from core.i18n import _l
from core.personal import Entry, plain, purged
from events.conferences.models import Conference, TimetableVersion

KEPT = timedelta(days=3)


class PrintPack(Model):
    """The newest archive in a language. `fingerprint`: of what stands in it, see `exports.fingerprint`."""

    __register__ = Entry(
        _l("Everything to print for a conference"),
        purged(KEPT, _l("Deleted with its file three days after it was asked for")),
        why=_l("Badges and the list at the door"),
    )
    __table_args__ = (UniqueConstraint("conference_id", "language"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(Str(2), info=plain(_l("Language")))
    version_id: Mapped[int] = mapped_column(ForeignKey("timetable_version.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(Str(64), info=plain(_l("Checksum")))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", ondelete="CASCADE"))
    made_at: Mapped[datetime]
    kept_until: Mapped[datetime]
    conference: Mapped[Conference] = relationship()
    version: Mapped[TimetableVersion] = relationship()
    file: Mapped[StoredFile] = relationship()
