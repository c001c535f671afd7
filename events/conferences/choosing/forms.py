"""Inputs of choosing."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from companies.enums import SECTOR_LABELS, Sector
from core.forms import Form, TicksField
from core.i18n import _l
from events.conferences.choosing.enums import CANDIDATE_STATE_LABELS, CRITERION_LABELS, CandidateState, Criterion

COUNTS = [(0, _l("does not count")), (1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5")]


class CriteriaForm(Form):
    """How much each criterion counts, and the sectors of the conference."""

    recognised = SelectField(CRITERION_LABELS[Criterion.RECOGNISED], [InputRequired()], choices=COUNTS, coerce=int)
    sector = SelectField(CRITERION_LABELS[Criterion.SECTOR], [InputRequired()], choices=COUNTS, coerce=int)
    no_support = SelectField(CRITERION_LABELS[Criterion.NO_SUPPORT], [InputRequired()], choices=COUNTS, coerce=int)
    complete = SelectField(CRITERION_LABELS[Criterion.COMPLETE], [InputRequired()], choices=COUNTS, coerce=int)
    potential = SelectField(CRITERION_LABELS[Criterion.POTENTIAL], [InputRequired()], choices=COUNTS, coerce=int)
    sectors = TicksField(_l("Sectors of the conference"), choices=[(s.value, SECTOR_LABELS[s]) for s in Sector])

    def weights(self) -> dict[str, int]:
        return {c.value: self[c.value].data for c in Criterion}


class DecisionForm(Form):
    """A decision about the candidates that are ticked."""

    state = SelectField(choices=list(CANDIDATE_STATE_LABELS.items()), coerce=CandidateState)
    reason = StringField(_l("Reason"), [Optional(), Length(max=500)])

    def values(self) -> dict[str, Any]:
        return {"state": self.state.data, "reason": self.reason.data or ""}
