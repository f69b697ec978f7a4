"""How an entry point reads and changes: on behalf of whoever asks."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import orjson
from flask import request

from pipeline.accounts.queries import standing_now
from pipeline.db import idempotency
from pipeline.db.engine import database
from pipeline.db.statements import plain_session
from pipeline.db.work import Reading, UnitOfWork, unit_of_work
from pipeline.http.identity import current_actor
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS


def begin_read() -> Reading:
    """Read on behalf of whoever asks. All reads go to the primary; this is the one place that could change."""
    return Reading(database.session(), current_actor(), clock.now())


def begin_public_read() -> Reading:
    """Read what everybody may read, whoever asks: what is public looks the same to all."""
    return Reading(database.session(), ANONYMOUS, clock.now())


@contextmanager
def begin_hot_read() -> Iterator[Reading]:
    """Read what everybody may read by `Statement`s alone, for the lists that are asked for most: its session is a
    `PlainSession`, which knows nothing else."""
    with plain_session(database.engine) as session:
        yield Reading(session, ANONYMOUS, clock.now())


def end_read() -> None:
    """Close the reading transaction before work begins, so that no reader holds an old snapshot while it waits."""
    database.session.rollback()


@contextmanager
def begin_work(key: idempotency.Key | None = None) -> Iterator[UnitOfWork]:
    """Begin work for whoever asks, with the roles they hold at this moment, read inside the work.

    With a key the work is done once: raises AlreadyDone when it has been.
    """
    end_read()
    with unit_of_work(current_actor()) as work:
        work.actor = standing_now(work)
        if key is not None:
            idempotency.claim(work.session, key, work.now)
            work.when_undone.append(partial(idempotency.release, work.session, key))
        yield work


def key_of_form(key: str, content: Mapping[str, Any]) -> idempotency.Key:
    """The idempotency key a form carries, with the fingerprint of what was typed."""
    body = orjson.dumps(dict(content), option=orjson.OPT_SORT_KEYS, default=str)
    owner = str(current_actor().officer_id or "anonymous")
    return idempotency.Key(
        owner, f"{request.endpoint} {request.path}"[:200], key[:255], hashlib.sha256(body).hexdigest()
    )
