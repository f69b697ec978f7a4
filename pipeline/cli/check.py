"""`flask check`: looks at everything that must always hold, and says what does not."""

import sys
from collections.abc import Callable
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import Select, and_, exists, func, literal, or_, select, text
from sqlalchemy.orm import aliased

from pipeline.accounts.models import ApiToken, Membership, Officer, SignInSession
from pipeline.artefacts.models import Suggestion
from pipeline.artefacts.rules import SuggestionStatus
from pipeline.cli.check_documents import INVARIANTS as OF_DOCUMENTS
from pipeline.cli.check_index import INVARIANTS as OF_INDEX
from pipeline.cli.check_leads import INVARIANTS as OF_LEADS
from pipeline.cli.reconcile import every_difference
from pipeline.db.engine import database
from pipeline.db.listeners import ListenerPlace
from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.db.readiness import PATIENCE
from pipeline.db.work import Reading
from pipeline.kernel import clock
from pipeline.kernel.actor import Channel, system
from pipeline.kernel.event import Audience
from pipeline.pledges.models import Authorisation, Delivery, Pledge
from pipeline.pledges.rules import STANDING, PledgeStatus
from pipeline.projects.models import AnswerClock, Follow, Interest, JoinRequest, Need, Project, ProjectSlug
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.taking_part import Followed, InterestKind, InterestStatus, JoinStatus
from pipeline.statistics import totals as statistics
from pipeline.webhooks.queue import overlooked_since

MOST_SHOWN = 20


@click.command()
@with_appcontext
def check() -> None:
    """Look at everything that must always hold. The exit code is 1 if anything does not."""
    reading = Reading(database.session(), system("flask check", Channel.COMMAND), clock.now())
    _begin_long_reading(reading)
    broken = 0
    for words, find in INVARIANTS:
        found = find(reading)
        broken += bool(found)
        click.echo(f"{'NOT SO' if found else 'holds '}  {words}")
        for line in found[:MOST_SHOWN]:
            click.echo(f"          {line}")
        if len(found) > MOST_SHOWN:
            click.echo(f"          and {len(found) - MOST_SHOWN:,} more")
    sys.exit(1 if broken else 0)


def _begin_long_reading(reading: Reading) -> None:
    """Read everything as of one moment, however long it takes. On SQLite a transaction does so by itself."""
    if reading.session.get_bind().dialect.name == "postgresql":
        reading.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        reading.session.execute(text("SET LOCAL statement_timeout = 0"))


def log_without_gaps(reading: Reading) -> list[str]:
    """Sequences run from 1 to what the counter says."""
    counter = reading.session.execute(select(EventCounter.last, EventCounter.last_public)).one()
    number, least, most = reading.session.execute(
        select(func.count(), func.min(LoggedEvent.sequence), func.max(LoggedEvent.sequence)).select_from(LoggedEvent)
    ).one()
    found = []
    if number != counter.last or (number and (least, most) != (1, counter.last)):
        found.append(f"{number:,} events from {least} to {most}, and the counter says {counter.last:,}")
    if counter.last_public > counter.last:
        found.append(f"the last public event is {counter.last_public:,}, past the last of all, {counter.last:,}")
    return found


def listeners_within_the_log(reading: Reading) -> list[str]:
    """No listener is ahead of the log."""
    last = select(EventCounter.last).scalar_subquery()
    return _named(reading, "listener", select(ListenerPlace.name).where(ListenerPlace.sequence > last))


def totals_are_sums(reading: Reading) -> list[str]:
    """Kept totals equal the sums of their rows."""
    return [f"{one} (mend with `flask reconcile --mend`)" for one in every_difference(reading)]


def statistics_are_sums(reading: Reading) -> list[str]:
    """The statistics are what public projects make, once the worker has heard of everything."""
    return [f"{one} (mend with `flask reconcile --mend`)" for one in statistics.differences(reading)]


def caps_hold(reading: Reading) -> list[str]:
    """A capped need never holds more than its target."""
    return _named(reading, "need", select(Need.id).where(Need.is_capped, Need.held > Need.target))


def pledges_have_their_events(reading: Reading) -> list[str]:
    """The log tells how each pledge came to stand where it stands."""
    told = exists().where(
        LoggedEvent.subject_id == Pledge.id, LoggedEvent.name == literal("pledge.").concat(Pledge.status)
    )
    return _named(reading, "pledge", select(Pledge.id).where(~told))


