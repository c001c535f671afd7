"""The ground of every form: WTForms' messages from our catalogue, clean text, numbers and days as people write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self

from flask_babel import get_domain, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

import vietnamese
from core.clock import HANOI
from core.db import row_key
from core.errors import Invalid, UserError
from core.i18n import language

_l = lazy_gettext


class _Catalogue:
    """What WTForms asks for its built-in messages; `core.form_messages` lists them for extraction."""

    def gettext(self, string: str) -> str:
        return str(get_domain().get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(get_domain().get_translations().ungettext(singular, plural, n))


def _clean_line(value: Any) -> Any:
    return vietnamese.clean_line(value) if isinstance(value, str) else value


def _clean(value: Any) -> Any:
    return vietnamese.clean(value) if isinstance(value, str) else value


def _something_left(form: Any, field: Any) -> None:
    """Blanks and invisible characters alone are no answer."""
    if not field.data:
        raise ValidationError(field.gettext("This field is required."))


class Form(FlaskForm):
    """A form of ours. Text comes out in NFC, without invisible characters, trimmed; passwords stay as typed."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Catalogue:
            return _Catalogue()

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            field = super().bind_field(form, unbound_field, options)
            if isinstance(field, TextAreaField):
                field.filters = [_clean, *field.filters]
            elif isinstance(field, StringField) and not isinstance(field, PasswordField):
                field.filters = [_clean_line, *field.filters]
            if isinstance(field, StringField) and any(isinstance(check, InputRequired) for check in field.validators):
                field.validators = [*field.validators, _something_left]
            return field

    def blame(self, err: UserError) -> Self:
        """Show the error of an operation beside the field that it names, else above the form."""
        if err.field is not None and err.field in self:
            self[err.field].errors = [*self[err.field].errors, err.message]
        else:
            self.form_errors.append(err.message)
        return self


class VersionedForm(Form):
    """A form for a row, with the version of it that its writer saw."""

    version = HiddenField()

    def seen_version(self) -> int:
        """The version of the row when the form was shown; -1, which no row has, for what is unreadable or missing."""
        return row_key(*(self.version.raw_data or [""])[:1]) or -1


def checked(check: Callable[[str], str]) -> Callable[[Form, Any], None]:
    """A validator that brings a code into its stored form with a function that raises Invalid."""

    def validate(form: Form, field: Any) -> None:
        if field.data:
            try:
                field.data = check(field.data)
            except Invalid as err:
                raise ValidationError(str(err.message)) from None

    return validate


class TicksField(SelectMultipleField):
    """Several choices as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NumberField(Field):
    """A number as writers of the reader's language type it; `data` is a Decimal or None."""

    widget = TextInput()
    message = _l("This is not a number. Write it like 1.250 or 12,5.")

    def __init__(self, *args: Any, render_kw: dict[str, Any] | None = None, **kwargs: Any) -> None:
        render_kw = {"inputmode": "decimal", "autocomplete": "off", **(render_kw or {})}
        super().__init__(*args, render_kw=render_kw, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else written_number(Decimal(self.data))

    def read(self, text: str) -> Decimal:
        """The number in `text`; ValueError if there is none."""
        return vietnamese.parse_number(text)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if not valuelist:  # a field that was not sent changes nothing
            return
        text = valuelist[0].strip()
        self.data = None
        if text:
            try:
                self.data = self.read(_swap_marks(text) if language() == "en" else text)
            except ValueError:
                raise ValueError(self.message) from None


class MoneyField(NumberField):
    """A sum in dong: digits, or digits and words (1,5 tỷ; 500 triệu; 2 billion). `data` is a Decimal or None."""

    message = _l("This is not a sum in dong. Write it like 850.000.000, 850 triệu or 1,5 tỷ.")

    def read(self, text: str) -> Decimal:
        return vietnamese.parse_money(text)


class DayField(DateField):
    """A day; browsers send 2026-11-22, people without a date picker type 22/11/2026. `data` is a date or None."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if not valuelist:  # a field that was not sent changes nothing
            return
        text = valuelist[0].strip()
        self.data: date | None = None
        if text:
            try:
                self.data = vietnamese.parse_date(text)
            except ValueError:
                raise ValueError(_l("This is not a date. Write it like 22/11/2026.")) from None


class MomentField(DateTimeLocalField):
    """A day and time in Hanoi; `data` is an aware UTC datetime or None."""

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.astimezone(HANOI).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if not valuelist:  # a field that was not sent changes nothing
            return
        text = valuelist[0].strip()
        self.data: datetime | None = None
        if text:
            day, _, time = text.replace("T", " ").rpartition(" ")
            try:
                at = datetime.strptime(time[:5], "%H:%M").time()  # noqa: DTZ007 - a time of day alone
                self.data = datetime.combine(vietnamese.parse_date(day), at, HANOI).astimezone(UTC)
            except ValueError:
                raise ValueError(_l("This is not a date and time. Write it like 22/11/2026 08:30.")) from None


def written_number(value: Decimal) -> str:
    """`value` as the reader's language writes it, every digit kept: reading it again gives the same."""
    text = f"{value.normalize():,f}"
    return text if language() == "en" else _swap_marks(text)


def _swap_marks(text: str) -> str:
    """1,234.5 <-> 1.234,5: the parsers read Vietnamese order first."""
    return text.translate(str.maketrans(",.", ".,"))
