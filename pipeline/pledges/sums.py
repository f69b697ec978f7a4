"""The sums that pledges make up, kept in the transaction of every act, under a lock on the project.

A need keeps *held*, *pledged* and *agreed* in its own unit; its project adds them up, half-days and pence apart, and
counts the councils besides the lead council whose pledges count (other bodies are not counted). Each act changes them
by what the pledge put in before and puts in now: no act adds up rows. `totals.py` adds up the rows and compares.
"""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from pipeline.councils.models import Council
from pipeline.councils.rules import counts_as_council
from pipeline.db.statements import Statement
from pipeline.db.work import UnitOfWork
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import COUNTING, NOTHING, PARTNERING, NoRoom, Portion
from pipeline.projects import joined
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import NeedKind

PROJECT_UNITS = {NeedKind.TIME: "half_days", NeedKind.FUNDING: "pence"}
"""The kinds a project adds up. Things in kind are of many sorts and are never added."""


def councils_by_pledge(session: Session, project_id: UUID) -> set[UUID]:
    """The councils that are in a project by a pledge it accepted."""
    query = select(Pledge.council_id).where(Pledge.project_id == project_id, Pledge.status.in_(PARTNERING)).distinct()
    return set(session.scalars(query))


joined.WAYS_IN.append(councils_by_pledge)


def settle(
    work: UnitOfWork,
    need: Need,
    *,
    pledge: Pledge,
    council_kind: str,
    before: Portion = NOTHING,
    after: Portion = NOTHING,
) -> None:
    """Move a pledge's part of the sums from what it was to what it is; the need and its project are locked.

    `council_kind` is the pledging council's. Raises NoRoom where the need's constraint has the last word.
    """
    project = need.project
    change = {name: getattr(after, name) - getattr(before, name) for name in ("held", "pledged", "agreed")}
    _settle_need(work, need, change)
    changes = _project_changes(NeedKind(need.kind), change)
    if before.counts != after.counts:
        changes["councils"] = _change_in_councils(work, project, pledge, council_kind, 1 if after.counts else -1)
    _raise_by(work, project, changes)


def settle_step(work: UnitOfWork, need: Need, pledge: Pledge, *, status: Any, before: Portion, after: Portion) -> None:
    """Give a pledge its new status and settle the sums with it, partners included."""
    kind = work.session.execute(select(Council.kind).where(Council.id == pledge.council_id)).scalar_one()
    if before.is_partner == after.is_partner:
        pledge.status = status
        settle(work, need, pledge=pledge, council_kind=kind, before=before, after=after)
        return
    with keeping_joined(work, need.project):
        pledge.status = status
        settle(work, need, pledge=pledge, council_kind=kind, before=before, after=after)


def _settle_need(work: UnitOfWork, need: Need, change: dict[str, int]) -> None:
    try:
        _raise_by(work, need, change)
    except IntegrityError as error:
        if "ck_need_capped" not in str(error.orig):
            raise
        raise NoRoom(NeedKind(need.kind), max(need.target - need.held - need.committed, 0)) from error


def _project_changes(kind: NeedKind, change: dict[str, int]) -> dict[str, int]:
    unit = PROJECT_UNITS.get(kind)
    return {f"{name}_{unit}": number for name, number in change.items()} if unit else {}


def _change_in_councils(work: UnitOfWork, project: Project, pledge: Pledge, council_kind: str, change: int) -> int:
    """A council counts once, however many of its pledges do."""
    if pledge.council_id == project.council_id or not counts_as_council(council_kind):
        return 0
    another = select(Pledge.id).where(
        Pledge.project_id == project.id, Pledge.council_id == pledge.council_id, Pledge.status.in_(COUNTING),
        Pledge.id != pledge.id,
    )  # fmt: skip
    return 0 if work.session.execute(another.limit(1)).first() else change


def _raise_by(work: UnitOfWork, row: Need | Project, changes: dict[str, int]) -> None:
    """Raise columns of a locked row by numbers, in one statement; the row in memory follows."""
    numbers = {name: number for name, number in {**changes, "revision": 1}.items() if number}
    by_numbers = {f"{name}_by": number for name, number in numbers.items()}
    _raising(type(row), tuple(numbers)).run(work.session, row_id=row.id, moment=work.now, **by_numbers)
    for name, number in numbers.items():
        set_committed_value(row, name, getattr(row, name) + number)
    set_committed_value(row, "updated_at", work.now)


@cache
def _raising(table: Any, names: tuple[str, ...]) -> Statement:
    """The statement that raises columns of a table, made once for each set of columns: every pledge runs two."""
    values = {name: getattr(table, name) + bindparam(f"{name}_by") for name in names}
    values["updated_at"] = bindparam("moment")
    return Statement(update(table).where(table.id == bindparam("row_id")).values(values))
