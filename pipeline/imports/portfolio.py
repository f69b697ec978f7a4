"""A council's portfolio: the public projects it leads, and the same in the columns an import reads."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from pipeline.db.work import Reading
from pipeline.imports.lines import ENDED, MODES, STAGES, TO_COME, TONGUES, UNDER_WAY
from pipeline.imports.models import ProjectReference
from pipeline.kernel.effort import days
from pipeline.kernel.label import by_value
from pipeline.kernel.money import pounds
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import NeedKind, NeedStatus, ProjectStatus
from pipeline.projects.visibility import visible_to
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PROFESSION_BY_VALUE, THEME_BY_VALUE

MOST_SHOWN = 500
"""As many as are brought in at once. A council that leads more finds all of them in the list of projects."""

_STAGE_OF = {ProjectStatus.OPEN: TO_COME, ProjectStatus.GOING_AHEAD: UNDER_WAY}
_STAGE, _MODE, _TONGUE = by_value(STAGES), by_value(MODES), by_value(TONGUES)


def portfolio_of(reading: Reading, council_id: UUID) -> list[Project]:
    """The public projects a council leads, with their themes and needs, by title."""
    query = (
        select(Project)
        .where(
            Project.council_id == council_id, Project.is_public, Project.keeps_documents.is_(False),
            visible_to(reading.actor),
        )
        .order_by(Project.title, Project.id)
        .limit(MOST_SHOWN)
        .options(selectinload(Project.themes), selectinload(Project.needs))
    )  # fmt: skip
    return list(reading.session.scalars(query))


def references_of(reading: Reading, council_id: UUID, project_ids: Collection[UUID]) -> dict[UUID, str]:
    """What a council itself calls its projects. For its own members: everybody else reads none."""
    if reading.actor.council_id != council_id:
        return {}
    query = select(ProjectReference).where(
        ProjectReference.council_id == council_id, ProjectReference.project_id.in_(project_ids)
    )
    return {row.project_id: row.reference for row in reading.session.scalars(query)}


def values_of(project: Project, reference: str, language: str) -> dict[str, str]:
    """A project by the values of the columns, in the words of a language."""
    stage = _STAGE_OF.get(ProjectStatus(project.status), ENDED)
    needs = [need for need in project.needs if need.status != NeedStatus.DROPPED]
    phase = PHASE_BY_VALUE.get(project.phase or "")
    is_decided = stage == TO_COME and project.decision_on is not None
    return {
        "reference": reference,
        "title": project.title,
        "summary": project.summary,
        "problem": project.problem,
        "themes": "; ".join(THEME_BY_VALUE[theme.theme].in_language(language) for theme in project.themes),
        "phase": phase.in_language(language) if phase else "",
        "stage": _STAGE[stage].in_language(language),
        "mode": _MODE[project.mode].in_language(language) if stage == TO_COME else "",
        "decision_on": project.decision_on.isoformat() if is_decided and project.decision_on else "",
        "least_councils": str(project.least_councils) if is_decided and project.least_councils else "",
        "year_ended": str(project.year_ended) if project.year_ended else "",
        "outcome": project.outcome,
        "language": _TONGUE[project.language].in_language(language),
        "time_needed": "; ".join(_time(need, language) for need in needs if need.kind == NeedKind.TIME),
        "funding_needed": "; ".join(_funding(need) for need in needs if need.kind == NeedKind.FUNDING),
        "things_needed": "; ".join(_thing(need) for need in needs if need.kind == NeedKind.IN_KIND),
        "essential": ("Ydy" if language == "cy" else "Yes") if any(need.is_essential for need in needs) else "",
    }


def _time(need: Need, language: str) -> str:
    return _named(PROFESSION_BY_VALUE[need.profession or ""].in_language(language), days(need.target))


def _funding(need: Need) -> str:
    return _named(need.title, pounds(need.target))


def _thing(need: Need) -> str:
    return _named(need.thing or need.title, str(need.target))


def _named(name: str, amount: str) -> str:
    return f"{name.replace(';', ',').replace('|', ',')}: {amount}"
