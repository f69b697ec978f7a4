"""The verbs of projects, needs, teams and updates, one file a journey."""

from pipeline.projects import shown  # noqa: F401 (signs up with the layers below)
from pipeline.projects.actions.asking_back import (
    ask_back_about_interest,
    ask_back_about_join_request,
    reply_to_leads,
)
from pipeline.projects.actions.checking import answer_check, ask_for_check
from pipeline.projects.actions.continuing import post_again
from pipeline.projects.actions.drafting import change_project, delete_project, draft_project, forget_project
from pipeline.projects.actions.following import end_follow, follow_need, follow_project, unfollow_need, unfollow_project
from pipeline.projects.actions.freshness import say_still_true
from pipeline.projects.actions.interest import answer_interest, show_interest, withdraw_interest
from pipeline.projects.actions.joining import (
    ask_officer_to_join,
    ask_to_join,
    decline_join_request,
    decline_to_join,
    join_team,
    take_in,
    withdraw_join_request,
)
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
    "add_colleague", "add_need", "answer_check", "answer_interest", "ask_back_about_interest",
    "ask_back_about_join_request", "ask_for_check", "ask_officer_to_join", "ask_to_join", "change_need",
    "change_phase", "change_project", "change_update", "close_need", "decline_join_request", "decline_to_join",
    "delete_project", "delete_update", "draft_project", "draft_update", "drop_need", "end_follow", "follow_need",
    "follow_project",
    "forget_project", "join_team", "post_again", "publish_project", "publish_update", "remove_colleague",
    "reply_to_leads", "say_still_true", "show_interest", "take_in", "unfollow_need", "unfollow_project",
    "withdraw_interest", "withdraw_join_request", "withdraw_update",
]  # fmt: skip
