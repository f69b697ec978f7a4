"""What an officer chooses about what they are told: following, muting, and how e-mails come."""

from pipeline.notifications.actions.choosing import choose_mail, end_mail
from pipeline.notifications.actions.following import (
    end_follow,
    follow_council,
    follow_document,
    follow_search,
    follow_search_of_everything,
    follow_theme,
)
from pipeline.notifications.actions.muting import mute, unmute

__all__ = [
    "choose_mail", "end_follow", "end_mail", "follow_council", "follow_document", "follow_search",
    "follow_search_of_everything", "follow_theme",
    "mute", "unmute",
]  # fmt: skip
