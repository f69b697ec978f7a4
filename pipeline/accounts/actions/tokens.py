"""API tokens: made by whoever is signed in, ended by them, by the token itself, with their place, or by the clock."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update

from pipeline.accounts import policy
from pipeline.accounts.actions.signing_in import note
from pipeline.accounts.events import TokenEnded, TokenMade
from pipeline.accounts.models import ApiToken
from pipeline.accounts.tokens import (
    LAST_SHOWN,
    LIFETIMES,
    MOST_NAME,
    MOST_TOKENS,
    UNUSED_FOR,
    Scope,
    WhyEnded,
    hash_of_token,
    new_token,
    scopes_text,
)
from pipeline.db.outbox import queue_message
from pipeline.db.work import UnitOfWork, housekeeping, unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import system
from pipeline.kernel.errors import Conflict, NotFound, Problem, refuse_if_any
from pipeline.kernel.ids import new_id
from pipeline.kernel.text import addresses_in
from pipeline.kernel.words import Words, _

AT_A_TIME = 200


def make_token(
    work: UnitOfWork, *, name: str, scopes: Iterable[Scope], days: int, secret_key: str, source: str | None = None
) -> str:
    """Make a token for the officer and the council they act for, and return it: this is the only time it is known.

    `days` is how long it works, one of `LIFETIMES`. Its owner is told by mail. Raises NotAllowed, RuleBroken
    (token.name_missing, token.name_too_long, token.scopes_missing, token.lifetime), Conflict (token.too_many).
    """
    work.require(policy.may_make_token(work.actor))
    officer_id, council_id = work.actor.officer_id, work.actor.council_id
    if officer_id is None or council_id is None:
        raise NotFound("account")
    wanted = frozenset(scopes)
    _check(name, wanted, days)
    if _number_of(work, officer_id) >= MOST_TOKENS:
        words = Words(_("You have {n} tokens. Revoke one you no longer use, then make another."), n=MOST_TOKENS)
        raise Conflict("token.too_many", words, ("revoke",))
    token = new_token()
    row = work.add(
        ApiToken(
            id=new_id(), token_hash=hash_of_token(token, secret_key), last_four=token[-LAST_SHOWN:], name=name,
            officer_id=officer_id, council_id=council_id, scopes=scopes_text(wanted), created_at=work.now,
            expires_at=work.now + timedelta(days=days),
        )
    )  # fmt: skip
    note(work.session, "token.made", work.now, officer_id=officer_id, source=source, token_id=str(row.id))
    queue_message(work.session, kind="account.token_made", officer_id=officer_id, payload={}, now=work.now)
    work.record(TokenMade(**_facts(row), scopes=row.scopes.split()))
    return token


def _check(name: str, scopes: frozenset[Scope], days: int) -> None:
    problems = []
    if not name:
        problems.append(Problem("token.name_missing", Words(_("Say what the token is for")), "name"))
    if len(name) > MOST_NAME:
        words = Words(_("Use {n} characters at most"), n=MOST_NAME)
        problems.append(Problem("token.name_too_long", words, "name"))
    if addresses_in(name):
        problems.append(Problem("text.holds_address", Words(_("Leave e-mail addresses out of the name")), "name"))
    if not scopes:
        problems.append(Problem("token.scopes_missing", Words(_("Choose what the token may do")), "scopes"))
    if days not in LIFETIMES:
        problems.append(Problem("token.lifetime", Words(_("Choose how long the token works")), "days"))
    refuse_if_any(problems)


def _number_of(work: UnitOfWork, officer_id: UUID) -> int:
    live = select(func.count(ApiToken.id)).where(
        ApiToken.officer_id == officer_id, ApiToken.ended_at.is_(None), ApiToken.expires_at > work.now
    )
    return work.session.scalar(live) or 0


def revoke_token(work: UnitOfWork, *, token_id: UUID, source: str | None = None) -> None:
    """End one of one's own tokens. Raises NotFound, NotAllowed."""
    _revoke(work, token_id, WhyEnded.REVOKED, source)


def revoke_this_token(work: UnitOfWork, *, token_id: UUID, source: str | None = None) -> None:
    """A token ends itself. Raises NotFound, NotAllowed."""
    _revoke(work, token_id, WhyEnded.BY_ITSELF, source)


