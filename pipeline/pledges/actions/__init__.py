"""The acts on pledges. Each finds the pledge as the actor may see it, asks, holds it to the rules, records what
happened, and has what follows from it worked out. The project's row is locked first: acts on one project take turns."""

from pipeline.pledges import kept_keys  # noqa: F401 (signs up with the layers below)
from pipeline.pledges.actions.answering import accept_pledge, decline_pledge, lapse_pledge, withdraw_pledge
from pipeline.pledges.actions.asking import ask_by_mail
from pipeline.pledges.actions.asking_back import ask_back_about_pledge, reply_for_council
from pipeline.pledges.actions.breaking import (
    answer_not_come,
    ask_release,
    break_pledge,
    refuse_release,
    release_pledge,
    say_not_come,
)
from pipeline.pledges.actions.by_code import ask_code, authorise_by_code, count_code_try, refuse_by_code
from pipeline.pledges.actions.carrying_over import answer_carry_over
from pipeline.pledges.actions.counting_anew import count_anew_for
from pipeline.pledges.actions.deciding import authorise_pledge, refuse_pledge
from pipeline.pledges.actions.deciding_dates import decide_if_due
from pipeline.pledges.actions.deleting import delete_project, delete_published_project
from pipeline.pledges.actions.delivering import agree_delivery, correct_delivery, dispute_delivery, record_delivery
from pipeline.pledges.actions.ending import finish_project, post_again, stop_project
from pipeline.pledges.actions.going_ahead import give_go_ahead
from pipeline.pledges.actions.handing_over import (
    agree_handover,
    approve_takeover,
    ask_take_over,
    decline_handover,
    offer_hand_over,
    withdraw_handover,
)
from pipeline.pledges.actions.needs import add_need, change_need, close_need, drop_need, remove_need
from pipeline.pledges.actions.offering import change_pledge, offer_pledge
from pipeline.pledges.actions.setting_aside import set_aside_authorisation
from pipeline.pledges.actions.terms import change_terms, move_date

__all__ = [
    "accept_pledge",
    "add_need",
    "agree_delivery",
    "agree_handover",
    "answer_carry_over",
    "answer_not_come",
    "approve_takeover",
    "ask_back_about_pledge",
    "ask_by_mail",
    "ask_code",
    "ask_release",
    "ask_take_over",
    "authorise_by_code",
    "authorise_pledge",
    "break_pledge",
    "change_need",
    "change_pledge",
    "change_terms",
    "close_need",
    "correct_delivery",
    "count_anew_for",
    "count_code_try",
    "decide_if_due",
    "decline_handover",
    "decline_pledge",
    "delete_project",
    "delete_published_project",
    "dispute_delivery",
    "drop_need",
    "finish_project",
    "give_go_ahead",
    "lapse_pledge",
    "move_date",
    "offer_hand_over",
    "offer_pledge",
    "post_again",
    "record_delivery",
    "refuse_by_code",
    "refuse_pledge",
    "refuse_release",
    "release_pledge",
    "remove_need",
    "reply_for_council",
    "say_not_come",
    "set_aside_authorisation",
    "stop_project",
    "withdraw_handover",
    "withdraw_pledge",
]
