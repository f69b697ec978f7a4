"""Lists of projects and needs that everybody may read, made for speed: constant statements, rows as plain values.

The same rows serve the page and the API. Visibility is read from the live row in the same statement: only what is
public is ever listed here. Whatever the length of a page, it takes the same few statements.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    select,
    union,
)
from sqlalchemy.orm import Session

from pipeline.councils.models import Council, CouncilFormerCode
from pipeline.db.base import UtcDateTime
from pipeline.db.hot_lists import Filter, HotList, SortKey, ids_for, listed, unindexed
from pipeline.db.keyset import Page
from pipeline.db.log import last_public_sequence
from pipeline.db.statements import Statement
from pipeline.kernel.ids import id_from
from pipeline.projects.models import Need, Project, ProjectSlug, ProjectTheme
from pipeline.projects.rules import NeedStatus, ProjectStatus

MOST_COUNTED = 10_000
"""A list is counted exactly this far; beyond, people read "more than 10,000"."""
WORTH_KEEPING = 1_000
USUAL_SORT = "-updated_at"


class ProjectRow(NamedTuple):
    """One project as a list reads it. Dates, moments and ids are the driver's own values."""

    id: Any
    slug: str
    title: str
    summary: str
    phase: str | None
    status: str
    mode: str
    decision_on: Any
    themes: str | None
    """The values of its themes, the first first, joined by commas."""
    council_slug: str
    council_name: str
    council_short_name: str
    council_gss_code: str | None
    councils: int
    held_half_days: int
    pledged_half_days: int
    pledged_pence: int
    is_recorded: Any
    created_at: Any
    published_at: Any
    updated_at: Any
    version: int
    revision: int
    language: str
    freshness: str
    sort_value: Any


class NeedRow(NamedTuple):
    """One need as a list reads it, with the slug and title of its project."""

    id: Any
    project_id: Any
    kind: str
    profession: str | None
    thing: str | None
    title: str
    is_essential: Any
    is_capped: Any
    status: str
    target: int
    held: int
    pledged: int
    agreed: int
    committed: int
    delivered: int
    description: str
    created_at: Any
    updated_at: Any
    version: int
    revision: int
    project_slug: str
    project_title: str
    sort_value: Any

    @property
    def room(self) -> int | None:
        """How much a capped need still takes; None where it takes any amount."""
        return max(self.target - self.held, 0) if self.is_capped else None


def council_called(name: str) -> Select[Any]:
    """The ids of the council whose slug, GSS code or former code is bound to `name`."""
    code: BindParameter[str] = bindparam(name)
    found = union(
        select(Council.id).where(Council.slug == code),
        select(Council.id).where(Council.gss_code == code),
        select(CouncilFormerCode.council_id).where(CouncilFormerCode.code == code),
    ).subquery()
    return select(found.c[0])


def project_called(name: str) -> Select[Any]:
    """The id of the project whose slug, or former slug, is bound to `name`."""
    slug: BindParameter[str] = bindparam(name)
    found = union(
        select(Project.id).where(Project.slug == slug),
        select(ProjectSlug.project_id).where(ProjectSlug.slug == slug),
    ).subquery()
    return select(found.c[0])


def _themes() -> Any:
    """The themes of a project in their order, as one text."""
    ordered = (
        select(ProjectTheme.theme)
        .where(ProjectTheme.project_id == Project.id)
        .order_by(ProjectTheme.position, ProjectTheme.theme)
        .correlate(Project)
        .subquery()
    )
    return select(func.aggregate_strings(ordered.c.theme, ",")).scalar_subquery()


_PROJECT_COLUMNS = (
    Project.id, Project.slug, Project.title, Project.summary, Project.phase, Project.status, Project.mode,
    Project.decision_on, _themes(), Council.slug, Council.name, Council.short_name, Council.gss_code, Project.councils,
    Project.held_half_days, Project.pledged_half_days, Project.pledged_pence, Project.is_recorded, Project.created_at,
    Project.published_at, Project.updated_at, Project.version, Project.revision, Project.language, Project.freshness,
)  # fmt: skip

PROJECT_ORDERS = {
    "updated_at": SortKey(Project.updated_at),
    "created_at": SortKey(Project.created_at),
    "title": SortKey(Project.title),
    "decision_on": SortKey(Project.decision_on, is_nullable=True),
    "pledged_pence": SortKey(Project.pledged_pence),
    "pledged_half_days": SortKey(Project.pledged_half_days),
    "councils": SortKey(Project.councils),
}
"""The orders of the list of projects; each also backwards, with a minus sign."""


