"""Documents for Word, by docxtpl: officers edit the templates in Word, user text is data.

A template is a .docx in templates/docx with `{{ name }}`, `{%p for ... %}` and `{%tr for ... %}`. It runs in Jinja's
sandbox: whoever edits a template reaches the data that is handed to it and nothing else.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

import vietnamese

TEMPLATES = Path(__file__).parents[2] / "templates" / "docx"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """The document of `templates/docx/<template>` with `data`: text, numbers, lists and mappings of them."""
    path = TEMPLATES / template
    if path.parent != TEMPLATES or not path.exists():
        raise LookupError(f"no template {template!r} in templates/docx")
    document = DocxTemplate(str(path))
    document.render(_clean(data), SandboxedEnvironment(), autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _clean(value: Any) -> Any:
    """Text as Word accepts it: NFC, without control characters."""
    if isinstance(value, str):
        return _CONTROLS.sub("", vietnamese.nfc(value))
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
