"""Where a reader can go: the main navigation, by what he may do and by which pages there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from accounts.access import actor
from accounts.rules import is_staff, manage_accounts
from companies.introducing.rules import introduce
from core.access import Actor
from core.i18n import LANGUAGES, _l, language
from core.urls import safe_next
from events.conferences.browsing.rules import browses
from portal.desk.rules import has_desk
from portal.situation.rules import has_firm


@dataclass(frozen=True)
class Entry:
    """A page that the navigation may offer, and to whom. `prefix`: how the endpoints under it begin.

    `bar`: whether it stands in the bar of wide pages; the rest is in the menu of phones and on the home page.
    """

    endpoint: str
    label: Any
    icon: str
    to: Callable[[Actor], bool]
    prefix: tuple[str, ...] = ()
    bar: bool = True

    def strength(self, endpoint: str) -> int:
        """How exactly `endpoint` belongs to this part: the length of what fits; 0 for another part."""
        return max((len(p) for p in (self.endpoint, *self.prefix) if endpoint.startswith(p)), default=0)


@dataclass(frozen=True)
class Link:
    """An entry as a page shows it."""

    label: Any
    url: str
    icon: str
    current: bool


def _anybody(actor: Actor) -> bool:
    return True


def _member(actor: Actor) -> bool:
    return actor.belongs_to_any("organisation")


def _keeps_door(actor: Actor) -> bool:
    return actor.has("door_staff")


def _takes_part(actor: Actor) -> bool:
    return is_staff(actor) or _member(actor)


USERS = ("accounts.user", "accounts.new_user", "accounts.create_user")
CONFERENCES = (
    "conferences.",
    "participants.",
    "fairness.",
    "learning.",
    "timetables.",
    "wishes.",
    "schedule.",
    "day.",
    "hall.",
    "printing.",
    "report.",
    "sharing.",
    "choosing.",
    "partners.",
    "outcomes.",
    "past.",
    "reminding.",
    "continuing.",
    "live.",
    "standby.",
    "walk_in.",
    "conference_year.",
)
ENTRIES = (
    Entry("desk.index", _l("To do"), "check2-square", has_desk),
    Entry("events.calendar", _l("Calendar"), "calendar3", _anybody, ("events.", "events_office.", "delegations.")),
    Entry("companies.directory", _l("Directory"), "building", _anybody, ("companies.", "companies_", "products.")),
    Entry("companies.mine", _l("My organisation"), "briefcase", _member, ("companies_editing.",)),
    Entry("browsing.mine", _l("Find firms"), "search-heart", browses, ("browsing.",)),
    Entry("door.index", _l("Door"), "door-open", _keeps_door, ("door.",)),
    Entry("conferences.index", _l("Conferences"), "people", _takes_part, CONFERENCES),
    Entry("introductions.index", _l("Introductions"), "building-add", introduce, ("introductions.",)),
    Entry(
        "introductions_office.index",
        _l("Introductions"),
        "building-add",
        is_staff,
        ("introductions_office.",),
        bar=False,
    ),
    Entry("news.index", _l("News"), "newspaper", _anybody, ("news.", "news_office.")),
    Entry("situation.index", _l("Situation"), "clipboard-pulse", has_firm, ("situation.",)),
    Entry(
        "situation_office.index",
        _l("Firms' situation"),
        "clipboard-pulse",
        is_staff,
        ("situation_office.",),
        bar=False,
    ),
    Entry("companies_import.index", _l("Import"), "file-earmark-arrow-up", is_staff, ("companies_import",)),
    Entry("accounts.users", _l("Users"), "person-gear", manage_accounts, USERS),
    Entry("privacy_office.index", _l("Data requests"), "shield-check", is_staff, ("privacy_office.",), bar=False),
    Entry("api_tokens.index", _l("Interfaces"), "plug", manage_accounts, ("api_tokens.",), bar=False),
    Entry("mail.index", _l("Outgoing mail"), "envelope", manage_accounts, bar=False),
)


def navigation(everything: bool = False) -> list[Link]:
    """The entries for the reader, in order; of those that cover this page the most exact is the current one."""
    reader, here = actor(), request.endpoint or ""
    offered = [e for e in ENTRIES if e.endpoint in current_app.view_functions and e.to(reader)]
    offered = [e for e in offered if e.bar or everything]
    now = max(offered, key=lambda e: e.strength(here), default=None)
    now = now if now and now.strength(here) else None
    return [Link(e.label, url_for(e.endpoint), e.icon, e is now) for e in offered]


def known(endpoint: str) -> bool:
    """Whether the site has such a page; for links to pages of packages that may be left out."""
    return endpoint in current_app.view_functions


def other_language() -> tuple[str, str]:
    """The language to switch to: its code and its own name."""
    code = next(code for code in LANGUAGES if code != language())
    return code, LANGUAGES[code]


@dataclass(frozen=True)
class _Page:
    """A page that a link can lead to: its endpoint with the arguments of its path, and those of its query."""

    endpoint: str
    arguments: Mapping[str, Any]
    path: str
    query: Sequence[tuple[str, str]]


def _page() -> _Page:
    """The page that the reader is on. The answer to a form is often at an address of its own, to which no link leads:
    then it is the page on which the form was, if that is one of ours."""
    args = list(request.args.items(multi=True))
    if request.method in ("GET", "HEAD"):
        return _Page(request.endpoint or "", request.view_args or {}, request.path, args)
    before = urlsplit(request.referrer or "")
    form = _page_at(before.path, parse_qsl(before.query)) if before.netloc == request.host else None
    return _page_at(request.path, args) or form or _Page("portal.home", {}, "/", ())


def _page_at(path: str, query: Sequence[tuple[str, str]]) -> _Page | None:
    try:
        endpoint, arguments = current_app.url_map.bind(request.host).match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return _Page(str(endpoint), arguments, path, query)


def this_page(code: str | None = None) -> str:
    """The path of this page; with `code` the one that names that language, where addresses of its kind name one."""
    page = _page()
    path = page.path
    if code and "lang" in page.arguments:
        path = url_for(page.endpoint, **{**page.arguments, "lang": code})
    kept = [(name, value) for name, value in page.query if name != "lang"]
    return f"{path}?{urlencode(kept)}" if kept else path


def page_in(code: str) -> str:
    """The address of this page that names the language: nothing has to be remembered for it."""
    path = safe_next(this_page(code))
    return path if "lang" in _page().arguments else f"{path}{'&' if '?' in path else '?'}lang={code}"


def with_arguments(path: str | None = None, /, **changed: object) -> str:
    """This page's address (or `path` with this page's query) with some arguments changed; None takes one away."""
    kept = {name: request.args.getlist(name) for name in request.args if name not in changed}
    new = {name: [str(value)] for name, value in changed.items() if value is not None}
    query = urlencode({**kept, **new}, doseq=True)
    return f"{path or request.path}?{query}" if query else path or request.path


def kept_arguments(*without: str) -> dict[str, str]:
    """The arguments of this page's address, but for some, for a form that keeps the others."""
    return {name: value for name, value in request.args.items() if name not in without}
