"""Whether a project is still true, and how it passes to another council: asked, agreed, approved; and what is carried
over."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from pipeline.accounts.queries import members_of
from pipeline.councils.models import Council
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import coordinators, members, officers
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.actor import Actor
from pipeline.kernel.decision import Decision
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.pledges import actions
from pipeline.pledges import policy as pledge_policy
from pipeline.pledges import queries as pledge_queries
from pipeline.projects import handovers, policy, queries
from pipeline.projects.actions import say_still_true
from pipeline.projects.freshness_messages import HANDOVER_ENDS, HANDOVER_SENTENCES
from pipeline.projects.handing_over import MOST_MESSAGE, HandoverKind, HandoverStatus
from pipeline.projects.handovers import HandoverShown
from pipeline.projects.models import Project
from pipeline.projects.page import ProjectPage
from pipeline.projects.policy import HandoverFacts
from pipeline.projects.terms import RUNNING
from pipeline.web.asking import ask
from pipeline.web.forms import Choice, OnceForm, OneOfMany, Text, lazy
from pipeline.web.one_form import PressForm, one_form, text_form
from pipeline.web.rendering import show, uk_date

blueprint = Blueprint("handovers", __name__)

DeclineForm = text_form("answer", _("Why not?"), MOST_MESSAGE)
TakeOverForm = text_form("message", _("Why would your council lead it?"), MOST_MESSAGE)
CARRIES_OVER, LET_OFF = "yes", "no"


class HandOverForm(OnceForm):
    """To which council, and why."""

    council = OneOfMany(lazy(_("Which council is to lead it?")))
    message = Text(lazy(_("Why?")), description=lazy(_("Say what has been done and what is left to do.")),
                   most=MOST_MESSAGE, render_kw={"rows": 6})  # fmt: skip


class AgreeForm(OnceForm):
    """Who of the council is to lead it."""

    lead = OneOfMany(lazy(_("Who in your council will lead it?")))


class CarryOverForm(OnceForm):
    """Whether a committed pledge holds under the new lead council."""

    answer = Choice(
        lazy(_("Does your council’s pledge still hold?")),
        choices=(
            (CARRIES_OVER, lazy(_("Yes, it carries over"))),
            (LET_OFF, lazy(_("No, let us off what is left of it"))),
        ),
    )


@blueprint.route("/projects/<slug>/still-true", methods=["GET", "POST"])
@members
def still_true(slug: str) -> Response:
    """Is the page still true? A lead says yes, edits it, or stops the project."""
    reading = begin_read()
    project = _project(reading, slug, policy.may_say_still_true)
    back = _address(project)

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Is this page still true?")), "back_url": back, "back_words": project.title,
            "lead": gettext(_("Councils look at it before they pledge. Tell them that somebody is here.")),
            "submits": gettext(_("Yes, it is still true")),
            "other_ways": [
                (url_for("projects.edit", slug=slug), gettext(_("Something has changed: edit the page"))),
                (url_for("decisions.stop", slug=slug), gettext(_("The work has stopped: stop the project"))),
                (url_for("handovers.hand_over", slug=slug), gettext(_("Hand it over to another council"))),
            ],
        }  # fmt: skip

    return one_form(
        PressForm(), lambda work: say_still_true(work, slug=slug), after=back,
        said=_("Thank you. Everybody can see that the page is still true."), page=page,
    )  # fmt: skip


@blueprint.route("/projects/<slug>/hand-over", methods=["GET", "POST"])
@members
def hand_over(slug: str) -> Response:
    """Offer a project to another council."""
    reading = begin_read()
    project = _project(reading, slug, policy.may_hand_over)
    form: Any = HandOverForm()
    form.council.choices = [("", gettext(_("Choose a council"))), *handovers.councils_to_choose(reading, project)]
    back = _address(project)

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Hand this project over")), "back_url": back, "back_words": project.title,
            "lead": gettext(
                _("Somebody with authority in that council has to agree. Until then nothing changes. Pledges stand;"
                  " councils may withdraw what is not committed, and are asked to carry over what is.")
            ),
            "reads": gettext(_("The other council and the coordinators will read this. Once they agree, everybody.")),
            "submits": gettext(_("Offer it to them")),
        }  # fmt: skip

    def carry_out(work: UnitOfWork) -> None:
        council_id = _chosen(form.council.data, _("Choose the council that is to lead it"), "council")
        actions.offer_hand_over(work, slug=slug, council_id=council_id, message=form.message.data)

    return one_form(form, carry_out, after=back, said=_("They are asked to agree."), page=page)


@blueprint.route("/projects/<slug>/take-over", methods=["GET", "POST"])
@members
def take_over(slug: str) -> Response:
    """Ask for a project that looks for a lead."""
    reading = begin_read()
    project = _project(reading, slug, policy.may_take_over)
    form: Any = TakeOverForm()
    back = _address(project)

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Take this project over")), "back_url": back, "back_words": project.title,
            "lead": gettext(
                _("Its leads have 10 working days to say that they are still here. Then a coordinator decides.")
            ),
            "reads": gettext(_("The council that leads it now and the coordinators will read this.")),
            "submits": gettext(_("Ask to take it over")),
        }  # fmt: skip

    def carry_out(work: UnitOfWork) -> None:
        actions.ask_take_over(work, slug=slug, message=form.message.data)

    return one_form(form, carry_out, after=back, said=_("The leads and the coordinators are asked."), page=page)


@blueprint.get("/handovers/<uuid:handover_id>")
@officers
def read_handover(handover_id: UUID) -> Response:
    """A project on its way to another council, for those it concerns."""
    reading = begin_read()
    shown, facts = _found(reading, handover_id)
    return show(
        "interests/show.html", heading=_heading(shown), project_title=shown.project_title,
        project_url=url_for("projects.show_project", slug=shown.project_slug), by=shown.from_name
        if shown.kind is HandoverKind.HAND_OVER else shown.to_name, shown_on=uk_date(shown.asked_at),
        message=shown.message, answer=shown.answer, answered_on=uk_date(shown.ended_at) if shown.ended_at else "",
        state=_state(shown), note=_note(shown), acts=_acts(reading.actor, shown, facts), questions=[],
    )  # fmt: skip


@blueprint.route("/handovers/<uuid:handover_id>/agree", methods=["GET", "POST"])
@members
def agree(handover_id: UUID) -> Response:
    """Agree, with authority in the council that is to lead the project, and say who will."""
    reading = begin_read()
    shown, facts = _found(reading, handover_id)
    ask(policy.may_agree_handover(reading.actor, facts))
    form: Any = AgreeForm()
    form.lead.choices = [(str(one.officer_id), one.name) for one in members_of(reading, shown.to_id)]

    def carry_out(work: UnitOfWork) -> None:
        lead_id = _chosen(form.lead.data, _("Choose who will lead it"), "lead")
        actions.agree_handover(work, handover_id=handover_id, lead_id=lead_id)

    if not form.is_submitted() and not form.lead.data:
        form.lead.data = str(reading.actor.officer_id)
    return _form(
        form, shown, gettext(_("Agree to lead this project")), gettext(_("Agree")),
        carry_out,
        _("Your council has agreed."),
    )  # fmt: skip


@blueprint.route("/handovers/<uuid:handover_id>/decline", methods=["GET", "POST"])
@officers
def decline(handover_id: UUID) -> Response:
    """Say no to what was offered, or, as a coordinator, to what a council asked for."""
    reading = begin_read()
    shown, facts = _found(reading, handover_id)
    ask(policy.may_decline_handover(reading.actor, facts))
    form: Any = DeclineForm()
    return _form(
        form, shown, gettext(_("Say no")), gettext(_("Say no")),
        lambda work: actions.decline_handover(work, handover_id=handover_id, answer=form.answer.data),
        _("The project stays where it is."),
    )  # fmt: skip


@blueprint.route("/handovers/<uuid:handover_id>/withdraw", methods=["GET", "POST"])
@members
def withdraw(handover_id: UUID) -> Response:
    """Take back what one's side offered or asked for."""
    reading = begin_read()
    shown, facts = _found(reading, handover_id)
    ask(policy.may_withdraw_handover(reading.actor, facts))
    return _form(
        PressForm(), shown, gettext(_("Take this back")), gettext(_("Take it back")),
        lambda work: actions.withdraw_handover(work, handover_id=handover_id), _("The project stays where it is."),
    )  # fmt: skip


