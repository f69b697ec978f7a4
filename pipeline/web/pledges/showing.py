"""A pledge's own page and the lists of pledges, with what every page of a pledge shares."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from pipeline.accounts.queries.people import people_shown
from pipeline.councils.models import Council
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import Reading
from pipeline.http.cursors import make_cursor, read_cursor
from pipeline.http.entry import anyone, members
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel import clock
from pipeline.kernel.errors import NotFound, Refusal
from pipeline.kernel.words import Words, _
from pipeline.pledges import policy, queries
from pipeline.pledges.actions.asking_back import TAKES_QUESTIONS
from pipeline.pledges.messages import (
    ACTS,
    NOT_RECORDED,
    SPENDINGS,
    STATUS_NAMES,
    WHAT_NEXT,
    amount_words,
    financial_years_words,
    room_words,
)  # fmt: skip
from pipeline.pledges.models import Pledge
from pipeline.pledges.policy import PledgeFacts
from pipeline.pledges.queries import PledgeListed
from pipeline.pledges.rules import STANDING, Act, NoRoom, PledgeStatus, Spending, is_left_unrecorded
from pipeline.projects.models import Need
from pipeline.projects.rules import ProjectStatus
from pipeline.web.forms import OnceForm, problems_onto
from pipeline.web.interests.shown import questions_shown
from pipeline.web.pledges.authorised import authorisation_rows, authority_acts, carry_over_act
from pipeline.web.pledges.forms import (
    FIELDS_OF_RULES,
    OfferForm,
)  # fmt: skip
from pipeline.web.pledges.ledger import ledger_shown
from pipeline.web.pledges.waiting import waiting_of_pledge
from pipeline.web.rendering import revalidated, show, uk_date
from pipeline.web.signposting import signposts_beside
from pipeline.web.timeline import history_of_pledge

blueprint = Blueprint("pledges", __name__)

ROWS = 50
CURSOR = "pledges-of-council"
ENDED_TAGS = {PledgeStatus.BROKEN: "declined", PledgeStatus.RELEASED: "lapsed"}


def project_url(need: Need) -> str:
    """The project's own page; a draft's address holds its id."""
    return f"{request.script_root}/projects/{need.project.slug or need.project_id}"


def head_of(pledge: Pledge, council: Council) -> dict[str, Any]:
    """What every page of a pledge says at its head."""
    need = pledge.need
    status = PledgeStatus(pledge.status)
    return {
        "pledge": pledge,
        "need": need,
        "project": need.project,
        "project_url": project_url(need),
        "council": council.short_name,
        "amount": say(amount_words(pledge.kind, pledge.amount, need.thing or "")),
        "status_name": say(STATUS_NAMES[status]),
        "status_tag": ENDED_TAGS.get(status, status.value),
    }


def refusal_onto(form: OfferForm | OnceForm, refusal: Refusal) -> int:
    """Put a refusal on the form. Room is told in the days or pounds the officer typed, not in the API's units."""
    if isinstance(refusal, NoRoom):
        amount = form._fields["amount"]
        amount.errors = [*amount.errors, say(room_words(refusal.kind, refusal.left))]
        return 409
    names = FIELDS_OF_RULES | (form.fields_of_conditions() if isinstance(form, OfferForm) else {})
    return problems_onto(form, refusal, names)


def content_of(form: OnceForm) -> dict[str, Any]:
    """What was typed, by which the same press of a button is known again."""
    return {name: field.data for name, field in form._fields.items() if name not in ("csrf_token", "idempotency_key")}


