"""Pages and answers beside the directory's list: suggestions as one types, and the picture of the communes."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Flask, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from companies import catalogue, places, stamp
from companies.enums import Recognition
from companies.facets import Facet
from companies.facets import places as positions
from companies.listing import products, sitemap, tiles
from companies.listing.narrowing import LONGEST
from companies.suggesting import Group, Term, suggest
from core import clock, sharing
from core.access import public
from core.i18n import LANGUAGES, _l, language
from core.urls import absolute
from core.web import Blueprint

bp = Blueprint("companies_listing", __name__)

GROUP_LABELS = {
    Group.ORGANISATION: _l("Organisations"),
    Group.PRODUCT: _l("Products"),
    Group.HS: _l("HS codes"),
    Group.COMMUNE: _l("Communes"),
}
MEASURES = {"firms": _l("Recognised firms"), "products": _l("Recognised products")}


def init_app(app: Flask) -> None:
    """Register the pages."""
    for pages in (bp, products.bp, sitemap.bp):
        app.register_blueprint(pages)
    app.jinja_env.globals.update(product_address=products.address_of, in_each_language=in_each_language)


def in_each_language(endpoint: str, **values: Any) -> dict[str, str]:
    """The absolute addresses of a page, for each language."""
    return {code: absolute(endpoint, **values, lang=code) for code in LANGUAGES}


@bp.get("/organisations/suggestions", access=public())
@sharing.kept(stamp.present)
def suggestions() -> ResponseReturnValue:
    found = suggest(catalogue.current(clock.today()).terms, request.args.get("q", "")[:LONGEST])
    groups = [
        {"label": str(GROUP_LABELS[group]), "items": [_shown(term) for term in terms]}
        for group, terms in groupby(found, key=lambda term: term.group)
    ]
    return jsonify(groups=groups)


def _shown(term: Term) -> dict[str, Any]:
    if term.group is Group.ORGANISATION:
        url = url_for("companies.profile", organisation_id=int(term.value))
    elif term.group is Group.PRODUCT:
        url = url_for("products.short", product_id=int(term.value))
    else:
        narrowed: dict[str, Any] = {term.group.value: term.value}
        url = url_for("companies.directory", **narrowed)
    return {"label": term.label(language()), "about": term.about, "url": url}


@bp.get("/organisations/communes", access=public())
@sharing.kept(stamp.present)
def communes() -> ResponseReturnValue:
    measure = request.args.get("measure", "")
    measure = measure if measure in MEASURES else "firms"
    recognised = _recognised()
    numbers = {name: firms if measure == "firms" else products for name, (firms, products) in recognised.items()}
    shaded = tiles.shaded(places.tiles(), numbers)
    here = "companies_listing.communes"
    return render_template(
        "companies/communes.html",
        measure=measure,
        views=[(label, url_for(here, measure=name), name == measure) for name, label in MEASURES.items()],
        tiles=shaded,
        columns=max(t.tile.column for t in shaded),
        rows=max(t.tile.row for t in shaded),
        bounds=tiles.bounds(numbers.values()),
        recognised=recognised,
        kinds=places.communes(),
    )


def _recognised() -> dict[str, tuple[int, int]]:
    """For each commune with any: recognised firms, and their recognised products."""
    known = catalogue.current(clock.today())
    held = known.index.bits[Facet.STATUS].get(Recognition.RECOGNISED.value, 0)
    found = {}
    for name, bits in known.index.bits[Facet.COMMUNE].items():
        ids = [known.index.entries[place].id for place in positions(bits & held)]
        if ids:
            found[name] = (len(ids), sum(known.titles.get(key, 0) for key in ids))
    return found
