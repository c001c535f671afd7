"""A wish to be put in touch with a firm, and what became of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import User
from companies.contacting.enums import ContactState
from companies.models import Organisation, Product
from core.db import LongStr, Model, Str, state
from core.i18n import _l
from core.personal import By, Entry, Then, dropped, plain, refers, tag

KEPT = timedelta(days=365)


class ContactRequest(Model):
    """Somebody asks for the contacts of a firm, perhaps about one product.

    `user`: if he was signed in. `asker`: for which organisation of his, where he said so.
    """

    __register__ = Entry(
        _l("Requests for contact"), dropped(KEPT, since="created_at"), why=_l("To put buyers in touch with firms")
    )
    __table_args__ = (
        CheckConstraint("purpose <> ''", name="purpose_stated"),
        Index("ix_contact_request_email_created_at", "email", "created_at"),
        Index("ix_contact_request_state", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id", ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True, info=refers(Then.DROP)
    )
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(Str(120), info=tag(_l("Name")))
    email: Mapped[str] = mapped_column(Str(254), info=refers(Then.DROP, By.ADDRESS) | tag(_l("E-mail address")))
    firm: Mapped[str] = mapped_column(Str(200), default="", info=tag(_l("Organisation")))
    purpose: Mapped[str] = mapped_column(LongStr, info=tag(_l("Purpose")))
    language: Mapped[str] = mapped_column(Str(2), info=plain(_l("Language")))
    state: Mapped[ContactState] = mapped_column(state(ContactState))
    reason: Mapped[str] = mapped_column(Str(1000), default="", info=tag(_l("Reason")))
    created_at: Mapped[datetime] = mapped_column(index=True)
    decided_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Decided")))
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP)
    )
    answered_at: Mapped[datetime | None] = mapped_column(info=plain(_l("Answered")))
    answered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), info=refers(Then.KEEP)
    )
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    asker: Mapped[Organisation | None] = relationship(foreign_keys=[asker_id])
    product: Mapped[Product | None] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
