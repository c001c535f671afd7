"""What of organisations needs an officer now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accounts.rules import is_staff
from companies import directory, reminding
from core import attention, clock
from core.access import Actor
from core.i18n import _l, ngettext

# What matching and invitations cannot do without; the rest of a profile makes it better.
NEEDED = ("needs_offers", "contact", "identifier")


@attention.register("companies.incomplete", _l("Incomplete profiles"), to=is_staff)
def incomplete(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """For each thing that is needed how many organisations lack it: one query."""
    for key, number in directory.lacking_counts(NEEDED).items():
        if not number:
            continue
        label = {
            "needs_offers": ngettext(
                "%(num)d organisation says neither what it needs nor what it offers",
                "%(num)d organisations say neither what they need nor what they offer",
                number,
            ),
            "contact": ngettext(
                "%(num)d organisation has neither e-mail nor phone",
                "%(num)d organisations have neither e-mail nor phone",
                number,
            ),
            "identifier": ngettext(
                "%(num)d organisation has no tax code and no number abroad",
                "%(num)d organisations have no tax code and no number abroad",
                number,
            ),
        }[key]
        yield attention.Entry(
            f"companies.incomplete:{key}", label, "companies.review", {"lacking": key}, number,
            urgency=attention.Urgency.LATER,
        )  # fmt: skip


@attention.register("companies.certificates", _l("Certificates about to end"), to=is_staff)
def certificates(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """How many end within the time of reminding: one query."""
    number, first = reminding.number_ending(on=clock.local(at).date())
    if number:
        label = ngettext("%(num)d certificate ends soon", "%(num)d certificates end soon", number)
        yield attention.Entry(
            "companies.certificates:all", label, "companies.ending", {}, number, due=first,
            urgency=attention.Urgency.LATER,
        )  # fmt: skip
