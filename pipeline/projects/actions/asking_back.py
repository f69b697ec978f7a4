"""Asking back: a lead puts a question about what waits for their answer, and the other side replies."""

from uuid import UUID

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import interested, policy, taking_part
from pipeline.projects.actions.answer_clocks import first_answer
from pipeline.projects.actions.keeping import acting
from pipeline.projects.actions.taking import taken_interest, taken_join_request
from pipeline.projects.interest_events import QuestionAsked, QuestionReplied
from pipeline.projects.models import Project, Question
from pipeline.projects.taking_part import Answerable, InterestStatus, JoinStatus


def ask_back_about_interest(work: UnitOfWork, *, interest_id: UUID, text: str) -> Question:
    """Ask the officer who showed an interest, as a lead. It is a first answer.

    Raises NotFound, NotAllowed, RuleBroken (question.text_…), Conflict (interest.withdrawn, interest.answered).
    """
    interest, project = taken_interest(work, interest_id)
    work.require(policy.may_answer_interest(work.actor, interested.interest_facts_of(work, interest, project)))
    taking_part.check_question(text)
    if interest.status != InterestStatus.STANDING:
        raise Conflict("interest.withdrawn", Words(_("This interest was taken back.")))
    if interest.answered_at is not None:
        raise Conflict("interest.answered", Words(_("A lead has answered this already.")))
    question = put_question(work, project, Answerable.INTEREST, interest.id, text)
    first_answer(work, project, interest.id)
    return question


def ask_back_about_join_request(work: UnitOfWork, *, request_id: UUID, text: str) -> Question:
    """Ask the officer who asks to join, as a lead. It is a first answer.

    Raises NotFound, NotAllowed, RuleBroken (question.text_…), Conflict (join_request.answered).
    """
    request, project = taken_join_request(work, request_id)
    if request.is_invitation:
        raise NotFound("join_request")
    work.require(policy.may_answer_join_request(work.actor, interested.join_facts_of(work, request, project)))
    taking_part.check_question(text)
    if request.status != JoinStatus.ASKED:
        raise Conflict("join_request.answered", Words(_("This request no longer waits for an answer.")))
    question = put_question(work, project, Answerable.JOIN_REQUEST, request.id, text)
    first_answer(work, project, request.id)
    return question


def reply_to_leads(work: UnitOfWork, *, question_id: UUID, text: str) -> Question:
    """Reply to what the leads asked back about one's own interest or request to join.

    Raises NotFound, NotAllowed, RuleBroken (question.reply_…), Conflict (question.replied).
    """
    officer_id = _asked_of(work, interested.question_about(work, question_id))
    work.require(policy.may_reply(work.actor, officer_id))
    # The project is locked before what is in it.
    question = interested.question_about(work, question_id, lock=True)
    return keep_reply(work, question, text)


def _asked_of(work: UnitOfWork, question: Question) -> UUID:
    """Whom a question was put to, if the actor may see what it is about. Raises NotFound."""
    if question.subject_type == Answerable.INTEREST:
        return taken_interest(work, question.subject_id)[0].officer_id
    if question.subject_type == Answerable.JOIN_REQUEST:
        return taken_join_request(work, question.subject_id)[0].officer_id
    raise NotFound("question")


def put_question(work: UnitOfWork, project: Project, about: Answerable, subject_id: UUID, text: str) -> Question:
    """Keep a lead's question about something. The caller has asked the policy, and counts it as a first answer."""
    officer_id, _council_id = acting(work)
    question = work.add(
        Question(
            id=new_id(), project_id=project.id, subject_type=about.value, subject_id=subject_id, asked_by=officer_id,
            text=text, asked_at=work.now,
        )
    )  # fmt: skip
    work.record(
        QuestionAsked(question_id=question.id, project_id=project.id, about_type=about.value, about_id=subject_id)
    )
    return question


def keep_reply(work: UnitOfWork, question: Question, text: str) -> Question:
    """Keep the other side's reply. The caller has asked the policy. Raises RuleBroken, Conflict (question.replied)."""
    taking_part.check_reply(text)
    if question.replied_at is not None:
        raise Conflict("question.replied", Words(_("This question has its reply already.")))
    question.reply, question.replied_at, question.replied_by = text, work.now, work.actor.officer_id
    work.record(
        QuestionReplied(
            question_id=question.id, project_id=question.project_id, about_type=question.subject_type,
            about_id=question.subject_id,
        )
    )  # fmt: skip
    return question
