"""Compares an uploaded list with the database: what is new, what changes, what stays, what cannot be.

An organisation is found by its tax code, else by its number abroad, else by its exact name (old winners have
neither). A blank cell changes nothing. All reads are in bulk: their number does not grow with the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

import vietnamese
from companies import identifiers
from companies.columns import AWARDS, NEEDS_OFFERS, ORGANISATIONS, PRODUCTS, SHEETS, column_of
from companies.enums import Kind
from companies.importing import NAMES, Book, Entry, Fault, one_of
from companies.models import Award, NeedOffer, Organisation, Product
from companies.need_details import PREFIX
from companies.plans import Change, Plan, What
from companies.records import FIGURES
from core import forgotten
from core.db import session
from core.errors import Invalid
from core.i18n import _

BOUNDS = (("amount_min", "amount_max"), ("term_months_min", "term_months_max"), (PREFIX + "starts", PREFIX + "ends"))
CHUNK = 2_000  # bound parameters of one query; SQLite takes 32,766


def reconcile(book: Book) -> Plan:
    """Compare with the database as it is now."""
    plan = Plan(faults=list(book.faults))
    _leave_out_forgotten(book)
    known = _Known(book)
    for entry in book.of(ORGANISATIONS):
        if change := _organisation(entry, known, plan.faults):
            plan.changes.append(change)
            known.add(change)
    children = [
        child
        for sheet in (PRODUCTS, NEEDS_OFFERS, AWARDS)
        for entry in book.of(sheet)
        if (child := _with_owner(entry, known, plan.faults)) is not None
    ]
    _match_children(children, plan.faults)
    plan.changes.extend(children)
    plan.faults.sort(key=lambda fault: (list(SHEETS).index(fault.sheet) if fault.sheet in SHEETS else -1, fault.row))
    return plan


def _leave_out_forgotten(book: Book) -> None:
    """Contacts of people who had themselves deleted are not taken in again from an old list."""
    entries = [entry for entry in book.of(ORGANISATIONS) if "email" in entry.values]
    gone = forgotten.among({entry.values["email"] for entry in entries})
    for entry in entries:
        if entry.values["email"] in gone:
            del entry.values["email"]
            entry.values.pop("phone", None)


# --- organisations --------------------------------------------------------------------------------------------


class _Known:
    """Organisations of the database and of the file, by every key that a row may name them with."""

    def __init__(self, book: Book) -> None:
        self.by_code: dict[str, Change] = {}
        self.by_foreign: dict[tuple[str, str], Change] = {}
        self.by_number: dict[str, list[Change]] = {}
        self.by_name: dict[str, list[Change]] = {}
        self.kinds = book.kinds
        self._load(book)

    def _load(self, book: Book) -> None:
        codes, numbers, names = set[str](), set[str](), set[str]()
        for entry in book.entries:
            values = entry.values
            codes |= {values["tax_code"]} if "tax_code" in values else set()
            numbers |= {values["foreign_id"]} if "foreign_id" in values else set()
            texts = [values.get("organisation"), values.get("winner_name")]
            if entry.sheet == ORGANISATIONS:
                texts += [values.get("name_vi"), values.get("name_en"), values.get("name_original")]
            for text in filter(None, texts):
                names.add(vietnamese.sort_key(text))
            if reference := values.get("organisation"):
                codes.add(_as_code(reference))
                number = identifiers.plain(reference).upper()
                numbers |= {number, number[3:]}
        wanted = (Organisation.tax_code, codes), (Organisation.foreign_id, numbers), (Organisation.sort_key, names)
        rows: dict[int, Organisation] = {}
        for column, values_ in wanted:
            for chunk in _chunks(values_):
                found = session.scalars(
                    select(Organisation)
                    .where(column.in_(chunk))
                    .options(selectinload(Organisation.certificate_rows), selectinload(Organisation.figures))
                )
                rows |= {row.id: row for row in found}
        for key in sorted(rows):
            self._index(Change(_NO_ENTRY, What.UNCHANGED, {}, rows[key], organisation=rows[key]))

    def _index(self, change: Change) -> None:
        row, values = change.row, change.entry.values
        code = values.get("tax_code") or (row and row.tax_code)
        number = values.get("foreign_id") or (row and row.foreign_id)
        country = values.get("country") or (row.country if row else "VN")
        name = row.name if row else values.get("name_vi") or values.get("name_en") or values["name_original"]
        if code:
            self.by_code[code] = change
        if number:
            self.by_foreign[country, number] = change
            _put(self.by_number, number, change)
        _put(self.by_name, vietnamese.sort_key(name), change)

    def add(self, change: Change) -> None:
        """A row of the file: it stands for its database row from now on."""
        self._index(change)

    def named(self, name: str) -> list[Change]:
        """The organisations with exactly this name (case and punctuation aside)."""
        return self.by_name.get(vietnamese.sort_key(name), [])


_NO_ENTRY = Entry("", 0, {}, {})


def _put(index: dict[str, list[Change]], key: str, change: Change) -> None:
    """A change of the file replaces the bare row of the database that it is about."""
    others = [c for c in index.get(key, []) if change.row is None or c.row is not change.row]
    index[key] = [*others, change]


def _as_code(text: str) -> str:
    try:
        return identifiers.tax_code(text)
    except Invalid:
        return ""


def _organisation(entry: Entry, known: _Known, faults: list[Fault]) -> Change | None:
    values = entry.values
    names = [values[name] for name in NAMES if name in values]
    found: Change | None = None
    key_field = ""
    if "tax_code" in values:
        key_field, found = "tax_code", known.by_code.get(values["tax_code"])
    elif "foreign_id" in values and "country" in values:
        key_field, found = "foreign_id", known.by_foreign.get((values["country"], values["foreign_id"]))
    elif not names:
        return None  # a fault says so
    if found is None and names:
        same = [c for c in known.named(names[0]) if not key_field or _without_key(c)]
        if len(same) > 1:
            faults.append(entry.fault(_("Several organisations have this name: give the tax code."), "name_vi"))
            return None
        found = same[0] if same else None
    if found is not None and found.entry.sheet:
        message = _("The same organisation stands in row %(row)d already.", row=found.entry.number)
        faults.append(entry.fault(message, key_field or "name_vi"))
        return None
    if found is None:
        return _new_organisation(entry, known.kinds, faults)
    change = _changed(entry, found.row)
    if not any(change.values.get(name, getattr(found.row, name)) for name in NAMES):
        faults.append(entry.fault(_("An organisation keeps at least one name."), next(iter(entry.cleared))))
    return change


def _without_key(change: Change) -> bool:
    """Whether neither the row nor the file gives the organisation a code of its own."""
    row = change.row
    return row is not None and not row.tax_code and not row.foreign_id and not change.entry.sheet


def _new_organisation(entry: Entry, kinds: Sequence[Kind], faults: list[Fault]) -> Change | None:
    if "kinds" not in entry.values | dict.fromkeys(entry.unread) and not kinds:
        faults.append(entry.fault(_("Say what a new organisation is: firm, bank, university, …"), "kinds"))
        return None
    if not any(entry.values.get(name) for name in NAMES):
        faults.extend(one_of(entry, *NAMES))
        return None
    return Change(entry, What.NEW, {"kinds": list(kinds), **entry.values})


def _changed(entry: Entry, row: Organisation) -> Change:
    values = _differences(entry, row)
    if "kinds" in entry.values:
        values.pop("kinds", None)
        if row.kinds != set(entry.values["kinds"]):
            values["kinds"] = entry.values["kinds"]
    values.pop("figures_year", None)
    year = entry.values.get("figures_year")
    stated = row.figures_of(year) if year else None
    for name in FIGURES:
        if name in values and stated is not None and getattr(stated, name) == values[name]:
            del values[name]
    if year and set(FIGURES) & set(values):
        values["figures_year"] = year
    return Change(entry, What.CHANGED if values else What.UNCHANGED, values, row, organisation=row)


def _differences(entry: Entry, row: Any) -> dict[str, Any]:
    told = {**entry.values, **entry.cleared}
    found = {name: value for name, value in told.items() if name != "organisation" and _stored(row, name) != value}
    if found.get("certificates") and not row.lacking(found["certificates"]):
        del found["certificates"]  # a list adds certificates; only the mark for emptying takes them away
    return found


def _stored(row: Any, name: str) -> Any:
    """What a row has in a column of the list; what a class is asked besides is kept in one value."""
    if not name.startswith(PREFIX):
        return getattr(row, name)
    column = column_of(NEEDS_OFFERS, name)
    return row.details.get(column.name, column.emptied)


# --- products, needs and offers, awards -----------------------------------------------------------------------


def _with_owner(entry: Entry, known: _Known, faults: list[Fault]) -> Change | None:
    """The row with the organisation that it names; an award may name a winner that is none of ours."""
    reference = entry.values.get("organisation")
    if reference is None:
        same = known.named(entry.values.get("winner_name", "")) if entry.sheet == AWARDS else []
        owner = same[0] if len(same) == 1 else None
        return Change(entry, What.NEW, dict(entry.values), owner=owner) if entry.sheet == AWARDS else None
    number = identifiers.plain(reference).upper()
    candidates = [change for change in [known.by_code.get(_as_code(reference))] if change]
    candidates = candidates or known.by_number.get(number, [])
    if not candidates and number[2:3] == ":":
        candidates = [change for change in [known.by_foreign.get((number[:2], number[3:]))] if change]
    candidates = candidates or known.named(reference)
    if len(candidates) == 1:
        return Change(entry, What.NEW, _without_reference(entry), owner=candidates[0])
    if candidates:
        message = _("Several organisations are meant by this: give the tax code, or country and number as DE:123.")
    else:
        message = _("No organisation with this tax code, foreign number or name is in the file or on the site.")
    faults.append(entry.fault(message, "organisation"))
    return None


def _without_reference(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in entry.values.items() if name != "organisation"}


def _identity(sheet: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The ways in which a row is recognised again, the best first; within its organisation."""
    if sheet == PRODUCTS:
        texts = [values.get(name) for name in ("name_vi", "name_en", "name_original")]
        return [(i, vietnamese.sort_key(text)) for i, text in enumerate(texts) if text]
    if sheet == NEEDS_OFFERS:
        texts = [values.get(name) for name in ("text_vi", "text_en", "text_original")]
        return [(i, values.get("role"), values.get("kind"), text) for i, text in enumerate(texts) if text]
    product = values.get("product_vi") or values.get("product_en") or ""
    return [(values.get("year"), vietnamese.sort_key(product))]


