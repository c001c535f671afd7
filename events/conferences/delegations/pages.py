"""What the pages of a delegation share: their addresses, who may open them, and the row behind them."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from core import files
from core.access import may
from events.conferences.delegations import queries, rules
from events.conferences.delegations.models import Delegation, VisitHost
from events.conferences.exports import fingerprint
from events.models import Event, Registration

PATH = "/events/<int:event_id>/delegation"
MEMBER = f"{PATH}/members/<int:registration_id>"
ORGANISES = may(rules.organise, event=Event)
HOST = may(rules.organise, event=Event, host=VisitHost)
SPEAKS = may(rules.speak_for, event=Event, registration=Registration)


def visit_feed(data: bytes) -> ResponseReturnValue:
    """A calendar for who subscribed to it; what has not changed is not sent again."""
    response = Response(data, mimetype=files.ICS)
    response.set_etag(fingerprint(data))
    return response.make_conditional(request)


def delegation_of(event: Event) -> Delegation:
    """What was set up for an event; without it there are no such pages."""
    row = queries.delegation(event)
    if row is None:
        raise NotFound
    return row
