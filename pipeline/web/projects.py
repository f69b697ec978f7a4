"""A project: its page, and how it is begun, written, published and thrown away."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.artefacts.queries.library import documents_of_project
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading
from pipeline.documents.markdown import LONGEST_TEXT, written
from pipeline.http.entry import anyone, members
from pipeline.http.identity import current_identity
from pipeline.http.language import current_language, gettext
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel.errors import Conflict, NotFound, Problem, RuleBroken
from pipeline.kernel.words import _
from pipeline.moderation.rules import Reported
from pipeline.pledges.actions import delete_project
from pipeline.pledges.queries import pledges_shown_on
from pipeline.projects import actions, policy, queries, rules
from pipeline.projects.actions.keeping import details_of
from pipeline.projects.actions.publishing import publishing_of
from pipeline.projects.handovers import earlier_councils
from pipeline.projects.interested import own_part_in
from pipeline.projects.messages import STATUS_NAMES
from pipeline.projects.models import Project
from pipeline.projects.page import MOST_UPDATES, ProjectPage, project_page_seen_by
from pipeline.projects.rules import (
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    MOST_THEMES,
    Mode,
    ProjectDetails,
    ProjectStatus,
)
from pipeline.projects.vocabulary import PHASES, THEMES
from pipeline.web import going_ahead
from pipeline.web import project_page as shown
from pipeline.web.asking import LANGUAGE_CHOICES, ask, number_in, status_of_form
from pipeline.web.forms import (
    AtMost,
    Choice,
    Choices,
    Day,
    HiddenField,
    Line,
    Number,
    OnceForm,
    PageForm,
    Required,
    Text,
    YesNo,
    choices_of,
    lazy,
    problems_onto,
)
from pipeline.web.handovers import on_its_way
from pipeline.web.hidden import hiding_shown
from pipeline.web.lessons.panels import lessons_of_project
from pipeline.web.measures_shown import measures_panel
from pipeline.web.people import names_of
from pipeline.web.pledges.waiting import NOTHING_WAITS, waiting_in_project
from pipeline.web.rendering import show
from pipeline.web.similar import panel_of_draft, panel_of_project, revalidated_with_similar
from pipeline.web.timeline import timeline_of

blueprint = Blueprint("projects", __name__)

TO_COME, UNDER_WAY, PAST = "to-come", "under-way", "past"


class DraftForm(OnceForm):
    """The first step: a title is enough to keep a draft."""

    title = Line(
        lazy(_("What is the project called?")),
        description=lazy(_("In plain words, for example: One form for housing repairs. You can change it later.")),
        validators=[Required(lazy(_("Give the project a title"))), AtMost(LONGEST_TITLE)],
    )
    language = Choice(lazy(_("Which language will you write it in?")), choices=LANGUAGE_CHOICES, default="en")
    is_trial = YesNo(
        lazy(_("This is a trial project")),
        description=lazy(
            _("Only your own council sees it. It never becomes a real project: use it to try things out.")
        ),
    )


class EditForm(PageForm):
    """What the project's page says."""

    version = HiddenField()
    title = Line(lazy(_("Title")), validators=[Required(lazy(_("Give the project a title"))), AtMost(LONGEST_TITLE)])
    summary = Text(
        lazy(_("Summary")),
        description=lazy(_("One or two sentences. They show in lists, so say what there will be in the end.")),
        most=LONGEST_SUMMARY,
        render_kw={"rows": 3},
    )
    problem = Text(
        lazy(_("The problem")),
        description=lazy(
            _("Who has it, how often, what it costs. You can use Markdown for headings, lists and links.")
        ),
        most=LONGEST_TEXT,
        render_kw={"rows": 12},
    )
    themes = Choices(lazy(_("What is it about?")))
    phase = Choice(lazy(_("Which phase is the work in?")))
    year_ended = Number(lazy(_("In which year did the work end?")), description=lazy(_("For example 2024")))
    outcome = Text(
        lazy(_("What came of it?")),
        description=lazy(_("What was made, who uses it, and what you would do differently.")),
        most=LONGEST_TEXT,
        render_kw={"rows": 8},
    )
    language = Choice(lazy(_("Which language is this written in?")), choices=LANGUAGE_CHOICES)

    def __init__(self, details: ProjectDetails, version: int, *, is_draft: bool) -> None:
        super().__init__(_Typed(details, version))
        self.themes.choices = choices_of(THEMES)
        self.themes.description = gettext(_("Choose up to %(most)s.")) % {"most": MOST_THEMES}
        self.phase.choices = choices_of(PHASES)
        if is_draft or not details.is_past:
            del self.year_ended, self.outcome
        if not is_draft:
            del self.phase


