"""The outbox for administrators: what waits, what failed and why; a failed mail can be sent again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import attention, clock, outbox, paging
from core.access import Actor, current_actor, may
from core.db import write
from core.errors import UserError
from core.i18n import _, _l, ngettext
from core.outbox import Mail, MailState
from core.web import Blueprint

bp = Blueprint("mail", __name__)

LABELS = {
    MailState.WAITING: _l("Waiting"),
    MailState.SENDING: _l("Being sent"),
    MailState.SENT: _l("Sent"),
    MailState.FAILED: _l("Failed"),
}
TONES = {MailState.WAITING: "info", MailState.SENDING: "info", MailState.SENT: "success", MailState.FAILED: "danger"}


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)


@bp.get("/admin/mail", access=may(outbox.may_look_after))
def index() -> ResponseReturnValue:
    chosen = request.args.get("state", "")
    state = MailState(chosen) if chosen in set(MailState) else None
    page = paging.page_of(outbox.in_state(state), request.args.get("page"))
    return render_template(
        "core/mail.html", page=page, state=state, counts=outbox.counts(), labels=LABELS, tones=TONES
    )


@bp.post("/admin/mail/<int:mail_id>/retry", access=may(outbox.may_look_after, mail=Mail))
def retry(mail: Mail) -> ResponseReturnValue:
    try:
        with write():
            outbox.retry(mail, by=current_actor().user_id, at=clock.now())
    except UserError as err:
        flash(str(err.message), "danger")
    else:
        flash(_("The mail will be sent again."), "success")
    return redirect(url_for("mail.index", state=MailState.FAILED.value))


@attention.register("mail.failed", _l("Failed mail"), to=outbox.may_look_after)
def failed(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    """Mail that could not be delivered, as one entry: one query."""
    number = outbox.counts()[MailState.FAILED]
    if number:
        label = ngettext("%(num)d mail could not be delivered", "%(num)d mails could not be delivered", number)
        yield attention.Entry(
            "mail.failed", label, "mail.index", {"state": MailState.FAILED.value}, number,
            urgency=attention.Urgency.NOW,
        )  # fmt: skip
