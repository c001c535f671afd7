"""Named reads of tokens, receipts, and of what other systems are given."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, select, true
from sqlalchemy.orm import joinedload, selectinload

from api.models import ApiReads, ApiReceipt, ApiToken
from api.rules import manage_tokens
from companies import title_terms
from companies.models import Award, Organisation
from core.access import Actor, visible
from core.db import session


def digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def reads_of(token_id: int) -> ApiReads | None:
    """What was taken of a token's reads last."""
    return session.scalars(select(ApiReads).where(ApiReads.token_id == token_id)).one_or_none()


def token_by_key(key: str) -> ApiToken | None:
    """The token with that key, whatever its state."""
    return session.scalars(select(ApiToken).where(ApiToken.key_hash == digest(key))).one_or_none()


def tokens() -> Select[ApiToken]:
    """All tokens, the newest first."""
    return select(ApiToken).options(joinedload(ApiToken.by)).order_by(ApiToken.id.desc())


def tokens_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Administrators know of tokens, nobody else does."""
    return true() if manage_tokens(actor) else false()


visible(ApiToken, tokens_visible_to)


def receipt(token: ApiToken, key: str) -> ApiReceipt | None:
    """What that token was answered under this key before."""
    return session.scalars(
        select(ApiReceipt).where(ApiReceipt.token_id == token.id, ApiReceipt.key == key)
    ).one_or_none()


def writes_since(token: ApiToken, at: datetime) -> int:
    """How often that token handed in since then."""
    query = select(func.count()).select_from(ApiReceipt)
    return session.scalar(query.where(ApiReceipt.token_id == token.id, ApiReceipt.at > at)) or 0


# --- what is given --------------------------------------------------------------------------------------------


def organisations(
    *, on: date, recognised: bool | None = None, sector: str | None = None, since: datetime | None = None
) -> Select[Organisation]:
    """Organisations with their awards and products, by id: four queries for any number."""
    query = select(Organisation).options(selectinload(Organisation.awards), selectinload(Organisation.products))
    if recognised is not None:
        held = Organisation.awards.any(_holds(on))
        query = query.where(held if recognised else ~held)
    if sector is not None:
        query = query.where(Organisation.sector == sector)
    if since is not None:
        query = query.where(Organisation.updated_at >= since)
    return query.order_by(Organisation.id)


def organisation(code: str) -> Organisation | None:
    """By tax code, or abroad by country and number as DE:HRB1."""
    country, colon, number = code.partition(":")
    key = (
        and_(Organisation.country == country, Organisation.foreign_id == number)
        if colon
        else Organisation.tax_code == code
    )
    return session.scalars(organisations(on=date.min).where(key)).one_or_none()


def awards(*, on: date, valid: bool | None = None, year: int | None = None) -> Select[Award]:
    """Titles with their winners, the newest first."""
    query = select(Award).options(joinedload(Award.organisation).lazyload(Organisation.kind_rows))
    if valid is not None:
        query = query.where(_holds(on) if valid else ~func.coalesce(_holds(on), False))
    if year is not None:
        query = query.where(Award.year == year)
    return query.order_by(Award.year.desc().nulls_last(), Award.sort_key, Award.id)


def _holds(on: date) -> ColumnElement[bool]:
    return title_terms.holds(on, title_terms.present())
