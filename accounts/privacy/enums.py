"""What people are asked to agree to, what they may ask for, and where a request stands."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class Purpose(StrEnum):
    """What a person agrees to, one by one. What the law or the procedure itself asks for is not asked here."""

    NEWS = "news"
    PHONE = "phone"
    PHOTOS = "photos"


PURPOSE_LABELS = {
    Purpose.NEWS: _l("Newsletters and general invitations by mail"),
    Purpose.PHONE: _l("My phone number for matched partners"),
    Purpose.PHOTOS: _l("Photos and films of me at events"),
}


OPTIONAL_MAIL = {Purpose.NEWS: ("news.week",)}  # kinds of mail that need the consent, and end with it


class Channel(StrEnum):
    """How a person said it."""

    SITE = "site"
    PAPER = "paper"
    PHONE = "phone"
    EMAIL = "email"
    DELETION = "deletion"


CHANNEL_LABELS = {
    Channel.SITE: _l("on this site"),
    Channel.PAPER: _l("in writing, entered by an officer"),
    Channel.PHONE: _l("by telephone, entered by an officer"),
    Channel.EMAIL: _l("by e-mail, entered by an officer"),
    Channel.DELETION: _l("by the deletion of the account"),
}


ELSEWHERE = (Channel.PAPER, Channel.PHONE, Channel.EMAIL)  # what an officer takes down


SHORT_CHANNEL_LABELS = {
    Channel.PAPER: _l("On paper"),
    Channel.PHONE: _l("By telephone"),
    Channel.EMAIL: _l("By e-mail"),
}


class Statement(StrEnum):
    """What a person said on paper, by telephone or by e-mail."""

    CONSENT = "consent"
    WITHDRAWAL = "withdrawal"
    REQUEST = "request"


STATEMENT_LABELS = {Statement.CONSENT: _l("Gives a consent"), Statement.WITHDRAWAL: _l("Withdraws a consent")}


class CaseKind(StrEnum):
    """What a person asks for."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"
    RESTRICTION = "restriction"
    OBJECTION = "objection"


CASE_KIND_LABELS = {
    CaseKind.ACCESS: _l("See what is kept"),
    CaseKind.CORRECTION: _l("Correct what is wrong"),
    CaseKind.DELETION: _l("Delete my data and my account"),
    CaseKind.RESTRICTION: _l("Restrict the use of my data"),
    CaseKind.OBJECTION: _l("Object to a use of my data"),
}
HOLDING = (CaseKind.RESTRICTION, CaseKind.OBJECTION)  # what is optional stops with the request, not with its answer


class CaseState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    ANSWERED = "answered"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


CASE_STATE_LABELS = {
    CaseState.RECEIVED: _l("Received"),
    CaseState.ANSWERED: _l("In work"),
    CaseState.DONE: _l("Done"),
    CaseState.REFUSED: _l("Refused with reasons"),
    CaseState.WITHDRAWN: _l("Withdrawn by the person"),
}
OPEN = (CaseState.RECEIVED, CaseState.ANSWERED)
