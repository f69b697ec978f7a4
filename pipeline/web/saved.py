"""Nothing typed is lost: what was sent after a session had ended is kept, and given back after signing in again; and
what is being typed into a long form is kept as one goes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, session
from sqlalchemy import delete, select

from pipeline.accounts.models import SavedDraft
from pipeline.db.work import housekeeping
from pipeline.http.identity import current_identity
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id

MOST_KEPT = 450_000
"""Characters of one form: a whole document fits."""

NEVER_KEPT = ("csrf_token", "password", "new_password", "current_password", "idempotency_key")


def keep_what_was_typed() -> None:
    """Keep a form posted by an officer whose session has ended."""
    officer_id: UUID | None = getattr(session, "ended_officer_id", None)
    if officer_id is None or request.method != "POST" or not request.form:
        return
    content = {name: request.form.getlist(name) for name in request.form if name not in NEVER_KEPT}
    if sum(len(value) for values in content.values() for value in values) > MOST_KEPT:
        return
    _keep(officer_id, request.path, content)


def _keep(officer_id: UUID, path: str, content: dict[str, Any]) -> datetime:
    now = clock.now()
    with housekeeping("drafts") as kept:
        kept.execute(delete(SavedDraft).where(SavedDraft.officer_id == officer_id, SavedDraft.path == path))
        kept.add(SavedDraft(id=new_id(), officer_id=officer_id, path=path[:500], content=content, saved_at=now))
    return now


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody was typing into a form when it was last kept: the values of each field, and when."""

    content: dict[str, list[str]]
    kept_at: datetime

    def value(self, name: str) -> str:
        """The one value of a field."""
        return next(iter(self.content.get(name, [])), "")


def keep_as_one_goes(path: str) -> datetime | None:
    """Keep what the officer is typing into the form of a page, as it was sent just now; returns when, or None where
    it is too long or nobody is signed in."""
    identity = current_identity()
    content = {name: request.form.getlist(name) for name in request.form if name not in NEVER_KEPT}
    length = sum(len(value) for values in content.values() for value in values)
    if identity is None or length > MOST_KEPT:
        return None
    return _keep(identity.officer_id, path, content)


def kept_for(path: str) -> Kept | None:
    """What the officer was typing into the form of a page and has not saved; None when there is nothing."""
    identity = current_identity()
    if identity is None:
        return None
    from pipeline.db.engine import database

    named = select(SavedDraft).where(SavedDraft.officer_id == identity.officer_id, SavedDraft.path == path)
    draft = database.session().scalars(named).first()
    return Kept(draft.content, draft.saved_at) if draft else None


def forget_kept(path: str) -> None:
    """Forget what was kept of a form: it is saved, or no longer wanted."""
    identity = current_identity()
    if identity is None:
        return
    with housekeeping("drafts") as kept:
        kept.execute(delete(SavedDraft).where(SavedDraft.officer_id == identity.officer_id, SavedDraft.path == path))


def give_back() -> dict[str, Any] | None:
    """What the officer had typed on this page before their session ended; None when there is nothing."""
    identity = current_identity()
    if identity is None or request.method != "GET" or "given_back" not in request.args:
        return None
    from pipeline.db.engine import database

    draft = (
        database.session()
        .scalars(
            select(SavedDraft).where(SavedDraft.officer_id == identity.officer_id, SavedDraft.path == request.path)
        )
        .first()
    )
    return draft.content if draft else None
