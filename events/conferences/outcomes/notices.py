"""Mails that ask what came of meetings, each in the language of the one who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from accounts import tokens
from core import outbox
from core.i18n import _, force_locale, ngettext, pick
from core.urls import absolute
from events.conferences.models import Conference
from events.conferences.notices import people_of

LINK_LASTS = timedelta(days=60)


def remind(conference: Conference, silent: Mapping[int, int], *, at: datetime) -> int:
    """Remind the people of these participants (how many meetings each has not reported). Return how many mails."""
    rows = people_of(silent)
    for participant, user in rows:
        with force_locale(user.language):
            page = absolute("outcomes.mine", conference_id=conference.id, participant_id=participant.id)
            title, number = str(pick(conference.event, "title")), silent[participant.id]
            body = "\n\n".join(
                (
                    _("Dear %(name)s,", name=user.name),
                    ngettext(
                        "for %(num)d meeting of %(organisation)s at “%(title)s” we do not know yet whether it was "
                        "held. Two taps are enough:",
                        "for %(num)d meetings of %(organisation)s at “%(title)s” we do not know yet whether they "
                        "were held. Two taps each are enough:",
                        number,
                        organisation=str(pick(participant.organisation, "name")),
                        title=title,
                    )
                    + f"\n{page}",
                    _("The other side does not see what you answer."),
                )
            )
            outbox.enqueue(
                "meeting.remind",
                user.email,
                _("How were your meetings? %(title)s", title=title),
                body,
                at=at,
                language=user.language,
            )
    return len(rows)


def ask_again(conference: Conference, wanted: Mapping[int, int], months: int, *, at: datetime) -> int:
    """Ask the people of these participants what came of their meetings; the link answers without signing in."""
    rows = people_of(wanted)
    for participant, user in rows:
        secret = tokens.issue("follow_up", user=user, about=f"{participant.id}:{months}", lasts=LINK_LASTS, at=at)
        with force_locale(user.language):
            title = str(pick(conference.event, "title"))
            body = "\n\n".join(
                (
                    _("Dear %(name)s,", name=user.name),
                    _(
                        "%(months)d months ago %(organisation)s met others at “%(title)s”. What has come of it? "
                        "The page needs no signing in, and one tap for each contact:",
                        months=months,
                        organisation=str(pick(participant.organisation, "name")),
                        title=title,
                    )
                    + f"\n{absolute('outcomes.asked', key=secret)}",
                    _("The City counts what comes of these conferences. The other side does not see your answer."),
                )
            )
            outbox.enqueue(
                "meeting.ask_again",
                user.email,
                _("What came of your meetings? %(title)s", title=title),
                body,
                at=at,
                dedupe_key=f"follow_up:{participant.id}:{months}:{user.id}",
                language=user.language,
                sensitive=True,
            )
    return len(rows)
