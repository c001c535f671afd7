"""Needs and offers: first the subject, then a form that asks what this subject needs."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from companies import need_details, rules
from companies.editing.forms import DetailsForm, need_form, shown_details
from companies.editing.saving import MANAGE, bp, part_page, remove_part, save_part
from companies.enums import NeedClass, NeedRole
from companies.models import NeedOffer, Organisation
from core.access import may

MANAGE_NEED = may(rules.manage_organisation, organisation=Organisation, need_offer=NeedOffer)
PAGE = "companies/need_offer.html"


def _chosen(values: Any) -> NeedClass | None:
    return NeedClass(values["kind"]) if values.get("kind") in list(NeedClass) else None


def _role() -> NeedRole:
    return NeedRole.OFFER if request.args.get("role") == NeedRole.OFFER else NeedRole.NEED


def _form(row: NeedOffer | None, kind: NeedClass) -> DetailsForm:
    details = shown_details(row.details, kind) if row is not None else {}
    if row is None:
        return need_form(kind)(role=_role(), kind=kind)
    return need_form(kind)(obj=row, kind=kind, **details)


@bp.get("/organisations/<int:organisation_id>/needs/new", access=MANAGE)
def new_need(organisation: Organisation) -> ResponseReturnValue:
    kind = _chosen(request.args)
    if kind is None:
        usual = need_details.usual(organisation.kinds, _role())
        rest = [subject for subject in NeedClass if subject not in usual]
        return render_template(
            "companies/need_subjects.html", organisation=organisation, role=_role(), usual=usual, rest=rest
        )
    return _page(organisation, None, _form(None, kind), kind)


@bp.post("/organisations/<int:organisation_id>/needs/new", access=MANAGE)
def create_need(organisation: Organisation) -> ResponseReturnValue:
    return _save(organisation, None, _chosen(request.form) or NeedClass.SERVICE)


@bp.get("/organisations/<int:organisation_id>/needs/<int:need_offer_id>", access=MANAGE_NEED)
def need(organisation: Organisation, need_offer: NeedOffer) -> ResponseReturnValue:
    return _page(organisation, need_offer, _form(need_offer, need_offer.kind), need_offer.kind)


@bp.post("/organisations/<int:organisation_id>/needs/<int:need_offer_id>", access=MANAGE_NEED)
def save_need(organisation: Organisation, need_offer: NeedOffer) -> ResponseReturnValue:
    return _save(organisation, need_offer, _chosen(request.form) or need_offer.kind)


def _page(organisation: Organisation, row: NeedOffer | None, form: DetailsForm, kind: NeedClass) -> Any:
    return part_page(PAGE, organisation, row, form, asked=need_details.columns_of(kind), kind=kind)


def _save(organisation: Organisation, row: NeedOffer | None, kind: NeedClass) -> ResponseReturnValue:
    more = {"asked": need_details.columns_of(kind), "kind": kind}
    return save_part(NeedOffer, organisation, row, _form(row, kind), PAGE, more=more)


@bp.post("/organisations/<int:organisation_id>/needs/<int:need_offer_id>/remove", access=MANAGE_NEED)
def remove_need(organisation: Organisation, need_offer: NeedOffer) -> ResponseReturnValue:
    return remove_part(organisation, need_offer)
