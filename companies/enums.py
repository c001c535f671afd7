"""Kinds, sectors and states of organisations, with their labels."""

from __future__ import annotations

from enum import StrEnum

from core.i18n import _l


class Kind(StrEnum):
    """What an organisation is; it may be several at once (a winner and an FDI buyer)."""

    FIRM = "firm"
    UNIVERSITY = "university"
    INSTITUTE = "institute"
    VOCATIONAL_SCHOOL = "vocational_school"
    BANK = "bank"
    CREDIT_FUND = "credit_fund"
    FDI = "fdi"
    CORPORATION = "corporation"
    TECHNOLOGY_SUPPLIER = "technology_supplier"
    ASSOCIATION = "association"
    ZONE_BOARD = "zone_board"
    AGENCY = "agency"


KIND_LABELS = {
    Kind.FIRM: _l("Firm"),
    Kind.UNIVERSITY: _l("University"),
    Kind.INSTITUTE: _l("Research institute"),
    Kind.VOCATIONAL_SCHOOL: _l("Vocational school"),
    Kind.BANK: _l("Bank"),
    Kind.CREDIT_FUND: _l("Credit fund"),
    Kind.FDI: _l("FDI firm"),
    Kind.CORPORATION: _l("Corporation"),
    Kind.TECHNOLOGY_SUPPLIER: _l("Technology supplier"),
    Kind.ASSOCIATION: _l("Association"),
    Kind.ZONE_BOARD: _l("Industrial zone board"),
    Kind.AGENCY: _l("State agency"),
}

# Kinds that come to meet firms: their members are partners, and see the partner tier of a profile. Bodies that only
# introduce firms read what anybody reads.
PARTNER_KINDS = frozenset(Kind) - {Kind.FIRM, Kind.ASSOCIATION, Kind.ZONE_BOARD, Kind.AGENCY}


class Sector(StrEnum):
    """The eight sectors of the programme."""

    MECHANICAL = "mechanical"
    ELECTRICAL = "electrical"
    IT = "it"
    TEXTILE = "textile"
    FOOD = "food"
    CHEMICAL = "chemical"
    BUILDING = "building"
    HANDICRAFT = "handicraft"


SECTOR_LABELS = {
    Sector.MECHANICAL: _l("Mechanical engineering and manufacturing"),
    Sector.ELECTRICAL: _l("Electrical and electronics"),
    Sector.IT: _l("Information technology"),
    Sector.TEXTILE: _l("Textile, leather and footwear"),
    Sector.FOOD: _l("Agricultural and food processing"),
    Sector.CHEMICAL: _l("Chemicals, rubber, plastics and pharmaceuticals"),
    Sector.BUILDING: _l("Building materials"),
    Sector.HANDICRAFT: _l("Handicraft"),
}


class MembershipRole(StrEnum):
    """What a person is in an organisation."""

    OWNER = "owner"
    DEPUTY = "deputy"
    MEMBER = "member"


MEMBERSHIP_ROLE_LABELS = {
    MembershipRole.OWNER: _l("Owner"),
    MembershipRole.DEPUTY: _l("Deputy"),
    MembershipRole.MEMBER: _l("Member"),
}


class NeedRole(StrEnum):
    """Whether a row is asked for or offered."""

    NEED = "need"
    OFFER = "offer"


NEED_ROLE_LABELS = {NeedRole.NEED: _l("Need"), NeedRole.OFFER: _l("Offer")}


class NeedClass(StrEnum):
    """What a need or an offer is about."""

    LOAN = "loan"
    TECHNICAL_PROBLEM = "technical_problem"
    TESTING = "testing"
    RESEARCH = "research"
    TRADE_TRAINING = "trade_training"
    INTERNSHIP = "internship"
    PART_SUPPLY = "part_supply"
    PROCESS = "process"
    EQUIPMENT = "equipment"
    AUTOMATION = "automation"
    DISTRIBUTION = "distribution"
    MARKET = "market"
    RAW_MATERIAL = "raw_material"
    SERVICE = "service"
    DIGITAL = "digital"
    CERTIFICATION = "certification"
    ENERGY = "energy"
    RECRUITMENT = "recruitment"
    SUPPLIER_DEVELOPMENT = "supplier_development"
    LICENCE = "licence"


