"""The description of the interface (OpenAPI 3.1). What may be handed in comes from the columns of the import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.enums import SCOPE_LABELS, Scope
from api.rules import MOST_ROWS, WRITES_AN_HOUR
from companies.columns import SHEETS, Column
from companies.enums import Kind, Recognition, Sector
from core.i18n import force_locale

TEXT, MAYBE, TRUTH = {"type": "string"}, {"type": ["string", "null"]}, {"type": "boolean"}
WHOLE, MAYBE_WHOLE, DAY = (
    {"type": "integer"},
    {"type": ["integer", "null"]},
    {"type": ["string", "null"], "format": "date"},
)


def document(address: str) -> dict[str, Any]:
    """The whole description; `address` is where it is served."""
    with force_locale("en"):
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "SPCNCL: key industrial products of Hanoi",
                "version": "1.0.0",
                "description": "Gives recognised firms and products to other agencies' systems and takes "
                "organisations from them. Public facts only. Faults are problem documents (RFC 9457).",
            },
            "servers": [{"url": address.rpartition("/openapi.json")[0]}],
            "security": [{"token": []}],
            "paths": _paths(),
            "components": {
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _scopes()}},
                "schemas": _schemas(),
                "responses": {name: _problem(text) for name, text in PROBLEMS.items()},
            },
        }


PROBLEMS = {
    "BadRequest": "The request cannot be understood.",
    "Unauthorized": "No token that counts.",
    "Forbidden": "The token lacks the right.",
    "NotFound": "There is no such organisation.",
    "Conflict": "The key was used for another body, or somebody else saved in the meantime.",
    "Unprocessable": "Rows have faults; nothing was imported. `errors` names each by a JSON pointer.",
    "TooMany": "Too many requests.",
}
CODES = {"400": "BadRequest", "401": "Unauthorized", "403": "Forbidden", "404": "NotFound", "409": "Conflict",
         "422": "Unprocessable", "429": "TooMany"}  # fmt: skip


def _scopes() -> str:
    return "Rights: " + "; ".join(f"`{scope.value}` {SCOPE_LABELS[scope]}" for scope in Scope)


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {"application/problem+json": {"schema": schema}}}


def _object(properties: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(properties), **more}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(item: Any) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _paths() -> dict[str, Any]:
    paging = [_query("page", WHOLE), _query("per_page", {"type": "integer", "maximum": 200})]
    recognised = _query("recognised", TRUTH), _query("sector", {"type": "string", "enum": list(map(str, Sector))})
    since = _query("updated_since", {"type": "string", "format": "date-time"})
    code = {
        "name": "code",
        "in": "path",
        "required": True,
        "schema": TEXT,
        "description": "Tax code, or DE:HRB1 abroad",
    }
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "schema": {**TEXT, "minLength": 8, "maxLength": 100},
    }
    return {
        "/openapi.json": {"get": {**_read("description", "This description.", {"type": "object"}), "security": []}},
        "/organisations": {
            "get": _read("organisations", "By id.", _ref("Organisations"), *recognised, since, *paging),
            "post": {
                "operationId": "take",
                "summary": "Take organisations and what belongs to them, all or none.",
                "description": f"At most {MOST_ROWS} rows a call and {WRITES_AN_HOUR} calls an hour. Rows are "
                "recognised by tax code, abroad by country and number. A key that is not sent leaves a field, null "
                "empties it. The same Idempotency-Key with the same body is answered as before and does nothing.",
                "parameters": [key, _query("dry_run", TRUTH)],
                "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Taken")}}},
                "responses": {
                    "200": _answer("What happened to each row.", _ref("Outcome")),
                    **_faults("400", "401", "403", "409", "422", "429"),
                },
            },
        },
        "/organisations/{code}": {
            "get": _read("organisation", "One organisation.", _ref("Organisation"), code, also=("404",))
        },
        "/products": {
            "get": _read("products", "Recognised products, the newest first.", _ref("Awards"),
                         _query("valid", TRUTH), _query("year", WHOLE), *paging)
        },
    }  # fmt: skip


def _query(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def _answer(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _faults(*codes: str) -> dict[str, Any]:
    return {code: {"$ref": f"#/components/responses/{CODES[code]}"} for code in codes}


def _read(
    name: str, text: str, schema: Mapping[str, Any], *parameters: Any, also: tuple[str, ...] = ()
) -> dict[str, Any]:
    mark = {"ETag": {"schema": TEXT, "description": "Send it back in If-None-Match."}}
    responses = {
        "200": {**_answer(text, schema), "headers": mark},
        "304": {"description": "Nothing changed since the ETag that was sent."},
        **_faults("400", "401", "403", *also, "429"),
    }
    found = {"operationId": name, "summary": text, "responses": responses}
    return found | ({"parameters": list(parameters)} if parameters else {})


def _schemas() -> dict[str, Any]:
    texts = {"type": "object", "properties": dict.fromkeys(("vi", "en", "original", "original_language"), MAYBE),
             "required": ["vi", "en"]}  # fmt: skip
    award = {"id": WHOLE, "product": texts, "year": MAYBE_WHOLE, "decision": MAYBE, "valid_until": DAY,
             "valid": TRUTH,
             "top10": TRUTH, "first_time": {"type": ["boolean", "null"]}, "source": MAYBE}  # fmt: skip
    winner = _object({"name": TEXT, "organisation_id": MAYBE_WHOLE, "tax_code": MAYBE})
    place = dict.fromkeys(("province", "commune", "zone", "address", "website"), MAYBE)
    organisation = {
        "id": WHOLE, "tax_code": MAYBE, "country": TEXT, "foreign_id": MAYBE, "name": texts,
        "kinds": _list({"type": "string", "enum": list(map(str, Kind))}),
        "sector": {"enum": [*map(str, Sector), None]},
        "vsic": {"oneOf": [{"type": "null"}, _object({"version": TEXT, "code": TEXT})]}, **place,
        "introduction": texts,
        "recognition": {"type": "string", "enum": list(map(str, Recognition))},
        "products": _list(_object({"id": WHOLE, "name": texts, "hs": MAYBE})), "awards": _list(_object(award)),
        "updated_at": {"type": "string", "format": "date-time"},
    }  # fmt: skip
    result = {"sheet": {"enum": list(SHEETS)}, "index": WHOLE, "what": {"enum": ["new", "changed", "unchanged"]},
              "id": MAYBE_WHOLE, "columns": _list(TEXT)}  # fmt: skip
    error = _object({"pointer": TEXT, "detail": TEXT})
    problem = {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "instance": TEXT}
    return {
        "Organisation": _object(organisation, additionalProperties=False),
        "Award": _object(award | {"winner": winner}, additionalProperties=False),
        "Organisations": _pages("Organisation"),
        "Awards": _pages("Award"),
        "Taken": {"type": "object", "minProperties": 1, "additionalProperties": False,
                  "properties": {name: _list(_row(columns)) for name, columns in SHEETS.items()}},
        "Outcome": _object({"dry_run": TRUTH, "counts": {"type": "object"}, "results": _list(_object(result))}),
        "Problem": {**_object(problem), "properties": problem | {"errors": _list(error)}},
    }  # fmt: skip


def _pages(item: str) -> dict[str, Any]:
    numbers = dict.fromkeys(("page", "pages", "per_page", "total"), WHOLE)
    links = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
    return _object({"data": _list(_ref(item)), **numbers, "links": links})


def _row(columns: tuple[Column, ...]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {c.name: _value(c) for c in columns}}


def _value(column: Column) -> dict[str, Any]:
    types = ["string", "number", "integer", "boolean", "array", *(["null"] if column.clears else [])]
    said = ". ".join(str(text).rstrip(".") for text in (column.label, column.hint) if text)
    return {"type": types, "items": TEXT, "description": said}
