"""What a system with a token may do."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class Scope(StrEnum):
    """One right of a token."""

    READ_ORGANISATIONS = "organisations:read"
    READ_PRODUCTS = "products:read"
    WRITE_ORGANISATIONS = "organisations:write"


SCOPE_LABELS = {
    Scope.READ_ORGANISATIONS: _l("Read organisations (public facts)"),
    Scope.READ_PRODUCTS: _l("Read recognised products"),
    Scope.WRITE_ORGANISATIONS: _l("Hand in organisations"),
}