Conditions = Sequence[ColumnElement[bool]]


def _projects(conditions: Conditions) -> Select[Any]:
    """Projects by their own columns, from the index of the first and rarest."""
    return select(Project.id).where(Project.is_public, *conditions)


def _led_by(conditions: Conditions) -> Select[Any]:
    """Projects by their lead council."""
    return select(Project.id).where(Project.council_id.in_(select(Council.id).where(*conditions)))


def _asking_for(conditions: Conditions) -> Select[Any]:
    """Projects by what they need."""
    return select(Need.project_id).where(*conditions, Need.status.in_([NeedStatus.OPEN, NeedStatus.CLOSED])).distinct()


def _about(conditions: Conditions) -> Select[Any]:
    """Projects by theme."""
    return select(ProjectTheme.project_id).where(*conditions)


def _since(conditions: Conditions) -> Select[Any]:
    """Projects by when they last changed."""
    return select(Project.id).where(Project.is_public, *conditions)


def _before(conditions: Conditions) -> Select[Any]:
    """Projects by when they decide."""
    return select(Project.id).where(Project.is_public, *conditions)


def _proposed(conditions: Conditions) -> Select[Any]:
    """Projects that a search proposed."""
    return select(Project.id).where(*conditions)


def _of_project(column: Any, name: str) -> Filter:
    """The project has a value in a column that has an index with the usual order."""
    value = bindparam(name, type_=column.type)
    return Filter(unindexed(column) == value, _projects, column == value, column == value, frozenset({"updated_at"}))


def _of_council(condition: ColumnElement[bool]) -> Filter:
    """The lead council meets a condition."""
    return Filter(unindexed(Project.council_id).in_(select(Council.id).where(condition)), _led_by, condition)


def _of_need(column: Any, name: str) -> Filter:
    """Some need that has not been dropped has a value in a column."""
    value = bindparam(name, type_=column.type)
    wanted = exists().where(
        Need.project_id == Project.id, unindexed(column) == value, unindexed(Need.status) != NeedStatus.DROPPED
    )
    return Filter(wanted, _asking_for, column == value)


_HAS_OPEN_NEED = Project.status.in_([ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD]) & exists().where(
    Need.project_id == Project.id, unindexed(Need.status) == NeedStatus.OPEN
)
_DECIDES_BEFORE = bindparam("decision_before", type_=Date())
_UPDATED_SINCE = bindparam("updated_since", type_=UtcDateTime())

PROJECT_FILTERS: dict[str, Filter] = {
    "phase": _of_project(Project.phase, "phase"),
    "status": _of_project(Project.status, "status"),
    "freshness": _of_project(Project.freshness, "freshness"),
    "theme": Filter(
        exists().where(ProjectTheme.project_id == Project.id, ProjectTheme.theme == bindparam("theme")),
        _about,
        ProjectTheme.theme == bindparam("theme"),
    ),
    "council": _of_council(Council.id.in_(council_called("council"))),
    "nation": _of_council(Council.nation == bindparam("nation")),
    "region": _of_council(Council.region == bindparam("region")),
    "kind": _of_council(Council.kind == bindparam("kind")),
    "need_kind": _of_need(Need.kind, "need_kind"),
    "profession": _of_need(Need.profession, "profession"),
    "open_needs": Filter(bindparam("open_needs", type_=Boolean()) == _HAS_OPEN_NEED),
    "decision_before": Filter(
        unindexed(Project.decision_on) < _DECIDES_BEFORE,
        _before,
        Project.decision_on < _DECIDES_BEFORE,
        Project.decision_on < _DECIDES_BEFORE,
        frozenset({"decision_on"}),
    ),
    "updated_since": Filter(
        unindexed(Project.updated_at) >= _UPDATED_SINCE,
        _since,
        Project.updated_at >= _UPDATED_SINCE,
        Project.updated_at >= _UPDATED_SINCE,
        frozenset({"updated_at"}),
    ),
    "words": Filter(listed(Project.id, "words"), _proposed, listed(Project.id, "words"), is_rare=True),
}
"""What the list can be narrowed to; `words` takes the ids a search proposed (`ids_for`)."""


_LISTED = and_(Project.is_public, unindexed(Project.keeps_documents).is_(False))
"""What the list shows: what is public, without the places where councils keep their documents."""


def project_list(**more: Filter) -> HotList:
    """The list of projects, with filters of a layer above as well."""
    return HotList(
        id=Project.id,
        columns=_PROJECT_COLUMNS,
        # An outer join: it keeps SQLite from beginning with the councils. Every project has one.
        source=Project.__table__.outerjoin(Council.__table__, Council.id == Project.council_id),
        always=_LISTED,
        orders=PROJECT_ORDERS,
        filters=PROJECT_FILTERS | more,
    )