@blueprint.route("/handovers/<uuid:handover_id>/approve", methods=["GET", "POST"])
@coordinators
def approve(handover_id: UUID) -> Response:
    """Let a council take a project over, as a coordinator."""
    reading = begin_read()
    shown, _facts = _found(reading, handover_id)
    return _form(
        PressForm(), shown, gettext(_("Let them take it over")), gettext(_("Approve")),
        lambda work: actions.approve_takeover(work, handover_id=handover_id), _("They lead the project now."),
    )  # fmt: skip


@blueprint.route("/pledges/<uuid:pledge_id>/carry-over", methods=["GET", "POST"])
@members
def carry_over(pledge_id: UUID) -> Response:
    """Say whether a committed pledge holds under the council that leads the project now."""
    reading = begin_read()
    pledge = pledge_queries.pledge_seen_by(reading, pledge_id)
    ask(pledge_policy.may_carry_over_pledge(reading.actor, pledge_queries.facts_of(reading, pledge)))
    form: Any = CarryOverForm()
    project, back = pledge.need.project, url_for("pledges.show_pledge", pledge_id=pledge_id)
    council = reading.session.get_one(Council, project.council_id).short_name

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Another council leads this project now")), "back_url": back,
            "back_words": project.title, "submits": gettext(_("Answer")),
            "lead": gettext(_("%(council)s leads it. Without an answer your council is let off its pledge."))
            % {"council": council},
        }  # fmt: skip

    def carry_out(work: UnitOfWork) -> None:
        if form.answer.data not in (CARRIES_OVER, LET_OFF):
            raise RuleBroken(Problem("handover.answer_missing", Words(_("Say whether it still holds")), "answer"))
        carries_over = form.answer.data == CARRIES_OVER
        actions.answer_carry_over(work, pledge_id=pledge_id, carries_over=carries_over)

    return one_form(form, carry_out, after=back, said=_("Thank you. The leads can see your answer."), page=page)


