"""What needs an officer: everything that only they, or the few who hold their role, can do. One list for the page of
their work, for digests and for programs; the oldest first. However much waits, it takes the same few statements.

It reads what stands, not what was told: what somebody muted, or wants no mail of, stands here all the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from pipeline.accounts.models import Membership
from pipeline.accounts.queries import standing_now
from pipeline.accounts.queries.places import has_no_admin
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.queries import library
from pipeline.artefacts.queries.register import adoptions_waiting_for
from pipeline.artefacts.queries.suggestions import suggestions_waiting_for
from pipeline.artefacts.rules import AdoptionStanding, ArtefactStatus
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.clock import uk_date
from pipeline.kernel.words import Words, _, day_words
from pipeline.lessons.queries.panels import titles_of
from pipeline.notifications.queries import FOLDERS
from pipeline.pledges.carrying_over import pledges_to_carry_over
from pipeline.pledges.deliveries import DeliveryWaiting, deliveries_waiting_for
from pipeline.pledges.letting_off import releases_waiting_for
from pipeline.pledges.messages import amount_words
from pipeline.pledges.queries import PledgeListed, waiting_for
from pipeline.projects.freshness_messages import HANDOVER_SENTENCES
from pipeline.projects.handing_over import HandoverKind
from pipeline.projects.handovers import handovers_waiting_for
from pipeline.projects.interested import invitations_of, leads_project, waiting_for_leads
from pipeline.projects.messages import INTEREST_NAMES, WAITS_NAMES
from pipeline.projects.models import AnswerClock, Project
from pipeline.projects.queries import CheckShown, checks_waiting_for
from pipeline.projects.rules import Mode, ProjectStatus
from pipeline.projects.taking_part import Answerable, InterestKind
from pipeline.projects.visibility import visible_to

MOST = 50
MOST_COUNCILS = 20
"""What needs somebody is looked for in so many of the councils they work for."""
DECIDED_WITHIN = timedelta(days=14)
"""So long before its decision date a project that may go ahead stands among what needs its leads."""


class Act(StrEnum):
    """What an officer is needed for."""

    AUTHORISE = "authorise"
    ANSWER = "answer"
    CONFIRM = "confirm"
    MERGE = "merge"
    REVIEW = "review"
    CHECK = "check"
    DECIDE = "decide"
    LET_IN = "let_in"


@dataclass(frozen=True, slots=True)
class Needed:
    """One thing that needs an officer: what for, in words, about what, where it is done, since when, and by when;
    `council` is for which of several councils they work for."""

    act: Act
    words: Words
    about: str
    path: str
    since: date
    due_on: date | None = None
    is_trial: bool = False
    council: str = ""

    def days_late(self, today: date) -> int:
        """For how many days it has been due; 0 until it is."""
        return max((today - self.due_on).days, 0) if self.due_on else 0

    def when_words(self, today: date) -> Words:
        """How late it is, or by when it is to be done, or since when it waits."""
        late = self.days_late(today)
        if late:
            return Words(_("{n} day late"), _("{n} days late"), n=late)
        if self.due_on:
            return Words(_("By {day}"), day=day_words(self.due_on))
        return Words(_("Waits since {day}"), day=day_words(self.since))


ALSO: list[Callable[[Reading], Iterable[Needed]]] = []
"""What else can need somebody: the layers above sign up here."""


def needs_me(reading: Reading) -> list[Needed]:
    """Everything that needs the reader in the council they act for, the oldest first."""
    if reading.actor.officer_id is None:
        return []
    found = [
        *_of_pledges(reading), *_of_deliveries(reading), *_of_releases(reading), *_of_leads(reading),
        *_invitations(reading), *_suggestions(reading), *_checks(reading), *_of_documents(reading),
        *_decisions(reading), *_places(reading), *_handovers(reading), *_to_carry_over(reading), *_councils(reading),
        *(one for source in ALSO for one in source(reading)),
    ]  # fmt: skip
    return _oldest_first(found)


def _oldest_first(found: Iterable[Needed]) -> list[Needed]:
    return sorted(found, key=lambda one: (one.since, one.due_on or date.max, one.path))


def needs_me_anywhere(reading: Reading) -> list[Needed]:
    """Everything that needs the reader in any council they work for, the oldest first; what needs them whichever they
    act for stands there once, for none. It takes the statements of `needs_me` once for each council: for the worker."""
    query = (
        select(Council.id, Council.short_name)
        .join(Membership, Membership.council_id == Council.id)
        .where(
            Membership.officer_id == reading.actor.officer_id, Membership.started_at.is_not(None),
            Membership.ended_at.is_(None),
        )
        .order_by(Membership.started_at, Membership.id)
        .limit(MOST_COUNCILS)
    )  # fmt: skip
    places = reading.session.execute(query).all()
    if len(places) < 2:
        return needs_me(reading)
    found: dict[tuple[str, str, str], Needed] = {}
    for council_id, name in places:
        acting = Reading(
            reading.session, Actor(reading.actor.channel, reading.actor.officer_id, council_id), reading.now
        )
        acting.actor = standing_now(acting)
        for one in needs_me(acting):
            key = (one.act.value, one.path, str(one.words))
            found[key] = one if key in found else replace(one, council=name)
    return _oldest_first(found.values())


def _of_pledges(reading: Reading) -> Iterable[Needed]:
    """Offers to authorise or refuse, and pledges to accept or decline."""
    waiting = waiting_for(reading)
    for one in waiting.to_authorise:
        words = Words(_("Authorise or refuse: {amount}, {need}"), amount=_amount(one), need=one.need_title)
        path = f"/pledges/{one.id}"
        since = uk_date(one.offered_at)
        yield Needed(Act.AUTHORISE, words, one.project_title, path, since, one.sign_off_by, one.is_trial)
    due = _due(reading, [one.id for one in waiting.to_answer])
    for one in waiting.to_answer:
        words = Words(
            _("Accept or decline: {council}, {amount}, {need}"), council=one.council_name, amount=_amount(one),
            need=one.need_title,
        )  # fmt: skip
        since = uk_date(one.authorised_at or one.offered_at)
        yield Needed(Act.ANSWER, words, one.project_title, f"/pledges/{one.id}", since, due.get(one.id), one.is_trial)


def _amount(one: PledgeListed | DeliveryWaiting) -> Words:
    return amount_words(one.kind, one.amount, one.thing)


def _due(reading: Reading, ids: list[UUID]) -> dict[UUID, date]:
    """By when each of some pledges is to be answered."""
    if not ids:
        return {}
    query = select(AnswerClock.subject_id, AnswerClock.due_on).where(
        AnswerClock.subject_id.in_(ids), AnswerClock.answered_at.is_(None), AnswerClock.stopped_at.is_(None)
    )
    return {row.subject_id: row.due_on for row in reading.session.execute(query)}


def _of_deliveries(reading: Reading) -> Iterable[Needed]:
    for one in deliveries_waiting_for(reading):
        if one.delivery_id is None:
            sentence = _("{council}: {amount}, {need}: the leads say that it has not come")
            path = f"/pledges/{one.pledge_id}/explain"
        else:
            sentence = _("{council}: was {amount} delivered, {need}?")
            path = f"/deliveries/{one.delivery_id}/answer"
        words = Words(sentence, council=one.council_name, amount=_amount(one), need=one.need_title)
        yield Needed(Act.CONFIRM, words, one.project_title, path, uk_date(one.since), one.answer_due_on, one.is_trial)


def _of_releases(reading: Reading) -> Iterable[Needed]:
    """Councils that ask to be let off: the leads say yes or no."""
    for one in releases_waiting_for(reading):
        sentence = _("{council} asks to be let off: {amount}, {need}")
        amount = amount_words(one.kind, one.amount, one.thing)
        words = Words(sentence, council=one.council_name, amount=amount, need=one.need_title)
        path, since = f"/pledges/{one.pledge_id}", uk_date(one.asked_at)
        yield Needed(Act.ANSWER, words, one.project_title, path, since, is_trial=one.is_trial)


def _of_leads(reading: Reading) -> Iterable[Needed]:
    """Interests and requests to join that wait for the leads."""
    for one in waiting_for_leads(reading):
        is_interest = one.about is Answerable.INTEREST
        name = INTEREST_NAMES[InterestKind(one.kind)] if is_interest else WAITS_NAMES[Answerable.JOIN_REQUEST]
        words = Words("{council}: {what}", council=one.council_name, what=name)
        path = f"/interests/{one.id}" if is_interest else f"/join-requests/{one.id}"
        yield Needed(Act.ANSWER, words, one.project_title, path, uk_date(one.asked_at), one.due_on)


def _invitations(reading: Reading) -> Iterable[Needed]:
    """Teams one is asked to join. Of a draft not even the title is told before one has joined."""
    for request, project in invitations_of(reading):
        title = project.title if project.is_public else ""
        words = Words(_("You are asked to join a team"))
        yield Needed(Act.ANSWER, words, title, f"/join-requests/{request.id}", uk_date(request.asked_at))


def _suggestions(reading: Reading) -> Iterable[Needed]:
    for one in suggestions_waiting_for(reading):
        words = Words(_("{council}: a change to version {number}"), council=one.council, number=one.against_number)
        path = f"/documents/{one.artefact_slug}/suggestions/{one.id}"
        yield Needed(Act.ANSWER, words, one.artefact_title, path, uk_date(one.made_at), one.due_on)


def _checks(reading: Reading) -> Iterable[Needed]:
    """The drafts to check; those of lessons and documents under their own titles, which their projects do not know."""
    checks = checks_waiting_for(reading)
    of_lessons = [one.subject_id for one in checks if one.subject_type == "lesson"]
    titles = {str(one): title for one, (_slug, title) in titles_of(reading, of_lessons).items()}
    if any(one.subject_type == "draft" for one in checks):
        titles |= {str(draft_id): one.title for draft_id, one in library.drafts_to_check(reading).items()}
    for one in checks:
        title = titles.get(str(one.subject_id), one.title)
        words = Words(_("Check a draft: {title}"), title=title)
        yield Needed(Act.CHECK, words, "", _draft_path(one), uk_date(one.asked_at))


def _draft_path(check: CheckShown) -> str:
    return f"/{FOLDERS[check.subject_type]}/{check.subject_id}"


def _of_documents(reading: Reading) -> Iterable[Needed]:
    """What the officer's council uses that moved on or was withdrawn, and what they keep that is to be reviewed."""
    for one in adoptions_waiting_for(reading, uk_date(reading.now)):
        path, since = f"/documents/{one.slug}", uk_date(one.moved_at or reading.now)
        if one.is_withdrawn:
            words = Words(_("Version {used} was withdrawn: do not use it."), used=one.number)
            yield Needed(Act.MERGE, words, one.title, path, since)
        elif one.current_number is not None and one.current_number > one.number:
            words = Words(
                _("Version {new} is there; your council uses version {used}."), new=one.current_number, used=one.number
            )
            if one.standing == AdoptionStanding.ADAPTED.value and one.copy_slug:
                path = f"/documents/{one.copy_slug}"
            yield Needed(Act.MERGE, words, one.title, path, since)
        elif one.review_on:
            words = Words(_("Your council was to look at it again by {day}."), day=day_words(one.review_on))
            yield Needed(Act.REVIEW, words, one.title, path, one.review_on, one.review_on)
    if reading.actor.council_id is None:
        return
    keeps = leads_project(reading, Artefact.project_id)
    if reading.actor.has(Role.COUNCIL_ADMIN):
        keeps = or_(keeps, and_(Project.keeps_documents, Project.council_id == reading.actor.council_id))
    query = (
        select(Artefact.slug, Artefact.title, Artefact.review_on)
        .join(Project, Project.id == Artefact.project_id)
        .where(
            Artefact.review_on <= uk_date(reading.now), Artefact.status == ArtefactStatus.PUBLISHED.value, keeps,
            artefacts_visible_to(reading.actor),
        )
        .order_by(Artefact.review_on, Artefact.id)
        .limit(MOST)
    )  # fmt: skip
    for row in reading.session.execute(query):
        words = Words(_("Review this document"))
        yield Needed(Act.REVIEW, words, row.title, f"/documents/{row.slug}", row.review_on, row.review_on)


