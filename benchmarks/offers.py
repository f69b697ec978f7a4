"""Offers ready to be posted: officers of 300 councils, signed in, at the last step of offering a pledge.

Their sessions are put straight into the tables, as signing in leaves them: argon2id takes its time by design and is not
what is measured. Everything after that is the real thing: session, CSRF token, form, rules, transaction, events.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, insert, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from benchmarks.rows import the_present
from benchmarks.seed import application
from pipeline.accounts.models import Membership, MembershipRole, SignInSession
from pipeline.accounts.rules import hash_of
from pipeline.db.engine import WRITES, database
from pipeline.http.sessions import csrf_token_of, new_token
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Need

COUNCILS = 300
NEEDS = 1_000
LINES = 3_000


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An officer's cookie and the CSRF token of their forms."""

    officer_id: UUID
    council_id: UUID
    token: str
    csrf_token: str


@dataclass(frozen=True, slots=True)
class Offers:
    """A file of offers for `pledge.lua`, and the needs they are towards."""

    file: Path
    need_ids: list[UUID]


def prepare_offers(url: URL, folder: Path) -> dict[str, Offers]:
    """Sign officers in and write the offers they will post, by the name of what is measured."""
    with writing_to(url) as (app, writing):
        officers = [_with_csrf_token(app, *found) for found in _plain_members(writing)]
        _sign_in(writing, officers)
        need_ids = _uncapped_needs(writing)
    chosen = {"pledge": need_ids[:NEEDS], "pledge-one-need": need_ids[-1:]}
    return {name: _written(folder / f"{name}.txt", officers, towards) for name, towards in chosen.items()}


@contextmanager
def writing_to(url: URL) -> Iterator[tuple[Flask, Session]]:
    """An application on a database, and a session that saves when the block ends."""
    app = application(url)
    with app.app_context():
        with Session(database.engine.execution_options(**{WRITES: True})) as writing, writing.begin():
            yield app, writing
        database.engine.dispose()


def pledges_towards(url: URL, need_ids: list[UUID]) -> int:
    """How many pledges there are towards these needs."""
    with writing_to(url) as (_app, session_):
        return session_.execute(select(func.count()).where(Pledge.need_id.in_(need_ids))).scalar_one()


def _plain_members(reading: Session) -> list[tuple[UUID, UUID]]:
    """An officer without further roles of each of 300 councils, and the council."""
    has_role = select(MembershipRole.id).where(MembershipRole.membership_id == Membership.id).exists()
    query = select(Membership.council_id, Membership.officer_id).where(~has_role).order_by(Membership.id)
    one_each = {row.council_id: row.officer_id for row in reading.execute(query)}
    return [(officer_id, council_id) for council_id, officer_id in sorted(one_each.items())][:COUNCILS]


def _with_csrf_token(app: Flask, officer_id: UUID, council_id: UUID) -> SignedIn:
    """A new session's token, and that of its forms signed as Flask-WTF signs it."""
    token = new_token()
    # A context of its own, because Flask-WTF keeps the token it made for as long as one lasts.
    with app.app_context(), app.test_request_context("/api/"):
        session["csrf_token"] = csrf_token_of(token)
        return SignedIn(officer_id, council_id, token, generate_csrf())


def _sign_in(writing: Session, officers: list[SignedIn]) -> None:
    now = the_present()
    rows = [
        {
            "id": new_id(),
            "token_hash": hash_of(officer.token),
            "officer_id": officer.officer_id,
            "council_id": officer.council_id,
            "created_at": now,
            "seen_at": now,
            "device": "",
        }
        for officer in officers
    ]
    writing.execute(insert(SignInSession), rows)


def _uncapped_needs(reading: Session) -> list[UUID]:
    """Needs for time that take any amount, each of another project, and these spread over all there are."""
    first_needs = select(Need.id).where(Need.position == 0, Need.kind == "time", ~Need.is_capped).order_by(Need.id)
    ids = list(reading.scalars(first_needs))
    return ids[:: max(len(ids) // NEEDS, 1)]


def _written(file: Path, officers: list[SignedIn], need_ids: list[UUID]) -> Offers:
    """A line of address, cookie and form for each offer: officers take turns, needs come as they fall."""
    random = Random(file.name)
    lines = [
        f"/needs/{random.choice(need_ids)}/pledges/new\tsession={officer.token}\t{urlencode(_form(officer, random))}\n"
        for officer in islice(cycle(officers), LINES)
    ]
    file.write_text("".join(lines))
    return Offers(file, need_ids)


def _form(officer: SignedIn, random: Random) -> list[tuple[str, str]]:
    """What the last step of offering sends; `pledge.lua` adds the idempotency key."""
    today = clock.today()
    days = {
        "sign_off_by": today + timedelta(days=14),
        "from_on": today + timedelta(days=60),
        "to_on": today + timedelta(days=120),
    }
    parts = [(name, str(part)) for name, day in days.items() for part in (day.day, day.month, day.year)]
    return [
        ("csrf_token", officer.csrf_token),
        ("kind", "time"),
        ("amount", str(random.randint(1, 4))),
        ("step", "offer"),
        ("message", ""),
        *parts,
    ]
