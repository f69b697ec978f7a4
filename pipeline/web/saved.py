"""Nothing typed is lost: what was sent after a session had ended is kept, and given back after signing in again."""

from typing import Any
from uuid import UUID

from flask import request, session
from sqlalchemy import delete, select

from pipeline.accounts.models import SavedDraft
from pipeline.db.work import housekeeping
from pipeline.http.identity import current_identity
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id

MOST_KEPT = 100_000
NEVER_KEPT = ("csrf_token", "password", "new_password", "current_password", "idempotency_key")


def keep_what_was_typed() -> None:
    """Keep a form posted by an officer whose session has ended."""
    officer_id: UUID | None = getattr(session, "ended_officer_id", None)
    if officer_id is None or request.method != "POST" or not request.form:
        return
    content = {name: request.form.getlist(name) for name in request.form if name not in NEVER_KEPT}
    if sum(len(value) for values in content.values() for value in values) > MOST_KEPT:
        return
    with housekeeping("drafts") as kept:
        kept.execute(delete(SavedDraft).where(SavedDraft.officer_id == officer_id, SavedDraft.path == request.path))
        kept.add(
            SavedDraft(
                id=new_id(), officer_id=officer_id, path=request.path[:500], content=content, saved_at=clock.now()
            )
        )


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
