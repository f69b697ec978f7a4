"""Reading introductions: all of them for coordinators, their own for the two councils and the leads concerned."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.introductions.models import Introduction
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound, Problem, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.projects.interested import leads_project
from pipeline.projects.models import Need, Project, ProjectPerson
from pipeline.projects.rules import PersonRole

MOST_COUNTED = 10_000
ORDERS = {
    "-made_at": Order(Introduction.made_at, Introduction.id, is_descending=True),
    "made_at": Order(Introduction.made_at, Introduction.id),
}
_ONE, _OTHER = aliased(Council), aliased(Council)
SHOWN: tuple[Any, ...] = (
    Introduction.id, Introduction.message, Introduction.made_at, Introduction.outcome, Introduction.outcome_at,
    Introduction.need_id, Introduction.council_id, Introduction.other_council_id,
    _ONE.slug.label("council_slug"), _ONE.name.label("council_name"), _ONE.short_name.label("council_short_name"),
    _ONE.gss_code.label("council_gss_code"), _OTHER.slug.label("other_slug"), _OTHER.name.label("other_name"),
    _OTHER.short_name.label("other_short_name"), _OTHER.gss_code.label("other_gss_code"),
    Need.title.label("need_title"), Project.title.label("project_title"), Project.slug.label("project_slug"),
)  # fmt: skip


def _shown() -> Select[Any]:
    """Introductions with their councils, and with their need while everybody may know of its project."""
    query: Select[Any] = select(*SHOWN).select_from(Introduction)
    return (
        query.join(_ONE, _ONE.id == Introduction.council_id)
        .join(_OTHER, _OTHER.id == Introduction.other_council_id)
        .outerjoin(Need, Need.id == Introduction.need_id)
        .outerjoin(Project, (Project.id == Need.project_id) & Project.is_public)
    )


def introductions_listed(
    reading: Reading, *, outcome: str | None = None, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of all introductions, for coordinators. Raises NotFound for everybody else."""
    _check_coordinates(reading)
    query = _shown() if outcome is None else _shown().where(Introduction.outcome == outcome)
    return read_page(reading.session, query, order, place, limit)


def number_of_introductions(reading: Reading, outcome: str | None = None) -> int:
    """How many there are, counted no further than one past `MOST_COUNTED`."""
    _check_coordinates(reading)
    query = (
        select(Introduction.id) if outcome is None else select(Introduction.id).where(Introduction.outcome == outcome)
    )
    return reading.session.scalar(select(func.count()).select_from(query.limit(MOST_COUNTED + 1).subquery())) or 0


def introduction_seen_by(reading: Reading, introduction_id: UUID, *, lock: bool = False) -> Introduction:
    """An introduction, for coordinators, officers of its two councils and leads of the project. Raises NotFound."""
    query = select(Introduction).where(Introduction.id == introduction_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    introduction = reading.session.scalars(query).first()
    if introduction is None or not _may_see(reading, introduction):
        raise NotFound("introduction")
    return introduction


def introduction_shown(reading: Reading, introduction_id: UUID) -> Any:
    """One introduction as lists show it, for the same readers. Raises NotFound."""
    introduction_seen_by(reading, introduction_id)
    return reading.session.execute(_shown().where(Introduction.id == introduction_id)).one()


def _may_see(reading: Reading, introduction: Introduction) -> bool:
    actor = reading.actor
    if actor.is_system or actor.has(Role.COORDINATOR):
        return True
    if not actor.has(Role.MEMBER):
        return False
    if actor.council_id in (introduction.council_id, introduction.other_council_id):
        return True
    if introduction.need_id is None:
        return False
    project_id = select(Need.project_id).where(Need.id == introduction.need_id).scalar_subquery()
    return bool(reading.session.scalar(select(leads_project(reading, project_id))))


def _check_coordinates(reading: Reading) -> None:
    if not (reading.actor.is_system or reading.actor.has(Role.COORDINATOR)):
        raise NotFound


def council_to_introduce(reading: Reading, named: str, field: str) -> Council:
    """A current council by slug or GSS code. Raises RuleBroken (introduction.council_missing) naming the field."""
    query = select(Council).where(Council.id == council_called(named), Council.is_active)
    council = reading.session.scalars(query).first() if named else None
    if council is None:
        words = Words(_("Choose a council on the register"))
        raise RuleBroken(Problem("introduction.council_missing", words, field))
    return council


def lead_council_of_need(reading: Reading, need_id: UUID) -> UUID:
    """The council that leads the public project of a need. Raises NotFound."""
    query = select(Project.council_id).join(Need, Need.project_id == Project.id)
    council_id = reading.session.scalar(query.where(Need.id == need_id, Project.is_public))
    if council_id is None:
        raise NotFound("need")
    return council_id


def need_introduced(reading: Reading, need_id: UUID) -> Any:
    """The need that an introduction is to be about, with its project and council, for coordinators. Raises NotFound."""
    _check_coordinates(reading)
    row = reading.session.execute(
        select(
            Need.id, Need.title, Project.title.label("project_title"), Project.slug.label("project_slug"),
            Council.slug.label("council_slug"), Council.short_name.label("council_name"),
        )
        .join(Project, Project.id == Need.project_id)
        .join(Council, Council.id == Project.council_id)
        .where(Need.id == need_id, Project.is_public)
    ).first()  # fmt: skip
    if row is None:
        raise NotFound("need")
    return row


def has_lead(reading: Reading, need_id: UUID) -> bool:
    """Whether somebody leads the project of a need."""
    query = (
        select(ProjectPerson.id)
        .join(Need, Need.project_id == ProjectPerson.project_id)
        .where(Need.id == need_id, ProjectPerson.role == PersonRole.LEAD, ProjectPerson.ended_at.is_(None))
    )
    return reading.session.execute(query.limit(1)).first() is not None
