"""The lists of the coordinator's desk. Each is read from the front of an index of its own and paged by key, so that it
costs the same however many projects there are; pages and API read the same rows.

What officers wrote to each other is on none of them: only in which project, to what, and since when.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select, text
from sqlalchemy.orm import aliased

from pipeline.accounts.models import Membership
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.reviews import DAYS_AFTER, latest_review_on
from pipeline.artefacts.rules import ArtefactStatus
from pipeline.coordination import policy
from pipeline.councils.models import Council
from pipeline.db.hot_lists import unindexed
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.listeners import FailedEvent
from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.db.work import Reading
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import NotFound
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.freshness import STEP_GIVEN_UP, STEP_LOOKING, STEP_QUIET
from pipeline.projects.models import AnswerClock, JoinRequest, Need, Project
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.taking_part import Answerable
from pipeline.similarity.models import Difference, DuplicateDismissal, SimilarWork

MOST_COUNTED = 10_000
"""Whoever asks the API for a total is told it exactly this far."""
MOST_ON_A_PAGE = 1_000
"""A page of a list counts no further than this: counting more would cost more than reading the page."""
MOST_SUMMED_UP = 100
"""The desk itself counts each of its lists no further than this."""

Query = Callable[[date], Select[Any]]


@dataclass(frozen=True, slots=True)
class DeskList:
    """One list: its name in addresses, the rows of a day, and their order, the oldest first."""

    name: str
    rows: Query
    order: Order

    def in_order(self, *, is_descending: bool) -> Order:
        """The order of its rows, or the same turned round."""
        return Order(self.order.column, self.order.id_column, is_descending)


_LEAD = aliased(Council)
_PROJECT: tuple[Any, ...] = (
    Project.slug.label("project_slug"), Project.title.label("project_title"), _LEAD.slug.label("lead_slug"),
    _LEAD.name.label("lead_name"), _LEAD.short_name.label("lead_short_name"), _LEAD.gss_code.label("lead_gss_code"),
)  # fmt: skip
"""A public project and its lead council, as every list of projects or of things in them shows them."""


def _as_written(column: Any, value: str) -> ColumnElement[bool]:
    """A comparison with a value that stands in the statement: only so is an index of some rows used for it."""
    compared: ColumnElement[bool] = column == literal_column(value)
    return compared


def _offers(_today: date) -> Select[Any]:
    """Offers that wait for somebody in their council to authorise them."""
    query: Select[Any] = select(
        Pledge.id, Pledge.offered_at, Pledge.sign_off_by, Pledge.kind, Pledge.amount, Need.title.label("need_title"),
        Need.thing, *_PROJECT, Council.slug.label("council_slug"), Council.name.label("council_name"),
        Council.short_name.label("council_short_name"), Council.gss_code.label("council_gss_code"),
    )  # fmt: skip
    return (
        query.select_from(Pledge)
        .join(Need, Need.id == Pledge.need_id)
        .join(Project, Project.id == Pledge.project_id)
        .join(_LEAD, _LEAD.id == Project.council_id)
        .join(Council, Council.id == Pledge.council_id)
        .where(
            Pledge.authorised_at.is_(None),
            Pledge.ended_at.is_(None),
            unindexed(Pledge.status) == PledgeStatus.OFFERED,
            unindexed(Project.is_public),
        )
    )


def _answers(today: date) -> Select[Any]:
    """Answers that leads have owed for five working days or more, of the kind longer: to pledges, interest and
    suggestions."""
    query: Select[Any] = select(
        AnswerClock.id, AnswerClock.started_at, AnswerClock.due_on, AnswerClock.subject_type, AnswerClock.subject_id,
        *_PROJECT,
    )  # fmt: skip
    return (
        query.select_from(AnswerClock)
        .join(Project, Project.id == AnswerClock.project_id)
        .join(_LEAD, _LEAD.id == Project.council_id)
        .where(
            AnswerClock.answered_at.is_(None), AnswerClock.stopped_at.is_(None), AnswerClock.desk_on <= today,
            AnswerClock.subject_type != Answerable.JOIN_REQUEST, unindexed(Project.is_public),
        )
    )  # fmt: skip


def _join_requests(today: date) -> Select[Any]:
    """Officers who were asked into a team and have not answered, and requests the leads have long owed an answer."""
    query: Select[Any] = select(
        JoinRequest.id, JoinRequest.asked_at, (JoinRequest.asked_by != JoinRequest.officer_id).label("is_invitation"),
        AnswerClock.due_on, *_PROJECT,
    )  # fmt: skip
    return (
        query.select_from(JoinRequest)
        .join(Project, Project.id == JoinRequest.project_id)
        .join(_LEAD, _LEAD.id == Project.council_id)
        .outerjoin(AnswerClock, AnswerClock.subject_id == JoinRequest.id)
        .where(
            _as_written(JoinRequest.status, "'asked'"), unindexed(Project.is_public),
            or_(JoinRequest.asked_by != JoinRequest.officer_id, AnswerClock.desk_on <= today),
        )
    )  # fmt: skip


def _nearly_there(today: date) -> Select[Any]:
    """Open projects that one pledge may be enough for, the soonest decision first."""
    query: Select[Any] = select(Project.id, Project.decision_on, *_PROJECT)
    return query.join(_LEAD, _LEAD.id == Project.council_id).where(
        text("project.is_nearly_there"), _as_written(Project.status, "'open'"), unindexed(Project.is_public),
        Project.decision_on >= today,
    )  # fmt: skip


def _unoffered(_today: date) -> Select[Any]:
    """Needs that nobody offers anything for."""
    query: Select[Any] = select(
        Need.id, Need.created_at, Need.title, Need.kind, Need.profession, Need.thing, Need.target, *_PROJECT
    )
    return (
        query.select_from(Need)
        .join(Project, Project.id == Need.project_id)
        .join(_LEAD, _LEAD.id == Project.council_id)
        .where(
            _as_written(Need.status, "'open'"), _as_written(Need.held, "0"), unindexed(Project.is_public),
            unindexed(Project.status).in_((ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)),
        )
    )  # fmt: skip


def _silent(_today: date) -> Select[Any]:
    """Councils that have a member and have posted no project, by name."""
    member = aliased(Membership)
    stands = (Membership.council_id == Council.id, Membership.started_at.is_not(None), Membership.ended_at.is_(None))
    joined_at = (
        select(func.min(member.started_at))
        .where(member.council_id == Council.id, member.ended_at.is_(None))
        .correlate(Council)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Council.id, Council.short_name, Council.slug, Council.name, Council.gss_code, Council.projects_joined,
        joined_at.label("joined_at"),
    )  # fmt: skip
    return select(*columns).where(
        unindexed(Council.is_active), Council.projects_led == 0, exists().where(*stands).correlate(Council)
    )


def _missed(step: int, _today: date) -> Select[Any]:
    """Running projects whose leads have been silent so long that a step has come, and the next has not."""
    query: Select[Any] = select(Project.id, Project.last_sign_of_life_at, *_PROJECT)
    return query.join(_LEAD, _LEAD.id == Project.council_id).where(
        text("project.is_public AND NOT project.keeps_documents AND project.status IN ('open', 'going_ahead')"),
        _as_written(Project.freshness_step, str(step)),
    )


def _reviews(today: date) -> Select[Any]:
    """Documents long past their review date: their leads have had every reminder, and set no other date."""
    columns: tuple[Any, ...] = (
        Artefact.id, Artefact.review_on, Artefact.slug, Artefact.title, *_PROJECT,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Project, Project.id == Artefact.project_id)
        .join(_LEAD, _LEAD.id == Artefact.council_id)
        .where(
            Artefact.review_on <= latest_review_on(len(DAYS_AFTER) - 1, today), unindexed(Artefact.is_public),
            unindexed(Artefact.status) == ArtefactStatus.PUBLISHED.value,
        )
    )  # fmt: skip


def _messages(_today: date) -> Select[Any]:
    """E-mails that were given up though they should have left. To whom is not shown."""
    columns: tuple[Any, ...] = (
        OutboxMessage.id, OutboxMessage.failed_at, OutboxMessage.kind, OutboxMessage.tries, OutboxMessage.created_at,
        OutboxMessage.last_problem.label("problem"),
    )  # fmt: skip
    return select(*columns).where(OutboxMessage.failed_at.is_not(None))


def _events(_today: date) -> Select[Any]:
    """Events that a listener has given up on."""
    columns: tuple[Any, ...] = (
        FailedEvent.id, FailedEvent.given_up_at, FailedEvent.listener, FailedEvent.tries, FailedEvent.problem,
        LoggedEvent.id.label("event_id"), LoggedEvent.name, LoggedEvent.occurred_at,
    )  # fmt: skip
    joined = select(*columns).join(LoggedEvent, LoggedEvent.sequence == FailedEvent.sequence)
    return joined.where(FailedEvent.given_up_at.is_not(None))


def _duplicates(_today: date) -> Select[Any]:
    """Pairs of live projects of different councils that are so alike that somebody should look: whose teams have not
    said how they differ, and which no coordinator has left apart."""
    one, other, other_lead = Project, aliased(Project), aliased(Council)
    query: Select[Any] = select(
        SimilarWork.id, SimilarWork.found_at, SimilarWork.score, SimilarWork.reasons, *_PROJECT,
        other.slug.label("other_project_slug"), other.title.label("other_project_title"),
        other_lead.slug.label("other_slug"), other_lead.name.label("other_name"),
        other_lead.short_name.label("other_short_name"), other_lead.gss_code.label("other_gss_code"),
    )  # fmt: skip
    live = (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)
    is_said = exists().where(
        Difference.status == literal_column("'standing'"),
        or_(
            and_(Difference.about_id == SimilarWork.about_id, Difference.other_id == SimilarWork.like_id),
            and_(Difference.about_id == SimilarWork.like_id, Difference.other_id == SimilarWork.about_id),
        ),
    )
    is_left = exists().where(
        DuplicateDismissal.one_id == SimilarWork.about_id, DuplicateDismissal.other_id == SimilarWork.like_id
    )
    return (
        query.select_from(SimilarWork)
        .join(one, one.id == SimilarWork.about_id)
        .join(_LEAD, _LEAD.id == one.council_id)
        .join(other, other.id == SimilarWork.like_id)
        .join(other_lead, other_lead.id == other.council_id)
        .where(
            text("similar_work.is_likely_duplicate"), ~is_said, ~is_left, one.council_id != other.council_id,
            unindexed(one.is_public), unindexed(other.is_public), unindexed(one.status).in_(live),
            unindexed(other.status).in_(live),
        )
    )  # fmt: skip


OFFERS = DeskList("offers", _offers, Order(Pledge.offered_at, Pledge.id))
ANSWERS = DeskList("answers", _answers, Order(AnswerClock.started_at, AnswerClock.id))
JOIN_REQUESTS = DeskList("join-requests", _join_requests, Order(JoinRequest.asked_at, JoinRequest.id))
NEARLY_THERE = DeskList("nearly-there", _nearly_there, Order(Project.decision_on, Project.id))
NEEDS = DeskList("needs", _unoffered, Order(Need.created_at, Need.id))
QUIET = DeskList("quiet", partial(_missed, STEP_QUIET), Order(Project.last_sign_of_life_at, Project.id))
LOOKING = DeskList("looking-for-lead", partial(_missed, STEP_LOOKING), Order(Project.last_sign_of_life_at, Project.id))
UNLED = DeskList("unled", partial(_missed, STEP_GIVEN_UP), Order(Project.last_sign_of_life_at, Project.id))
REVIEWS = DeskList("reviews", _reviews, Order(Artefact.review_on, Artefact.id))
DUPLICATES = DeskList("duplicates", _duplicates, Order(SimilarWork.found_at, SimilarWork.id))
COUNCILS = DeskList("councils", _silent, Order(Council.short_name, Council.id))
MESSAGES = DeskList("messages", _messages, Order(OutboxMessage.failed_at, OutboxMessage.id))
FAILED_EVENTS = DeskList("failed-events", _events, Order(FailedEvent.given_up_at, FailedEvent.id))

LISTS: Mapping[str, DeskList] = MappingProxyType(
    {
        one.name: one
        for one in (
            OFFERS, ANSWERS, JOIN_REQUESTS, NEARLY_THERE, NEEDS, QUIET, LOOKING, UNLED, REVIEWS, DUPLICATES, COUNCILS,
            MESSAGES, FAILED_EVENTS,
        )
    }
)  # fmt: skip
"""Every list by its name, in the order of the desk."""


def page_of(
    reading: Reading, which: DeskList, *, limit: int, place: Place | None = None, is_descending: bool = False
) -> Page:
    """A page of a list, for coordinators. Raises NotFound for everybody else."""
    _check_seen(reading)
    order = which.in_order(is_descending=is_descending)
    return read_page(reading.session, which.rows(uk_date(reading.now)), order, place, limit)


def number_in(reading: Reading, which: DeskList, most: int = MOST_COUNTED) -> int:
    """How many rows a list has; one more than `most` where there are more. Raises NotFound."""
    _check_seen(reading)
    return int(reading.session.scalar(select(_counted(reading, which, most))) or 0)


def numbers(reading: Reading) -> dict[str, int]:
    """How many rows each list has, no further than one past `MOST_SUMMED_UP`: one statement. Raises NotFound."""
    _check_seen(reading)
    row = reading.session.execute(select(*(_counted(reading, one, MOST_SUMMED_UP) for one in LISTS.values()))).one()
    return dict(zip(LISTS, row, strict=True))


def _counted(reading: Reading, which: DeskList, most: int) -> Any:
    rows = which.rows(uk_date(reading.now)).with_only_columns(which.order.id_column, maintain_column_froms=True)
    return select(func.count()).select_from(rows.limit(most + 1).subquery()).scalar_subquery()


def _check_seen(reading: Reading) -> None:
    if not (reading.actor.is_system or policy.may_see_desk(reading.actor)):
        raise NotFound
