"""Telling everybody who follows something, `AT_A_TIME` of them in one transaction, its place kept.

Whoever leads a project or is in its team, pledged to it or uses a document follows it by that. An event is begun by the
listener; the worker goes on with it here. A worker that dies loses nothing: the lease ends, and the next one begins
after the officer up to whom everybody is told. Two workers never tell of the same event side by side.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership
from pipeline.artefacts.models import Adoption, Artefact
from pipeline.comments.rules import CommentedOn
from pipeline.db.leases import take
from pipeline.db.log import LoggedEvent
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.notifications import finding, project_queries
from pipeline.notifications.kinds import KINDS
from pipeline.notifications.models import FanOut
from pipeline.notifications.notices import AT_A_TIME, keep_notices
from pipeline.notifications.owed import Cause, Owed
from pipeline.notifications.preferences import Sort
from pipeline.notifications.project_messages import PROJECT_LETTERS
from pipeline.notifications.queries import Recipient
from pipeline.notifications.searches import theme_id
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import STANDING, PledgeStatus
from pipeline.projects.models import Follow, Project, ProjectPerson, ProjectTheme
from pipeline.projects.taking_part import Followed
from pipeline.search.models import EntryKind

Subjects = list[tuple[Followed, UUID]]


@dataclass(frozen=True, slots=True)
class Fan:
    """What those are told who follow something an event is about: as which kind, from which ids, and what they
    follow."""

    kind: str
    payload: Callable[[LoggedEvent], dict[str, Any]]
    subjects: Callable[[Session, LoggedEvent], Subjects]


def _ids(*names: str) -> Callable[[LoggedEvent], dict[str, Any]]:
    return lambda event: {name: event.payload[name] for name in names}


def _own_project(_session: Session, event: LoggedEvent) -> Subjects:
    return [(Followed.PROJECT, event.project_id)] if event.project_id else []


def _new_project(session: Session, event: LoggedEvent) -> Subjects:
    """The lead council and the themes of a project that is new; nobody where everybody may not know of it."""
    council_id = session.scalar(select(Project.council_id).where(Project.id == event.subject_id, Project.is_public))
    if council_id is None:
        return []
    themes = session.scalars(select(ProjectTheme.theme).where(ProjectTheme.project_id == event.subject_id))
    return [(Followed.COUNCIL, council_id), *((Followed.THEME, theme_id(one)) for one in sorted(themes))]


def _earlier_project(session: Session, event: LoggedEvent) -> Subjects:
    earlier_id = project_queries.continues(session, event.subject_id)
    return [(Followed.PROJECT, earlier_id)] if earlier_id else []


def _new_document(session: Session, event: LoggedEvent) -> Subjects:
    council_id = session.scalar(select(Artefact.council_id).where(Artefact.id == event.subject_id))
    return [*_own_project(session, event), *([(Followed.COUNCIL, council_id)] if council_id else [])]


def _document(_session: Session, event: LoggedEvent) -> Subjects:
    """Those who follow a document hear of each version but the first, of which they cannot have known."""
    return [(Followed.DOCUMENT, UUID(event.payload["artefact_id"]))] if event.payload["number"] > 1 else []


def _project_and_council(session: Session, event: LoggedEvent) -> Subjects:
    council_id = session.scalar(select(Project.council_id).where(Project.id == event.project_id))
    return [*_own_project(session, event), *([(Followed.COUNCIL, council_id)] if council_id else [])]


def _project_of_news(session: Session, event: LoggedEvent) -> Subjects:
    is_on_news = event.payload["about_type"] == CommentedOn.UPDATE.value
    return _own_project(session, event) if is_on_news else []


def _fate(event: LoggedEvent) -> dict[str, Any]:
    return {"project_id": str(event.subject_id), "moment": event.occurred_at.isoformat()}


FOLLOWERS_TOLD: Mapping[str, tuple[Fan, ...]] = {
    "comment.written": (Fan("comment.written", _ids("comment_id"), _project_of_news),),
    "update.published": (Fan("update.published", _ids("update_id"), _own_project),),
    "project.published": (
        Fan("project.posted_again", _ids("project_id"), _earlier_project),
        Fan("project.new", _ids("project_id"), _new_project),
    ),
    "artefact.published": (Fan("document.new", _ids("artefact_id"), _new_document),),
    "version.published": (Fan("document.version", _ids("artefact_id", "version_id"), _document),),
    "lesson.published": (Fan("lesson.new", _ids("lesson_id", "project_id"), _project_and_council),),
    **{
        kind: (Fan(kind, _fate, _own_project),) for kind in PROJECT_LETTERS if kind != "project.posted_again"
    },
}  # fmt: skip
"""What those are told who follow what an event is about."""


def begin(session: Session, event: LoggedEvent) -> None:
    """Note, in the listener's own transaction, that everybody who follows is to be told of an event; each once."""
    for fan in FOLLOWERS_TOLD.get(event.name, ()):
        subjects = fan.subjects(session, event)
        if subjects:
            _keep(session, event.id, fan.kind, fan.payload(event), subjects, f"{event.id}:{fan.kind}")
    if finding.new_things(event) and finding.anybody_follows_a_search(session):
        _keep(session, event.id, finding.KIND, {}, [], f"{event.id}:{finding.KIND}")


