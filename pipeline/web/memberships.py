"""Places in councils: asking for one, leaving, and the page where a council's admins tend its people."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.accounts import actions, policy, queries
from pipeline.accounts.limits import Limit
from pipeline.accounts.messages import ROLE_WORDS
from pipeline.accounts.queries import CouncilChoice, PersonOfCouncil
from pipeline.accounts.queries.authority import authority_now, limits_of_members
from pipeline.accounts.rules import GIVEN_ROLES
from pipeline.db.engine import database
from pipeline.http.entry import council_admins, officers
from pipeline.http.identity import current_actor
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.web.accounts.account import signed_in
from pipeline.web.accounts.signing_in import source
from pipeline.web.forms import Choices, OneOfMany, PageForm, lazy, problems_onto
from pipeline.web.limits import limit_words
from pipeline.web.rendering import show

blueprint = Blueprint("memberships", __name__)


class JoinForm(PageForm):
    """A council."""

    council = OneOfMany(
        lazy(_("Council")),
        description=lazy(_("Start to type its name, or choose it from the list.")),
    )


@blueprint.route("/account/councils/join", methods=("GET", "POST"))
@officers
def join() -> Response:
    """Ask for a place in a council."""
    reading = begin_read()
    address = queries.own_account(reading).address
    choices = queries.councils_to_join(reading)
    fit = queries.councils_of_domain(database.session(), address.rsplit("@", 1)[1])
    form = JoinForm()
    form.council.choices = [("", gettext(_("Choose a council"))), *((str(one.id), name_of(one)) for one in choices)]
    known = {one.id for one in choices}
    values = {"suggested": [name_of(one) for one in (*fit.decides, *fit.hints) if one.id in known]}
    if not form.is_sent():
        return show("memberships/join.html", 422 if request.method == "POST" else 200, form=form, **values)
    council_id = id_from(form.council.data)
    if council_id is None:
        form.council.errors = [gettext(_("Choose the council you work for"))]
        return show("memberships/join.html", 422, form=form, **values)
    try:
        with begin_work() as work:
            is_in = actions.join_council(work, council_id=council_id).started_at is not None
    except (RuleBroken, Conflict) as refusal:
        return show("memberships/join.html", problems_onto(form, refusal), form=form, **values)
    if is_in:
        flash(gettext(_("You have a place in this council.")), "success")
    else:
        flash(gettext(_("You have asked for a place. You will hear by e-mail when somebody lets you in.")), "info")
    return redirect(url_for("accounts.show_account"), 303)  # type: ignore[return-value]


def name_of(council: CouncilChoice) -> str:
    """A council's name in the page's language."""
    return council.name_cy if council.name_cy and current_language() == "cy" else council.name


@blueprint.route("/account/councils/<slug>/leave", methods=("GET", "POST"))
@officers
def leave(slug: str) -> Response:
    """Give up one's place in a council, after being told what it ends."""
    place = next((one for one in signed_in().places if one.slug == slug), None)
    if place is None:
        raise NotFound("membership")
    form = PageForm()
    if not form.is_sent():
        return show("memberships/leave.html", form=form, place=place)
    with begin_work() as work:
        actions.leave_council(work, council_id=place.council_id)
    flash(say(Words(_("You have no place in {council} any more."), council=place.name)), "success")
    return redirect(url_for("accounts.show_account"), 303)  # type: ignore[return-value]


@blueprint.get("/councils/<slug>/settings")
@council_admins
def settings(slug: str) -> Response:
    """A council's people: those who wait first."""
    reading = begin_read()
    people = queries.people_of_council(reading, slug)
    authority = authority_now(reading.session, people.council.id)
    limits = limits_of_members(reading.session, [one.membership_id for one in people.members])
    return show(
        "memberships/settings.html",
        slug=slug,
        council_name=name_of(people.council),
        waiting=[shown(person) for person in people.waiting],
        members=[shown(one) | _limit_shown(limits.get(one.membership_id)) for one in people.members],
        authority=authority,
        ceiling=limit_words(authority.ceiling),
        may_set_authority=bool(policy.may_set_authority(reading.actor, people.council.id)),
    )


def _limit_shown(limit: Limit | None) -> dict[str, Any]:
    return {"is_authoriser": limit is not None, "limit": limit_words(limit) if limit is not None else ""}


