"""Fills a fresh demo in a temporary folder, walks through the stops and writes docs/tour.md with its pictures.

./run tour [NAME ...]      all pictures, or those of some stops only
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from core import clock, config
from core.db import session
from core.task_runner import run_waiting
from demo import filling
from demo.tour import writing
from demo.tour.camera import Camera, chromium, served
from demo.tour.moments import HAPPENS
from demo.tour.stops import FILLED, STOPS, Moment

ROOT = Path(__file__).parents[2]
IMAGES, PAGE = ROOT / "docs" / "images", ROOT / "docs" / "tour.md"


def main(wanted: Collection[str]) -> int:
    began = time.perf_counter()
    if unknown := set(wanted) - {stop.name for stop in STOPS}:
        print(f"No such stops: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        failed = list(_walk(Path(folder), wanted))
    _tidy()
    PAGE.write_text(writing.page(), "utf-8")
    size = sum(path.stat().st_size for path in IMAGES.glob("*.png")) / 2**20
    print(f"  {len(STOPS)} stops, {size:.1f} MB of pictures, {time.perf_counter() - began:.0f} s")
    for line in failed:
        print(f"  not taken: {line}", file=sys.stderr)
    return 1 if failed else 0


def _walk(folder: Path, wanted: Collection[str]) -> Iterator[str]:
    """Live through the moments and take the pictures of each; yield what could not be taken."""
    app = create_app(config.read({"MODE": "demo", "DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}))
    with app.app_context(), clock.frozen(FILLED):
        upgrade(directory=str(ROOT / "migrations"))
        logging.getLogger("alembic").setLevel(logging.WARNING)
        filling.fill()
        session.rollback()
    names: dict[str, object] = {}
    with served(app) as url, chromium() as browser:
        for moment in Moment:
            with clock.frozen(moment.value), filling.step(f"Pictures: {moment.name.lower().replace('_', ' ')}"):
                names |= _happens(app, moment)
                yield from _pictures(Camera(browser, url, moment.value), moment, names, wanted)


def _happens(app: Flask, moment: Moment) -> dict[str, object]:
    with app.app_context():
        names = dict(HAPPENS[moment]())
        run_waiting()
        session.rollback()
        return names


def _pictures(camera: Camera, moment: Moment, names: dict[str, object], wanted: Collection[str]) -> Iterator[str]:
    for stop in STOPS:
        if stop.moment is not moment or (wanted and stop.name not in wanted):
            continue
        try:
            for name, picture in camera.take(stop, stop.path.format(**names)):
                (IMAGES / name).write_bytes(picture)
        except Exception as err:  # one page that fails does not cost the others
            yield f"{stop.name}: {err}"
    camera.close()


def _tidy() -> None:
    """Delete pictures of stops that are gone."""
    kept = {name for stop in STOPS for _language, _width, name in stop.pictures()}
    for path in IMAGES.glob("*.png"):
        if path.name not in kept:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
