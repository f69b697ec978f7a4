"""A council answers a checklist: point by point, for itself, until it publishes; then on to a newer version."""

from collections.abc import Mapping
from typing import Any

from pipeline.artefacts import policy
from pipeline.artefacts.checklist_events import ChecklistAnswered, ChecklistAnswersSaved, ChecklistAnswersWithdrawn
from pipeline.artefacts.checklists import (
    Answer,
    Answers,
    Point,
    answers_from,
    carried,
    check_answers,
    counts_of,
    points_from,
)
from pipeline.artefacts.models import Artefact, ChecklistAnswers, Version
from pipeline.artefacts.queries.checklists import answers_of, checklist_seen_by
from pipeline.artefacts.queries.seeing import artefact_facts_of, current_version_of
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, Problem, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.keeping import acting, check_no_addresses, check_version
from pipeline.projects.models import Project


def answer_points(
    work: UnitOfWork, *, slug: str, version: int, answers: Mapping[str, Answer | None]
) -> ChecklistAnswers:
    """Save answers of the actor's council to some points; None takes an answer back. Other points stay as they are.

    `version` is that of the council's answers the officer read, 0 while there were none. The first answers belong to
    the current version of the checklist. A point marked *check again* stays so only while `answers` says so too. Where
    nothing differs nothing is saved.
    Raises NotFound, NotAllowed, RuleBroken (checklist.unknown_point, checklist.note_too_long), Conflict
    (checklist.changed_meanwhile, checklist.no_version).
    """
    artefact, project = checklist_seen_by(work, slug, lock=True)
    work.require(policy.may_answer_checklist(work.actor))
    officer_id, council_id = acting(work)
    row = answers_of(work, artefact, council_id)
    check_version(row, version, "checklist")
    if row is None:
        row = ChecklistAnswers(
            id=new_id(), artefact_id=artefact.id, council_id=council_id, version_id=_current(work, artefact).id,
            answers={}, published_answers={}, officer_id=officer_id, updated_at=work.now, version=0, revision=0,
        )  # fmt: skip
    answered = _version(work, row)
    points = points_from(answered.points)
    given = {point: one for point, one in answers.items() if one is not None}
    check_answers(given | {point: Answer(None) for point in answers if point not in given}, points)
    before = answers_from(row.answers)
    made = _with(before, answers)
    if made == before:
        return row
    work.add(row)
    row.answers = _kept(made, points)
    _touch(work, row)
    _record_saved(work, row, project, answered)
    return row


def publish_answers(work: UnitOfWork, *, slug: str, version: int) -> ChecklistAnswers:
    """Publish the answers of the actor's council as they stand. `version` is the one the officer read.

    Points without an answer are not published, nor are notes to them. Raises NotFound, NotAllowed, RuleBroken
    (checklist.nothing_answered, text.holds_address), Conflict (checklist.changed_meanwhile, checklist.unchanged).
    """
    row, artefact, project = _own(work, slug, version)
    answered = _version(work, row)
    answers = {point: one for point, one in answers_from(row.answers).items() if one.answer is not None}
    if not answers:
        words = Words(_("Answer at least one point before you publish."))
        raise RuleBroken(Problem("checklist.nothing_answered", words))
    kept = _kept(answers, points_from(answered.points))
    if row.published_at is not None and (row.published_answers, row.published_version_id) == (kept, row.version_id):
        raise Conflict("checklist.unchanged", Words(_("Everybody can see these answers already.")), ("answer",))
    check_no_addresses(work, {f"note-{point}": one.note for point, one in answers.items()})
    row.published_answers, row.published_version_id, row.published_at = kept, row.version_id, work.now
    counts = counts_of(answers)
    row.met, row.partly = counts["met"], counts["partly"]
    row.not_yet, row.not_applicable = counts["not_yet"], counts["not_applicable"]
    _touch(work, row)
    event = ChecklistAnswered(
        artefact_id=artefact.id, project_id=project.id, for_council_id=row.council_id, number=answered.number, **counts
    )
    work.record(event, audience=artefact_facts_of(work, artefact, project).audience)
    return row


