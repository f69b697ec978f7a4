"""How many notices somebody has not read, of those they may know of: what is counted is what the page of notices shows.

One statement, made once for each kind of viewer and read from the index of what is unread: it is on every page of a
member.
"""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, exists, func, or_, select

from pipeline.accounts.models import Membership
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.base import Id
from pipeline.db.statements import Statement
from pipeline.db.work import Reading
from pipeline.kernel.actor import Actor
from pipeline.notifications.kinds import KINDS
from pipeline.notifications.models import Notice
from pipeline.pledges.models import Pledge
from pipeline.pledges.visibility import pledges_visible_to
from pipeline.projects.models import Project
from pipeline.projects.visibility import KindOfViewer, ids_of, visible_to

MOST_UNREAD = 99
"""The head of a page counts notices that were not read no further than this."""
MOST_LOOKED_AT = 1_000
"""So many that were not read it looks at, where they are about what is out of sight by now."""


def some_unread_of(reading: Reading) -> int:
    """How many notices the reader has not read, no further than one past `MOST_UNREAD`: for the head of every page."""
    return _number(reading, is_bounded=True)


def unread_of(reading: Reading) -> int:
    """How many notices the reader has not read."""
    return _number(reading, is_bounded=False)


def own_notices(officer_id: Any) -> tuple[ColumnElement[bool], ...]:
    """The notices of an officer, each for a council they work for still."""
    works = exists().where(
        Membership.officer_id == Notice.officer_id, Membership.council_id == Notice.council_id,
        Membership.started_at.is_not(None), Membership.ended_at.is_(None),
    )  # fmt: skip
    return Notice.officer_id == officer_id, or_(Notice.council_id.is_(None), works)


def _number(reading: Reading, *, is_bounded: bool) -> int:
    statement = counting_unread(KindOfViewer.of(reading.actor), is_bounded)
    return int(statement.rows(reading.session, **ids_of(reading.actor))[0][0])


@cache
def counting_unread(kind: KindOfViewer, is_bounded: bool) -> Statement:
    """The statement that counts the unread notices of a kind of viewer."""
    viewer = kind.anyone
    pledge = Notice.payload["pledge_id"].as_string()
    unread: Any = select(
        Notice.about_type, Notice.about_id, cast(pledge, Id()).label("pledge_id")
    ).where(*own_notices(viewer.officer_id), Notice.read_at.is_(None), Notice.kind.in_(sorted(KINDS)))  # fmt: skip
    looked_at = (unread.limit(MOST_LOOKED_AT) if is_bounded else unread).subquery("unread")
    shown: Select[Any] = select(looked_at.c.about_type).where(*_is_shown(looked_at.c, viewer))
    counted = (shown.limit(MOST_UNREAD + 1) if is_bounded else shown).subquery("shown")
    return Statement(select(func.count()).select_from(counted))


def _is_shown(notice: Any, viewer: Actor) -> tuple[ColumnElement[bool], ...]:
    """Whether the viewer may know of what a notice is about, and of the pledge where it names one."""
    project = exists().where(Project.id == notice.about_id, visible_to(viewer))
    document = exists().where(
        Artefact.id == notice.about_id, Project.id == Artefact.project_id, artefacts_visible_to(viewer)
    )
    council = exists().where(Council.id == notice.about_id)
    pledge = exists().where(Pledge.id == notice.pledge_id, Project.id == Pledge.project_id, pledges_visible_to(viewer))
    about = or_(
        notice.about_type.is_(None), and_(notice.about_type == "project", project),
        and_(notice.about_type == "document", document), and_(notice.about_type == "council", council),
    )  # fmt: skip
    return about, or_(notice.pledge_id.is_(None), pledge)
