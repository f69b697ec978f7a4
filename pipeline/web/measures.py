"""What a project measures: shown as lines over time beside their tables, set, changed, ended, read and corrected."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.http.entry import anyone, members
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel import clock
from pipeline.kernel.errors import Conflict, Problem, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.measures import actions, policy, queries
from pipeline.measures.messages import BETTER_NAMES, KIND_NAMES, UNIT_NAMES
from pipeline.measures.models import Measure
from pipeline.measures.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    Actual,
    Better,
    MeasureKind,
    Point,
    Terms,
    Unit,
    number_of,
    unreadable,
    value_from,
)
from pipeline.projects.models import Project
from pipeline.projects.queries import facts_of, project_seen_by
from pipeline.projects.rules import ProjectStatus
from pipeline.web.asking import ask, number_in, status_of_form
from pipeline.web.forms import (
    AtMost,
    Choice,
    Day,
    HiddenField,
    Line,
    OnceForm,
    OneOfMany,
    PageForm,
    Required,
    Text,
    lazy,
    problems_onto,
)
from pipeline.web.measures_shown import measures_shown
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("measures", __name__)


class SetForm(OnceForm):
    """What is measured, from where to where."""

    version = HiddenField()
    name = Line(
        lazy(_("What is measured?")),
        description=lazy(_("For example: days to answer a report.")),
        validators=[Required(lazy(_("Say what is measured"))), AtMost(LONGEST_NAME)],
    )
    kind = Choice(lazy(_("What kind of measure is it?")), default=MeasureKind.OUTCOME.value)
    unit = OneOfMany(lazy(_("What is it counted in?")), validators=[Required(lazy(_("Choose what it is counted in")))])
    better = Choice(lazy(_("Which way should it go?")), default=Better.MORE.value)
    baseline = Line(lazy(_("Baseline: where it was before (optional)")))
    baseline_on = Day(lazy(_("On which day was that?")))
    target = Line(lazy(_("Target: where it should come (optional)")))
    target_on = Day(lazy(_("By which day?")))

    def __init__(self, values: Any = None) -> None:
        super().__init__(values)
        self.kind.choices = [(one.value, say(words)) for one, words in KIND_NAMES.items()]
        self.better.choices = [(one.value, say(words)) for one, words in BETTER_NAMES.items()]
        self.unit.choices = [("", ""), *((one.value, say(words)) for one, words in UNIT_NAMES.items())]

    def terms(self, before: Terms | None = None) -> Terms:
        """What was typed, as the rules know it; a kind and a unit stay what they were. Raises RuleBroken."""
        kind = before.kind if before else MeasureKind(self.kind.data or MeasureKind.OUTCOME)
        unit = before.unit if before else Unit(self.unit.data)
        problems: list[Problem] = []
        points = {name: self._point(name, unit, problems) for name in ("baseline", "target")}
        if problems:
            raise RuleBroken(*problems)
        return Terms(self.name.data, kind, unit, Better(self.better.data or Better.MORE), **points)

    def _point(self, name: str, unit: Unit, problems: list[Problem]) -> Point | None:
        typed, on = self._fields[name].data, self._fields[f"{name}_on"].data
        value = value_from(unit, typed) if typed else None
        if typed and value is None:
            problems.append(unreadable(unit, name))
        elif (value is None) != (on is None):
            missing = f"{name}_on" if on is None else name
            problems.append(Problem("measure.half_a_point", Words(_("Give both, the value and its day.")), missing))
        return None if value is None or on is None else Point(value, on)


class ChangeForm(SetForm):
    """The same of what is measured already: its kind and unit stay."""

    def __init__(self, values: Any = None) -> None:
        super().__init__(values)
        del self.kind, self.unit


class ReadForm(OnceForm):
    """What was measured on a day."""

    value = Line(lazy(_("What was measured?")), validators=[Required(lazy(_("Say what was measured")))])
    read_on = Day(lazy(_("On which day?")), validators=[Required(lazy(_("Say on which day")))])
    note = Text(
        lazy(_("Anything to say about it? (optional)")),
        description=lazy(_("Everybody can read this.")),
        most=LONGEST_NOTE,
        render_kw={"rows": 3},
    )

    def actual(self, unit: Unit) -> Actual:
        """What was typed. Raises RuleBroken."""
        value = value_from(unit, self.value.data)
        if value is None:
            raise RuleBroken(unreadable(unit, "value"))
        return Actual(value, self.read_on.data or date.min, self.note.data)


class EndForm(PageForm):
    """A button."""


class _Values:
    """What a form begins with."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


@blueprint.get("/projects/<slug>/measures")
@anyone
@revalidated
def index(slug: str) -> Response:
    """What a project measures, drawn over time, each beside its table."""
    reading = begin_read()
    project = project_seen_by(reading, slug)
    facts = facts_of(reading, project)
    lines = queries.measures_of(reading, project.id)
    return show(
        "measures/index.html", project=project, **measures_shown(reading, project, lines),
        may_set=bool(policy.may_set_measures(reading.actor, facts)),
    )  # fmt: skip


