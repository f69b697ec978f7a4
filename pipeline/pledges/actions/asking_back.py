"""Asking back about a pledge: a lead puts a question to the pledging council, and an officer of it replies. The two
councils read both."""

from uuid import UUID

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.words import Words, _
from pipeline.pledges import policy
from pipeline.pledges.actions.steps import taken
from pipeline.pledges.owed_answers import leads_answered
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects import interested
from pipeline.projects.actions.asking_back import keep_reply, put_question
from pipeline.projects.models import Question
from pipeline.projects.taking_part import Answerable, check_question

TAKES_QUESTIONS = frozenset({PledgeStatus.OFFERED, PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED})
"""The states in which the leads may still ask something before they decide."""


def ask_back_about_pledge(work: UnitOfWork, *, pledge_id: UUID, text: str) -> Question:
    """Ask the pledging council something, as a lead. It is a first answer.

    Raises NotFound, NotAllowed, RuleBroken (question.text_…), Conflict (pledge.takes_no_questions).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_ask_back(work.actor, facts))
    if facts.status not in TAKES_QUESTIONS:
        words = Words(_("This pledge no longer waits for anything, so nothing is asked about it here."))
        raise Conflict("pledge.takes_no_questions", words)
    check_question(text)
    question = put_question(work, pledge.need.project, Answerable.PLEDGE, pledge.id, text)
    leads_answered(work, pledge)
    return question


def reply_for_council(work: UnitOfWork, *, question_id: UUID, text: str) -> Question:
    """Reply, for the pledging council, to what the leads asked back about its pledge.

    Raises NotFound, NotAllowed, RuleBroken (question.reply_…), Conflict (question.replied).
    """
    question = interested.question_about(work, question_id)
    if question.subject_type != Answerable.PLEDGE:
        raise NotFound("question")
    _pledge, facts = taken(work, question.subject_id)
    work.require(policy.may_reply_for_council(work.actor, facts))
    # The project is locked before what is in it.
    question = interested.question_about(work, question_id, lock=True)
    return keep_reply(work, question, text)
