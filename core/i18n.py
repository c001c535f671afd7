"""Languages: Vietnamese first, English beside it.

`_` and `_l` are for files that may not import flask. Texts that people type come in two languages:
`pick` chooses, and says when it had to fall back, so that the page can show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale, get_locale, gettext, lazy_gettext, ngettext

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"

_ = gettext
_l = lazy_gettext

__all__ = [
    "DEFAULT", "LANGUAGES", "Shown", "_", "_l", "force_locale", "gettext", "language", "lazy_gettext", "ngettext",
    "pick",
]  # fmt: skip


def language() -> str:
    """The reader's language: "vi" or "en". Outside a request, or for anything else, Vietnamese."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else DEFAULT


@dataclass(frozen=True)
class Shown:
    """A text chosen for the reader. `lang` is the language it is really in; `fallback` if it is another one."""

    text: str
    lang: str
    fallback: bool

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def pick(row: Any, field: str, wanted: str | None = None) -> Shown:
    """The text of `field` (columns `field_vi`, `field_en`, and, if the row has it, `field_original`)."""
    wanted = wanted or language()
    other = "en" if wanted == "vi" else "vi"
    for lang in (wanted, other):
        if text := getattr(row, f"{field}_{lang}", None):
            return Shown(text, lang, lang != wanted)
    if text := getattr(row, f"{field}_original", None):
        return Shown(text, getattr(row, "original_language", None) or "und", True)
    return Shown("", wanted, False)
