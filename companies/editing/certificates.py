"""The certificates of an organisation and of its products."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import me
from companies import operations, queries, rules
from companies.editing.forms import CertificateForm
from companies.editing.saving import MANAGE, bp, part_page, remove_part, save_part
from companies.models import Organisation
from companies.records import Certificate
from core import clock, files
from core.access import may
from core.db import write
from core.errors import UserError

MANAGE_CERTIFICATE = may(rules.manage_organisation, organisation=Organisation, certificate=Certificate)
PAGE = "companies/certificate.html"


def _form(organisation: Organisation, row: Certificate | None = None) -> CertificateForm:
    form = CertificateForm(obj=row)
    form.product_id.choices = [("", form.whole_organisation), *queries.product_choices(organisation)]
    return form


def _list_of(organisation: Organisation) -> str:
    return url_for("companies_editing.certificates", organisation_id=organisation.id)


@bp.get("/organisations/<int:organisation_id>/certificates", access=MANAGE, endpoint="certificates")
def listed(organisation: Organisation) -> ResponseReturnValue:
    return render_template(
        "companies/certificates.html",
        organisation=organisation,
        rows=queries.certificates(organisation),
        today=clock.today(),
        soon=rules.reminder_from(clock.today()),
    )


@bp.get("/organisations/<int:organisation_id>/certificates/new", access=MANAGE, endpoint="new_certificate")
def new(organisation: Organisation) -> ResponseReturnValue:
    return part_page(PAGE, organisation, None, _form(organisation))


@bp.post("/organisations/<int:organisation_id>/certificates/new", access=MANAGE, endpoint="create_certificate")
def create(organisation: Organisation) -> ResponseReturnValue:
    return _save(organisation, None)


@bp.get(
    "/organisations/<int:organisation_id>/certificates/<int:certificate_id>",
    access=MANAGE_CERTIFICATE,
    endpoint="certificate",
)
def show(organisation: Organisation, certificate: Certificate) -> ResponseReturnValue:
    return part_page(PAGE, organisation, certificate, _form(organisation, certificate))


@bp.post(
    "/organisations/<int:organisation_id>/certificates/<int:certificate_id>",
    access=MANAGE_CERTIFICATE,
    endpoint="save_certificate",
)
def change(organisation: Organisation, certificate: Certificate) -> ResponseReturnValue:
    return _save(organisation, certificate)


def _save(organisation: Organisation, row: Certificate | None) -> ResponseReturnValue:
    """The scan is checked and stored before the write block; its row is written within."""
    form = _form(organisation, row)
    received = None
    if form.scan.data and form.validate():
        try:
            received = files.receive(form.scan.data, kind=files.Kind.DOCUMENT, field="scan")
        except UserError as err:
            form.blame(err)
            return part_page(PAGE, organisation, row, form, err.status)

    def attach(kept: Certificate) -> None:
        if received is not None:
            operations.attach_scan(kept, received, by=me(), at=clock.now())

    return save_part(Certificate, organisation, row, form, PAGE, _list_of(organisation), attach)


@bp.post(
    "/organisations/<int:organisation_id>/certificates/<int:certificate_id>/remove",
    access=MANAGE_CERTIFICATE,
    endpoint="remove_certificate",
)
def remove(organisation: Organisation, certificate: Certificate) -> ResponseReturnValue:
    return remove_part(organisation, certificate, _list_of(organisation))


@bp.get(
    "/organisations/<int:organisation_id>/certificates/<int:certificate_id>/scan",
    access=MANAGE_CERTIFICATE,
    endpoint="scan",
)
def scan(organisation: Organisation, certificate: Certificate) -> ResponseReturnValue:
    if certificate.scan is None:
        raise NotFound
    return files.send(certificate.scan)


@bp.post(
    "/organisations/<int:organisation_id>/certificates/<int:certificate_id>/scan/remove",
    access=MANAGE_CERTIFICATE,
    endpoint="remove_scan",
)
def remove_scan(organisation: Organisation, certificate: Certificate) -> ResponseReturnValue:
    with write():
        operations.remove_scan(certificate, by=me(), at=clock.now())
    return redirect(_list_of(organisation))
