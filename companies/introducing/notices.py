"""What introducing bodies are told by mail."""

from __future__ import annotations

from datetime import datetime

from companies.introducing.enums import IntroductionState
from companies.introducing.models import Introduction
from core import outbox
from core.i18n import _, force_locale
from core.urls import in_letter


def tell_decision(row: Introduction, *, invited: bool, at: datetime) -> None:
    """Tell who introduced a firm what the Department decided."""
    user = row.by
    if user is None or user.disabled_at is not None:
        return
    with force_locale(user.language):
        if row.state is IntroductionState.ACCEPTED:
            subject = _("Accepted: %(firm)s", firm=row.name)
            text = _("The Department has accepted your introduction of %(firm)s for %(year)d.",
                     firm=row.name, year=row.year)  # fmt: skip
            if invited:
                text += " " + _("The firm is invited by mail to look after its profile itself.")
        else:
            subject = _("Not accepted: %(firm)s", firm=row.name)
            text = _("The Department did not accept your introduction of %(firm)s for %(year)d. Reason: %(reason)s",
                     firm=row.name, year=row.year, reason=row.reason)  # fmt: skip
        body = letter(user.name, text, in_letter("introductions.index"))
    outbox.enqueue(
        "introduction.decided", user.email, subject, body, at=at, language=user.language,
        dedupe_key=f"introduction:{row.id}:{row.version}:{user.id}",
    )  # fmt: skip


def letter(name: str, text: str, url: str) -> str:
    """The words of a mail to an introducer, in the language in force."""
    return "\n".join(
        [
            _("Dear %(name)s,", name=name),
            "",
            text,
            "",
            _("Your introductions and what became of them: %(url)s", url=url),
            "",
            _("This message was sent by the site of Hanoi's key industrial products. Please do not answer it."),
        ]
    )
