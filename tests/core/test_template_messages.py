"""Messages in templates: in the language in force at that moment, and what is put into them is data."""

from __future__ import annotations

from flask import render_template_string
from flask_babel import force_locale


def said(app, template, **values):
    with app.test_request_context("/"):
        return [_in(code, template, values) for code in ("vi", "en", "vi")]


def _in(code, template, values):
    with force_locale(code):
        return render_template_string(template, **values)


def test_each_word_is_said_in_the_language_in_force(app):
    assert said(app, '{{ _("Home") }}') == ["Trang chủ", "Home", "Trang chủ"]


def test_what_is_put_into_a_message_is_escaped(app):
    for text in said(app, '{{ _("Timetable of %(name)s", name=name) }}', name="<b>%(x)s</b>"):
        assert "&lt;b&gt;%(x)s&lt;/b&gt;" in text and "<b>" not in text


def test_numbers_choose_their_words_and_a_percent_sign_stays_one(app):
    template = '{{ ngettext("%(num)d other session is ended.", "%(num)d other sessions are ended.", n) }}'
    assert [said(app, template, n=n)[1] for n in (1, 2)] == [
        "1 other session is ended.",
        "2 other sessions are ended.",
    ]
    assert said(app, '{{ _("100 %% of it") }}')[1] == "100 % of it"
