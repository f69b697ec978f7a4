"""Who authorised a pledge, as its own page says it, and what else can be done about who decides."""

from pipeline.accounts.limits import Limit
from pipeline.accounts.queries.people import people_shown
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.http.language import gettext, say
from pipeline.kernel.words import Words, _
from pipeline.pledges import asked, policy, queries
from pipeline.pledges.actions.setting_aside import SET_ASIDE_FROM
from pipeline.pledges.authority import Way
from pipeline.pledges.messages import CAPACITIES
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.pledges.policy import PledgeFacts
from pipeline.pledges.rules import Capacity, PledgeStatus
from pipeline.web.limits import limit_words
from pipeline.web.rendering import uk_date

Rows = list[tuple[str, str]]


def authorisation_rows(reading: Reading, pledge: Pledge, facts: PledgeFacts, council: Council) -> Rows:
    """Who agreed for the council: the public reads a capacity, the council itself all of it, and whom it has asked."""
    authorisation = queries.authorisation_of(reading, pledge.id)
    is_own = bool(policy.may_read_authorisation(reading.actor, facts))
    if authorisation is None:
        return _asked_rows(reading, pledge, facts) if is_own else []
    who = [capacity_words(authorisation), person_words(reading, authorisation) if is_own else "", council.short_name]
    rows = [
        (_("Authorised by"), ", ".join(part for part in who if part)),
        (_("Authorised on"), uk_date(authorisation.authorised_at)),
    ]
    if is_own and authorisation.way != Way.STANDING_RULE:
        rows.append((_("Limit used"), limit_words(limit_of(authorisation))))
    return rows


def _asked_rows(reading: Reading, pledge: Pledge, facts: PledgeFacts) -> Rows:
    request = asked.request_of(reading, pledge.id) if facts.status is PledgeStatus.OFFERED else None
    return [(_("Asked by e-mail"), f"{request.address}, {uk_date(request.asked_at)}")] if request else []


def capacity_words(authorisation: Authorisation) -> str:
    """In which capacity somebody agreed; for the standing rule its date."""
    if authorisation.capacity is None:
        words = Words(_("The council’s standing rule of {day}"), day=uk_date(authorisation.rule_on))
        return say(words)
    return say(CAPACITIES[Capacity(authorisation.capacity)])


def person_words(reading: Reading, authorisation: Authorisation) -> str:
    """Who agreed, for the pledging council: somebody named by e-mail as they named themselves, an officer if they chose
    to be named."""
    if authorisation.way == Way.NAMED:
        return f"{authorisation.name}, {authorisation.job_title}"
    if authorisation.officer_id is None:
        return ""
    return people_shown(reading, {authorisation.officer_id})[authorisation.officer_id].display_name or ""


def limit_of(authorisation: Authorisation) -> Limit:
    """The limit that was used."""
    return Limit(
        half_days=authorisation.limit_half_days, pence=authorisation.limit_pence,
        first_on=authorisation.limit_first_on, last_on=authorisation.limit_last_on,
    )  # fmt: skip


def authority_acts(reading: Reading, facts: PledgeFacts) -> list[tuple[str, str]]:
    """What else this person can do about who decides: the last part of the address, and the words of the link."""
    links = []
    if facts.status is PledgeStatus.OFFERED and policy.may_ask_by_mail(reading.actor, facts):
        links.append(("ask", gettext(_("Name somebody by e-mail to decide"))))
    if facts.status in SET_ASIDE_FROM and facts.way is Way.NAMED and policy.may_set_aside(reading.actor, facts):
        links.append(("set-aside", gettext(_("Set the authorisation aside"))))
    if facts.way is not None and policy.may_read_authorisation(reading.actor, facts):
        links.append(("decision-record.docx", gettext(_("Download the draft decision record (.docx)"))))
        links.append(("decision-record.html", gettext(_("Download the draft decision record (.html)"))))
    return links


def carry_over_act(reading: Reading, pledge: Pledge, facts: PledgeFacts) -> list[tuple[str, str]]:
    """What somebody with authority is asked where another council leads the project now, in the same form."""
    is_asked = pledge.carry_over_due_on is not None and facts.status is PledgeStatus.COMMITTED
    if not is_asked or not policy.may_carry_over_pledge(reading.actor, facts):
        return []
    return [("carry-over", gettext(_("Say whether it carries over to the new lead council")))]
