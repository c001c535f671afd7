"""Inviting partners: found in the directory, written to with a link of their own, reminded, and who answered what."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from accounts.access import actor, me
from companies import directory
from companies.enums import KIND_LABELS, Kind
from companies.models import Organisation
from core import clock, paging
from core.access import may
from core.db import session, write
from core.i18n import _, ngettext
from core.web import Blueprint
from events.conferences import rules
from events.conferences.choosing import operations, queries
from events.conferences.models import Conference
from events.enums import LIVE, EventState, RegistrationState
from events.models import Registration

bp = Blueprint("partners", __name__)
PATH = "/conferences/<int:conference_id>/partners"
ORGANISES = may(rules.organise, conference=Conference)


@bp.get(PATH, access=ORGANISES)
def index(conference: Conference) -> ResponseReturnValue:
    return _page(conference)


def _page(conference: Conference, error: str = "", status: int = 200) -> ResponseReturnValue:
    kinds = [Kind(k) for k in conference.partner_kinds]
    kind = next((k for k in kinds if k.value == request.values.get("kind")), kinds[0])
    text = request.args.get("q", "")[:100]
    invited = queries.partners_invited(conference)
    written = queries.written_to(invited)
    page = render_template(
        "choosing/partners.html",
        conference=conference,
        event=conference.event,
        kind=kind,
        kinds=[(k.value, KIND_LABELS[k]) for k in kinds],
        q=text,
        error=error,
        ticked=set(request.form.getlist("organisation")),
        page=paging.page_of(_not_asked(conference, kind, text), request.args.get("page"), 50),
        open_=[(row, written.get(row.id)) for row in invited if row.state is RegistrationState.INVITED],
        declined=[row for row in invited if row.state is RegistrationState.DECLINED],
        can_invite=conference.event.state is EventState.PUBLISHED,
        silent=len(queries.silent_partners(conference, before=clock.now())),
    )
    return page, status


def _not_asked(conference: Conference, kind: Kind, text: str) -> Select[Any]:
    """The organisations of that kind that are neither invited nor registered."""
    asked = select(Registration.organisation_id).where(
        Registration.event_id == conference.event_id,
        Registration.organisation_id.is_not(None),
        Registration.state.in_(LIVE),
    )
    found = directory.search(directory.Filters(text=text, kind=kind), actor(), on=clock.today())
    return found.where(Organisation.id.not_in(asked))


@bp.post(f"{PATH}/invite", access=ORGANISES)
def invite(conference: Conference) -> ResponseReturnValue:
    kind = next((Kind(k) for k in conference.partner_kinds if k == request.form.get("kind")), None)
    keys = [int(k) for k in request.form.getlist("organisation") if k.isascii() and k.isdigit() and len(k) < 10]
    if kind is None or not keys:
        return _page(conference, _("Tick at least one organisation."), 422)
    with write():
        chosen = session.scalars(
            select(Organisation)
            .where(Organisation.id.in_(keys))
            .options(selectinload(Organisation.kind_rows))
            .order_by(Organisation.id)
        ).all()
        told, without = operations.invite_partners(
            conference, [o for o in chosen if kind in o.kinds], kind, by=me(), at=clock.now()
        )
    flash(ngettext("%(num)d invitation goes out.", "%(num)d invitations go out.", told), "success")
    if without:
        flash(
            _("No address to write to: %(names)s. Please phone them; you can register them on their behalf.",
              names=", ".join(without)),
            "warning",
        )  # fmt: skip
    return redirect(url_for("partners.index", conference_id=conference.id, kind=kind.value))


@bp.post(f"{PATH}/remind", access=ORGANISES)
def remind(conference: Conference) -> ResponseReturnValue:
    with write():
        silent = queries.silent_partners(conference, before=clock.now())
        told = operations.remind(silent, by=me(), at=clock.now())
    flash(ngettext("%(num)d person is reminded by mail.", "%(num)d people are reminded by mail.", told), "success")
    return redirect(url_for("partners.index", conference_id=conference.id))
