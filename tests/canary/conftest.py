"""The story that the canaries sit in."""

from __future__ import annotations

import json

import pytest

from core.documents import pdf
from core.extensions import limiter
from tests.canary import story


@pytest.fixture
def site(cast, monkeypatch):
    """Firm a matched with a supplier, firm b with nobody; a bank that takes part and is matched with neither."""
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(
        pdf, "render", lambda name, data, **_: b"%PDF-" + json.dumps(data, ensure_ascii=False).encode()
    )
    return story.build(cast)
