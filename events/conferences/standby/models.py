"""Who said that it is free for more meetings today."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model
from core.i18n import _l
from core.personal import WITH_ITS_OWNER, Entry, Then, refers


class StandbyOffer(Model):
    """A participant would take a time that becomes free. Taking it back deletes the row."""

    __register__ = Entry(_l("Offers to take freed meeting times"), WITH_ITS_OWNER, why=_l("To know who said what"))
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
