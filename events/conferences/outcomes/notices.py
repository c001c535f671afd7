"""Mails that ask what came of meetings, each in the language of the one who is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from accounts import notices, tokens
from accounts.models import User
from core.i18n import _, ngettext, pick
from core.urls import in_letter
from events.conferences.models import Conference, Participant
from events.conferences.notices import people_of, title_of

LINK_LASTS = timedelta(days=60)


def remind(conference: Conference, silent: Mapping[int, int], *, at: datetime) -> int:
    """Remind the people of these participants (how many meetings each has not reported). Return how many mails."""

    def words(participant: Participant, user: User) -> tuple[str, Sequence[str]]:
        title = title_of(conference)
        page = in_letter("outcomes.mine", conference_id=conference.id, participant_id=participant.id)
        return _("How were your meetings? %(title)s", title=title), (
            ngettext(
                "for %(num)d meeting of %(organisation)s at “%(title)s” we do not know yet whether it was held. Two "
                "taps are enough:",
                "for %(num)d meetings of %(organisation)s at “%(title)s” we do not know yet whether they were held. "
                "Two taps each are enough:",
                silent[participant.id],
                organisation=str(pick(participant.organisation, "name")),
                title=title,
            )
            + f"\n{page}",
            _("The other side does not see what you answer."),
        )

    key = f"reports:{at.date().isoformat()}"
    return notices.tell_each(people_of(silent), "meeting.remind", words, at=at, key=key)


def ask_again(conference: Conference, wanted: Mapping[int, int], months: int, *, at: datetime) -> int:
    """Ask the people of these participants what came of their meetings; the link answers without signing in."""

    def words(participant: Participant, user: User) -> tuple[str, Sequence[str]]:
        title, about = title_of(conference), f"{participant.id}:{months}"
        secret = tokens.issue("follow_up", user=user, about=about, lasts=LINK_LASTS, at=at)
        return _("What came of your meetings? %(title)s", title=title), (
            _(
                "%(months)d months ago %(organisation)s met others at “%(title)s”. What has come of it? The page "
                "needs no signing in, and one tap for each contact:",
                months=months,
                organisation=str(pick(participant.organisation, "name")),
                title=title,
            )
            + f"\n{in_letter('outcomes.asked', key=secret)}",
            _("The City counts what comes of these conferences. The other side does not see your answer."),
        )

    rows = people_of(wanted)
    return notices.tell_each(rows, "meeting.ask_again", words, at=at, key=f"follow_up:{months}", sensitive=True)
