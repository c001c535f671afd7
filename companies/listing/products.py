"""Pages of single products, for buyers who come from a search engine: in each language an address of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

import vietnamese
from companies import photos, queries, stamp
from companies.listing.narrowing import heading_label
from companies.models import Award, Organisation, Product
from companies.photos import Photo
from core import sharing
from core.access import public
from core.i18n import LANGUAGES, _, language, pick
from core.urls import absolute
from core.web import Blueprint

bp = Blueprint("products", __name__)
stamp.watch(Photo)  # product pages show them
SLUG_LENGTH = 80
DESCRIPTION_LENGTH = 160


@bp.get("/products/<int:product_id>", access=public(product=Product))
def short(product: Product) -> ResponseReturnValue:
    return redirect(url_for("products.show", **address_of(product)))


@bp.get("/<any(vi, en):lang>/products/<int:product_id>-<slug>", access=public(product=Product))
@sharing.kept(stamp.present)
def show(product: Product, lang: str, slug: str) -> ResponseReturnValue:
    right = address_of(product, lang)
    if slug != right["slug"]:
        return redirect(url_for("products.show", **right), 301)
    organisation = product.organisation
    pairs, _others = queries.with_awards(queries.products(organisation), organisation.awards)
    titles = next(own for row, own in pairs if row.id == product.id)
    addresses = {code: absolute("products.show", **address_of(product, code)) for code in LANGUAGES}
    summary = summary_of(product, organisation)
    return render_template(
        "companies/product_page.html",
        product=product,
        organisation=organisation,
        titles=titles,
        photos=photos.of_product(product),
        others=[(row, own, address_of(row)) for row, own in pairs if row.id != product.id][:12],
        addresses=addresses,
        summary=summary,
        heading=heading_label(product.hs[:2]) if product.hs else None,
        data=structured(product, organisation, titles, summary, addresses[language()]),
    )


def address_of(product: Product, lang: str | None = None) -> dict[str, Any]:
    """The parts of a product's address in a language."""
    name = pick(product, "name", lang or language()).text
    slug = "-".join(vietnamese.search_key(name).split())[:SLUG_LENGTH].strip("-")
    return {"lang": lang or language(), "product_id": product.id, "slug": slug or "x"}


def summary_of(product: Product, organisation: Organisation) -> str:
    """A sentence or two for the list of a search engine, in the reader's language."""
    about = pick(product, "description").text
    made = _("%(product)s, made in Hanoi by %(firm)s.", product=pick(product, "name").text,
             firm=pick(organisation, "name").text)  # fmt: skip
    return vietnamese.cap(vietnamese.clean_line(about or made), DESCRIPTION_LENGTH)


def structured(
    product: Product, organisation: Organisation, titles: Sequence[Award], summary: str, address: str
) -> Mapping[str, Any]:
    """The product in the words of schema.org; only what the page itself says."""
    maker = {
        "@type": "Organization",
        "name": pick(organisation, "name").text,
        "url": absolute("companies.profile", organisation_id=organisation.id, lang=language()),
        "address": {
            "@type": "PostalAddress",
            "addressLocality": organisation.commune or organisation.province,
            "addressCountry": organisation.country,
        },
    }
    facts = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": pick(product, "name").text,
        "description": summary,
        "url": address,
        "manufacturer": maker,
        "category": f"HS {product.hs}" if product.hs else None,
        "award": [_("Key industrial product of Hanoi %(year)s", year=a.year) for a in titles if a.year],
    }
    return {name: value for name, value in facts.items() if value}
