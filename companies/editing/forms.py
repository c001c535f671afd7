"""Inputs of the parts of a profile: certificates, figures of a year, needs and offers by their class."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from companies import identifiers, need_details
from companies.enums import NEED_CLASS_LABELS, NEED_ROLE_LABELS, VISIBILITY_LABELS, NeedClass, Visibility
from companies.forms import AMOUNT, LANGUAGE, TEXT, ChoiceField, LinesField, RowForm, choices
from companies.need_details import PREFIX, Detail, Type
from companies.records import CERTIFICATE_LENGTH, FIGURES
from core import clock
from core.forms import DayField, MoneyField, NumberField, TicksField
from core.i18n import _, _l


class CertificateForm(RowForm):
    """A certificate of the organisation or of one product."""

    whole_organisation = _l("The whole organisation")
    name = StringField(_l("Certificate"), [DataRequired(), Length(max=CERTIFICATE_LENGTH)])
    product_id = ChoiceField(
        _l("It covers"), coerce=lambda value: int(value) if value not in ("", None, "None") else None
    )
    number = StringField(_l("Number"), [Optional(), Length(max=80)])
    issuer = StringField(_l("Issued by"), [Optional(), Length(max=160)])
    valid_from = DayField(_l("Valid from"), [Optional()])
    valid_until = DayField(_l("Valid until"), [Optional()])
    scan = FileField(_l("Scan (PDF or picture)"))

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "scan"}

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        begins, ends = self.valid_from.data, self.valid_until.data
        if good and begins and ends and begins > ends:
            self.valid_until.errors = [_("It ends before it begins.")]
            good = False
        return bool(good)


class PhotoForm(RowForm):
    """A photo with its description for those who do not see it."""

    whole_organisation = _l("The organisation")
    file = FileField(_l("Photo (JPEG, PNG or WebP)"))
    product_id = ChoiceField(
        _l("It shows"), coerce=lambda value: int(value) if value not in ("", None, "None") else None
    )
    alt_vi = StringField(_l("What it shows, in Vietnamese"), [Optional(), Length(max=200)])
    alt_en = StringField(_l("What it shows, in English"), [Optional(), Length(max=200)])

    def need_file(self) -> None:
        """A new photo needs its file."""
        self.file.validators = [FileRequired(_l("Choose a file."))]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "file"}


class YearForm(RowForm):
    """Figures of one year."""

    year = IntegerField(_l("Year"), [DataRequired(), NumberRange(1990, 2200)])
    employees = IntegerField(_l("Employees"), [Optional(), NumberRange(0, 10_000_000)])
    revenue_vnd = MoneyField(_l("Revenue (VND)"), AMOUNT)
    export_usd = NumberField(_l("Export (USD)"), AMOUNT)
    source = StringField(_l("Source"), [Optional(), Length(max=400)])

    def validate_year(self, field: Any) -> None:
        if field.data and field.data > clock.today().year:
            raise ValidationError(_("This year is still to come."))

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if good and all(self[name].data is None for name in FIGURES):
            self.employees.errors = [_("State at least one figure.")]
            good = False
        return bool(good)


class NeedOfferForm(RowForm):
    """A need or an offer."""

    role = ChoiceField(_l("Need or offer"), [DataRequired()], choices=choices(NEED_ROLE_LABELS))
    kind = ChoiceField(_l("Subject"), [DataRequired()], choices=choices(NEED_CLASS_LABELS))
    text_vi = TextAreaField(_l("Text in Vietnamese"), TEXT)
    text_en = TextAreaField(_l("Text in English"), TEXT)
    text_original = TextAreaField(_l("Text in another language"), TEXT)
    original_language = StringField(_l("Which language is that?"), LANGUAGE)
    tags = LinesField(_l("Tags"))
    amount_min = NumberField(_l("Amount from"), AMOUNT)
    amount_max = NumberField(_l("Amount up to"), AMOUNT)
    currency = ChoiceField(
        _l("Currency"), [Optional()], default="VND", choices=[(code, code) for code in identifiers.CURRENCIES]
    )
    term_months_min = IntegerField(_l("Months from"), [Optional(), NumberRange(0, 1200)])
    term_months_max = IntegerField(_l("Months up to"), [Optional(), NumberRange(0, 1200)])
    headcount = IntegerField(_l("Head-count"), [Optional(), NumberRange(0, 10_000_000)])
    valid_until = DayField(_l("Valid until"), [Optional()])
    visibility = ChoiceField(
        _l("Who may read it"), [DataRequired()], choices=choices(VISIBILITY_LABELS), default=Visibility.PUBLIC
    )

    def values(self) -> dict[str, Any]:
        given = super().values()
        if given.get("amount_min") is not None or given.get("amount_max") is not None:
            given["currency"] = self.currency.data or "VND"
        return given

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if good and not (self.text_vi.data or self.text_en.data or self.text_original.data):
            self.text_vi.errors = [_("Say it in at least one language.")]
            good = False
        for low, high in ((self.amount_min, self.amount_max), (self.term_months_min, self.term_months_max)):
            if low.data is not None and high.data is not None and low.data > high.data:
                low.errors = [_("The lower bound is larger than the upper one.")]
                good = False
        return bool(good)


# --- what a class is asked for besides ------------------------------------------------------------------------


class SentTicksField(TicksField):
    """Boxes to tick with an empty value sent along, so that none ticked differs from not asked."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if valuelist:
            self.data = [value for value in valuelist if value]


class DetailsForm(NeedOfferForm):
    """The same with the fields of one class; `details` is kept as one value."""

    asked: tuple[Detail, ...] = ()

    def values(self) -> dict[str, Any]:
        given = super().values()
        sent = [detail for detail in self.asked if given.pop(PREFIX + detail.name, self) is not self]
        if sent:
            given["details"] = {d.name: self[PREFIX + d.name].data for d in self.asked}
        return given

    def detail_fields(self) -> list[Any]:
        """The fields of the class, in their order."""
        return [self[PREFIX + detail.name] for detail in self.asked]

    def unit_of(self, field: Any) -> Any:
        """The unit of a number; empty for others."""
        return next((d.unit for d in self.asked if PREFIX + d.name == field.name), "")


@lru_cache
def need_form(kind: NeedClass) -> type[DetailsForm]:
    """The form of a class of needs and offers."""
    asked = need_details.of(kind)
    fields = {PREFIX + detail.name: _field(detail) for detail in asked}
    return type(f"{kind.value}Form", (DetailsForm,), {"asked": asked, **fields})


def _field(detail: Detail) -> Any:
    label, hint = detail.label, detail.hint
    if detail.type is Type.CODES:
        return SentTicksField(label, choices=[(code, text) for code, text in (detail.labels or {}).items()])
    if detail.type is Type.LINES:
        return LinesField(label, description=hint)
    if detail.type is Type.TEXT:
        return StringField(label, [Optional(), Length(max=int(detail.most))], description=hint)
    if detail.type is Type.DAY:
        return DayField(label, [Optional()], description=hint)
    return NumberField(label, [Optional(), NumberRange(detail.least, detail.most)], description=hint)


def shown_details(values: dict[str, Any], kind: NeedClass) -> dict[str, Any]:
    """The stored details as the fields of the form take them."""
    found = {}
    for detail in need_details.of(kind):
        value = values.get(detail.name)
        if value is not None and detail.type is Type.DAY:
            value = need_details.day(value)
        found[PREFIX + detail.name] = value
    return found
