"""The pages on which officers invite many organisations at once: from a list or the directory, look, confirm."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import actor, me
from companies import directory
from companies.forms import UploadForm
from companies.importing import Fault
from companies.joining import lists, queries, rules
from companies.joining.models import InvitationList
from companies.listing import narrowing
from core import clock, files, paging
from core.access import may
from core.db import write
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("invitation_lists", __name__)
ONE = may(rules.handle_list, invitation_list=InvitationList)


def _index_page(form: UploadForm, faults: list[Fault] | None = None, status: int = 200) -> ResponseReturnValue:
    asked = narrowing.filters()
    found = directory.find(asked, on=clock.today())
    _lines, free = lists.select_lines(directory.search(asked, actor(), on=clock.today()))
    page = render_template(
        "joining/lists.html",
        form=form,
        faults=faults or [],
        page=paging.page_of(queries.lists(), request.args.get("page")),
        chips=narrowing.chips(asked, found),
        chosen=request.args.to_dict(),
        free=free,
        most=rules.MOST_IN_A_LIST,
    )
    return page, status


@bp.get("/join/invitations/lists", access=may(rules.decide_on_requests))
def index() -> ResponseReturnValue:
    return _index_page(UploadForm(formdata=None))


@bp.get("/join/invitations/lists/template.xlsx", access=may(rules.decide_on_requests))
def template() -> ResponseReturnValue:
    data = lists.one_sheet.template(lists.LAYOUT)
    return files.attachment(data, _("Organisations to invite (template)") + ".xlsx", files.XLSX)


@bp.post("/join/invitations/lists", access=may(rules.decide_on_requests))
def upload() -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return _index_page(form, status=422)
    try:
        received = files.receive(form.file.data, kind=files.Kind.SPREADSHEET)
        lines, faults = lists.read(received.data)
        if faults:
            return _index_page(form, faults, 422)
        with write():
            row = lists.keep(received.name, lines, by=me(), at=clock.now())
    except UserError as err:
        return _index_page(form.blame(err), status=err.status)
    return redirect(url_for("invitation_lists.show", invitation_list_id=row.id))


@bp.post("/join/invitations/lists/selection", access=may(rules.decide_on_requests))
def choose() -> ResponseReturnValue:
    """The organisations of the directory that fit the filters in the address, and that nobody acts for."""
    asked, on = narrowing.filters(), clock.today()
    named = [chip.label for chip in narrowing.chips(asked, directory.find(asked, on=on))]
    lines, _free = lists.select_lines(directory.search(asked, actor(), on=on))
    try:
        with write():
            name = "; ".join(map(str, named)) or str(_("All organisations"))
            row = lists.keep(name[:200], lines, by=me(), at=clock.now())
    except UserError as err:
        return _index_page(UploadForm(formdata=None).blame(err), status=err.status)
    return redirect(url_for("invitation_lists.show", invitation_list_id=row.id))


def _page(row: InvitationList, message: str | None = None, status: int = 200) -> ResponseReturnValue:
    planned = lists.plan(row) if row.confirmed_at is None else []
    return render_template("joining/list.html", row=row, planned=planned, message=message), status


@bp.get("/join/invitations/lists/<int:invitation_list_id>", access=ONE)
def show(invitation_list: InvitationList) -> ResponseReturnValue:
    return _page(invitation_list)


@bp.post("/join/invitations/lists/<int:invitation_list_id>/send", access=ONE)
def send(invitation_list: InvitationList) -> ResponseReturnValue:
    keys = {int(key) for key in request.form.getlist("line") if key.isascii() and key.isdigit() and len(key) < 6}
    try:
        with write():
            row = lists.confirm(invitation_list, keys, by=me(), at=clock.now())
            task_id = row.task_id
    except UserError as err:
        return _page(invitation_list, str(err.message), err.status)
    return redirect(url_for("tasks.show", task_id=task_id))


@bp.post("/join/invitations/lists/<int:invitation_list_id>/discard", access=ONE)
def discard(invitation_list: InvitationList) -> ResponseReturnValue:
    try:
        with write():
            lists.discard(invitation_list, by=me(), at=clock.now())
    except UserError as err:
        return _page(invitation_list, str(err.message), err.status)
    flash(_("The list is thrown away; nobody was invited."), "success")
    return redirect(url_for("invitation_lists.index"))
