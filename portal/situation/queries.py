"""Named reads of rounds, answers and requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true, union
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import User
from companies.enums import Kind, Sector
from companies.models import Membership, Organisation, OrganisationKind
from companies.sight import belonging
from core import clock
from core.access import Actor, visible, visible_to
from core.db import count, session
from core.outbox import Mail
from portal.situation import rules
from portal.situation.enums import CaseState, Step, Trend
from portal.situation.models import SituationAnswer, SituationCase, SituationRound

ROUNDS_IN_PICTURE = 8


_FIRM_WITH_PEOPLE = and_(
    exists().where(
        OrganisationKind.organisation_id == Membership.organisation_id, OrganisationKind.kind == Kind.FIRM
    ),
    Membership.left_at.is_(None),
)


belonging("organisation.firm", lambda role, kinds: Kind.FIRM in kinds)


def rounds_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Officers know all rounds, firms those that have opened."""
    if rules.manage(actor):
        return true()
    return SituationRound.opens_on <= clock.today() if rules.has_firm(actor) else false()


def cases_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Officers know all requests, everybody those of his organisations."""
    if rules.manage(actor):
        return true()
    own = actor.ties.get("organisation", frozenset())
    return SituationCase.answer_id.in_(select(SituationAnswer.id).where(SituationAnswer.organisation_id.in_(own)))


visible(SituationRound, rounds_visible_to)
visible(SituationCase, cases_visible_to)


def rounds(actor: Actor) -> Sequence[SituationRound]:
    """The rounds that the reader may know of, the newest first."""
    return session.scalars(
        select(SituationRound)
        .where(visible_to(actor, SituationRound))
        .order_by(SituationRound.opens_on.desc(), SituationRound.id.desc())
    ).all()


def open_rounds(*, on: date) -> Sequence[SituationRound]:
    """The rounds that take answers on a day, those that close first."""
    return session.scalars(
        select(SituationRound)
        .where(SituationRound.opens_on <= on, SituationRound.closes_on >= on)
        .order_by(SituationRound.closes_on, SituationRound.id)
    ).all()


def answer_of(situation_round: SituationRound, organisation: Organisation) -> SituationAnswer | None:
    """What a firm answered in a round."""
    return session.scalars(
        select(SituationAnswer).where(
            SituationAnswer.round_id == situation_round.id, SituationAnswer.organisation_id == organisation.id
        )
    ).one_or_none()


def answer_before(situation_round: SituationRound, organisation: Organisation) -> SituationAnswer | None:
    """What a firm sent in the last round before this one."""
    return session.scalars(
        select(SituationAnswer)
        .join(SituationRound)
        .where(
            SituationAnswer.organisation_id == organisation.id,
            SituationAnswer.sent_at.is_not(None),
            or_(
                SituationRound.opens_on < situation_round.opens_on,
                and_(SituationRound.opens_on == situation_round.opens_on, SituationRound.id < situation_round.id),
            ),
        )
        .order_by(SituationRound.opens_on.desc(), SituationRound.id.desc())
        .limit(1)
    ).first()


def firms_of(actor: Actor) -> Sequence[Organisation]:
    """The reader's own firms, in Vietnamese order."""
    own = actor.ties.get("organisation.firm", frozenset())
    return session.scalars(
        select(Organisation).where(Organisation.id.in_(own)).order_by(Organisation.sort_key, Organisation.id)
    ).all()


def unanswered(actor: Actor, *, on: date) -> Sequence[tuple[SituationRound, Organisation]]:
    """Rounds that take answers, each with the reader's firms that have sent none yet: one query."""
    sent = exists().where(
        SituationAnswer.round_id == SituationRound.id,
        SituationAnswer.organisation_id == Organisation.id,
        SituationAnswer.sent_at.is_not(None),
    )
    rows = session.execute(
        select(SituationRound, Organisation)
        .join(Organisation, Organisation.id.in_(actor.ties.get("organisation.firm", frozenset())))
        .where(SituationRound.opens_on <= on, SituationRound.closes_on >= on, ~sent)
        .order_by(SituationRound.closes_on, SituationRound.id, Organisation.sort_key)
    )
    return [(situation_round, firm) for situation_round, firm in rows]


