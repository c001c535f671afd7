"""What members of a delegation are told by mail, each in his language."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from core import outbox
from core.i18n import _, force_locale, pick
from core.urls import in_letter
from events.conferences.delegations import queries
from events.conferences.delegations.models import VisitPlan
from events.models import Event


def tell_published(event: Event, plan: VisitPlan, concerned: Collection[int], *, first: bool, at: datetime) -> int:
    """Tell the people of these members that the programme is out, or that theirs changed; return how many mails."""
    rows = queries.people_of(concerned)
    for registration, user in rows:
        with force_locale(user.language):
            title = str(pick(event, "title"))
            subject = (
                _("Your programme of visits: %(title)s", title=title)
                if first
                else _("Your programme of visits has changed: %(title)s", title=title)
            )
            body = "\n\n".join(
                (
                    _("Dear %(name)s,", name=user.name),
                    _(
                        "whom %(organisation)s visits with “%(title)s”, when and in which group, is here:",
                        organisation=str(pick(registration.organisation, "name")),
                        title=title,
                    )
                    + f"\n{in_letter('visit_members.show', event_id=event.id, registration_id=registration.id)}",
                    _("You can print the programme there. After each visit, please say in two taps how it was."),
                )
            )
            outbox.enqueue(
                "delegation.published",
                user.email,
                subject,
                body,
                at=at,
                dedupe_key=f"delegation:{plan.id}:{registration.id}:{user.id}",
                language=user.language,
            )
    return len(rows)
