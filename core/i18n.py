"""Languages: Vietnamese first, English beside it.

`_` and `_l` are for files that may not import flask. Texts that people type come in two languages:
`pick` chooses, and says when it had to fall back, so that the page can show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flask_babel
from flask_babel import force_locale, get_locale
from flask_babel.speaklater import LazyString

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"

__all__ = [
    "DEFAULT", "LANGUAGES", "Shown", "_", "_l", "force_locale", "gettext", "keep_message", "language", "lazy_gettext",
    "ngettext", "pick", "say_again",
]  # fmt: skip


class Said(str):
    """A message in the language of the moment, which knows its source and what was put into it.

    Stored by `keep_message`, it is said again to another reader in his language. `str()` of it stays what it is.
    """

    __slots__ = ("sources", "values")
    sources: tuple[str, ...]
    values: dict[str, Any]

    def __new__(cls, text: str, sources: tuple[str, ...], values: dict[str, Any]) -> Said:
        made = super().__new__(cls, text)
        made.sources, made.values = sources, values
        return made

    def __getnewargs__(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:  # type: ignore[override]
        return str.__str__(self), self.sources, self.values

    def __str__(self) -> str:
        return self


def gettext(source: str, **values: Any) -> str:
    """The message in the language in force."""
    return Said(flask_babel.gettext(source, **values), (source,), values)


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """The message for so many, in the language in force."""
    return Said(flask_babel.ngettext(singular, plural, num, **values), (singular, plural), {"num": num, **values})


def lazy_gettext(source: str, **values: Any) -> LazyString:
    """The message in the language that is in force when it is read."""
    return LazyString(gettext, source, **values)


_ = gettext
_l = lazy_gettext


def keep_message(message: object) -> Any:
    """A message as JSON, to be said again later to whoever reads it; words that came by no catalogue stay as text."""
    text = str(message)
    if not isinstance(text, Said):
        return text
    values = {
        k: v if v is None or isinstance(v, bool | int | float) else keep_message(v) for k, v in text.values.items()
    }
    return {"said": list(text.sources), "values": values}


def say_again(kept: Any) -> str:
    """A kept message in the language in force."""
    if not isinstance(kept, dict):
        return "" if kept is None else str(kept)
    values: dict[str, Any] = {k: say_again(v) if isinstance(v, dict) else v for k, v in kept["values"].items()}
    sources = kept["said"]
    say = gettext if len(sources) == 1 else ngettext
    return say(*sources, **values)


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
