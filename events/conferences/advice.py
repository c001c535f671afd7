"""What a participant could add to its profile to be found better: in words, with the page to do it on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.i18n import _l
from events.conferences.enums import Side
from matching.profiles import Profile
from matching.reasons import advice_for
from matching.weights import weights_of

SHOWN = 5


@dataclass(frozen=True)
class Advice:
    """A sentence, and where in the profile it is done: endpoint and its arguments besides the organisation."""

    text: Any
    endpoint: str = "companies_editing.hub"
    arguments: Mapping[str, str] = field(default_factory=dict)


def _section(text: Any, section: str) -> Advice:
    return Advice(text, "companies_editing.edit", {"section": section})


def _listed(text: Any, anchor: str) -> Advice:
    return Advice(text, arguments={"_anchor": anchor})


def _new(text: Any, role: str) -> Advice:
    return Advice(text, "companies_editing.new_need", {"role": role})


ADVICE: Mapping[str, Advice] = {
    "add_needs": _new(_l("Say what you look for: without a need, only the offers are compared."), "need"),
    "add_offers": _new(_l("Say what you have to offer: without an offer, only the needs are compared."), "offer"),
    "describe_parts": _listed(_l("Describe your needs and offers in a few more words."), "needs"),
    "add_english": _listed(_l("Add an English text to your needs and offers, for partners from abroad."), "needs"),
    "add_vietnamese": _listed(_l("Add a Vietnamese text to your needs and offers."), "needs"),
    "add_sectors": _section(_l("Choose your sector."), "business"),
    "add_hs": _listed(_l("Add the tariff codes (HS) of your products: buyers are compared by them."), "products"),
    "add_certificates": Advice(
        _l("Add the certificates that you hold: buyers ask for them."), "companies_editing.certificates"
    ),
    "add_loan_amount": _listed(_l("State the amount of the loan: it decides which loans are compared."), "needs"),
    "add_head_count": _listed(_l("State for how many people you need or offer training."), "needs"),
    "add_revenue": Advice(
        _l("State your revenue: banks weigh the loan against it. Partners see it only if you let them."),
        "companies_editing.figures",
    ),
    "add_languages": _section(_l("Name the languages in which you can hold a meeting."), "business"),
    "add_markets": _section(_l("Name the markets to which you sell."), "business"),
    "add_place": _section(_l("State in which commune you are."), "contact"),
}
# A bank or a university serves all sectors; who buys neither holds the certificates nor makes what has the code; and
# English is for those who meet partners from abroad.
FIRMS_ONLY = frozenset({"add_sectors", "add_certificates", "add_hs", "add_english"})
FROM_ABROAD = frozenset({"fdi", "technology_supplier"})


def advice(profile: Profile, side: Side, partner_kinds: Iterable[str]) -> list[Advice]:
    """The most useful things to add, a few of them. `partner_kinds`: the kinds of partner in the pairs compared."""
    kinds = frozenset(partner_kinds)
    used = frozenset(scorer for kind in kinds for scorer in weights_of(kind))
    codes = advice_for(profile, used)
    if side is Side.PARTNER:
        codes = tuple(code for code in codes if code not in FIRMS_ONLY)
    elif not kinds & FROM_ABROAD:
        codes = tuple(code for code in codes if code != "add_english")
    return [ADVICE[code] for code in codes if code in ADVICE][:SHOWN]
