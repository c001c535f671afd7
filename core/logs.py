"""Structured logs: one JSON object a line, with the request's id. No bodies, no tokens, no personal values."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time

from flask import Flask, Response, g, has_request_context, request

from core import assets, clock

log = logging.getLogger("spcncl")
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
FIELDS = ("status", "ms", "endpoint", "method", "task", "mail", "job", "detail")


class JsonLines(logging.Formatter):
    """One JSON object a line; json.dumps keeps line breaks of hostile values inside their string."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id")
            line["user"] = g.get("user_id")
        line.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(level: str) -> None:
    """Send our logs to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    log.handlers[:] = [handler]
    log.setLevel(level)
    log.propagate = False


def init_app(app: Flask) -> None:
    """Give each request an id and write one line when it ends."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    g.started = time.perf_counter()


def _end(response: Response) -> Response:
    ms = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
    level = logging.DEBUG if request.endpoint in assets.ENDPOINTS else logging.INFO
    log.log(
        level,
        "request",
        extra={
            "status": response.status_code,
            "ms": ms,
            "endpoint": request.endpoint,
            "method": request.method,
        },
    )
    return response
