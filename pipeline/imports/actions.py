"""The verbs of imports: bring a portfolio to be checked, confirm it, set it aside, and make a draft of each line."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.imports import policy, succeeding  # noqa: F401 (succeeding signs up below)
from pipeline.imports.checking import Checked, CheckedLine
from pipeline.imports.events import ImportChecked, ImportConfirmed, ImportFinished, ImportSetAside
from pipeline.imports.lines import ImportedProject, reference_key
from pipeline.imports.models import ImportLine, PortfolioImport, ProjectReference
from pipeline.imports.queries import import_seen_by, known_projects, number_since, tallies_of
from pipeline.imports.rules import (
    LONGEST_REFERENCE,
    LONGEST_TITLE_SHOWN,
    OPEN,
    ImportState,
    LineState,
    check_number_today,
)
from pipeline.kernel.errors import Conflict, NotFound, Problem
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _, words_as_json
from pipeline.projects.actions.drafting import FORGOTTEN_WITH_PROJECT, change_project, draft_project
from pipeline.projects.actions.keeping import acting
from pipeline.projects.actions.needs import add_need
from pipeline.projects.models import Project

DAY = timedelta(days=1)
WITHOUT_SYNCHRONISING = {"synchronize_session": False}


class AlreadyHere(Conflict):
    """The project of a line came to be between the check and its turn: by hand, or by another import."""

    def __init__(self, project_id: UUID) -> None:
        self.project_id = project_id
        super().__init__("import.already_here", Words(_("A project of this line is here already.")))


def begin_import(work: UnitOfWork, *, council_id: UUID, checked: Checked, file_name: str) -> PortfolioImport:
    """Keep a portfolio that was checked, so that whoever brought it sees what would come of it. Nothing is made of it.

    Raises NotAllowed, RuleBroken (import.too_many).
    """
    work.require(policy.may_bring_in_projects(work.actor, council_id))
    check_number_today(number_since(work, work.now - DAY))
    officer_id, _council_id = acting(work)
    sheet = checked.sheet
    begun = work.add(
        PortfolioImport(
            id=new_id(), council_id=council_id, officer_id=officer_id, state=ImportState.CHECKED.value,
            file_name=file_name, encoding=sheet.encoding, separator=sheet.separator, columns=list(sheet.columns),
            ignored=list(sheet.ignored), has_example=checked.has_example, created_at=work.now,
        )
    )  # fmt: skip
    work.session.flush()
    work.session.execute(insert(ImportLine), [_row_of(begun.id, line) for line in checked.lines])
    work.record(
        ImportChecked(
            import_id=begun.id, ready=checked.number(LineState.READY), matched=checked.number(LineState.MATCHED),
            refused=checked.number(LineState.REFUSED),
        )
    )  # fmt: skip
    return begun


def _row_of(import_id: UUID, line: CheckedLine) -> dict[str, object]:
    return {
        "id": new_id(), "import_id": import_id, "number": line.number, "state": line.state.value,
        "cells": list(line.cells), "title": line.read.title[:LONGEST_TITLE_SHOWN],
        "reference": line.read.reference[:LONGEST_REFERENCE], "project_id": line.project_id,
        "problems": [kept_problem(one) for one in line.read.problems],
        "unwritten": [kept_problem(one) for one in line.read.unwritten] if line.state is LineState.READY else [],
    }  # fmt: skip


def kept_problem(problem: Problem) -> dict[str, object]:
    """A problem as a line keeps it, to be said in the language of whoever reads it."""
    return {"code": problem.code, "column": problem.field, "words": words_as_json(problem.words)}


def confirm_import(work: UnitOfWork, *, import_id: UUID) -> PortfolioImport:
    """Ask for the lines that are ready to be brought in: the worker makes a draft of each, led by whoever confirms.

    Raises NotFound, NotAllowed, Conflict (import.not_waiting, import.nothing_to_add).
    """
    found = import_seen_by(work, import_id, lock=True)
    work.require(policy.may_bring_in_projects(work.actor, found.council_id))
    if found.state != ImportState.CHECKED:
        words = Words(_("This was confirmed or set aside already."))
        raise Conflict("import.not_waiting", words, ("set-aside",) if ImportState(found.state) in OPEN else ())
    if not tallies_of(work.session, [found.id])[found.id].ready:
        words = Words(_("There is nothing to add: every line is here already or was refused."))
        raise Conflict("import.nothing_to_add", words, ("set-aside",))
    found.state, found.confirmed_at = ImportState.CONFIRMED.value, work.now
    work.record(ImportConfirmed(import_id=found.id))
    return found


def set_aside_import(work: UnitOfWork, *, import_id: UUID) -> PortfolioImport:
    """Say that an import is not wanted, or not the rest of it. What was made of it stays.

    Raises NotFound, NotAllowed, Conflict (import.ended).
    """
    found = import_seen_by(work, import_id, lock=True)
    work.require(policy.may_bring_in_projects(work.actor, found.council_id))
    if ImportState(found.state) not in OPEN:
        raise Conflict("import.ended", Words(_("This is finished already.")))
    found.state, found.ended_at = ImportState.SET_ASIDE.value, work.now
    work.record(ImportSetAside(import_id=found.id))
    return found


def bring_in_line(work: UnitOfWork, *, line_id: UUID, project: ImportedProject) -> None:
    """Make a draft of a line, once, as if whoever confirmed the import had written it: draft, text, needs.

    A line that another worker was faster with, or whose import was set aside meanwhile, stays as it is.
    Raises NotAllowed, RuleBroken (project.*, need.*), AlreadyHere.
    """
    line = work.session.get_one(ImportLine, line_id)
    found = _locked(work, line.import_id)
    work.require(policy.may_bring_in_projects(work.actor, found.council_id))
    work.session.refresh(line)
    if line.state != LineState.READY or found.state != ImportState.CONFIRMED:
        return
    _check_new(work, found.council_id, project)
    draft = draft_project(work, title=project.details.title, language=project.details.language)
    change_project(work, slug=str(draft.id), version=draft.version, details=project.details)
    for terms in project.needs:
        add_need(work, slug=str(draft.id), terms=terms)
    if project.reference:
        key = reference_key(project.reference)
        work.add(ProjectReference(council_id=found.council_id, reference=key, project_id=draft.id))
    line.state, line.project_id = LineState.ADDED.value, draft.id


def _check_new(work: UnitOfWork, council_id: UUID, project: ImportedProject) -> None:
    """Look again whether the project is here, with the council's row locked: two imports of one file add it once."""
    work.session.execute(select(Council.id).where(Council.id == council_id).with_for_update())
    known = known_projects(work, council_id, [project.reference])
    project_id = known.project_of(project.reference, project.details.title)
    if project_id is not None:
        raise AlreadyHere(project_id)