def answers_of(firms: Sequence[Organisation]) -> Sequence[SituationAnswer]:
    """All answers of these firms with their rounds and requests, the newest round first."""
    return session.scalars(
        select(SituationAnswer)
        .join(SituationRound)
        .where(SituationAnswer.organisation_id.in_([firm.id for firm in firms]))
        .options(joinedload(SituationAnswer.round), selectinload(SituationAnswer.cases))
        .order_by(SituationRound.opens_on.desc(), SituationAnswer.id)
    ).all()


# --- who is asked ---------------------------------------------------------------------------------------------


def asked(situation_round: SituationRound) -> int:
    """How many firms are asked: those with people on the site, and those that answered by other ways."""
    with_people = select(Membership.organisation_id).join(User).where(_FIRM_WITH_PEOPLE, User.disabled_at.is_(None))
    sent = select(SituationAnswer.organisation_id).where(
        SituationAnswer.round_id == situation_round.id, SituationAnswer.sent_at.is_not(None)
    )
    return count(union(with_people, sent).subquery().select())


def people_to_tell(situation_round: SituationRound, *, silent_only: bool) -> Sequence[tuple[User, Organisation]]:
    """The people of the firms that are asked; with `silent_only` of those that sent nothing yet."""
    sent = exists().where(
        SituationAnswer.round_id == situation_round.id,
        SituationAnswer.organisation_id == Membership.organisation_id,
        SituationAnswer.sent_at.is_not(None),
    )
    query = (
        select(User, Organisation)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(_FIRM_WITH_PEOPLE, User.disabled_at.is_(None))
        .order_by(User.id, Organisation.id)
    )
    rows = session.execute(query.where(~sent) if silent_only else query)
    return [(user, firm) for user, firm in rows]


def told(prefix: str) -> frozenset[str]:
    """The keys of mails that were queued before and begin so."""
    return frozenset(
        key for key in session.scalars(select(Mail.dedupe_key).where(Mail.dedupe_key.startswith(prefix))) if key
    )


# --- what they said together ----------------------------------------------------------------------------------


@dataclass
class Tally:
    """How many of a group said what, by question and answer."""

    firms: int = 0
    said: dict[tuple[Step, Trend], int] = field(default_factory=dict)

    def of(self, step: Step, trend: Trend) -> int:
        return self.said.get((step, trend), 0)

    def answered(self, step: Step) -> int:
        return sum(self.of(step, trend) for trend in Trend)

    def balance(self, step: Step) -> float | None:
        return rules.balance(self.of(step, Trend.UP), self.of(step, Trend.DOWN), self.answered(step))


@dataclass
class Summary:
    """What the firms of a round said. `shown`: the sectors that the reader may see broken out."""

    total: Tally
    sectors: Mapping[Sector | None, Tally]
    difficulties: Mapping[str, int]
    shown: frozenset[Sector | None]


def _sent(*round_ids: int) -> Sequence[tuple[SituationAnswer, Sector | None]]:
    """The answers that were sent in these rounds, each with its firm's sector: one query."""
    found = session.execute(
        select(SituationAnswer, Organisation.sector)
        .join(Organisation, Organisation.id == SituationAnswer.organisation_id)
        .where(SituationAnswer.round_id.in_(round_ids), SituationAnswer.sent_at.is_not(None))
    )
    return [(answer, sector) for answer, sector in found]


