"""What people and officers are told by mail about requests, each in his language."""

from __future__ import annotations

from datetime import date, datetime

from accounts.models import User
from accounts.privacy.enums import CASE_KIND_LABELS, CHANNEL_LABELS, PURPOSE_LABELS, Channel, Purpose
from accounts.privacy.models import DataCase
from core import dates, outbox
from core.i18n import _, force_locale
from core.urls import in_letter


def received(case: DataCase, *, at: datetime) -> None:
    """The person knows that his request arrived, and by when he hears."""
    with force_locale(case.user.language):
        paragraph = _(
            "We have received your request. You will be answered by %(answer)s at the latest, and the request is "
            "to be "
            "done by %(done)s.",
            answer=dates.day(case.answer_due),
            done=dates.day(case.done_due),
        )
        _tell(case, "received", paragraph, at)


def answered(case: DataCase, *, at: datetime) -> None:
    """The answer of the officer."""
    with force_locale(case.user.language):
        done = _("The request is to be done by %(done)s.", done=dates.day(case.done_due))
        _tell(case, "answered", f"{case.answer}\n\n{done}", at)


def extended(case: DataCase, *, at: datetime) -> None:
    """It takes longer, and why."""
    with force_locale(case.user.language):
        paragraph = _(
            "Your request takes longer than foreseen; it is to be done by %(done)s. Reason: %(reason)s",
            done=dates.day(case.done_due),
            reason=case.extension_reason,
        )
        _tell(case, "extended", paragraph, at)


def closed(case: DataCase, *, at: datetime) -> None:
    """It is done, or refused with reasons."""
    with force_locale(case.user.language):
        _tell(case, case.state.value, case.outcome, at)


def consent_entered(
    user: User, purpose: Purpose, channel: Channel, received_on: date, *, given: bool, at: datetime
) -> None:
    """The person learns what an officer entered of him, and where he changes it."""
    with force_locale(user.language):
        what = {"purpose": PURPOSE_LABELS[purpose], "channel": CHANNEL_LABELS[channel]}
        day = dates.day(received_on)
        text = (
            _("Your consent of %(day)s was noted: %(purpose)s (%(channel)s).", day=day, **what)
            if given
            else _("Your withdrawal of %(day)s was noted: %(purpose)s (%(channel)s).", day=day, **what)
        )
        lines = (
            _("Dear %(name)s,", name=user.name),
            text,
            _("If this is not what you said, change it here:"),
            in_letter("privacy.consents"),
        )
        subject = _("Your consent: %(purpose)s", purpose=PURPOSE_LABELS[purpose])
        outbox.enqueue("privacy.consent", user.email, subject, "\n\n".join(lines), at=at, language=user.language)


def deleted(address: str, language: str, *, at: datetime) -> None:
    """The last mail: the address is emptied as soon as it is sent."""
    with force_locale(language):
        body = _(
            "Your account and your personal data on the site of Hanoi's key industrial products have been "
            "deleted, as "
            "you asked. This was the last message; your address is not kept. Records that have to be kept hold "
            "only a "
            "number in place of your name."
        )
        outbox.enqueue(
            outbox.LAST_WORDS, address, _("Your data are deleted"), body, at=at, language=language, sensitive=True
        )


def late(case: DataCase, officer: User, *, at: datetime) -> None:
    """An alarm for an officer; once for each term that ran out. It names the request, not the person."""
    with force_locale(officer.language):
        words = _(
            "Request number %(number)d (%(kind)s) should have been answered by %(answer)s and done by %(done)s.",
            number=case.id,
            kind=CASE_KIND_LABELS[case.kind],
            answer=dates.day(case.answer_due),
            done=dates.day(case.done_due),
        )
        outbox.enqueue(
            "privacy.late",
            officer.email,
            _("A request about personal data is late"),
            f"{words}\n\n{in_letter('privacy_office.case', data_case_id=case.id)}",
            at=at,
            dedupe_key=f"data_case:{case.id}:late:{case.state}:{case.done_due}:{officer.id}",
            language=officer.language,
        )


def _tell(case: DataCase, what: str, paragraph: str, at: datetime) -> None:
    subject = _("Your request about your data: %(kind)s", kind=CASE_KIND_LABELS[case.kind])
    lines = (_("Dear %(name)s,", name=case.user.name), paragraph, in_letter("privacy.requests"))
    outbox.enqueue(
        f"privacy.{what}", case.user.email, subject, "\n\n".join(lines), at=at, language=case.user.language
    )
