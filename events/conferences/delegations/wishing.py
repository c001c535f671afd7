"""What members say of hosts, and both of meeting one to one: until the wishes close, then through an officer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core import audit
from core.db import session
from core.errors import Conflict
from core.i18n import _
from events.conferences.delegations import queries, rules
from events.conferences.delegations.models import Delegation, TalkWish, VisitHost, VisitWish
from events.conferences.enums import Wish
from events.models import Event, Registration

Said = Mapping[int, Wish | None]


def wish(
    registration: Registration, said: Said, talks: Said, *, by: Any, at: datetime, on_behalf: bool = False
) -> None:
    """Keep what a member says of the hosts it names, and of meeting them one to one; None takes a wish back."""
    if registration not in queries.members(registration.event):
        raise Conflict(_("Only confirmed members of the delegation have wishes."))
    delegation = _open(registration.event, on_behalf, at)
    hosts = {host.id: host for host in delegation.hosts}
    by_id, known = getattr(by, "id", None), queries.wish_rows(registration)
    for host_id in sorted(said.keys() & hosts.keys()):
        _keep(
            known.get(host_id), VisitWish(registration_id=registration.id, host_id=host_id), said[host_id], at, by_id
        )
    offered = {key for key, host in hosts.items() if host.desks}
    spoken = queries.talk_rows(registration_id=registration.id, by_host=False)
    for host_id in sorted(talks.keys() & offered):
        _keep(
            spoken.get((registration.id, host_id)),
            TalkWish(registration_id=registration.id, host_id=host_id, by_host=False),
            talks[host_id],
            at,
            by_id,
        )
    session.flush()
    behalf = f"registration:{registration.id}" if on_behalf else None
    audit.record("delegation.wish", registration, by=by, at=at, on_behalf_of=behalf)


def wish_of_host(host: VisitHost, said: Said, *, by: Any, at: datetime, on_behalf: bool = False) -> None:
    """Keep what a host says of meeting the members that it names one to one; members never read it."""
    event = session.get_one(Event, host.event_id)
    _open(event, on_behalf, at)
    known = queries.talk_rows(host_id=host.id, by_host=True)
    members = {member.id for member in queries.members(event)}
    by_id = getattr(by, "id", None)
    for key in sorted(said.keys() & members):
        _keep(
            known.get((key, host.id)),
            TalkWish(registration_id=key, host_id=host.id, by_host=True),
            said[key],
            at,
            by_id,
        )
    session.flush()
    behalf = f"visit_host:{host.id}" if on_behalf else None
    audit.record("delegation.host_wish", host, by=by, at=at, on_behalf_of=behalf)


def _open(event: Event, on_behalf: bool, at: datetime) -> Delegation:
    """The delegation, if wishes may be stated. Raise Conflict otherwise."""
    delegation, published = queries.delegation(event), queries.published(event) is not None
    if delegation is None:
        raise Conflict(_("The hosts of this delegation are not known yet."))
    if not on_behalf and published:
        raise Conflict(_("The programme is out. If something has changed, please call the organiser."))
    if not on_behalf and not rules.may_wish(closes_at=delegation.wishes_close_at, published=published, at=at):
        raise Conflict(_("The time for wishes is over. If something has changed, please call the organiser."))
    return delegation


def _keep(
    known: VisitWish | TalkWish | None, new: VisitWish | TalkWish, wish: Wish | None, at: datetime, by_id: int | None
) -> None:
    """Change the row that is there, or store the new one; None: nothing is said any more."""
    if wish is None:
        if known is not None:
            session.delete(known)
    elif known is None:
        new.wish, new.at, new.by_id = wish, at, by_id
        session.add(new)
    elif known.wish is not wish:
        known.wish, known.at, known.by_id = wish, at, by_id
