"""Who leads a project and who is in its team."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for

from pipeline.db.work import Reading
from pipeline.http.entry import members
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import _
from pipeline.projects import actions, policy
from pipeline.projects.page import ProjectPage, project_page_seen_by
from pipeline.projects.queries import Joining
from pipeline.projects.rules import PersonRole
from pipeline.web.asking import ask, status_of_form
from pipeline.web.forms import Choice, HiddenField, Line, OneOfMany, PageForm, lazy, problems_onto
from pipeline.web.people import colleague_choices, names_of
from pipeline.web.rendering import show

blueprint = Blueprint("team", __name__)


class AddForm(PageForm):
    """Somebody of one's own council, or of another by their work e-mail address."""

    officer_id = OneOfMany(lazy(_("A colleague of your council")))
    address = Line(
        lazy(_("Or the work e-mail address of somebody in another council")),
        description=lazy(
            _("If they have an account we write to them, and they join by saying yes. We do not tell if they have.")
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false", "inputmode": "email"},
    )
    role = Choice(
        lazy(_("What will they do?")),
        choices=(
            (PersonRole.TEAM.value, lazy(_("Work in the team: write drafts"))),
            (PersonRole.LEAD.value, lazy(_("Lead: publish, answer pledges and decide"))),
        ),
        default=PersonRole.TEAM.value,
    )


class RemoveForm(PageForm):
    """Whom to take out of the team."""

    officer_id = HiddenField()


@blueprint.route("/projects/<slug>/team", methods=["GET", "POST"])
@members
def show_team(slug: str) -> Response:
    """Everybody in the team; a lead adds to it here."""
    reading = begin_read()
    page = project_page_seen_by(reading, slug)
    facts = page.facts_for(reading)
    ask(policy.may_see_team(reading.actor, facts))
    form: Any = AddForm()
    form.officer_id.choices = [("", gettext(_("Choose"))), *colleague_choices(reading, facts.team_ids)]
    values = _values(reading, page, facts)
    status = status_of_form()
    if form.is_sent():
        ask(policy.may_change_team(reading.actor, facts))
        try:
            said = _add(reading, slug, form)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            if said:
                return _done(slug, said, facts.has_in_team(reading.actor))
            status = 422
    return show("projects/team.html", status, form=form, **values)


def _add(reading: Reading, slug: str, form: Any) -> str | None:
    """Put a colleague in, or ask whoever has an address; returns what to say of it, or None where nobody was named.

    What is said of an address is the same whether anybody has it or not. Raises RuleBroken, Conflict.
    """
    role = PersonRole(form.role.data)
    officer_id, council_id = id_from(form.officer_id.data), reading.actor.council_id
    if officer_id and council_id:
        with begin_work() as work:
            actions.add_colleague(work, slug=slug, officer_id=officer_id, council_id=council_id, role=role)
        return _("They are in.")
    if not form.address.data:
        form.officer_id.errors = [gettext(_("Choose a colleague, or type an address"))]
        return None
    with begin_work() as work:
        actions.ask_officer_to_join(work, slug=slug, address=form.address.data, role=role)
    return _("If an officer has an account with this address, they are asked. They join by saying yes.")


@blueprint.post("/projects/<slug>/team/remove")
@members
def remove(slug: str) -> Response:
    """Take somebody out of the team, or leave it."""
    form: Any = RemoveForm()
    officer_id = id_from(form.officer_id.data) if form.is_sent() else None
    if officer_id is None:
        raise NotFound("officer")
    reading = begin_read()
    is_leaving = officer_id == reading.actor.officer_id
    try:
        with begin_work() as work:
            actions.remove_colleague(work, slug=slug, officer_id=officer_id)
    except Conflict as refusal:
        return _show_refused(slug, refusal)
    flash(
        gettext(_("You have left the team.")) if is_leaving else gettext(_("They are no longer in the team.")),
        "success",
    )
    address = url_for("home.show_home") if is_leaving else url_for("team.show_team", slug=slug)
    return redirect(address, 303)  # type: ignore[return-value]


def _show_refused(slug: str, refusal: Conflict) -> Response:
    reading = begin_read()
    page = project_page_seen_by(reading, slug)
    facts = page.facts_for(reading)
    form: Any = AddForm()
    form.officer_id.data = ""
    form.officer_id.choices = [("", gettext(_("Choose"))), *colleague_choices(reading, facts.team_ids)]
    status = problems_onto(form, refusal)
    return show("projects/team.html", status, form=form, **_values(reading, page, facts))


def _values(reading: Reading, page: ProjectPage, facts: policy.ProjectFacts) -> dict[str, Any]:
    actor = reading.actor
    names = names_of(reading, [person.officer_id for person in page.people])
    people = [
        {
            "officer_id": person.officer_id,
            "name": names[person.officer_id],
            "council": person.council_name,
            "is_lead": person.role is PersonRole.LEAD,
            "is_self": person.officer_id == actor.officer_id,
            "may_remove": bool(policy.may_remove_from_team(actor, facts, person.officer_id)),
            "may_lead": person.role is PersonRole.TEAM and bool(policy.may_change_team(actor, facts)),
        }
        for person in page.people
    ]
    return {
        "project": page,
        "people": people,
        "may_change": bool(policy.may_change_team(actor, facts)),
    }


@blueprint.post("/projects/<slug>/team/role")
@members
def name_lead(slug: str) -> Response:
    """Make somebody of the team a lead, for the council they are in it for."""
    form: Any = RemoveForm()
    officer_id = id_from(form.officer_id.data) if form.is_sent() else None
    reading = begin_read()
    page = project_page_seen_by(reading, slug)
    person, is_in_team = _person(page, officer_id), page.facts_for(reading).has_in_team(reading.actor)
    try:
        with begin_work() as work:
            actions.add_colleague(
                work, slug=slug, officer_id=person.officer_id, council_id=person.council_id, role=PersonRole.LEAD
            )
    except Conflict as refusal:
        return _show_refused(slug, refusal)
    return _done(slug, _("They lead the project now."), is_in_team)


def _done(slug: str, said: str, is_in_team: bool) -> Response:
    """Back to the team; an admin who named a lead for it knows only its page from then on."""
    flash(gettext(said), "success")
    address = url_for("team.show_team" if is_in_team else "projects.show_project", slug=slug)
    return redirect(address, 303)  # type: ignore[return-value]


def _person(page: ProjectPage, officer_id: UUID | None) -> Joining:
    found = next((one for one in page.people if one.officer_id == officer_id), None)
    if found is None:
        raise NotFound("officer")
    return Joining(found.officer_id, found.council_id)
