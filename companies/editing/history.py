"""The history of a profile: who changed what, in words, and back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from accounts.rules import is_staff
from companies import history, need_details, queries, reads, reverting, rules, sight
from companies.editing.forms import CertificateForm, NeedOfferForm, PhotoForm, YearForm
from companies.editing.saving import MANAGE, bp
from companies.enums import (
    KIND_LABELS,
    NEED_CLASS_LABELS,
    NEED_ROLE_LABELS,
    SECTOR_LABELS,
    VISIBILITY_LABELS,
    NeedClass,
)
from companies.forms import BusinessForm, ContactForm, IdentityForm, IntroductionForm, ProductForm
from companies.history import ProfileChange
from companies.models import Organisation
from core import clock, paging
from core.access import may
from core.db import write
from core.errors import UserError
from core.forms import written_number
from core.i18n import _, _l

REVERT = may(rules.revert_change, organisation=Organisation, profile_change=ProfileChange)
SUBJECTS = {
    "organisation": _l("Organisation"), "product": _l("Product"), "need_offer": _l("Need or offer"),
    "certificate": _l("Certificate"), "yearly_figures": _l("Figures of a year"), "photo": _l("Photo"),
}  # fmt: skip
FORMS: Mapping[str, tuple[Any, ...]] = {
    "organisation": (IdentityForm, IntroductionForm, BusinessForm, ContactForm), "product": (ProductForm,),
    "need_offer": (NeedOfferForm,), "certificate": (CertificateForm,), "yearly_figures": (YearForm,),
    "photo": (PhotoForm,),
}  # fmt: skip
CODES: Mapping[str, Mapping[Any, Any]] = {
    "kinds": KIND_LABELS, "sector": SECTOR_LABELS, "role": NEED_ROLE_LABELS, "kind": NEED_CLASS_LABELS,
    "visibility": VISIBILITY_LABELS,
}  # fmt: skip
NUMBERS = frozenset({"employees", "revenue_vnd", "export_usd", "amount_min", "amount_max", "headcount"})
EMPTY = _l("(empty)")


def label(change: ProfileChange) -> Any:
    """What a field is called on its form."""
    for form in FORMS.get(change.subject, ()):
        if (unbound := getattr(form, change.field or "", None)) is not None:
            return unbound.args[0]
    return {"details": _l("Details")}.get(change.field or "", change.field)


def worded(change: ProfileChange, value: Any) -> str:
    """A kept value in the reader's language."""
    field = change.field or ""
    if value is None or value in ("", [], {}):
        return str(EMPTY)
    if field in CODES:
        several = value if isinstance(value, list) else [value]
        return ", ".join(str(CODES[field].get(code, code)) for code in several)
    if field in NUMBERS:
        return written_number(Decimal(str(value)))
    if field == "details":
        known = ((d.label, value[d.name], d) for kind in NeedClass for d in need_details.of(kind) if d.name in value)
        return "; ".join(dict.fromkeys(f"{name}: {need_details.words(d, kept)}" for name, kept, d in known))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


@bp.get("/organisations/<int:organisation_id>/history", access=MANAGE, endpoint="history")
def listed(organisation: Organisation) -> ResponseReturnValue:
    seen = sight.sight(actor(), organisation)
    hidden = [field for field in rules.FIELD_TIERS if not seen.shows(field)]
    page = paging.page_of(history.of(organisation, hidden), request.args.get("page"))
    shown = {row.field for row in page.rows if row.field}
    reads.note(organisation, seen, by=me(), at=clock.now(), only=shown)
    members = {row.user_id for row in queries.members(organisation)}
    return render_template(
        "companies/history.html",
        organisation=organisation,
        page=page,
        subjects=SUBJECTS,
        label=label,
        worded=worded,
        back=history.taken_back([row.id for row in page.rows]),
        can_return=lambda row: reverting.can_return(row) and rules.revert_change(actor(), organisation, row),
        named=lambda row: _who(row, members),
    )


def _who(change: ProfileChange, members: set[int]) -> str:
    """Colleagues are named to each other; officers are named to officers."""
    if change.by is None:
        return _("The site")
    if change.by_id in members or is_staff(actor()):
        return change.by.name
    return _("The Department")


@bp.post(
    "/organisations/<int:organisation_id>/history/<int:profile_change_id>/back", access=REVERT, endpoint="revert"
)
def back(organisation: Organisation, profile_change: ProfileChange) -> ResponseReturnValue:
    try:
        with write():
            reverting.revert(profile_change, by=me(), at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
    else:
        flash(_("Taken back: what was before holds again."), "success")
    return redirect(url_for("companies_editing.history", organisation_id=organisation.id))
