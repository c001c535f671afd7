"""The report as a document for Word in the official layout, and as a spreadsheet with every row behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from flask_babel import format_decimal

from companies.enums import KIND_LABELS
from core import clock, dates
from core.documents import docx, xlsx
from core.documents.tables import Cell
from core.i18n import _, force_locale, ngettext, pick
from events.conferences.choosing.enums import CANDIDATE_STATE_LABELS, CRITERION_LABELS, CandidateState
from events.conferences.enums import WISH_LABELS, Wish
from events.conferences.models import Conference
from events.conferences.outcomes import exports as outcome_exports
from events.conferences.outcomes.enums import OUTCOME_LABELS
from events.conferences.report.figures import Figures, Rows
from events.enums import ORGANISER_LABELS, REGISTRATION_STATE_LABELS
from events.models import Event

Section = dict[str, Any]


def document(conference: Conference, found: Rows, figures: Figures, language: str, *, at: datetime) -> bytes:
    """A draft by Decree 30/2020/ND-CP (Vietnamese) or a plain report (English): number and date stay blank."""
    with force_locale(language):
        found_sections = sections(conference, figures, at)
        return docx.render("conference_report.docx", frame(conference.event, found_sections, language))


def frame(event: Event, parts: Iterable[Section], language: str) -> dict[str, Any]:
    """The official layout around the sections of a report on an event, in the language in force."""
    official, title = language == "vi", pick(event, "title").text
    return {
        "head": {
            "parent": "UBND THÀNH PHỐ HÀ NỘI" if official else "PEOPLE'S COMMITTEE OF HANOI",
            "body": "SỞ CÔNG THƯƠNG" if official else "DEPARTMENT OF INDUSTRY AND TRADE",
            "nation": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" if official else "SOCIALIST REPUBLIC OF VIET NAM",
            "motto": "Độc lập - Tự do - Hạnh phúc" if official else "Independence - Freedom - Happiness",
            "number": "Số:         /BC-SCT" if official else "No.         /BC-SCT",
            "place_and_date": "Hà Nội, ngày      tháng      năm" if official else "Hanoi, (date)",
            "draft": "DỰ THẢO" if official else "DRAFT",
        },
        "title": _("REPORT"),
        "subject": _("Results of “%(title)s”", title=title),
        "opening": _(
            "In carrying out the programme for key industrial products of Hanoi in %(year)d, the Department of "
            "Industry and Trade reports as follows:",
            year=clock.local(event.begins_at).year,
        ),
        "columns": {"label": _("What is counted"), "value": _("Figure")},
        "sections": _ended(list(parts)) if official else list(parts),
        "foot": {
            "receivers_title": "Nơi nhận:" if official else "",
            "receivers": "- UBND Thành phố (để báo cáo);\n- Lưu: VT." if official else "",
            "authority": "KT. GIÁM ĐỐC" if official else "",
            "office": "PHÓ GIÁM ĐỐC" if official else "",
        },
    }


def _ended(parts: list[Section]) -> list[Section]:
    """The last sentence of an official text ends in "./."."""
    *before, last = parts[-1]["lines"]
    return [*parts[:-1], parts[-1] | {"lines": [*before, last.rstrip(".") + "./."]}]


def sections(conference: Conference, f: Figures, at: datetime) -> Iterator[Section]:
    """The report in the language now in force: headings, sentences and small tables; the page shows the same."""
    event = conference.event
    place = ", ".join(part for part in (pick(event, "place").text, event.address) if part)
    lines = [
        _("Time: %(period)s (Hanoi time)", period=event.period),
        _("Place: %(place)s", place=place) if place else "",
        _("Organiser: %(name)s", name=ORGANISER_LABELS[event.organiser]),
        _("Task of the yearly plan: %(code)s", code=event.plan_code) if event.plan_code else "",
    ]
    yield section(_("1. The conference"), lines)
    yield section(
        _("2. Criteria and choices"), _choices(conference, f), _counts(f.candidates, CANDIDATE_STATE_LABELS)
    )
    people = [row(str(KIND_LABELS[kind]), number) for kind, number in sorted(f.kinds.items())]
    people.append(row(_("Arrived at the door"), f.arrived))
    yield section(_("3. Participants"), [], people)
    yield section(_("4. Meetings"), _timetable(f), _meetings(f))
    yield section(_("5. Outcomes"), [_("What both sides of a pair state counts once, with the smaller amount.")], [
        row(str(OUTCOME_LABELS[kind]), total_of(total)) for kind, total in f.outcomes.items() if total.number
    ] or [row(_("None stated yet"), 0)])  # fmt: skip
    note = _("Figures as of %(at)s. Every row behind them is in the spreadsheet of this report.",
             at=dates.moment(at))  # fmt: skip
    yield section(_("6. Basis"), [note])


def section(heading: str, lines: list[str], table: list[dict[str, str]] | None = None) -> Section:
    return {"heading": heading, "lines": [line for line in lines if line], "table": table or []}


def row(label: str, value: object) -> dict[str, str]:
    return {"label": label, "value": str(value)}


def _counts(numbers: Any, labels: Any) -> list[dict[str, str]]:
    return [row(str(labels[state]), numbers[state]) for state in labels if numbers.get(state)]


def _choices(conference: Conference, f: Figures) -> list[str]:
    criteria = pick(conference, "criteria").text
    return [
        criteria or _("No written criteria are stated."),
        _(
            "Of %(all)d candidates %(chosen)d were chosen and %(declined)d were not, each for a reason that is kept.",
            all=sum(f.candidates.values()),
            chosen=f.candidates.get(CandidateState.CHOSEN, 0),
            declined=f.candidates.get(CandidateState.DECLINED, 0),
        )
        if f.candidates
        else "",
    ]


def _timetable(f: Figures) -> list[str]:
    q = f.quality
    if f.version is None:
        return [_("No timetable is published.")]
    found = [_("Version %(number)d of the timetable.", number=f.version.number)]
    if q.get("share"):
        share = f"{q['share'] * 100:.2f}%"
        found.append(
            _("It is proven that no timetable has a greater value.")
            if q.get("proven")
            else _("Its value is %(share)s of a bound that no timetable can pass.", share=share)
        )
    below = len(q.get("under_minimum", {}))
    found.append(
        ngettext(
            "%(num)d participant is below its minimum of meetings.",
            "%(num)d participants are below their minimum of meetings.",
            below,
        )
    )
    return found


def _meetings(f: Figures) -> list[dict[str, str]]:
    return [
        row(_("Wishes"), f.wishes["given"]),
        row(_("Pairs that want each other"), f.wishes["mutual"]),
        row(_("Planned"), f.planned),
        row(_("Confirmed by both sides"), f.confirmed),
        row(_("Declined by one side"), f.declined),
        row(_("Held"), f.held),
        row(_("Of which useful to one side at least"), f.useful),
        row(_("Of which useful to both"), f.useful_to_both),
        row(_("Reported differently by the two sides"), f.disputed),
        row(_("Not reported by anybody"), f.unanswered),
    ]


def total_of(total: Any) -> str:
    """How many, and in brackets the sums and people in them: 2 (2.400.000.000 đồng; 48.000 USD)."""
    sums = [_sum(amount, currency) for currency, amount in total.amounts.items()]
    people = [ngettext("%(num)d person", "%(num)d people", total.people)] if total.people else []
    inside = "; ".join([*sums, *people])
    return f"{total.number} ({inside})" if inside else str(total.number)


def _sum(amount: Any, currency: str) -> str:
    written = format_decimal(amount, "#,##0")
    return _("VND %(amount)s", amount=written) if currency == "VND" else f"{written} {currency}"


# --- every row -------------------------------------------------------------------------------------------------


def spreadsheet(found: Rows, wishes: Mapping[tuple[int, int], Wish]) -> bytes:
    """Participants, candidates with decisions and reasons, meetings with both sides' answers, outcomes, declines."""
    people = xlsx.Table(
        _("Participants"),
        [_("Organisation"), _("Tax code"), _("Takes part as"), _("Arrived"), _("Left")],
        [_participant(p, found) for p in found.participants],
        widths=[45, 16, 24, 16, 16],
    )
    candidates = xlsx.Table(
        _("Candidates"),
        [_("Organisation"), _("Points"), *(str(label) for label in CRITERION_LABELS.values()), _("Decision"),
         _("Reason"), _("Answer to the invitation")],
        [_candidate(c) for c in found.candidates],
        widths=[45, 10, 14, 14, 14, 14, 14, 16, 40, 20],
    )  # fmt: skip
    declined = xlsx.Table(
        _("Declined meetings"),
        [_("Declined by"), _("Meeting with"), _("Said on")],
        _declined(found),
        widths=[45, 45, 18],
    )
    meetings = outcome_exports.tables(found.meetings, found.outcomes)
    return xlsx.write([people, candidates, _wishes(found, wishes), *meetings, _answers(found), declined])


