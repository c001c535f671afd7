"""The page on which officers state how long titles hold, with the regulation that says so."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from companies import rules, title_terms
from companies.titles.forms import TermForm
from core import clock
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import ngettext
from core.web import Blueprint

bp = Blueprint("titles", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


def _page(form: TermForm, status: int = 200) -> ResponseReturnValue:
    on, terms = clock.today(), title_terms.present()
    ends = {
        year: (rules.months_of(year, terms), rules.title_ends(year=year, valid_until=None, terms=terms))
        for year in range(on.year + 1, on.year - 6, -1)
    }
    page = render_template(
        "companies/title_terms.html",
        form=form,
        stated=title_terms.stated(),
        usual=rules.USUAL_TERMS,
        ends=ends,
        held=title_terms.held(on),
        today=on,
    )
    return page, status


@bp.get("/organisations/title-terms", access=may(rules.manage_organisations))
def index() -> ResponseReturnValue:
    return _page(TermForm(formdata=None, since=clock.today().year))


@bp.post("/organisations/title-terms", access=may(rules.manage_organisations))
def state() -> ResponseReturnValue:
    form = TermForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    since, months = form.since.data or 0, form.months.data or 0
    return _change(lambda: title_terms.state(since, months, form.source.data or "", by=me(), at=clock.now()), form)


@bp.post("/organisations/title-terms/<int:since>/remove", access=may(rules.manage_organisations))
def remove(since: int) -> ResponseReturnValue:
    return _change(lambda: title_terms.remove(since, by=me(), at=clock.now()), TermForm(formdata=None))


def _change(act: Callable[[], object], form: TermForm) -> ResponseReturnValue:
    """Change the terms, and tell how many titles hold now and held before."""
    on = clock.today()
    before = title_terms.held(on)
    try:
        with write():
            act()
            after = title_terms.held(on)
    except UserError as err:
        return _page(form.blame(err), err.status)
    flash(
        ngettext(
            "Saved. %(num)d title holds today; before this change it was %(before)d.",
            "Saved. %(num)d titles hold today; before this change it was %(before)d.",
            after,
            before=before,
        ),
        "success",
    )
    return redirect(url_for("titles.index"))
