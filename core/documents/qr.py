"""QR codes as SVG, without any style attribute, so that they pass the site's Content-Security-Policy."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup, escape


def svg_bytes(text: str) -> bytes:
    """A QR code as an SVG file: dark on white, four modules of quiet zone, error correction M."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, light="#fff", xmldecl=False)
    return out.getvalue()


def svg(text: str, label: str = "") -> Markup:
    """A QR code to stand in a page; it takes the size of its box. `label` is read out by a screen reader."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=4, light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(drawn.replace("<svg ", f"<svg {spoken} ", 1))  # noqa: S704 - segno's own markup, the label escaped