def authorised_by_somebody_else(reading: Reading) -> list[str]:
    """Nobody authorised their own pledge, and what is authorised says by whom."""
    unsaid = select(Pledge.id).where(
        Pledge.authorised_at.is_not(None), ~exists().where(Authorisation.pledge_id == Pledge.id)
    )
    own = (
        select(Pledge.id)
        .join(Authorisation, Authorisation.pledge_id == Pledge.id)
        .join(Project, Project.id == Pledge.project_id)
        .where(
            or_(
                Authorisation.officer_id == Pledge.officer_id,
                # What a council authorised stands under the one that follows it.
                and_(Authorisation.council_id != Pledge.council_id, Pledge.pledged_as_id.is_(None)),
            ),
            Project.is_trial.is_(False),
        )
    )
    return [
        *_named(reading, "without an authoriser, pledge", unsaid),
        *_named(reading, "by its own officer, pledge", own),
    ]


def deliveries_are_what_was_delivered(reading: Reading) -> list[str]:
    """What a pledge delivered is the sum of its deliveries, each agreed by somebody else than recorded it."""
    counted = (
        select(func.coalesce(func.sum(Delivery.counted), 0)).where(Delivery.pledge_id == Pledge.id).scalar_subquery()
    )
    by_one = (
        select(Delivery.id)
        .join(Pledge, Pledge.id == Delivery.pledge_id)
        .join(Project, Project.id == Pledge.project_id)
        .where(Delivery.recorded_by == Delivery.answered_by, Project.is_trial.is_(False))
    )
    return [
        *_named(reading, "pledge", select(Pledge.id).where(Pledge.delivered != counted)),
        *_named(reading, "answered by who recorded it, delivery", by_one),
    ]


def promises_add_up(reading: Reading) -> list[str]:
    """Of a committed pledge everything is delivered, broken, released or still to come, and its state says which."""
    bound = Pledge.amount - Pledge.broken - Pledge.released
    waits = exists().where(Delivery.pledge_id == Pledge.id, Delivery.counts_at.is_(None))
    parts = or_(Pledge.delivered > 0, Pledge.broken > 0, Pledge.released > 0)
    wrong = or_(
        and_(Pledge.committed_at.is_(None), parts),
        and_(Pledge.status == PledgeStatus.DELIVERED, or_(bound != Pledge.amount, Pledge.delivered < bound)),
        and_(Pledge.status == PledgeStatus.COMMITTED, or_(bound != Pledge.amount, Pledge.delivered >= bound)),
        and_(Pledge.status.in_((PledgeStatus.BROKEN, PledgeStatus.RELEASED)), Pledge.delivered < bound, ~waits),
    )
    return _named(reading, "pledge", select(Pledge.id).where(wrong))


def standing_pledges_have_a_project(reading: Reading) -> list[str]:
    """No pledge stands on a draft."""
    query = (
        select(Pledge.id)
        .join(Project, Project.id == Pledge.project_id)
        .where(Pledge.status.in_(STANDING), Project.status == ProjectStatus.DRAFT)
    )
    return _named(reading, "pledge", query)


def public_is_public(reading: Reading) -> list[str]:
    """A project is public when it is published, no trial and not hidden; and only then."""
    shown = and_(Project.status != ProjectStatus.DRAFT, Project.is_trial.is_(False), Project.is_hidden.is_(False))
    wrong = or_(and_(Project.is_public, ~shown), and_(Project.is_public.is_(False), shown))
    return _named(reading, "project", select(Project.id).where(wrong))


def trials_stay_private(reading: Reading) -> list[str]:
    """No event of a draft or of a trial project is public."""
    private = or_(Project.is_trial, Project.status == ProjectStatus.DRAFT)
    query = (
        select(LoggedEvent.sequence)
        .join(Project, Project.id == LoggedEvent.project_id)
        .where(LoggedEvent.audience == Audience.PUBLIC, private)
    )
    return _named(reading, "event", query)


def addresses_are_one_projects(reading: Reading) -> list[str]:
    """An address a project had once is no other project's now."""
    query = (
        select(Project.slug)
        .join(ProjectSlug, ProjectSlug.slug == Project.slug)
        .where(ProjectSlug.project_id != Project.id)
    )
    return _named(reading, "slug", query)