def _decisions(reading: Reading) -> Iterable[Needed]:
    """Projects the officer leads whose decision date is near."""
    if reading.actor.council_id is None:
        return
    query = (
        select(Project.id, Project.slug, Project.title, Project.decision_on, Project.is_trial)
        .where(
            Project.status == ProjectStatus.OPEN, Project.mode == Mode.ALL_OR_NOTHING, Project.decided_at.is_(None),
            Project.decision_on <= uk_date(reading.now) + DECIDED_WITHIN, leads_project(reading, Project.id),
            visible_to(reading.actor),
        )
        .order_by(Project.decision_on, Project.id)
        .limit(MOST)
    )  # fmt: skip
    for row in reading.session.execute(query):
        words, path = Words(_("Decide whether the project goes ahead")), f"/projects/{row.slug or row.id}"
        yield Needed(
            Act.DECIDE, words, row.title, path, row.decision_on - DECIDED_WITHIN, row.decision_on, row.is_trial
        )


def _handovers(reading: Reading) -> Iterable[Needed]:
    """Projects on their way to another council, for those who agree, answer or approve."""
    for one in handovers_waiting_for(reading):
        words = Words(HANDOVER_SENTENCES[one.kind], old=one.from_name, new=one.to_name)
        due_on = one.answer_due_on if one.kind is HandoverKind.TAKE_OVER else None
        yield Needed(Act.DECIDE, words, one.project_title, f"/handovers/{one.id}", uk_date(one.asked_at), due_on)


