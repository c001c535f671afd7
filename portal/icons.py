"""Icons of the Bootstrap set, written into the page: no request of their own and nothing that the CSP refuses."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

SYMBOL = re.compile(r'<symbol[^>]*viewBox="([^"]+)" id="([a-z0-9-]+)">(.*?)</symbol>', re.S)


def icon(name: str, label: str = "") -> Markup:
    """The icon as an inline SVG of the text's size and colour; silent to screen readers unless `label` is given.

    Raises KeyError for a name that the set does not have.
    """
    return _drawn(name, Markup('role="img" aria-label="{}"').format(label)) if label else _silent(name)


@cache
def _silent(name: str) -> Markup:
    return _drawn(name, Markup('aria-hidden="true"'))


def _drawn(name: str, told: Markup) -> Markup:
    box, shape = _symbols()[name]
    return Markup('<svg class="icon" viewBox="{}" width="16" height="16" fill="currentColor" {}>{}</svg>').format(
        box,
        told,
        Markup(shape),  # noqa: S704 - the shapes are those of the installed package
    )


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    sprite = files("flask_bootstrap") / "static/bootstrap5/icons/bootstrap-icons.svg"
    return {name: (box, shape) for box, name, shape in SYMBOL.findall(sprite.read_text("utf-8"))}