def _revoke(work: UnitOfWork, token_id: UUID, because: WhyEnded, source: str | None) -> None:
    row = work.session.scalars(
        select(ApiToken)
        .where(
            ApiToken.id == token_id, ApiToken.officer_id == work.actor.officer_id, ApiToken.ended_at.is_(None)
        )
        .with_for_update()
    ).first()  # fmt: skip
    if row is None:
        raise NotFound("token")
    work.require(policy.may_end_token(work.actor, row.officer_id))
    row.ended_at, row.ended_because = work.now, because.value
    note(work.session, "token.revoked", work.now, officer_id=row.officer_id, source=source, token_id=str(row.id))
    work.record(TokenEnded(**_facts(row), because=because.value), council_id=row.council_id)


def revoke_leaked_token(work: UnitOfWork, *, token: str, secret_key: str, source: str | None = None) -> None:
    """End a token that somebody found where others can read it, and tell its owner by mail.

    What is no token, nobody's, or ended already changes nothing, and whoever reports learns nothing. Raises NotAllowed.
    """
    work.require(policy.may_report_leaked_token(work.actor))
    found = select(ApiToken).where(ApiToken.token_hash == hash_of_token(token, secret_key), ApiToken.ended_at.is_(None))
    row = work.session.scalars(found.with_for_update()).first()
    if row is None:
        return
    row.ended_at, row.ended_because = work.now, WhyEnded.LEAKED.value
    note(work.session, "token.leaked", work.now, officer_id=row.officer_id, source=source, token_id=str(row.id))
    queue_message(work.session, kind="account.token_leaked", officer_id=row.officer_id, payload={}, now=work.now)
    work.record(TokenEnded(**_facts(row), because=row.ended_because), council_id=row.council_id)


def end_tokens(work: UnitOfWork, officer_id: UUID, because: WhyEnded, council_id: UUID | None = None) -> None:
    """End every token of an officer, or those for one council, in the work of what makes it necessary."""
    which = ApiToken.officer_id == officer_id
    _end(work, which if council_id is None else which & (ApiToken.council_id == council_id), because)


def _end(work: UnitOfWork, which: ColumnElement[bool], because: WhyEnded) -> None:
    rows = work.session.scalars(
        select(ApiToken).where(which, ApiToken.ended_at.is_(None)).order_by(ApiToken.id).with_for_update()
    ).all()
    for row in rows:
        row.ended_at, row.ended_because = work.now, because.value
        work.record(TokenEnded(**_facts(row), because=because.value), council_id=row.council_id)


def _facts(row: ApiToken) -> dict[str, Any]:
    return {"token_id": row.id, "officer_id": row.officer_id, "of_council_id": row.council_id}


def stamp_token(token_id: UUID) -> None:
    """Note that a token is in use: housekeeping, after the answer has left."""
    with housekeeping("tokens") as session:
        session.execute(
            update(ApiToken).where(ApiToken.id == token_id, ApiToken.ended_at.is_(None)).values(used_at=clock.now()),
            execution_options={"synchronize_session": False},
        )


def end_old_tokens() -> None:
    """End the tokens whose time has come, and those nobody used for 180 days; each in work of its own."""
    now = clock.now()
    unused_since = func.coalesce(ApiToken.used_at, ApiToken.created_at)
    late = or_(ApiToken.expires_at <= now, unused_since < now - UNUSED_FOR)
    query = select(ApiToken.id, ApiToken.expires_at).where(late, ApiToken.ended_at.is_(None))
    with housekeeping("tokens") as session:
        due = session.execute(query.order_by(ApiToken.expires_at, ApiToken.id).limit(AT_A_TIME)).all()
    for token_id, expires_at in due:
        _end_one(token_id, WhyEnded.EXPIRED if expires_at <= now else WhyEnded.UNUSED)


def _end_one(token_id: UUID, because: WhyEnded) -> None:
    with unit_of_work(system("end old tokens")) as work:
        row = work.session.get(ApiToken, token_id)
        if row is not None:
            work.require(policy.may_end_token(work.actor, row.officer_id))
            _end(work, ApiToken.id == token_id, because)
