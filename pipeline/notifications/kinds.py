"""The kinds of news there are: what an officer chooses it as, what the page of notices says of it, and where it leads.

Every kind of mail that comes of an event has its line here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.kernel.words import Words, _
from pipeline.notifications.preferences import Sort


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of news. `path` is filled from the notice's ids; without one it leads to what it is about."""

    sort: Sort
    words: Words
    path: str = ""


def _of_pledge(sort: Sort, sentence: str) -> Kind:
    return Kind(sort, Words(sentence), "/pledges/{pledge_id}")


def _of_interest(sort: Sort, sentence: str) -> Kind:
    return Kind(sort, Words(sentence), "/interests/{interest_id}")


def _of_request(sort: Sort, sentence: str) -> Kind:
    return Kind(sort, Words(sentence), "/join-requests/{request_id}")


def _of_handover(sort: Sort, sentence: str) -> Kind:
    return Kind(sort, Words(sentence), "/handovers/{handover_id}")


WAITING, PART, DOCUMENTS, COUNCIL, FOLLOWING = Sort

KINDS: Mapping[str, Kind] = {
    "adoption.newer_version": Kind(DOCUMENTS, Words(_("A new version of a document your council uses"))),
    "adoption.version_withdrawn": Kind(DOCUMENTS, Words(_("The version your council uses was withdrawn"))),
    "answer.late": Kind(WAITING, Words(_("An answer of yours is late"))),
    "artefact.review_due": Kind(DOCUMENTS, Words(_("It is time to review this document"))),
    "check.answered": Kind(PART, Words(_("A colleague has checked your draft"))),
    "check.asked": Kind(WAITING, Words(_("A colleague asks you to check a draft"))),
    "comment.mentioned": Kind(WAITING, Words(_("Somebody mentioned you in a comment")), "/comments/{comment_id}"),
    "comment.written": Kind(PART, Words(_("Somebody commented")), "/comments/{comment_id}"),
    "council.to_assign": Kind(WAITING, Words(_("Say which council what is left belongs to"))),
    "delivery.agreed": _of_pledge(PART, _("A delivery was agreed")),
    "delivery.counted": _of_pledge(PART, _("A delivery counts, as nobody answered in time")),
    "delivery.disputed": _of_pledge(PART, _("A delivery was disputed")),
    "delivery.explained": _of_pledge(PART, _("A council has answered about a pledge that had not come")),
    "delivery.missed": _of_pledge(WAITING, _("The leads say that your council’s pledge has not come")),
    "delivery.recorded": _of_pledge(WAITING, _("A delivery waits for your answer")),
    "difference.said": Kind(
        PART, Words(_("A council says how its work differs from yours")), "/differences/{difference_id}"
    ),
    "document.new": Kind(FOLLOWING, Words(_("A document was shared"))),
    "document.version": Kind(FOLLOWING, Words(_("A new version was published"))),
    "interest.answered": _of_interest(PART, _("The leads have answered your interest")),
    "interest.shown": _of_interest(WAITING, _("A council is interested")),
    "introduction.made": Kind(
        WAITING, Words(_("A coordinator introduces another council to yours")), "/introductions/{introduction_id}"
    ),
    "lesson.new": Kind(FOLLOWING, Words(_("A lesson was published")), "/lessons/{lesson_id}"),
    "lesson.pinned": Kind(DOCUMENTS, Words(_("A lesson was pinned to a version your council uses"))),
    "lesson.raised": Kind(DOCUMENTS, Words(_("A lesson was pinned to a document you keep"))),
    "membership.started": Kind(COUNCIL, Words(_("You have a place in this council"))),
    "membership.succeeded": Kind(COUNCIL, Words(_("Another council follows yours"))),
    "membership.waiting": Kind(WAITING, Words(_("Somebody waits for a place in a council"))),
    "moderation.removed": Kind(PART, Words(_("A coordinator has hidden something"))),
    "moderation.restored": Kind(PART, Words(_("Something that was hidden is shown again"))),
    "need.room": Kind(PART, Words(_("There is room in a need you wait for"))),
    "pledge.accepted": _of_pledge(PART, _("A pledge was accepted")),
    "pledge.asked": _of_pledge(WAITING, _("An offer waits for your decision")),
    "pledge.authorised": _of_pledge(PART, _("A pledge was authorised")),
    "pledge.broken": _of_pledge(PART, _("The rest of a pledge will not be given")),
    "pledge.by_named": _of_pledge(COUNCIL, _("Somebody named by e-mail has authorised a pledge")),
    "pledge.carry_over_asked": Kind(
        WAITING, Words(_("Another council leads a project your council pledged to")), "/pledges/{pledge_id}/carry-over"
    ),
    "pledge.committed": _of_pledge(PART, _("A pledge is committed")),
    "pledge.counts_or_waits": _of_pledge(PART, _("Your council’s pledge began to count, or waits again")),
    "pledge.declined": _of_pledge(PART, _("A pledge was declined")),
    "pledge.lapsed": _of_pledge(PART, _("A pledge lapsed")),
    "pledge.nobody_decides": _of_pledge(COUNCIL, _("Nobody is left to decide on an offer")),
    "pledge.offered": _of_pledge(PART, _("A council has offered a pledge")),
    "pledge.partner_broke": _of_pledge(PART, _("Another council will not give the rest of its pledge")),
    "pledge.refused": _of_pledge(PART, _("An offer was refused by its council")),
    "pledge.release_asked": _of_pledge(WAITING, _("A council asks to be let off its pledge")),
    "pledge.release_refused": _of_pledge(PART, _("The leads do not let your council off its pledge")),
    "pledge.released": _of_pledge(PART, _("The project needs no more of a pledge")),
    "pledge.reminded": _of_pledge(WAITING, _("An offer still waits for your decision")),
    "pledge.set_aside": _of_pledge(PART, _("A pledge is an offer again")),
    "pledge.withdrawn": _of_pledge(PART, _("A pledge was withdrawn")),
    "project.date_moved": Kind(PART, Words(_("The decision date was moved"))),
    "project.date_near": Kind(WAITING, Words(_("The decision date is near"))),
    "project.finished": Kind(PART, Words(_("The project was finished."))),
    "project.given_up": Kind(COUNCIL, Words(_("Nobody leads a project that is going ahead"))),
    "project.going_ahead": Kind(PART, Words(_("The project is going ahead."))),
    "project.hand_over_offered": _of_handover(WAITING, _("A project is offered to your council")),
    "project.handed_over": Kind(PART, Words(_("Another council leads the project now"))),
    "project.handover_ended": _of_handover(PART, _("The project stays with its council")),
    "project.lapsed": Kind(PART, Words(_("The project lapsed"))),
    "project.looking_for_lead": Kind(WAITING, Words(_("The project looks for a new lead"))),
    "project.new": Kind(FOLLOWING, Words(_("A project was posted"))),
    "project.nobody_leads": Kind(COUNCIL, Words(_("Nobody of your council leads the project"))),
    "project.nudged": Kind(WAITING, Words(_("Is the project’s page still true?"))),
    "project.posted_again": Kind(PART, Words(_("A project you took part in was posted again"))),
    "project.quiet": Kind(WAITING, Words(_("The project is quiet"))),
    "project.removed": Kind(PART, Words(_("A coordinator has hidden the project"))),
    "project.restored": Kind(PART, Words(_("The project is shown again"))),
    "project.stopped": Kind(PART, Words(_("The project was stopped."))),
    "project.takeover_asked": _of_handover(WAITING, _("A council asks to take the project over")),
    "project.takeover_to_agree": _of_handover(WAITING, _("A colleague asks to take a project over")),
    "project.takeover_to_approve": _of_handover(WAITING, _("A takeover waits to be approved")),
    "project.terms_changed": Kind(PART, Words(_("The terms were changed"))),
    "question.asked": Kind(WAITING, Words(_("The leads ask you something"))),
    "question.replied": Kind(WAITING, Words(_("Your question was answered"))),
    "report.made": Kind(WAITING, Words(_("Something was reported")), "/coordination/reports/{report_id}"),
    "report.settled": Kind(PART, Words(_("A coordinator looked at what you reported"))),
    "role.given": Kind(COUNCIL, Words(_("You were given a role"))),
    "search.found": Kind(FOLLOWING, Words(_("Something new for a search you follow"))),
    "suggestion.answered": Kind(
        DOCUMENTS, Words(_("Your suggestion was answered")), "/documents/{about_id}/suggestions/{suggestion_id}"
    ),
    "suggestion.made": Kind(
        WAITING, Words(_("A change was suggested")), "/documents/{about_id}/suggestions/{suggestion_id}"
    ),
    "team.asked": _of_request(WAITING, _("An officer asks to join the team")),
    "team.declined": _of_request(PART, _("Your request to join was declined")),
    "team.in": Kind(PART, Words(_("You are in the team"))),
    "team.invited": _of_request(WAITING, _("You are asked to join a team")),
    "team.joined": Kind(PART, Words(_("Somebody joined the team"))),
    "update.published": Kind(FOLLOWING, Words(_("The leads published an update.")), "/updates/{update_id}"),
    "webhook.disabled": Kind(COUNCIL, Words(_("A webhook of your council was turned off"))),
}
"""Every kind of news, by the name of its mail."""

WHAT_IT_IS: Mapping[Sort, Words] = {
    WAITING: Words(_("What waits for you")),
    PART: Words(_("Your pledges and projects")),
    DOCUMENTS: Words(_("Documents you keep or use")),
    COUNCIL: Words(_("Your place and your council")),
    FOLLOWING: Words(_("What you follow")),
}
"""What each sort of news is called where an officer chooses."""


def path_of(kind: str, payload: Mapping[str, Any]) -> str:
    """The page one notice leads to; empty where that is the page of what it is about."""
    path = KINDS[kind].path
    try:
        return path.format_map(payload) if path else ""
    except KeyError:
        return ""
