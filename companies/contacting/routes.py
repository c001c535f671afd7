"""Pages of contact through the Department: for those who ask, for officers, for the firm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import tokens
from accounts.access import actor, current_user, me
from companies.contacting import operations, queries, rules
from companies.contacting.enums import CONTACT_STATE_LABELS, CONTACT_STATE_TONES, ContactState
from companies.contacting.forms import ContactForm, DeclineForm, PurposeForm
from companies.contacting.models import ContactRequest
from companies.models import Organisation, Product
from core import attention, clock, paging
from core.access import Actor, may, public
from core.db import get, row_key, write
from core.extensions import limiter
from core.i18n import _, _l, language, ngettext, pick
from core.urls import safe_next
from core.web import Blueprint

bp = Blueprint("contact", __name__)


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(contact_state_labels=CONTACT_STATE_LABELS, contact_state_tones=CONTACT_STATE_TONES)


# --- who asks -------------------------------------------------------------------------------------------------


@bp.get("/organisations/<int:organisation_id>/contact", access=public(organisation=Organisation))
def new(organisation: Organisation) -> ResponseReturnValue:
    asker = _asker()
    own = pick(asker, "name").text if asker else None
    return _page(organisation, PurposeForm(data={"firm": own}) if current_user() else ContactForm())


@bp.post("/organisations/<int:organisation_id>/contact", access=public(organisation=Organisation))
@limiter.limit("10/hour")
def ask(organisation: Organisation) -> ResponseReturnValue:
    user = current_user()
    form = PurposeForm() if user else ContactForm()
    if not form.validate_on_submit():
        return _page(organisation, form), 422
    name, email = (user.name, user.email) if user else (form.name.data, form.email.data)
    product, firm_id, asker = _product(organisation), organisation.id, _asker()
    with write():
        operations.ask(
            organisation, name=name, email=email, firm=form.firm.data or "", purpose=form.purpose.data or "",
            language=language(), product=product, by=user, at=clock.now(), asker=asker,
        )  # fmt: skip
    if user:
        flash(_("Your request is with the Department. You get a mail as soon as the firm has answered."), "success")
    else:
        flash(_("A mail is on its way to you. Open the link in it: only then does your request reach us."), "success")
    back = request.args.get("next")
    return redirect(safe_next(back) if back else url_for("companies.profile", organisation_id=firm_id))


def _asker() -> Organisation | None:
    """The organisation for which he asks, if the address names one of his own."""
    key = row_key(request.args.get("for"))
    return get(Organisation, key) if actor().belongs("organisation", key) else None


def _product(organisation: Organisation) -> Product | None:
    """The product that it is about, if the address names one of this firm."""
    row = get(Product, row_key(request.args.get("product")))
    return row if row is not None and row.organisation_id == organisation.id else None


def _page(organisation: Organisation, form: PurposeForm) -> str:
    product = _product(organisation)
    return render_template("companies/contact.html", organisation=organisation, product=product, form=form)


@bp.get("/contact/<key>", access=public())
def confirm(key: str) -> ResponseReturnValue:
    tokens.find(operations.PURPOSE, key, at=clock.now())
    return render_template("companies/contact_confirm.html", key=key)


@bp.post("/contact/<key>", access=public())
def confirmed(key: str) -> ResponseReturnValue:
    with write():
        operations.confirm(key, at=clock.now())
    flash(_("Thank you. Your request is with the Department now."), "success")
    return redirect(url_for("companies.directory"))


# --- officers -------------------------------------------------------------------------------------------------


@bp.get("/contact-requests", access=may(rules.decide))
def index() -> ResponseReturnValue:
    wanted = request.args.get("state", "")
    state = ContactState(wanted) if wanted in set(ContactState) - {ContactState.UNCONFIRMED} else None
    page = paging.page_of(queries.listed(state), request.args.get("page"))
    return render_template("companies/contacts.html", page=page, state=state)


@bp.get("/contact-requests/<int:contact_request_id>", access=may(rules.decide, contact_request=ContactRequest))
def show(contact_request: ContactRequest) -> ResponseReturnValue:
    return render_template("companies/contact_request.html", row=contact_request, form=DeclineForm())


@bp.post(
    "/contact-requests/<int:contact_request_id>/forward", access=may(rules.decide, contact_request=ContactRequest)
)
def forward(contact_request: ContactRequest) -> ResponseReturnValue:
    with write():
        operations.forward(contact_request.id, by=me(), at=clock.now())
    flash(_("Forwarded to the people of the firm."), "success")
    return redirect(url_for("contact.index"))


@bp.post(
    "/contact-requests/<int:contact_request_id>/decline", access=may(rules.decide, contact_request=ContactRequest)
)
def decline(contact_request: ContactRequest) -> ResponseReturnValue:
    form = DeclineForm()
    if not form.validate_on_submit():
        return render_template("companies/contact_request.html", row=contact_request, form=form), 422
    with write():
        operations.decline(contact_request.id, form.reason.data or "", by=me(), at=clock.now())
    flash(_("Declined; the asker gets your reason by mail."), "success")
    return redirect(url_for("contact.index"))


# --- the firm -------------------------------------------------------------------------------------------------


@bp.get(
    "/organisations/<int:organisation_id>/contact-requests",
    access=may(rules.read_requests, organisation=Organisation),
)
def mine(organisation: Organisation) -> ResponseReturnValue:
    page = paging.page_of(queries.of_firm(organisation), request.args.get("page"))
    return render_template("companies/contacts_of_firm.html", organisation=organisation, page=page)


@bp.post(
    "/contact-requests/<int:contact_request_id>/accept", access=may(rules.answer, contact_request=ContactRequest)
)
def accept(contact_request: ContactRequest) -> ResponseReturnValue:
    firm_id = contact_request.organisation_id
    with write():
        operations.accept(contact_request.id, by=me(), at=clock.now())
    flash(_("You are in touch: both sides get each other's contacts by mail."), "success")
    return redirect(url_for("contact.mine", organisation_id=firm_id))


@bp.post(
    "/contact-requests/<int:contact_request_id>/refuse", access=may(rules.answer, contact_request=ContactRequest)
)
def refuse(contact_request: ContactRequest) -> ResponseReturnValue:
    firm_id = contact_request.organisation_id
    with write():
        operations.refuse(contact_request.id, by=me(), at=clock.now())
    flash(_("Refused. Your contacts were not given away."), "success")
    return redirect(url_for("contact.mine", organisation_id=firm_id))


@attention.register("contact.open", _l("Requests for contact"), to=rules.decide)
def _open(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    number, oldest = queries.open_ones()
    if number and oldest:
        label = ngettext(
            "%(num)d request for contact waits for you", "%(num)d requests for contact wait for you", number
        )
        due = clock.local(oldest + rules.ANSWER_WITHIN).date()
        yield attention.Entry("contact.open", label, "contact.index", {"state": "open"}, number, due=due)


@attention.register("contact.forwarded", _l("Requests for contact"), to=rules.is_asked)
def _forwarded(reader: Actor, at: datetime) -> Iterator[attention.Entry]:
    for firm, (number, oldest) in queries.waiting_at(reader.ties["organisation"]).items():
        label = ngettext(
            "%(num)d request for contact waits for your answer",
            "%(num)d requests for contact wait for your answer",
            number,
        )
        due = clock.local(oldest + rules.ANSWER_WITHIN).date()
        yield attention.Entry(
            f"contact.forwarded:{firm}", label, "contact.mine", {"organisation_id": firm}, number, due=due
        )
