"""Who came without having registered, and who let it in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from core.db import Model, Str
from core.i18n import _l
from core.personal import PART_OF_THE_RECORD, Entry, Then, plain, refers
from events.conferences.models import Participant


class WalkIn(Model):
    """A participant that was admitted on the spot.

    `reason`: why beyond the number of seats, or past the waiting list. `entered`: the organisation itself was entered
    at the door; an officer completes its record.
    """

    __register__ = Entry(_l("Walk-ins at conferences"), PART_OF_THE_RECORD, why=_l("To know who admitted whom"))
    id: Mapped[int] = mapped_column(primary_key=True)
    conference_id: Mapped[int] = mapped_column(ForeignKey("conference.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), unique=True)
    entered: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Str(300), default="", info=plain(_l("Reason")))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP))
    participant: Mapped[Participant] = relationship()
    by: Mapped[User | None] = relationship()