class TermsForm(PageForm):
    """Whether the work is still to come, and how it is decided that it goes ahead."""

    version = HiddenField()
    stage = Choice(
        lazy(_("Where does the work stand?")),
        choices=(
            (TO_COME, lazy(_("Still to come: we want others to join before it starts"))),
            (UNDER_WAY, lazy(_("Under way: others can join as it goes"))),
            (PAST, lazy(_("It has ended: this is a record of what was done"))),
        ),
    )
    mode = Choice(
        lazy(_("If it is still to come, when does it go ahead?")),
        choices=(
            (Mode.ALL_OR_NOTHING.value, lazy(_("All or nothing: nobody is bound until enough is agreed"))),
            (Mode.FLEXIBLE.value, lazy(_("Flexible: it starts with whatever comes in"))),
        ),
    )
    decision_on = Day(
        lazy(_("All or nothing: by which date is it decided?")),
        description=lazy(_("From 10 working days to 12 months after you publish. For example 27 3 2027.")),
    )
    least_councils = Number(
        lazy(_("All or nothing: how many other councils must be in, at least?")),
        description=lazy(_("Leave empty if what you need is all that counts.")),
    )
    year_ended = Number(lazy(_("If it has ended: in which year?")), description=lazy(_("For example 2024")))
    outcome = Text(
        lazy(_("If it has ended: what came of it?")),
        description=lazy(_("What was made, who uses it, and what you would do differently.")),
        most=LONGEST_TEXT,
        render_kw={"rows": 8},
    )

    def __init__(self, details: ProjectDetails, version: int) -> None:
        super().__init__(_Typed(details, version))


class PhaseForm(PageForm):
    """The phase the work is in."""

    phase = Choice(lazy(_("Which phase is the work in now?")))

    def __init__(self, current: str | None) -> None:
        super().__init__()
        self.phase.choices = choices_of(PHASES)
        if request.method == "GET" and not self.phase.data:
            self.phase.data = current or ""


class SureForm(PageForm):
    """A button, and the version of what was looked at."""

    version = HiddenField()


class _Typed:
    """What a project says, under the names of the fields."""

    def __init__(self, details: ProjectDetails, version: int) -> None:
        self.version = version
        self.title, self.summary, self.problem = details.title, details.summary, details.problem.text
        self.themes, self.phase, self.language = list(details.themes), details.phase, details.language
        self.mode, self.decision_on = details.mode.value, details.decision_on
        self.least_councils = details.least_councils or None
        self.year_ended, self.outcome = details.year_ended, details.outcome.text
        self.stage = PAST if details.is_past else UNDER_WAY if details.is_under_way else TO_COME


@blueprint.get("/projects/<slug>")
@anyone
@revalidated_with_similar
def show_project(slug: str) -> Response:
    """A project, with all that its viewer may know of it. An address it had before leads here."""
    reading = begin_read()
    try:
        page = project_page_seen_by(reading, slug)
    except NotFound:
        return _old_address(reading, slug)
    if page.address != slug:
        return redirect(url_for("projects.show_project", slug=page.address), 301)  # type: ignore[return-value]
    facts = page.facts_for(reading)
    return show("projects/show.html", **_page_values(reading, page, facts), **_team_values(reading, page, facts))


def _old_address(reading: Reading, slug: str) -> Response:
    address = queries.project_with_old_slug(reading, slug)
    if address is None:
        raise NotFound("project")
    return redirect(url_for("projects.show_project", slug=address), 301)  # type: ignore[return-value]


