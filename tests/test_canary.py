"""Two firms with a secret word in every column that is not public: nothing carries one to a reader who may not know.

Pages, files, searches, reasons, mails, log and audit are read. Officers do see the words, so that there is something
that could leak.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from dataclasses import dataclass
from itertools import product

import pytest
from flask import url_for
from sqlalchemy import func, select

from accounts.privacy.enums import CaseKind
from accounts.privacy.models import DataCase
from companies.contacting.enums import ContactState
from companies.contacting.models import ContactRequest
from companies.enums import GrantScope, Kind, NeedClass, NeedRole, SupportKind, Visibility
from companies.history import Act, ProfileChange
from companies.import_runs import ImportRun
from companies.models import Grant, NeedOffer, Product, SupportReceived
from companies.operations import state_figures
from companies.records import Certificate
from core import clock
from core.audit import AuditLine
from core.db import JSON, LongStr, Str, db, session, write
from core.documents import pdf
from core.extensions import limiter
from core.files import StoredFile
from core.outbox import Mail
from events import operations as events
from events.conferences import operations, suggestions, timetable
from events.conferences.enums import Side, Wish
from events.conferences.models import Suggestion, TimetableVersion
from events.details import Details, Schedule
from events.enums import EventKind
from events.models import Event, Registration
from tests.events.conferences.conftest import make_conference

pytestmark = pytest.mark.one_database

# Columns of text by table. A new one makes the last test fail until it is sorted in.
PUBLIC = {
    "organisation": "tax_code country foreign_id name_vi name_en name_original short_name_vi short_name_en "
    "original_language vsic_version vsic province commune zone address old_address website markets languages "
    "intro_vi intro_en intro_original group_name",
    "product": "name_vi name_en name_original original_language description_vi description_en description_original "
    "hs capacity",
    "certificate": "name issuer",
    "photo": "alt_vi alt_en",
    "award": "winner_name product_vi product_en decision note source",
    "event": "title_vi title_en summary_vi summary_en place_vi place_en address open_to plan_code "
    "cancelled_reason_vi cancelled_reason_en",
    "conference": "partner_kinds",
    "news_item": "title_vi title_en body_vi body_en source_url",
    "situation_round": "title_vi title_en",
}
PLANTED = {
    "organisation": "email phone source",
    "need_offer": "text_vi text_en text_original tags",
    "user": "name email phone",
    "data_case": "words answer extension_reason outcome",
    "registration": "note",
    "certificate": "number",
    "profile_change": "label old new",
    "yearly_figures": "source",
    "support_received": "note",
    "contact_request": "name email firm purpose reason",
    "import_run": "name source layout preview",
    "timetable_version": "note",
    "mail": "subject body recipient",
    "suggestion": "reasons",
    "situation_answer": "difficulties difficulty_text request_text",
    "situation_case": "text reply outcome",
    "introduction": "tax_code name product commune address email phone note reason",
}
NO_WORDS = {  # keys, codes, hashes, and what is computed from the columns above
    "attention_mark": "key", "recognised_list": "digest",
    "profile_change": "subject field",
    "audit_line": "actor on_behalf_of act subject detail", "audit_seal": "digest",
    "directory_stamp": "mark", "organisation_merge": "moved", "contact_request": "language",
    "failed_sign_in": "account_hash place_hash", "job_run": "name period_key holder result", "lease": "name holder",
    "mail": "kind dedupe_key message_id html language locked_by last_error",
    "introduction": "search_key sort_key",
    "news_item": "search_key sort_key",
    "organisation": "search_key sort_key", "user": "password_hash language search_key sort_key",
    "event": "search_key sort_key", "mail_attachment": "name media_type", "product": "search_key sort_key",
    "need_offer": "original_language currency details", "sign_in": "key_hash device device_hash acting_for",
    "award": "search_key sort_key",
    "stored_file": "key name media_type sha256", "import_run": "counts sha256",
    "download": "listing arguments", "api_token": "key_hash start name scopes", 
    "api_receipt": "key request_hash answer",
    "import_column": "source_key sheet heading_key column",
    "task": "kind key arguments stage result error reference holder language",
    "registration": "side key ticket_code", "pair_scores": "engine firm_ids partner_ids",
    "participant": "away_slots feed_key", "timetable_version": "quality unmet",
    "conference_table": "label closed_slots", "token": "purpose key_hash address about",
    "consent": "text_sha256 language", "incident": "title words tables measures", "forgotten_address": "address_hash",
    "invitation": "email name language", "join_request": "email name position language organisation_name tax_code "
    "country foreign_id reason", "second_factor": "sealed_secret", "recovery_code": "code_hash",
}  # fmt: skip

PARTNER, MATCHED, FIGURES, CONTACTS, INSIDE, OFFICER = (
    "partner",
    "matched",
    "figures",
    "contacts",
    "inside",
    "officer",
)
EVERYTHING = frozenset((PARTNER, MATCHED, FIGURES, CONTACTS, INSIDE, OFFICER))
COLD_STAMPING = "dập nguội"  # a word of a need that only matched partners read; partners offer it in English


@dataclass(frozen=True)
class Secret:
    """A word that only some may read, and from which tier on."""

    word: str
    tier: str


def plant(letter, firm, owner, officer):
    """Fill everything of a firm that is not public. Return its secrets."""
    secrets = []

    def secret(name, tier):
        secrets.append(Secret(f"kanari{letter}{name}", tier))
        return secrets[-1].word

    number = {"a": 0, "b": 1}[letter]
    firm.email, firm.source = f"{secret('mail', CONTACTS)}@kanari.example", secret("source", OFFICER)
    firm.phone = f"+84243719400{number}"
    figures = {"employees": 6_713_920 + number, "revenue_vnd": (761 + number) * 10**9}
    figures |= {"export_usd": 43_861_950 + number, "source": secret("figures", INSIDE)}
    state_figures(firm, 2025, figures, by=owner, at=clock.now())
    session.add_all(
        ProfileChange(organisation_id=firm.id, at=clock.now(), by_id=owner.id, act=act, subject="product", row_id=1,
                      label=secret(f"label{act}", INSIDE), **values)
        for act, values in ((Act.REMOVED, {}), (Act.EDITED, {"field": "capacity", "old": secret("old", INSIDE),
                                                             "new": secret("new", INSIDE)}))
    )  # fmt: skip
    firm.certificate_rows.append(Certificate(name="ISO 9001", number=secret("number", INSIDE), issuer="TÜV"))
    secrets += [
        Secret(f"243719400{number}", CONTACTS), Secret(f"671392{number}", PARTNER),
        Secret(f"{761 + number}tỷ", FIGURES), Secret(f"{761 + number}billion", FIGURES),
        Secret(f"{761 + number}000000000", FIGURES), Secret(f"4386195{number}", FIGURES),
    ]  # fmt: skip
    tiers = {Visibility.PARTNER: PARTNER, Visibility.MATCHED: MATCHED, Visibility.OFFICER: INSIDE}
    for n, (visibility, tier) in enumerate(tiers.items()):
        name = visibility.value
        amount = 617 + 2 * n + 10 * number
        row = NeedOffer(
            organisation_id=firm.id, role=NeedRole.NEED, kind=NeedClass.EQUIPMENT, visibility=visibility,
            text_vi=f"Máy {secret(f'needvi{name}', tier)}", text_en=f"Machine {secret(f'needen{name}', tier)}",
            tags=[secret(f"needtag{name}", tier)], created_at=clock.now(), amount_min=amount * 10**9,
            amount_max=amount * 10**9, currency="VND",
        )  # fmt: skip
        foreign = NeedOffer(
            organisation_id=firm.id, role=NeedRole.OFFER, kind=NeedClass.EQUIPMENT, visibility=visibility,
            text_original=secret(f"needko{name}", tier), original_language="ko", created_at=clock.now(),
        )  # fmt: skip
        secrets.append(Secret(f"{amount}tỷ", tier))
        session.add_all([row, foreign])
    session.add(
        NeedOffer(
            organisation_id=firm.id, role=NeedRole.NEED, kind=NeedClass.PROCESS, visibility=Visibility.MATCHED,
            text_vi=f"Cần gia công {COLD_STAMPING} chi tiết", created_at=clock.now(),
        )
    )  # fmt: skip
    session.add(
        SupportReceived(organisation_id=firm.id, kind=SupportKind.OTHER, on=clock.today(),
                        note=secret("support", INSIDE))
    )  # fmt: skip
    owner.name, owner.email = f"Người {secret('person', INSIDE)}", f"{secret('account', INSIDE)}@kanari.example"
    owner.phone = f"+8490777111{number}"
    secrets.append(Secret(f"777111{number}", INSIDE))
    session.add(
        DataCase(
            user=owner, kind=CaseKind.CORRECTION, received_at=clock.now(), answer_due=clock.today(),
            done_due=clock.today(), words=secret("words", INSIDE), answer=secret("answer", INSIDE),
            extension_reason=secret("extension", INSIDE), outcome=secret("outcome", INSIDE),
        )
    )  # fmt: skip
    session.add(
        ContactRequest(
            organisation_id=firm.id, name=secret("asker", INSIDE), firm=secret("askerfirm", INSIDE),
            purpose=secret("purpose", INSIDE), email=f"{secret('askermail', OFFICER)}@kanari.example", language="vi",
            reason=secret("contactreason", OFFICER), state=ContactState.FORWARDED, created_at=clock.now(),
        )
    )  # fmt: skip
    head = [["Sheet", [[1, ["MST", "Tên DN", secret("cell", OFFICER)]]]]]
    session.add(
        ImportRun(
            name=f"{secret('list', OFFICER)}.xlsx", by_id=officer.id, at=clock.now(),
            source=secret("source", OFFICER),
            file=StoredFile(
                key=f"{letter:>032}", name="x", media_type="x", size=1, sha256="0" * 64, created_at=clock.now()
            ),
            layout={"heads": head}, preview={"refused": secret("preview", OFFICER)},
        )
    )  # fmt: skip
    return secrets


@dataclass
class Site:
    conference: int
    participants: dict[str, int]
    organisations: dict[str, int]
    secrets: dict[str, list[Secret]]
    version: int


@pytest.fixture
def site(cast, monkeypatch):
    """Firm a matched with a supplier, firm b with nobody; a bank that takes part and is matched with neither."""
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(
        pdf, "render", lambda name, data, **_: b"%PDF-" + json.dumps(data, ensure_ascii=False).encode()
    )
    officer, at = cast.officer, clock.now()
    small = make_conference(officer, cast.firm)
    people = {"a": cast.firm_owner, "b": cast.rival_owner, "bank": cast.bank, "supplier": cast.supplier}
    rows = {"a": cast.firm, "b": cast.rival, "bank": cast.bank_organisation, "supplier": cast.supplier_organisation}
    participants = {"a": small.firms[0]}
    with write():
        secrets = {letter: plant(letter, rows[letter], people[letter], officer) for letter in "ab"}
        for name, kind in (("bank", NeedClass.LOAN), ("supplier", NeedClass.PROCESS)):
            session.add(
                NeedOffer(organisation_id=rows[name].id, role=NeedRole.OFFER, kind=kind, created_at=at,
                          text_en="Cold stamping, loans for cold stamping presses")
            )  # fmt: skip
        session.add(Product(organisation_id=rows["a"].id, name_vi="Vỏ động cơ"))
        conference = small.conference
        joining = {"b": (Side.FIRM, Kind.FIRM), "bank": (Side.PARTNER, Kind.BANK),
                   "supplier": (Side.PARTNER, Kind.TECHNOLOGY_SUPPLIER)}  # fmt: skip
        for name, (side, kind) in joining.items():
            joined = operations.join(conference, rows[name], side, kind, by=officer, at=at, on_behalf=True)
            participants[name] = joined.id
        for letter in "ab":
            note = f"kanari{letter}note"
            small.participant(participants[letter]).registration.note = note
            secrets[letter].append(Secret(note, INSIDE))
        _draft_event(officer, secrets["a"], at)
    suggestions.refresh(small.conference_id)
    with write():
        _wishes(small, participants, people, at)
    suggestions.refresh(small.conference_id)
    version = timetable.generate(small.conference_id, by=officer).id
    with write():
        session.get(TimetableVersion, version).note = "kanariaversion"
        secrets["a"].append(Secret("kanariaversion", OFFICER))
        timetable.publish(session.get(TimetableVersion, version), by=officer, at=at)
        session.add(Grant(firm_id=rows["a"].id, partner_id=rows["bank"].id, scope=GrantScope.FIGURES, at=at))
        withdrawn = {"firm_id": rows["a"].id, "partner_id": rows["supplier"].id, "scope": GrantScope.CONTACTS}
        session.add(Grant(**withdrawn, at=at, withdrawn_at=at))
    return Site(small.conference_id, participants, {k: r.id for k, r in rows.items()}, secrets, version)


def _draft_event(officer, secrets, at):
    secrets.append(Secret("kanariadraft", OFFICER))
    begins = at.replace(month=12, day=20)
    events.create(EventKind.CLASS, Details(title_vi="Lớp kanariadraft", title_en="Class"),
                  Schedule(begins_at=begins, ends_at=begins.replace(hour=9)), by=officer, at=at)  # fmt: skip


def _wishes(small, participants, people, at):
    """a and the supplier want each other; a will not meet the bank; b will meet nobody."""
    who = {name: small.participant(key) for name, key in participants.items()}
    said = [("a", "supplier", Wish.MUST), ("supplier", "a", Wish.YES), ("a", "bank", Wish.NO), ("b", "bank", Wish.NO),
            ("b", "supplier", Wish.NO)]  # fmt: skip
    for name, other, wish in said:
        operations.wish(who[name], who[other], wish, by=people[name], at=at)
    for key in small.partners:
        operations.wish(who["b"], small.participant(key), Wish.NO, by=people["b"], at=at)


# --- reading everything ----------------------------------------------------------------------------------------


def addresses(app, site):
    """Every GET address of the site, with the rows of everybody of this story."""
    rows = {name: session.scalars(select(table.c.id)).all() for name, table in db.metadata.tables.items()
            if "id" in table.c}  # fmt: skip
    rows |= {"organisation": list(site.organisations.values()), "participant": list(site.participants.values())}
    rows["meeting"] = session.scalars(
        select(db.metadata.tables["meeting"].c.id).where(
            db.metadata.tables["meeting"].c.firm_id.in_([site.participants["a"], site.participants["b"]])
        )
    ).all()
    rows |= {name: rows[f"conference_{name}"] for name in ("room", "interpreter", "table")}
    rows["other"] = rows["organisation"][:2]
    rows["version"], rows["user"] = rows["timetable_version"], rows["user"][:8]
    words = {"section": ["names", "contact"], "lang": ["vi", "en"], "slug": ["x"],
             "name": ["pages", "organisations", "products"], "number": [1],
             "step": ["production", "1"], "code": ["0090000019"]}  # fmt: skip
    found, unknown = [], set()
    with app.test_request_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
            if "GET" not in rule.methods or rule.endpoint.endswith("static"):
                continue
            values = []
            for name in sorted(rule.arguments):
                bare = name.removesuffix("_id")
                if name not in words and (bare == name or bare not in rows):
                    unknown.add((rule.endpoint, name))
                values.append(words.get(name) or rows.get(bare, []))
            names = sorted(rule.arguments)
            found += [url_for(rule.endpoint, **dict(zip(names, chosen, strict=True))) for chosen in product(*values)]
    keys = {
        "schedule.feed",
        "outcomes.asked",
        "password.new",
        "address.confirm",
        "contact.confirm",
        "joining.invited",
        "joining.registered",
        "choosing.invited",
    }
    assert unknown <= {(endpoint, "key") for endpoint in keys}, unknown
    return found


def words_of(answer):
    """All text of an answer, whatever its type, in small letters and without gaps and signs inside numbers."""
    data = answer.data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b" ".join(archive.read(name) for name in archive.namelist())
    text = html.unescape(data.decode(errors="replace"))
    return squeezed(text.replace("\r\n ", ""))


def squeezed(text):
    return re.sub(r"[\s.,+\u00a0\u202f-]+", "", text).casefold()


def walk(app, site, client, *, opened=False):
    """address -> its text: of every answer, refusals too, or only of what the reader can open."""
    found = {}
    for address in addresses(app, site):
        answer = client.get(address)
        assert answer.status_code < 500 or answer.mimetype == "application/json", (address, answer.status_code)
        if answer.status_code == 200 or not opened:
            found[address] = words_of(answer)
    return found


def in_both(app, site, browse, person):
    """The same in both languages."""
    pages = {language: walk(app, site, browse(person, language)) for language in ("vi", "en")}
    return {f"{language} {address}": text for language, found in pages.items() for address, text in found.items()}


def leaks(pages, secrets, allowed=frozenset()):
    """(word, address) of all that a reader saw and may not."""
    hidden = {squeezed(s.word) for s in secrets if s.tier not in allowed}
    return {(word, address) for address, text in pages.items() for word in hidden if word in text}


def seen(pages, secrets):
    every = " ".join(pages.values())
    return {s.word for s in secrets if squeezed(s.word) in every}


READERS = {
    "nobody": {"a": set(), "b": set()},
    "rival_owner": {"a": set(), "b": EVERYTHING - {OFFICER}},
    "firm_owner": {"a": EVERYTHING - {OFFICER}, "b": set()},
    "bank": {"a": {PARTNER}, "b": {PARTNER}},
    "supplier": {"a": {PARTNER, MATCHED}, "b": {PARTNER}},
    "university": {"a": {PARTNER}, "b": {PARTNER}},
    "door_staff": {"a": set(), "b": set()},
    "council_member": {"a": set(), "b": set()},
}


@pytest.mark.parametrize("reader", READERS)
def test_no_page_shows_a_reader_what_he_may_not_know(app, site, cast, browse, reader):
    person = getattr(cast, reader, None)
    pages = in_both(app, site, browse, person)
    for letter, allowed in READERS[reader].items():
        assert leaks(pages, site.secrets[letter], allowed) == set()


def test_an_officer_does_see_them(app, site, cast, browse):
    """Otherwise the words would be nowhere, and nothing could leak."""
    pages = in_both(app, site, browse, cast.officer)
    for letter in "ab":
        words = {s.word for s in site.secrets[letter]}
        not_shown = {"kanariaversion", f"kanari{letter}note"}  # stored, on no page yet
        assert words - seen(pages, site.secrets[letter]) <= not_shown


def test_the_owner_and_the_matched_partner_see_what_is_theirs(app, site, cast, browse):
    own = in_both(app, site, browse, cast.firm_owner)
    inside = [s for s in site.secrets["a"] if s.tier in (PARTNER, MATCHED, FIGURES, CONTACTS)]
    assert {s.word for s in inside} - seen(own, inside) == set()
    matched = [s for s in site.secrets["a"] if s.tier in (PARTNER, MATCHED)]
    assert {s.word for s in matched} == seen(in_both(app, site, browse, cast.supplier), matched)
    partner = [s for s in site.secrets["a"] if s.tier == PARTNER]
    assert {s.word for s in partner} == seen(in_both(app, site, browse, cast.bank), partner)


@pytest.mark.parametrize("reader", ["nobody", "rival_owner", "bank", "door_staff"])
def test_a_search_for_a_secret_finds_what_a_search_for_nonsense_finds(app, site, cast, browse, reader):
    client, allowed = browse(getattr(cast, reader, None)), READERS[reader]["a"]
    own = site.participants.get({"rival_owner": "b"}.get(reader, reader))
    paths = ["/organisations", "/organisations.xlsx", "/events", "/conferences"]
    if own:
        paths += [f"/conferences/{site.conference}/participants/{own}/{page}" for page in ("suggestions", "search")]
    hidden = sorted({s.word for s in site.secrets["a"] if s.tier not in allowed} | {COLD_STAMPING})
    for path in paths:
        for word in hidden:
            nonsense = "".join("q" if c.isalpha() else "9" if c.isdigit() else c for c in word)
            answers = [client.get(path, query_string={"q": q}) for q in (word, nonsense)]
            if answers[0].status_code != 200:
                assert answers[1].status_code == answers[0].status_code
                continue
            texts = [words_of(a).replace(squeezed(q), "") for a, q in zip(answers, (word, nonsense), strict=True)]
            if not path.endswith("xlsx"):  # the echo of the search, also inside addresses, is the reader's own word
                texts = [re.sub(r"q=[^&\"']*", "", re.sub(r"<[^>]*>", "", t)) for t in texts]
                assert texts[0] == texts[1], (path, word)
            assert "minhhoạ01" not in texts[0], (path, word)


def test_reasons_name_words_of_a_need_only_to_those_who_may_read_it(app, site):
    """The engine compares what matched partners read too; the words it met stay with those who may read them."""

    def terms(mine, other=None):
        query = select(Suggestion.reasons).where(Suggestion.participant_id == site.participants[mine])
        if other is not None:
            query = query.where(Suggestion.other_id == site.participants[other])
        return {
            term for reasons in session.scalars(query) for line in reasons for pair in line["terms"] for term in pair
        }

    assert any(COLD_STAMPING in term for term in terms("a", "supplier"))  # its own words: it knows them
    for name in ("bank", "supplier"):
        assert not any(COLD_STAMPING in term for term in terms(name))
    firms = [site.participants["a"], site.participants["b"]]
    told = session.execute(select(Suggestion.id, Suggestion.reasons).where(Suggestion.participant_id.not_in(firms)))
    texts = {f"suggestion {key}": squeezed(json.dumps(reasons, ensure_ascii=False)) for key, reasons in told}
    assert texts and leaks(texts, [*site.secrets["a"], *site.secrets["b"]], {PARTNER}) == set()


def test_a_no_changes_nothing_that_the_other_side_reads_even_when_lists_are_made_anew(app, site, cast, browse):
    client = browse(cast.supplier)
    before = _without_moments(walk(app, site, client, opened=True))
    a, supplier = site.participants["a"], site.participants["supplier"]
    path = f"/conferences/{site.conference}/participants"
    third = next(p for p in session.scalars(
        select(Suggestion.participant_id).where(Suggestion.other_id == supplier, Suggestion.participant_id != a)
    ))  # fmt: skip
    said = browse(cast.officer).post(f"{path}/{third}/wishes", data={"other": supplier, "wish": "no"})
    assert said.status_code == 302
    for recompute in (False, True):
        if recompute:
            suggestions.refresh(site.conference)
        after = _without_moments(walk(app, site, client, opened=True))
        changed = {address for address in before if before[address] != after.get(address)}
        assert {address for address in changed if not address.startswith("/account/data")} == set()  # own acts


def _without_moments(pages):
    """Pages without their markup, spreadsheets without the instant at which they were written."""
    return {a: re.sub(r"\d{8}t[\d:]+z", "", re.sub(r"<[^>]*>", "", t)) for a, t in pages.items()}


def test_mails_tell_everybody_only_of_himself(app, site, cast):
    allowed = {"a": cast.firm_owner.email, "b": cast.rival_owner.email}
    mails = session.scalars(select(Mail)).all()
    assert len(mails) > 4
    for letter, address in allowed.items():
        others = {
            str(m.id): squeezed(f"{m.subject} {m.body} {m.html or ''}") for m in mails if m.recipient != address
        }
        assert leaks(others, site.secrets[letter]) == set()


def test_neither_log_nor_audit_carries_a_secret(app, cast, browse, request, caplog):
    caplog.set_level("INFO")
    site = request.getfixturevalue("site")
    for person in (None, cast.officer, cast.firm_owner, cast.bank):
        walk(app, site, browse(person))
    secrets = [*site.secrets["a"], *site.secrets["b"]]
    lines = {str(n): squeezed(f"{r.getMessage()} {r.__dict__}") for n, r in enumerate(caplog.records)}
    audit = {f"audit {a.id}": squeezed(f"{a.subject} {a.detail}") for a in session.scalars(select(AuditLine))}
    assert leaks(lines, secrets) == set()
    assert audit and leaks(audit, secrets) == set()


def test_a_calendar_address_tells_of_its_own_meetings_only(app, site, client):
    from events.conferences.models import Participant

    for name in ("bank", "b"):
        key = session.get(Participant, site.participants[name]).feed_key
        text = words_of(client.get(f"/calendar/{key}.ics"))
        assert "minhhoạ01" not in text
        assert leaks({"feed": text}, [*site.secrets["a"], *site.secrets["b"]]) == set()


def test_every_column_of_text_is_sorted_into_public_planted_or_wordless(app):
    text = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Str | LongStr | JSON)
    }
    sorted_in = {
        (table, name)
        for part in (PUBLIC, PLANTED, NO_WORDS)
        for table, names in part.items()
        for name in names.split()
    }
    assert text - sorted_in == set()
    assert sorted_in - text == set()


def test_the_story_has_what_it_needs(app, site):
    count = lambda model: session.scalar(select(func.count()).select_from(model))  # noqa: E731
    assert count(Registration) == 12 and count(Event) == 2
    meetings = session.get(TimetableVersion, site.version).meetings
    pairs = {(m.firm_id, m.partner_id) for m in meetings}
    assert (site.participants["a"], site.participants["supplier"]) in pairs
    assert site.participants["b"] not in {firm for firm, _ in pairs}
    assert (site.participants["a"], site.participants["bank"]) not in pairs
