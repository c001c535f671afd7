"""Editing an organisation, section by section, its products, and its needs and offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from companies import directory, operations, places, queries, rules
from companies.forms import SECTIONS, IdentityForm, NamesForm, NeedOfferForm, ProductForm, RowForm
from companies.models import NeedOffer, Organisation, Product
from core import clock
from core.access import may
from core.db import session, write
from core.errors import Conflict, UserError
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("companies_editing", __name__)
MANAGE = may(rules.manage_organisation, organisation=Organisation)
MANAGE_PRODUCT = may(rules.manage_organisation, organisation=Organisation, product=Product)
MANAGE_NEED = may(rules.manage_organisation, organisation=Organisation, need_offer=NeedOffer)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


def _save(form: RowForm, row: Any, act: Callable[[], Any]) -> int:
    """Run `act` in a write block. Return 0, or the status of the page that tells what went wrong.

    When somebody else saved first, the form keeps what was typed, takes the new version and shows what is stored.
    """
    if not form.validate_on_submit():
        return 422
    try:
        with write():
            act()
    except UserError as err:
        form.blame(err)
        if isinstance(err, Conflict) and row is not None:
            session.refresh(row)
            form.version.data = str(row.version)
        return err.status
    return 0


def _stored(form: RowForm, row: Any) -> list[tuple[Any, Any]]:
    """What is stored now where it differs from what was typed: (label, value)."""
    differing = []
    for name, typed in form.values().items():
        stored = getattr(row, name)
        if (typed or None) != (stored or None):
            differing.append((form[name].label.text, stored))
    return differing


# --- the organisation -----------------------------------------------------------------------------------------


@bp.get("/organisations/new", access=may(rules.manage_organisations))
def new() -> ResponseReturnValue:
    return render_template("companies/new.html", form=IdentityForm())


@bp.post("/organisations/new", access=may(rules.manage_organisations))
def create() -> ResponseReturnValue:
    form, made = IdentityForm(), []
    status = _save(
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
        stored=_stored(form, organisation) if status == 409 else (),
    )
    return page, status


@bp.get("/organisations/<int:organisation_id>/edit/<section>", access=MANAGE)
def edit(organisation: Organisation, section: str) -> ResponseReturnValue:
    _label, form_class = _section(section)
    return _section_page(organisation, section, form_class(obj=organisation))


@bp.post("/organisations/<int:organisation_id>/edit/<section>", access=MANAGE)
def save(organisation: Organisation, section: str) -> ResponseReturnValue:
    _label, form_class = _section(section)
    form = form_class(obj=organisation)
    status = _save(
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


def _part_page(
    template: str, organisation: Organisation, row: Any, form: RowForm, status: int = 200
) -> ResponseReturnValue:
    stored = _stored(form, row) if status == 409 and row is not None else ()
    page = render_template(template, organisation=organisation, row=row, form=form, stored=stored)
    return page, status


def _save_part(model: Any, organisation: Organisation, row: Any, form: RowForm, template: str) -> ResponseReturnValue:
    """Add a part (row is None) or change it."""

    def act() -> None:
        if row is None:
            operations.add_part(model, organisation, form.values(), by=me(), at=clock.now())
        else:
            operations.edit_part(row, form.values(), version=form.seen_version(), by=me(), at=clock.now())

    if status := _save(form, row, act):
        return _part_page(template, organisation, row, form, status)
    flash(_("Saved."), "success")
    return redirect(url_for("companies_editing.hub", organisation_id=organisation.id))


def _remove_part(organisation: Organisation, row: Any) -> ResponseReturnValue:
    with write():
        operations.remove_part(row, by=me(), at=clock.now())
    flash(_("Removed."), "success")
    return redirect(url_for("companies_editing.hub", organisation_id=organisation.id))


@bp.get("/organisations/<int:organisation_id>/products/new", access=MANAGE)
def new_product(organisation: Organisation) -> ResponseReturnValue:
    return _part_page("companies/product.html", organisation, None, ProductForm())


@bp.post("/organisations/<int:organisation_id>/products/new", access=MANAGE)
def create_product(organisation: Organisation) -> ResponseReturnValue:
    return _save_part(Product, organisation, None, ProductForm(), "companies/product.html")


@bp.get("/organisations/<int:organisation_id>/products/<int:product_id>", access=MANAGE_PRODUCT)
def product(organisation: Organisation, product: Product) -> ResponseReturnValue:
    return _part_page("companies/product.html", organisation, product, ProductForm(obj=product))


@bp.post("/organisations/<int:organisation_id>/products/<int:product_id>", access=MANAGE_PRODUCT)
def save_product(organisation: Organisation, product: Product) -> ResponseReturnValue:
    return _save_part(Product, organisation, product, ProductForm(obj=product), "companies/product.html")


@bp.post("/organisations/<int:organisation_id>/products/<int:product_id>/remove", access=MANAGE_PRODUCT)
def remove_product(organisation: Organisation, product: Product) -> ResponseReturnValue:
    return _remove_part(organisation, product)


# --- needs and offers -----------------------------------------------------------------------------------------


@bp.get("/organisations/<int:organisation_id>/needs/new", access=MANAGE)
def new_need(organisation: Organisation) -> ResponseReturnValue:
    form = NeedOfferForm(role=request.args.get("role"))
    return _part_page("companies/need_offer.html", organisation, None, form)


@bp.post("/organisations/<int:organisation_id>/needs/new", access=MANAGE)
def create_need(organisation: Organisation) -> ResponseReturnValue:
    return _save_part(NeedOffer, organisation, None, NeedOfferForm(), "companies/need_offer.html")


@bp.get("/organisations/<int:organisation_id>/needs/<int:need_offer_id>", access=MANAGE_NEED)
def need(organisation: Organisation, need_offer: NeedOffer) -> ResponseReturnValue:
    return _part_page("companies/need_offer.html", organisation, need_offer, NeedOfferForm(obj=need_offer))


@bp.post("/organisations/<int:organisation_id>/needs/<int:need_offer_id>", access=MANAGE_NEED)
def save_need(organisation: Organisation, need_offer: NeedOffer) -> ResponseReturnValue:
    form = NeedOfferForm(obj=need_offer)
    return _save_part(NeedOffer, organisation, need_offer, form, "companies/need_offer.html")


@bp.post("/organisations/<int:organisation_id>/needs/<int:need_offer_id>/remove", access=MANAGE_NEED)
def remove_need(organisation: Organisation, need_offer: NeedOffer) -> ResponseReturnValue:
    return _remove_part(organisation, need_offer)
