"""What the worker does for imports: a draft of each confirmed line, in a transaction of its own.

The line is marked in the transaction that makes its draft, so a worker that is killed leaves no double: another goes on
with the first line that still waits, once the lease of the first has ended.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from pipeline.accounts.queries import standing_now
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.jobs import Duty
from pipeline.db.leases import take
from pipeline.db.work import housekeeping, unit_of_work
from pipeline.documents.markdown import written
from pipeline.imports.actions import AlreadyHere, bring_in_line, finish_import, kept_problem
from pipeline.imports.columns import by_column
from pipeline.imports.lines import ImportedProject, read_line
from pipeline.imports.models import ImportLine, PortfolioImport
from pipeline.imports.queries import next_lines
from pipeline.imports.rules import KEPT_FOR, ImportState, LineState
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel, system
from pipeline.kernel.errors import Problem, Refusal
from pipeline.kernel.words import Words, _

log = logging.getLogger(__name__)

IMPORTS = "imports"
AT_A_TIME = 25
"""Lines brought in before the worker looks round again, well within the time of a lease."""

WITHOUT_SYNCHRONISING = {"synchronize_session": False}
_CONFIRMED = PortfolioImport.state == ImportState.CONFIRMED.value


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it was brought, and for whom it becomes a draft."""

    id: UUID
    values: dict[str, str]
    actor: Actor
    nation: str


def bring_in_portfolios() -> int:
    """Bring in the next lines of the import that waits longest; returns how many were seen to, and 1 for its end."""
    with database.engine.connect() as connection:
        if not connection.scalar(select(exists().where(_CONFIRMED))):
            return 0
    with housekeeping("imports") as session:
        taken = take(session, PortfolioImport, _CONFIRMED, PortfolioImport.confirmed_at, clock.now(), most=1)
        if not taken:
            return 0
        found = taken[0]
        nation = session.scalars(select(Council.nation).where(Council.id == found.council_id)).one()
        actor = Actor(Channel.WORKER, found.officer_id, found.council_id)
        lines = [
            _Line(line.id, by_column(found.columns, line.cells), actor, nation)
            for line in next_lines(session, found.id, AT_A_TIME)
        ]
    for line in lines:
        _bring_in(line)
    if len(lines) < AT_A_TIME:
        with unit_of_work(system(IMPORTS)) as work:
            finish_import(work, import_id=found.id)
    _let_go(found.id)
    return len(lines) or 1


def _let_go(import_id: UUID) -> None:
    with housekeeping("imports") as session:
        own = update(PortfolioImport).where(PortfolioImport.id == import_id)
        session.execute(own.values(leased_until=None), execution_options=WITHOUT_SYNCHRONISING)


def _bring_in(line: _Line) -> None:
    """One line: read again, for its day may have passed, and made a draft of. What goes wrong is kept with it."""
    read = read_line(line.values, today=clock.today(), nation=line.nation)
    if read.project is None:
        return _mark(line, LineState.REFUSED, problems=read.problems)
    project = _with_html(read.project)
    try:
        with unit_of_work(line.actor) as work:
            work.actor = standing_now(work)
            bring_in_line(work, line_id=line.id, project=project)
    except AlreadyHere as here:
        _mark(line, LineState.MATCHED, project_id=here.project_id)
    except Refusal as refusal:
        _mark(line, LineState.REFUSED, problems=refusal.problems)
    except Exception:
        log.exception("line %s of an import could not be brought in", line.id)
        words = Words(_("Something went wrong on our side with this line. Bring it in again, or write it by hand."))
        _mark(line, LineState.REFUSED, problems=[Problem("import.went_wrong", words)])


def _with_html(project: ImportedProject) -> ImportedProject:
    """The project with its texts as they are shown: rendered before its work begins."""
    details = project.details
    problem, outcome = written(details.problem.text, under=2), written(details.outcome.text, under=2)
    return replace(project, details=replace(details, problem=problem, outcome=outcome))


def _mark(line: _Line, state: LineState, *, problems: Sequence[Problem] = (), project_id: UUID | None = None) -> None:
    kept = [kept_problem(problem) for problem in problems]
    values = {"state": state.value, "problems": kept, "unwritten": [], "project_id": project_id}
    with housekeeping("imports") as session:
        waiting = (ImportLine.id == line.id) & (ImportLine.state == LineState.READY.value)
        session.execute(update(ImportLine).where(waiting).values(**values), execution_options=WITHOUT_SYNCHRONISING)


def forget_old_imports() -> None:
    """Forget imports a month after they were brought, with their lines. The projects they made stay."""
    old = (PortfolioImport.created_at < clock.now() - KEPT_FOR) & ~_CONFIRMED
    with housekeeping("imports") as session:
        ids = list(session.scalars(select(PortfolioImport.id).where(old).limit(AT_A_TIME)))
        for statement in (
            delete(ImportLine).where(ImportLine.import_id.in_(ids)),
            delete(PortfolioImport).where(PortfolioImport.id.in_(ids)),
        ):
            session.execute(statement, execution_options=WITHOUT_SYNCHRONISING)


DUTIES = (Duty("imports.forget_old", timedelta(hours=1), forget_old_imports),)
"""What `flask worker` runs for imports besides bringing them in."""