_MODELS: Mapping[str, Any] = {PRODUCTS: Product, NEEDS_OFFERS: NeedOffer, AWARDS: Award}


def _match_children(children: list[Change], faults: list[Fault]) -> None:
    """Find the database row of each child, and repetitions within the file."""
    existing = _existing(children)
    first: dict[tuple[Any, ...], Entry] = {}
    repeated: list[Change] = []
    for child in children:
        entry, owner = child.entry, _owner_key(child)
        keys = [(entry.sheet, owner, *identity) for identity in _identity(entry.sheet, entry.values)]
        child.row = next((existing[key] for key in keys if key in existing), None)
        if child.row is not None:
            keys.append((entry.sheet, "row", child.row.id))
        before = next((first[key] for key in keys if key in first), None)
        if before is not None:
            faults.append(entry.fault(_("The same stands in row %(row)d already.", row=before.number)))
            repeated.append(child)
            continue
        first |= dict.fromkeys(keys, entry)
        if child.row is not None:
            child.values = _differences(entry, child.row)
            child.what = What.CHANGED if child.values else What.UNCHANGED
            faults.extend(_bounds(child))
        if {"amount_min", "amount_max"} & child.values.keys() and not getattr(child.row, "currency", None):
            child.values.setdefault("currency", "VND")
    children[:] = [child for child in children if child not in repeated]


