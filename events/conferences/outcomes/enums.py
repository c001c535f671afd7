"""What a side says of a meeting, and what can come of one, with labels."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class Label(StrEnum):
    """Where a side sees the contact after a meeting."""

    NO_INTEREST = "no_interest"
    FOLLOW_UP = "follow_up"
    NEGOTIATING = "negotiating"
    AGREED = "agreed"


LABELS = {
    Label.NO_INTEREST: _l("No interest"),
    Label.FOLLOW_UP: _l("To follow up"),
    Label.NEGOTIATING: _l("Negotiating"),
    Label.AGREED: _l("Agreed"),
}


PROMISING = frozenset({Label.FOLLOW_UP, Label.NEGOTIATING, Label.AGREED})  # something may come of the contact


class OutcomeKind(StrEnum):
    """What came of a meeting in the end."""

    MOU = "mou"
    CONTRACT = "contract"
    LOAN = "loan"
    HIRES = "hires"
    RESEARCH = "research"
    OTHER = "other"


OUTCOME_LABELS = {
    OutcomeKind.MOU: _l("Memorandum of understanding"),
    OutcomeKind.CONTRACT: _l("Contract"),
    OutcomeKind.LOAN: _l("Loan"),
    OutcomeKind.HIRES: _l("People hired or trained"),
    OutcomeKind.RESEARCH: _l("Research contract"),
    OutcomeKind.OTHER: _l("Something else"),
}
WITH_AMOUNT = frozenset({OutcomeKind.CONTRACT, OutcomeKind.LOAN, OutcomeKind.RESEARCH})
WITH_PEOPLE = frozenset({OutcomeKind.HIRES})
CURRENCIES = ("VND", "USD", "EUR", "JPY", "KRW")
