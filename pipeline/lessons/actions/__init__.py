"""The verbs of lessons, one file a journey."""

from pipeline.lessons import shown  # noqa: F401 (signs up with the layers below)
from pipeline.lessons.actions.answering import mark_answered, reply_to_lesson
from pipeline.lessons.actions.pinning import PinTo, pin_lesson, unpin_lesson
from pipeline.lessons.actions.publishing import publish_lesson, withdraw_lesson
from pipeline.lessons.actions.using import say_used, take_back_use
from pipeline.lessons.actions.writing import ask_to_check_lesson, change_lesson, delete_lesson, draft_lesson

__all__ = [
    "PinTo", "ask_to_check_lesson", "change_lesson", "delete_lesson", "draft_lesson", "mark_answered", "pin_lesson",
    "publish_lesson", "reply_to_lesson", "say_used", "take_back_use", "unpin_lesson", "withdraw_lesson",
]  # fmt: skip