def rows_of(session: Session, project_ids: Sequence[Any]) -> list[ProjectRow]:
    """The projects with some ids that are public now, in the order of the ids."""
    if not project_ids:
        return []
    found = {str(row[0]): row for row in _ROWS_OF.rows(session, ids=ids_for(session, project_ids))}
    return [ProjectRow(*found[one]) for one in map(str, project_ids) if one in found]


def row_of(session: Session, project_id: Any) -> ProjectRow | None:
    """One project that is public now, as lists show it; also a place for a council's documents, which none lists."""
    rows = _ROW_OF.rows(session, project_id=project_id)
    return ProjectRow(*rows[0]) if rows else None


_SHOWN = select(*_PROJECT_COLUMNS, literal(None)).select_from(
    Project.__table__.outerjoin(Council.__table__, Council.id == Project.council_id)
)
_ROWS_OF = Statement(_SHOWN.where(listed(Project.id, "ids"), unindexed(_LISTED)))
_ROW_OF = Statement(
    _SHOWN.where(Project.id == bindparam("project_id", type_=Project.id.type), unindexed(Project.is_public))
)


class ProjectMark(NamedTuple):
    """What is read of a project before anything else: which it is, and what its ETag is made of."""

    id: Any
    slug: str
    version: int
    revision: int


def mark_of(session: Session, named: str) -> ProjectMark | None:
    """The mark of the public project with a slug or id; None where there is none."""
    project_id = id_from(named)
    statement, value = (_MARK_BY_SLUG, named) if project_id is None else (_MARK_BY_ID, project_id)
    rows = statement.rows(session, named=value)
    return ProjectMark(*rows[0]) if rows else None


_MARK = select(Project.id, Project.slug, Project.version, Project.revision).where(unindexed(Project.is_public))
_MARK_BY_SLUG = Statement(_MARK.where(Project.slug == bindparam("named", type_=Project.slug.type)))
_MARK_BY_ID = Statement(_MARK.where(Project.id == bindparam("named", type_=Project.id.type)))


class ProjectText(NamedTuple):
    """What one project says at length, and what only its own page tells."""

    problem: str
    problem_html: str
    language: str
    outcome: str
    outcome_html: str
    year_ended: int | None
    least_councils: int
    is_under_way: Any
    is_past: Any
    is_made_up: Any
    phase_changed_on: Any
    answers_in_days: int | None
    problem_too_councils: int
    conversation_councils: int


def text_of_project(session: Session, project_id: Any) -> tuple[ProjectText, list[str]]:
    """What one public project says at length, and the addresses of its sources."""
    row = session.execute(_TEXT, {"id": project_id if isinstance(project_id, UUID) else UUID(project_id)}).one()
    said: Any = tuple(row)
    return ProjectText(*said[:-1]), list(said[-1])


_TEXT = select(
    Project.problem, Project.problem_html, Project.language, Project.outcome, Project.outcome_html, Project.year_ended,
    Project.least_councils, Project.is_under_way, Project.is_past, Project.is_made_up, Project.phase_changed_on,
    Project.answers_in_days, Project.problem_too_councils, Project.conversation_councils, Project.sources,
).where(Project.id == bindparam("id"), Project.is_public)  # fmt: skip


_NEED_COLUMNS = (
    Need.id, Need.project_id, Need.kind, Need.profession, Need.thing, Need.title, Need.is_essential, Need.is_capped,
    Need.status, Need.target, Need.held, Need.pledged, Need.agreed, Need.committed, Need.delivered,
)  # fmt: skip

_NEEDS_OF = Statement(
    select(*_NEED_COLUMNS).where(listed(Need.project_id, "ids")).order_by(Need.project_id, Need.position, Need.id)
)


def needs_of(session: Session, project_ids: Sequence[Any]) -> dict[Any, list[Any]]:
    """The needs of projects that have just been listed, in their order, by project id.

    Rows are the driver's: the first fifteen values of a `NeedRow`. Ids must come from a list the viewer could see.
    """
    found: dict[Any, list[Any]] = {project_id: [] for project_id in project_ids}
    if found:
        for row in _NEEDS_OF.rows(session, ids=ids_for(session, project_ids)):
            found[row[1]].append(row)
    return found


NEED_ORDERS = {"updated_at": SortKey(Need.updated_at), "position": SortKey(Need.position)}

_PROJECT_ID = bindparam("project_id", type_=Need.project_id.type)
_NEED = bindparam("need", type_=Need.id.type)
_CLOSES_BEFORE = bindparam("closes_before", type_=Date())