def removed_people_are_signed_out(reading: Reading) -> list[str]:
    """Nobody is still signed in for a council they have left, nor at all once erased; nor does a token act for it."""
    ended, standing = aliased(Membership), aliased(Membership)
    left = and_(
        exists().where(
            ended.officer_id == SignInSession.officer_id,
            ended.council_id == SignInSession.council_id,
            ended.ended_at > SignInSession.created_at,
        ),
        ~exists().where(
            standing.officer_id == SignInSession.officer_id,
            standing.council_id == SignInSession.council_id,
            standing.ended_at.is_(None),
        ),
    )
    query = (
        select(SignInSession.id)
        .join(Officer, Officer.id == SignInSession.officer_id)
        .where(SignInSession.ended_at.is_(None), or_(left, Officer.erased_at.is_not(None)))
    )
    return [*_named(reading, "session", query), *_named(reading, "token", _tokens_without_a_place())]


def _tokens_without_a_place() -> Select[Any]:
    stands = exists().where(
        Membership.officer_id == ApiToken.officer_id, Membership.council_id == ApiToken.council_id,
        Membership.ended_at.is_(None),
    )  # fmt: skip
    return select(ApiToken.id).where(ApiToken.ended_at.is_(None), ~stands)


def interest_is_counted(reading: Reading) -> list[str]:
    """A project's numbers of interested councils and of followers are those of its rows."""
    wrong = []
    for kind, kept in (
        (InterestKind.PROBLEM_TOO, Project.problem_too_councils),
        (InterestKind.CONVERSATION, Project.conversation_councils),
    ):
        councils = (
            select(func.count(Interest.council_id.distinct()))
            .where(Interest.project_id == Project.id, Interest.status == InterestStatus.STANDING, Interest.kind == kind)
            .scalar_subquery()
        )
        wrong.append(kept != councils)
    follows = (Follow.subject_type == Followed.PROJECT, Follow.subject_id == Project.id)
    wrong.append(Project.followers != select(func.count(Follow.id)).where(*follows).scalar_subquery())
    return _named(reading, "project", select(Project.id).where(or_(*wrong)))


def answers_are_owed_to_what_waits(reading: Reading) -> list[str]:
    """The leads owe an answer only to a pledge that is authorised, an interest that stands, a request that is asked,
    a suggestion that waits."""
    waits = or_(
        exists().where(Pledge.id == AnswerClock.subject_id, Pledge.status == PledgeStatus.AUTHORISED),
        exists().where(Interest.id == AnswerClock.subject_id, Interest.status == InterestStatus.STANDING),
        exists().where(JoinRequest.id == AnswerClock.subject_id, JoinRequest.status == JoinStatus.ASKED),
        exists().where(Suggestion.id == AnswerClock.subject_id, Suggestion.status == SuggestionStatus.MADE),
    )
    owed = (AnswerClock.answered_at.is_(None), AnswerClock.stopped_at.is_(None))
    return _named(reading, "answer to", select(AnswerClock.subject_id).where(*owed, ~waits))


def webhooks_are_called(reading: Reading) -> list[str]:
    """A webhook that is owed something and may be called is called within minutes."""
    return _named(reading, "webhook", overlooked_since(reading.now - PATIENCE))


def _named(reading: Reading, noun: str, query: Select[Any]) -> list[str]:
    return [f"{noun} {value}" for value in reading.session.scalars(query)]


INVARIANTS: tuple[tuple[str, Callable[[Reading], list[str]]], ...] = (
    ("The event log runs from the first event to the last without a gap.", log_without_gaps),
    ("No listener is ahead of the log.", listeners_within_the_log),
    ("Every total equals the sum of its rows.", totals_are_sums),
    ("The statistics are the sums of what everybody may read.", statistics_are_sums),
    ("A capped need never holds more than its target.", caps_hold),
    ("Every pledge has the event that brought it where it stands.", pledges_have_their_events),
    ("Every authorised pledge was authorised by somebody else in its council.", authorised_by_somebody_else),
    ("What a pledge delivered is the sum of its deliveries.", deliveries_are_what_was_delivered),
    ("Every promise is delivered, broken, released or still to come.", promises_add_up),
    ("No pledge stands on a draft.", standing_pledges_have_a_project),
    ("A project is public when it is published, no trial and not hidden, and only then.", public_is_public),
    ("No event of a draft or a trial project is public.", trials_stay_private),
    ("An address a project had once is no other project's now.", addresses_are_one_projects),
    ("A project's numbers of interested councils and followers are those of its rows.", interest_is_counted),
    ("The leads owe answers only to what waits for them.", answers_are_owed_to_what_waits),
    ("Nobody is signed in for a council they have left.", removed_people_are_signed_out),
    ("No webhook waits over five minutes to be called.", webhooks_are_called),
    *OF_LEADS,
    *OF_DOCUMENTS,
    *OF_INDEX,
)