@blueprint.get("/pledges/<uuid:pledge_id>")
@anyone
@revalidated
def show_pledge(pledge_id: UUID) -> Response:
    """A pledge: where it stands, who must act next, what happened, and what this reader can do."""
    reading = begin_read()
    pledge = queries.pledge_seen_by(reading, pledge_id)
    facts = queries.facts_of(reading, pledge)
    council = reading.session.get_one(Council, pledge.council_id)
    acts = policy.acts_open_to(reading.actor, facts)
    return show(
        "pledges/show.html",
        **head_of(pledge, council),
        facts_shown=_facts_shown(reading, pledge, facts, council),
        what_next=say(_what_next(pledge, council)),
        acts=[(act.value, say(ACTS[act])) for act in acts],
        authority_acts=[*carry_over_act(reading, pledge, facts), *authority_acts(reading, facts)],
        why_not=_why_not(reading, facts, acts),
        ledger=ledger_shown(reading, pledge, facts, council),
        waits_for=waiting_of_pledge(reading, pledge),
        places=_places(reading, pledge),
        timeline=history_of_pledge(reading, pledge.id),
        **_questions(reading, pledge, facts),
        signposts=signposts_beside(reading, council_id=pledge.council_id, project_id=pledge.project_id),
    )


def _questions(reading: Reading, pledge: Pledge, facts: PledgeFacts) -> dict[str, Any]:
    """By when the leads are to answer, and for the two councils what the leads asked back."""
    may_read = bool(policy.may_read_message(reading.actor, facts))
    may_reply = bool(policy.may_reply_for_council(reading.actor, facts))
    is_owed = pledge.answer_due_on is not None and pledge.answered_at is None
    return {
        "answer_due": _answer_due(pledge, clock.uk_date(reading.now)) if is_owed else "",
        "questions": questions_shown(reading, pledge.id, may_reply=may_reply) if may_read else [],
        "may_ask_back": facts.status in TAKES_QUESTIONS and bool(policy.may_ask_back(reading.actor, facts)),
    }


def _answer_due(pledge: Pledge, today: date) -> str:
    """By when the leads are to answer, or were."""
    if pledge.answer_due_on is None:
        return ""
    is_late = pledge.answer_due_on < today
    late, due = _("Their answer was due by the end of %(day)s."), _("Their answer is due by the end of %(day)s.")
    return gettext(late if is_late else due) % {"day": uk_date(pledge.answer_due_on)}


def _places(reading: Reading, pledge: Pledge) -> list[tuple[str, str]]:
    """Which pledge this one is to take the place of, and which was offered in its own, as (address, words)."""
    lines = []
    if pledge.replaces_id is not None:
        stands = pledge.status in STANDING and pledge.ended_at is None
        words = _("It is offered to take the place of an earlier pledge.") if stands else _("See the earlier pledge.")
        lines.append((pledge.replaces_id, words))
    lines += [(one, _("Another pledge was offered in its place.")) for one in queries.replacing_of(reading, pledge)]
    return [(url_for("pledges.show_pledge", pledge_id=one), gettext(words)) for one, words in lines]


def _what_next(pledge: Pledge, council: Council) -> Words:
    status, project_status = PledgeStatus(pledge.status), ProjectStatus(pledge.need.project.status)
    ended_at = pledge.need.project.ended_at
    if is_left_unrecorded(status, project_status, clock.uk_date(ended_at) if ended_at else None, clock.today()):
        return Words(NOT_RECORDED, council=council.short_name)
    words = WHAT_NEXT.get(PledgeStatus(pledge.status), STATUS_NAMES[PledgeStatus(pledge.status)])
    return Words(words.sentence, council=council.short_name, sign_off_by=uk_date(pledge.sign_off_by))


def _why_not(reading: Reading, facts: PledgeFacts, acts: tuple[Act, ...]) -> str:
    """Why an authoriser of the council, who would expect to, cannot decide on this offer."""
    if facts.status is not PledgeStatus.OFFERED or Act.AUTHORISE in acts or facts.role is None:
        return ""
    decision = policy.may_authorise_pledge(reading.actor, facts)
    return say(decision.because) if decision.because else ""


