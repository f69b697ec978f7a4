"""What projects put into the sums, read from what everybody may read of them. Some projects at a time: nine statements
at most for one project or for two hundred."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.artefacts.adoption_rules import behind
from pipeline.artefacts.models import Adoption, Artefact, Version
from pipeline.artefacts.rules import AdoptionStanding, VersionStatus
from pipeline.artefacts.visibility import adoptions_visible_to
from pipeline.councils.models import Council
from pipeline.db.hot_lists import unindexed
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.clock import uk_date
from pipeline.pledges.models import Delivery, Pledge
from pipeline.pledges.rules import PARTNERING
from pipeline.projects.models import Project, ProjectPartner, ProjectPerson, ProjectTheme
from pipeline.projects.rules import NeedKind
from pipeline.statistics.measures import ALL, Measure, month_of, year_of
from pipeline.statistics.parts import Part

Place = tuple[str, str]
PLEDGED = {NeedKind.TIME: Measure.PLEDGED_HALF_DAYS, NeedKind.FUNDING: Measure.PLEDGED_PENCE}
COMMITTED = {NeedKind.TIME: Measure.COMMITTED_HALF_DAYS, NeedKind.FUNDING: Measure.COMMITTED_PENCE}
DELIVERED = {NeedKind.TIME: Measure.DELIVERED_HALF_DAYS, NeedKind.FUNDING: Measure.DELIVERED_PENCE}
"""What is counted of a pledge by its kind. Things in kind, and what they are worth, are added to nothing."""


def parts_of(session: Session, project_ids: Collection[UUID]) -> dict[UUID, Part]:
    """What each of some projects puts into the sums; a project that is not public is left out."""
    parts: dict[UUID, Part] = {}
    leads: dict[UUID, Place] = {}
    for row in session.execute(
        select(
            Project.id, Project.council_id, Project.published_at, Project.is_recorded, Project.keeps_documents,
            Council.region, Council.kind,
        )
        .join(Council, Council.id == Project.council_id)
        .where(Project.id.in_(project_ids), Project.is_public)
    ):  # fmt: skip
        parts[row.id], leads[row.id] = _begun(row), (row.region, row.kind)
    if parts:
        _count_themes(session, parts)
        _count_pledges(session, parts, leads)
        _count_deliveries(session, parts)
        _count_adoptions(session, parts)
        _count_partners(session, parts)
    return parts


def _begun(row: Any) -> Part:
    """A project with its lead council. Work recorded from public sources was posted by nobody."""
    part, place = Part(lead=str(row.council_id)), (row.region, row.kind)
    if row.keeps_documents:
        return part
    part.present.add((ALL, part.lead, *place))
    if not row.is_recorded:
        month = _month(row.published_at)
        part.add(Measure.PROJECTS, 1, month=month, place=place)
        _take_part(part, part.lead, month, place)
    return part


def _take_part(part: Part, council: str, month: str, place: Place) -> None:
    part.present |= {(period, council, *place) for period in (month, year_of(month))}


def _month(moment: datetime) -> str:
    return month_of(uk_date(moment))


def _count_themes(session: Session, parts: dict[UUID, Part]) -> None:
    query = select(ProjectTheme.project_id, ProjectTheme.theme).where(ProjectTheme.project_id.in_(parts))
    for project_id, theme in session.execute(query.order_by(ProjectTheme.theme)):
        parts[project_id].themes += (theme,)


def _count_pledges(session: Session, parts: dict[UUID, Part], leads: dict[UUID, Place]) -> None:
    """Pledged and committed, in the months of authorisation and commitment; and whether leads answered in time, in
    the month they were asked."""
    query = (
        select(
            Pledge.project_id, Pledge.council_id, Pledge.kind, Pledge.amount, Pledge.broken, Pledge.released,
            Pledge.is_counting, Pledge.authorised_at, Pledge.committed_at, Pledge.answer_due_on, Pledge.answered_at,
            Council.region, Council.kind.label("council_kind"),
        )
        .join(Council, Council.id == Pledge.council_id)
        .where(Pledge.project_id.in_(parts), Pledge.authorised_at.is_not(None))
    )  # fmt: skip
    for row in session.execute(query):
        part, place, kind = parts[row.project_id], (row.region, row.council_kind), NeedKind(row.kind)
        bound, month = row.amount - row.broken - row.released, _month(row.authorised_at)
        if row.is_counting:
            part.add(Measure.PLEDGES, 1, month=month, place=place)
            _take_part(part, str(row.council_id), month, place)
            if kind in PLEDGED:
                part.add(PLEDGED[kind], bound, month=month, place=place)
        if row.committed_at is not None and kind in COMMITTED:
            part.add(COMMITTED[kind], bound, month=_month(row.committed_at), place=place)
        if row.answer_due_on is not None:
            part.add(_answer(row), 1, month=month, place=leads[row.project_id])


def _answer(row: Any) -> Measure:
    if row.answered_at is None:
        return Measure.NOT_ANSWERED
    return Measure.ANSWERED_ON_TIME if uk_date(row.answered_at) <= row.answer_due_on else Measure.ANSWERED_LATE


def _count_deliveries(session: Session, parts: dict[UUID, Part]) -> None:
    """What was delivered, in the month of the day it was delivered on."""
    query = (
        select(Pledge.project_id, Pledge.kind, Delivery.counted, Delivery.delivered_on, Council.region)
        .add_columns(Council.kind.label("council_kind"))
        .select_from(Pledge)
        .join(Delivery, Delivery.pledge_id == Pledge.id)
        .join(Council, Council.id == Pledge.council_id)
        .where(Pledge.project_id.in_(parts), Pledge.committed_at.is_not(None), Delivery.counted > 0)
    )
    for row in session.execute(query):
        measure = DELIVERED.get(NeedKind(row.kind))
        if measure is not None:
            place = (row.region, row.council_kind)
            parts[row.project_id].add(measure, row.counted, month=month_of(row.delivered_on), place=place)


def _count_adoptions(session: Session, parts: dict[UUID, Part]) -> None:
    """Who uses the project's documents, in the month they began, and how far behind the newest version they are.

    SQLite would go through every public document: it is to begin with those of the projects.
    """
    rows = session.execute(
        select(
            Adoption.artefact_id, Adoption.started_at, Adoption.standing, Artefact.project_id, Version.number,
            Council.region, Council.kind,
        )
        .select_from(Artefact)
        .join(Adoption, Adoption.artefact_id == Artefact.id)
        .join(Version, Version.id == Adoption.version_id)
        .join(Council, Council.id == Adoption.council_id)
        .where(
            Artefact.project_id.in_(parts), unindexed(Artefact.is_public), Adoption.ended_at.is_(None),
            adoptions_visible_to(ANONYMOUS),
        )
    ).all()  # fmt: skip
    live = _live_numbers(session, {row.artefact_id for row in rows}) if rows else {}
    for row in rows:
        part, month, place = parts[row.project_id], _month(row.started_at), (row.region, row.kind)
        part.add(Measure.ADOPTIONS, 1, month=month, place=place)
        part.add(Measure.ADAPTED, int(row.standing == AdoptionStanding.ADAPTED), month=month, place=place)
        missed = behind(live.get(row.artefact_id, ()), row.number)
        how_current = {0: Measure.CURRENT, 1: Measure.BEHIND_ONE}.get(missed, Measure.BEHIND_MORE)
        part.add(how_current, 1, month=month, place=place)


def _live_numbers(session: Session, artefact_ids: Collection[UUID]) -> dict[UUID, list[int]]:
    found: dict[UUID, list[int]] = {}
    query = select(Version.artefact_id, Version.number).where(
        Version.artefact_id.in_(artefact_ids), Version.status == VersionStatus.PUBLISHED.value
    )
    for artefact_id, number in session.execute(query):
        found.setdefault(artefact_id, []).append(number)
    return found


def _count_partners(session: Session, parts: dict[UUID, Part]) -> None:
    """The councils that joined each project, as `projects/joined.py` says who has."""
    ways = (
        select(ProjectPerson.project_id, ProjectPerson.council_id).where(ProjectPerson.ended_at.is_(None)),
        select(ProjectPartner.project_id, ProjectPartner.council_id),
        select(Pledge.project_id, Pledge.council_id).where(Pledge.status.in_(sorted(PARTNERING))),
    )
    for way in ways:
        narrowed = way.where(way.selected_columns[0].in_(parts))
        joined = narrowed.add_columns(Council.region, Council.kind).join(Council, Council.id == way.selected_columns[1])
        for project_id, council_id, region, kind in session.execute(joined):
            part = parts[project_id]
            if str(council_id) != part.lead:
                part.partners |= {str(council_id)}
                part.present.add((ALL, str(council_id), region, kind))
