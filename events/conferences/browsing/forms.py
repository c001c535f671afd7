"""The name of a search."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from core.forms import Form
from core.i18n import _l


class SearchForm(Form):
    """Keep the filters that are on."""

    name = StringField(_l("Name of the search"), [InputRequired(), Length(max=80)])
