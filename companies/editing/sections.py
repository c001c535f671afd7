"""The steps of filling in a profile: what each holds, what is missing there, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from companies.forms import SECTIONS
from companies.models import Organisation
from core.i18n import _l


@dataclass(frozen=True)
class Step:
    """A part of the profile with a page of its own. `keys`: what of a good profile is filled in there."""

    name: str
    label: Any
    keys: tuple[str, ...]
    endpoint: str = "companies_editing.edit"
    arguments: Mapping[str, str] = field(default_factory=dict)

    def address(self, organisation: Organisation) -> str:
        arguments: dict[str, Any] = dict(self.arguments)
        return url_for(self.endpoint, organisation_id=organisation.id, **arguments)

    def lacks(self, missing: Iterable[str]) -> list[str]:
        """What is missing here."""
        return [key for key in missing if key in self.keys]


def _section(name: str, *keys: str) -> Step:
    return Step(name, SECTIONS[name][0], keys, arguments={"section": name})


def _need(name: str, label: Any, role: str, *keys: str) -> Step:
    return Step(name, label, keys, "companies_editing.new_need", {"role": role})


STEPS: Sequence[Step] = (
    _section("names", "identifier", "name_en"),
    _section("introduction", "intro_vi", "intro_en"),
    _section("business", "sector", "vsic", "languages"),
    _section("contact", "commune", "contact", "website"),
    Step("certificates", _l("Certificates"), ("certificates",), "companies_editing.certificates"),
    Step("figures", _l("Figures by year"), ("employees", "revenue_vnd"), "companies_editing.figures"),
    Step("products", _l("Products"), ("products",), "companies_editing.new_product"),
    Step("photos", _l("Photos"), (), "companies_editing.photos"),
    _need("needs", _l("Needs"), "need", "needs_offers", "need"),
    _need("offers", _l("Offers"), "offer", "offer"),
)


def step_of(key: str) -> Step:
    """Where a missing thing is filled in."""
    return next(step for step in STEPS if key in step.keys)


def following(section: str) -> Step:
    """The step after a section."""
    names = [step.name for step in STEPS]
    return STEPS[names.index(section) + 1]
