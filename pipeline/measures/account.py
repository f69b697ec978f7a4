"""What each council of a project gave and got, side by side and in no order of merit.

What it gave is what its pledges come to (`pledges/account.py`), so these are the needs' own sums. What it got: the
project's documents it uses now, the benefits it reported, and, of the lead council, the funding others delivered.
Days, pounds and things are never added together.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from pipeline.artefacts.models import Adoption, Artefact
from pipeline.artefacts.rules import AdoptionStanding
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.measures.queries import MeasureLine, measures_of
from pipeline.measures.rules import MeasureKind, Unit
from pipeline.pledges.account import Account, Amounts, Line, Thing, project_account
from pipeline.projects.joined import councils_that_joined
from pipeline.projects.models import Project

USES = (AdoptionStanding.AS_IS.value, AdoptionStanding.ADAPTED.value)


@dataclass(frozen=True, slots=True)
class Part:
    """What one council gave and got: time in half-days, money in pence, benefits those of a year; None where it has
    said nothing of them, which is not the same as having got nothing."""

    slug: str
    name: str
    is_lead: bool
    gave_time: Amounts
    gave_funding: Amounts
    things: tuple[Thing, ...]
    documents: int
    benefit_half_days: int | None
    benefit_pence: int | None
    received_pence: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """The parts of a project's councils, the lead council's first, and the account they are read from."""

    parts: list[Part]
    account: Account


def fairness_of(reading: Reading, project: Project) -> Fairness:
    """What each council gave and got of a project the viewer has been found to see; statements without regard to how
    many councils there are."""
    found = project_account(reading, project.id)
    lines = {line.slug: line for line in found.lines}
    things: dict[str, list[Thing]] = defaultdict(list)
    for thing in found.things:
        things[thing.slug].append(thing)
    benefits = _benefits(measures_of(reading, project.id))
    documents = _documents(reading, project.id)
    ids = councils_that_joined(reading.session, project) | {project.council_id, *benefits}
    query = select(Council).where(or_(Council.id.in_(ids), Council.slug.in_({*lines, *things})))
    councils = reading.session.scalars(query.order_by(Council.short_name, Council.slug)).all()
    delivered = found.funding.delivered

    def part(council: Council) -> Part:
        line = lines.get(council.slug, Line(council.short_name, council.slug))
        is_lead = council.id == project.council_id
        half_days, pence = benefits.get(council.id, (None, None))
        return Part(
            council.slug, council.short_name, is_lead, line.time, line.funding,
            tuple(things[council.slug]), documents.get(council.id, 0), half_days, pence,
            delivered - line.funding.delivered if is_lead else 0,
        )  # fmt: skip

    parts = [part(council) for council in councils]
    return Fairness([*(one for one in parts if one.is_lead), *(one for one in parts if not one.is_lead)], found)


def _benefits(measures: list[MeasureLine]) -> dict[UUID, tuple[int | None, int | None]]:
    """The half-days and the pence each council reported last that the work gives it in a year."""
    sums: dict[UUID, Counter[Unit]] = defaultdict(Counter)
    for measure in measures:
        if measure.terms.kind is MeasureKind.BENEFIT:
            for council_id, value in measure.reported.items():
                sums[council_id][measure.terms.unit] += value
    return {council_id: (units.get(Unit.DAYS), units.get(Unit.POUNDS)) for council_id, units in sums.items()}


def _documents(reading: Reading, project_id: UUID) -> dict[UUID, int]:
    """How many of a project's documents each council uses now."""
    query = (
        select(Adoption.council_id, func.count())
        .join(Artefact, Artefact.id == Adoption.artefact_id)
        .where(Artefact.project_id == project_id, Artefact.is_public, Adoption.standing.in_(USES))
        .group_by(Adoption.council_id)
    )
    return {row[0]: row[1] for row in reading.session.execute(query)}