@blueprint.route("/projects/<slug>/measures/new", methods=["GET", "POST"])
@members
def add(slug: str) -> Response:
    """Say what a project measures."""
    reading = begin_read()
    project = project_seen_by(reading, slug)
    ask(policy.may_set_measures(reading.actor, facts_of(reading, project)))
    form: Any = SetForm()
    status, values = status_of_form(), _about(project)
    if form.is_sent():
        key = key_of_form(form.idempotency_key.data, form.data)
        try:
            with begin_work(key) as work:
                actions.add_measure(work, slug=slug, terms=form.terms())
                keep_answer(work.session, key, values["back"])
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        except AlreadyDone as done:
            return _to(done.answer or values["back"])
        else:
            flash(gettext(_("Saved.")), "success")
            return _to(values["back"])
    return show("measures/set.html", status, form=form, is_new=True, **values)


@blueprint.route("/measures/<uuid:measure_id>/edit", methods=["GET", "POST"])
@members
def edit(measure_id: UUID) -> Response:
    """Change what is measured. What it was before is kept and shown."""
    reading = begin_read()
    measure, project = queries.measure_seen_by(reading, measure_id)
    ask(policy.may_set_measures(reading.actor, facts_of(reading, project)))
    before = queries.terms_of(measure)
    form: Any = ChangeForm(_typed(before, measure.version))
    status, values = status_of_form(), _about(project)
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.change_measure(work, measure_id=measure_id, version=number_in(form), terms=form.terms(before))
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("Saved.")), "success")
            return _to(values["back"])
    return show("measures/set.html", status, form=form, is_new=False, measure_id=measure_id, **values)


def _typed(terms: Terms, version: int) -> _Values:
    """A measure as the form gives it back."""
    points = {
        name: (number_of(terms.unit, point.value) if point else "", point and point.on)
        for name, point in (("baseline", terms.baseline), ("target", terms.target))
    }
    return _Values(
        name=terms.name, better=terms.better.value, version=version, baseline=points["baseline"][0],
        baseline_on=points["baseline"][1], target=points["target"][0], target_on=points["target"][1],
    )  # fmt: skip


@blueprint.route("/measures/<uuid:measure_id>/end", methods=["GET", "POST"])
@members
def end(measure_id: UUID) -> Response:
    """Say that something is no longer measured, after asking once."""
    reading = begin_read()
    measure, project = queries.measure_seen_by(reading, measure_id)
    ask(policy.may_set_measures(reading.actor, facts_of(reading, project)))
    form, status, values = EndForm(), status_of_form(), _about(project)
    name = measure.name
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.end_measure(work, measure_id=measure_id)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("It is no longer measured.")), "success")
            return _to(values["back"])
    return show("measures/end.html", status, form=form, name=name, **values)


@blueprint.route("/measures/<uuid:measure_id>/readings/new", methods=["GET", "POST"])
@members
def record(measure_id: UUID) -> Response:
    """Record what was measured on a day."""
    reading = begin_read()
    measure, project = queries.measure_seen_by(reading, measure_id)
    ask(policy.may_record_reading(reading.actor, queries.facts_of_measure(reading, measure, project)))
    form: Any = ReadForm(_Values(value="", read_on=clock.today(), note=""))
    return _read(form, measure, project, lambda work, actual: actions.record_reading(
        work, measure_id=measure_id, actual=actual))  # fmt: skip


@blueprint.route("/readings/<uuid:reading_id>/correct", methods=["GET", "POST"])
@members
def correct(reading_id: UUID) -> Response:
    """Record what a reading should have said."""
    reading = begin_read()
    former = queries.reading_seen_by(reading, reading_id)
    measure, project = queries.measure_seen_by(reading, former.measure_id)
    facts = queries.facts_of_measure(reading, measure, project)
    ask(policy.may_correct_reading(reading.actor, facts, former.council_id))
    value = number_of(Unit(measure.unit), former.value)
    form: Any = ReadForm(_Values(value=value, read_on=former.read_on, note=former.note))
    return _read(form, measure, project, lambda work, actual: actions.correct_reading(
        work, reading_id=reading_id, actual=actual), is_correction=True)  # fmt: skip


def _read(form: Any, measure: Measure, project: Project, act: Any, *, is_correction: bool = False) -> Response:
    status, values, unit = status_of_form(), _about(project), Unit(measure.unit)
    name, is_benefit = measure.name, measure.kind == MeasureKind.BENEFIT
    if form.is_sent():
        key = key_of_form(form.idempotency_key.data, form.data)
        try:
            with begin_work(key) as work:
                act(work, form.actual(unit))
                keep_answer(work.session, key, values["back"])
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        except AlreadyDone as done:
            return _to(done.answer or values["back"])
        else:
            flash(gettext(_("Recorded. Everybody who sees the project can read it.")), "success")
            return _to(values["back"])
    return show(
        "measures/read.html", status, form=form, name=name, unit=UNIT_NAMES[unit], is_benefit=is_benefit,
        is_correction=is_correction, **values,
    )  # fmt: skip


def _about(project: Project) -> dict[str, Any]:
    return {
        "action": request.path, "back": url_for("measures.index", slug=project.address),
        "project_title": project.title, "is_published": project.status != ProjectStatus.DRAFT,
    }  # fmt: skip


def _to(address: str) -> Response:
    return redirect(address, 303)  # type: ignore[return-value]
