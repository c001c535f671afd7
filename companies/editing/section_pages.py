"""The sections of a profile: a plain form each, saved as one goes where there is JavaScript."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from accounts.access import actor, me
from companies import directory, industries, operations, places, reads, rules, sight
from companies.editing.saving import MANAGE, bp, hub_of, save, stored
from companies.editing.sections import STEPS, following
from companies.forms import SECTIONS, IdentityForm, NamesForm, RowForm
from companies.models import Organisation
from core import clock
from core.i18n import _, language

JSON = "application/json"


def _form_class(section: str) -> type[RowForm]:
    if section not in SECTIONS:
        raise NotFound
    form = SECTIONS[section][1]
    return IdentityForm if form is NamesForm and rules.name_organisation(actor()) else form


def _page(organisation: Organisation, section: str, form: RowForm, status: int = 200) -> ResponseReturnValue:
    present = directory.present_in([organisation.id])[organisation.id]
    step = next(step for step in STEPS if step.name == section)
    contact, business = section == "contact", section == "business"
    page = render_template(
        "companies/section.html",
        organisation=organisation,
        section=section,
        title=SECTIONS[section][0],
        form=form,
        lacking=step.lacks(rules.missing(organisation.kinds, present)),
        following=following(section),
        communes=places.communes() if contact else (),
        zones=places.zones() if contact else (),
        industries=[(row.code, f"{row.version}: {row.label(language())}") for row in industries.industries().values()]
        if business
        else (),
        stored=stored(form, organisation) if status == 409 else (),
    )
    return page, status


@bp.get("/organisations/<int:organisation_id>/edit/<section>", access=MANAGE)
def edit(organisation: Organisation, section: str) -> ResponseReturnValue:
    form = _form_class(section)(obj=organisation)
    reads.note(organisation, sight.sight(actor(), organisation), by=me(), at=clock.now(), only=form.data)
    return _page(organisation, section, form)


@bp.post("/organisations/<int:organisation_id>/edit/<section>", access=MANAGE, endpoint="save")
def save_section(organisation: Organisation, section: str) -> ResponseReturnValue:
    form = _form_class(section)(obj=organisation)
    status = save(
        form,
        organisation,
        lambda: operations.edit_organisation(
            organisation, form.values(), version=form.seen_version(), by=me(), at=clock.now()
        ),
    )
    if request.accept_mimetypes.best == JSON:
        return _answer(organisation, form, status)
    if status:
        return _page(organisation, section, form, status)
    flash(_("Saved."), "success")
    onward = following(section).address(organisation)
    return redirect(onward if "onward" in request.form else hub_of(organisation))


def _answer(organisation: Organisation, form: RowForm, status: int) -> ResponseReturnValue:
    """What saving as one goes needs: the new version and a word, or what is wrong, by field."""
    if not status:
        said: Any = _("Saved at %(time)s.", time=f"{clock.local(clock.now()):%H:%M}")
        return jsonify(version=organisation.version, said=said)
    wrong = {field.name: str(field.errors[0]) for field in form if field.errors and field.name != "version"}
    general = next((str(text) for text in form.form_errors), "")
    said = general or _("Not saved yet: %(reason)s", reason="; ".join(wrong.values()))
    return jsonify(errors=wrong, said=said), status
