"""Whatever a page does, a program can do, or docs/api.md says why not: a new page needs one or the other."""

import re
from collections.abc import Iterable

import pytest
from flask import Flask

from tests.support.source import ROOT

pytestmark = pytest.mark.pure

SAME_ACT = {
    "adopting.adapt": "adapt_version",
    "adopting.adopt": "adopt_version",
    "adopting.choose_original": "change_upstream",
    "adopting.edit_adoption": "change_adoption",
    "adopting.end": "end_adoption_because",
    "adopting.move_adoption_up": "move_up",
    "checklists.answer": "change_own_answers",
    "checklists.carry_over": "carry_own_answers_over",
    "checklists.publish": "publish_own_answers",
    "checklists.unpublish": "unpublish_own_answers",
    "checks.answer": "answer_check",
    "checks.ask_about_lesson": "ask_to_check_lesson_draft",
    "checks.ask_about_project": "ask_to_check_project",
    "checks.ask_about_update": "ask_to_check_update",
    "comments.edit": "edit_comment",
    "comments.withdraw": "withdraw_comment",
    "comments.write": "write_comment",
    "decisions.change_terms": "change_terms",
    "decisions.finish": "finish_project",
    "decisions.go_ahead": "give_go_ahead",
    "decisions.move_date": "move_date",
    "decisions.post_again": "post_again",
    "decisions.stop": "stop_project",
    "desk.dismiss_duplicate": "dismiss_duplicate",
    "desk.try_event_again": "try_event_again",
    "desk.try_message_again": "try_message_again",
    "drafts.ask_for_check": "ask_to_check_draft",
    "drafts.begin": "begin_artefact",
    "drafts.discard": "discard_draft",
    "drafts.edit": "change_draft",
    "drafts.publish": "publish_draft",
    "drafts.restore": "start_draft",
    "drafts.start": "start_draft",
    "handovers.agree": "agree_handover",
    "handovers.approve": "approve_takeover",
    "handovers.carry_over": "carry_pledge_over",
    "handovers.decline": "decline_handover",
    "handovers.hand_over": "hand_over",
    "handovers.still_true": "say_still_true",
    "handovers.take_over": "take_over",
    "handovers.withdraw": "withdraw_handover",
    "imports.bring": "begin_import",
    "imports.confirm": "confirm_import",
    "imports.set_aside": "set_import_aside",
    "interests.answer_interest": "answer_interest",
    "interests.ask_back_about_interest": "ask_back_about_interest",
    "interests.ask_back_about_join_request": "ask_back_about_join_request",
    "interests.ask_back_about_pledge": "ask_back_about_pledge",
    "interests.ask_to_join": "ask_to_join",
    "interests.decline_request": "decline_join_request",
    "interests.follow": "follow_project",
    "interests.follow_need": "follow_need",
    "interests.join": "accept_join_request",
    "interests.reply": "reply_to_question",
    "interests.show_interest": "show_interest",
    "interests.take_in": "accept_join_request",
    "interests.turn_down": "decline_join_request",
    "interests.unfollow": "unfollow_project",
    "interests.unfollow_need": "unfollow_need",
    "interests.withdraw_interest": "withdraw_interest",
    "interests.withdraw_request": "withdraw_join_request",
    "introductions.follow_up": "follow_up_introduction",
    "introductions.make": "make_introduction",
    "lessons.delete": "delete_lesson",
    "lessons.edit": "change_lesson",
    "lessons.mark_answered": "mark_answered",
    "lessons.pin": "pin_lesson",
    "lessons.publish": "publish_lesson",
    "lessons.reply": "reply_to_lesson",
    "lessons.say_used": "say_used",
    "lessons.take_back_use": "take_back_use",
    "lessons.unpin": "unpin_lesson",
    "lessons.withdraw": "withdraw_lesson",
    "lessons.write": "draft_lesson",
    "measures.add": "add_measure",
    "measures.correct": "correct_reading",
    "measures.edit": "change_measure",
    "measures.end": "end_measure",
    "measures.record": "record_reading",
    "notices.choose": "choose_mail",
    "notices.end_follow": "end_follow",
    "notices.follow_council": "follow_council",
    "notices.follow_document": "follow_artefact",
    "notices.follow_search": "follow_search",
    "notices.follow_search_of_everything": "follow_search_of_everything",
    "notices.mute": "mute",
    "notices.read": "read_notices",
    "notices.unmute": "unmute",
    "moderation.hide": "hide",
    "moderation.hide_reported": "hide_reported",
    "moderation.leave": "leave_reported",
    "moderation.restore": "restore",
    "needs.add": "add_need",
    "needs.change": "change_need",
    "needs.close": "close_need",
    "needs.drop": "drop_need",
    "pledges.accept": "accept_pledge",
    "pledges.answer_delivery": "agree_delivery",
    "pledges.authorise": "authorise_pledge",
    "pledges.break_": "break_pledge",
    "pledges.change": "change_pledge",
    "pledges.correct": "correct_delivery",
    "pledges.decline": "decline_pledge",
    "pledges.deliver": "record_delivery",
    "pledges.explain": "explain_pledge",
    "pledges.not_come": "say_not_come",
    "pledges.offer": "offer_pledge",
    "pledges.refuse": "refuse_pledge",
    "pledges.ask_release": "ask_release",
    "pledges.refuse_release": "refuse_release",
    "pledges.release": "release_pledge",
    "pledges.set_aside": "set_aside_authorisation",
    "pledges.withdraw": "withdraw_pledge",
    "projects.delete": "delete_project",
    "projects.draft": "draft_project",
    "projects.edit": "change_project",
    "projects.edit_terms": "change_project",
    "projects.move": "change_phase",
    "projects.publish": "publish_project",
    "reporting.report": "report",
    "similar.say_difference": "say_how_project_differs",
    "similar.withdraw_difference": "withdraw_difference",
    "spare_capacity.add": "add_spare_capacity",
    "spare_capacity.change": "change_spare_capacity",
    "spare_capacity.end": "end_spare_capacity",
    "suggesting.accept": "accept_suggestion",
    "suggesting.close": "close_suggestion",
    "suggesting.decline": "decline_suggestion",
    "suggesting.edit": "accept_suggestion",
    "suggesting.suggest": "suggest",
    "suggesting.withdraw": "withdraw_suggestion",
    "successions.assign_things": "assign_things",
    "team.name_lead": "add_to_team",
    "team.remove": "remove_from_team",
    "team.show_team": "add_to_team",
    "tending.change_details": "change_artefact",
    "tending.delete": "delete_artefact",
    "tending.end": "end_artefact",
    "tending.match": "match_version",
    "tending.pair": "pair_documents",
    "tending.reopen": "reopen_artefact",
    "tending.unpair": "unpair_documents",
    "tending.withdraw": "withdraw_version",
    "updates.delete": "delete_update",
    "updates.edit": "change_update",
    "updates.publish": "publish_update",
    "updates.withdraw": "withdraw_update",
    "updates.write": "draft_update",
    "webhooks.change_webhook": "change_webhook",
    "webhooks.delete_webhook": "delete_webhook",
    "webhooks.make_webhook": "make_webhook",
    "webhooks.replay_webhook": "replay_webhook",
    "webhooks.rotate_secret": "rotate_webhook_secret",
    "webhooks.send_again": "redeliver",
    "webhooks.test_webhook": "test_webhook",
    "webhooks.turn_off": "disable_webhook",
    "webhooks.turn_on": "enable_webhook",
}
"""Each page with a form, and the operation of the API that does the same."""

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
HEADING = "## What only pages do"
ROW = re.compile(r"^\| (`[^|]+`) \| ([^|]+) \|$", re.MULTILINE)


