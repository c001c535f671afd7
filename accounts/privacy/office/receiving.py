"""The page on which officers enter what people said on paper, by telephone or by e-mail."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import addresses, operations
from accounts import queries as people
from accounts.access import me
from accounts.models import User
from accounts.privacy import queries, receiving, rules, texts
from accounts.privacy.enums import CaseKind, Channel, Purpose, Statement
from accounts.privacy.forms import ReceiptForm
from core import clock
from core.access import may
from core.db import write
from core.errors import Invalid, UserError
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("receipts", __name__)


def _officers() -> list[tuple[int, str]]:
    return [(user.id, user.name) for user in queries.officers()]


def _page(form: ReceiptForm, status: int = 200) -> ResponseReturnValue:
    wordings = {purpose: texts.TEXTS[purpose] for purpose in Purpose}
    return render_template("privacy/receive.html", form=form, wordings=wordings), status


@bp.get("/admin/data-requests/receive", access=may(rules.handle_requests))
def new() -> ResponseReturnValue:
    form = ReceiptForm(
        formdata=None,
        email=request.args.get("email", "")[:254],
        received_on=clock.today(),
        taken_by=me().id,
        channel=Channel.PAPER.value,
    )
    return _page(form.offer(_officers()))


@bp.post("/admin/data-requests/receive", access=may(rules.handle_requests))
def create() -> ResponseReturnValue:
    form = ReceiptForm().offer(_officers())
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        person = people.by_email(form.email.data)
        if person is not None and person.disabled_at is not None:
            raise Invalid(_("The account with this address is locked."), field="email")
        nobodys = operations.hash_password(secrets.token_urlsafe(32)) if person is None else ""
        with write():
            target = _enter(person or _opened(form, nobodys), form)
    except UserError as err:
        return _page(form.blame(err), err.status)
    flash(_("Entered. The person is told by mail."), "success")
    return redirect(target)


def _opened(form: ReceiptForm, password_hash: str) -> User:
    """An account for a person who has none: what he says is kept with it, and a mail lets him in."""
    if not form.name.data:
        raise Invalid(
            _("No account has this address. Type the person's full name too, and one is opened."), field="email"
        )
    if form.statement.data == Statement.WITHDRAWAL:
        raise Invalid(_("No account has this address, so there is no consent to withdraw."), field="email")
    user = operations.create_user(
        email=form.email.data,
        name=form.name.data,
        password_hash=password_hash,
        language=form.text_language.data,
        by=me(),
        at=clock.now(),
    )
    addresses.welcome(user, at=clock.now())
    return user


def _enter(person: User, form: ReceiptForm) -> str:
    """Enter it, and say where to go on."""
    taken_by = next(user for user in queries.officers() if user.id == form.taken_by.data)
    day = form.received_on.data or clock.today()
    arrival = receiving.Arrival(Channel(form.channel.data), day, taken_by, form.reference.data or "")
    how: dict[str, Any] = {"arrival": arrival, "by": me(), "at": clock.now()}
    purpose, version = form.consent()
    if form.statement.data == Statement.CONSENT:
        receiving.take_consent(person, purpose, version=version, language=form.text_language.data, **how)
    elif form.statement.data == Statement.WITHDRAWAL:
        receiving.take_withdrawal(person, purpose, **how)
    else:
        case = receiving.take_request(person, CaseKind(form.statement.data), form.words.data or "", **how)
        return url_for("privacy_office.case", data_case_id=case.id)
    return url_for("receipts.new")
