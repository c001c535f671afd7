"""Inputs of rooms, tables and interpreters."""

from __future__ import annotations

from typing import Any

from wtforms import FloatField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from companies.identifiers import language_name
from core.forms import Form
from core.i18n import _, _l, language
from events.conferences.forms import SlotsField
from events.conferences.hall.operations import Place
from events.conferences.models import Conference
from events.conferences.wording import slot_name

# Languages that interpreters at such conferences speak; the programme names the US, the EU, Japan and Korea.
INTERPRETED = ("en", "ja", "ko", "zh", "de", "fr", "it", "es", "nl", "ru", "th")


class TableForm(Form):
    """A table: where it stands, how many sit at it, when it is closed."""

    label = StringField(_l("Table"), [InputRequired(), Length(max=40)])
    room_id = SelectField(_l("Room"), coerce=int)
    seats = IntegerField(_l("Meetings at the same time"), [InputRequired(), NumberRange(1, 50)], default=1)
    x = FloatField(_l("From the left, in metres"), [InputRequired(), NumberRange(0, 300)])
    y = FloatField(_l("From the front, in metres"), [InputRequired(), NumberRange(0, 300)])
    link = StringField(_l("Link of its online room"), [Optional(), Length(max=300)])
    open_slots = SlotsField(_l("Can be used at"))

    def offer(self, conference: Conference) -> None:
        """Fill the lists to choose from."""
        self.room_id.choices = [(0, _("No room")), *((room.id, room.name) for room in conference.rooms)]
        self.open_slots.choices = [(slot.id, slot_name(slot)) for slot in conference.slots]

    def place(self, conference: Conference) -> Place:
        ticked = set(self.open_slots.data or ())
        return Place(
            label=self.label.data or "",
            seats=self.seats.data or 1,
            x=self.x.data or 0.0,
            y=self.y.data or 0.0,
            room_id=self.room_id.data or None,
            link=self.link.data or "",
            closed_slots=[slot.id for slot in conference.slots if slot.id not in ticked],
        )


class RoomForm(Form):
    """A room and its size."""

    name = StringField(_l("Name of the room"), [InputRequired(), Length(max=80)])
    width = FloatField(_l("Width in metres"), [InputRequired(), NumberRange(3, 300)], default=24.0)
    depth = FloatField(_l("Depth in metres"), [InputRequired(), NumberRange(3, 300)], default=15.0)


class InterpreterForm(Form):
    """An interpreter: language and hours. A number or a function stands for the person."""

    label = StringField(_l("Interpreter"), [InputRequired(), Length(max=80)])
    language = SelectField(_l("Between Vietnamese and"))
    present_slots = SlotsField(_l("On duty at"))

    def offer(self, conference: Conference) -> None:
        """Fill the lists to choose from."""
        names = sorted((language_name(code, language()), code) for code in INTERPRETED)
        self.language.choices = [(code, name) for name, code in names]
        self.present_slots.choices = [(slot.id, slot_name(slot)) for slot in conference.slots]

    def values(self, conference: Conference) -> dict[str, Any]:
        ticked = set(self.present_slots.data or ())
        return {
            "label": self.label.data or "",
            "language": self.language.data,
            "away_slots": [slot.id for slot in conference.slots if slot.id not in ticked],
        }
