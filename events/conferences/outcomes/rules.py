"""The rules of reporting on meetings, as pure functions: who may, when, who is asked again, what totals count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from events.conferences.enums import Report
from events.conferences.outcomes.enums import PROMISING, Label, OutcomeKind

if TYPE_CHECKING:
    from core.access import Actor

MONTHS = (3, 6)  # after the conference, when the sides are asked again
REMIND_AFTER = timedelta(days=3)  # of silence, before the officer's reminder makes sense


def report(actor: Actor, conference: Any, participant: Any) -> bool:
    """A side reports on its own meetings; an officer may for one who phones, and the audit says so."""
    return actor.belongs("organisation", participant.organisation_id) or actor.has("administrator", "officer")


def edit_outcome(actor: Actor, conference: Any, participant: Any, outcome: Any) -> bool:
    """Who may state an outcome may take it back."""
    return report(actor, conference, participant)


def as_answer(*, held: bool | None, useful: bool | None) -> Report:
    """What a report comes to as an answer that the ranking may learn from."""
    if not held:
        return Report.NOT_HELD
    return Report.HELD if useful is None else Report.USEFUL if useful else Report.NOT_USEFUL


def say(row: Any, said: Mapping[str, Any]) -> None:
    """Write any of `held`, `useful`, `label` and `note` into a report on a meeting or a visit; the others stay.

    Who finds it useful, or says where it stands, says that it was held; what was not held is neither.
    """
    for name in ("held", "useful", "label", "note"):
        if name in said:
            setattr(row, name, said[name])
    if said.get("useful") is not None or said.get("label") is not None:
        row.held = True
    if not row.held:
        row.useful = row.label = None


class BothSay:
    """What the two sides of a meeting or a visit say of it, together; `words`: the report of each, or None."""

    @property
    def words(self) -> tuple[Any, Any]:
        raise NotImplementedError

    @property
    def held(self) -> bool | None:
        return was_held(*(said.held if said else None for said in self.words))

    @property
    def disputed(self) -> bool:
        """One side says held, the other not."""
        return {said.held for said in self.words if said} >= {True, False}

    @property
    def useful(self) -> int:
        """How many of the two found it useful."""
        return sum(bool(said and said.useful) for said in self.words)

    @property
    def followed_up(self) -> bool:
        """Something may come of it, by the word of one side at least."""
        return any(said is not None and said.label in PROMISING for said in self.words)


def may_report(*, begins_at: datetime, at: datetime) -> bool:
    """A meeting can be reported on from its beginning on; there is no end, people answer late."""
    return at >= begins_at


def after_months(day: date, months: int) -> date:
    """The same day some months later; the last of the month where that day does not exist."""
    years, rest = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, rest + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def due(*, ended_on: date, months: int, on: date) -> bool:
    """Whether a side is to be asked again: from that day on, and for two months, so that an outage heals itself."""
    first = after_months(ended_on, months)
    return first <= on < after_months(first, 2)


def worth_asking(*, held: bool | None, label: Label | None) -> bool:
    """Whether anything may still come of a meeting: it was not reported as not held, nor as of no interest."""
    return held is not False and label is not Label.NO_INTEREST


def may_exchange(held: bool | None, label: Label | None) -> bool:
    """Whether contacts are offered: it was held, by the side's own words, and something may come of it."""
    return bool(held) and label is not Label.NO_INTEREST


def was_held(one: bool | None, other: bool | None) -> bool | None:
    """What is known of a meeting from both sides: held if one says so and none denies it; None while nobody says.

    Two who contradict each other leave it open (None): the officer sees both answers and asks.
    """
    said = {answer for answer in (one, other) if answer is not None}
    return said.pop() if len(said) == 1 else None


@dataclass(frozen=True)
class Stated:
    """An outcome for counting: of which pair, what, when, how much."""

    pair: tuple[int, int]
    kind: OutcomeKind
    on: date
    amount: Decimal | None = None
    currency: str | None = None
    people: int | None = None


@dataclass
class Total:
    """Of one kind: how many, sums by currency, people."""

    number: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    people: int = 0


def totals(stated: Iterable[tuple[int, Stated]]) -> Mapping[OutcomeKind, Total]:
    """Totals by kind, from (who states it, what). What both sides of a pair state counts once.

    The k-th contract that one side of a pair states is the k-th that the other states, by date; of the two amounts in
    one currency the smaller counts (nobody claims more than both confirm), and one that only one side gives, counts.
    """
    by_side: dict[tuple[tuple[int, int], OutcomeKind], dict[int, list[Stated]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for who, outcome in stated:
        by_side[outcome.pair, outcome.kind][who].append(outcome)
    found: dict[OutcomeKind, Total] = {kind: Total() for kind in OutcomeKind}
    for (_pair, kind), sides in by_side.items():
        lists = [sorted(rows, key=lambda o: o.on) for rows in sides.values()]
        for n in range(max(map(len, lists))):
            _count(found[kind], [rows[n] for rows in lists if n < len(rows)])
    return found


def _count(total: Total, same: list[Stated]) -> None:
    total.number += 1
    total.people += min((o.people for o in same if o.people is not None), default=0)
    sums: dict[str, list[Decimal]] = defaultdict(list)
    for o in same:
        if o.amount is not None and o.currency is not None:
            sums[o.currency].append(o.amount)
    if len(sums) == 1:
        [(currency, amounts)] = sums.items()
        total.amounts[currency] = total.amounts.get(currency, Decimal()) + min(amounts)
    elif sums:  # two currencies for one outcome: the first stated counts, or it would count twice
        first = next(o for o in same if o.amount is not None)
        assert first.currency is not None and first.amount is not None
        total.amounts[first.currency] = total.amounts.get(first.currency, Decimal()) + first.amount
