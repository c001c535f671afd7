"""Forms: messages of the library in Vietnamese, text cleaned, numbers and days read as people write them."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired

from core.errors import Invalid
from core.form_messages import MESSAGES, counted_messages
from core.forms import DayField, Form, MomentField, MoneyField, NumberField, VersionedForm


class Sample(Form):
    name = StringField(validators=[InputRequired()])
    text = TextAreaField()
    password = PasswordField()
    number = NumberField()
    money = MoneyField()
    day = DayField()
    moment = MomentField()


@pytest.fixture
def filled(app):
    def make(language="vi", **data):
        with app.test_request_context(f"/?lang={language}", method="POST", data={"name": "x"} | data):
            form = Sample()
            form.validate()
            return form, str(form.number()), str(form.moment())

    return make


def test_text_is_cleaned_and_passwords_stay_as_typed(filled):
    form, *_ = filled(name=" Ha\u0300  N\u00f4\u0323i\u200b ", text="a \r\n  b", password="  a\u0301 ")
    assert form.name.data == "Hà Nội"
    assert form.text.data == "a\nb"
    assert form.password.data == "  a\u0301 "


def test_what_is_asked_for_is_more_than_blanks_and_invisible_characters(filled):
    form, *_ = filled(name="\u200b \u202e")
    assert set(form.errors) == {"name"}


def test_a_version_that_was_not_sent_is_the_version_of_no_row(app):
    for sent, version in (({}, -1), ({"version": "7"}, 7), ({"version": "9" * 5_000}, -1)):
        with app.test_request_context("/", method="POST", data=sent):
            assert VersionedForm(version=7).seen_version() == version


@pytest.mark.parametrize(
    "language, typed, read",
    [
        ("vi", "1.234,5", "1234.5"),
        ("vi", "1.234", "1234"),
        ("en", "1,234.5", "1234.5"),
        ("en", "1,234", "1234"),
        ("en", "2.5", "2.5"),
        ("vi", "0,125", "0.125"),
    ],
)
def test_a_number_is_read_in_the_order_of_the_language(filled, language, typed, read):
    form, *_ = filled(language, number=typed)
    assert form.number.data == Decimal(read)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("value", ["0", "1234", "1.234", "1234567.891", "-12.5", "1E+9", "0.001"])
def test_a_number_that_is_shown_in_a_form_is_read_again_as_it_was(app, language, value):
    with app.test_request_context(f"/?lang={language}"):
        shown = Sample(formdata=None, data={"number": Decimal(value)}).number._value()
    with app.test_request_context(f"/?lang={language}", method="POST", data={"number": shown}):
        assert Sample().number.data == Decimal(value)


def test_a_sum_may_be_written_with_words(filled):
    assert filled(money="1,5 tỷ")[0].money.data == Decimal("1500000000")
    assert filled("en", money="1.5 billion")[0].money.data == Decimal("1500000000")


def test_what_cannot_be_read_is_kept_and_told(filled):
    form, number, moment = filled(number="mười hai", moment="mai")
    assert 'value="mười hai"' in number
    assert 'value="mai"' in moment
    assert set(form.errors) == {"number", "moment"}


@pytest.mark.parametrize("typed", ["2026-11-22", "22/11/2026", "22.11.2026"])
def test_a_day_comes_from_a_picker_or_from_the_keyboard(filled, typed):
    assert filled(day=typed)[0].day.data == date(2026, 11, 22)


@pytest.mark.parametrize("typed", ["2026-11-22T08:30", "22/11/2026 08:30"])
def test_a_moment_is_hanoi_time_and_stored_as_utc(filled, typed):
    form, _, shown = filled(moment=typed)
    assert form.moment.data == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
    assert f'value="{typed}"' in shown


def test_an_error_of_an_operation_stands_beside_its_field_or_above_the_form(filled):
    form, *_ = filled()
    form.blame(Invalid("bad name", field="name")).blame(Invalid("bad all")).blame(Invalid("odd", field="nothing"))
    assert form.name.errors == ["bad name"]
    assert form.form_errors == ["bad all", "odd"]


def test_every_message_of_the_libraries_is_in_our_list(app):
    with app.test_request_context("/?lang=en"):
        ours = {str(message) for message in MESSAGES}
        counted = {" ".join(m.split()) for m in counted_messages(2)}
    single, plural = set(), 0
    for package in ("wtforms", "flask_wtf"):
        for path in Path(find_spec(package).submodule_search_locations[0]).rglob("*.py"):
            for name, texts in _calls(path):
                single |= {texts[0]} if name == "gettext" and texts else set()
                plural += name == "ngettext" and bool(texts)
    assert single <= ours
    assert plural == len(counted)


def _calls(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        name = getattr(getattr(node, "func", None), "attr", None)
        if name in ("gettext", "ngettext"):
            yield name, [a.value for a in node.args if isinstance(a, ast.Constant)]
