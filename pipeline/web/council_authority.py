"""How far authority in a council reaches: the limits of its authorisers, its standing rule, and people named by e-mail.
For its admins; nobody sets their own limit."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.accounts import actions, policy, queries
from pipeline.accounts.limits import CouncilAuthority, Limit
from pipeline.accounts.queries.authority import authority_now, limits_of_members
from pipeline.http.entry import council_admins
from pipeline.http.identity import current_actor
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.actor import Role
from pipeline.kernel.effort import days
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.pledges.authority import STANDING_RULE_IN_PROJECT, STANDING_RULE_IN_YEAR
from pipeline.web.accounts.signing_in import source
from pipeline.web.forms import Day, Days, PageForm, Pounds, YesNo, lazy, problems_onto
from pipeline.web.memberships import name_of, shown
from pipeline.web.rendering import show

blueprint = Blueprint("council_authority", __name__)


class LimitForm(PageForm):
    """How much an authoriser may agree to."""

    half_days = Days(
        lazy(_("How many days may they agree to in one project?")),
        description=lazy(
            _("All that your council pledges to the project counts towards it. Leave empty for no limit.")
        ),
    )
    pence = Pounds(
        lazy(_("How many pounds may they agree to in one project?")),
        description=lazy(_("Funding, and things in kind at their worth. Leave empty for no limit, type 0 for none.")),
    )
    first_on = Day(lazy(_("From which day? (optional)")))
    last_on = Day(lazy(_("Until which day? (optional)")))

    def limit(self) -> Limit:
        """The limit that was typed."""
        return Limit(
            half_days=self.half_days.data, pence=self.pence.data, first_on=self.first_on.data, last_on=self.last_on.data
        )


@blueprint.route("/councils/<slug>/settings/people/<uuid:membership_id>/limit", methods=("GET", "POST"))
@council_admins
def set_limit(slug: str, membership_id: UUID) -> Response:
    """How far the authority of one authoriser reaches."""
    reading = begin_read()
    council, person = queries.person_of_council(reading, slug, membership_id)
    if Role.AUTHORISER not in person.roles:
        raise NotFound("membership")
    limit = limits_of_members(reading.session, [membership_id]).get(membership_id)
    form = LimitForm(limit)
    values = {"slug": slug, "council_name": name_of(council), "person": shown(person)}
    if not form.is_sent():
        status = 422 if request.method == "POST" else 200
        return show("memberships/limit.html", status, form=form, **values)
    try:
        with begin_work() as work:
            actions.set_limit(
                work, membership_id=membership_id, council_id=council.id, limit=form.limit(), source=source()
            )
    except NotAllowed as refusal:
        _note(refusal, str(membership_id))
        raise
    except (RuleBroken, Conflict) as refusal:
        return show("memberships/limit.html", problems_onto(form, refusal), form=form, **values)
    flash(say(Words(_("The limit of {name} is set."), name=person.name)), "success")
    return redirect(url_for("memberships.settings", slug=slug), 303)  # type: ignore[return-value]


class AuthorityForm(PageForm):
    """What the council lets happen without its authorisers."""

    standing_rule_on = Day(
        lazy(_("The date of your council’s standing rule for officers’ time")),
        description=lazy(_("Leave empty if your council has no such rule: then every offer waits for an authoriser.")),
    )
    has_named_way = YesNo(lazy(_("Officers may name somebody at your council by e-mail to decide")))
    ceiling_half_days = Days(
        lazy(_("How many days may somebody named by e-mail agree to in one project?")),
        description=lazy(
            _("All that your council pledges to the project counts towards it. Leave empty for no limit.")
        ),
    )
    ceiling_pence = Pounds(
        lazy(_("How many pounds may somebody named by e-mail agree to in one project?")),
        description=lazy(_("Funding, and things in kind at their worth. Leave empty for no limit, type 0 for none.")),
    )

    def authority(self) -> CouncilAuthority:
        """What was typed."""
        return CouncilAuthority(
            standing_rule_on=self.standing_rule_on.data,
            has_named_way=bool(self.has_named_way.data),
            ceiling=Limit(half_days=self.ceiling_half_days.data, pence=self.ceiling_pence.data),
        )


@blueprint.route("/councils/<slug>/settings/authority", methods=("GET", "POST"))
@council_admins
def set_authority(slug: str) -> Response:
    """A council's standing rule, and people named by e-mail."""
    reading = begin_read()
    people = queries.people_of_council(reading, slug)
    council = people.council
    if not policy.may_set_authority(reading.actor, council.id):
        raise NotFound("council")
    now = authority_now(reading.session, council.id)
    form = AuthorityForm(
        data={
            "standing_rule_on": now.standing_rule_on, "has_named_way": now.has_named_way,
            "ceiling_half_days": now.ceiling.half_days, "ceiling_pence": now.ceiling.pence,
        }
    )  # fmt: skip
    values = {
        "slug": slug, "council_name": name_of(council), "in_project": days(STANDING_RULE_IN_PROJECT),
        "in_year": days(STANDING_RULE_IN_YEAR),
    }  # fmt: skip
    if not form.is_sent():
        status = 422 if request.method == "POST" else 200
        return show("memberships/authority.html", status, form=form, **values)
    try:
        with begin_work() as work:
            actions.set_council_authority(work, council_id=council.id, authority=form.authority(), source=source())
    except NotAllowed as refusal:
        _note(refusal, slug)
        raise
    except (RuleBroken, Conflict) as refusal:
        names = {"half_days": "ceiling_half_days", "pence": "ceiling_pence"}
        return show("memberships/authority.html", problems_onto(form, refusal, names), form=form, **values)
    flash(gettext(_("How your council decides is set.")), "success")
    return redirect(url_for("memberships.settings", slug=slug), 303)  # type: ignore[return-value]


def _note(refusal: NotAllowed, about: str) -> None:
    """A refusal that matters is remembered, after the work was rolled back."""
    officer_id = current_actor().officer_id
    actions.note_danger("refused", officer_id=officer_id, source=source(), code=refusal.code, about=about)
