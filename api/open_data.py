"""The public, machine-readable list of recognised products: CSV and JSON at addresses that stay."""

from __future__ import annotations

import hashlib

from flask import Flask, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import encoding, queries
from companies import title_terms
from core import clock
from core.access import public
from core.db import session
from core.documents import csv
from core.extensions import limiter
from core.i18n import _, language
from core.web import Blueprint

bp = Blueprint("open_data", __name__, url_prefix="/open-data")
FRESH_FOR = 300  # seconds


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/", access=public())
def index() -> ResponseReturnValue:
    return render_template("api/open_data.html", columns=encoding.OPEN_COLUMNS, notes=_notes())


@bp.get("/recognised-products.json", access=public())
@limiter.limit("60/minute")
def as_json() -> ResponseReturnValue:
    rows = _rows()
    return _fresh(
        jsonify(
            title=str(_("Key industrial products of Hanoi: recognised products")),
            publisher=str(_("Hanoi Department of Industry and Trade")),
            licence=str(_licence()),
            about=url_for("open_data.index", _external=True),
            language=language(),
            columns=_notes(),
            count=len(rows),
            data=rows,
        )
    )


@bp.get("/recognised-products.csv", access=public())
@limiter.limit("60/minute")
def as_csv() -> ResponseReturnValue:
    response = Response(
        csv.write(encoding.open_table(_rows())), content_type="text/csv; charset=utf-8; header=present"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="recognised-products.csv"'
    return _fresh(response)


def _rows() -> list[dict[str, object]]:
    today = clock.today()
    terms = title_terms.present()
    return [encoding.award(row, on=today, terms=terms) for row in session.scalars(queries.awards(on=today))]


def _fresh(response: Response) -> Response:
    """The same for everybody: it may be kept for a while, and is not sent again to who has it."""
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers["Cache-Control"] = f"public, max-age={FRESH_FOR}"
    response.headers["Link"] = f'<{url_for("open_data.index", _external=True)}>; rel="license describedby"'
    response.make_conditional(request)
    return response


def _licence() -> str:
    return _(
        "May be used and passed on freely, also for business, when the source is named: Hanoi Department of Industry "
        "and Trade, programme of key industrial products."
    )


def _notes() -> dict[str, str]:
    """What each column of the list says."""
    return {
        "winner_name": _("The firm, as the decision names it"),
        "tax_code": _("Its tax code, where known"),
        "product_vi": _("Product in Vietnamese"),
        "product_en": _("Product in English"),
        "year": _("Year of recognition"),
        "decision": _("Number of the decision"),
        "valid_until": _("Last day of the title"),
        "valid": _("Whether the title holds today"),
        "top10": _("Whether it was among the ten best of its year"),
        "first_time": _("Whether it was the first time"),
        "source": _("Where this was published"),
        "organisation_id": _("Number of the firm's page on this site"),
    }
