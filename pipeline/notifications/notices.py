"""Keeps what somebody is owed as notices, and owes the mail of those who want it at once. In the worker only.

However many people are told together, it takes the same few statements for each `AT_A_TIME` of them. The same key
twice is one notice, and one mail.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipeline.accounts.models import Officer
from pipeline.db.outbox import OutboxMessage
from pipeline.kernel import clock
from pipeline.kernel.ids import id_from, new_id
from pipeline.notifications.kinds import KINDS
from pipeline.notifications.models import MailPreference, Mute, Notice
from pipeline.notifications.owed import Cause, Owed
from pipeline.notifications.preferences import USUAL, How, Preferences, QuietHours

AT_A_TIME = 500

About = tuple[str, UUID] | tuple[None, None]


def keep_notices(session: Session, cause: Cause, owed: Iterable[Owed], *, is_mailed: bool = True) -> None:
    """Tell everybody something is owed to: each once, nobody of their own act, nobody of what they muted; with
    `is_mailed` false without the mail of those who want it at once."""
    due = list(_each_once(cause, owed))
    for first in range(0, len(due), AT_A_TIME):
        _keep(session, cause, due[first : first + AT_A_TIME], is_mailed)


def _each_once(cause: Cause, owed: Iterable[Owed]) -> Iterable[Owed]:
    told: set[UUID] = set()
    for one in owed:
        officer_id = one.recipient.officer_id
        if officer_id == cause.officer_id or (officer_id in told and not one.is_apart):
            continue
        if not one.is_apart:
            told.add(officer_id)
        yield one


def _keep(session: Session, cause: Cause, owed: Sequence[Owed], is_mailed: bool) -> None:
    officers = sorted({one.recipient.officer_id for one in owed})
    preferences = preferences_of(session, officers)
    muted = _muted(session, officers, cause, owed)
    wanted = [
        one
        for one in owed
        if one.recipient.officer_id in preferences and (one.recipient.officer_id, *about_of(cause, one)) not in muted
    ]
    notices: dict[str, tuple[dict[str, Any], Owed]] = {}
    for one in wanted:
        row = _notice(cause, one, preferences[one.recipient.officer_id])
        notices.setdefault(row["key"], (row, one))
    if not notices:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    kept = set(
        session.scalars(
            insert(Notice).on_conflict_do_nothing(index_elements=["key"]).returning(Notice.key),
            [row for row, _owed in notices.values()],
        )
    )
    mails = [_mail(*notices[key]) for key in notices if key in kept and notices[key][0]["told_in"] is not None]
    if mails and is_mailed:
        session.execute(insert(OutboxMessage).on_conflict_do_nothing(index_elements=["dedupe_key"]), mails)


def preferences_of(session: Session, officers: Sequence[UUID]) -> dict[UUID, Preferences]:
    """What each of some officers chose; those whose accounts are gone are left out."""
    query = (
        select(Officer.id, MailPreference)
        .outerjoin(MailPreference, MailPreference.officer_id == Officer.id)
        .where(Officer.id.in_(officers), Officer.erased_at.is_(None))
    )
    return {row.id: as_chosen(row.MailPreference) for row in session.execute(query)}


def as_chosen(row: MailPreference | None) -> Preferences:
    """What a row says, or what holds without one."""
    if row is None:
        return Preferences()
    quiet = None
    if row.quiet_first is not None and row.quiet_last is not None:
        quiet = QuietHours(row.quiet_first, row.quiet_last)
    return Preferences({sort: How(getattr(row, sort.value)) for sort in USUAL}, quiet)


def _muted(
    session: Session, officers: Sequence[UUID], cause: Cause, owed: Sequence[Owed]
) -> set[tuple[UUID, str | None, UUID | None]]:
    subjects = {subject_id for one in owed for subject_id in [about_of(cause, one)[1]] if subject_id}
    if not subjects:
        return set()
    query = select(Mute.officer_id, Mute.subject_type, Mute.subject_id).where(
        Mute.officer_id.in_(officers), Mute.subject_id.in_(subjects)
    )
    return {(row.officer_id, row.subject_type, row.subject_id) for row in session.execute(query)}


def about_of(cause: Cause, owed: Owed) -> About:
    """What a notice is grouped under: a document, a project or a council; nothing where it is about the account."""
    for kind, name in (("document", "artefact_id"), ("project", "project_id")):
        for ids in (owed.payload, cause.payload):
            if found := id_from(str(ids.get(name) or "")):
                return kind, found
    if cause.project_id is not None:
        return "project", cause.project_id
    named = owed.payload.get("of_council_id") or cause.payload.get("of_council_id")
    council_id = id_from(str(named or ""))
    return ("council", council_id) if council_id else (None, None)


def _notice(cause: Cause, owed: Owed, chosen: Preferences) -> dict[str, Any]:
    sort = owed.sort or KINDS[owed.kind].sort
    about_type, about_id = about_of(cause, owed)
    is_mailed = chosen.how[sort] is How.AT_ONCE
    return {
        "id": new_id(), "officer_id": owed.recipient.officer_id, "council_id": owed.recipient.council_id,
        "event_id": cause.event_id, "key": owed.once or f"{cause.event_id}:{owed.recipient.officer_id}",
        "kind": owed.kind, "sort": sort.value, "about_type": about_type, "about_id": about_id,
        "payload": owed.payload, "made_at": clock.now(), "read_at": None, "told_in": new_id() if is_mailed else None,
    }  # fmt: skip


def _mail(notice: dict[str, Any], owed: Owed) -> dict[str, Any]:
    """The message of the outbox that tells of a notice at once."""
    council_id = owed.recipient.council_id
    now = clock.now()
    return {
        "id": notice["told_in"], "kind": owed.kind, "officer_id": owed.recipient.officer_id,
        "payload": {**owed.payload, "council_id": None if council_id is None else str(council_id)},
        "dedupe_key": notice["key"], "created_at": now, "next_try_at": max(now, owed.not_before or now), "tries": 0,
    }  # fmt: skip
