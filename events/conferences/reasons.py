"""The engine's reasons in the reader's words. What is stored is data (see listing.reasons); this words it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import vietnamese
from companies import need_details
from companies.enums import SECTOR_LABELS, Sector
from companies.identifiers import country_name, language_name
from core.i18n import _, _l, language
from matching.glossary import shipped_glossary

SHOWN_TERMS = 4
SHORTEST_WORD = 4  # letters of a single word that says something by itself


@dataclass(frozen=True)
class Reason:
    """A sentence, how much of the fit it stands for (0..1), and the pairs of terms that met."""

    text: str
    value: float
    terms: tuple[tuple[str, str], ...] = ()
    known: bool = True


def sentences(stored: Sequence[Mapping[str, Any]]) -> list[Reason]:
    """The reasons, the weightiest first. What neither side says anything about is summed up in a last one."""
    known = [line for line in stored if line["known"] and line["value"] > 0.0005]
    silent = sum(line["value"] for line in stored if not line["known"])
    told = [
        Reason(_word(line), line["value"], tuple((own, other) for own, other in line["terms"]))
        for line in sorted(known, key=lambda r: -r["value"])
    ]
    if silent > 0.0005:
        told.append(Reason(_("Neutral share for what one of the two profiles does not say."), silent, known=False))
    return told


def telling(terms: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs of terms that a reader learns something from, at most four, in the given order.

    Numbers, lone Vietnamese syllables, short words, and parts of a phrase that is shown already are left out.
    """
    shown: list[tuple[str, str]] = []
    for own, other in terms:
        fresh = all(not _inside(term, [pair[n] for pair in shown]) for n, term in enumerate((own, other)))
        if fresh and _says_something(own) and _says_something(other):
            shown.append((own, other))
    return shown[:SHOWN_TERMS]


def _inside(term: str, others: Sequence[str]) -> bool:
    key = f" {term_key(term)} "
    return any(key in f" {term_key(other)} " for other in others)


@lru_cache(maxsize=20_000)
def term_key(term: str) -> str:
    """The search key of a term; the same few thousand come again in every pair of a conference."""
    return vietnamese.search_key(term)


def _says_something(term: str) -> bool:
    words = term.split()
    if len(words) > 1:
        return any(not word.isdigit() for word in words)
    letters = [c for c in term if c.isalpha()]
    abbreviation = len(letters) > 1 and term.isupper()
    return abbreviation or (len(letters) >= SHORTEST_WORD and not vietnamese.has_marks(term))


def _word(line: Mapping[str, Any]) -> str:
    return WORDS.get(line["scorer"], _other)(list(line["codes"]), line.get("share", 1.0))


def _text(codes: list[str], share: float) -> str:
    if share < 0.1:
        return _("Needs and offers have only a little in common.")
    if share < 0.3:
        return _("What one needs is partly what the other offers.")
    return _("What one needs is what the other offers.")


def _sector(codes: list[str], share: float) -> str:
    names = [str(SECTOR_LABELS[Sector(c)]) for c in codes if c in Sector._value2member_map_]
    if names:
        return _("Same sector: %(names)s.", names=", ".join(names))
    if codes:
        return _("Same industry by code: %(codes)s.", codes=", ".join(codes))
    return _("Related sectors.")


def _hs(codes: list[str], share: float) -> str:
    if codes:
        return _("Products under the same tariff code (HS): %(codes)s.", codes=", ".join(codes))
    return _("Products under related tariff codes (HS).")


def _certificates(codes: list[str], share: float) -> str:
    if codes:
        return _("Certificates that are asked for and held: %(codes)s.", codes=", ".join(c.upper() for c in codes))
    return _("No certificate is asked for that is missing.")


def _markets(codes: list[str], share: float) -> str:
    if codes:
        return _("Markets in common: %(names)s.", names=", ".join(country_name(c, language()) for c in codes))
    return _("Markets in common.")


def _languages(codes: list[str], share: float) -> str:
    if codes:
        return _("Languages in common: %(names)s.", names=", ".join(language_name(c, language()) for c in codes))
    return _("They share a language.")


def _loan(codes: list[str], share: float) -> str:
    if share > 0.95:
        return _("Amount and term of the loan lie within what is offered.")
    return _("Amount and term of the loan lie partly within what is offered.")


def _size(codes: list[str], share: float) -> str:
    if share > 0.95:
        return _("The sum asked for can well be borne by a firm of this size.")
    return _("The sum asked for is large for a firm of this size.")


def _capacity(codes: list[str], share: float) -> str:
    if share > 0.95:
        return _("As much is offered as is needed.")
    return _("A part of what is needed is offered.")


def _distance(codes: list[str], share: float) -> str:
    if share > 0.95:
        return _("The two are in the same commune.")
    if share > 0.8:
        return _("The two are in neighbouring communes.")
    if share > 0.5:
        return _("The two are in the same province or city.")
    return _("The two are in different provinces.")


def _tags(codes: list[str], share: float) -> str:
    if not codes:
        return _("Subjects in common.")
    names = [need_details.code_name(code, language()) or _named(code, language()) for code in codes]
    return _("Subjects in common: %(codes)s.", codes=", ".join(names))


def _named(tag: str, code: str) -> str:
    """A tag as somebody typed it, or its name in the reader's language where the glossary has one.

    Abbreviations and names of standards are the same in every language.
    """
    plain = tag.islower() and tag.replace(" ", "").isalpha()
    return _glossary_names(code).get(tag, tag) if plain else tag


@lru_cache
def _glossary_names(code: str) -> Mapping[str, str]:
    """What the glossary calls otherwise -> its first name in that language."""
    found: dict[str, str] = {}
    for entry in shipped_glossary():
        own, others = (entry.vi, entry.en) if code == "vi" else (entry.en, entry.vi)
        for name in others if own else ():
            found.setdefault(name, own[0])
    return found


def _other(codes: list[str], share: float) -> str:
    return _("Other facts in common.")


WORDS: Mapping[str, Callable[[list[str], float], str]] = {
    "text": _text,
    "sector": _sector,
    "hs": _hs,
    "certificates": _certificates,
    "markets": _markets,
    "languages": _languages,
    "loan": _loan,
    "size": _size,
    "capacity": _capacity,
    "distance": _distance,
    "tags": _tags,
}

# What the engine compares, as a noun: for the record of its weights.
SCORER_LABELS: Mapping[str, Any] = {
    "text": _l("Needs and offers"),
    "sector": _l("Sector"),
    "hs": _l("Tariff codes (HS)"),
    "certificates": _l("Certificates"),
    "markets": _l("Markets"),
    "languages": _l("Languages"),
    "loan": _l("Amount and term of the loan"),
    "size": _l("Loan against revenue"),
    "capacity": _l("Quantity needed and offered"),
    "distance": _l("Distance"),
    "tags": _l("Subjects"),
}
