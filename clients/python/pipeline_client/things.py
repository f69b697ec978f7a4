"""The main things of the API, as it answers them. `fields` brings fewer members, and any release may add some.

Money is whole pence, time whole half-days; moments are UTC, such as `2026-11-20T16:05:12Z`, and days `2026-11-20`.
"""

from typing import Any, NotRequired, TypedDict


class CouncilReference(TypedDict):
    """A council in short."""

    slug: str
    name: str
    gss_code: str | None


class Council(CouncilReference):
    """A council of the register, as it is or was."""

    id: str
    name_cy: str | None
    short_name: str
    kind: str
    nation: str
    region: str
    website: str | None
    active: bool
    made_up: bool
    predecessors: list[CouncilReference]
    successors: list[CouncilReference]
    projects_led: int
    projects_joined: int
    updated_at: str
    url: str
    etag: str


class NeedInProject(TypedDict):
    """A need, where it stands in its project."""

    id: str
    kind: str
    profession: str | None
    thing: str | None
    title: str
    essential: bool
    capped: bool
    status: str
    unit: str
    target: int
    held: int
    pledged: int
    agreed: int
    committed: int
    delivered: int
    room: int | None


class ProjectReference(TypedDict):
    """A project in short."""

    slug: str
    title: str


class Person(TypedDict):
    """Somebody, with a name only where they chose it."""

    display_name: str | None
    role: str
    council: CouncilReference


class Update(TypedDict):
    """How a project goes."""

    id: str
    project: ProjectReference
    status: str
    title: str
    language: str
    markdown: str
    html: str
    text: str
    author: Person
    published_at: str | None
    edited_at: str | None
    updated_at: str
    url: str
    etag: str


class ProjectInShort(TypedDict):
    """What lists and a project read by itself both show."""

    id: str
    title: str
    summary: str
    phase: str | None
    status: str
    freshness: str
    mode: str
    decision_on: str | None
    themes: list[str]
    council: CouncilReference
    councils: int
    held_half_days: int
    pledged_half_days: int
    pledged_pence: int
    needs: list[NeedInProject]
    is_recorded: bool
    created_at: str
    published_at: str | None
    updated_at: str
    url: str
    etag: str
    latest_update: NotRequired[Update | None]


class Project(ProjectInShort):
    """A project, as lists show it."""

    slug: str


class Missing(TypedDict):
    """What a need still lacks."""

    need_id: str
    missing: int


class GoAheadTest(TypedDict):
    """Whether the project can go ahead, and what it lacks."""

    passes: bool
    councils: int
    missing_councils: int
    missing: list[Missing]


class ProjectDetail(ProjectInShort):
    """A project, read by itself. `slug` is None while it is a draft."""

    slug: str | None
    problem_markdown: str
    problem_html: str
    outcome_markdown: str
    outcome_html: str
    language: str
    least_councils: int
    test: GoAheadTest | None
    agreed_half_days: int
    agreed_pence: int
    committed_half_days: int
    committed_pence: int
    delivered_half_days: int
    delivered_pence: int
    went_ahead_at: str | None
    ended_at: str | None
    stop_reason: str | None
    continues: str | None
    is_under_way: bool
    is_past: bool
    is_made_up: bool
    year_ended: int | None
    phase_changed_on: str | None
    answers_in_working_days: int | None
    interest: dict[str, Any]
    sources: list[str]
    leads: list[Person]
    partners: list[CouncilReference]


class Need(NeedInProject):
    """What a project asks for."""

    project: ProjectReference
    description: str
    created_at: str
    updated_at: str
    url: str
    etag: str


class NeedReference(TypedDict):
    """A need in short."""

    id: str
    kind: str
    profession: str | None


class Condition(TypedDict):
    """What a council wants to see before its pledge counts; `have`, `want` and `holds` say how it stands."""

    kind: str
    at_least: NotRequired[int]
    unit: NotRequired[str]
    need: NotRequired[str]
    of_kind: NotRequired[str]
    of_nation: NotRequired[str]
    of_region: NotRequired[str]
    have: int
    want: int | None
    holds: bool


class Pledge(TypedDict):
    """What a council promised; one of `half_days`, `pence` and `quantity` is set, by its `kind`."""

    id: str
    project: ProjectReference
    need: NeedReference
    council: CouncilReference
    kind: str
    half_days: int | None
    pence: int | None
    quantity: int | None
    status: str
    from_on: str | None
    to_on: str | None
    delivered: int
    broken: int
    released: int
    pledged_as: str | None
    carry_over_due_on: str | None
    counts: bool
    conditions: list[Condition]
    offered_at: str
    authorised_at: str | None
    committed_at: str | None
    answer_due_on: str | None
    answered_on: str | None
    updated_at: str
    url: str
    etag: str


class LessonProse(TypedDict):
    """A passage, in three forms."""

    markdown: str
    html: str
    text: str


class LessonMeasure(TypedDict):
    """Something that was measured before and after."""

    name: str
    before: str | None
    after: str
    unit: str


class LessonPin(TypedDict):
    """The version and paragraph a lesson concerns."""

    artefact: str
    title: str
    version: int
    paragraph: str | None
    paragraph_hash: str | None
    is_paragraph_removed: bool
    answered_by: int | None


class LessonReply(LessonProse):
    """What the document's council answered."""

    replied_at: str


class Lesson(TypedDict):
    """What a council learned."""

    id: str
    slug: str | None
    status: str
    title: str
    did: LessonProse
    happened: LessonProse
    differently: LessonProse
    evidence: LessonProse
    outcome: str | None
    measures: list[LessonMeasure]
    themes: list[str]
    language: str
    project: ProjectReference
    council: CouncilReference
    author: Person
    pinned_to: LessonPin | None
    reply: LessonReply | None
    used_by: int
    published_at: str | None
    edited_at: str | None
    updated_at: str
    url: str
    etag: str


class Artefact(TypedDict):
    """A shared document."""

    id: str
    slug: str
    kind: str
    title: str
    summary: str
    language: str
    licence: str
    status: str
    current_version: int | None
    last_version: int
    review_on: str | None
    upstream: str | None
    project: ProjectReference
    council: CouncilReference
    adoptions: int
    adopted_as_is: int
    adapted: int
    lessons: int
    published_at: str
    updated_at: str
    url: str
    etag: str


class ArtefactReference(TypedDict):
    """A document in short."""

    slug: str
    title: str


class Adoption(TypedDict):
    """A council's use of a document."""

    id: str
    artefact: ArtefactReference
    council: CouncilReference
    standing: str
    version: int
    versions_behind: int
    copy: ArtefactReference | None
    approved_by: str
    approved_on: str | None
    review_on: str | None
    note: str
    started_at: str
    moved_at: str | None
    ended_at: str | None
    updated_at: str
    url: str
    etag: str


class ActingCouncil(TypedDict):
    """The council something was done for."""

    slug: str
    gss_code: str | None


class Subject(TypedDict):
    """What something was done to, and where to read it."""

    type: str
    id: str
    url: str
    title: str | None


class ProjectSlug(TypedDict):
    """The project something happened in."""

    slug: str | None


class Event(TypedDict):
    """One thing that happened."""

    id: str
    type: str
    occurred_at: str
    council: ActingCouncil | None
    subject: Subject
    project: ProjectSlug | None
    changes: dict[str, Any]
