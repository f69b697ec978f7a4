"""All that a project's own page shows of it, read in two statements whatever its size.

The page is one of the most read: its statements are constant and their rows are taken as the driver gives them. The
first finds the project, its council and themes, and says whether the viewer may know of it; the second reads its needs,
people, updates and recorded partners together, padded to the same columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    select,
    union_all,
)

from pipeline.accounts.models import Membership, Officer
from pipeline.councils.models import Council
from pipeline.db.statements import Statement, text_of
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import id_from
from pipeline.projects.freshness import Freshness
from pipeline.projects.handing_over import HandoverStatus
from pipeline.projects.handover_models import Handover
from pipeline.projects.models import Interest, Need, Project, ProjectPartner, ProjectPerson, ProjectTheme, Update
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.queries import membership_stands
from pipeline.projects.rules import NeedKind, NeedStatus, PersonRole, ProjectStatus, UpdateStatus
from pipeline.projects.taking_part import InterestStatus
from pipeline.projects.visibility import updates_visible_to, visible_to

MOST_UPDATES = 5
NEEDS, PEOPLE, UPDATES, PARTNERS, INTERESTED = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class NeedOnPage:
    """A need with its sums, all in its own unit: half-days, pence or a number of things."""

    id: str
    kind: NeedKind
    profession: str | None
    thing: str | None
    title: str
    description: str
    status: NeedStatus
    target: int
    held: int
    pledged: int
    agreed: int
    committed: int
    is_essential: bool
    is_capped: bool

    @property
    def room(self) -> int:
        return max(self.target - self.held, 0)


@dataclass(frozen=True, slots=True)
class PersonOnPage:
    """Somebody in the team: named only if they chose to be."""

    officer_id: UUID
    role: PersonRole
    council_id: UUID
    council_name: str
    display_name: str | None
    job_title: str | None


@dataclass(frozen=True, slots=True)
class UpdateOnPage:
    """An update in one line. Drafts, which only the team sees, have no date."""

    id: str
    title: str
    language: str
    published_at: str | None


@dataclass(frozen=True, slots=True)
class CouncilNamed:
    """A council in two words."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class InterestedCouncil:
    """A council that shows its interest under its name."""

    kind: str
    slug: str
    name: str


@dataclass(slots=True)
class ProjectPage:
    """A project as its page shows it. Dates and moments are as the driver gives them: text or date."""

    id: UUID
    slug: str | None
    title: str
    summary: str
    problem_html: str
    language: str
    phase: str | None
    status: ProjectStatus
    mode: str
    decision_on: Any
    least_councils: int
    is_trial: bool
    is_hidden: bool
    is_public: bool
    is_recorded: bool
    is_made_up: bool
    year_ended: int | None
    outcome_html: str
    sources: list[str]
    published_at: Any
    version: int
    councils: int
    themes: list[str]
    council_id: UUID
    council_slug: str
    council_name: str
    council_short_name: str
    has_conditions: bool
    agreed_councils: int
    is_passing: bool
    would_pass: list[str]
    stop_reason: str | None
    ended_at: Any
    date_moved_at: Any
    has_changed_terms: bool
    continues_id: UUID | None
    needs: list[NeedOnPage] = field(default_factory=list)
    people: list[PersonOnPage] = field(default_factory=list)
    updates: list[UpdateOnPage] = field(default_factory=list)
    partners: list[CouncilNamed] = field(default_factory=list)
    interested: list[InterestedCouncil] = field(default_factory=list)
    answers_in_days: int | None = None
    problem_too_councils: int = 0
    conversation_councils: int = 0
    followers: int = 0
    keeps_documents: bool = False
    freshness: Freshness = Freshness.FRESH
    is_waiting: bool = False
    is_frozen: bool = False
    last_sign_of_life_at: Any = None
    is_on_its_way: bool = False

    @property
    def address(self) -> str:
        """What follows /projects/ in its address."""
        return self.slug or str(self.id)

    def facts_for(self, reading: Reading) -> ProjectFacts:
        """What policies need to know of it, on behalf of the viewer."""
        actor = reading.actor
        own = [one.council_id for one in self.people if one.officer_id == actor.officer_id]
        return ProjectFacts(
            id=self.id, council_id=self.council_id, status=self.status, is_trial=self.is_trial,
            is_public=self.is_public,
            lead_ids=frozenset(one.officer_id for one in self.people if one.role is PersonRole.LEAD),
            team_ids=frozenset(one.officer_id for one in self.people),
            has_own_lead=any(one.role is PersonRole.LEAD and one.council_id == self.council_id for one in self.people),
            acts_elsewhere=bool(own) and actor.council_id not in own, is_frozen=self.is_frozen,
            looks_for_lead=self.freshness is Freshness.LOOKING_FOR_LEAD,
        )  # fmt: skip


