"""What participants are told by mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from accounts import notices
from accounts.models import User
from companies import queries as company_queries
from core import dates
from core.i18n import _, ngettext, pick
from core.urls import in_letter
from events.conferences.models import Conference, Meeting, Participant, TimetableVersion


def people_of(keys: Collection[int]) -> list[tuple[Participant, User]]:
    """(participant, person) for everybody who belongs to one of these participants now and can sign in."""
    return company_queries.people_behind(Participant, keys)


def tell_published(version: TimetableVersion, concerned: Collection[int], *, first: bool, at: datetime) -> int:
    """Tell the people of the participants concerned that the timetable is out, or that theirs changed.

    Return how many mails were queued; one a person and participation.
    """

    def words(participant: Participant, user: User) -> tuple[str, Sequence[str]]:
        title = title_of(version.conference)
        subject = (
            _("Your timetable: %(title)s", title=title)
            if first
            else _("Your timetable has changed: %(title)s", title=title)
        )
        return subject, (
            _(
                "the timetable of “%(title)s” is out (version %(number)d). The meetings of %(organisation)s, with "
                "times and tables, are here:",
                title=title,
                number=version.number,
                organisation=str(pick(participant.organisation, "name")),
            )
            + f"\n{_schedule(participant)}",
            _("You can print them there, or subscribe to them in your calendar."),
        )

    return notices.tell_each(people_of(concerned), "timetable.published", words, at=at, key=f"timetable:{version.id}")


def tell_declined(meeting: Meeting, who: Participant, other: Participant, *, at: datetime) -> int:
    """Tell the people of `other` that `who` does not come to their meeting; return how many mails."""

    def words(participant: Participant, user: User) -> tuple[str, Sequence[str]]:
        title = title_of(who.conference)
        return _("A meeting is declined: %(title)s", title=title), (
            _(
                "%(who)s cannot come to the meeting with you at %(when)s (“%(title)s”). The time is free again; the "
                "organiser may fill it with another meeting and will tell you.",
                who=str(pick(who.organisation, "name")),
                when=moment(meeting.slot.begins_at),
                title=title,
            )
            + f"\n{_schedule(participant)}",
        )

    return notices.tell_each(
        people_of([other.id]), "meeting.declined", words, at=at, key=f"declined:{meeting.id}:{who.id}"
    )


def remind_to_confirm(conference: Conference, open_: Mapping[int, int], until: datetime, *, at: datetime) -> int:
    """Remind the people of these participants (how many meetings each has not answered); return how many mails."""

    def words(participant: Participant, user: User) -> tuple[str, Sequence[str]]:
        title = title_of(conference)
        return _("Please confirm your meetings: %(title)s", title=title), (
            ngettext(
                "%(num)d meeting at “%(title)s” waits for your answer until %(until)s:",
                "%(num)d meetings at “%(title)s” wait for your answer until %(until)s:",
                open_[participant.id],
                title=title,
                until=moment(until),
            )
            + f"\n{_schedule(participant)}",
        )

    key = f"confirm:{at.date().isoformat()}"
    return notices.tell_each(people_of(open_), "meeting.confirm", words, at=at, key=key)


def remind_to_wish(conference: Conference, participants: Collection[int], until: datetime, *, at: datetime) -> int:
    """Remind the people of these participants, who have no wish yet; return how many mails."""

    def words(participant: Participant, user: User) -> tuple[str, Sequence[str]]:
        title, keys = title_of(conference), {"conference_id": conference.id, "participant_id": participant.id}
        return _("Whom would you like to meet? %(title)s", title=title), (
            _(
                "%(organisation)s has not said yet whom it would like to meet at “%(title)s”. Wishes can be given "
                "until %(until)s; those whom both sides wish for meet first. Your list, with reasons, is here:",
                organisation=str(pick(participant.organisation, "name")),
                title=title,
                until=moment(until),
            )
            + f"\n{in_letter('wishes.suggestions', **keys)}",
        )

    return notices.tell_each(people_of(participants), "wishes.remind", words, at=at, key="wishes")


def title_of(conference: Conference) -> str:
    """The conference's title in the language in force."""
    return str(pick(conference.event, "title"))


def moment(at: datetime) -> str:
    """Hour and day, in Hanoi."""
    return dates.moment(at)


def _schedule(participant: Participant) -> str:
    return in_letter("schedule.show", conference_id=participant.conference_id, participant_id=participant.id)
