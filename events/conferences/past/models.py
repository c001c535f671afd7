"""Lists of past meetings, and the meetings taken over from them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from companies.enums import Kind
from companies.import_runs import LookedAt
from companies.models import Organisation
from core.db import Model, Str, state
from core.files import StoredFile
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, WITH_ITS_OWNER, Entry, Then, plain, refers
from events.conferences.outcomes.enums import Label


class PastList(LookedAt, Model):
    """An uploaded list: looked at, then taken over as a whole or thrown away."""

    __register__ = Entry(_l("Lists of past meetings"), PART_OF_THE_RECORD, why=_l("To know who brought a list"))
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Str(200), info=plain(_l("File name")))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    file: Mapped[StoredFile | None] = relationship(foreign_keys=[file_id])


class PastMeeting(Model):
    """Two organisations met on a day. `kind`: as what the partner came. `label`: where the contact stood after."""

    __register__ = Entry(_l("Past meetings"), WITH_ITS_OWNER)
    __table_args__ = (
        UniqueConstraint("firm_id", "partner_id", "on"),
        CheckConstraint("firm_id <> partner_id", name="two_organisations"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("past_list.id", ondelete="CASCADE"), index=True)
    firm_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Kind] = mapped_column(state(Kind))
    on: Mapped[date] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(Str(200))
    label: Mapped[Label | None] = mapped_column(state(Label))
    firm: Mapped[Organisation] = relationship(foreign_keys=[firm_id])
    partner: Mapped[Organisation] = relationship(foreign_keys=[partner_id])