def _owner_key(child: Change) -> Any:
    owner = child.owner
    if owner is None:
        return "name", vietnamese.sort_key(child.entry.values.get("winner_name", ""))
    return owner.row.id if owner.row is not None else ("row", owner.entry.number)


def _existing(children: Iterable[Change]) -> dict[tuple[Any, ...], Any]:
    ids = {child.owner.row.id for child in children if child.owner is not None and child.owner.row is not None}
    winners = {
        child.entry.values["winner_name"]
        for child in children
        if child.entry.sheet == AWARDS and "winner_name" in child.entry.values
    }
    found: dict[tuple[Any, ...], Any] = {}
    for sheet in {child.entry.sheet for child in children}:
        model = _MODELS[sheet]
        options = [selectinload(Product.certificate_rows)] if sheet == PRODUCTS else []
        rows = [
            row
            for chunk in _chunks(ids)
            for row in session.scalars(select(model).where(model.organisation_id.in_(chunk)).options(*options))
        ]
        if sheet == AWARDS:
            for chunk in _chunks(winners):
                rows += session.scalars(
                    select(Award).where(Award.organisation_id.is_(None), Award.winner_name.in_(chunk))
                )
        for row in rows:
            owner = row.organisation_id or ("name", vietnamese.sort_key(row.winner_name))
            values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
            for identity in _identity(sheet, values):
                found.setdefault((sheet, owner, *identity), row)
    return found


def _bounds(child: Change) -> list[Fault]:
    """A bound that the file gives has to fit the one that is stored."""
    faults = []
    if child.entry.sheet == NEEDS_OFFERS:
        for low, high in BOUNDS:
            bounds = [child.values.get(name, _stored(child.row, name)) for name in (low, high)]
            if None not in bounds and bounds[0] > bounds[1]:
                at = low if low in child.values else high
                faults.append(child.entry.fault(_("The lower bound is larger than the upper one."), at))
    return faults


def _chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    ordered = sorted(value for value in values if value)
    return [ordered[i : i + CHUNK] for i in range(0, len(ordered), CHUNK)]
