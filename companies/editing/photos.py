"""Photos of an organisation and of its products."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from companies import operations, photos, queries, rules
from companies.editing.forms import PhotoForm
from companies.editing.saving import MANAGE, bp, part_page, save
from companies.models import Organisation
from companies.photos import Photo
from core import clock, files
from core.access import may, public
from core.db import write
from core.errors import UserError
from core.i18n import _

MANAGE_PHOTO = may(rules.manage_organisation, organisation=Organisation, photo=Photo)


def _list_of(organisation: Organisation) -> str:
    return url_for("companies_editing.photos", organisation_id=organisation.id)


def _form(organisation: Organisation, row: Photo | None = None) -> PhotoForm:
    form = PhotoForm(obj=row)
    form.product_id.choices = [("", form.whole_organisation), *queries.product_choices(organisation)]
    return form


def _page(organisation: Organisation, form: PhotoForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "companies/photos.html",
        organisation=organisation,
        groups=photos.by_product(photos.of(organisation)),
        form=form,
        most=photos.MOST,
    )
    return page, status


@bp.get("/organisations/<int:organisation_id>/photos", access=MANAGE, endpoint="photos")
def listed(organisation: Organisation) -> ResponseReturnValue:
    return _page(organisation, _form(organisation))


@bp.post("/organisations/<int:organisation_id>/photos", access=MANAGE, endpoint="add_photo")
def add(organisation: Organisation) -> ResponseReturnValue:
    form = _form(organisation)
    form.need_file()
    if not form.validate_on_submit():
        return _page(organisation, form, 422)
    try:
        received = photos.receive(form.file.data)
        with write():
            photos.add(organisation, received, **form.values(), by=me(), at=clock.now())
    except UserError as err:
        return _page(organisation, form.blame(err), err.status)
    flash(_("The photo is on the profile."), "success")
    return redirect(_list_of(organisation))


@bp.get("/organisations/<int:organisation_id>/photos/<int:photo_id>", access=MANAGE_PHOTO, endpoint="photo")
def show(organisation: Organisation, photo: Photo) -> ResponseReturnValue:
    return part_page("companies/photo.html", organisation, photo, _form(organisation, photo))


@bp.post("/organisations/<int:organisation_id>/photos/<int:photo_id>", access=MANAGE_PHOTO, endpoint="save_photo")
def change(organisation: Organisation, photo: Photo) -> ResponseReturnValue:
    form = _form(organisation, photo)

    def act() -> None:
        operations.edit_part(photo, form.values(), version=form.seen_version(), by=me(), at=clock.now())

    if status := save(form, photo, act):
        return part_page("companies/photo.html", organisation, photo, form, status)
    flash(_("Saved."), "success")
    return redirect(_list_of(organisation))


@bp.post(
    "/organisations/<int:organisation_id>/photos/<int:photo_id>/<direction>",
    access=MANAGE_PHOTO,
    endpoint="move_photo",
)
def move(organisation: Organisation, photo: Photo, direction: str) -> ResponseReturnValue:
    with write():
        photos.move(photo, up=direction == "up", by=me(), at=clock.now())
    return redirect(_list_of(organisation))


@bp.post(
    "/organisations/<int:organisation_id>/photos/<int:photo_id>/remove",
    access=MANAGE_PHOTO,
    endpoint="remove_photo",
)
def remove(organisation: Organisation, photo: Photo) -> ResponseReturnValue:
    with write():
        photos.remove(photo, by=me(), at=clock.now())
    flash(_("Removed."), "success")
    return redirect(_list_of(organisation))


@bp.get("/photos/<int:photo_id>", access=public(photo=Photo), endpoint="picture")
def picture(photo: Photo) -> ResponseReturnValue:
    return files.picture(photo.file)


@bp.get("/photos/<int:photo_id>/small", access=public(photo=Photo), endpoint="small_picture")
def small_picture(photo: Photo) -> ResponseReturnValue:
    return files.picture(photo.small)