def _locked(work: UnitOfWork, import_id: UUID) -> PortfolioImport:
    """An import whose lines the worker sees to, locked: two workers never see to one at the same time."""
    query = select(PortfolioImport).where(PortfolioImport.id == import_id).with_for_update()
    found = work.session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound("import")
    return found


def finish_import(work: UnitOfWork, *, import_id: UUID) -> None:
    """Say that every line of an import was seen to. Raises NotAllowed, NotFound."""
    found = _locked(work, import_id)
    work.require(policy.may_finish_import(work.actor))
    tally = tallies_of(work.session, [import_id])[import_id]
    if found.state != ImportState.CONFIRMED or tally.ready:
        return
    found.state, found.ended_at, found.leased_until = ImportState.DONE.value, work.now, None
    event = ImportFinished(
        import_id=import_id, added=tally.added, matched=tally.matched, refused=tally.refused,
    )  # fmt: skip
    work.record(event, council_id=found.council_id)


def forget_references_of(work: UnitOfWork, project: Project) -> None:
    """Forget what a council called a project that is deleted, and that a line became it: the line may come again."""
    references = delete(ProjectReference).where(ProjectReference.project_id == project.id)
    lines = update(ImportLine).where(ImportLine.project_id == project.id).values(project_id=None)
    for statement in (references, lines):
        work.session.execute(statement, execution_options=WITHOUT_SYNCHRONISING)


FORGOTTEN_WITH_PROJECT.append(forget_references_of)
