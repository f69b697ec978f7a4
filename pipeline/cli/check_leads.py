"""What must always hold of who leads projects, of what waits for them, and of councils that ended."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from pipeline.councils.models import CouncilSuccession
from pipeline.db.work import Reading
from pipeline.pledges.models import Pledge
from pipeline.projects.freshness import Freshness
from pipeline.projects.handing_over import HandoverStatus
from pipeline.projects.handover_models import Handover
from pipeline.projects.models import Project
from pipeline.projects.terms import RUNNING


def waits_for_a_reason(reading: Reading) -> list[str]:
    """A running project waits while it looks for a lead or is frozen, and only then."""
    has_reason = or_(Project.freshness == Freshness.LOOKING_FOR_LEAD, Project.frozen_at.is_not(None))
    waits = Project.waits_from_on.is_not(None)
    wrong = or_(and_(waits, ~has_reason), and_(~waits, has_reason))
    return _named(reading, "project", select(Project.id).where(Project.status.in_(RUNNING), wrong))


def handovers_begin_where_they_are(reading: Reading) -> list[str]:
    """A project is on its way from the council that leads it."""
    query = (
        select(Handover.id)
        .join(Project, Project.id == Handover.project_id)
        .where(Handover.status == HandoverStatus.ASKED, Handover.from_council_id != Project.council_id)
    )
    return _named(reading, "handover", query)


def frozen_have_several_to_go_to(reading: Reading) -> list[str]:
    """What is frozen is that of a council which several follow."""
    several = (
        select(CouncilSuccession.predecessor_id)
        .where(CouncilSuccession.took_effect_on.is_not(None))
        .group_by(CouncilSuccession.predecessor_id)
        .having(func.count() > 1)
    )
    projects = select(Project.id).where(Project.frozen_at.is_not(None), Project.council_id.not_in(several))
    pledges = select(Pledge.id).where(Pledge.frozen_at.is_not(None), Pledge.council_id.not_in(several))
    return [*_named(reading, "project", projects), *_named(reading, "pledge", pledges)]


def pledged_as_a_predecessor(reading: Reading) -> list[str]:
    """A pledge that bears another name was made by a council that has been followed."""
    followed = exists().where(
        CouncilSuccession.predecessor_id == Pledge.pledged_as_id, CouncilSuccession.took_effect_on.is_not(None)
    )
    return _named(reading, "pledge", select(Pledge.id).where(Pledge.pledged_as_id.is_not(None), ~followed))


def _named(reading: Reading, noun: str, query: Select[Any]) -> list[str]:
    return [f"{noun} {found}" for found in reading.session.scalars(query)]


INVARIANTS: tuple[tuple[str, Callable[[Reading], list[str]]], ...] = (
    ("A project waits while it looks for a lead or is frozen, and only then.", waits_for_a_reason),
    ("A project is handed over by the council that leads it.", handovers_begin_where_they_are),
    ("What is frozen was that of a council which several follow.", frozen_have_several_to_go_to),
    ("A pledge that bears another name was made by a council that was followed.", pledged_as_a_predecessor),
)
