"""Asking to join a team, being asked to, and answering."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from pipeline.comments.rules import CommentedOn
from pipeline.http.entry import members, officers
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import _
from pipeline.projects import actions, interested, policy, queries
from pipeline.projects.actions.joining import check_takes_people
from pipeline.projects.models import JoinRequest, Project
from pipeline.projects.rules import PersonRole
from pipeline.projects.taking_part import LONGEST_MESSAGE, JoinStatus
from pipeline.web.asking import ask
from pipeline.web.comments import comments_panel
from pipeline.web.forms import OnceForm
from pipeline.web.interests.blueprint import blueprint
from pipeline.web.interests.shown import council_name, project_url, questions_shown, who
from pipeline.web.one_form import PressForm, one_form, text_form
from pipeline.web.rendering import show, uk_date

MessageForm = text_form("message", _("What would you bring?"), LONGEST_MESSAGE)
TakeInForm = text_form("answer", _("A word to them (optional)"), LONGEST_MESSAGE)
DeclineForm = text_form("answer", _("Why not, or not now?"), LONGEST_MESSAGE)

STATES = {
    JoinStatus.JOINED: _("They have joined the team."),
    JoinStatus.DECLINED: _("The answer was no."),
    JoinStatus.WITHDRAWN: _("The request was taken back."),
}


@blueprint.route("/projects/<slug>/join", methods=["GET", "POST"])
@members
def ask_to_join(slug: str) -> Response:
    """Ask the leads to take one into the team."""
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    ask(policy.may_ask_to_join(reading.actor, queries.facts_of(reading, project)))
    check_takes_people(project)
    form: Any = MessageForm()
    title, back = project.title, project_url(project)

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Ask to join the team")), "back_url": back, "back_words": title,
            "lead": gettext(_("The team does the work and writes drafts. It promises nothing of your council’s.")),
            "reads": gettext(_("The leads of the project will read your message. Nobody else will.")),
            "submits": gettext(_("Ask the leads")),
        }  # fmt: skip

    return one_form(
        form, lambda work: actions.ask_to_join(work, slug=slug, message=form.message.data),
        after=back, said=_("The leads are asked. You can read their answer in your work."), page=page,
    )  # fmt: skip


@blueprint.get("/join-requests/<uuid:request_id>")
@officers
def read_join_request(request_id: UUID) -> Response:
    """A request to join, or an invitation, for whoever asked and whoever was asked."""
    reading = begin_read()
    request, project = interested.join_request_seen_by(reading, request_id)
    facts = interested.join_facts_of(reading, request, project)
    is_own = reading.actor.officer_id == request.officer_id
    waits = request.status == JoinStatus.ASKED
    may_answer = waits and bool(policy.may_answer_join_request(reading.actor, facts))
    state = "" if waits else gettext(STATES[JoinStatus(request.status)])
    common = {
        "message": request.message, "shown_on": uk_date(request.asked_at), "state": state,
        "answer": request.answer, "acts": _acts(request, may_answer=may_answer, may_withdraw=is_own and waits),
        "answered_on": uk_date(request.answered_at) if request.answered_at else "",
        "questions": questions_shown(reading, request.id, may_reply=is_own and waits),
    }  # fmt: skip
    if not request.is_invitation:
        heading = gettext(_("%(council)s: asks to join the team"))
        council = council_name(reading, request.council_id)
        return show(
            "interests/show.html", heading=heading % {"council": council}, project_title=project.title,
            project_url=project_url(project), by=who(reading, request.officer_id, request.council_id), note="",
            **common, **comments_panel(reading, CommentedOn.JOIN_REQUEST, request.id),
        )  # fmt: skip
    # A draft is its team's: whoever is asked to join learns its title by joining.
    leads = gettext(_("%(council)s asks you to join a team"))
    named = project.is_public or request.status == JoinStatus.JOINED
    return show(
        "interests/show.html", heading=leads % {"council": council_name(reading, project.council_id)},
        project_title=project.title if named else "", project_url=project_url(project) if named else "", by="",
        note=_invitation_words(request), **common,
    )  # fmt: skip


def _invitation_words(request: JoinRequest) -> str:
    if request.role == PersonRole.LEAD:
        return gettext(_("You would be a lead: leads publish, answer pledges and decide. You join by saying yes."))
    return gettext(_("You would work in the team, which writes drafts. You join by saying yes."))


def _acts(request: JoinRequest, *, may_answer: bool, may_withdraw: bool) -> list[tuple[str, str]]:
    address = url_for("interests.read_join_request", request_id=request.id)
    if request.is_invitation:
        acts = (("join", _("Join the team")), ("turn-down", _("Say no")))
        return [(f"{address}/{act}", gettext(words)) for act, words in acts if may_answer]
    listed = (
        ("take-in", _("Take them in"), may_answer), ("ask-back", _("Ask a question"), may_answer),
        ("decline", _("Decline"), may_answer), ("withdraw", _("Take it back"), may_withdraw),
    )  # fmt: skip
    return [(f"{address}/{act}", gettext(words)) for act, words, may in listed if may]


@blueprint.route("/join-requests/<uuid:request_id>/take-in", methods=["GET", "POST"])
@members
def take_in(request_id: UUID) -> Response:
    """Take an officer who asked into the team, as a lead."""
    form: Any = TakeInForm()
    return _answer_page(
        request_id, form, lambda work: actions.take_in(work, request_id=request_id, answer=form.answer.data),
        heading=_("Take them into the team"), submits=_("Take them in"), said=_("They are in the team."),
        is_invitation=False,
    )  # fmt: skip


@blueprint.route("/join-requests/<uuid:request_id>/decline", methods=["GET", "POST"])
@members
def decline_request(request_id: UUID) -> Response:
    """Not take an officer who asked into the team, as a lead."""
    form: Any = DeclineForm()
    return _answer_page(
        request_id, form,
        lambda work: actions.decline_join_request(work, request_id=request_id, answer=form.answer.data),
        heading=_("Decline"), submits=_("Decline"), said=_("They are told, with your answer."), is_invitation=False,
        kind="warning",
    )  # fmt: skip


@blueprint.route("/join-requests/<uuid:request_id>/join", methods=["GET", "POST"])
@officers
def join(request_id: UUID) -> Response:
    """Say yes to joining a team."""
    return _answer_page(
        request_id, PressForm(), lambda work: actions.join_team(work, request_id=request_id),
        heading=_("Join the team"), submits=_("Join the team"), said=_("You are in the team."), is_invitation=True,
    )  # fmt: skip


@blueprint.route("/join-requests/<uuid:request_id>/turn-down", methods=["GET", "POST"])
@officers
def turn_down(request_id: UUID) -> Response:
    """Say no to joining a team."""
    return _answer_page(
        request_id, PressForm(), lambda work: actions.decline_to_join(work, request_id=request_id),
        heading=_("Say no to joining"), submits=_("Say no"), said=_("You have said no."), is_invitation=True,
    )  # fmt: skip


@blueprint.route("/join-requests/<uuid:request_id>/withdraw", methods=["GET", "POST"])
@officers
def withdraw_request(request_id: UUID) -> Response:
    """No longer ask to join."""
    reading = begin_read()
    request, project = interested.join_request_seen_by(reading, request_id)
    ask(policy.may_withdraw_join_request(reading.actor, interested.join_facts_of(reading, request, project)))
    title, back = project.title, url_for("interests.read_join_request", request_id=request_id)

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Take your request back")), "lead": title, "back_url": back, "back_words": title,
            "submits": gettext(_("Take it back")), "kind": "warning",
        }  # fmt: skip

    return one_form(
        PressForm(), lambda work: actions.withdraw_join_request(work, request_id=request_id),
        after=project_url(project), said=_("Your request is taken back."), page=page,
    )  # fmt: skip


def _answer_page(
    request_id: UUID, form: OnceForm, carry_out: Any, *, heading: str, submits: str, said: str, is_invitation: bool,
    kind: str = "",
) -> Response:  # fmt: skip
    """The page on which whoever was asked answers. Raises NotFound, NotAllowed."""
    reading = begin_read()
    request, project = interested.join_request_seen_by(reading, request_id)
    if request.is_invitation is not is_invitation:
        raise NotFound("join_request")
    ask(policy.may_answer_join_request(reading.actor, interested.join_facts_of(reading, request, project)))
    back, quoted = url_for("interests.read_join_request", request_id=request_id), request.message
    back_words = _back_words(request, project)
    reads = gettext(_("The officer who asks to join and the leads will read this."))

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(heading), "lead": "", "quoted": quoted, "back_url": back, "back_words": back_words,
            "submits": gettext(submits), "kind": kind, "reads": "" if is_invitation else reads,
        }  # fmt: skip

    return one_form(form, carry_out, after=back, said=said, page=page)


def _back_words(request: JoinRequest, project: Project) -> str:
    return gettext(_("Back")) if request.is_invitation and not project.is_public else project.title