def summary(situation_round: SituationRound, actor: Actor) -> Summary:
    """The round in figures: one query. Others than officers see large groups, and nothing before the round is over:
    the sums before and after one more firm has answered would tell what it said."""
    total = Tally()
    sectors: dict[Sector | None, Tally] = {}
    difficulties: dict[str, int] = {}
    for answer, sector in _sent(situation_round.id):
        for tally in (total, sectors.setdefault(sector, Tally())):
            _add(tally, answer)
        for code in answer.difficulties:
            difficulties[code] = difficulties.get(code, 0) + 1
    sizes = {sector: tally.firms for sector, tally in sectors.items()}
    if rules.manage(actor):
        return Summary(total, sectors, difficulties, frozenset(sizes))
    if total.firms < rules.SMALLEST_GROUP or not situation_round.closes_on < clock.today():
        return Summary(Tally(firms=total.firms), {}, {}, frozenset())
    shown = rules.shown_groups(sizes)
    few = {code: number for code, number in difficulties.items() if number >= rules.SMALLEST_GROUP}
    return Summary(total, {key: sectors[key] for key in shown}, few, shown)


def _add(tally: Tally, answer: SituationAnswer) -> None:
    tally.firms += 1
    for step in (Step.PRODUCTION, Step.ORDERS, Step.STAFF):
        trend = getattr(answer, step.value)
        if trend is not None:
            tally.said[step, trend] = tally.of(step, trend) + 1


def balances(situation_round: SituationRound) -> tuple[Sequence[SituationRound], Mapping[Sector | None, list[Tally]]]:
    """The last rounds up to this one, the oldest first, and for each sector its tallies in them: two queries.

    For officers; the key None of the tallies stands for firms without a sector.
    """
    last = session.scalars(
        select(SituationRound)
        .where(SituationRound.opens_on <= situation_round.opens_on)
        .order_by(SituationRound.opens_on.desc(), SituationRound.id.desc())
        .limit(ROUNDS_IN_PICTURE)
    ).all()[::-1]
    place = {row.id: n for n, row in enumerate(last)}
    found: dict[Sector | None, list[Tally]] = {}
    for answer, sector in _sent(*place):
        tallies = found.setdefault(sector, [Tally() for _ in last])
        _add(tallies[place[answer.round_id]], answer)
    return last, found


# --- requests -------------------------------------------------------------------------------------------------


def cases(
    *, round_id: int | None = None, state: CaseState | None = None, assignee_id: int | None = None
) -> Select[SituationCase]:
    """Difficulties and requests for officers, the oldest first."""
    query = (
        select(SituationCase)
        .join(SituationAnswer)
        .options(
            joinedload(SituationCase.assignee),
            joinedload(SituationCase.answer).joinedload(SituationAnswer.organisation),
            joinedload(SituationCase.answer).joinedload(SituationAnswer.round),
        )
    )
    if round_id is not None:
        query = query.where(SituationAnswer.round_id == round_id)
    if state is not None:
        query = query.where(SituationCase.state == state)
    if assignee_id is not None:
        query = query.where(SituationCase.assignee_id == assignee_id)
    return query.order_by(SituationCase.at, SituationCase.id)


def open_cases() -> tuple[int, datetime | None]:
    """How many difficulties and requests have no answer, and since when the oldest."""
    number, oldest = session.execute(
        select(func.count(), func.min(SituationCase.at)).where(SituationCase.state == CaseState.OPEN)
    ).one()
    return number, oldest


def sent_count(situation_round: SituationRound) -> int:
    """How many firms sent their answers."""
    return count(
        select(SituationAnswer.id).where(
            SituationAnswer.round_id == situation_round.id, SituationAnswer.sent_at.is_not(None)
        )
    )


def case_counts(situation_round: SituationRound) -> Mapping[CaseState, int]:
    """How many difficulties and requests of a round are in each state."""
    found = session.execute(
        select(SituationCase.state, func.count())
        .join(SituationAnswer)
        .where(SituationAnswer.round_id == situation_round.id)
        .group_by(SituationCase.state)
    ).all()
    return dict.fromkeys(CaseState, 0) | {row[0]: row[1] for row in found}
