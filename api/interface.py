"""The JSON interface for other agencies' systems: /api/v1. What it does is written down in `openapi`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from api import encoding, guard, openapi, operations, queries, rate, reading
from api.enums import Scope
from api.models import ApiToken
from companies import applying, importing, reconciling, title_terms
from companies.enums import Sector
from companies.importing import Fault
from companies.plans import Plan
from core import clock, paging
from core.access import public
from core.db import lock, row_key, write
from core.errors import Conflict
from core.extensions import csrf
from core.i18n import _
from core.web import Blueprint, problem

bp = Blueprint("api", __name__, url_prefix="/api/v1")
PER_PAGE, MOST_PER_PAGE = 50, 200


def init_app(app: Flask) -> None:
    """Register the addresses. What hands in needs no form's mark: no cookie opens it, only a token in a header."""
    app.register_blueprint(bp)
    csrf.exempt("api.interface.take")


@bp.get("/openapi.json", access=public())
def description() -> ResponseReturnValue:
    return _conditional(jsonify(openapi.document(url_for("api.description", _external=True))))


@bp.get("/organisations", access=guard.token(Scope.READ_ORGANISATIONS))
@rate.limited
def organisations(api_token: ApiToken) -> ResponseReturnValue:
    today = clock.today()
    found = queries.organisations(
        on=today, recognised=_truth("recognised"), sector=_sector(), since=_instant("updated_since")
    )
    terms = title_terms.present()
    return _page(found, lambda row: encoding.organisation(row, on=today, terms=terms))


@bp.get("/organisations/<code>", access=guard.token(Scope.READ_ORGANISATIONS))
@rate.limited
def organisation(api_token: ApiToken, code: str) -> ResponseReturnValue:
    row = queries.organisation(code[:50])
    if row is None:
        raise NotFound
    return _conditional(jsonify(encoding.organisation(row, on=clock.today(), terms=title_terms.present())))


@bp.get("/products", access=guard.token(Scope.READ_PRODUCTS))
@rate.limited
def products(api_token: ApiToken) -> ResponseReturnValue:
    today = clock.today()
    found = queries.awards(on=today, valid=_truth("valid"), year=_year())
    terms = title_terms.present()
    return _page(found, lambda row: encoding.award(row, on=today, terms=terms))


@bp.post("/organisations", access=guard.token(Scope.WRITE_ORGANISATIONS))
def take(api_token: ApiToken) -> ResponseReturnValue:
    """Take rows in, all or none; the same key with the same body is answered as before."""
    data, key, at = request.get_data(), request.headers.get("Idempotency-Key", ""), clock.now()
    if not 8 <= len(key) <= 100 or not key.isascii() or not key.isprintable():
        return problem(400, _("Send a header Idempotency-Key of 8 to 100 characters."))
    try:
        sheets = reading.sheets(reading.strict(data))
    except reading.BadJson as err:
        return problem(400, _("This is no JSON that can be used: %(reason)s", reason=str(err)))
    dry = _truth("dry_run") or False
    mark = hashlib.sha256(data + b"|dry" * dry).hexdigest()
    book = importing.read_sheets(sheets, today=clock.local(at).date(), told=reading.told(sheets))
    with write():
        token = lock(ApiToken, api_token.id)
        assert token is not None
        before = queries.receipt(token, key)
        if before is not None:
            if before.request_hash != mark:
                raise Conflict(_("This Idempotency-Key was used for another body."))
            return jsonify(before.answer), 200, {"Idempotent-Replayed": "true"}
        operations.check_rate(token, at=at)
        plan = reconciling.reconcile(book)
        if plan.faults:
            return _faulty(plan.faults)
        if not dry:
            applying.apply(plan, by=f"api:{token.id}", at=at)
        answer = _answer(plan, dry)
        operations.keep_receipt(token, key, mark, answer, at=at)
    return jsonify(answer)


def _answer(plan: Plan, dry: bool) -> dict[str, Any]:
    return {"dry_run": dry, "counts": plan.counts(), "results": [encoding.result(change) for change in plan.changes]}


def _faulty(faults: Sequence[Fault]) -> Response:
    errors = [{"pointer": reading.pointer(fault), "detail": fault.message} for fault in faults[:500]]
    return problem(422, _("The list has faults: nothing was imported."), errors=errors)


# --- arguments ------------------------------------------------------------------------------------------------


def _truth(name: str) -> bool | None:
    value = request.args.get(name)
    if value not in (None, "true", "false"):
        raise BadRequest
    return None if value is None else value == "true"


def _sector() -> str | None:
    value = request.args.get("sector")
    if value is not None and value not in list(Sector):
        raise BadRequest
    return value


def _year() -> int | None:
    value = request.args.get("year")
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) == 4):
        raise BadRequest
    return int(value)


def _instant(name: str) -> datetime | None:
    value = request.args.get(name)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value[:40])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRequest from None


# --- answers --------------------------------------------------------------------------------------------------


def _page(query: Any, shown: Callable[[Any], dict[str, Any]]) -> Response:
    """A page of a list, with the addresses of those beside it in the body and in a Link header."""
    per_page = min(row_key(request.args.get("per_page")) or PER_PAGE, MOST_PER_PAGE)
    page = paging.page_of(query, request.args.get("page"), per_page)
    links = {}
    for name, number in (("prev", page.number - 1), ("next", page.number + 1)):
        if 1 <= number <= page.pages:
            links[name] = f"{request.base_url}?{urlencode({**request.args.to_dict(), 'page': number})}"
    body = {
        "data": [shown(row) for row in page.rows],
        "page": page.number,
        "pages": page.pages,
        "per_page": page.per_page,
        "total": page.total,
        "links": links,
    }
    response = jsonify(body)
    if links:
        response.headers["Link"] = ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items())
    return _conditional(response)


def _conditional(response: Response) -> Response:
    """With a mark of its content; who has it already is told so without the content."""
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers.setdefault("Vary", "Authorization")
    response.make_conditional(request)
    return response