def _needs_by(conditions: Conditions) -> Select[Any]:
    """Needs by kind or profession."""
    return select(Need.id).where(*conditions)


def _needs_in(conditions: Conditions) -> Select[Any]:
    """Needs by project, or one by its id."""
    return select(Need.id).where(*conditions)


def _needs_led_by(conditions: Conditions) -> Select[Any]:
    """Needs by the lead council of their project."""
    return select(Need.id).where(Need.project_id.in_(select(Project.id).where(Project.is_public, *conditions)))


def _needs_since(conditions: Conditions) -> Select[Any]:
    """Needs by when they last changed."""
    return select(Need.id).where(*conditions)


def _needs_closing(conditions: Conditions) -> Select[Any]:
    """Needs by when their project decides."""
    return select(Need.id).where(Need.project_id.in_(select(Project.id).where(Project.is_public, *conditions)))


def _of_column(column: Any, name: str) -> Filter:
    """The need has a value in a column."""
    value = bindparam(name, type_=column.type)
    return Filter(unindexed(column) == value, _needs_by, column == value)


NEEDS = HotList(
    id=Need.id,
    columns=(
        *_NEED_COLUMNS, Need.description, Need.created_at, Need.updated_at, Need.version, Need.revision, Project.slug,
        Project.title,
    ),
    source=Need.__table__.join(Project.__table__, Project.id == Need.project_id),
    always=unindexed(Project.is_public),
    orders=NEED_ORDERS,
    filters={
        "kind": _of_column(Need.kind, "kind"),
        "profession": _of_column(Need.profession, "profession"),
        "status": Filter(unindexed(Need.status) == bindparam("status")),
        "project_id": Filter(
            unindexed(Need.project_id) == _PROJECT_ID, _needs_in, Need.project_id == _PROJECT_ID,
            Need.project_id == _PROJECT_ID, frozenset({"position"}),
        ),
        "project": Filter(
            unindexed(Need.project_id).in_(project_called("project")), _needs_in,
            Need.project_id.in_(project_called("project")), is_rare=True,
        ),
        "council": Filter(
            unindexed(Project.council_id).in_(council_called("council")), _needs_led_by,
            Project.council_id.in_(council_called("council")),
        ),
        "need": Filter(Need.id == _NEED, _needs_in, Need.id == _NEED),
        "closes_before": Filter(
            unindexed(Project.decision_on) < _CLOSES_BEFORE, _needs_closing, Project.decision_on < _CLOSES_BEFORE
        ),
        "updated_since": Filter(
            unindexed(Need.updated_at) >= _UPDATED_SINCE, _needs_since, Need.updated_at >= _UPDATED_SINCE,
            Need.updated_at >= _UPDATED_SINCE, frozenset({"updated_at"}),
        ),
    },
)  # fmt: skip
"""The list of needs of public projects."""


class KeptCounts:
    """Large counts of lists, kept in this process for as long as nothing that the public reads has changed.

    The mark of that is the sequence of the last public event; a count under an older one is not used again. Counts
    under WORTH_KEEPING are quick to take again.
    """

    def __init__(self, most: int = 500) -> None:
        self._most = most
        self._kept: OrderedDict[Any, tuple[int, int]] = OrderedDict()

    def page_and_count(
        self, session: Session, listing: HotList, asked: Mapping[str, Any], key: str, **which: Any
    ) -> tuple[Page, int]:
        """A page (`which` is what `HotList.page` takes) and how many rows there are, no further than one past
        MOST_COUNTED. `key` names what is asked."""
        place = (id(session.get_bind()), key)
        # Read before the rows are counted: a count may be newer than its mark, and never older.
        sequence = last_public_sequence(session)
        kept_under, number = self._kept.get(place, (None, 0))
        measured = listing.measure(session, asked) if asked and kept_under != sequence else None
        page = listing.page(session, asked, measured=measured, **which)
        if kept_under != sequence:
            number = listing.count(session, asked, MOST_COUNTED, measured)
            self._keep(place, sequence, number)
        return page, number

    def _keep(self, place: Any, sequence: int, number: int) -> None:
        if number >= WORTH_KEEPING:
            self._kept[place] = (sequence, number)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


def order_of(sort: str) -> tuple[str, bool]:
    """The order a sort parameter names, and whether it is descending."""
    return sort.removeprefix("-"), sort.startswith("-")


__all__ = ["NEEDS", "KeptCounts", "NeedRow", "ProjectRow", "needs_of", "order_of", "project_list"]
