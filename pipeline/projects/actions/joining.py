"""Joining a team: an officer asks the leads, or a lead asks an officer of another council. Whoever is asked answers."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from pipeline.accounts.rules import address_from
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import interested, policy, queries, taking_part
from pipeline.projects.actions.answer_clocks import first_answer, start_clock, stop_clock
from pipeline.projects.actions.keeping import acting
from pipeline.projects.actions.taking import taken_join_request, taken_project
from pipeline.projects.actions.team import check_has_place, take_into_team
from pipeline.projects.interest_events import JoinEvent, TeamAsked, TeamDeclined, TeamRequestWithdrawn
from pipeline.projects.models import JoinRequest, Project
from pipeline.projects.queries import Joining
from pipeline.projects.rules import TAKES_NEEDS, PersonRole, ProjectStatus
from pipeline.projects.taking_part import MOST_ASKED_A_DAY, NOT_ASKED_AGAIN, Answerable, JoinStatus


def ask_to_join(work: UnitOfWork, *, slug: str, message: str) -> JoinRequest:
    """Ask the leads to take one into the team, for the council one acts for. The leads are told and answer.

    Raises NotFound, NotAllowed, RuleBroken (join_request.message_…), Conflict (project.takes_nobody,
    join_request.stands).
    """
    project = taken_project(work, slug)
    work.require(policy.may_ask_to_join(work.actor, queries.facts_of(work, project)))
    taking_part.check_join_message(message)
    check_takes_people(project)
    officer_id, council_id = acting(work)
    standing = interested.own_join_request_in(work, project.id)
    if standing is not None:
        invited, asked = _("The leads asked you to join: answer that."), _("You have asked already.")
        raise Conflict("join_request.stands", Words(invited if standing.is_invitation else asked))
    request = _asked(work, project, Joining(officer_id, council_id), officer_id, PersonRole.TEAM, message)
    start_clock(work, project, Answerable.JOIN_REQUEST, request.id)
    return request


def check_takes_people(project: Project) -> None:
    """Teams are joined while there is work. Raises Conflict (project.takes_nobody)."""
    if project.status not in (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD) or project.is_hidden:
        raise Conflict("project.takes_nobody", Words(_("The work has ended, so nobody joins its team any more.")))


def ask_officer_to_join(work: UnitOfWork, *, slug: str, address: str, role: PersonRole) -> None:
    """Ask whoever has a work e-mail address to join, as a lead. They join by saying yes.

    What comes back is the same whether anybody has that address or not: nobody learns here who has an account. Raises
    NotFound, NotAllowed, Conflict (team.full, team.trial, project.ended).
    """
    project = taken_project(work, slug)
    facts = queries.facts_of(work, project)
    work.require(policy.may_change_team(work.actor, facts))
    check_has_place(facts)
    if project.is_trial:
        raise Conflict("team.trial", Words(_("Only officers of the lead council can join a trial project.")))
    if project.status not in TAKES_NEEDS:
        raise Conflict("project.ended", Words(_("The project has ended.")))
    known = address_from(address)
    found = queries.joining_with_address(work, known.text) if known else None
    if found is None or found.officer_id in facts.team_ids:
        return
    if not _is_asked(work, project, found) and not _asked_enough(work, project):
        officer_id, _council_id = acting(work)
        _asked(work, project, found, officer_id, role, "")


def join_team(work: UnitOfWork, *, request_id: UUID) -> JoinRequest:
    """Say yes to joining a team one was asked into.

    Raises NotFound, NotAllowed, Conflict (join_request.answered, team.full).
    """
    request, project = _invitation(work, request_id)
    joining = queries.joining_for(work, request.officer_id, request.council_id)
    if joining is None:
        raise NotFound("join_request")
    _end(work, request, JoinStatus.JOINED)
    take_into_team(work, project, joining, PersonRole(request.role))
    return request


def decline_to_join(work: UnitOfWork, *, request_id: UUID) -> JoinRequest:
    """Say no to joining a team one was asked into. Raises NotFound, NotAllowed, Conflict (join_request.answered)."""
    request, project = _invitation(work, request_id)
    _end(work, request, JoinStatus.DECLINED)
    _record(work, project, request, TeamDeclined)
    return request


def take_in(work: UnitOfWork, *, request_id: UUID, answer: str = "") -> JoinRequest:
    """Take an officer who asked into the team, as a lead.

    Raises NotFound, NotAllowed, RuleBroken (join_request.answer_…), Conflict (join_request.answered, team.full).
    """
    request, project = _request(work, request_id)
    taking_part.check_answer(answer, noun="join_request", is_required=False)
    joining = queries.joining_for(work, request.officer_id, request.council_id)
    if joining is None:
        words = Words(_("They no longer work for that council, so they cannot join for it."))
        raise Conflict("join_request.place_ended", words, ("decline",))
    _end(work, request, JoinStatus.JOINED, answer)
    take_into_team(work, project, joining, PersonRole(request.role))
    first_answer(work, project, request.id)
    return request


def decline_join_request(work: UnitOfWork, *, request_id: UUID, answer: str) -> JoinRequest:
    """Not take an officer who asked into the team, as a lead, with an answer they read.

    Raises NotFound, NotAllowed, RuleBroken (join_request.answer_…), Conflict (join_request.answered).
    """
    request, project = _request(work, request_id)
    taking_part.check_answer(answer, noun="join_request")
    _end(work, request, JoinStatus.DECLINED, answer)
    _record(work, project, request, TeamDeclined)
    first_answer(work, project, request.id)
    return request


def withdraw_join_request(work: UnitOfWork, *, request_id: UUID) -> JoinRequest:
    """No longer ask to join. Raises NotFound, NotAllowed, Conflict (join_request.answered)."""
    request, project = taken_join_request(work, request_id)
    work.require(policy.may_withdraw_join_request(work.actor, interested.join_facts_of(work, request, project)))
    _check_waits(request)
    _end(work, request, JoinStatus.WITHDRAWN)
    stop_clock(work, request.id)
    _record(work, project, request, TeamRequestWithdrawn)
    return request


def _request(work: UnitOfWork, request_id: UUID) -> tuple[JoinRequest, Project]:
    request, project = taken_join_request(work, request_id)
    if request.is_invitation:
        raise NotFound("join_request")
    return _answerable(work, request, project)


def _invitation(work: UnitOfWork, request_id: UUID) -> tuple[JoinRequest, Project]:
    request, project = taken_join_request(work, request_id)
    if not request.is_invitation:
        raise NotFound("join_request")
    return _answerable(work, request, project)


def _answerable(work: UnitOfWork, request: JoinRequest, project: Project) -> tuple[JoinRequest, Project]:
    work.require(policy.may_answer_join_request(work.actor, interested.join_facts_of(work, request, project)))
    _check_waits(request)
    return request, project


def _check_waits(request: JoinRequest) -> None:
    if request.status != JoinStatus.ASKED:
        raise Conflict("join_request.answered", Words(_("This request no longer waits for an answer.")))


def _asked(
    work: UnitOfWork, project: Project, joining: Joining, asked_by: UUID, role: PersonRole, message: str
) -> JoinRequest:
    request = work.add(
        JoinRequest(
            id=new_id(), project_id=project.id, officer_id=joining.officer_id, council_id=joining.council_id,
            asked_by=asked_by, role=role.value, message=message, status=JoinStatus.ASKED.value, asked_at=work.now,
        )
    )  # fmt: skip
    _record(work, project, request, TeamAsked)
    return request


def _end(work: UnitOfWork, request: JoinRequest, status: JoinStatus, answer: str = "") -> None:
    request.status, request.answer = status.value, answer
    request.answered_at, request.answered_by = work.now, work.actor.officer_id


def _record(work: UnitOfWork, project: Project, request: JoinRequest, event: type[JoinEvent]) -> None:
    happened = event(
        join_request_id=request.id, project_id=project.id, officer_id=request.officer_id,
        for_council_id=request.council_id, is_invitation=request.is_invitation,
    )  # fmt: skip
    work.record(happened)


def _is_asked(work: UnitOfWork, project: Project, joining: Joining) -> bool:
    """Whether they ask or are asked already, or said no not long ago: nobody is pressed."""
    said_no = and_(JoinRequest.status == JoinStatus.DECLINED, JoinRequest.answered_at > work.now - NOT_ASKED_AGAIN)
    query = select(JoinRequest.id).where(
        JoinRequest.project_id == project.id, JoinRequest.officer_id == joining.officer_id,
        or_(JoinRequest.status == JoinStatus.ASKED, said_no),
    )  # fmt: skip
    return work.session.execute(query.limit(1)).first() is not None


def _asked_enough(work: UnitOfWork, project: Project) -> bool:
    """Whether as many have been written to today as a project may. Beyond that nobody is, and nothing else differs."""
    query = select(func.count()).where(
        JoinRequest.project_id == project.id, JoinRequest.asked_by != JoinRequest.officer_id,
        JoinRequest.asked_at > work.now - timedelta(days=1),
    )  # fmt: skip
    return work.session.execute(query).scalar_one() >= MOST_ASKED_A_DAY
