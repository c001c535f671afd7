"""Why a pair has its score: structured reasons that add up to it, worded elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from matching.profiles import Part, Profile
from matching.weights import NEUTRAL


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one scorer adds to the fit.

    `terms`: pairs of words or phrases that met (one's own word, the other's), strongest first. `codes`: what was
    shared or compared, such as tariff headings or certificates. `known`: False when one of the two says nothing and
    the stated neutral value counts. `share`: what the scorer itself says, in [0, 1].
    """

    scorer: str
    value: float
    terms: tuple[tuple[str, str], ...] = ()
    codes: tuple[str, ...] = ()
    known: bool = True
    share: float = NEUTRAL


@dataclass(frozen=True, slots=True)
class Explanation:
    """Reasons of one pair. `sum(c.value for c in contributions) == fit` within 1e-9 when `gates` is empty.

    A closed gate makes the fit 0; `contributions` then say what it would have been. `advice`: codes of what the first
    profile could add to be found better.
    """

    fit: float
    contributions: tuple[Contribution, ...]
    gates: tuple[str, ...]
    advice: tuple[str, ...]


def advice_for(profile: Profile, used: frozenset[str]) -> tuple[str, ...]:
    """What is missing in a profile of the things that scorers in use look at, most useful first."""
    needs, offers = profile.of_role("need"), profile.of_role("offer")
    texts = [part for part in profile.parts if not part.empty]
    counted = [part for part in profile.parts if part.kind in ("trade", "programme")]
    loans = [part for part in profile.parts if part.kind == "loan"]
    checks = (
        ("add_needs", "text" in used and not needs),
        ("add_offers", "text" in used and not offers),
        ("describe_parts", "text" in used and bool(texts) and all(_words(p) < 4 for p in texts)),
        ("add_english", "text" in used and bool(texts) and not any(p.en.strip() for p in texts)),
        ("add_vietnamese", "text" in used and bool(texts) and not any(p.vi.strip() for p in texts)),
        ("add_sectors", "sector" in used and not (profile.sectors or profile.vsic)),
        ("add_hs", "hs" in used and not profile.hs),
        ("add_certificates", "certificates" in used and not profile.certificates),
        ("add_loan_amount", "loan" in used and any(p.amount == (None, None) for p in loans)),
        ("add_head_count", "capacity" in used and any(p.amount == (None, None) for p in counted)),
        ("add_revenue", "size" in used and profile.revenue is None and any(p.role == "need" for p in loans)),
        ("add_languages", "languages" in used and not profile.languages),
        ("add_markets", "markets" in used and not (profile.markets or profile.countries)),
        ("add_place", "distance" in used and not profile.province),
    )
    return tuple(code for code, missing in checks if missing)


def _words(part: Part) -> int:
    return max(len(text.split()) for text in part.texts)