NEED_CLASS_LABELS = {
    NeedClass.LOAN: _l("Loan"),
    NeedClass.TECHNICAL_PROBLEM: _l("Technical problem"),
    NeedClass.TESTING: _l("Testing and measurement"),
    NeedClass.RESEARCH: _l("Research and development"),
    NeedClass.TRADE_TRAINING: _l("Training of workers"),
    NeedClass.INTERNSHIP: _l("Internship"),
    NeedClass.PART_SUPPLY: _l("Supply of parts"),
    NeedClass.PROCESS: _l("Contract processing"),
    NeedClass.EQUIPMENT: _l("Machines and equipment"),
    NeedClass.AUTOMATION: _l("Automation"),
    NeedClass.DISTRIBUTION: _l("Distribution"),
    NeedClass.MARKET: _l("Markets and customers"),
    NeedClass.RAW_MATERIAL: _l("Raw materials"),
    NeedClass.SERVICE: _l("Services"),
    NeedClass.DIGITAL: _l("Digital transformation"),
    NeedClass.CERTIFICATION: _l("Certification and standards"),
    NeedClass.ENERGY: _l("Energy and environment"),
    NeedClass.RECRUITMENT: _l("Recruitment"),
    NeedClass.SUPPLIER_DEVELOPMENT: _l("Supplier development"),
    NeedClass.LICENCE: _l("Licence and technology transfer"),
}


class Visibility(StrEnum):
    """Who may read a need or an offer; each tier includes those after it."""

    PUBLIC = "public"
    PARTNER = "partner"
    MATCHED = "matched"
    OFFICER = "officer"


VISIBILITY_LABELS = {
    Visibility.PUBLIC: _l("Everybody"),
    Visibility.PARTNER: _l("Partners who are signed in"),
    Visibility.MATCHED: _l("Matched partners"),
    Visibility.OFFICER: _l("Officers only"),
}


class GrantScope(StrEnum):
    """What a firm lets a matched partner see."""

    FIGURES = "figures"
    CONTACTS = "contacts"


GRANT_SCOPE_LABELS = {
    GrantScope.FIGURES: _l("Figures (revenue and export)"),
    GrantScope.CONTACTS: _l("Contacts (e-mail and phone)"),
}


class SupportKind(StrEnum):
    """What an organisation received from the programme."""

    FAIR = "fair"
    CLASS = "class"
    BANK_LINK = "bank_link"
    UNIVERSITY_LINK = "university_link"
    TRAINING_LINK = "training_link"
    FDI_LINK = "fdi_link"
    TECHNOLOGY_LINK = "technology_link"
    FIRM_LINK = "firm_link"
    DELEGATION = "delegation"
    PUBLICITY = "publicity"
    OTHER = "other"


SUPPORT_KIND_LABELS = {
    SupportKind.FAIR: _l("Trade fair"),
    SupportKind.CLASS: _l("Training class"),
    SupportKind.BANK_LINK: _l("Link with banks and funds"),
    SupportKind.UNIVERSITY_LINK: _l("Link with universities and institutes"),
    SupportKind.TRAINING_LINK: _l("Link with vocational schools"),
    SupportKind.FDI_LINK: _l("Link with FDI firms and corporations"),
    SupportKind.TECHNOLOGY_LINK: _l("Link with technology suppliers"),
    SupportKind.FIRM_LINK: _l("Link among firms"),
    SupportKind.DELEGATION: _l("Trade delegation"),
    SupportKind.PUBLICITY: _l("Publicity"),
    SupportKind.OTHER: _l("Other support"),
}


class Recognition(StrEnum):
    """A firm's status, derived from the awards of its products."""

    NONE = "none"
    RECOGNISED = "recognised"
    LAPSED = "lapsed"


RECOGNITION_LABELS = {
    Recognition.NONE: _l("Not recognised yet"),
    Recognition.RECOGNISED: _l("Recognised"),
    Recognition.LAPSED: _l("Recognised earlier"),
}


class Band(StrEnum):
    """The size of an industrial enterprise under the law on support for small and medium enterprises."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


BAND_LABELS = {
    Band.MICRO: _l("Micro enterprise"),
    Band.SMALL: _l("Small enterprise"),
    Band.MEDIUM: _l("Medium enterprise"),
    Band.LARGE: _l("Large enterprise"),
}