def only_on_pages() -> dict[str, str]:
    """The pages that docs/api.md says programs do without, each with the reason."""
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8").split(HEADING)[1].split("\n## ")[0]
    return {name: why for names, why in ROW.findall(text) for name in re.findall(r"`([^`]+)`", names)}


def routes(built: Flask, *, of_api: bool) -> set[str]:
    """The endpoints that change something."""
    return {
        rule.endpoint
        for rule in built.url_map.iter_rules()
        if CHANGING & (rule.methods or set()) and rule.rule.startswith("/api/") is of_api
    }


def unlisted(pages: Iterable[str], same: Iterable[str], only: Iterable[str]) -> list[str]:
    """Pages with a form that stand in neither list."""
    return sorted(set(pages) - set(same) - set(only))


def test_whatever_a_page_does_a_program_can_do_or_the_reason_is_written_down(built: Flask) -> None:
    assert unlisted(routes(built, of_api=False), SAME_ACT, only_on_pages()) == []


def test_the_lists_name_what_there_is_once(built: Flask) -> None:
    pages, only = routes(built, of_api=False), only_on_pages()
    assert (SAME_ACT.keys() | only.keys()) - pages == set()
    assert SAME_ACT.keys() & only.keys() == set()
    operations = {name.rsplit(".", 1)[-1] for name in routes(built, of_api=True)}
    assert set(SAME_ACT.values()) - operations == set()
    assert all(len(why.split()) > 4 for why in only.values())


def test_a_new_page_without_an_endpoint_is_seen() -> None:
    assert unlisted(["pledges.accept", "pledges.frame"], SAME_ACT, only_on_pages()) == ["pledges.frame"]
