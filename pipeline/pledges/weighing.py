"""What is weighed against limits: a pledge together with what else its council has standing or delivered."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from pipeline.accounts.limits import Sums, authority_that_holds
from pipeline.accounts.models import Officer
from pipeline.accounts.queries.authority import authority_history
from pipeline.db.work import Reading
from pipeline.pledges.authority import STANDING_RULE_YEAR, LetThrough, Way, Weight, is_let_through, weight_of
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.pledges.rules import STANDING
from pipeline.projects.models import Need
from pipeline.projects.queries import facts_of as facts_of_project
from pipeline.projects.rules import NeedKind


def standing_or_delivered() -> ColumnElement[bool]:
    """Pledges that stand, and those of which something was committed and not broken or released."""
    return or_(Pledge.status.in_(STANDING), Pledge.committed_at.is_not(None))


def sums_with(reading: Reading, pledge: Pledge) -> Sums:
    """A pledge and everything its council has standing or delivered in the project, less what the pledge replaces: so
    a sum cannot be split. Half-days, and pence with in kind at its stated worth. One query."""
    query = (
        select(
            Pledge.kind, Pledge.amount - Pledge.broken - Pledge.released, Pledge.delivered, Pledge.worth_pence,
        )
        .where(
            Pledge.project_id == pledge.project_id, Pledge.council_id == pledge.council_id, Pledge.id != pledge.id,
            standing_or_delivered(),
        )
    )  # fmt: skip
    if pledge.replaces_id is not None:
        query = query.where(Pledge.id != pledge.replaces_id)
    others = [
        Weight(NeedKind(kind), max(left, delivered), worth)
        for kind, left, delivered, worth in reading.session.execute(query)
    ]
    return weight_of([Weight(NeedKind(pledge.kind), pledge.amount, pledge.worth_pence), *others])


def let_through_facts(
    reading: Reading,
    *,
    person_key: str,
    council_id: UUID,
    project_id: UUID,
    kind: NeedKind,
    amount: int,
    pledge_id: UUID | None = None,
    replaces_id: UUID | None = None,
) -> LetThrough:
    """What the standing rule is held against: an offer of `amount`, and the time of the same officer for the same
    council that stands or was given. `pledge_id` is the offer itself where it is there already. One query."""
    left = Pledge.amount - Pledge.broken - Pledge.released
    by_rule = Authorisation.id.is_not(None) & (Authorisation.authorised_at > reading.now - STANDING_RULE_YEAR)
    query = (
        select(
            func.coalesce(func.sum(left).filter(Pledge.project_id == project_id), 0),
            func.coalesce(func.sum(left).filter(by_rule), 0),
        )
        .select_from(Pledge)
        .outerjoin(
            Authorisation,
            (Authorisation.pledge_id == Pledge.id)
            & (Authorisation.way == Way.STANDING_RULE.value)
            & Authorisation.set_aside_at.is_(None),
        )
        .where(
            Pledge.person_key == person_key, Pledge.council_id == council_id, Pledge.kind == NeedKind.TIME.value,
            standing_or_delivered(),
        )
    )  # fmt: skip
    for one in (pledge_id, replaces_id):
        if one is not None:
            query = query.where(Pledge.id != one)
    in_project, in_year = reading.session.execute(query).one()
    return LetThrough(kind, amount, int(in_project), int(in_year))


def would_be_let_through(reading: Reading, need: Need, amount: int, *, replaces_id: UUID | None = None) -> bool:
    """Whether the council's standing rule would let an offer of the viewer's through, before it is made: what offering
    does then. The need's project is loaded."""
    actor, project = reading.actor, need.project
    if actor.council_id is None or need.kind != NeedKind.TIME or project.is_trial:
        return False
    history = authority_history(reading.session, actor.council_id)
    if not history or not history[-1].value.has_standing_rule:
        return False
    own_key = select(Officer.person_key).where(Officer.id == actor.officer_id).scalar_subquery()
    rows = reading.session.execute(select(Officer.id, Officer.person_key).where(Officer.person_key == own_key)).all()
    own_ids = frozenset(row[0] for row in rows)
    holds = authority_that_holds(history, moment=reading.now, not_by=own_ids, has_admin=True)
    if not rows or not holds.has_standing_rule or own_ids & facts_of_project(reading, project).lead_ids:
        return False
    return is_let_through(
        let_through_facts(
            reading, person_key=rows[0][1], council_id=actor.council_id, project_id=project.id, kind=NeedKind.TIME,
            amount=amount, replaces_id=replaces_id,
        )
    )  # fmt: skip
