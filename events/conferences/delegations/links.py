"""The personal link of a host: who has it opens the host's page without an account, until it is renewed or ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts import tokens
from accounts.models import User
from companies.queries import language_of
from core import audit
from core.db import get, row_key
from core.errors import Gone
from core.i18n import force_locale
from core.urls import in_letter
from events.conferences.delegations.models import VisitHost
from events.enums import EventState
from events.models import Event

PURPOSE = "visit_host"
STAYS_OPEN = timedelta(days=300)  # after the delegation: outcomes are asked for after six months, and come late


def issue(
    host: VisitHost, event: Event, *, user: User | None = None, address: str | None = None, at: datetime
) -> str:
    """The address of a new link, for a letter. Run in a write block; links sent before stay good."""
    lasts = max(event.ends_at, at) + STAYS_OPEN - at
    key = tokens.issue(PURPOSE, user=user, address=address, about=str(host.id), lasts=lasts, at=at)
    return in_letter("visit_links.show", key=key)


def renew(host: VisitHost, event: Event, *, by: Any, at: datetime) -> str:
    """A new link; those of before open nothing any more."""
    tokens.withdraw(PURPOSE, about=str(host.id), at=at)
    audit.record("delegation.host_link", host, by=by, at=at)
    with force_locale(language_of(host.organisation)):  # its page opens in that
        return issue(host, event, at=at)


def opened(key: str, *, at: datetime) -> tuple[Event, VisitHost]:
    """The host whose page the link opens. Raise Gone where it opens none."""
    token = tokens.find(PURPOSE, key, at=at)
    host = get(VisitHost, row_key(token.about or "") or 0)
    event = get(Event, host.event_id) if host is not None else None
    if host is None or event is None or event.state is EventState.DRAFT:
        raise Gone
    return event, host