def _keep(
    session: Session, event_id: UUID, kind: str, payload: dict[str, Any], subjects: Subjects, key: str
) -> None:  # fmt: skip
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    now = clock.now()
    row = {
        "id": new_id(), "key": key, "event_id": event_id, "kind": kind,
        "stage": "followers" if subjects else finding.STAGE, "payload": payload,
        "followed": [{"type": one.value, "id": str(subject_id)} for one, subject_id in subjects],
        "after_id": None, "due_at": now if subjects else finding.next_round(now),
    }  # fmt: skip
    session.execute(insert(FanOut).on_conflict_do_nothing(index_elements=["key"]), [row])


def tell_followers() -> int:
    """Tell the next of those who follow something of the event that waits longest; returns how many events were gone
    on with."""
    now = clock.now()
    with housekeeping("notices") as session:
        ids = [one.id for one in take(session, FanOut, FanOut.due_at <= now, FanOut.due_at, now, 1)]
    for fan_id in ids:
        with housekeeping("notices") as session:
            # Whoever was so slow that its lease ended may have finished meanwhile.
            fan = session.get(FanOut, fan_id, with_for_update=True)
            if fan is not None:
                _go_on(session, fan)
    return len(ids)


def _go_on(session: Session, fan: FanOut) -> None:
    if fan.stage == finding.STAGE:
        _look_for_searches(session, fan)
        return
    event = session.scalars(select(LoggedEvent).where(LoggedEvent.id == fan.event_id)).one()
    if _tell_some(session, fan, event):
        session.delete(fan)
    else:
        fan.leased_until = None


def _tell_some(session: Session, fan: FanOut, event: LoggedEvent) -> bool:
    """Tell the next followers, in the order of their ids; returns whether there are no more."""
    rows = session.execute(_followers(fan.followed, fan.after_id, event.occurred_at)).all()
    keep_notices(session, Cause.of(event), _owed(fan, rows))
    if len(rows) < AT_A_TIME:
        return True
    fan.after_id = rows[-1].officer_id
    return False


def _owed(fan: FanOut, rows: Iterable[Any]) -> Iterable[Owed]:
    """What they follow is told as that, also where those with a part in it are told the same at once. What a search
    found is told with the search."""
    sort = Sort.FOLLOWING if KINDS[fan.kind].sort is Sort.PART else None
    for officer_id, council_id, subject_id in rows:
        payload = {**fan.payload, "search_id": str(subject_id)} if fan.kind == finding.KIND else fan.payload
        yield Owed(fan.kind, Recipient(officer_id, council_id), payload, sort=sort)


