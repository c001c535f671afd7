"""What an organisation states of each year: staff, revenue, export."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from companies import profile, queries, reads, rules, sight
from companies.editing.forms import YearForm
from companies.editing.saving import MANAGE, bp, part_page, remove_part, save_part
from companies.models import Organisation
from companies.records import FIGURES, YearlyFigures
from core import clock
from core.access import may

MANAGE_FIGURES = may(rules.manage_organisation, organisation=Organisation, yearly_figures=YearlyFigures)
PAGE = "companies/year.html"


def _note_read(organisation: Organisation) -> None:
    """An officer who looks at figures leaves a line; the organisation's own people do not."""
    reads.note(organisation, sight.sight(actor(), organisation), by=me(), at=clock.now(), only=FIGURES)


def _list_of(organisation: Organisation) -> str:
    return url_for("companies_editing.figures", organisation_id=organisation.id)


@bp.get("/organisations/<int:organisation_id>/figures", access=MANAGE, endpoint="figures")
def listed(organisation: Organisation) -> ResponseReturnValue:
    _note_read(organisation)
    rows = queries.figures(organisation)
    return render_template(
        "companies/figures.html", organisation=organisation, rows=rows, bars=profile.bars(rows, "revenue_vnd")
    )


@bp.get("/organisations/<int:organisation_id>/figures/new", access=MANAGE, endpoint="new_figures")
def new(organisation: Organisation) -> ResponseReturnValue:
    stated = {row.year for row in queries.figures(organisation)}
    last = clock.today().year - 1
    free = next(year for year in range(last, 1989, -1) if year not in stated)
    return part_page(PAGE, organisation, None, YearForm(year=free))


@bp.post("/organisations/<int:organisation_id>/figures/new", access=MANAGE, endpoint="create_figures")
def create(organisation: Organisation) -> ResponseReturnValue:
    return save_part(YearlyFigures, organisation, None, YearForm(), PAGE, _list_of(organisation))


@bp.get(
    "/organisations/<int:organisation_id>/figures/<int:yearly_figures_id>",
    access=MANAGE_FIGURES,
    endpoint="figures_of_year",
)
def show(organisation: Organisation, yearly_figures: YearlyFigures) -> ResponseReturnValue:
    _note_read(organisation)
    return part_page(PAGE, organisation, yearly_figures, YearForm(obj=yearly_figures))


@bp.post(
    "/organisations/<int:organisation_id>/figures/<int:yearly_figures_id>",
    access=MANAGE_FIGURES,
    endpoint="save_figures",
)
def change(organisation: Organisation, yearly_figures: YearlyFigures) -> ResponseReturnValue:
    form = YearForm(obj=yearly_figures)
    return save_part(YearlyFigures, organisation, yearly_figures, form, PAGE, _list_of(organisation))


@bp.post(
    "/organisations/<int:organisation_id>/figures/<int:yearly_figures_id>/remove",
    access=MANAGE_FIGURES,
    endpoint="remove_figures",
)
def remove(organisation: Organisation, yearly_figures: YearlyFigures) -> ResponseReturnValue:
    return remove_part(organisation, yearly_figures, _list_of(organisation))
