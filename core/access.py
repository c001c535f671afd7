"""Who may open a URL: declared in the line that gives the page its URL, checked in one place.

`may(rule, event=Event)` says: somebody signed in, for whom `rule(actor, event=...)` is true. The guard reads the
row for the view (`event_id` in the URL becomes `event` in the view's arguments); a row that the actor may not
know of is a 404, an act that he may not do on a row he may see a 403, nobody signed in is sent to sign in.

Packages plug in here what they know: `provide_actor` (accounts), `tie` (companies: which organisations a user
belongs to), `visible` (each package: the query twin of its view rules).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.sql.base import ExecutableOption
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from core.db import MAX_ID, session


@dataclass(frozen=True)
class Actor:
    """Who asks. `ties` names the rows he belongs to, for example {"organisation": {4}}; empty for nobody.

    `acting_for`: the row whose part somebody of the staff plays just now ("organisation:4"); he has its ties then,
    and none of his own rights.
    """

    user_id: int | None = None
    roles: frozenset[str] = frozenset()
    ties: Mapping[str, frozenset[int]] = field(default_factory=dict)
    acting_for: str | None = None

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    def has(self, *roles: str) -> bool:
        """Whether he holds one of these staff roles."""
        return not self.roles.isdisjoint(roles)

    def belongs_to_any(self, kind: str) -> bool:
        """Whether he belongs to any row of that kind."""
        return bool(self.ties.get(kind))

    def belongs(self, kind: str, key: int | None) -> bool:
        """Whether he belongs to that row, for example `belongs("organisation", 4)`."""
        return key is not None and key in self.ties.get(kind, frozenset())


NOBODY = Actor()
Rule = Callable[..., bool]


@dataclass(frozen=True)
class Access:
    """The declaration beside a URL. `rows` maps an argument name to the model it is read from."""

    name: str
    rule: Rule | None
    rows: Mapping[str, type[Any]]
    open_to_all: bool = False

    def admit(self, actor: Actor, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return the view's arguments, rows in place of ids; raise the HTTP error that fits otherwise."""
        if not self.open_to_all and not actor.signed_in:
            raise Unauthorized
        found: dict[str, Any] = {}
        for name, model in self.rows.items():
            found[name] = _row(actor, model, arguments.pop(f"{name}_id"), found)
        if self.rule is not None and not self.rule(actor, **found):
            raise Forbidden if actor.signed_in else Unauthorized
        return {**arguments, **found}


def public(**rows: type[Any]) -> Access:
    """Anybody may open it; rows are limited to those that the reader may know of."""
    return Access("public", None, rows, open_to_all=True)


def signed_in(**rows: type[Any]) -> Access:
    """Anybody signed in may open it; rows are limited to those that he may know of."""
    return Access("signed_in", None, rows)


def own_account(**rows: type[Any]) -> Access:
    """Somebody signed in, in his own name: nobody does this for him, and he not while he acts for another."""
    return Access("own_account", _in_his_own_name, rows)


def _in_his_own_name(actor: Actor, **_rows: Any) -> bool:
    return actor.acting_for is None


def may(rule: Rule, **rows: type[Any]) -> Access:
    """Somebody signed in, for whom `rule(actor, **rows)` is true."""
    return Access(f"{rule.__module__.rsplit('.', 1)[0]}.{rule.__name__}", rule, rows)


Visible = Callable[[Actor], ColumnElement[bool]]
_visible: dict[type[Any], Visible] = {}
_loading: dict[type[Any], Sequence[ExecutableOption]] = {}
_ties: list[Callable[[int], Mapping[str, frozenset[int]]]] = []
_successors: dict[type[Any], Callable[[int], int | None]] = {}
_provider: list[Callable[[], Actor]] = []
_by_id: list[Callable[[int], Actor]] = []


def visible(model: type[Any], twin: Visible, *loading: ExecutableOption) -> None:
    """Register which rows of `model` an actor may know of: a condition for a query.

    `loading`: what nearly every page of such a row shows besides, read with the row that the guard reads.
    """
    _visible[model], _loading[model] = twin, loading


def visible_to(actor: Actor, model: type[Any]) -> ColumnElement[bool]:
    """The registered condition; every list of `model` uses it."""
    return _visible[model](actor)


class Succeeded(NotFound):
    """The row became part of another: a reader of its old address is led there."""

    def __init__(self, model: type[Any], old: int, new: int) -> None:
        super().__init__()
        self.model, self.old, self.new = model, old, new


def succeeds(model: type[Any], successor: Callable[[int], int | None]) -> None:
    """Register what became of a row that is no more: the id of the row that took its place, or None."""
    _successors[model] = successor


def _follow(model: type[Any], key: int) -> None:
    if model in _successors and 0 < key <= MAX_ID and (new := _successors[model](key)) is not None:
        raise Succeeded(model, key, new)


def provide_ties(read: Callable[[int], Mapping[str, frozenset[int]]]) -> None:
    """Register how to read to which rows, by kind, a user belongs: it is asked once for every request."""
    _ties.append(read)


def ties_of(user_id: int) -> dict[str, frozenset[int]]:
    """All registered ties of a user."""
    return {kind: keys for read in _ties for kind, keys in read(user_id).items()}


@dataclass(frozen=True)
class Part:
    """How a part is played: the ties that go with it, and what it is called for the reader."""

    ties: Callable[[int], Mapping[str, frozenset[int]]]
    name: Callable[[int], str]


_parts: dict[str, Part] = {}


def part(kind: str, played: Part) -> None:
    """Register what it means to act for a row of that kind; companies does for organisations."""
    _parts[kind] = played


def acting(user_id: int, acting_for: str) -> Actor:
    """Somebody of the staff in the part of a row: its ties, and none of his own rights."""
    kind, _colon, key = acting_for.partition(":")
    return Actor(user_id, frozenset(), _parts[kind].ties(int(key)), acting_for)


def name_of_part(acting_for: str) -> str:
    """What the part is called, for the reader."""
    kind, _colon, key = acting_for.partition(":")
    return _parts[kind].name(int(key))


def provide_actor(read: Callable[[], Actor], of: Callable[[int], Actor]) -> None:
    """Plug in who asks, and who somebody is by the id of his account; accounts does."""
    _provider[:], _by_id[:] = [read], [of]


def current_actor() -> Actor:
    """Who asks now; nobody where nothing is plugged in."""
    return _provider[0]() if _provider else NOBODY


def actor_of(user_id: int) -> Actor:
    """Somebody with the rights that he has now, for work that goes on without him; nobody if he is locked out."""
    return _by_id[0](user_id) if _by_id else NOBODY


def _row(actor: Actor, model: type[Any], key: int, found: Mapping[str, Any]) -> Any:
    """The row, if the actor may know of it and if it belongs to the rows named before it in the URL."""
    query = select(model).where(model.__table__.c.id == key, visible_to(actor, model))
    for name, parent in found.items():
        column = model.__table__.c.get(f"{name}_id")
        if column is not None:
            query = query.where(column == parent.id)
    query = query.options(*_loading[model])
    row = session.scalars(query).one_or_none() if 0 < key <= MAX_ID else None
    if row is None:
        _follow(model, key)
        raise NotFound
    return row
