"""What people are told of requests for contact, in their language."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.notices import Notice
from companies.contacting.models import ContactRequest
from core.i18n import _, pick
from core.urls import in_letter


def confirm(row: ContactRequest, secret: str) -> Notice:
    """To an address that anybody could have typed: nothing of what he typed is repeated."""

    def notice() -> tuple[str, Sequence[str]]:
        return _("Confirm your request for contact"), (
            _("Somebody, most likely you, asked the Department to be put in touch with a firm:"),
            pick(row.organisation, "name").text,
            _("Open this address within two days and press the button:"),
            in_letter("contact.confirm", key=secret),
            _("If it was not you, do nothing."),
        )

    return notice


def forwarded(row: ContactRequest) -> Notice:
    """To the people of the firm: who asks is on the page."""

    def notice() -> tuple[str, Sequence[str]]:
        return _("Somebody asks for your contacts"), (
            _("The Department forwards a request to be put in touch with %(firm)s.", firm=row.organisation.name),
            _("Read it and say whether you agree. Nobody gets your contacts before:"),
            in_letter("contact.mine", organisation_id=row.organisation_id),
        )

    return notice


def declined(row: ContactRequest) -> Notice:
    """To the one who asked."""

    def notice() -> tuple[str, Sequence[str]]:
        return _("Your request for contact"), (
            _("The Department cannot put you in touch with %(firm)s.", firm=pick(row.organisation, "name").text),
            row.reason,
        )

    return notice


def refused(row: ContactRequest) -> Notice:
    """To the one who asked."""

    def notice() -> tuple[str, Sequence[str]]:
        return _("Your request for contact"), (
            _("%(firm)s does not wish to be put in touch now.", firm=pick(row.organisation, "name").text),
        )

    return notice


def contacts(row: ContactRequest, name: str, lines: Sequence[str]) -> Notice:
    """The contacts of the other side."""

    def notice() -> tuple[str, Sequence[str]]:
        return _("Contacts for %(name)s", name=name), (
            _("Both sides agreed to be put in touch. You reach them so:"),
            "\n".join(lines),
            _("What it is about:"),
            row.purpose,
        )

    return notice
