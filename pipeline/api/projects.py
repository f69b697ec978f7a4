"""Projects of councils: the list, made for speed, and one project in full."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import marshmallow as ma
from flask import Response, current_app

from pipeline import RELEASE
from pipeline.api import councils as councils_api
from pipeline.api import updates as updates_api
from pipeline.api.addresses import as_id, lead_on
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    Parameters,
    StrictBoolean,
    answer,
    list_etag,
    list_schema,
    not_modified,
    own_etag,
    row_etag,
    thing_schema,
)
from pipeline.api.councils import CouncilReference
from pipeline.api.hot_lists import HotAsked, answer_found, answer_hot_page
from pipeline.api.kept_rows import KeptRows
from pipeline.api.needs import NeedInProject, in_project, need_now
from pipeline.api.needs import shown as need_shown
from pipeline.api.parameters import (
    DayGiven,
    Line,
    changed_since,
    code_of_council,
    expand_of,
    fields_of,
    one_word,
    only,
)
from pipeline.api.project_details import decision_shown, interest_shown, leads_shown, whole_project
from pipeline.api.updates import PersonSchema, UpdateSchema
from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.db.hot_lists import ids_for
from pipeline.db.statements import text_of, utc_text
from pipeline.db.work import Reading
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_hot_read, begin_public_read, begin_read
from pipeline.http.security import KEPT_BY_ONE
from pipeline.kernel.errors import NotFound
from pipeline.projects import listing, queries, update_listing
from pipeline.projects.decision import decision_of
from pipeline.projects.freshness import Freshness
from pipeline.projects.listing import PROJECT_ORDERS, USUAL_SORT, KeptCounts, ProjectRow
from pipeline.projects.need_listing import needs_in_full
from pipeline.projects.rules import Mode, NeedKind, ProjectStatus
from pipeline.projects.taking_part import InterestKind
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PROFESSION_BY_VALUE, THEME_BY_VALUE
from pipeline.search.queries import PROJECTS, partners_of, projects_found

blueprint = Blueprint("api_projects", __name__, url_prefix="/api/v1", description="Projects that councils do together")

PUBLIC_STATUSES = tuple(one.value for one in ProjectStatus if one is not ProjectStatus.DRAFT)
RELEVANCE = "relevance"
SORTS = tuple(dict.fromkeys([USUAL_SORT, *(f"{sign}{name}" for name in PROJECT_ORDERS for sign in ("", "-"))]))
SAME_SORTS = {"pledged_days": "pledged_half_days", "-pledged_days": "-pledged_half_days"}
EXPANDED = ("council", "latest_update", "needs")
_counts = KeptCounts()


class ProjectSchema(ma.Schema):
    """A project as lists show it."""

    id = ma.fields.UUID(required=True)
    slug = ma.fields.String(required=True, metadata={"example": "shared-repairs-form"})
    title = ma.fields.String(required=True)
    summary = ma.fields.String(required=True)
    phase = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null only for work recorded from public sources that do not say", "example": "alpha"},
    )
    status = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(PUBLIC_STATUSES)}
    )
    freshness = ma.fields.String(
        required=True,
        metadata={
            "description": "Whether the leads of a running project were heard from. Open-ended; today one of: "
            + ", ".join(Freshness),
            "example": "fresh",
        },
    )
    mode = ma.fields.String(required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(Mode)})
    decision_on = ma.fields.Date(
        required=True, allow_none=True, metadata={"description": "The day an all-or-nothing project decides"}
    )
    themes = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "The main one first"})
    council = ma.fields.Nested(CouncilReference, required=True, metadata={"description": "The lead council"})
    councils = ma.fields.Integer(
        required=True, metadata={"description": "Councils besides the lead council whose pledge counts"}
    )
    held_half_days = ma.fields.Integer(required=True)
    pledged_half_days = ma.fields.Integer(required=True)
    pledged_pence = ma.fields.Integer(required=True)
    needs = ma.fields.List(ma.fields.Nested(NeedInProject), required=True)
    is_recorded = ma.fields.Boolean(
        required=True, metadata={"description": "Recorded from public sources, not posted by its council"}
    )
    created_at = ma.fields.DateTime(required=True)
    published_at = ma.fields.DateTime(
        required=True, allow_none=True, metadata={"description": "Null for a draft, which only its team reads"}
    )
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The project's page"})
    etag = ma.fields.String(required=True, metadata={"example": "4.19.2026-11"})
    latest_update = ma.fields.Nested(
        UpdateSchema, allow_none=True, metadata={"description": "With expand=latest_update"}
    )


class MissingSchema(ma.Schema):
    """What one essential need still lacks, in its unit."""

    need_id = ma.fields.UUID(required=True)
    missing = ma.fields.Integer(required=True)


class GoAheadTestSchema(ma.Schema):
    """The go-ahead test of an open, all-or-nothing project. It looks at agreed pledges only."""

    passes = ma.fields.Boolean(required=True, metadata={"description": "Whether it would go ahead as it stands"})
    councils = ma.fields.Integer(
        required=True, metadata={"description": "Councils besides the lead council with an agreed pledge"}
    )
    missing_councils = ma.fields.Integer(required=True)
    missing = ma.fields.List(ma.fields.Nested(MissingSchema), required=True)


class ProjectDetailSchema(ProjectSchema):
    """One project in full. What is expanded stands in place of its short form."""

    slug = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null for a draft, which its id leads to", "example": "shared-repairs-form"},
    )
    status = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(ProjectStatus)}
    )
    problem_markdown = ma.fields.String(required=True, metadata={"description": "As it was written"})
    problem_html = ma.fields.String(required=True, metadata={"description": "Rendered and made safe to show"})
    outcome_markdown = ma.fields.String(required=True, metadata={"description": "What came of past work"})
    outcome_html = ma.fields.String(required=True)
    language = ma.fields.String(required=True, metadata={"description": "BCP 47", "example": "en"})
    least_councils = ma.fields.Integer(
        required=True, metadata={"description": "How many other councils the go-ahead test asks for"}
    )
    test = ma.fields.Nested(
        GoAheadTestSchema, required=True, allow_none=True, metadata={"description": "Null where nothing is to decide"}
    )
    agreed_half_days = ma.fields.Integer(required=True)
    agreed_pence = ma.fields.Integer(required=True)
    committed_half_days = ma.fields.Integer(required=True)
    committed_pence = ma.fields.Integer(required=True)
    delivered_half_days = ma.fields.Integer(required=True)
    delivered_pence = ma.fields.Integer(required=True)
    went_ahead_at = ma.fields.DateTime(required=True, allow_none=True)
    ended_at = ma.fields.DateTime(required=True, allow_none=True)
    stop_reason = ma.fields.String(required=True, allow_none=True, metadata={"description": "Why it was stopped"})
    continues = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "The slug of the project this one posts again"}
    )
    is_under_way = ma.fields.Boolean(required=True)
    is_past = ma.fields.Boolean(required=True)
    is_made_up = ma.fields.Boolean(required=True, metadata={"description": "Part of a demonstration"})
    year_ended = ma.fields.Integer(required=True, allow_none=True)
    phase_changed_on = ma.fields.Date(required=True, allow_none=True)
    answers_in_working_days = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "In how many the leads usually answer; null while there is too little to say"},
    )
    interest = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Integer(),
        required=True,
        metadata={
            "description": "How many councils stand to it in which way; open-ended; today " + ", ".join(InterestKind),
            "example": {"problem_too": 3, "conversation": 1},
        },
    )
    sources = ma.fields.List(ma.fields.String(), required=True)
    leads = ma.fields.List(ma.fields.Nested(PersonSchema), required=True)
    partners = ma.fields.List(ma.fields.Nested(CouncilReference), required=True)


class ProjectParameters(ListParameters):
    """What a list of projects can be narrowed to, and its order."""

    q = Line(
        load_default="",
        validate=ma.validate.Length(max=200),
        metadata={
            "description": "Words that all occur in the project. The best come first, among the newest 300, or 1,000"
            " with filters"
        },
    )
    council = code_of_council("The lead council")
    partner = code_of_council("A council that has joined")
    phase = one_word(PHASE_BY_VALUE, "How far the work is: an id of /phases")
    status = one_word(PUBLIC_STATUSES, "What has become of it")
    freshness = one_word(Freshness, "Whether its leads were heard from")
    theme = one_word(THEME_BY_VALUE, "One of its themes: an id of /themes")
    need_kind = one_word(NeedKind, "Projects that ask for this")
    profession = one_word(PROFESSION_BY_VALUE, "Projects that ask for time of this profession")
    open_needs = StrictBoolean(metadata={"description": "Whether the project has a need that takes pledges"})
    nation = one_word(NATION_BY_VALUE, "The nation of the lead council")
    region = one_word(REGION_BY_VALUE, "The region of the lead council")
    kind = one_word(KIND_BY_VALUE, "The kind of the lead council")
    decision_before = DayGiven(metadata={"description": "Projects that decide before this date"})
    updated_since = changed_since("Projects")
    sort = ma.fields.String(
        load_default=None,
        validate=ma.validate.OneOf([*SORTS, *SAME_SORTS, RELEVANCE]),
        metadata={
            "description": "The order; a minus turns it round. Usually -updated_at, and relevance with q. Rows that are"
            " equal come in the order of their ids, those without a decision date last. pledged_days is another name"
            " for pledged_half_days"
        },
    )
    expand = expand_of(EXPANDED)
    wanted = fields_of(ProjectSchema)

    @ma.validates_schema
    def check_relevance(self, asked: dict[str, Any], **_: Any) -> None:
        if asked.get("sort") == RELEVANCE and not asked.get("q"):
            raise ma.ValidationError("Only a search by words (q) can be in the order of relevance.", "sort")


class OneProjectParameters(Parameters):
    """What can be asked of one project."""

    expand = expand_of(EXPANDED)
    wanted = fields_of(ProjectDetailSchema)


@blueprint.route("/projects")
@anyone
@blueprint.arguments(ProjectParameters, location="query")
@blueprint.response(200, list_schema(ProjectSchema))
def list_projects(parameters: dict[str, Any]) -> Response:
    """List projects, the latest changed first; with words (q) the most relevant first."""
    words, expand = parameters.pop("q"), parameters.pop("expand")
    sort = parameters["sort"] or (RELEVANCE if words else USUAL_SORT)
    parameters["sort"] = SAME_SORTS.get(sort, sort)
    if words:
        return _search(words, expand, HotAsked.of("api-projects", parameters, q=words))
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked = HotAsked.of("api-projects", parameters)
    with begin_hot_read() as reading:
        page, total = asked.page_of(reading.session, PROJECTS, asked.filters, _counts)
        rows = _listed(reading, page.rows, expand, asked.fields)
    return answer_hot_page(asked, page, rows, asked.total(total), etag)


def _search(words: str, expand: frozenset[str], asked: HotAsked) -> Response:
    """What a search found, in the order of relevance or another."""
    reading = begin_read()
    filters = {name: value for name, value in asked.filters.items() if name != "q"}
    found = projects_found(reading.session, words, filters)
    total = asked.total(len(found.ids), len(found.ids) if found.has_more else None)
    if asked.order != RELEVANCE:
        page = PROJECTS.page(reading.session, {"words": ids_for(reading.session, found.ids)}, **asked.which)
        return answer_hot_page(asked, page, _listed(reading, page.rows, expand, asked.fields), total, None)
    ids = found.ids[asked.offset : asked.offset + asked.limit]
    rows = _listed(reading, listing.rows_of(reading.session, ids), expand, asked.fields)
    return answer_found(asked, rows, len(found.ids), total)


def _listed(reading: Reading, rows: Sequence[Any], expand: frozenset[str], fields: frozenset[str] | None) -> Any:
    """The rows of a list: as they were written for their revision, or made anew where less or more is wanted."""
    if expand or fields is not None:
        return expanded(shown(reading, rows), expand)
    kept: KeptRows = current_app.extensions.setdefault("pipeline_kept_projects", KeptRows())
    return kept.of(rows, _MARK_OF, lambda missing: shown(reading, missing))


@blueprint.route("/projects/<string:slug>")
@anyone
@blueprint.arguments(OneProjectParameters, location="query")
@blueprint.response(200, thing_schema(ProjectDetailSchema))
@blueprint.doc(responses={410: {"description": "It was public, and its council deleted it"}})
def get_project(parameters: dict[str, Any], slug: str) -> Response:
    """Read one project, by slug or id. A slug it had before leads to it (308)."""
    reading = begin_read()
    mark = listing.mark_of(reading.session, slug)
    if mark is None:
        return _not_public(reading, parameters, slug)
    # What is expanded has marks of its own: the answer then changes with anything that the public reads.
    etag = list_etag() if parameters["expand"] else row_etag(mark.version, mark.revision)
    if unchanged := not_modified(etag):
        return unchanged
    row = listing.row_of(reading.session, mark.id)
    if row is None:
        raise NotFound("project")
    data = _in_full(reading, row, parameters["expand"])
    return answer({"data": only(data, parameters["wanted"])}, etag=etag)


def _not_public(reading: Reading, parameters: dict[str, Any], slug: str) -> Response:
    """A draft, or what is hidden, for whoever may know of it; else where a project that had this slug is now."""
    try:
        data = whole_project(reading, slug)
    except NotFound:
        return lead_on(reading, slug)
    if "council" in parameters["expand"]:
        slug_of_council = data["council"]["slug"]
        data["council"] = councils_api.in_full(reading, {slug_of_council})[slug_of_council]
    if "needs" in parameters["expand"]:
        data["needs"] = [need_now(queries.need_seen_by(reading, need["id"])) for need in data["needs"]]
    if "latest_update" in parameters["expand"]:
        data["latest_update"] = None
    shown_of = {"data": only(data, parameters["wanted"])}
    etag = own_etag(shown_of) if parameters["expand"] else data["etag"]
    return answer(shown_of, etag=etag, cache=KEPT_BY_ONE)


def _in_full(reading: Reading, row: ProjectRow, expand: frozenset[str]) -> dict[str, Any]:
    session = reading.session
    (data,) = shown(reading, [row])
    said, sources = listing.text_of_project(session, row.id)
    data |= {
        "problem_markdown": said.problem, "problem_html": said.problem_html, "outcome_markdown": said.outcome,
        "outcome_html": said.outcome_html, "language": said.language, "least_councils": said.least_councils,
        "is_under_way": said.is_under_way, "is_past": said.is_past, "is_made_up": said.is_made_up,
        "year_ended": said.year_ended, "phase_changed_on": text_of(said.phase_changed_on),
        "answers_in_working_days": said.answers_in_days,
        "interest": interest_shown(said.problem_too_councils, said.conversation_councils),
        "sources": sources,
        "leads": leads_shown(reading, as_id(row.id)),
        "partners": [
            {"slug": slug, "name": name, "gss_code": code} for slug, name, code in partners_of(session, as_id(row.id))
        ],
    }  # fmt: skip
    data |= decision_shown(decision_of(session, row.id), data)
    return expanded([data], expand)[0]


def expanded(rows: list[dict[str, Any]], expand: frozenset[str]) -> list[dict[str, Any]]:
    """Projects with some of their members in full: at most five queries more, however many projects there are."""
    if not expand or not rows:
        return rows
    reading = begin_public_read()
    project_ids = [row["id"] for row in rows]
    if "council" in expand:
        councils = councils_api.in_full(reading, {row["council"]["slug"] for row in rows})
        for row in rows:
            row["council"] = councils[row["council"]["slug"]]
    if "needs" in expand:
        needs = needs_in_full(reading.session, project_ids)
        for row in rows:
            row["needs"] = [need_shown(need) for need in needs.get(row["id"], ())]
    if "latest_update" in expand:
        latest = update_listing.latest_of(reading, project_ids)
        for row in rows:
            found = latest.get(row["slug"])
            row["latest_update"] = updates_api.shown(found) if found else None
    return rows


_MARK_OF = itemgetter(ProjectRow._fields.index("version"), ProjectRow._fields.index("revision"))


def shown(reading: Reading, rows: Any) -> list[dict[str, Any]]:
    """Projects as the API shows them, their needs read in one go. Written for speed: it is what is read most."""
    base = f"{current_app.config['PUBLIC_URL']}/projects/"
    needs = listing.needs_of(reading.session, [row[0] for row in rows])
    shown_rows = []
    for row in rows:
        (
            project_id, slug, title, summary, phase, status, mode, decision_on, themes, council_slug, council_name,
            _short_name, gss_code, councils, held_half_days, pledged_half_days, pledged_pence, is_recorded, created_at,
            published_at, updated_at, version, revision, _language, freshness, _sort_value,
        ) = row  # fmt: skip
        shown_rows.append(
            {
                "id": project_id, "slug": slug, "title": title, "summary": summary, "phase": phase, "status": status,
                "freshness": freshness, "mode": mode, "decision_on": decision_on,
                "themes": themes.split(",") if themes else [],
                "council": {"slug": council_slug, "name": council_name, "gss_code": gss_code}, "councils": councils,
                "held_half_days": held_half_days, "pledged_half_days": pledged_half_days,
                "pledged_pence": pledged_pence, "needs": [in_project(need) for need in needs[project_id]],
                "is_recorded": bool(is_recorded), "created_at": utc_text(created_at),
                "published_at": utc_text(published_at), "updated_at": utc_text(updated_at), "url": base + slug,
                "etag": f"{version}.{revision}.{RELEASE}",
            }
        )  # fmt: skip
    return shown_rows