def _followers(followed: Sequence[Mapping[str, str]], after: UUID | None, since: datetime) -> Any:
    """The next who follow any of some things, by their own act or by the part they have in it. Searches are put to what
    is new a while later: who followed one only after `since` knew of it."""
    chosen = or_(*(and_(Follow.subject_type == one["type"], Follow.subject_id == UUID(one["id"])) for one in followed))
    chosen &= or_(Follow.subject_type != Followed.SEARCH.value, Follow.followed_at <= since)
    ways = [select(Follow.officer_id, Follow.council_id, Follow.subject_id).where(chosen)]
    for one in followed:
        ways += _by_their_part(Followed(one["type"]), UUID(one["id"]))
    everybody = union_all(*ways).subquery()
    query = select(everybody).order_by(everybody.c.officer_id, everybody.c.council_id, everybody.c.subject_id)
    return (query if after is None else query.where(everybody.c.officer_id > after)).limit(AT_A_TIME)


def _by_their_part(followed: Followed, subject_id: UUID) -> list[Any]:
    """Who follows a project or a document without having said so: who leads it or is in its team, who pledged to it,
    who recorded that their council uses it; while they work for the council they did it for."""
    if followed is Followed.PROJECT:
        pledged = (*STANDING, PledgeStatus.DELIVERED)
        return [
            _at_work(ProjectPerson, ProjectPerson.project_id, subject_id, ProjectPerson.ended_at.is_(None)),
            _at_work(Pledge, Pledge.project_id, subject_id, Pledge.status.in_(pledged)),
        ]
    if followed is Followed.DOCUMENT:
        return [_at_work(Adoption, Adoption.artefact_id, subject_id, Adoption.ended_at.is_(None))]
    return []


def _at_work(table: Any, subject: Any, subject_id: UUID, holds: ColumnElement[bool]) -> Any:
    works = and_(
        Membership.officer_id == table.officer_id, Membership.council_id == table.council_id,
        Membership.started_at.is_not(None), Membership.ended_at.is_(None),
    )  # fmt: skip
    query = select(table.officer_id, table.council_id, subject.label("subject_id"))
    return query.join(Membership, works).where(subject == subject_id, holds)


def _look_for_searches(session: Session, first: FanOut) -> None:
    """Put what is new to the next of the searches that are followed, all at once that has come as far, and have those
    told whose search finds it."""
    fans = {fan.event_id: fan for fan in finding.going_together(session, first)}
    events = session.scalars(select(LoggedEvent).where(LoggedEvent.id.in_(fans)))
    ready = []
    for event in finding.as_many_as_fit(sorted(events, key=lambda one: (one.id != first.event_id, one.sequence))):
        fans[event.id].leased_until = None
        if finding.is_in_index(session, event):
            ready.append(event)
        else:
            fans[event.id].due_at = clock.now() + finding.LATER
    found, after = finding.go_through(session, ready, first.after_id)
    for event in ready:
        for thing, searches in found.get(event.id, {}).items():
            subjects = [(Followed.SEARCH, one) for one in searches]
            key = f"{event.id}:{finding.KIND}:{thing[1]}:{searches[0]}"
            _keep(session, event.id, finding.KIND, _payload(event, thing), subjects, key)
        if after is None:
            session.delete(fans[event.id])
        else:
            fans[event.id].after_id = after


def _payload(event: LoggedEvent, thing: finding.Thing) -> dict[str, Any]:
    """The ids of what a search found."""
    kind, thing_id = thing
    about = {"artefact_id": str(thing_id)} if kind is EntryKind.DOCUMENT else {}
    if kind is EntryKind.COUNCIL:
        about = {"of_council_id": str(thing_id)}
    elif event.project_id is not None:
        about["project_id"] = str(event.project_id)
    return {"found": kind.value, "found_id": str(thing_id), **about}