def _themes() -> Any:
    ordered = (
        select(ProjectTheme.theme)
        .where(ProjectTheme.project_id == Project.id)
        .order_by(ProjectTheme.position, ProjectTheme.theme)
        .correlate(Project)
        .subquery()
    )
    comma: Any = literal_column("','")
    return select(func.aggregate_strings(ordered.c.theme, comma)).scalar_subquery()


def _project(named: ColumnElement[bool], visible: Any) -> Any:
    return (
        select(
            Project.id, Project.slug, Project.title, Project.summary, Project.problem_html, Project.language,
            Project.phase, Project.status, Project.mode, Project.decision_on, Project.least_councils, Project.is_trial,
            Project.is_hidden, Project.is_public, Project.is_recorded, Project.is_made_up, Project.year_ended,
            Project.outcome_html, Project.sources, Project.published_at, Project.version, Project.councils, _themes(),
            Council.id, Council.slug, Council.name, Council.short_name, Project.has_conditions,
            Project.agreed_councils, Project.is_passing, Project.would_pass, Project.stop_reason, Project.ended_at,
            Project.date_moved_at, Project.terms_changed_at, Project.continues_id,
            Project.keeps_documents, Project.freshness, Project.waits_from_on, Project.frozen_at,
            Project.last_sign_of_life_at,
            exists().where(Handover.project_id == Project.id, Handover.status == HandoverStatus.ASKED.value),
        )
        .join(Council, Council.id == Project.council_id)
        .where(named, visible)
    )  # fmt: skip


def _row(
    part: int, place: Any, identity: Any, texts: Sequence[Any] = (), numbers: Sequence[Any] = ()
) -> tuple[Any, ...]:
    """One padded row of the second statement: six texts and seven numbers."""
    padded_texts = [cast(text, Text) for text in texts] + [cast(null(), Text)] * (6 - len(texts))
    padded_numbers = list(numbers) + [literal_column("0")] * (7 - len(numbers))
    columns = (literal_column(str(part)), place, cast(identity, Text), *padded_texts, *padded_numbers)
    return tuple(column.label(f"c{number}") for number, column in enumerate(columns))


def _flag(column: Any) -> Any:
    return case((column, 1), else_=0)


def _needs(project_id: Any) -> Select[Any]:
    texts = (Need.kind, Need.profession, Need.thing, Need.title, Need.description, Need.status)
    numbers = (
        Need.target,
        Need.held,
        Need.pledged,
        Need.agreed,
        Need.committed,
        _flag(Need.is_essential),
        _flag(Need.is_capped),
    )
    return select(*_row(NEEDS, Need.position, Need.id, texts, numbers)).where(
        Need.project_id == project_id, Need.status != NeedStatus.DROPPED.value
    )


def _people(project_id: Any) -> Select[Any]:
    is_named = and_(Officer.is_named, Officer.erased_at.is_(None))
    texts = (
        ProjectPerson.role, ProjectPerson.council_id, Council.short_name, case((is_named, Officer.name)),
        case((is_named, Officer.job_title)),
    )  # fmt: skip
    return (
        select(*_row(PEOPLE, _flag(ProjectPerson.role != PersonRole.LEAD.value), Officer.id, texts))
        .join(ProjectPerson, ProjectPerson.officer_id == Officer.id)
        .join(Council, Council.id == ProjectPerson.council_id)
        .join(Membership, membership_stands())
        .where(ProjectPerson.project_id == project_id, ProjectPerson.ended_at.is_(None))
    )


_PUT_AWAY = (UpdateStatus.WITHDRAWN.value, UpdateStatus.HIDDEN.value)
"""Updates that the page of their project does not list, not for its team either."""


def _updates(project_id: Any, visible: ColumnElement[bool]) -> Select[Any]:
    newest = (
        select(Update.id, Update.title, Update.language, Update.published_at)
        .join(Project, Project.id == Update.project_id)
        .where(Update.project_id == project_id, Update.status.not_in(_PUT_AWAY), visible)
        .order_by(Update.published_at.desc().nulls_first(), Update.id.desc())
        .limit(MOST_UPDATES + 1)
        .subquery()
    )
    columns = newest.c
    place = func.row_number().over(order_by=(columns.published_at.desc().nulls_first(), columns.id.desc()))
    return select(*_row(UPDATES, place, columns.id, (columns.title, columns.language, columns.published_at)))


def _partners(project_id: Any) -> Select[Any]:
    return (
        select(*_row(PARTNERS, literal_column("0"), Council.id, (Council.slug, Council.short_name)))
        .join(ProjectPartner, ProjectPartner.council_id == Council.id)
        .where(ProjectPartner.project_id == project_id)
    )


def _interest(project_id: Any) -> Select[Any]:
    """What is kept of a project's interest and answers; the councils that are named follow in rows of their own."""
    numbers = (
        Project.answers_in_days, Project.problem_too_councils, Project.conversation_councils, Project.followers
    )  # fmt: skip
    return select(*_row(INTERESTED, literal_column("0"), Project.id, (), numbers)).where(Project.id == project_id)