def _wishes(found: Rows, wishes: Mapping[tuple[int, int], Wish]) -> xlsx.Table:
    """Who wants to meet whom; who does not is not in it."""
    names, wanted = _names(found), (Wish.MUST, Wish.YES)
    lines: list[list[Cell]] = [
        [names.get(who), names.get(other), str(WISH_LABELS[wish]),
         _("yes") if wishes.get((other, who)) in wanted else _("no")]
        for (who, other), wish in wishes.items() if wish in wanted
    ]  # fmt: skip
    return xlsx.Table(
        _("Wishes"),
        [_("Organisation"), _("Would meet"), _("Wish"), _("Both want it")],
        lines,
        widths=[45, 45, 18, 16],
    )


def _answers(found: Rows) -> xlsx.Table:
    """What each side said of the meetings of the published timetable, before the day."""
    names = _names(found)
    lines: list[list[Cell]] = [
        [names.get(who), names.get(other), _("yes") if row.comes else _("no"), _moment(row.at)]
        for (who, other), row in found.answers.items()
    ]
    return xlsx.Table(
        _("Confirmations"),
        [_("Organisation"), _("Meeting with"), _("Will be there"), _("Said on")],
        lines,
        widths=[45, 45, 14, 18],
    )


def _names(found: Rows) -> dict[int, str]:
    return {p.id: pick(p, "name").text for p in found.participants}


def _declined(found: Rows) -> list[list[Cell]]:
    """Who will not come to an announced meeting with whom; why is for the organiser's own pages."""
    names = _names(found)
    return [[names.get(r.participant_id), names.get(r.other_id), _moment(r.at)] for r in found.declined]


def _participant(p: Any, found: Rows) -> list[Cell]:
    arrived, left = found.arrivals.get(p.id, (None, None))
    return [pick(p, "name").text, p.tax_code, str(KIND_LABELS[p.kind]),
            _moment(arrived), _moment(left)]  # fmt: skip


def _moment(at: datetime | None) -> datetime | None:
    return None if at is None else clock.local(at).replace(tzinfo=None, microsecond=0)


def _candidate(c: Any) -> list[Cell]:
    answer = str(REGISTRATION_STATE_LABELS[c.answer]) if c.answer else None
    marks = [c.marks.get(name.value) for name in CRITERION_LABELS]
    return [
        pick(c, "name").text,
        c.points,
        *marks,
        str(CANDIDATE_STATE_LABELS[c.state]),
        c.reason,
        answer,
    ]
