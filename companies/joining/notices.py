"""What people are told by mail of joining an organisation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts import notices
from accounts.models import User
from companies.joining.models import Invitation, JoinRequest
from companies.models import Organisation
from core.i18n import _, pick
from core.urls import in_letter


def invite(row: Invitation, secret: str, *, at: datetime) -> None:
    """The personal link of an invitation, in the organisation's language."""

    def notice() -> tuple[str, Sequence[str]]:
        firm = pick(row.organisation, "name").text
        return _("Invitation: %(firm)s", firm=firm), (
            _(
                "You are invited to act for %(firm)s on the site of Hanoi's key industrial products: its profile, "
                "needs and offers, events and meetings.",
                firm=firm,
            ),
            _("This link is for you alone. It is good once, for 30 days:"),
            in_letter("joining.invited", key=secret),
            _("If you do not know what this is about, do nothing."),
        )

    notices.write_to(row.email, "joining.invite", notice, at=at, language=row.language, name=row.name, sensitive=True)


def confirm_address(row: JoinRequest, secret: str, *, at: datetime) -> None:
    """The link by which somebody who registers shows that the address is his. Anybody could have typed it, so nothing
    else that he typed is repeated: no stranger gets words of another in the Department's name."""

    def notice() -> tuple[str, Sequence[str]]:
        return _("Go on with your registration"), (
            _("Somebody, most likely you, asked to act for an organisation on the site of Hanoi's key industrial "
              "products."),
            _("Open this address within three days, choose a password, and your request goes to those who decide:"),
            in_letter("joining.registered", key=secret),
            _("If it was not you, do nothing."),
        )  # fmt: skip

    notices.write_to(row.email, "joining.register", notice, at=at, language=row.language, sensitive=True)


def has_account(user: User, *, at: datetime) -> None:
    """Somebody registers with an address that has an account."""

    def notice() -> tuple[str, Sequence[str]]:
        return _("You have an account already"), (
            _("Somebody, most likely you, registered with this address. It has an account already."),
            _("Sign in, and ask there to join your organisation:"),
            in_letter("requests.ask"),
            _("If it was not you, do nothing."),
        )

    notices.tell(user, "joining.register", notice, at=at, sensitive=True)


def asked(row: JoinRequest, known: Organisation, leaders: Sequence[User], *, at: datetime) -> None:
    """Owners and deputies learn that somebody wants to join."""
    for user in leaders:

        def notice() -> tuple[str, Sequence[str]]:
            return _("Somebody asks to join %(firm)s", firm=pick(known, "name").text), (
                _("%(name)s (%(email)s) asks to join your organisation. If you know this person, confirm "
                  "the request; otherwise decline it.", name=row.name, email=row.email),
                in_letter("members.index", organisation_id=known.id),
            )  # fmt: skip

        notices.tell(user, "joining.asked", notice, at=at)


def decided(row: JoinRequest, organisation: Organisation | None, *, at: datetime) -> None:
    """Who asked learns the answer."""
    if row.user is None:
        return

    def notice() -> tuple[str, Sequence[str]]:
        if organisation is None:
            return _("Your request was declined"), (
                _("Your request to join %(firm)s was declined. Reason: %(reason)s",
                  firm=row.organisation_name, reason=row.reason),
                in_letter("requests.mine"),
            )  # fmt: skip
        return _("Welcome: %(firm)s", firm=pick(organisation, "name").text), (
            _("Your request is confirmed: you act for %(firm)s from now on. A complete profile is found more often; "
              "begin here:", firm=pick(organisation, "name").text),
            in_letter("companies_editing.hub", organisation_id=organisation.id),
        )  # fmt: skip

    notices.tell(row.user, "joining.decided", notice, at=at)


def removed(user: User, organisation: Organisation, *, at: datetime) -> None:
    """Somebody's membership was ended by another."""

    def notice() -> tuple[str, Sequence[str]]:
        firm = pick(organisation, "name").text
        return _("You do not act for %(firm)s any more", firm=firm), (
            _("Your membership of %(firm)s was ended. If that is a mistake, speak to its owner or the Department.",
              firm=firm),
        )  # fmt: skip

    notices.tell(user, "joining.removed", notice, at=at)


def owner_now(user: User, organisation: Organisation, *, at: datetime) -> None:
    """Somebody was made the owner."""

    def notice() -> tuple[str, Sequence[str]]:
        firm = pick(organisation, "name").text
        return _("You are the owner of %(firm)s now", firm=firm), (
            _("You look after its people, and you alone let partners see its figures and contacts."),
            in_letter("members.index", organisation_id=organisation.id),
        )

    notices.tell(user, "joining.owner", notice, at=at)
