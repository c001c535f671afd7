"""Inputs of an item of news."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from companies import identifiers
from companies.enums import SECTOR_LABELS
from core.errors import Invalid
from core.forms import DayField, TicksField, VersionedForm
from core.i18n import _, _l
from portal.news.enums import NEWS_KIND_LABELS
from portal.news.models import NewsItem

LONGEST_BODY = 10_000
FIELDS = ("kind", "title_vi", "title_en", "body_vi", "body_en", "source_url", "valid_until", "sectors")


class NewsForm(VersionedForm):
    """An item."""

    kind = SelectField(_l("Kind"), [InputRequired()], choices=[(k.value, v) for k, v in NEWS_KIND_LABELS.items()])
    sectors = TicksField(_l("Sectors"), [Optional()], choices=[(s.value, v) for s, v in SECTOR_LABELS.items()])
    title_vi = StringField(_l("Title in Vietnamese"), [Optional(), Length(max=200)])
    title_en = StringField(_l("Title in English"), [Optional(), Length(max=200)])
    body_vi = TextAreaField(_l("Text in Vietnamese"), [Optional(), Length(max=LONGEST_BODY)])
    body_en = TextAreaField(_l("Text in English"), [Optional(), Length(max=LONGEST_BODY)])
    source_url = StringField(_l("Link to the source"), [Optional(), Length(max=300)])
    valid_until = DayField(_l("Valid until"), [Optional()])

    @classmethod
    def of(cls, row: NewsItem) -> NewsForm:
        """The form of a stored item."""
        stored = {name: getattr(row, name) for name in FIELDS}
        return cls(data={**stored, "version": row.version})

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if not (self.title_vi.data or self.title_en.data):
            self.title_vi.errors = [_("Give a title in one language at least.")]
            return False
        return bool(good)

    def validate_source_url(self, field: Any) -> None:
        if field.data:
            try:
                field.data = identifiers.website(field.data)
            except Invalid as err:
                raise ValidationError(str(err.message)) from None

    def values(self) -> dict[str, Any]:
        """column -> value."""
        found = {name: self[name].data for name in FIELDS}
        texts = ("title_vi", "title_en", "body_vi", "body_en")
        return {**found, **{name: found[name] or "" for name in texts}, "sectors": found["sectors"] or []}
