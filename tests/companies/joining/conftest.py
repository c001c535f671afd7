"""Mail of joining, as its reader opens it."""

from __future__ import annotations

from tests.accounts.conftest import mailed

__all__ = ["mailed"]
