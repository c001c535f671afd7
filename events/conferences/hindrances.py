"""What is in the way of a minimum or of locked meetings, in words: stored with ids, told in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from companies.identifiers import language_name
from core.i18n import _, language, ngettext
from events.conferences.encoding import Keys
from matching.timetable.limits import Constraint
from matching.timetable.shortage import Shortage

NAMED = 3  # names told before "and 4 others"
TIMES = 4  # times told one by one
Line = Mapping[str, Any]


def line(keys: Keys, c: Constraint) -> dict[str, Any]:
    """A constraint of the engine with ids in place of indices, to be kept."""
    return {
        "kind": c.kind,
        "who": None if c.participant is None else keys.participants[c.participant],
        "pair": None if c.pair is None else list(keys.pairs[c.pair]),
        "language": c.language,
        "slots": [keys.slots[t] for t in c.slots],
    }


def stored(keys: Keys, short: Shortage) -> dict[str, Any]:
    """Why a participant is below its minimum, to be kept with the timetable."""
    return {
        "have": short.have,
        "minimum": short.minimum,
        "possible": short.possible,
        "pairs": len(short.pairs),
        "complete": short.complete,
        "constraints": [line(keys, c) for c in short.constraints],
    }


class Words:
    """The words for lines: `names` of participants and `times` of slots by their ids."""

    def __init__(self, names: Mapping[int, str], times: Mapping[int, str]) -> None:
        self._names, self._times = names, times

    def shortage(self, who: int, kept: Mapping[str, Any]) -> str:
        """Why a participant has fewer meetings than its minimum."""
        lines, possible = kept["constraints"], kept["possible"]
        if possible >= kept["minimum"] and not lines:
            if kept["complete"]:
                return _("Its minimum could be kept, but only at the cost of meetings that count more.")
            return _("No single reason was found: its minimum competes with everything else.")
        if not lines:
            if not kept["pairs"]:
                return _("It may meet nobody: every pair is closed by a condition or by a no.")
            return ngettext("Only %(num)d other may meet it.", "Only %(num)d others may meet it.", kept["pairs"])
        told = ngettext(
            "No more than %(num)d meeting is possible because of: %(what)s.",
            "No more than %(num)d meetings are possible because of: %(what)s.",
            possible,
            what="; ".join(self.parts(lines, who)),
        )
        if kept["complete"]:
            return told + " " + _("If any one of these were different, its minimum could be kept.")
        return told + " " + _("Perhaps not all of these are needed for it.")

    def clash(self, lines: Sequence[Line]) -> str:
        """Why locked meetings cannot all be held."""
        pairs = self._pairs([x for x in lines if x["kind"] in ("pin", "past")])
        parts = self.parts([x for x in lines if x["kind"] not in ("pin", "past")])
        if not parts:
            return _("Locked and not possible at any time that is left: %(pairs)s.", pairs=pairs)
        return _("Locked: %(pairs)s. In the way: %(what)s.", pairs=pairs, what="; ".join(parts))

    def parts(self, lines: Iterable[Line], who: int | None = None) -> list[str]:
        """A phrase for each kind of constraint, in the order in which they come; when `who` is there is first."""
        kinds: dict[str, list[Line]] = {}
        for x in lines:
            kinds.setdefault("own" if x["kind"] == "capacity" and x["who"] == who else x["kind"], []).append(x)
        return [PHRASES[kind](self, mine) for kind, mine in kinds.items()]

    def _list(self, names: Sequence[str]) -> str:
        listed = ", ".join(names[:NAMED])
        more = len(names) - NAMED
        if more <= 0:
            return listed
        return ngettext("%(names)s and %(num)d other", "%(names)s and %(num)d others", more, names=listed)

    def _who(self, lines: Sequence[Line]) -> str:
        return self._list([self._names.get(x["who"], "?") for x in lines])

    def _pairs(self, lines: Sequence[Line]) -> str:
        return self._list([" – ".join(self._names.get(key, "?") for key in x["pair"]) for x in lines])

    def _capacity(self, lines: Sequence[Line]) -> str:
        if len(lines) > 1:
            return _("%(who)s are there only at certain times", who=self._who(lines))
        (x,) = lines
        if len(x["slots"]) > TIMES:
            return ngettext(
                "%(who)s is there at only %(num)d time",
                "%(who)s is there at only %(num)d times",
                len(x["slots"]),
                who=self._who(lines),
            )
        if not x["slots"]:
            return _("%(who)s is never there", who=self._who(lines))
        times = ", ".join(self._times.get(s, "?") for s in x["slots"])
        return _("%(who)s is there only at %(times)s", who=self._who(lines), times=times)

    def _tables(self, lines: Sequence[Line]) -> str:
        owners = [x for x in lines if x["who"] is not None]
        told = [_("the tables of %(who)s", who=self._who(owners))] if owners else []
        return ", ".join([*told, *([_("the number of free tables")] if len(owners) < len(lines) else [])])

    def _interpreter(self, lines: Sequence[Line]) -> str:
        spoken = ", ".join(language_name(x["language"] or "?", language()) for x in lines)
        return _("the interpreters for %(language)s", language=spoken)


PHRASES: Mapping[str, Callable[[Words, Sequence[Line]], str]] = {
    "own": Words._capacity,
    "capacity": Words._capacity,
    "allowed": lambda words, x: _("the times allowed to %(pairs)s", pairs=words._pairs(x)),
    "forbidden": lambda words, x: _("%(pairs)s may not meet", pairs=words._pairs(x)),
    "row": lambda words, x: _("the limit of meetings in a row for %(who)s", who=words._who(x)),
    "maximum": lambda words, x: _("the maximum of %(who)s", who=words._who(x)),
    "tables": Words._tables,
    "interpreter": Words._interpreter,
    "pin": lambda words, x: _("the locked meetings %(pairs)s", pairs=words._pairs(x)),
    "past": lambda words, x: _("%(pairs)s is locked to a time that is over", pairs=words._pairs(x)),
    "minimum": lambda words, x: _("the minimum of %(who)s", who=words._who(x)),
}
