"""The coordinators' pages: the desk, councils without an admin, and who is a coordinator."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.accounts import actions, policy, queries
from pipeline.accounts.rules import MOST_ADDRESS, address_from
from pipeline.coordination import desk
from pipeline.http.entry import coordinators, platform_admins
from pipeline.http.identity import current_actor
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.kernel.words import _
from pipeline.moderation.queries import number_of_reports
from pipeline.moderation.rules import ReportStatus
from pipeline.successions.queries import councils_with_things_waiting
from pipeline.web.accounts.signing_in import source
from pipeline.web.desk_lines import WORDS, counted_words
from pipeline.web.forms import AtMost, Line, PageForm, Required, lazy, problems_onto
from pipeline.web.memberships import act, name_of, shown
from pipeline.web.rendering import show

blueprint = Blueprint("coordination", __name__)
BACK = "coordination.admin"


@blueprint.get("/coordination")
@coordinators
def index() -> Response:
    """The desk: how much is on each of its lists, and councils that have people and no admin."""
    reading = begin_read()
    waiting = queries.councils_without_admin(reading)
    lines = [(one.council.slug, name_of(one.council), one.waiting, one.members) for one in waiting]
    counted = desk.numbers(reading)
    lists = [
        (name, gettext(WORDS[name].heading), counted_words(number, desk.MOST_SUMMED_UP))
        for name, number in counted.items()
    ]
    return show(
        "coordination/index.html", councils=lines, lists=lists,
        is_platform_admin=current_actor().has(Role.PLATFORM_ADMIN),
        reports=number_of_reports(reading, ReportStatus.WAITING),
        reorganised=councils_with_things_waiting(reading),
    )  # fmt: skip


@blueprint.get("/coordination/councils/<slug>/admin")
@coordinators
def admin(slug: str) -> Response:
    """Who could be a council's first admin."""
    people = queries.people_of_council(begin_read(), slug)
    listed = () if people.has_admin else (*people.waiting, *people.members)
    return show(
        "coordination/admin.html",
        slug=slug,
        council_name=name_of(people.council),
        has_admin=people.has_admin,
        people=[shown(person) for person in listed],
    )


@blueprint.post("/coordination/councils/<slug>/people/<uuid:membership_id>/appoint")
@coordinators
def appoint(slug: str, membership_id: UUID) -> Response:
    """Make somebody the council's first admin."""
    said = _("{name} is the council’s first admin.")
    return act(slug, membership_id, actions.appoint_first_admin, said, BACK, source=source())


@blueprint.post("/coordination/councils/<slug>/people/<uuid:membership_id>/let-in")
@coordinators
def let_in(slug: str, membership_id: UUID) -> Response:
    """Let somebody into a council that has no admin."""
    return act(slug, membership_id, actions.let_officer_in, _("{name} is in."), BACK)


@blueprint.post("/coordination/councils/<slug>/people/<uuid:membership_id>/decline")
@coordinators
def decline(slug: str, membership_id: UUID) -> Response:
    """Say no to somebody who waits for a council that has no admin."""
    return act(slug, membership_id, actions.decline_officer, _("{name} is not let in."), BACK)


class CoordinatorForm(PageForm):
    """The address of whoever is to be a coordinator."""

    address = Line(
        lazy(_("Their e-mail address")),
        description=lazy(_("They need an account with a confirmed address.")),
        validators=[Required(lazy(_("Give their e-mail address"))), AtMost(MOST_ADDRESS)],
        render_kw={"params": {"type": "email", "autocomplete": "off", "spellcheck": False}},
    )


@blueprint.route("/coordination/people", methods=("GET", "POST"))
@platform_admins
def people() -> Response:
    """Who is a coordinator; make somebody one."""
    reading = begin_read()
    form = CoordinatorForm()
    people_listed = queries.platform_people(reading)
    accounts = queries.accounts_of(reading.session, [one.officer_id for one in people_listed])
    listed = [
        {"officer_id": one.officer_id, "name": one.name, "address": one.address, "role": one.role.value,
         "may_be_taken": one.role is Role.COORDINATOR
         and bool(policy.may_appoint_coordinator(current_actor(), accounts[one.officer_id])), "given_at": one.given_at}
        for one in people_listed
    ]  # fmt: skip
    if not form.is_sent():
        return show("coordination/people.html", 422 if request.method == "POST" else 200, form=form, people=listed)
    officer_id = queries.officer_by_address(reading, address_from(form.address.data))
    if officer_id is None:
        form.address.errors = [gettext(_("Nobody has confirmed an account with this address. Ask them to sign up"))]
        return show("coordination/people.html", 422, form=form, people=listed)
    try:
        with begin_work() as work:
            actions.give_platform_role(work, officer_id=officer_id, role=Role.COORDINATOR, source=source())
    except (RuleBroken, Conflict, NotAllowed) as refusal:
        return show("coordination/people.html", problems_onto(form, refusal), form=form, people=listed)
    flash(gettext(_("They are a coordinator now.")), "success")
    return redirect(url_for("coordination.people"), 303)  # type: ignore[return-value]


@blueprint.post("/coordination/people/<uuid:officer_id>/remove")
@platform_admins
def remove(officer_id: UUID) -> Response:
    """Take a coordinator's role away."""
    if officer_id not in {one.officer_id for one in queries.platform_people(begin_read())}:
        raise NotFound("officer")
    with begin_work() as work:
        actions.take_platform_role(work, officer_id=officer_id, role=Role.COORDINATOR, source=source())
    flash(gettext(_("They are no longer a coordinator.")), "success")
    return redirect(url_for("coordination.people"), 303)  # type: ignore[return-value]