def shown(person: PersonOfCouncil) -> dict[str, Any]:
    """One of a council's people as plain values, with what whoever looks may do."""
    actor = current_actor()
    return {
        "id": person.membership_id,
        "officer_id": person.officer_id,
        "name": person.name,
        "job_title": person.job_title,
        "address": person.address,
        "asked_at": person.asked_at,
        "started_at": person.started_at,
        "roles": ", ".join(say(ROLE_WORDS[role]) for role in Role if role in person.roles),
        "is_oneself": person.officer_id == actor.officer_id,
        "may_be_answered": bool(policy.may_answer_waiting(actor, person.facts)),
        "may_be_changed": bool(policy.may_change_roles(actor, person.facts)),
        "may_be_removed": bool(policy.may_remove_member(actor, person.facts)),
        "may_be_first_admin": bool(policy.may_appoint_first_admin(actor, person.facts)),
    }


class RolesForm(PageForm):
    """What a member may do beyond membership."""

    roles = Choices(lazy(_("What may they do?")))


@blueprint.route("/councils/<slug>/settings/people/<uuid:membership_id>", methods=("GET", "POST"))
@council_admins
def change_roles(slug: str, membership_id: UUID) -> Response:
    """One of a council's people: their roles, and removing them."""
    council, person = queries.person_of_council(begin_read(), slug, membership_id)
    form = RolesForm(None)
    form.roles.choices = [
        (Role.AUTHORISER.value, gettext(_("Authoriser: agrees to pledges of the council, never to their own"))),
        (Role.COUNCIL_ADMIN.value, gettext(_("Council admin: lets people in, and gives and takes these roles"))),
    ]
    if request.method == "GET":
        form.roles.data = [role.value for role in GIVEN_ROLES if role in person.roles]
    values = {"slug": slug, "council_name": name_of(council), "person": shown(person)}
    if not form.is_sent():
        return show("memberships/change_roles.html", 422 if request.method == "POST" else 200, form=form, **values)
    try:
        with begin_work() as work:
            actions.change_roles(
                work, membership_id=membership_id, council_id=council.id, source=source(),
                roles=frozenset(Role(value) for value in form.roles.data),
            )  # fmt: skip
    except (RuleBroken, Conflict) as refusal:
        return show("memberships/change_roles.html", problems_onto(form, refusal), form=form, **values)
    flash(say(Words(_("The roles of {name} are changed. They have to sign in again."), name=person.name)), "success")
    return redirect(url_for("memberships.settings", slug=slug), 303)  # type: ignore[return-value]


@blueprint.post("/councils/<slug>/settings/people/<uuid:membership_id>/let-in")
@council_admins
def let_in(slug: str, membership_id: UUID) -> Response:
    """Let somebody in who waits."""
    return act(slug, membership_id, actions.let_officer_in, _("{name} is in."), "memberships.settings")


@blueprint.post("/councils/<slug>/settings/people/<uuid:membership_id>/decline")
@council_admins
def decline(slug: str, membership_id: UUID) -> Response:
    """Say no to somebody who waits."""
    return act(slug, membership_id, actions.decline_officer, _("{name} is not let in."), "memberships.settings")


@blueprint.route("/councils/<slug>/settings/people/<uuid:membership_id>/remove", methods=("GET", "POST"))
@council_admins
def remove(slug: str, membership_id: UUID) -> Response:
    """Remove a member, after being told what it ends."""
    council, person = queries.person_of_council(begin_read(), slug, membership_id)
    form = PageForm()
    if not form.is_sent():
        values = {"slug": slug, "council_name": name_of(council), "person": shown(person)}
        return show("memberships/remove.html", form=form, **values)
    said = _("{name} is removed.")
    return act(slug, membership_id, actions.remove_member, said, "memberships.settings", source=source())


def act(slug: str, membership_id: UUID, action: Callable[..., None], said: str, back_to: str, **more: Any) -> Response:
    """Do something to one of a council's people and go back; a refusal that matters is noted."""
    council, person = queries.person_of_council(begin_read(), slug, membership_id)
    try:
        with begin_work() as work:
            action(work, membership_id=membership_id, council_id=council.id, **more)
    except NotAllowed as refusal:
        officer_id, place = current_actor().officer_id, str(membership_id)
        actions.note_danger("refused", officer_id=officer_id, source=source(), code=refusal.code, membership=place)
        raise
    flash(say(Words(said, name=person.name)), "success")
    return redirect(url_for(back_to, slug=slug), 303)  # type: ignore[return-value]
