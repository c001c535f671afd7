"""Editing an organisation, section by section, its products, and its needs and offers."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from companies import directory, gain, operations, queries, rules
from companies import photos as shown_photos
from companies.editing import certificates, figures, history, needs, photos, section_pages
from companies.editing.saving import MANAGE, bp, part_page, remove_part, save, save_part
from companies.editing.sections import STEPS, step_of
from companies.forms import IdentityForm, ProductForm
from companies.models import Organisation, Product
from core import clock
from core.access import may
from core.i18n import _

PAGES = (
    certificates,
    figures,
    history,
    needs,
    photos,
    section_pages,
)  # importing them puts their pages on the blueprint
MOST_GAINS = 5  # a long list is not read
MANAGE_PRODUCT = may(rules.manage_organisation, organisation=Organisation, product=Product)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


# --- the organisation -----------------------------------------------------------------------------------------


@bp.get("/organisations/new", access=may(rules.manage_organisations))
def new() -> ResponseReturnValue:
    return render_template("companies/new.html", form=IdentityForm())


@bp.post("/organisations/new", access=may(rules.manage_organisations))
def create() -> ResponseReturnValue:
    form, made = IdentityForm(), []
    status = save(
        form,
        None,
        lambda: made.append(operations.create_organisation(form.values(), by=me(), at=clock.now())),
    )
    if status:
        return render_template("companies/new.html", form=form), status
    flash(_("The organisation is made. Fill in the rest of its profile."), "success")
    return redirect(url_for("companies_editing.hub", organisation_id=made[0].id))


@bp.get("/organisations/<int:organisation_id>/edit", access=MANAGE)
def hub(organisation: Organisation) -> ResponseReturnValue:
    present = directory.present_in([organisation.id])[organisation.id]
    missing = rules.missing(organisation.kinds, present)
    known = gain.market(organisation, on=clock.today())
    return render_template(
        "companies/edit.html",
        organisation=organisation,
        steps=STEPS,
        photographed=bool(shown_photos.of(organisation)),
        step_of=step_of,
        gains=gain.gains(missing, organisation.certificates, known)[:MOST_GAINS],
        products=queries.products(organisation),
        needs_offers=queries.needs_offers(organisation, actor()),
        missing=missing,
        share=rules.complete_share(organisation.kinds, present),
        today=clock.today(),
    )


# --- products -------------------------------------------------------------------------------------------------


@bp.get("/organisations/<int:organisation_id>/products/new", access=MANAGE)
def new_product(organisation: Organisation) -> ResponseReturnValue:
    return part_page("companies/product.html", organisation, None, ProductForm())


@bp.post("/organisations/<int:organisation_id>/products/new", access=MANAGE)
def create_product(organisation: Organisation) -> ResponseReturnValue:
    return save_part(Product, organisation, None, ProductForm(), "companies/product.html")


@bp.get("/organisations/<int:organisation_id>/products/<int:product_id>", access=MANAGE_PRODUCT)
def product(organisation: Organisation, product: Product) -> ResponseReturnValue:
    return part_page("companies/product.html", organisation, product, ProductForm(obj=product))


@bp.post("/organisations/<int:organisation_id>/products/<int:product_id>", access=MANAGE_PRODUCT)
def save_product(organisation: Organisation, product: Product) -> ResponseReturnValue:
    return save_part(Product, organisation, product, ProductForm(obj=product), "companies/product.html")


@bp.post("/organisations/<int:organisation_id>/products/<int:product_id>/remove", access=MANAGE_PRODUCT)
def remove_product(organisation: Organisation, product: Product) -> ResponseReturnValue:
    return remove_part(organisation, product)
