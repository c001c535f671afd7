"""Inputs of companies. Each form gives back only the fields that were really sent: a missing one changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from companies import identifiers, places
from companies.enums import (
    KIND_LABELS,
    SECTOR_LABELS,
)
from companies.importing import HANOI
from companies.models import NAME_LENGTH
from core import clock
from core.errors import Invalid
from core.forms import Form, TicksField, VersionedForm, checked
from core.i18n import _, _l, language

LONGEST_TEXT = 5_000
_NAME = [Optional(), Length(max=NAME_LENGTH)]
TEXT = [Optional(), Length(max=LONGEST_TEXT)]
AMOUNT = [Optional(), NumberRange(0, 10**15 - 1)]
LANGUAGE = [Optional(), Length(max=40), checked(identifiers.spoken_language)]


class LinesField(TextAreaField):
    """A list, one entry a line (or parted by | or ;). `data` is a list of what `read` made of each entry."""

    def __init__(
        self,
        label: Any,
        validators: Sequence[Any] = (),
        *,
        read: Callable[[str], str] | None = None,
        show: Callable[[str, str], str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.read, self.show = read, show

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        shown = [self.show(entry, language()) if self.show else entry for entry in self.data or ()]
        return "\n".join(shown)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if not valuelist:
            return
        entries = [e.strip() for e in valuelist[0].replace("|", "\n").replace(";", "\n").splitlines() if e.strip()]
        if len(entries) > 40 or any(len(entry) > 80 for entry in entries):
            raise ValueError(_("At most 40 entries of 80 characters."))
        try:
            self.data = list(dict.fromkeys(self.read(e) if self.read else e for e in entries))
        except Invalid as err:
            raise ValueError(str(err.message)) from None


class ChoiceField(SelectField):
    """One of a list; a choice that was not sent is no wrong choice."""

    def pre_validate(self, form: Any) -> None:
        if self.raw_data:
            super().pre_validate(form)


class RowForm(VersionedForm):
    """A form for columns of one row."""

    def values(self) -> dict[str, Any]:
        """column -> value, for the fields that were sent."""
        return {
            field.name: field.data for field in self if field.raw_data and field.name not in ("version", "csrf_token")
        }


def choices(labels: Mapping[Any, Any], empty: Any = None) -> list[tuple[str, Any]]:
    first = [("", empty)] if empty is not None else []
    return first + [(code.value, label) for code, label in labels.items()]


class NamedForm(RowForm):
    """The form of a row that has to have a name in one language at least."""

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if good and not (self.name_vi.data or self.name_en.data or self.name_original.data):
            self.name_vi.errors = [_("Give at least one name.")]
            return False
        return bool(good)


class NamesForm(NamedForm):
    """What an organisation is called."""

    name_vi = StringField(_l("Name in Vietnamese"), _NAME)
    name_en = StringField(_l("Name in English"), _NAME)
    name_original = StringField(_l("Name in another language"), _NAME)
    short_name_vi = StringField(_l("Short name in Vietnamese"), [Optional(), Length(max=80)])
    short_name_en = StringField(_l("Short name in English"), [Optional(), Length(max=80)])
    group_name = StringField(_l("Group"), [Optional(), Length(max=120)])


class IdentityForm(NamesForm):
    """The same and what identifies the organisation: for officers."""

    kinds = TicksField(_l("Kinds"), [InputRequired()], choices=choices(KIND_LABELS))
    tax_code = StringField(_l("Tax code"), [Optional(), checked(identifiers.tax_code)])
    country = StringField(_l("Country"), [InputRequired(), checked(identifiers.country)], default="VN")
    foreign_id = StringField(_l("Number abroad"), [Optional(), checked(identifiers.foreign_id)])
    source = TextAreaField(_l("Source"), TEXT)


class IntroductionForm(RowForm):
    """What an organisation says of itself."""

    intro_vi = TextAreaField(_l("Introduction in Vietnamese"), TEXT)
    intro_en = TextAreaField(_l("Introduction in English"), TEXT)
    intro_original = TextAreaField(_l("Introduction in another language"), TEXT)
    original_language = StringField(_l("Which language is that?"), LANGUAGE)


class BusinessForm(RowForm):
    """What an organisation does."""

    sector = ChoiceField(_l("Sector"), choices=choices(SECTOR_LABELS, _l("None of these")))
    vsic_version = ChoiceField(_l("VSIC version"), choices=[("", "–"), *((v, v) for v in identifiers.VSIC_VERSIONS)])
    vsic = StringField(_l("VSIC code"), [Optional(), checked(identifiers.vsic)])
    founded = IntegerField(_l("Founded in"), [Optional(), NumberRange(1000, 2200)])
    markets = LinesField(_l("Markets"), read=identifiers.country, show=identifiers.country_name)
    languages = LinesField(_l("Languages"), read=identifiers.spoken_language, show=identifiers.language_name)

    def validate_vsic(self, field: Any) -> None:
        if field.data and not self.vsic_version.data:
            raise ValidationError(_("A VSIC code needs its version, 2018 or 2025."))

    def validate_founded(self, field: Any) -> None:
        if field.data and field.data > clock.today().year:
            raise ValidationError(_("This year is still to come."))


class ContactForm(RowForm):
    """Where an organisation is, and how it is reached."""

    province = StringField(_l("Province"), [Optional(), Length(max=80)])
    commune = StringField(_l("Commune"), [Optional(), Length(max=80)])
    zone = StringField(_l("Industrial zone"), [Optional(), Length(max=120)])
    address = StringField(_l("Address"), [Optional(), Length(max=400)])
    old_address = StringField(_l("Address before 1 July 2025"), [Optional(), Length(max=400)])
    website = StringField(_l("Website"), [Optional(), Length(max=300), checked(identifiers.website)])
    email = StringField(_l("E-mail"), [Optional(), Length(max=254), checked(identifiers.email)])
    phone = StringField(_l("Phone"), [Optional(), Length(max=40), checked(identifiers.phone)])

    def validate_zone(self, field: Any) -> None:
        if field.data:
            field.data = places.zone(field.data)

    def validate_commune(self, field: Any) -> None:
        if field.data and self.province.data in (HANOI, "", None):
            official = places.commune(field.data)
            if official is None:
                raise ValidationError(_("%(name)s is none of the 126 communes of Hanoi.", name=field.data))
            field.data = official


SECTIONS: Mapping[str, tuple[Any, type[RowForm]]] = {
    "names": (_l("Names"), NamesForm),
    "introduction": (_l("Introduction"), IntroductionForm),
    "business": (_l("Business"), BusinessForm),
    "contact": (_l("Place and contact"), ContactForm),
}


class ProductForm(NamedForm):
    """A product."""

    name_vi = StringField(_l("Name in Vietnamese"), _NAME)
    name_en = StringField(_l("Name in English"), _NAME)
    description_vi = TextAreaField(_l("Description in Vietnamese"), TEXT)
    description_en = TextAreaField(_l("Description in English"), TEXT)
    name_original = StringField(_l("Name in another language"), _NAME)
    description_original = TextAreaField(_l("Description in another language"), TEXT)
    original_language = StringField(_l("Which language is that?"), LANGUAGE)
    hs = StringField(_l("HS code"), [Optional(), checked(identifiers.hs)])
    capacity = StringField(_l("Capacity"), [Optional(), Length(max=200)])


class UploadForm(Form):
    """A list to import."""

    file = FileField(_l("File (.xlsx or .csv)"), [FileRequired(_l("Choose a file."))])
    source = StringField(
        _l("Who made the list"),
        [Length(max=120)],
        description=_l("With a name, what you say of its columns is remembered for the next list from there."),
    )


class PhotosForm(Form):
    """Photos of many organisations."""

    archive = FileField(_l("Photos (.zip)"), [FileRequired(_l("Choose a file."))])


class ColumnsForm(Form):
    """What the columns of a list are; its fields depend on the list and are read by the page."""


class ConfirmForm(Form):
    """The confirmation of a preview."""

    fingerprint = HiddenField(validators=[InputRequired(), Length(max=64)])
