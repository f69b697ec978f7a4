"""The verbs of projects, needs, teams and updates, one file a journey."""

from pipeline.projects import shown  # noqa: F401 (signs up with the layers below)
from pipeline.projects.actions.checking import answer_check, ask_for_check
from pipeline.projects.actions.drafting import change_project, delete_project, draft_project, forget_project
from pipeline.projects.actions.needs import add_need, change_need, close_need, drop_need
from pipeline.projects.actions.publishing import change_phase, publish_project
from pipeline.projects.actions.team import add_colleague, remove_colleague
from pipeline.projects.actions.updates import (
    change_update,
    delete_update,
    draft_update,
    publish_update,
    withdraw_update,
)

__all__ = [
    "add_colleague", "add_need", "answer_check", "ask_for_check", "change_need", "change_phase", "change_project",
    "change_update", "close_need", "delete_project", "delete_update", "draft_project", "draft_update", "drop_need",
    "forget_project", "publish_project", "publish_update", "remove_colleague", "withdraw_update",
]  # fmt: skip
