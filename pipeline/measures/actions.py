"""The verbs of measures: set, changed and ended; readings recorded, carried by an update, and corrected."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy import update as update_rows

from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.event import as_json
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.measures import policy, queries, rules
from pipeline.measures.events import MeasureAdded, MeasureChanged, MeasureEnded, ReadingCorrected, ReadingRecorded
from pipeline.measures.models import Measure, MeasureChange, MeasureReading
from pipeline.measures.rules import MOST_MEASURES, MOST_READINGS, Actual, Point, Terms
from pipeline.projects.actions.drafting import FORGOTTEN_WITH_PROJECT
from pipeline.projects.actions.keeping import acting, check_no_addresses, check_version, touch
from pipeline.projects.actions.taking import taken_project, taken_update
from pipeline.projects.actions.updates import DELETED_WITH_UPDATE, PUBLISHED_WITH_UPDATE
from pipeline.projects.events import UpdateDraftChanged
from pipeline.projects.models import Project, Update
from pipeline.projects.queries import facts_of
from pipeline.projects.rules import ProjectStatus, UpdateStatus


def add_measure(work: UnitOfWork, *, slug: str, terms: Terms) -> Measure:
    """Say what a project measures: before it is published as its team, afterwards as a lead.

    Raises NotFound, NotAllowed, RuleBroken (measure.*, text.holds_address), Conflict (measure.too_many).
    """
    project = taken_project(work, slug)
    facts = facts_of(work, project)
    work.require(policy.may_set_measures(work.actor, facts))
    rules.check_terms(terms, uk_date(work.now))
    check_no_addresses(work, {"name": terms.name})
    if queries.number_of_measures_in(work, project.id) >= MOST_MEASURES:
        words = Words(_("A project measures {n} things at most. End one of them first."), n=MOST_MEASURES)
        raise Conflict("measure.too_many", words, ("end",))
    officer_id, _council_id = acting(work)
    measure = work.add(
        Measure(
            id=new_id(), project_id=project.id, officer_id=officer_id, kind=terms.kind.value, unit=terms.unit.value,
            better=terms.better.value, created_at=work.now, updated_at=work.now, **_columns(terms),
        )
    )  # fmt: skip
    touch(work, project)
    event = MeasureAdded(
        measure_id=measure.id, project_id=project.id, kind=measure.kind, unit=measure.unit, better=measure.better,
        baseline=measure.baseline, baseline_on=measure.baseline_on, target=measure.target, target_on=measure.target_on,
    )  # fmt: skip
    work.record(event, audience=facts.audience)
    return measure


def change_measure(work: UnitOfWork, *, measure_id: UUID, version: int, terms: Terms) -> Measure:
    """Change the name, the baseline or the target. Once the project is published, what it was before is kept and shown.

    Raises NotFound, NotAllowed, RuleBroken (measure.*, text.holds_address), Conflict (measure.ended,
    measure.changed_meanwhile).
    """
    measure, project = _taken(work, measure_id)
    facts = facts_of(work, project)
    work.require(policy.may_set_measures(work.actor, facts))
    _check_stands(measure)
    check_version(measure, version, "measure")
    before = queries.terms_of(measure)
    rules.check_terms(terms, uk_date(work.now))
    check_no_addresses(work, {"name": terms.name})
    pairs = {"name": (before.name, terms.name), "baseline": (before.baseline, terms.baseline)}
    pairs |= {"target": (before.target, terms.target), "better": (before.better, terms.better)}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not changed:
        return measure
    for name, value in _columns(terms).items():
        setattr(measure, name, value)
    measure.better, measure.updated_at = terms.better.value, work.now
    measure.edited()
    touch(work, project)
    said: dict[str, Any] = {name: [_said(old), _said(new)] for name, (old, new) in changed.items()}
    if facts.status is not ProjectStatus.DRAFT:
        work.add(MeasureChange(id=new_id(), measure_id=measure.id, changes=said, changed_at=work.now))
    told = {name: pair for name, pair in said.items() if name != "name"}
    event = MeasureChanged(measure_id=measure.id, project_id=project.id, fields=tuple(changed), changes=told)
    work.record(event, audience=facts.audience)
    return measure


def end_measure(work: UnitOfWork, *, measure_id: UUID) -> Measure:
    """Say that something is no longer measured. What was read of it stays.

    Raises NotFound, NotAllowed, Conflict (measure.ended).
    """
    measure, project = _taken(work, measure_id)
    facts = facts_of(work, project)
    work.require(policy.may_set_measures(work.actor, facts))
    _check_stands(measure)
    measure.ended_at = measure.updated_at = work.now
    measure.edited()
    touch(work, project)
    work.record(MeasureEnded(measure_id=measure.id, project_id=project.id), audience=facts.audience)
    return measure


def record_reading(work: UnitOfWork, *, measure_id: UUID, actual: Actual) -> MeasureReading:
    """Record what was measured on a day. Of a benefit, what the actor's own council has of the work in a year.

    Raises NotFound, NotAllowed, RuleBroken (reading.*, text.holds_address), Conflict (measure.ended,
    reading.too_many, project.not_published).
    """
    measure, project = _taken(work, measure_id)
    facts = queries.facts_of_measure(work, measure, project)
    work.require(policy.may_record_reading(work.actor, facts))
    _check_takes_readings(work, measure, project)
    _check(work, actual)
    row = _keep(work, measure, actual)
    _touch(work, measure, project)
    work.record(_recorded(row), audience=facts.project.audience)
    return row


def correct_reading(work: UnitOfWork, *, reading_id: UUID, actual: Actual) -> MeasureReading:
    """Record what a reading should have said. Both stay, and the page says which corrects which.

    Raises NotFound, NotAllowed, RuleBroken (reading.*, text.holds_address), Conflict (reading.corrected,
    measure.ended, reading.too_many).
    """
    former = queries.reading_seen_by(work, reading_id)
    measure, project = _taken(work, former.measure_id)
    facts = queries.facts_of_measure(work, measure, project)
    work.require(policy.may_correct_reading(work.actor, facts, former.council_id))
    _check_takes_readings(work, measure, project)
    corrections = select(MeasureReading.id).where(MeasureReading.corrects_id == former.id)
    if work.session.scalar(corrections) is not None:
        words = Words(_("This was corrected already. Correct what stands in its place."))
        raise Conflict("reading.corrected", words)
    _check(work, actual)
    row = _keep(work, measure, actual, corrects_id=former.id, council_id=former.council_id)
    _touch(work, measure, project)
    event = ReadingCorrected(
        measure_id=measure.id, project_id=project.id, reading_id=row.id, corrects_id=former.id,
        for_council_id=row.council_id, value=row.value, read_on=row.read_on,
    )  # fmt: skip
    work.record(event, audience=facts.project.audience)
    return row


def carry_readings(work: UnitOfWork, *, update_id: UUID, actuals: Mapping[UUID, Actual]) -> list[MeasureReading]:
    """Have the draft of an update carry readings, by their measure, instead of those it carried: they are read with it.

    What is not given is carried no more. Raises NotFound, NotAllowed,
    RuleBroken (reading.*), Conflict (update.not_draft, reading.too_many).
    """
    update, project = taken_update(work, update_id)
    facts = facts_of(work, project)
    work.require(policy.may_carry_readings(work.actor, facts))
    if update.status != UpdateStatus.DRAFT:
        words = Words(_("This update is published already: record what was measured by itself."))
        raise Conflict("update.not_draft", words)
    measures = {one.id: one for one in queries.measures_to_read(work, project.id)}
    for measure_id, actual in actuals.items():
        if measure_id not in measures:
            raise NotFound("measure")
        _check_takes_readings(work, measures[measure_id], project)
        _check(work, actual)
    carried = {
        measure.id: Actual(line.value, line.read_on, line.note)
        for measure, line in queries.readings_of_update(work, update.id)
    }
    if carried == dict(actuals):
        return []
    work.session.execute(delete(MeasureReading).where(MeasureReading.update_id == update.id))
    work.record(UpdateDraftChanged(update_id=update.id, project_id=project.id, fields=("readings",)))
    return [_keep(work, measures[one], actual, update_id=update.id) for one, actual in actuals.items()]


def publish_readings_of(work: UnitOfWork, update: Update, project: Project) -> None:
    """Record the readings that a published update carries: everybody reads them from now on."""
    rows = work.session.scalars(select(MeasureReading).where(MeasureReading.update_id == update.id)).all()
    if not rows:
        return
    check_no_addresses(work, {"readings": " ".join(row.note for row in rows)})
    facts = facts_of(work, project)
    for row in rows:
        row.recorded_at = work.now
        _touch(work, work.session.get_one(Measure, row.measure_id), project)
        work.record(_recorded(row), audience=facts.audience)


def delete_readings_of(work: UnitOfWork, update: Update) -> None:
    """Delete what a draft of an update carried with the draft."""
    work.session.execute(delete(MeasureReading).where(MeasureReading.update_id == update.id))


def forget_measures_of(work: UnitOfWork, project: Project) -> None:
    """Delete the measures of a project that goes, and what was read of them."""
    of_project = select(Measure.id).where(Measure.project_id == project.id)
    quietly = {"synchronize_session": False}
    for statement in (
        update_rows(MeasureReading).where(MeasureReading.project_id == project.id).values(corrects_id=None),
        delete(MeasureReading).where(MeasureReading.project_id == project.id),
        delete(MeasureChange).where(MeasureChange.measure_id.in_(of_project)),
        delete(Measure).where(Measure.project_id == project.id),
    ):
        work.session.execute(statement, execution_options=quietly)


def _taken(work: UnitOfWork, measure_id: UUID) -> tuple[Measure, Project]:
    """A measure, locked with its project, on which is done first what is due. Raises NotFound."""
    _measure, project = queries.measure_seen_by(work, measure_id)
    taken_project(work, str(project.id))
    return queries.measure_seen_by(work, measure_id, lock=True)


def _columns(terms: Terms) -> dict[str, Any]:
    baseline, target = terms.baseline, terms.target
    return {
        "name": terms.name, "baseline": baseline and baseline.value, "baseline_on": baseline and baseline.on,
        "target": target and target.value, "target_on": target and target.on,
    }  # fmt: skip


def _said(value: Point | str | None) -> Any:
    """A value as JSON keeps it: a point as its value and its day."""
    return [value.value, value.on.isoformat()] if isinstance(value, Point) else as_json(value)


def _check_stands(measure: Measure) -> None:
    if measure.ended_at is not None:
        raise Conflict("measure.ended", Words(_("This is no longer measured.")))


def _check_takes_readings(work: UnitOfWork, measure: Measure, project: Project) -> None:
    _check_stands(measure)
    if project.status == ProjectStatus.DRAFT:
        words = Words(_("Publish the project first: then record what was measured."))
        raise Conflict("project.not_published", words, ("publish",))
    if queries.number_of_readings(work, measure.id) >= MOST_READINGS:
        words = Words(_("This measure has as many readings as one can have. End it and set another."))
        raise Conflict("reading.too_many", words, ("end",))


def _check(work: UnitOfWork, actual: Actual) -> None:
    rules.check_actual(actual, uk_date(work.now))
    check_no_addresses(work, {"note": actual.note})


def _keep(
    work: UnitOfWork, measure: Measure, actual: Actual, *, update_id: UUID | None = None,
    corrects_id: UUID | None = None, council_id: UUID | None = None,
) -> MeasureReading:  # fmt: skip
    officer_id, own_id = acting(work)
    return work.add(
        MeasureReading(
            id=new_id(), measure_id=measure.id, project_id=measure.project_id, council_id=council_id or own_id,
            officer_id=officer_id, update_id=update_id, corrects_id=corrects_id, value=actual.value,
            read_on=actual.read_on, note=actual.note, recorded_at=work.now,
        )
    )  # fmt: skip


def _touch(work: UnitOfWork, measure: Measure, project: Project) -> None:
    """Say that something was read of a measure: its own fields stay as they are."""
    measure.revision += 1
    measure.updated_at = work.now
    touch(work, project)


def _recorded(row: MeasureReading) -> ReadingRecorded:
    return ReadingRecorded(
        measure_id=row.measure_id, project_id=row.project_id, reading_id=row.id, for_council_id=row.council_id,
        update_id=row.update_id, value=row.value, read_on=row.read_on,
    )  # fmt: skip


PUBLISHED_WITH_UPDATE.append(publish_readings_of)
DELETED_WITH_UPDATE.append(delete_readings_of)
FORGOTTEN_WITH_PROJECT.append(forget_measures_of)