def handover_line(one: HandoverShown) -> dict[str, str]:
    """A project on its way, as a line of a list."""
    return {
        "url": url_for("handovers.read_handover", handover_id=one.id), "title": one.project_title,
        "about": _heading(one), "when": uk_date(one.asked_at),
    }  # fmt: skip


def on_its_way(reading: Reading, page: ProjectPage) -> dict[str, str] | None:
    """That a project is on its way to another council, for those it concerns."""
    if reading.actor.is_anonymous or not page.is_on_its_way or page.status not in RUNNING:
        return None
    standing = handovers.standing_handover(reading, page.id)
    return handover_line(standing) if standing else None


def _project(reading: Reading, slug: str, may: Callable[[Actor, policy.ProjectFacts], Decision]) -> Project:
    project = queries.project_seen_by(reading, slug)
    ask(may(reading.actor, queries.facts_of(reading, project)))
    return project


def _found(reading: Reading, handover_id: UUID) -> tuple[HandoverShown, HandoverFacts]:
    shown = handovers.handover_shown(reading, handover_id)
    handover = handovers.handover_seen_by(reading, handover_id)
    return shown, handovers.facts_of(reading, handover, queries.project_by_id(reading, shown.project_id))


def _chosen(value: str, words: str, field: str) -> UUID:
    found = id_from(value)
    if found is None:
        raise RuleBroken(Problem(f"handover.{field}_missing", Words(words), field))
    return found


def _form(
    form: OnceForm, shown: HandoverShown, heading: str, submits: str, act: Callable[[UnitOfWork], Any], said: str
) -> Response:
    address = url_for("handovers.read_handover", handover_id=shown.id)

    def page() -> dict[str, Any]:
        return {
            "heading": heading, "lead": _heading(shown), "quoted": shown.message, "submits": submits,
            "back_url": address, "back_words": shown.project_title,
        }  # fmt: skip

    return one_form(form, act, after=address, said=said, page=page)


def _heading(shown: HandoverShown) -> str:
    return say(Words(HANDOVER_SENTENCES[shown.kind], old=shown.from_name, new=shown.to_name))


def _state(shown: HandoverShown) -> str:
    if shown.status is HandoverStatus.ASKED:
        return ""
    if shown.status is HandoverStatus.AGREED:
        return gettext(_("%(council)s leads the project now.")) % {"council": shown.to_name}
    return gettext(HANDOVER_ENDS[shown.status])


def _note(shown: HandoverShown) -> str:
    if shown.status is not HandoverStatus.ASKED:
        return ""
    if not shown.has_agreed:
        return gettext(_("Somebody with authority in %(council)s has to agree.")) % {"council": shown.to_name}
    day = uk_date(shown.answer_due_on) if shown.answer_due_on else ""
    return gettext(_("The leads can say until %(day)s that they are still here. Then a coordinator decides.")) % {
        "day": day
    }  # fmt: skip


def _acts(actor: Actor, shown: HandoverShown, facts: HandoverFacts) -> list[tuple[str, str]]:
    if shown.status is not HandoverStatus.ASKED:
        return []
    is_takeover = shown.kind is HandoverKind.TAKE_OVER
    leads = bool(policy.may_say_still_true(actor, facts.project))
    steps = (
        (is_takeover and leads, url_for("handovers.still_true", slug=shown.project_slug), _("We are still here")),
        (not shown.has_agreed and bool(policy.may_agree_handover(actor, facts)), _to("agree", shown), _("Agree")),
        (is_takeover and bool(policy.may_approve_takeover(actor)), _to("approve", shown), _("Approve")),
        (bool(policy.may_decline_handover(actor, facts)), _to("decline", shown), _("Say no")),
        (bool(policy.may_withdraw_handover(actor, facts)), _to("withdraw", shown), _("Take this back")),
    )
    return [(url, gettext(words)) for may, url, words in steps if may]


def _to(verb: str, shown: HandoverShown) -> str:
    return url_for(f"handovers.{verb}", handover_id=shown.id)


def _address(project: Project) -> str:
    return url_for("projects.show_project", slug=project.slug or project.id)
