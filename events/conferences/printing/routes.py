"""Everything to print the day before, on one page."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from core import files
from core.access import may
from core.extensions import limiter
from core.i18n import _, language
from core.web import Blueprint
from events.conferences import agenda, rules
from events.conferences.enums import VersionState
from events.conferences.models import Conference, TimetableVersion
from events.conferences.printing import exports

bp = Blueprint("printing", __name__)
ORGANISES = may(rules.organise, conference=Conference)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/conferences/<int:conference_id>/print", access=ORGANISES)
def show(conference: Conference) -> ResponseReturnValue:
    return render_template(
        "printing/show.html",
        conference=conference,
        event=conference.event,
        version=agenda.version_in(conference, VersionState.PUBLISHED),
        packs=[(key, name) for key, (name, _make) in exports.packs().items()],
    )


@bp.get("/conferences/<int:conference_id>/print/<pack>.pdf", access=ORGANISES)
def pack(conference: Conference, pack: str) -> ResponseReturnValue:
    found = exports.packs().get(pack)
    if found is None:
        raise NotFound
    name, make = found
    return files.attachment(make(conference, _published(conference), language()), f"{name}.pdf", files.PDF)


@bp.get("/conferences/<int:conference_id>/print.zip", access=ORGANISES)
@limiter.limit("6/minute")
def everything(conference: Conference) -> ResponseReturnValue:
    data = exports.everything(conference, _published(conference), language())
    return files.attachment(data, _("Everything to print") + ".zip", files.ZIP)


def _published(conference: Conference) -> TimetableVersion:
    version = agenda.version_in(conference, VersionState.PUBLISHED)
    if version is None:
        raise NotFound
    return version
