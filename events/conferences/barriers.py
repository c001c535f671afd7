"""Why two participants may not meet at all, whatever the hall allows."""

from __future__ import annotations

from collections.abc import Callable

from core.i18n import _
from events.conferences import confirmations, ranked_lists, wishing
from events.conferences.encoding import Scores
from events.conferences.enums import Wish
from events.conferences.models import Conference

VETO, REFUSED = "veto", "refused"  # beside the gates of the engine


def of(conference: Conference) -> dict[tuple[int, int], str]:
    """(firm, partner) -> what closes the pair: a gate of the engine, a no, or that its meeting was declined."""
    row = ranked_lists.scores(conference)
    closed = Scores.of(row).closed() if row is not None else {}
    for (one, other), said in wishing.wishes(conference).items():
        if said is Wish.NO:
            closed[one, other] = closed[other, one] = VETO
    return closed | dict.fromkeys(confirmations.refusals(conference), REFUSED)


SENTENCES: dict[str, Callable[[], str]] = {
    "same_profile": lambda: _("Both are the same organisation."),
    "same_group": lambda: _("Both belong to the same group."),
    "declined": lambda: _("One of them said no to the other."),
    VETO: lambda: _("One of them said no to the other."),
    REFUSED: lambda: _("One of them declined this meeting after it was announced."),
    "loan_range": lambda: _("The loan that is needed lies outside the range that is offered."),
    "certificate": lambda: _("The buyer asks for a certificate that the firm does not have."),
}
