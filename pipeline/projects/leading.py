"""What else follows when another council leads a project: layers above add theirs."""

from collections.abc import Callable
from uuid import UUID

from pipeline.db.work import UnitOfWork
from pipeline.projects.models import Project

WHEN_LED_BY_ANOTHER: list[Callable[[UnitOfWork, Project, UUID], None]] = []
"""Each is told of the project, which names its new lead council, and the id of the one that led it before."""


def led_by_another(work: UnitOfWork, project: Project, before_id: UUID) -> None:
    """Tell whoever keeps something by a project's lead council that it is another."""
    for told in WHEN_LED_BY_ANOTHER:
        told(work, project, before_id)
