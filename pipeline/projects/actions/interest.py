"""Showing interest without promising anything, taking it back, and the leads' answer."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.event import Audience
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import interested, policy, queries, taking_part
from pipeline.projects.actions.answer_clocks import first_answer, start_clock, stop_clock
from pipeline.projects.actions.keeping import acting
from pipeline.projects.actions.taking import taken_interest, taken_project
from pipeline.projects.interest_events import InterestAnswered, InterestEvent, InterestShown, InterestWithdrawn
from pipeline.projects.models import Interest, Project
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.taking_part import Answerable, InterestKind, InterestStatus
from pipeline.projects.terms import asks_for_nothing


def show_interest(work: UnitOfWork, *, slug: str, kind: InterestKind, message: str, is_named: bool) -> Interest:
    """Say, for one's council, *we have this problem too* or *open to a conversation*. The leads are told and answer.

    The leads read the message. Everybody sees how many councils are interested, and with `is_named` that this one is.
    Raises NotFound, NotAllowed, RuleBroken (interest.…), Conflict (interest.stands, project.takes_no_interest).
    """
    project = taken_project(work, slug)
    work.require(policy.may_show_interest(work.actor, queries.facts_of(work, project)))
    taking_part.check_interest(kind, message)
    check_takes_interest(project)
    if interested.own_interest_in(work, project.id) is not None:
        words = Words(_("You have shown your interest already. Take it back first to show it otherwise."))
        raise Conflict("interest.stands", words, ("withdraw",))
    officer_id, council_id = acting(work)
    interest = work.add(
        Interest(
            id=new_id(), project_id=project.id, officer_id=officer_id, council_id=council_id, kind=kind.value,
            message=message, is_named=is_named, status=InterestStatus.STANDING.value, shown_at=work.now,
        )
    )  # fmt: skip
    start_clock(work, project, Answerable.INTEREST, interest.id)
    count_interest(work, project)
    _record(work, project, interest, InterestShown, [None, InterestStatus.STANDING])
    return interest


def withdraw_interest(work: UnitOfWork, *, interest_id: UUID) -> Interest:
    """Take an interest back. Raises NotFound, NotAllowed, Conflict (interest.withdrawn)."""
    interest, project = taken_interest(work, interest_id)
    work.require(policy.may_withdraw_interest(work.actor, interested.interest_facts_of(work, interest, project)))
    _check_stands(interest)
    interest.status, interest.withdrawn_at = InterestStatus.WITHDRAWN.value, work.now
    stop_clock(work, interest.id)
    count_interest(work, project)
    _record(work, project, interest, InterestWithdrawn, [InterestStatus.STANDING, InterestStatus.WITHDRAWN])
    return interest


def answer_interest(work: UnitOfWork, *, interest_id: UUID, answer: str) -> Interest:
    """Answer an interest, as a lead. The officer who showed it reads the answer.

    Raises NotFound, NotAllowed, RuleBroken (interest.answer_…), Conflict (interest.withdrawn, interest.answered).
    """
    interest, project = taken_interest(work, interest_id)
    work.require(policy.may_answer_interest(work.actor, interested.interest_facts_of(work, interest, project)))
    taking_part.check_answer(answer, noun="interest")
    _check_stands(interest)
    if interest.answered_at is not None:
        raise Conflict("interest.answered", Words(_("A lead has answered this already.")))
    officer_id, _council_id = acting(work)
    interest.answer, interest.answered_at, interest.answered_by = answer, work.now, officer_id
    work.record(InterestAnswered(**_said(interest)))
    first_answer(work, project, interest.id)
    return interest


def check_takes_interest(project: Project) -> None:
    """Interest is shown in what is published and has leads here. Raises Conflict (project.takes_no_interest)."""
    if project.keeps_documents:
        raise asks_for_nothing()
    if project.status == ProjectStatus.DRAFT or project.is_hidden or project.is_recorded:
        words = Words(_("Nobody leads this project here who could answer."))
        raise Conflict("project.takes_no_interest", words)


def _check_stands(interest: Interest) -> None:
    if interest.status != InterestStatus.STANDING:
        raise Conflict("interest.withdrawn", Words(_("This interest was taken back.")))


def count_interest(work: UnitOfWork, project: Project) -> None:
    """Keep how many councils are interested, by kind: one council counts once, however many of its officers say so."""
    work.session.flush()
    rows = work.session.execute(
        select(Interest.kind, func.count(Interest.council_id.distinct()))
        .where(Interest.project_id == project.id, Interest.status == InterestStatus.STANDING)
        .group_by(Interest.kind)
    )
    numbers = {row[0]: row[1] for row in rows}
    project.problem_too_councils = numbers.get(InterestKind.PROBLEM_TOO, 0)
    project.conversation_councils = numbers.get(InterestKind.CONVERSATION, 0)
    project.revision += 1


def _record(
    work: UnitOfWork, project: Project, interest: Interest, event: type[InterestEvent], status: list[object]
) -> None:
    """Public under the council's name, if the officer said so; otherwise between the officer and the leads."""
    widest = Audience.PUBLIC if project.is_public else Audience.PROJECT
    audience = widest if interest.is_named else Audience.OFFICER
    happened = event(**_said(interest), changes={"status": status})
    work.record(happened, audience=audience, council_id=interest.council_id)


def _said(interest: Interest) -> dict[str, Any]:
    return {
        "interest_id": interest.id, "project_id": interest.project_id, "interested_council_id": interest.council_id,
        "kind": interest.kind,
    }  # fmt: skip
