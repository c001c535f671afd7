"""The tour in docs/ is the one of its table of stops."""

from __future__ import annotations

from demo.tour import moments, writing
from demo.tour.__main__ import IMAGES, PAGE
from demo.tour.stops import LANGUAGES, STOPS, Moment

MOST = 6 * 2**20  # bytes of all pictures


def test_every_stop_has_its_pictures_and_every_picture_its_stop():
    wanted = {name for stop in STOPS for _language, _width, name in stop.pictures()}
    assert {path.name for path in IMAGES.iterdir()} == wanted
    assert len(wanted) == sum(len(stop.widths) * len(LANGUAGES) for stop in STOPS)  # no two stops share a name


def test_the_page_is_written_from_the_stops():
    text = PAGE.read_text("utf-8")
    assert text == writing.page()
    for stop in STOPS:
        assert all(f"(images/{name})" in text for _language, _width, name in stop.pictures())
        assert f"### {stop.en}\n\n*{stop.vi}*\n" in text


def test_the_pictures_stay_small():
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) <= MOST


def test_the_moments_follow_each_other():
    instants = [moment.value for moment in Moment]
    assert instants == sorted(instants) and set(moments.HAPPENS) == set(Moment)
