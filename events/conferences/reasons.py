"""The engine's reasons in the reader's words. What is stored is data (see suggestions.reasons); this words it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from companies.enums import SECTOR_LABELS, Sector
from core.i18n import _


@dataclass(frozen=True)
class Reason:
    """A sentence, how much of the fit it stands for (0..1), and the pairs of terms that met."""

    text: str
    value: float
    terms: tuple[tuple[str, str], ...] = ()


def sentences(stored: Sequence[Mapping[str, Any]]) -> list[Reason]:
    """The reasons, the weightiest first. What neither side says anything about is summed up in a last one."""
    known = [line for line in stored if line["known"] and line["value"] > 0.0005]
    silent = sum(line["value"] for line in stored if not line["known"])
    told = [
        Reason(_word(line), line["value"], tuple((own, other) for own, other in line["terms"]))
        for line in sorted(known, key=lambda r: -r["value"])
    ]
    if silent > 0.0005:
        told.append(Reason(_("Neutral share for what one of the two profiles does not say."), silent))
    return told


def _word(line: Mapping[str, Any]) -> str:
    return WORDS.get(line["scorer"], _other)(list(line["codes"]))


def _text(codes: list[str]) -> str:
    return _("What one of the two needs, the other offers.")


def _sector(codes: list[str]) -> str:
    names = [str(SECTOR_LABELS[Sector(c)]) for c in codes if c in Sector._value2member_map_]
    if names:
        return _("Same sector: %(names)s.", names=", ".join(names))
    return _("Same industry by code: %(codes)s.", codes=", ".join(codes)) if codes else _("Related sectors.")


def _hs(codes: list[str]) -> str:
    return (
        _("Products under the same tariff codes: %(codes)s.", codes=", ".join(codes)) if codes else _("Tariff codes.")
    )


def _certificates(codes: list[str]) -> str:
    if codes:
        return _("Certificates that are asked for and held: %(codes)s.", codes=", ".join(c.upper() for c in codes))
    return _("Certificates.")


def _markets(codes: list[str]) -> str:
    return _("Markets in common: %(codes)s.", codes=", ".join(codes)) if codes else _("Markets.")


def _languages(codes: list[str]) -> str:
    return _("A language in common: %(codes)s.", codes=", ".join(codes)) if codes else _("Languages.")


def _loan(codes: list[str]) -> str:
    return _("Amount, purpose and term of the loan fit what is offered.")


def _size(codes: list[str]) -> str:
    return _("The sum asked for can be borne by a firm of this size.")


def _capacity(codes: list[str]) -> str:
    return _("The numbers asked for and offered fit.")


def _distance(codes: list[str]) -> str:
    return _("The two are near each other.")


def _tags(codes: list[str]) -> str:
    return (
        _("Purpose or subject in common: %(codes)s.", codes=", ".join(codes)) if codes else _("Subjects in common.")
    )


def _other(codes: list[str]) -> str:
    return _("Other facts in common.")


WORDS: Mapping[str, Callable[[list[str]], str]] = {
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
