"""Asking back about an interest, a request to join or a pledge, and replying."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, url_for

from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import members, officers
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read
from pipeline.kernel.words import _
from pipeline.pledges import actions as pledging
from pipeline.pledges import policy as pledge_policy
from pipeline.pledges import queries as pledges
from pipeline.projects import actions, interested, policy
from pipeline.projects.models import Question
from pipeline.projects.taking_part import LONGEST_MESSAGE, Answerable
from pipeline.web.asking import ask
from pipeline.web.forms import OnceForm
from pipeline.web.interests.blueprint import blueprint
from pipeline.web.interests.interest import address_of
from pipeline.web.one_form import one_form, text_form

QuestionForm = text_form("text", _("Your question"), LONGEST_MESSAGE)
ReplyForm = text_form("reply", _("Your reply"), LONGEST_MESSAGE)


@blueprint.route("/interests/<uuid:interest_id>/ask-back", methods=["GET", "POST"])
@members
def ask_back_about_interest(interest_id: UUID) -> Response:
    """Ask the officer who showed an interest."""
    reading = begin_read()
    interest, project = interested.interest_seen_by(reading, interest_id)
    ask(policy.may_answer_interest(reading.actor, interested.interest_facts_of(reading, interest, project)))
    form: Any = QuestionForm()
    reads = _("The officer who showed the interest and the leads will read this.")
    return _question_page(
        form, lambda work: actions.ask_back_about_interest(work, interest_id=interest_id, text=form.text.data),
        address_of(interest_id), project.title, reads, interest.message,
    )  # fmt: skip


@blueprint.route("/join-requests/<uuid:request_id>/ask-back", methods=["GET", "POST"])
@members
def ask_back_about_join_request(request_id: UUID) -> Response:
    """Ask the officer who asks to join."""
    reading = begin_read()
    request, project = interested.join_request_seen_by(reading, request_id)
    ask(policy.may_answer_join_request(reading.actor, interested.join_facts_of(reading, request, project)))
    form: Any = QuestionForm()
    reads = _("The officer who asks to join and the leads will read this.")
    return _question_page(
        form, lambda work: actions.ask_back_about_join_request(work, request_id=request_id, text=form.text.data),
        url_for("interests.read_join_request", request_id=request_id), project.title, reads, request.message,
    )  # fmt: skip


@blueprint.route("/pledges/<uuid:pledge_id>/ask-back", methods=["GET", "POST"])
@members
def ask_back_about_pledge(pledge_id: UUID) -> Response:
    """Ask the pledging council something before deciding."""
    reading = begin_read()
    pledge = pledges.pledge_seen_by(reading, pledge_id)
    facts = pledges.facts_of(reading, pledge)
    ask(pledge_policy.may_ask_back(reading.actor, facts))
    form: Any = QuestionForm()
    reads = _("Officers of the pledging council and of the lead council will read this.")
    return _question_page(
        form, lambda work: pledging.ask_back_about_pledge(work, pledge_id=pledge_id, text=form.text.data),
        url_for("pledges.show_pledge", pledge_id=pledge_id), pledge.need.project.title, reads, pledge.message,
    )  # fmt: skip


def _question_page(
    form: OnceForm, carry_out: Callable[[UnitOfWork], Question], back: str, title: str, reads: str, quoted: str
) -> Response:
    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Ask a question")), "lead": title, "quoted": quoted, "reads": gettext(reads),
            "back_url": back, "back_words": title, "submits": gettext(_("Send the question")),
        }  # fmt: skip

    return one_form(form, carry_out, after=back, said=_("Your question is sent."), page=page)


@blueprint.route("/questions/<uuid:question_id>/reply", methods=["GET", "POST"])
@officers
def reply(question_id: UUID) -> Response:
    """Reply to what the leads asked."""
    reading = begin_read()
    question = interested.question_about(reading, question_id)
    about_pledge = question.subject_type == Answerable.PLEDGE
    back = _seen_by_who_was_asked(reading, question)
    carry_out = pledging.reply_for_council if about_pledge else actions.reply_to_leads
    both = _("Officers of both councils will read this.")
    form: Any = ReplyForm()
    text = question.text

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Reply to the leads")), "lead": "", "quoted": text, "back_url": back,
            "reads": gettext(both if about_pledge else _("The leads of the project will read this.")),
            "back_words": gettext(_("Go back")), "submits": gettext(_("Send the reply")),
        }  # fmt: skip

    return one_form(
        form, lambda work: carry_out(work, question_id=question_id, text=form.reply.data),
        after=back, said=_("Your reply is sent."), page=page,
    )  # fmt: skip


def _seen_by_who_was_asked(reading: Reading, question: Question) -> str:
    """The page of what a question is about, for whoever may reply to it. Raises NotFound, NotAllowed."""
    subject_id = question.subject_id
    if question.subject_type == Answerable.PLEDGE:
        pledge = pledges.pledge_seen_by(reading, subject_id)
        ask(pledge_policy.may_reply_for_council(reading.actor, pledges.facts_of(reading, pledge)))
        return url_for("pledges.show_pledge", pledge_id=subject_id)
    if question.subject_type == Answerable.INTEREST:
        ask(policy.may_reply(reading.actor, interested.interest_seen_by(reading, subject_id)[0].officer_id))
        return address_of(subject_id)
    ask(policy.may_reply(reading.actor, interested.join_request_seen_by(reading, subject_id)[0].officer_id))
    return url_for("interests.read_join_request", request_id=subject_id)
