"""The directory and the profiles of organisations, and the pages of those who belong to one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Flask, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, current_user, me
from companies import attention as _attention  # noqa: F401 - registers what needs officers
from companies import (
    directory,
    downloads,
    identifiers,
    industries,
    need_details,
    operations,
    queries,
    reads,
    reminding,
    rules,
    sight,
    stamp,
    title_terms,
)
from companies import erasure as _erasure  # noqa: F401 - registers what a deletion does here
from companies import profile as profile_of
from companies.columns import SHEET_LABELS
from companies.enums import (
    BAND_LABELS,
    GRANT_SCOPE_LABELS,
    KIND_LABELS,
    MEMBERSHIP_ROLE_LABELS,
    NEED_CLASS_LABELS,
    NEED_ROLE_LABELS,
    RECOGNITION_LABELS,
    SECTOR_LABELS,
    SUPPORT_KIND_LABELS,
    VISIBILITY_LABELS,
    GrantScope,
    Recognition,
)
from companies.listing import narrowing
from companies.models import Grant, NeedOffer, Organisation
from core import clock, paging, sharing
from core.access import may, public, signed_in
from core.db import get, row_key, write
from core.download_pages import answer
from core.extensions import limiter
from core.forms import written_number
from core.i18n import _, language
from core.web import Blueprint

bp = Blueprint("companies", __name__)


def init_app(app: Flask) -> None:
    """Register the pages and the words that templates use."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        organisation_kind_labels=KIND_LABELS,
        sector_labels=SECTOR_LABELS,
        need_class_labels=NEED_CLASS_LABELS,
        need_role_labels=NEED_ROLE_LABELS,
        visibility_labels=VISIBILITY_LABELS,
        recognition_labels=RECOGNITION_LABELS,
        grant_scope_labels=GRANT_SCOPE_LABELS,
        support_kind_labels=SUPPORT_KIND_LABELS,
        band_labels=BAND_LABELS,
        membership_role_labels=MEMBERSHIP_ROLE_LABELS,
        missing_labels=directory.MISSING_LABELS,
        written_tax_code=identifiers.written_tax_code,
        recognition_of=recognition_of,
        sheet_labels=SHEET_LABELS,
        country_name=country_name,
        need_details=details_of,
        industry=industries.industry,
    )
    app.jinja_env.filters.update(country_name=country_name, language_name=language_name)


def country_name(code: str) -> str:
    """A country for the reader."""
    return identifiers.country_name(code, language())


def language_name(code: str) -> str:
    """A language for the reader."""
    return identifiers.language_name(code, language())


def details_of(row: NeedOffer) -> list[tuple[Any, str]]:
    """What a need or an offer states besides its text, for the reader."""
    return need_details.shown(row.kind, row.details, lambda value: written_number(Decimal(str(value))))


def recognition_of(organisation: Organisation) -> Recognition:
    """An organisation's status today."""
    if "title_terms" not in g:
        g.title_terms = title_terms.present()
    titles = ((a.year, a.valid_until) for a in organisation.awards)
    return rules.recognition(titles, on=clock.today(), terms=g.title_terms)


@bp.get("/organisations", access=public(), endpoint="directory")
@sharing.kept(stamp.present)
def show_directory() -> ResponseReturnValue:
    asked = narrowing.filters()
    found = directory.find(asked, on=clock.today())
    g.title_terms = found.title_terms  # for the status on each card
    return render_template(
        "companies/directory.html",
        page=directory.page(found, request.args.get("page")),
        filters=asked,
        groups=narrowing.groups(asked, found),
        chips=narrowing.chips(asked, found),
        may_review=rules.manage_organisations(actor()),
    )


@bp.get("/organisations.xlsx", access=public())
@limiter.limit("10/minute")
def export() -> ResponseReturnValue:
    return answer(downloads.ORGANISATIONS)


@bp.get("/organisations/products.xlsx", access=public())
@limiter.limit("10/minute")
def export_products() -> ResponseReturnValue:
    return answer(downloads.PRODUCTS)


@bp.get("/organisations/needs.xlsx", access=public())
@limiter.limit("10/minute")
def export_needs() -> ResponseReturnValue:
    return answer(downloads.NEEDS)


@bp.get("/organisations/awards.xlsx", access=public())
@limiter.limit("10/minute")
def export_awards() -> ResponseReturnValue:
    return answer(downloads.AWARDS)


@bp.get("/organisations/review.xlsx", access=may(rules.manage_organisations))
def export_review() -> ResponseReturnValue:
    return answer(downloads.REVIEW)


@bp.get("/organisations/members.xlsx", access=may(rules.manage_organisations))
def export_members() -> ResponseReturnValue:
    return answer(downloads.MEMBERS)


