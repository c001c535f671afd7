"""The schedule of reminders in words, for the organiser."""

from __future__ import annotations

from datetime import date

from core.i18n import _, ngettext
from events.conferences.enums import ReminderKind
from events.conferences.models import Conference
from events.conferences.outcomes import queries as outcomes
from events.conferences.outcomes import rules as outcome_rules
from events.conferences.reminding import rules


def schedule(kind: ReminderKind, conference: Conference) -> str:
    """When reminders of a kind go out, and to whom."""
    days = {
        ReminderKind.INVITATION: rules.AFTER_INVITATION,
        ReminderKind.LAST_CALL: rules.BEFORE_CLOSING,
        ReminderKind.PROFILE: rules.BEFORE_WISHES,
        ReminderKind.WISHES: rules.BEFORE_CLOSING,
        ReminderKind.CONFIRM: rules.BEFORE_CONFIRMED,
    }[kind].days
    if kind is ReminderKind.INVITATION:
        return ngettext(
            "%(num)d day after the invitation, unless it was answered",
            "%(num)d days after the invitation, unless it was answered",
            days,
        )
    if kind is ReminderKind.LAST_CALL:
        return ngettext(
            "%(num)d day before registration closes, unless it was answered",
            "%(num)d days before registration closes, unless it was answered",
            days,
        )
    if kind is ReminderKind.PROFILE:
        if conference.wishes_open_at is None:
            return _("Once the date is set on which wishes open")
        return ngettext(
            "%(num)d day before wishes open, unless it was filled in",
            "%(num)d days before wishes open, unless it was filled in",
            days,
        )
    if kind is ReminderKind.WISHES:
        if conference.wishes_close_at is None:
            return _("Once the date is set on which wishes close")
        return ngettext(
            "%(num)d day before wishes close, to those without a single one",
            "%(num)d days before wishes close, to those without a single one",
            days,
        )
    return ngettext(
        "%(num)d day before the last day for confirming, to those with open meetings",
        "%(num)d days before the last day for confirming, to those with open meetings",
        days,
    )


def questions_after(conference: Conference) -> list[tuple[int, date, int]]:
    """(months, day, how many were asked by now): the questions about what came of the meetings."""
    asked = [row.months for row in outcomes.asked(conference)]
    ended = outcomes.ended_on(conference)
    return [(n, outcome_rules.after_months(ended, n), asked.count(n)) for n in outcome_rules.MONTHS]
