"""Muting: being told nothing of something one has a part in. What only this officer can do still needs them."""

from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts.models import Artefact
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.notifications import policy
from pipeline.notifications.events import MuteBegan, MuteEnded, MuteEvent
from pipeline.notifications.models import Mute
from pipeline.projects.models import Project
from pipeline.projects.visibility import visible_to


def mute(work: UnitOfWork, *, subject_type: str, subject_id: UUID) -> Mute:
    """Be told nothing of a project, document or council any more. What is muted already stays so.

    Raises NotFound, NotAllowed.
    """
    work.require(policy.may_mute(work.actor))
    _check_seen(work, subject_type, subject_id)
    standing = _own(work, subject_type, subject_id)
    if standing is None:
        officer_id = work.actor.officer_id
        assert officer_id is not None  # noqa: S101 (the policy lets nobody else come this far)
        standing = work.add(
            Mute(
                id=new_id(), officer_id=officer_id, subject_type=subject_type, subject_id=subject_id, muted_at=work.now
            )
        )  # fmt: skip
        _record(work, standing, MuteBegan)
    return standing


def unmute(work: UnitOfWork, *, subject_type: str, subject_id: UUID) -> None:
    """Be told of something again. Raises NotAllowed, Conflict (mute.not_muted)."""
    work.require(policy.may_mute(work.actor))
    standing = _own(work, subject_type, subject_id)
    if standing is None:
        raise Conflict("mute.not_muted", Words(_("You have not muted this.")), ("mute",))
    work.session.delete(standing)
    _record(work, standing, MuteEnded)


def _own(work: UnitOfWork, subject_type: str, subject_id: UUID) -> Mute | None:
    query = select(Mute).where(
        Mute.officer_id == work.actor.officer_id, Mute.subject_type == subject_type, Mute.subject_id == subject_id
    )
    return work.session.scalars(query).first()


def _check_seen(work: UnitOfWork, subject_type: str, subject_id: UUID) -> None:
    """Only what one may know of can be muted: no answer says whether something hidden is there."""
    queries = {
        "project": select(Project.id).where(Project.id == subject_id, visible_to(work.actor)),
        "document": select(Artefact.id)
        .join(Project, Project.id == Artefact.project_id)
        .where(Artefact.id == subject_id, artefacts_visible_to(work.actor)),
        "council": select(Council.id).where(Council.id == subject_id),
    }
    query = queries.get(subject_type)
    if query is None or work.session.execute(query).first() is None:
        raise NotFound("mute")


def _record(work: UnitOfWork, one: Mute, event: type[MuteEvent]) -> None:
    work.record(event(mute_id=one.id, muted_type=one.subject_type, muted_id=one.subject_id))
