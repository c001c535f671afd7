"""`access=token(Scope.X)`: another system with a token of that right; a person's session opens nothing here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import has_request_context, request
from werkzeug.exceptions import Forbidden, Unauthorized

from api import operations, queries, rules
from api.enums import Scope
from api.models import ApiToken
from core import clock
from core.access import Access, Actor
from core.db import write

LONGEST_KEY = 200


@dataclass(frozen=True)
class TokenAccess(Access):
    """The declaration beside a URL of the interface."""

    scope: Scope | None = None

    def admit(self, actor: Actor, arguments: dict[str, Any]) -> dict[str, Any]:
        """The view's arguments with `api_token`; 401 without a token that counts, 403 without the right."""
        token, at = _presented(), clock.now()
        if token is None or not rules.counts(expires_at=token.expires_at, revoked_at=token.revoked_at, at=at):
            raise Unauthorized
        if self.scope is not None and not rules.allows(token.scopes, self.scope):
            raise Forbidden
        if token.last_used_at is None or at - token.last_used_at > rules.NOTED_EVERY:
            with write():
                operations.note_use(token, at=at)
        return {**arguments, "api_token": token}


def token(scope: Scope) -> TokenAccess:
    """Another system whose token has that right."""
    return TokenAccess(f"token {scope.value}", None, {}, scope=scope)


def _presented() -> ApiToken | None:
    if not has_request_context():
        return None
    scheme, _blank, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key or len(key) > LONGEST_KEY or not key.isascii():
        return None
    return queries.token_by_key(key.strip())
