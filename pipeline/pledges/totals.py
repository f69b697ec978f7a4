"""The kept totals against the sums of their rows: what `flask reconcile` compares, and mends where it is asked to.

The rows are added up by the database, in one statement for each table of totals; only differences come back.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select, union
from sqlalchemy.orm import aliased

from pipeline.councils.models import Council
from pipeline.councils.rules import CouncilKind
from pipeline.db.totals import Difference, compared, put_right
from pipeline.db.work import Reading, UnitOfWork
from pipeline.kernel.ids import new_id
from pipeline.pledges import counting
from pipeline.pledges.events import TotalsMended
from pipeline.pledges.models import Pledge
from pipeline.pledges.policy import may_mend_totals
from pipeline.pledges.rules import PARTNERING, STANDING
from pipeline.projects.models import Need, Project, ProjectPartner, ProjectPerson
from pipeline.projects.rules import NeedKind, NeedStatus, ProjectStatus

STANDS = tuple(sorted(STANDING))
PARTNERS = tuple(sorted(PARTNERING))


def differences(reading: Reading) -> list[Difference]:
    """Every kept total of needs, projects and councils that is not the sum of its rows, and every wrong mark."""
    return [
        *compared(reading, Need, _needs()),
        *compared(reading, Project, _projects()),
        *compared(reading, Council, _councils()),
        *_flags(reading),
        *_nearly(reading),
    ]


def _flags(reading: Reading) -> list[Difference]:
    """Every pledge that is marked as counting, or as agreed, and by the solver is not; or the other way round."""
    query = select(Project).join(Pledge, Pledge.project_id == Project.id).where(_IS_LIVE).distinct()
    return [
        Difference("pledge", pledge_id, name, int(kept), int(exact))
        for project in reading.session.scalars(query.order_by(Project.id).execution_options(yield_per=500))
        for pledge_id, name, kept, exact in counting.flags_that_differ(reading, project)
    ]


def _nearly(reading: Reading) -> list[Difference]:
    """Every project that is marked as nearly there and by its needs is not, or the other way round."""
    short, other = aliased(Need), aliased(Need)
    has_essential = exists().where(
        other.project_id == short.project_id, other.status == NeedStatus.OPEN, other.is_essential
    )
    nearly = (
        select(short.project_id)
        .where(
            short.status == NeedStatus.OPEN, short.pledged < short.target, or_(short.is_essential, ~has_essential)
        )
        .group_by(short.project_id)
        .having(func.count() == 1, func.min(2 * short.pledged - short.target) >= 0)
    )  # fmt: skip
    exact = Project.id.in_(nearly)
    query = select(Project.id, Project.is_nearly_there).where(
        Project.status == ProjectStatus.OPEN, Project.is_nearly_there != exact
    )
    return [
        Difference("project", row[0], "is_nearly_there", row[1], not row[1])
        for row in reading.session.execute(query.order_by(Project.id))
    ]


def mend_totals(work: UnitOfWork, found: Sequence[Difference] | None = None) -> Sequence[Difference]:
    """Set every total that differs to the sum of its rows, record it, and return what was mended.

    `found` is what differs in every subject; without it, what differs here.
    """
    work.require(may_mend_totals(work.actor))
    found = differences(work) if found is None else found
    put_right(work, found)
    if found:
        changes = {f"{one.table}.{one.id}.{one.column}": [one.kept, one.exact] for one in found}
        work.record(TotalsMended(run_id=new_id(), changes=changes))
    return found


REPLACED = aliased(Pledge)
"""The pledge whose place another is to take, while it stands or was committed: the other holds only what is more."""

_BOUND = Pledge.amount - Pledge.broken - Pledge.released
_REPLACED_BOUND = REPLACED.amount - REPLACED.broken - REPLACED.released
_MORE = case((_BOUND > _REPLACED_BOUND, _BOUND - _REPLACED_BOUND), else_=0)
_IS_LIVE = or_(Pledge.status.in_(STANDS), Pledge.committed_at.is_not(None))
_PARTS: dict[str, tuple[Any, Any]] = {
    "held": (_IS_LIVE, case((REPLACED.id.is_not(None), _MORE), else_=_BOUND)),
    "pledged": (Pledge.is_counting, _BOUND),
    "agreed": (Pledge.is_agreed, _BOUND),
    "committed": (Pledge.committed_at.is_not(None), _BOUND),
    "delivered": (Pledge.committed_at.is_not(None), Pledge.delivered),
}
"""Which pledges make up each of the five sums, and with what."""


def _sum_of(name: str, *also: Any) -> Any:
    condition, part = _PARTS[name]
    return func.coalesce(func.sum(case((and_(condition, *also), part), else_=0)), 0)


def _with_replaced(query: Select[Any]) -> Select[Any]:
    stands = or_(REPLACED.status.in_(STANDS), REPLACED.committed_at.is_not(None))
    return query.outerjoin(REPLACED, and_(REPLACED.id == Pledge.replaces_id, stands))


def _needs() -> Select[Any]:
    query: Select[Any] = select(Pledge.need_id.label("row_id"), *(_sum_of(name).label(name) for name in _PARTS))
    return _with_replaced(query.select_from(Pledge)).group_by(Pledge.need_id)


def _projects() -> Select[Any]:
    lead = aliased(Project)
    is_other = and_(Pledge.council_id != lead.council_id, Council.kind != CouncilKind.OTHER_BODY)
    units = (("half_days", NeedKind.TIME), ("pence", NeedKind.FUNDING))
    query: Select[Any] = select(
        Pledge.project_id.label("row_id"),
        _councils_where(is_other, Pledge.is_counting).label("councils"),
        _councils_where(is_other, Pledge.is_agreed).label("agreed_councils"),
        *(_sum_of(name, Pledge.kind == kind).label(f"{name}_{unit}") for name in _PARTS for unit, kind in units),
    )
    joined = (
        query.select_from(Pledge)
        .join(lead, lead.id == Pledge.project_id)
        .join(Council, Council.id == Pledge.council_id)
    )
    return _with_replaced(joined).group_by(Pledge.project_id)


def _councils_where(*conditions: Any) -> Any:
    return func.count(func.distinct(case((and_(*conditions), Pledge.council_id))))


def _councils() -> Select[Any]:
    """What each council leads and has joined, as `projects/joined.py` says."""
    ways = union(
        select(Pledge.council_id, Pledge.project_id).where(Pledge.status.in_(PARTNERS)),
        select(ProjectPerson.council_id, ProjectPerson.project_id).where(ProjectPerson.ended_at.is_(None)),
        select(ProjectPartner.council_id, ProjectPartner.project_id),
    ).subquery()
    joined = (
        select(func.count())
        .select_from(ways)
        .join(Project, Project.id == ways.c.project_id)
        .where(ways.c.council_id == Council.id, Project.is_public, Project.council_id != Council.id)
        .correlate(Council)
        .scalar_subquery()
    )
    led = (
        select(func.count())
        .where(
            Project.council_id == Council.id, Project.is_public, Project.status != ProjectStatus.DRAFT,
            Project.keeps_documents.is_(False),
        )
        .correlate(Council)
        .scalar_subquery()
    )  # fmt: skip
    return select(Council.id.label("row_id"), joined.label("projects_joined"), led.label("projects_led"))
