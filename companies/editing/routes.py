"""Editing an organisation, section by section, its products, and its needs and offers."""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from companies import directory, operations, places, queries, reads, rules, sight
from companies.editing import certificates, figures, history, needs, photos
from companies.editing.saving import MANAGE, bp, part_page, remove_part, save, save_part, stored
from companies.forms import SECTIONS, IdentityForm, NamesForm, ProductForm, RowForm
from companies.models import Organisation, Product
from core import clock
from core.access import may
from core.i18n import _

PAGES = (certificates, figures, history, needs, photos)  # importing them puts their pages on the blueprint
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
    return render_template(
        "companies/edit.html",
        organisation=organisation,
        sections={name: label for name, (label, _form) in SECTIONS.items()},
        products=queries.products(organisation),
        needs_offers=queries.needs_offers(organisation, actor()),
        missing=rules.missing(organisation.kinds, present),
        share=rules.complete_share(organisation.kinds, present),
        today=clock.today(),
    )


def _section(name: str) -> tuple[Any, type[RowForm]]:
    if name not in SECTIONS:
        raise NotFound
    label, form = SECTIONS[name]
    return label, IdentityForm if form is NamesForm and rules.name_organisation(actor()) else form


def _section_page(organisation: Organisation, section: str, form: RowForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "companies/section.html",
        organisation=organisation,
        section=section,
        title=SECTIONS[section][0],
        form=form,
        communes=places.communes() if section == "contact" else (),
        stored=stored(form, organisation) if status == 409 else (),
    )
    return page, status


@bp.get("/organisations/<int:organisation_id>/edit/<section>", access=MANAGE)
def edit(organisation: Organisation, section: str) -> ResponseReturnValue:
    _label, form_class = _section(section)
    form = form_class(obj=organisation)
    reads.note(organisation, sight.sight(actor(), organisation), by=me(), at=clock.now(), only=form.data)
    return _section_page(organisation, section, form)


@bp.post("/organisations/<int:organisation_id>/edit/<section>", access=MANAGE, endpoint="save")
def save_section(organisation: Organisation, section: str) -> ResponseReturnValue:
    _label, form_class = _section(section)
    form = form_class(obj=organisation)
    status = save(
        form,
        organisation,
        lambda: operations.edit_organisation(
            organisation, form.values(), version=form.seen_version(), by=me(), at=clock.now()
        ),
    )
    if status:
        return _section_page(organisation, section, form, status)
    flash(_("Saved."), "success")
    return redirect(url_for("companies_editing.hub", organisation_id=organisation.id))


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
