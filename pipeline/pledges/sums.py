"""The sums that pledges make up, kept in the transaction of every act, under a lock on the project.

A need keeps *held*, *pledged*, *agreed*, *committed* and *delivered* in its own unit; its project adds them up,
half-days and pence apart. An offer only holds room: it raises one sum by its amount (`hold`). Whatever can change what
counts has the sums of the whole project written anew from its rows (`counting.py`). `totals.py` adds up the rows in
the database and compares.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from pipeline.db.statements import Statement
from pipeline.db.work import UnitOfWork
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PARTNERING, NoRoom
from pipeline.projects import joined
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import NeedKind

PROJECT_UNITS = {NeedKind.TIME: "half_days", NeedKind.FUNDING: "pence"}
"""The kinds a project adds up. Things in kind are of many sorts and are never added."""
SUMS = ("held", "pledged", "agreed", "committed", "delivered")


def councils_by_pledge(session: Session, project_id: UUID) -> set[UUID]:
    """The councils that are in a project by a pledge it accepted."""
    query = select(Pledge.council_id).where(Pledge.project_id == project_id, Pledge.status.in_(PARTNERING)).distinct()
    return set(session.scalars(query))


joined.WAYS_IN.append(councils_by_pledge)


def hold(work: UnitOfWork, need: Need, amount: int) -> None:
    """Raise what a need holds by an amount, or lower it by a negative one; the need and its project are locked.

    Raises NoRoom where the need's constraint has the last word.
    """
    if not amount:
        return
    room = need.target - need.held
    try:
        _raise_by(work, need, {"held": amount})
    except IntegrityError as error:
        raise _no_room(need, room, error) from error
    unit = PROJECT_UNITS.get(NeedKind(need.kind))
    _raise_by(work, need.project, {f"held_{unit}": amount} if unit else {})


def write_sums(
    work: UnitOfWork, project: Project, needs: Mapping[UUID, Need], sums: Mapping[UUID, Mapping[str, int]]
) -> None:
    """Set the sums of a project's needs to what they are, and the project's to what they make; the project is locked.

    `sums` holds the five of each need by name. What did not change keeps its moment and its revision; a project shows
    its needs, so it changes with any of them.
    """
    has_changed = False
    of_project = {f"{name}_{unit}": 0 for name in SUMS for unit in PROJECT_UNITS.values()}
    for need_id, need in needs.items():
        found = sums.get(need_id, {})
        has_changed |= _set(work, need, {name: found.get(name, 0) for name in SUMS})
        unit = PROJECT_UNITS.get(NeedKind(need.kind))
        if unit:
            for name in SUMS:
                of_project[f"{name}_{unit}"] += found.get(name, 0)
    if not _set(work, project, of_project) and has_changed:
        _touch(work, project)
    try:
        work.session.flush()
    except IntegrityError as error:
        if "ck_need_capped" not in str(error.orig):
            raise
        raise NoRoom(NeedKind.TIME, 0) from error


def _set(work: UnitOfWork, row: Need | Project, values: Mapping[str, int]) -> bool:
    """Set columns of a row to what they are; returns whether any was not."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        _touch(work, row)
    return bool(changed)


def _touch(work: UnitOfWork, row: Need | Project) -> None:
    row.revision += 1
    row.updated_at = work.now


def _no_room(need: Need, room: int, error: IntegrityError) -> Exception:
    return NoRoom(NeedKind(need.kind), max(room, 0)) if "ck_need_capped" in str(error.orig) else error


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
