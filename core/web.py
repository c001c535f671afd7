"""The ground under every page: the blueprint that demands `access=`, the guard, headers, error pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import flask
from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import Forbidden, HTTPException, InternalServerError, NotFound, SecurityError, Unauthorized
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.routing import IntegerConverter, RequestRedirect

from core import assets, logs, sharing
from core.access import MAX_ID, Access, Succeeded, current_actor
from core.config import Settings
from core.db import session
from core.errors import UserError

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap's CSS draws its own small pictures with data: addresses
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ERROR_TEXTS = {
    400: _l("The request could not be understood."),
    401: _l("Please sign in first."),
    403: _l("You may see this, but you may not do that here."),
    404: _l("There is no such page, or it is not for you."),
    405: _l("This address cannot be used in that way."),
    409: _l("This does not fit the present state any more."),
    413: _l("What you sent is too large."),
    422: _l("Something in what you sent cannot be used."),
    429: _l("Too many tries. Wait a little and try again."),
    500: _l("Something went wrong on our side. It has been recorded."),
    503: _l("The service cannot answer right now. Nothing was changed; try again in a moment."),
}


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class RowId(IntegerConverter):
    """Ids in URLs: plain ASCII digits that fit a row id; anything else is no such page."""

    regex = r"[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        number = super().to_python(value)
        if number > MAX_ID:
            raise NotFound
        return number  # type: ignore[no-any-return]


class Blueprint(flask.Blueprint):
    """A blueprint whose every URL says who may open it: `@bp.get("/x", access=...)`."""

    def route(self, rule: str, *, access: Access, **options: Any) -> Decorator:  # type: ignore[override]
        """Register a view. Without `access` the module does not import."""

        def register(view: Callable[..., Any]) -> Callable[..., Any]:
            endpoint = options.pop("endpoint", None) or view.__name__

            @wraps(view)
            def guarded(**arguments: Any) -> Any:
                try:
                    admitted = access.admit(current_actor(), dict(arguments))
                except Succeeded as moved:
                    return _lead_on(access, arguments, moved)
                return view(**admitted)

            declared = f"{self.name}.{endpoint}"
            self.record(lambda state: state.app.extensions["access"].__setitem__(declared, access))
            self.add_url_rule(rule, endpoint, guarded, **options)
            return view

        return register

    def get(self, rule: str, *, access: Access, **options: Any) -> Decorator:  # type: ignore[override]
        """A page: changes nothing."""
        return self.route(rule, access=access, methods=["GET"], **options)

    def post(self, rule: str, *, access: Access, **options: Any) -> Decorator:  # type: ignore[override]
        """An act."""
        return self.route(rule, access=access, methods=["POST"], **options)


def _lead_on(access: Access, arguments: dict[str, Any], moved: Succeeded) -> ResponseReturnValue:
    """Send the reader of an old address to the row that took its place; an act there is no act."""
    if request.method not in ("GET", "HEAD") or request.endpoint is None:
        raise moved
    names = [f"{name}_id" for name, model in access.rows.items() if model is moved.model]
    right = {name: moved.new for name in names if arguments[name] == moved.old}
    query = request.query_string.decode("ascii", "replace")
    path = url_for(request.endpoint, **{**arguments, **right}).partition("?")[0]
    return redirect(f"{path}?{query}" if query else path, 301)


def init_app(app: Flask, settings: Settings) -> None:
    """Install the guard, the headers and the error pages."""
    app.extensions["access"] = dict.fromkeys(assets.ENDPOINTS)
    app.url_map.converters["int"] = RowId
    app.before_request(_refuse_undeclared)
    app.before_request(_refuse_ambiguous)
    app.after_request(_headers(settings))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(UserError, _user_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _crash)


def wants_json() -> bool:
    """Whether the reader is a program."""
    return request.path.startswith("/api/") or request.headers.get("X-Requested-With") == "fetch"


def error_page(status: int, message: Any = None) -> Response:
    """The page (or JSON) for an error, in the reader's language, without a trace of what is behind it."""
    text = str(message or ERROR_TEXTS.get(status, ERROR_TEXTS[500]))
    if request.path.startswith("/api/"):
        return problem(status, text)
    if wants_json():
        response = jsonify(error={"status": status, "message": text, "request": g.get("request_id")})
    else:
        page = render_template("error.html", status=status, message=text, request_id=g.get("request_id"))
        response = flask.make_response(page)
    response.status_code = status
    return response


def problem(status: int, detail: Any, **more: Any) -> Response:
    """An error for another system, as a problem document (RFC 9457)."""
    response = jsonify(
        type="about:blank",
        title=HTTP_STATUS_CODES.get(status, "Error"),
        status=status,
        detail=str(detail),
        instance=f"urn:request:{g.get('request_id', '')}",
        **more,
    )
    response.status_code, response.mimetype = status, "application/problem+json"
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="SPCNCL"'
    return response


def _refuse_undeclared() -> None:
    """The second lock: an endpoint that no `access=` declared is refused, however it came to be."""
    if request.endpoint is not None and request.endpoint not in current_app.extensions["access"]:
        raise InternalServerError(f"endpoint {request.endpoint} declares no access")


def _refuse_ambiguous() -> None:
    """NUL bytes never reach the database, and an id given twice is no id."""
    for values in (request.args, request.form):
        for name, given in values.lists():
            if any("\x00" in value for value in given) or (name == "id" and len(given) > 1):
                flask.abort(400)


def _headers(settings: Settings) -> Callable[[Response], Response]:
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint in assets.ENDPOINTS:
            return response
        if current_actor_safe() or _opened_by_a_secret(response):
            response.headers["Cache-Control"] = "no-store"
        elif not sharing.share(response):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["X-Request-ID"] = g.get("request_id", "")
        return response

    return add


def _opened_by_a_secret(response: Response) -> bool:
    """The link of a mail opened it. A calendar's program asks again and again, and keeps what it has by its mark."""
    return "key" in (request.view_args or {}) and "ETag" not in response.headers


def current_actor_safe() -> bool:
    """Whether somebody is signed in; True when that cannot be found out, so that nothing is cached."""
    try:
        return current_actor().signed_in
    except Exception:
        logs.log.exception("the reader could not be identified")
        return True


def _http_error(err: HTTPException) -> ResponseReturnValue:
    if isinstance(err, RequestRedirect):
        return err
    if isinstance(err, SecurityError):  # a foreign host: no address of ours can be built for a page
        return Response(str(ERROR_TEXTS[400]), 400, mimetype="text/plain")
    if isinstance(err, Unauthorized) and not wants_json():
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target))
    if isinstance(err, Forbidden | Unauthorized):
        logs.log.warning("refused", extra={"status": err.code})
    if isinstance(err, InternalServerError):
        return _crash(err)
    if err.code is None or err.response is not None:
        return err
    return error_page(err.code)


def _csrf_error(err: CSRFError) -> ResponseReturnValue:
    return error_page(
        400, _("This form was open for too long or came from elsewhere. Load it again and send it once more.")
    )


def _user_error(err: UserError) -> ResponseReturnValue:
    return error_page(err.status, err.message)


def _database_error(err: OperationalError) -> ResponseReturnValue:
    logs.log.exception("the database did not answer")
    session.rollback()
    response = error_page(503)
    response.headers["Retry-After"] = "5"
    return response


def _crash(err: Exception) -> ResponseReturnValue:
    logs.log.exception("unhandled error")
    if current_app.testing and not isinstance(err, InternalServerError):
        raise err
    session.rollback()
    return error_page(500)