@bp.get("/organisations/mine", access=signed_in())
def mine() -> ResponseReturnValue:
    own = queries.mine(actor())
    if len(own) == 1:
        return redirect(url_for("companies.profile", organisation_id=own[0].id))
    return render_template("companies/mine.html", organisations=own)


@bp.get("/organisations/review", access=may(rules.manage_organisations))
def review() -> ResponseReturnValue:
    text, lacking = request.args.get("q", "")[:200], request.args.get("lacking", "")
    page = paging.page_of(directory.managed(text, lacking, actor()), request.args.get("page"))
    present = directory.present_in([row.id for row in page.rows])
    return render_template(
        "companies/review.html",
        page=page,
        q=text,
        lacking=lacking,
        missing={row.id: rules.missing(row.kinds, present[row.id]) for row in page.rows},
        share={row.id: rules.complete_share(row.kinds, present[row.id]) for row in page.rows},
    )


@bp.get("/organisations/certificates", access=may(rules.manage_organisations))
def ending() -> ResponseReturnValue:
    page = paging.page_of(reminding.ending(on=clock.today()), request.args.get("page"))
    return render_template("companies/ending.html", page=page, today=clock.today())


@bp.get("/organisations/<int:organisation_id>", access=public(organisation=Organisation))
def profile(organisation: Organisation) -> ResponseReturnValue:
    sharing.allow()
    seen = sight.sight(actor(), organisation)
    contacts = queries.reachable(organisation) if seen.tier >= rules.Tier.MATCHED else ()
    reads.note(organisation, seen, by=current_user(), at=clock.now(), people=contacts)
    return render_template(
        "companies/profile.html",
        organisation=organisation,
        sight=seen,
        contacts=contacts,
        **profile_of.parts(organisation, seen, actor()),
    )


@bp.get(
    "/organisations/<int:organisation_id>/preview",
    access=may(rules.manage_organisation, organisation=Organisation),
)
def preview(organisation: Organisation) -> ResponseReturnValue:
    own = sight.sight(actor(), organisation)
    shown = {name: pair for name, pair in profile_of.PREVIEWS.items() if pair[1].tier <= own.tier}
    chosen = request.args.get("as", "")
    label, seen = shown.get(chosen, shown["public"])
    contacts = queries.reachable(organisation) if seen.tier >= rules.Tier.MATCHED else ()
    guarded = [field for field in rules.FIELD_TIERS if seen.shows(field)]
    reads.note(organisation, own, by=current_user(), at=clock.now(), only=guarded, people=contacts)
    return render_template(
        "companies/profile.html",
        organisation=organisation,
        sight=seen,
        contacts=contacts,
        previews=[(key, pair[0], pair[0] is label) for key, pair in shown.items()],
        **(profile_of.parts(organisation, seen, actor()) | {"manages": False}),
    )


@bp.get(
    "/organisations/<int:organisation_id>/sight",
    access=may(rules.manage_organisation, organisation=Organisation),
    endpoint="grants",
)
def show_grants(organisation: Organisation) -> ResponseReturnValue:
    text = request.args.get("q", "")[:200]
    near = sight.matched_with(frozenset({organisation.id})) | sight.suggested_to(frozenset({organisation.id}))
    found = queries.partners(text, actor(), None if text else near)
    return render_template(
        "companies/grants.html",
        organisation=organisation,
        grants=queries.grants(organisation),
        page=paging.page_of(found, request.args.get("page"), 10),
        q=text,
        may_give=rules.give_sight(actor(), organisation),
    )


@bp.post("/organisations/<int:organisation_id>/sight", access=may(rules.give_sight, organisation=Organisation))
def give_sight(organisation: Organisation) -> ResponseReturnValue:
    scope = request.form.get("scope", "")
    with write():
        partner = get(Organisation, row_key(request.form.get("partner")))
        if partner is None or scope not in list(GrantScope):
            raise NotFound
        operations.give_sight(organisation, partner, GrantScope(scope), by=me(), at=clock.now())
    flash(_("The partner sees this as soon as you are matched. You can withdraw it at any time."), "success")
    return redirect(url_for("companies.grants", organisation_id=organisation.id))


@bp.post("/sight-grants/<int:grant_id>/withdraw", access=may(rules.withdraw_sight, grant=Grant))
def withdraw_sight(grant: Grant) -> ResponseReturnValue:
    firm_id = grant.firm_id
    with write():
        operations.withdraw_sight(grant, by=me(), at=clock.now())
    flash(_("The partner does not see this any more."), "success")
    return redirect(url_for("companies.grants", organisation_id=firm_id))
