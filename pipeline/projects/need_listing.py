"""Needs of public projects as the list of needs shows them, for those who name other things: constant statements."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from pipeline.db.hot_lists import ids_for, listed
from pipeline.db.statements import Statement
from pipeline.projects.listing import NEEDS, NeedRow
from pipeline.projects.models import Need

_IN_FULL = select(*NEEDS.columns, literal(None)).select_from(NEEDS.source).where(NEEDS.always)
_OF_PROJECTS = Statement(
    _IN_FULL.where(listed(Need.project_id, "ids")).order_by(Need.project_id, Need.position, Need.id)
)
_BY_ID = Statement(_IN_FULL.where(listed(Need.id, "ids")))


def needs_in_full(session: Session, project_ids: Sequence[Any]) -> dict[Any, list[NeedRow]]:
    """The needs of some projects in their order, by project id."""
    found: dict[Any, list[NeedRow]] = {}
    for row in _OF_PROJECTS.rows(session, ids=ids_for(session, project_ids)) if project_ids else ():
        found.setdefault(row[1], []).append(NeedRow(*row))
    return found


def needs_by_id(session: Session, need_ids: Collection[Any]) -> dict[str, NeedRow]:
    """Some needs by their ids, as text."""
    rows = _BY_ID.rows(session, ids=ids_for(session, need_ids)) if need_ids else ()
    return {str(row[0]): NeedRow(*row) for row in rows}
