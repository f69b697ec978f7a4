"""Who may read how one thing is said to differ from another: everybody, while both may be read by everybody."""

from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select

from pipeline.artefacts.models import Artefact
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.kernel.actor import ANONYMOUS
from pipeline.lessons.models import Lesson
from pipeline.lessons.visibility import lessons_visible_to
from pipeline.projects.models import Project
from pipeline.projects.visibility import visible_to
from pipeline.similarity.models import Difference
from pipeline.similarity.rules import DifferenceStatus, Kind

VISIBLE = {Kind.PROJECT: visible_to, Kind.LESSON: lessons_visible_to, Kind.DOCUMENT: artefacts_visible_to}
TABLES: dict[Kind, Any] = {Kind.PROJECT: Project, Kind.LESSON: Lesson, Kind.DOCUMENT: Artefact}


def differences_visible_to_all() -> ColumnElement[bool]:
    """The condition that a stated difference is read by everybody: it stands, and both things are public."""
    both = ((Difference.about_type, Difference.about_id), (Difference.other_type, Difference.other_id))
    return and_(
        Difference.status == DifferenceStatus.STANDING.value,
        *(or_(*(_is_public(kind, type_column, id_column) for kind in Kind)) for type_column, id_column in both),
    )


def _is_public(kind: Kind, type_column: Any, id_column: Any) -> ColumnElement[bool]:
    table = TABLES[kind]
    query = select(literal(1)).select_from(table)
    if table is not Project:
        query = query.join(Project, Project.id == table.project_id)
    # Whatever reads the difference may read projects, lessons and documents too: these are others.
    query = query.where(type_column == kind.value, table.id == id_column, VISIBLE[kind](ANONYMOUS))
    return query.correlate(Difference).exists()