def unpublish(work: UnitOfWork, *, slug: str) -> ChecklistAnswers:
    """Publish the answers of the actor's council no longer; the council keeps them.

    Raises NotFound, NotAllowed, Conflict (checklist.not_published).
    """
    row, artefact, project = _own(work, slug, None)
    if row.published_at is None:
        words = Words(_("Your council publishes no answers to this checklist."))
        raise Conflict("checklist.not_published", words, ("answer", "publish"))
    row.published_answers, row.published_version_id, row.published_at = {}, None, None
    row.met = row.partly = row.not_yet = row.not_applicable = 0
    _touch(work, row)
    event = ChecklistAnswersWithdrawn(artefact_id=artefact.id, project_id=project.id, for_council_id=row.council_id)
    work.record(event, audience=artefact_facts_of(work, artefact, project).audience)
    return row


def carry_over(work: UnitOfWork, *, slug: str, version: int) -> ChecklistAnswers:
    """Take the answers of the actor's council over to the current version of the checklist.

    A point that says the same keeps its answer, a reworded one keeps it as *check again*, a new one is unanswered.
    What the council publishes stays as it is until it publishes anew. Raises NotFound, NotAllowed, Conflict
    (checklist.changed_meanwhile, checklist.no_version, checklist.is_current).
    """
    row, artefact, project = _own(work, slug, version)
    newest, old = _current(work, artefact), _version(work, row)
    if newest.id == old.id:
        raise Conflict("checklist.is_current", Words(_("These answers are to the current version.")), ("answer",))
    points = points_from(newest.points)
    row.answers = _kept(carried(answers_from(row.answers), points_from(old.points), points), points)
    row.version_id = newest.id
    _touch(work, row)
    _record_saved(work, row, project, newest)
    return row


def _own(work: UnitOfWork, slug: str, version: int | None) -> tuple[ChecklistAnswers, Artefact, Project]:
    """The answers of the actor's council, asked for and compared with the version that was read, where one was."""
    artefact, project = checklist_seen_by(work, slug, lock=True)
    work.require(policy.may_answer_checklist(work.actor))
    _officer_id, council_id = acting(work)
    row = answers_of(work, artefact, council_id)
    if row is None:
        words = Words(_("Your council has not answered this checklist yet."))
        raise Conflict("checklist.not_answered", words, ("answer",))
    work.require(policy.may_change_answers(work.actor, row.council_id))
    if version is not None:
        check_version(row, version, "checklist")
    return row, artefact, project


def _current(work: UnitOfWork, artefact: Artefact) -> Version:
    current = current_version_of(work, artefact)
    if current is None:
        words = Words(_("This checklist has no version in use, so it cannot be answered now."))
        raise Conflict("checklist.no_version", words)
    return current


def _version(work: UnitOfWork, row: ChecklistAnswers) -> Version:
    version = work.session.get(Version, row.version_id)
    assert version is not None  # noqa: S101 (a foreign key holds it)
    return version


def _with(before: Answers, given: Mapping[str, Answer | None]) -> Answers:
    """The answers after some were given. *Check again* is marked by a newer version alone; an answer only clears it."""
    made = dict(before)
    for point, answer in given.items():
        if answer is None or (answer.answer is None and not answer.note):
            made.pop(point, None)
        else:
            again = answer.check_again and point in before and before[point].check_again
            made[point] = Answer(answer.answer, answer.note, again)
    return made


def _kept(answers: Answers, points: tuple[Point, ...]) -> dict[str, Any]:
    """Answers as they are kept, in the order of the points."""
    return {point.id: answers[point.id].as_json() for point in points if point.id in answers}


def _touch(work: UnitOfWork, row: ChecklistAnswers) -> None:
    row.edited()
    row.updated_at = work.now
    officer_id, _council_id = acting(work)
    row.officer_id = officer_id


def _record_saved(work: UnitOfWork, row: ChecklistAnswers, project: Project, version: Version) -> None:
    answered = sum(1 for one in row.answers.values() if one["answer"] is not None)
    work.record(
        ChecklistAnswersSaved(
            artefact_id=row.artefact_id, project_id=project.id, for_council_id=row.council_id, number=version.number,
            points=answered,
        )
    )  # fmt: skip