def _interested(project_id: Any) -> Select[Any]:
    named = (Interest.kind, Council.slug, Council.short_name)
    return (
        select(*_row(INTERESTED, literal_column("1"), Council.id, named))
        .join(Council, Council.id == Interest.council_id)
        .where(Interest.project_id == project_id, Interest.status == InterestStatus.STANDING.value, Interest.is_named)
    )


def _parts(project_id: Any, visible_updates: ColumnElement[bool]) -> Any:
    parts = union_all(
        _needs(project_id), _people(project_id), _updates(project_id, visible_updates), _partners(project_id),
        _interest(project_id), _interested(project_id),
    ).subquery()  # fmt: skip
    return select(parts).order_by(parts.c.c0, parts.c.c1, parts.c.c2)


_ID = bindparam("project_id", type_=Project.id.type)
_PUBLIC_BY_SLUG = Statement(_project(Project.slug == bindparam("slug"), Project.is_public))
_PUBLIC_BY_ID = Statement(_project(Project.id == _ID, Project.is_public))
_PUBLIC_PARTS = Statement(_parts(_ID, Update.status == UpdateStatus.PUBLISHED.value))


def project_page_seen_by(reading: Reading, slug: str) -> ProjectPage:
    """What the page of a project shows the viewer. Raises NotFound for hidden and missing alike."""
    row = _find(reading, slug)
    if row is None:
        raise NotFound("project")
    page = _page(row)
    if reading.actor.is_anonymous:
        rows = _PUBLIC_PARTS.rows(reading.session, project_id=page.id)
    else:
        rows = Statement(_parts(page.id, updates_visible_to(reading.actor))).rows(reading.session)
    for one in rows:
        _PLACES[one[0]](page, one)
    return page


def _find(reading: Reading, slug: str) -> Any:
    project_id = id_from(slug)
    if reading.actor.is_anonymous:
        if project_id is None:
            rows = _PUBLIC_BY_SLUG.rows(reading.session, slug=slug)
        else:
            rows = _PUBLIC_BY_ID.rows(reading.session, project_id=project_id)
    else:
        named = Project.slug == slug if project_id is None else Project.id == project_id
        rows = Statement(_project(named, visible_to(reading.actor))).rows(reading.session)
    return rows[0] if rows else None


def _page(row: Any) -> ProjectPage:
    return ProjectPage(
        id=_uuid(row[0]), slug=row[1], title=row[2], summary=row[3], problem_html=row[4], language=row[5], phase=row[6],
        status=ProjectStatus(row[7]), mode=row[8], decision_on=row[9], least_councils=row[10], is_trial=bool(row[11]),
        is_hidden=bool(row[12]), is_public=bool(row[13]), is_recorded=bool(row[14]), is_made_up=bool(row[15]),
        year_ended=row[16], outcome_html=row[17], sources=list(_json(row[18]) or ()), published_at=row[19],
        version=row[20], councils=row[21], themes=row[22].split(",") if row[22] else [], council_id=_uuid(row[23]),
        council_slug=row[24], council_name=row[25], council_short_name=row[26], has_conditions=bool(row[27]),
        agreed_councils=row[28], is_passing=bool(row[29]), would_pass=list(_json(row[30]) or ()), stop_reason=row[31],
        ended_at=row[32], date_moved_at=row[33], has_changed_terms=row[34] is not None or row[33] is not None,
        continues_id=_uuid(row[35]) if row[35] else None, keeps_documents=bool(row[36]),
        freshness=Freshness(row[37]), is_waiting=row[38] is not None, is_frozen=row[39] is not None,
        last_sign_of_life_at=row[40], is_on_its_way=bool(row[41]),
    )  # fmt: skip


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _add_need(page: ProjectPage, row: Any) -> None:
    page.needs.append(
        NeedOnPage(
            row[2], NeedKind(row[3]), row[4], row[5], row[6], row[7] or "", NeedStatus(row[8]), row[9],
            row[10], row[11], row[12], row[13], bool(row[14]), bool(row[15]),
        )
    )  # fmt: skip


def _add_person(page: ProjectPage, row: Any) -> None:
    page.people.append(PersonOnPage(_uuid(row[2]), PersonRole(row[3]), _uuid(row[4]), row[5], row[6], row[7]))


def _add_update(page: ProjectPage, row: Any) -> None:
    page.updates.append(UpdateOnPage(row[2], row[3], row[4], text_of(row[5])))


def _add_partner(page: ProjectPage, row: Any) -> None:
    page.partners.append(CouncilNamed(row[3], row[4]))


def _add_interest(page: ProjectPage, row: Any) -> None:
    if not row[1]:
        page.answers_in_days, page.problem_too_councils, page.conversation_councils, page.followers = row[9:13]
        return
    council = InterestedCouncil(row[3], row[4], row[5])
    if council not in page.interested:
        page.interested.append(council)


_PLACES = {
    NEEDS: _add_need, PEOPLE: _add_person, UPDATES: _add_update, PARTNERS: _add_partner, INTERESTED: _add_interest
}  # fmt: skip
