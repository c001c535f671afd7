"""Duplicates for officers: candidates with their reasons, a preview field by field, merging, undoing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, false, true

from accounts.access import me
from companies import merging, moving, rules
from companies.columns import ORGANISATIONS, SHEETS
from companies.duplicates import REASON_LABELS
from companies.merges import OrganisationMerge
from companies.models import Organisation
from core import attention, clock, paging
from core.access import Actor, may, visible
from core.db import row_key, write
from core.i18n import _, _l, ngettext
from core.web import Blueprint

bp = Blueprint("companies_duplicates", __name__)
SHOWN = 50


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(duplicate_reason_labels=REASON_LABELS)


@bp.get("/organisations/duplicates", access=may(rules.manage_organisations))
def index() -> ResponseReturnValue:
    pairs = merging.found()
    known = merging.organisations(pairs[:SHOWN])
    return render_template(
        "companies/duplicates.html",
        pairs=[(pair, known[pair.first], known[pair.second]) for pair in pairs[:SHOWN]],
        total=len(pairs),
        page=paging.page_of(merging.merges(), request.args.get("page"), 10),
    )


@bp.get(
    "/organisations/<int:organisation_id>/merge/<int:other_id>",
    access=may(rules.merge_records, organisation=Organisation, other=Organisation),
)
def preview(organisation: Organisation, other: Organisation) -> ResponseReturnValue:
    if organisation.id == other.id:
        return redirect(url_for("companies_duplicates.index"))
    labels = {column.fills: column.label for column in SHEETS[ORGANISATIONS]}
    return render_template(
        "companies/merge.html",
        kept=organisation,
        gone=other,
        fields=merging.differing(organisation, other),
        labels=labels,
        moves=merging.shown(moving.counts(other.id)),
        stays=merging.shown(moving.counts(organisation.id)),
    )


@bp.post(
    "/organisations/<int:organisation_id>/merge/<int:other_id>",
    access=may(rules.merge_records, organisation=Organisation, other=Organisation),
)
def merge(organisation: Organisation, other: Organisation) -> ResponseReturnValue:
    kept_id, gone_id = organisation.id, other.id
    from_gone = [name for name in merging.CHOSEN if request.form.get(f"take-{name}") == "gone"]
    with write():
        merging.merge(kept_id, gone_id, from_gone, version=_version(), by=me(), at=clock.now())
    flash(_("The two records are one now. You can undo this on the page of duplicates."), "success")
    return redirect(url_for("companies.profile", organisation_id=kept_id))


def _version() -> int | None:
    return row_key(request.form.get("version")) or None


@bp.post(
    "/organisations/<int:organisation_id>/apart/<int:other_id>",
    access=may(rules.merge_records, organisation=Organisation, other=Organisation),
)
def keep_apart(organisation: Organisation, other: Organisation) -> ResponseReturnValue:
    with write():
        merging.keep_apart(organisation, other, by=me(), at=clock.now())
    flash(_("Remembered: these are two organisations."), "success")
    return redirect(url_for("companies_duplicates.index"))


@bp.post(
    "/organisations/merges/<int:organisation_merge_id>/undo",
    access=may(rules.merge_records, organisation_merge=OrganisationMerge),
)
def undo(organisation_merge: OrganisationMerge) -> ResponseReturnValue:
    with write():
        merging.undo(organisation_merge, by=me(), at=clock.now())
    flash(_("They are two records again, as before."), "success")
    return redirect(url_for("companies_duplicates.index"))


def _merges_visible_to(actor: Actor) -> ColumnElement[bool]:
    return true() if rules.manage_organisations(actor) else false()


visible(OrganisationMerge, _merges_visible_to)


@attention.register("companies.duplicates", _l("Possible duplicates"), to=rules.manage_organisations)
def _duplicates(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    pairs = merging.found()
    if pairs:
        label = ngettext(
            "%(num)s pair of records may be one organisation",
            "%(num)s pairs of records may be one organisation",
            len(pairs),
        )
        yield attention.Entry("companies.duplicates", label, "companies_duplicates.index", count=len(pairs))
