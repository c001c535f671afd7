"""The engine's verdicts in words: which rule stands in the way, and whose."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import dates
from core.db import session
from core.i18n import _, pick
from events.conferences import barriers, hindrances
from events.conferences.agenda import Line
from events.conferences.encoding import Encoded, Keys
from events.conferences.models import Conference, Participant, Slot, Table, TimetableVersion
from events.enums import RegistrationState
from matching.timetable.constraints import Violation
from matching.timetable.limits import Constraint
from matching.timetable.problem import ProblemError

SHOWN = 3  # of the meetings held instead of a wished one


class Names:
    """What people call the rows behind an encoded problem; read in three queries."""

    def __init__(self, encoded: Keys) -> None:
        people = session.scalars(
            select(Participant)
            .where(Participant.id.in_(encoded.participants))
            .options(joinedload(Participant.organisation))
        )
        self.people = {p.id: name(p) for p in people}
        self.times = {s.id: slot_name(s) for s in session.scalars(select(Slot).where(Slot.id.in_(encoded.slots)))}
        self._table = {t.id: t.label for t in session.scalars(select(Table).where(Table.id.in_(encoded.tables)))}
        self._encoded = encoded

    def who(self, index: int) -> str:
        return self.people.get(self._encoded.participants[index], "?")

    def pair(self, index: int | None) -> tuple[str, str]:
        firm, partner = self._encoded.pairs[index] if index is not None else (0, 0)
        return self.people.get(firm, "?"), self.people.get(partner, "?")

    def slot(self, index: int | None) -> str:
        return "?" if index is None else self.times.get(self._encoded.slots[index], "?")

    def table(self, index: int | None) -> str:
        return "?" if index is None else self._table.get(self._encoded.tables[index], "?")


def name(participant: Participant) -> str:
    """A participant's name in the reader's language."""
    return str(pick(participant.organisation, "name"))


_LEGAL_WORDS = re.compile(
    r"^(?:công ty|cty)\s+(?:(?:cổ phần|cp|tnhh|mtv|một thành viên|hai thành viên)\s+)*|,?\s+(?:jsc|co\.,?\s*ltd\.?)$",
    re.IGNORECASE,
)


def short_name(text: str) -> str:
    """A name without the legal words that every firm has, for narrow places; the whole where nothing else is left."""
    return _LEGAL_WORDS.sub("", text).strip() or text


def slot_name(slot: Slot) -> str:
    """A slot as people say it: 24/11 09:30."""
    return dates.day_and_hour(slot.begins_at)


def violations(encoded: Encoded, found: Sequence[Violation]) -> list[str]:
    """One sentence for each broken rule."""
    names = Names(encoded)
    return list(dict.fromkeys(SENTENCES[v.rule](names, v) for v in found))


def _two(names: Names, v: Violation) -> dict[str, str]:
    firm, partner = names.pair(v.pair)
    return {"firm": firm, "partner": partner}


def _twice(names: Names, v: Violation) -> str:
    return _("%(firm)s and %(partner)s would meet twice.", **_two(names, v))


def _forbidden(names: Names, v: Violation) -> str:
    return _("%(firm)s and %(partner)s may not meet.", **_two(names, v))


def _allowed(names: Names, v: Violation) -> str:
    return _("%(firm)s and %(partner)s may not meet at %(slot)s.", **_two(names, v), slot=names.slot(v.slot))


def _capacity(names: Names, v: Violation) -> str:
    who, slot = names.who(v.participants[0]), names.slot(v.slot)
    if not v.limit:
        return _("%(who)s is away at %(slot)s.", who=who, slot=slot)
    return _("%(who)s has a meeting at %(slot)s already.", who=who, slot=slot)


def _max(names: Names, v: Violation) -> str:
    who = names.who(v.participants[0])
    return _("%(who)s would have %(have)d meetings; its maximum is %(limit)d.", who=who, have=v.have, limit=v.limit)


def _table(names: Names, v: Violation) -> str:
    firm, partner = names.pair(v.pair)
    return _(
        "%(firm)s and %(partner)s cannot meet at table %(table)s: a meeting is held at the partner's own table, or "
        "else at a free one.",
        firm=firm,
        partner=partner,
        table=names.table(v.table),
    )


def _seats(names: Names, v: Violation) -> str:
    return _("Table %(table)s is taken at %(slot)s.", table=names.table(v.table), slot=names.slot(v.slot))


def _closed(names: Names, v: Violation) -> str:
    return _("Table %(table)s is closed at %(slot)s.", table=names.table(v.table), slot=names.slot(v.slot))


def _interpreter(names: Names, v: Violation) -> str:
    return _("No interpreter is free at %(slot)s.", slot=names.slot(v.slot))


def _must(names: Names, v: Violation) -> str:
    return _("%(firm)s and %(partner)s have to meet.", **_two(names, v))


def _fixed(names: Names, v: Violation) -> str:
    return _("%(firm)s and %(partner)s are locked to %(slot)s.", **_two(names, v), slot=names.slot(v.slot))


def _row(names: Names, v: Violation) -> str:
    return _("%(who)s would have too many meetings in a row.", who=names.who(v.participants[0]))


def _history(names: Names, v: Violation) -> str:
    return _("What was at %(slot)s is past and cannot be changed.", slot=names.slot(v.slot))


SENTENCES: dict[str, Callable[[Names, Violation], str]] = {
    "twice": _twice,
    "forbidden": _forbidden,
    "allowed": _allowed,
    "capacity": _capacity,
    "max": _max,
    "table": _table,
    "seats": _seats,
    "closed": _closed,
    "interpreter": _interpreter,
    "must": _must,
    "fixed": _fixed,
    "row": _row,
    "history": _history,
}


def withdrawn(meetings: Sequence[Line]) -> list[str]:
    """One sentence for each participant of these meetings who does not take part any more."""
    people = _participants({key for m in meetings for key in m.pair})
    return [_gone(p) for p in people if not _takes_part(p)]


def _participants(keys: Collection[int]) -> Sequence[Participant]:
    return session.scalars(
        select(Participant)
        .where(Participant.id.in_(keys))
        .options(joinedload(Participant.organisation), joinedload(Participant.registration))
        .order_by(Participant.id)
    ).all()


def _takes_part(participant: Participant) -> bool:
    return participant.registration.state is RegistrationState.CONFIRMED


def _gone(participant: Participant) -> str:
    return _("%(who)s has withdrawn: take its meetings off the board.", who=name(participant))


def not_a_pair(conference: Conference, firm: int, partner: int) -> str:
    """Why a pair cannot be placed at all, for the organiser."""
    found = [p for p in _participants((firm, partner)) if p.conference_id == conference.id]
    people = {p.id: name(p) for p in found}
    if len(people) < 2:
        return _("Choose a firm, a partner, a time and a table of this conference.")
    barrier = barriers.of(conference).get((firm, partner))
    if barrier is not None:
        told = _("%(firm)s and %(partner)s may not meet.", firm=people[firm], partner=people[partner])
        return f"{told} {barriers.SENTENCES[barrier]()}"
    if gone := [_gone(p) for p in found if not _takes_part(p)]:
        return " ".join(gone)
    return _(
        "%(firm)s and %(partner)s may not meet: one of them said no, or a condition between them is not met.",
        firm=people[firm],
        partner=people[partner],
    )


def clash(keys: Keys, constraints: Sequence[Constraint]) -> str:
    """Why locked meetings cannot all be kept."""
    names = Names(keys)
    return hindrances.Words(names.people, names.times).clash([hindrances.line(keys, c) for c in constraints])


def shortages(version: TimetableVersion, names: Mapping[int, str]) -> dict[int, str]:
    """Participant's id -> why it is below its minimum in a timetable as it was computed."""
    words = hindrances.Words(names, {s.id: slot_name(s) for s in version.conference.slots})
    return {int(key): words.shortage(int(key), kept) for key, kept in version.quality.get("shortages", {}).items()}