def _facts_shown(reading: Reading, pledge: Pledge, facts: PledgeFacts, council: Council) -> list[dict[str, str]]:
    rows: list[tuple[str, str]] = []
    if pledge.from_on and pledge.to_on:
        rows += [(_("From"), uk_date(pledge.from_on)), (_("Until"), uk_date(pledge.to_on))]
    if pledge.first_financial_year:
        years = financial_years_words(pledge.first_financial_year, pledge.last_financial_year)
        rows.append((_("Financial year"), say(years)))
    if pledge.spending:
        rows.append((_("Revenue or capital"), say(SPENDINGS[Spending(pledge.spending)])))
    if pledge.worth_pence is not None:
        rows.append((_("Worth"), say(amount_words("funding", pledge.worth_pence))))
    if pledge.stands_until:
        rows.append((_("It stands until"), uk_date(pledge.stands_until)))
    if pledge.pledged_as_id is not None:
        rows.append((_("Pledged as"), reading.session.get_one(Council, pledge.pledged_as_id).short_name))
    rows.append((_("Offered on"), uk_date(pledge.offered_at)))
    rows += _people_rows(reading, pledge, facts, council)
    if policy.may_read_message(reading.actor, facts):
        rows += _between_the_sides(pledge, facts)
    if policy.may_read_reason(reading.actor, facts) and pledge.reason:
        rows.append((_("Reason"), pledge.reason))
    return [{"key": gettext(key), "value": value} for key, value in rows]


def _between_the_sides(pledge: Pledge, facts: PledgeFacts) -> list[tuple[str, str]]:
    """What the two sides wrote to each other: the message, and about being let off."""
    rows = [(_("Message"), pledge.message)] if pledge.message else []
    if pledge.release_asked_at and facts.status in STANDING:
        rows.append((_("Asked to be let off"), f"{uk_date(pledge.release_asked_at)}: {pledge.release_asked_why}"))
        if pledge.release_refused_at:
            said_no = f"{uk_date(pledge.release_refused_at)}: {pledge.release_refused_why}"
            rows.append((_("The leads said no"), said_no))
    return rows


def _people_rows(reading: Reading, pledge: Pledge, facts: PledgeFacts, council: Council) -> list[tuple[str, str]]:
    """Who offered, named only if they chose it, and who authorised."""
    offerer = people_shown(reading, {pledge.officer_id})[pledge.officer_id]
    rows = [(_("Offered by"), f"{offerer.display_name or say(offerer.instead_of_name)}, {council.short_name}")]
    return rows + authorisation_rows(reading, pledge, facts, council)


@blueprint.get("/councils/<slug>/pledges")
@members
def of_council(slug: str) -> Response:
    """My council's pledges, the last changed first; for its members only."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    if council.id != reading.actor.council_id:
        raise NotFound("page")
    cursor = request.args.get("cursor")
    place = read_cursor(cursor, CURSOR, str(council.id)) if cursor else None
    after = (datetime.fromisoformat(place[0]), UUID(place[1])) if place else None
    listed, following = queries.pledges_of_council(reading, council.id, after=after, most=ROWS)
    next_url = None
    if following:
        marker = make_cursor(CURSOR, [following[0].isoformat(), str(following[1])], str(council.id))
        next_url = url_for("pledges.of_council", slug=council.slug, cursor=marker)
    return show(
        "pledges/of_council.html", council=council, lines=[pledge_line(one) for one in listed], next_url=next_url,
        previous_url=url_for("pledges.of_council", slug=council.slug) if cursor else None,
    )  # fmt: skip


def pledge_line(listed: PledgeListed) -> dict[str, Any]:
    """A pledge as a line of a list, every word ready."""
    return {
        "url": url_for("pledges.show_pledge", pledge_id=listed.id),
        "amount": say(amount_words(listed.kind, listed.amount, listed.thing)),
        "need": listed.need_title,
        "project": listed.project_title,
        "council": listed.council_name,
        "status": say(STATUS_NAMES[listed.status]),
        "tag": ENDED_TAGS.get(listed.status, listed.status.value),
        "sign_off_by": uk_date(listed.sign_off_by) if listed.status is PledgeStatus.OFFERED else "",
        "is_trial": listed.is_trial,
        "is_waiting": listed.is_waiting,
    }