def _page_values(reading: Reading, page: ProjectPage, facts: policy.ProjectFacts) -> dict[str, Any]:
    updates = page.updates[:MOST_UPDATES]
    pledges = pledges_shown_on(reading, page.id)
    councils_in = shown.who_is_in(page, pledges)
    themes = shown.themes_of(page)
    is_alone = all(council.slug == page.council_slug for council in councils_in)
    return {
        "project": page,
        "hiding": hiding_shown(reading, Reported.PROJECT, page.id, is_hidden=page.is_hidden),
        "tags": shown.tags_of(page),
        "themes": themes,
        "linked_data": shown.linked_data_of(page, themes, councils_in if reading.actor.is_anonymous else []),
        "needs": shown.needs_shown(page, going_ahead.waiting_by_need(pledges)),
        "turning_point": shown.turning_point(page),
        "go_ahead": going_ahead.how_it_stands(page, pledges),
        "ended": going_ahead.ended_words(page),
        "terms_changes": going_ahead.terms_shown(reading, page),
        "related": going_ahead.related(reading, page),
        "councils_in": councils_in,
        "freshness": shown.freshness_shown(page),
        "earlier_councils": earlier_councils(reading, page.id) if page.has_changed_terms else [],
        "on_its_way": on_its_way(reading, page),
        "leads": shown.leads_of(page),
        **_taking_part(reading, page, facts),
        "updates": updates,
        "has_more_updates": len(page.updates) > MOST_UPDATES,
        **lessons_of_project(reading, page.id, page.address, facts),
        **measures_panel(reading, page, facts),
        **panel_of_project(reading, page, facts),
        "documents": documents_of_project(reading, page.id),
        "may_share_document": bool(policy.may_write_update(reading.actor, facts)),
        "may_change_needs": bool(policy.may_change_needs(reading.actor, facts)) and page.status in rules.TAKES_NEEDS,
        "next_steps": [
            *going_ahead.decisions_open(reading, page, facts),
            *shown.next_steps(reading, page, facts, is_alone=is_alone),
        ],
        "timeline": timeline_of(reading, page.id),
        **(waiting_in_project(reading, page.id) if page.has_conditions else NOTHING_WAITS),
        "text_language": page.language if page.language != current_language() else "",
    }


def _taking_part(reading: Reading, page: ProjectPage, facts: policy.ProjectFacts) -> dict[str, Any]:
    """Interest in a project, and what this reader can do besides pledging."""
    own = own_part_in(reading, page.id)
    return {
        "interest": shown.interest_in(page),
        "more_about_interest": shown.more_about_interest(page),
        "ways_to_take_part": shown.ways_to_take_part(reading, page, facts, own),
        "is_following": own.is_following,
    }


def _team_values(reading: Reading, page: ProjectPage, facts: policy.ProjectFacts) -> dict[str, Any]:
    """What only a draft's own people are shown: what is still missing, and what colleagues said."""
    if page.status is not ProjectStatus.DRAFT:
        return {"draft_steps": [], "may_publish": False, "checks": [], "own_check": None}
    project = queries.whole_project_seen_by(reading, page.address)
    problems = rules.publishing_problems(publishing_of(reading, project, queries.team_of(reading, project.id)))
    is_writer = bool(policy.may_edit_project(reading.actor, facts))
    checks = queries.checks_of(reading, page.id) if is_writer else []
    return {
        "draft_steps": shown.draft_steps(page, problems) if is_writer else [],
        "may_publish": bool(policy.may_publish_project(reading.actor, facts)),
        "checks": checks,
        "check_names": names_of(reading, [one.officer_id for one in checks]),
        "own_check": queries.own_check_of(reading, page.id),
    }