def _to_carry_over(reading: Reading) -> Iterable[Needed]:
    """Committed pledges of the officer's council, asked whether they hold under another lead council."""
    for pledge_id, title, due_on in pledges_to_carry_over(reading):
        words = Words(_("Say whether your council’s pledge still holds"))
        yield Needed(Act.DECIDE, words, title, f"/pledges/{pledge_id}/carry-over", uk_date(reading.now), due_on)


def _places(reading: Reading) -> Iterable[Needed]:
    """Who waits for a place in the council an admin looks after, in one line."""
    actor = reading.actor
    if actor.council_id is None or not actor.has(Role.COUNCIL_ADMIN):
        return
    query = (
        select(Membership.asked_at, Council.slug, Council.short_name)
        .join(Council, Council.id == Membership.council_id)
        .where(
            Membership.council_id == actor.council_id, Membership.started_at.is_(None), Membership.ended_at.is_(None)
        )
        .order_by(Membership.asked_at, Membership.id)
        .limit(MOST)
    )
    rows = reading.session.execute(query).all()
    if rows:
        words = Words(_("{n} officer waits for a place"), _("{n} officers wait for a place"), n=len(rows))
        path = f"/councils/{rows[0].slug}/settings"
        yield Needed(Act.LET_IN, words, rows[0].short_name, path, uk_date(rows[0].asked_at))


def _councils(reading: Reading) -> Iterable[Needed]:
    """Councils without an admin where officers wait to be let in: for coordinators, who do it there."""
    if not reading.actor.has(Role.COORDINATOR):
        return
    asked_at = func.min(Membership.asked_at)
    query = (
        select(Council.slug, Council.short_name, asked_at, func.count(Membership.id))
        .join(Membership, Membership.council_id == Council.id)
        .where(Council.is_active, Membership.started_at.is_(None), Membership.ended_at.is_(None), has_no_admin())
        .group_by(Council.id, Council.slug, Council.short_name)
        .order_by(asked_at, Council.id)
        .limit(MOST)
    )
    for slug, name, since, number in reading.session.execute(query):
        words = Words(_("{n} officer waits for a place"), _("{n} officers wait for a place"), n=number)
        yield Needed(Act.LET_IN, words, name, f"/coordination/councils/{slug}/admin", uk_date(since))
