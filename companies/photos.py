"""Photos of an organisation and of its products, in an order, described in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from companies import history
from companies.models import Organisation, Product
from core import audit, clock, files
from core.db import Model, Str, Versioned, lock, session
from core.errors import Conflict, Invalid
from core.files import StoredFile
from core.i18n import _, _l
from core.personal import WITH_ITS_OWNER, Entry

MOST = 24  # of one organisation, with its products
SMALL = 480  # pixels of the longer side in lists
ALT_LENGTH = 200


class Photo(Versioned, Model):
    """A photo. `small_id`: the same for lists. Among photos of the same thing the lower `position` comes first."""

    __register__ = Entry(_l("Photos"), WITH_ITS_OWNER)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    small_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    alt_vi: Mapped[str | None] = mapped_column(Str(ALT_LENGTH))
    alt_en: Mapped[str | None] = mapped_column(Str(ALT_LENGTH))
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])
    small: Mapped[StoredFile] = relationship(foreign_keys=[small_id])
    product: Mapped[Product | None] = relationship(viewonly=True)


def of(organisation: Organisation) -> Sequence[Photo]:
    """All photos of an organisation and of its products, in their order."""
    return session.scalars(
        select(Photo)
        .where(Photo.organisation_id == organisation.id)
        .options(joinedload(Photo.product))
        .order_by(Photo.product_id.is_not(None), Photo.product_id, Photo.position, Photo.id)
    ).all()


def of_product(product: Product) -> Sequence[Photo]:
    """The photos of one product, in their order."""
    return session.scalars(
        select(Photo).where(Photo.product_id == product.id).order_by(Photo.position, Photo.id)
    ).all()


def by_product(photos: Sequence[Photo]) -> dict[int | None, list[Photo]]:
    """Photos by the product that they show; under None those of the organisation."""
    found: dict[int | None, list[Photo]] = {}
    for photo in photos:
        found.setdefault(photo.product_id, []).append(photo)
    return found


def receive(upload: files.Upload) -> tuple[files.Received, files.Received]:
    """Check an upload and store it twice, written anew: large and small. Outside a write block."""
    large = files.receive(upload, kind=files.Kind.PICTURE)
    return large, files.smaller(large, SMALL)


def add(
    organisation: Organisation,
    received: tuple[files.Received, files.Received],
    *,
    product_id: int | None = None,
    alt_vi: str | None = None,
    alt_en: str | None = None,
    by: Any,
    at: datetime,
) -> Photo:
    """A new photo, after the others."""
    lock(Organisation, organisation.id)
    number, last = session.execute(
        select(func.count(), func.max(Photo.position)).where(Photo.organisation_id == organisation.id)
    ).one()
    if number >= MOST:
        raise Conflict(_("An organisation shows %(most)d photos at most. Remove one first.", most=MOST), field="file")
    check_product(organisation.id, product_id)
    large, small = (files.keep(one, by=by, at=at) for one in received)
    photo = Photo(
        organisation_id=organisation.id,
        product_id=product_id,
        file=large,
        small=small,
        alt_vi=alt_vi or None,
        alt_en=alt_en or None,
        position=(last or 0) + 1,
        created_at=at,
    )
    session.add(photo)
    session.flush()
    audit.record("photo.create", photo, by=by, at=at, organisation=organisation.id)
    history.note_added(photo, by=by, at=at)
    session.flush()
    return photo


def check_product(organisation_id: int, product_id: int | None) -> None:
    """Raise Invalid for a product of somebody else."""
    if product_id is not None:
        product = session.get(Product, product_id)
        if product is None or product.organisation_id != organisation_id:
            raise Invalid(_("This product is not in the list."), field="product_id")


def move(photo: Photo, *, up: bool, by: Any, at: datetime) -> None:
    """Let a photo change places with the one before or after it."""
    lock(Organisation, photo.organisation_id)
    same = Photo.product_id.is_(None) if photo.product_id is None else Photo.product_id == photo.product_id
    row = session.scalars(
        select(Photo).where(Photo.organisation_id == photo.organisation_id, same).order_by(Photo.position, Photo.id)
    ).all()
    here = list(row).index(photo)
    there = here - 1 if up else here + 1
    if 0 <= there < len(row):
        order = list(row)
        order[here], order[there] = order[there], order[here]
        for position, one in enumerate(order, 1):
            one.position = position
        session.flush()
        audit.record("photo.move", photo, by=by, at=at)


def remove(photo: Photo, *, by: Any, at: datetime) -> None:
    """Delete a photo with its files."""
    audit.record("photo.remove", photo, by=by, at=at, organisation=photo.organisation_id)
    stored = photo.file, photo.small
    session.delete(photo)
    session.flush()
    for one in stored:
        files.remove(one)