@blueprint.route("/projects/new", methods=["GET", "POST"])
@members
def draft() -> Response:
    """Begin a project: it is kept as a draft at once."""
    ask(policy.may_post_project(begin_read().actor))
    form: Any = DraftForm()
    status = status_of_form()
    if form.is_sent():
        values = {
            "title": form.title.data,
            "is_trial": bool(form.is_trial.data),
            "language": form.language.data or "en",
        }
        key = key_of_form(form.idempotency_key.data, values)
        try:
            with begin_work(key) as work:
                project = actions.draft_project(work, **values)
                address = url_for("projects.edit", slug=project.id)
                keep_answer(work.session, key, address)
        except RuleBroken as refusal:
            status = problems_onto(form, refusal)
        except AlreadyDone as done:
            return redirect(done.answer or url_for("projects.draft"), 303)  # type: ignore[return-value]
        else:
            flash(gettext(_("Your draft is kept. Nobody but your team sees it until you publish it.")), "success")
            return redirect(address, 303)  # type: ignore[return-value]
    identity = current_identity()
    return show("projects/draft.html", status, form=form, place=identity.place if identity else None)


@blueprint.route("/projects/<slug>/edit", methods=["GET", "POST"])
@members
def edit(slug: str) -> Response:
    """Write what the page says."""
    project = _project_to_edit(slug)
    is_draft = project.status == ProjectStatus.DRAFT
    before = details_of(project)
    form: Any = EditForm(before, project.version, is_draft=is_draft)
    status, saved = status_of_form(), None
    if form.is_sent():
        try:
            address = _change(slug, form, _details_from(form, before))
        except (RuleBroken, Conflict) as refusal:
            status, saved = _refused(slug, form, refusal)
        else:
            return _saved(address)
    similar = panel_of_draft(project) if is_draft else {}
    return show("projects/edit.html", status, form=form, project=project, is_draft=is_draft, saved=saved, **similar)


@blueprint.route("/projects/<slug>/edit/terms", methods=["GET", "POST"])
@members
def edit_terms(slug: str) -> Response:
    """Say, of a draft, whether the work is still to come and how it is decided."""
    project = _project_to_edit(slug)
    if project.status != ProjectStatus.DRAFT:
        raise NotFound("page")
    before = details_of(project)
    form: Any = TermsForm(before, project.version)
    status, saved = status_of_form(), None
    if form.is_sent():
        try:
            address = _change(slug, form, _terms_from(form, before))
        except (RuleBroken, Conflict) as refusal:
            status, saved = _refused(slug, form, refusal)
        else:
            return _saved(address)
    return show("projects/terms.html", status, form=form, project=project, saved=saved)


def _project_to_edit(slug: str) -> Project:
    reading = begin_read()
    project = queries.whole_project_seen_by(reading, slug)
    ask(policy.may_edit_project(reading.actor, queries.facts_of(reading, project)))
    return project


def _change(slug: str, form: Any, details: ProjectDetails) -> str:
    """Save, and return what follows /projects/ in the address from now on: a new title may have changed it."""
    with begin_work() as work:
        project = actions.change_project(work, slug=slug, version=number_in(form), details=details)
    return project.address


def _details_from(form: Any, before: ProjectDetails) -> ProjectDetails:
    return ProjectDetails(
        title=form.title.data, summary=form.summary.data, problem=written(form.problem.data, under=2),
        themes=tuple(form.themes.data), phase=(form.phase.data or None) if "phase" in form else before.phase,
        mode=before.mode, decision_on=before.decision_on, least_councils=before.least_councils,
        is_under_way=before.is_under_way, is_past=before.is_past,
        year_ended=form.year_ended.data if "year_ended" in form else before.year_ended,
        outcome=written(form.outcome.data, under=2) if "outcome" in form else before.outcome,
        language=form.language.data or before.language,
    )  # fmt: skip


def _terms_from(form: Any, before: ProjectDetails) -> ProjectDetails:
    return ProjectDetails(
        title=before.title, summary=before.summary, problem=before.problem, themes=before.themes, phase=before.phase,
        language=before.language, mode=Mode(form.mode.data or before.mode), decision_on=form.decision_on.data,
        least_councils=form.least_councils.data or 0, is_under_way=form.stage.data == UNDER_WAY,
        is_past=form.stage.data == PAST, year_ended=form.year_ended.data, outcome=written(form.outcome.data, under=2),
    )  # fmt: skip


