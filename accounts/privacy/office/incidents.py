"""The record of incidents, for administrators: the countdown, who is affected, and what was reported."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.access import me
from accounts.privacy import incidents, queries, rules
from accounts.privacy.forms import IncidentForm, ReportForm
from accounts.privacy.models import Incident
from core import audit, clock, files, paging
from core.access import may
from core.db import write
from core.documents import xlsx
from core.documents.tables import Table
from core.errors import UserError
from core.i18n import _
from core.web import Blueprint

bp = Blueprint("incidents", __name__)
SHOWN = 50
ONE = may(rules.handle_incident, incident=Incident)


@bp.get("/admin/incidents", access=may(rules.read_register))
def index() -> ResponseReturnValue:
    page = paging.page_of(queries.incidents(), request.args.get("page"))
    return render_template("privacy/incidents.html", page=page, now=clock.now())


@bp.get("/admin/incidents/new", access=may(rules.read_register))
def new() -> ResponseReturnValue:
    form = IncidentForm(noticed_at=clock.now()).offer(incidents.concerned_tables())
    return render_template("privacy/incident_new.html", form=form)


@bp.post("/admin/incidents/new", access=may(rules.read_register))
def create() -> ResponseReturnValue:
    form, status = IncidentForm().offer(incidents.concerned_tables()), 422
    if form.validate_on_submit():
        try:
            with write():
                row = incidents.record(
                    title=form.title.data,
                    words=form.words.data,
                    noticed_at=form.noticed_at.data or clock.now(),
                    names=form.tables.data or (),
                    since=form.since.data,
                    until=form.until.data,
                    by=me(),
                    at=clock.now(),
                )
            return redirect(url_for("incidents.show", incident_id=row.id))
        except UserError as err:
            form.blame(err)
            status = err.status
    return render_template("privacy/incident_new.html", form=form), status


@bp.get("/admin/incidents/<int:incident_id>", access=ONE)
def show(incident: Incident) -> ResponseReturnValue:
    return _page(incident, ReportForm(formdata=None))


def _page(incident: Incident, form: ReportForm, status: int = 200) -> ResponseReturnValue:
    people = incidents.affected(incident)
    left = incident.due_at - clock.now()
    page = render_template(
        "privacy/incident.html",
        incident=incident,
        labels=incidents.concerned_tables(),
        people=people[:SHOWN],
        total=len(people),
        hours=int(left.total_seconds() // 3600),
        form=form,
    )
    return page, status


@bp.post("/admin/incidents/<int:incident_id>/report", access=ONE)
def report(incident: Incident) -> ResponseReturnValue:
    form = ReportForm()
    if not form.validate_on_submit():
        return _page(incident, form, 422)
    with write():
        incidents.report(incident, form.measures.data, by=me(), at=clock.now())
    flash(_("The report is recorded."), "success")
    return redirect(url_for("incidents.show", incident_id=incident.id))


@bp.get("/admin/incidents/<int:incident_id>/affected.xlsx", access=ONE)
def affected(incident: Incident) -> ResponseReturnValue:
    labels = incidents.concerned_tables()
    people = incidents.affected(incident)
    rows = [[p.user.name, p.user.email, "; ".join(labels.get(t, t) for t in p.tables)] for p in people]
    data = xlsx.write([Table(_("People affected"), [_("Full name"), _("E-mail"), _("Tables concerned")], rows)])
    with write():  # names and addresses leave the site: who took them stays on record
        audit.record("incident.export", incident, by=me(), at=clock.now(), rows=len(rows))
    return files.attachment(data, _("People affected") + ".xlsx", files.XLSX)
