"""Partners browse firms: the ranked list, shortlist, saved searches, side by side, as a spreadsheet."""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from accounts.access import actor, me
from companies import places, reads, sight
from companies.contacting import queries as contacting
from companies.models import Organisation
from core import clock, paging
from core.access import may, visible_to
from core.db import row_key, session, write
from core.download_pages import answer
from core.errors import UserError
from core.i18n import _
from core.urls import safe_next
from core.web import Blueprint
from events.conferences import history
from events.conferences.browsing import exports, merging, operations, queries, ranking, rules
from events.conferences.browsing.enums import MET_LABELS
from events.conferences.browsing.forms import SearchForm
from events.conferences.browsing.models import SavedSearch
from events.conferences.reasons import sentences

bp = Blueprint("browsing", __name__)
PATH = "/organisations/<int:organisation_id>/matches"
BROWSES = may(rules.browse, organisation=Organisation)
SIDE_BY_SIDE = ("revenue_vnd", "export_usd")  # guarded columns that the comparison shows

__all__ = ["bp", "init_app", "merging"]


def init_app(app: Flask) -> None:
    """Register the pages and the words that templates use."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(met_labels=MET_LABELS, reason_sentences=sentences)


@bp.get("/organisations/matches", access=may(rules.browses))
def mine() -> ResponseReturnValue:
    """The list of the reader's own organisation; he chooses where he has several."""
    own = Organisation.id.in_(actor().ties["organisation.partner"])
    rows = session.scalars(
        select(Organisation).where(own, visible_to(actor(), Organisation)).order_by(Organisation.sort_key)
    ).all()
    if len(rows) == 1:
        return redirect(url_for("browsing.index", organisation_id=rows[0].id))
    return render_template("browsing/mine.html", organisations=rows)


@bp.get(PATH, access=BROWSES)
def index(organisation: Organisation) -> ResponseReturnValue:
    return _page(organisation, SearchForm(formdata=None))


def _page(organisation: Organisation, form: SearchForm, status: int = 200) -> ResponseReturnValue:
    at, wanted = clock.now(), queries.narrowed(request.args)
    page = render_template(
        "browsing/index.html",
        organisation=organisation,
        page=paging.page_of(
            queries.matches(organisation.id, wanted, actor(), at=at), request.args.get("page"), per_page=20
        ),
        wanted=wanted,
        kept=queries.kept_filters(request.args),
        starred=queries.starred(organisation.id),
        met=history.met_with(organisation.id, at=at),
        asked=contacting.asked_by(organisation.id),
        searches=queries.searches(organisation),
        ranked_at=queries.ranked_at(organisation),
        communes=sorted(places.communes()),
        form=form,
    )
    return page, status


@bp.post(f"{PATH}/rank", access=BROWSES)
def rank(organisation: Organisation) -> ResponseReturnValue:
    with write():
        task = ranking.ask(organisation, by=me(), at=clock.now())
    return redirect(url_for("tasks.show", task_id=task.id))


@bp.post(f"{PATH}/<int:firm_id>/star", access=may(rules.browse, organisation=Organisation, firm=Organisation))
def star(organisation: Organisation, firm: Organisation) -> ResponseReturnValue:
    """Put on the shortlist, or take off."""
    key = firm.id
    back = _back(organisation, request.form.get("back"))
    with write():
        operations.star(organisation, firm, request.form.get("star") == "1", by=me(), at=clock.now())
    return redirect(f"{back}#f{key}")


def _back(organisation: Organisation, given: str | None) -> str:
    return safe_next(given) if given else url_for("browsing.index", organisation_id=organisation.id)


# --- saved searches --------------------------------------------------------------------------------------------


@bp.post(f"{PATH}/searches", access=BROWSES)
def save_search(organisation: Organisation) -> ResponseReturnValue:
    """The filters stand in the address, the name in the form."""
    form, key = SearchForm(), organisation.id
    if not form.validate_on_submit():
        return _page(organisation, form, 422)
    filters = queries.kept_filters(request.args)
    try:
        with write():
            operations.save_search(organisation, form.name.data or "", filters, by=me(), at=clock.now())
    except UserError as err:
        return _page(organisation, form.blame(err), err.status)
    flash(_("The search is saved."), "success")
    return redirect(url_for("browsing.index", organisation_id=key, **_arguments(filters)))


def _arguments(filters: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in filters.items() if name in queries.KEPT}


@bp.post(
    f"{PATH}/searches/<int:saved_search_id>/delete",
    access=may(rules.browse, organisation=Organisation, saved_search=SavedSearch),
)
def delete_search(organisation: Organisation, saved_search: SavedSearch) -> ResponseReturnValue:
    key = organisation.id
    with write():
        operations.delete_search(saved_search, by=me(), at=clock.now())
    flash(_("The search is deleted."), "success")
    return redirect(url_for("browsing.index", organisation_id=key))


# --- side by side, and out ------------------------------------------------------------------------------------


@bp.get(f"{PATH}/compare", access=BROWSES)
def compare(organisation: Organisation) -> ResponseReturnValue:
    keys = [row_key(text) for text in request.args.getlist("firm")[:20]]
    rows = queries.compared(organisation, keys, actor())
    if len(rows) not in rules.COMPARED:
        flash(_("Tick two to four firms to see them side by side."), "warning")
        return redirect(_back(organisation, request.args.get("back")))
    firms, at = [row.firm for row in rows], clock.now()
    sights = sight.sights(actor(), [firm.id for firm in firms])
    page = render_template(
        "browsing/compare.html",
        organisation=organisation,
        rows=rows,
        sights=sights,
        needs=queries.readable_needs([firm.id for firm in firms], actor()),
        met=history.met_with(organisation.id, at=at),
        asked=contacting.asked_by(organisation.id),
    )
    for firm in firms:
        reads.note(firm, sights[firm.id], by=me(), at=at, only=SIDE_BY_SIDE)
    return page


@bp.get("/organisations/matches.xlsx", access=may(rules.browses))
def export() -> ResponseReturnValue:
    return answer(exports.MATCHES)
