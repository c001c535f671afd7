"""What search engines are told: which pages there are, in which languages, and which are not for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from werkzeug.exceptions import NotFound

from companies.listing.products import address_of
from companies.models import Organisation, Product
from core import sharing
from core.access import NOBODY, public, visible_to
from core.db import count, session
from core.i18n import LANGUAGES
from core.urls import absolute
from core.web import Blueprint

bp = Blueprint("sitemap", __name__)
PER_FILE = 2_000  # rows; each has an address in every language
GENERAL = ("companies.directory", "companies_listing.communes", "events.calendar")
PRIVATE = ("/account", "/admin", "/organisations/mine", "/organisations/review", "/sign-in", "/tasks")


@bp.get("/robots.txt", access=public())
def robots() -> ResponseReturnValue:
    sharing.allow()
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), f"Sitemap: {absolute('sitemap.index')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@bp.get("/sitemap.xml", access=public())
def index() -> ResponseReturnValue:
    sharing.allow()
    numbers = {name: -(-count(query) // PER_FILE) for name, query in _rows().items()}
    parts = [
        absolute("sitemap.part", name=name, number=n) for name, last in numbers.items() for n in range(1, last + 1)
    ]
    general = absolute("sitemap.part", name="pages", number=1)
    return _xml(render_template("companies/sitemap_index.xml", parts=[general, *parts]))


@bp.get("/sitemap-<any(pages, organisations, products):name>-<int:number>.xml", access=public())
def part(name: str, number: int) -> ResponseReturnValue:
    sharing.allow()
    pages = list(_pages(name, number))
    if not pages:
        raise NotFound
    return _xml(render_template("companies/sitemap.xml", pages=pages))


def _rows() -> dict[str, Select[Any]]:
    return {
        "organisations": select(Organisation).where(visible_to(NOBODY, Organisation)).order_by(Organisation.id),
        "products": select(Product).where(visible_to(NOBODY, Product)).order_by(Product.id),
    }


def _pages(name: str, number: int) -> Iterator[dict[str, str]]:
    """The addresses of each page by language."""
    if name == "pages":
        if number == 1:
            yield from ({code: absolute(end, lang=code) for code in LANGUAGES} for end in GENERAL)
        return
    if number < 1:
        return
    query = _rows()[name].limit(PER_FILE).offset((number - 1) * PER_FILE)
    for row in session.scalars(query):
        if isinstance(row, Product):
            yield {code: absolute("products.show", **address_of(row, code)) for code in LANGUAGES}
        else:
            yield {code: absolute("companies.profile", organisation_id=row.id, lang=code) for code in LANGUAGES}


def _xml(text: str) -> Response:
    return Response(text, mimetype="application/xml")
