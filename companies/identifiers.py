"""Codes and addresses in one written form: tax code, foreign id, HS, VSIC, web, mail, phone, country, language.

Each function takes what a person typed and returns what is stored, or raises Invalid with a sentence for him.
Full-width digits and letters count as plain ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from babel import Locale
from email_validator import EmailNotValidError, validate_email
from stdnum.exceptions import ValidationError
from stdnum.vn import mst

import vietnamese
from core.errors import Invalid
from core.i18n import _
from core.phones import phone as phone  # one of the written forms, which accounts need too

VSIC_VERSIONS = ("2018", "2025")
CURRENCIES = ("VND", "USD", "EUR", "JPY", "KRW", "CNY")
CUSTOMARY = {"AU": "Úc", "HK": "Hồng Kông", "IT": "Ý", "MM": "Myanmar", "MO": "Ma Cao"}  # not as CLDR has them
_HOST = re.compile(r"[^\s/@:]+\.[^\s/@:.]{2,}\Z")


def plain(text: str) -> str:
    """One line with compatibility forms (full-width digits and letters) made plain."""
    return vietnamese.clean_line(unicodedata.normalize("NFKC", text))


def tax_code(text: str) -> str:
    """A Vietnamese tax code as digits: 10, or 13 for a branch, with a right check digit; 12 for a household.

    Five-digit numbers of business locations are no tax codes.
    """
    digits = re.sub(r"[\s.\-]", "", plain(text))
    if digits.isascii() and digits.isdigit() and len(digits) == 12:
        return digits
    try:
        return str(mst.validate(digits))
    except ValidationError:
        raise Invalid(
            _("%(code)s is no tax code: it has 10 digits (13 for a branch) and a check digit.", code=plain(text)[:40])
        ) from None


def written_tax_code(code: str) -> str:
    """A stored tax code as it is shown: 0100109106-001."""
    return f"{code[:10]}-{code[10:]}" if len(code) == 13 else code


def foreign_id(text: str) -> str:
    """The number of an organisation abroad in its own register, in capitals."""
    code = plain(text).upper()
    if not 2 <= len(code) <= 40:
        raise Invalid(_("A foreign number has from 2 to 40 characters."))
    return code


def hs(text: str) -> str:
    """A tariff code as 2, 4, 6, 8 or 10 digits."""
    digits = re.sub(r"[\s.\-]", "", plain(text))
    if not (digits.isascii() and digits.isdigit() and len(digits) in (2, 4, 6, 8, 10)):
        raise Invalid(_("%(code)s is no HS code: it has 2, 4, 6, 8 or 10 digits.", code=plain(text)[:40]))
    return digits


def vsic(text: str) -> str:
    """An industry code of 1 to 5 digits."""
    digits = plain(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5):
        raise Invalid(_("%(code)s is no VSIC code: it has at most 5 digits.", code=digits[:40]))
    return digits


def vsic_version(text: str) -> str:
    """Which issue of the industry codes: 2018 or 2025."""
    version = plain(text)
    if version not in VSIC_VERSIONS:
        raise Invalid(_("The VSIC version is one of %(versions)s.", versions=", ".join(VSIC_VERSIONS)))
    return version


def website(text: str) -> str:
    """An http or https address of a host with a name; `www.x.vn` gets https."""
    address = plain(text)
    if "://" not in address and not re.match(r"[a-z]+:[^/\d]", address, re.IGNORECASE):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and _HOST.match(parts.hostname or "") and not parts.username
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        good = False
    if not good or " " in address or len(address) > 300 or any(c in address for c in '<>"\\'):
        raise Invalid(_("%(address)s is no web address: it begins with https:// or http://.", address=address[:60]))
    return address


def email(text: str) -> str:
    """An e-mail address, in lower case."""
    try:
        return validate_email(plain(text), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise Invalid(_("%(address)s is no e-mail address.", address=plain(text)[:60])) from None


def currency(text: str) -> str:
    """A currency that amounts may be in."""
    code = {"VNĐ": "VND", "ĐỒNG": "VND", "Đ": "VND"}.get(plain(text).upper(), plain(text).upper())
    if code not in CURRENCIES:
        raise Invalid(_("The currency is one of %(codes)s.", codes=", ".join(CURRENCIES)))
    return code


def country(text: str) -> str:
    """A country's two letters, from them or from its Vietnamese or English name."""
    code = _by_name("territories").get(vietnamese.search_key(plain(text)))
    if code is None:
        raise Invalid(_("%(name)s is no country that we know. Write its two letters.", name=plain(text)[:40]))
    return code


def spoken_language(text: str) -> str:
    """A language's code, from it or from its Vietnamese or English name."""
    code = _by_name("languages").get(vietnamese.search_key(plain(text)))
    if code is None:
        raise Invalid(_("%(name)s is no language that we know. Write its two letters.", name=plain(text)[:40]))
    return code


def country_name(code: str, reader: str) -> str:
    """The name of a country for a reader ("vi" or "en")."""
    return str(_names("territories", reader).get(code, code))


def language_name(code: str, reader: str) -> str:
    """The name of a language for a reader ("vi" or "en")."""
    return str(_locale(reader).languages.get(code, code))


@lru_cache
def _locale(language: str) -> Locale:
    return Locale(language)


@lru_cache
def _names(what: str, language: str) -> Mapping[str, str]:
    """Code -> name; "territories" or "languages"."""
    names: Mapping[str, str] = getattr(_locale(language), what)
    return {**names, **CUSTOMARY} if (what, language) == ("territories", "vi") else names


@lru_cache
def _by_name(what: str) -> Mapping[str, str]:
    """Search key of a name or a code -> code, in both languages of the site; "territories" or "languages"."""
    found: dict[str, str] = {}
    codes: list[str] = []
    for language in ("en", "vi"):
        names = _names(what, language)
        codes = [code for code in names if len(code) == 2]
        found |= {vietnamese.search_key(names[code]): code for code in codes}
    return found | {code.lower(): code for code in codes}