def problem(err: ProblemError, conference: Conference, people: Sequence[Participant]) -> str:
    """Why no timetable can be made of this conference."""
    if not conference.slots:
        return _("This conference has no meeting times yet.")
    if not conference.tables:
        return _("There are no tables yet, so nobody can meet.")
    if not people:
        return _("Nobody takes part yet.")
    if err.place == "pairs":
        return _("No pair may meet: every one is closed by a condition or by a no.")
    return _("No timetable can be made: %(why)s", why=str(err))


def unmet(line: dict[str, Any], names: Mapping[int, str]) -> str:
    """Why a wish became no meeting, for the organiser; and what is nearest to it, if anything is."""
    who = ", ".join(names.get(key, "?") for key in line["who"])
    kind = line["kind"]
    if kind == "hand":
        return _("The meeting was taken off the board by hand.")
    if line.get("barrier") in barriers.SENTENCES:
        return barriers.SENTENCES[line["barrier"]]()
    if kind in ("gate", "forbidden"):
        return _("A condition between the two is not met, for example the range of a loan.")
    if kind == "away":
        return _("They are never present at the same time.")
    if kind == "maximum":
        return _("The maximum of %(who)s is filled by meetings that count more.", who=who) + _instead(line, names)
    if kind == "tables":
        return _("All tables are taken whenever both are present.")
    if kind == "interpreter":
        return _("No interpreter is free whenever both are present.")
    if kind == "slot":
        told = _("Every time at which both are present is taken by other meetings.") + _instead(line, names)
        if line.get("nearest"):
            told += " " + _("Still possible instead: %(pair)s.", pair=_pair(line["nearest"], names))
        return told
    return _("Other meetings of the two count more.")


def _instead(line: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """The meetings that are held instead of a wished one, a few of them."""
    pairs = [_pair(pair, names) for pair in line.get("instead", ())[:SHOWN]]
    return " " + _("Held instead: %(pairs)s.", pairs="; ".join(pairs)) if pairs else ""


def _pair(pair: Sequence[int], names: Mapping[int, str]) -> str:
    return " – ".join(short_name(names.get(key, "?")) for key in pair)