def _refused(slug: str, form: Any, refusal: RuleBroken | Conflict) -> tuple[int, Any]:
    """Put the problems on the form. Where somebody else saved meanwhile, show what they saved beside what was typed."""
    status = problems_onto(form, refusal)
    if refusal.code != "project.changed_meanwhile":
        return status, None
    project = queries.whole_project_seen_by(begin_read(), slug)
    form.version.data = str(project.version)
    theirs = _Typed(details_of(project), project.version)
    differing = [
        (field.label.text, getattr(theirs, field.name))
        for field in form
        if hasattr(theirs, field.name) and field.name != "version" and isinstance(field, Line | Text)
        and getattr(theirs, field.name) != field.data
    ]  # fmt: skip
    return status, differing


def _saved(address: str) -> Response:
    flash(gettext(_("Saved.")), "success")
    return redirect(url_for("projects.show_project", slug=address), 303)  # type: ignore[return-value]


@blueprint.route("/projects/<slug>/publish", methods=["GET", "POST"])
@members
def publish(slug: str) -> Response:
    """Check the answers, and publish."""
    reading = begin_read()
    project = queries.whole_project_seen_by(reading, slug)
    team = queries.team_of(reading, project.id)
    facts = queries.facts_with(reading, project, team)
    ask(policy.may_publish_project(reading.actor, facts))
    if facts.status is not ProjectStatus.DRAFT:
        return redirect(url_for("projects.show_project", slug=project.slug or project.id), 303)  # type: ignore[return-value]
    publishing = publishing_of(reading, project, team)
    problems: list[Problem] = rules.publishing_problems(publishing)
    page = project_page_seen_by(reading, slug)
    form: Any = SureForm(_Typed(publishing.details, project.version))
    status, leads_to = (
        status_of_form(),
        rules.status_on_publishing(publishing.details, has_needs=bool(publishing.needs)),
    )
    if form.is_sent():
        try:
            with begin_work() as work:
                project = actions.publish_project(work, slug=slug, version=number_in(form))
        except (RuleBroken, Conflict) as refusal:
            status, problems = problems_onto(form, refusal), list(refusal.problems)
        else:
            flash(gettext(_("Published.")), "success")
            return redirect(url_for("projects.show_project", slug=project.slug or project.id), 303)  # type: ignore[return-value]
    return show(
        "projects/publish.html", status, form=form, project=page, problems=problems, problem_html=page.problem_html,
        details=publishing.details, needs=shown.needs_shown(page), themes=shown.themes_of(page),
        tags=shown.tags_of(page), leads=shown.leads_of(page), leads_to=STATUS_NAMES[leads_to],
        turning_point=shown.turning_point(page), **panel_of_project(reading, page, facts),
    )  # fmt: skip


@blueprint.route("/projects/<slug>/phase", methods=["GET", "POST"])
@members
def move(slug: str) -> Response:
    """Say that the work is in another phase."""
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    ask(policy.may_change_phase(reading.actor, queries.facts_of(reading, project)))
    form: Any = PhaseForm(project.phase)
    status, title = status_of_form(), project.title
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.change_phase(work, slug=slug, phase=form.phase.data)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("The phase is changed.")), "success")
            return redirect(url_for("projects.show_project", slug=slug), 303)  # type: ignore[return-value]
    return show("projects/phase.html", status, form=form, title=title, slug=slug, phases=PHASES)


@blueprint.route("/projects/<slug>/delete", methods=["GET", "POST"])
@members
def delete(slug: str) -> Response:
    """Throw a draft away, or a published project nobody else has joined, after asking once."""
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    facts = queries.facts_of(reading, project)
    ask(policy.may_delete_project(reading.actor, facts))
    form: Any = SureForm()
    is_draft, title, status = facts.status is ProjectStatus.DRAFT, project.title, status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                delete_project(work, slug=slug)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("It is deleted.")), "success")
            return redirect(url_for("home.show_home"), 303)  # type: ignore[return-value]
    return show("projects/delete.html", status, form=form, title=title, slug=slug, is_draft=is_draft)
