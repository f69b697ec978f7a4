"""What tests of accounts share: cheap hashes, the links that were mailed, and signing up and in by the pages."""

from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from pipeline.accounts import passwords
from pipeline.accounts.models import Officer
from pipeline.accounts.rules import link_token
from pipeline.db.engine import database
from pipeline.db.outbox import OutboxMessage

PASSWORD = "gravel lantern otter"
OTHER_PASSWORD = "teapot meadow violin"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take no time: what is tested is who may, not how slow it is."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    monkeypatch.setattr(passwords, "NOBODYS", CHEAP.hash("nobody"))


def mails(app: Flask, kind: str | None = None) -> list[OutboxMessage]:
    """What the outbox holds, oldest first."""
    with app.app_context():
        rows = database.session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at, OutboxMessage.id))
        return [row for row in rows.all() if kind in (None, row.kind)]


def mailed_token(app: Flask, kind: str = "account.verify") -> str:
    """The token in the newest mail of a kind."""
    link_id = UUID(mails(app, kind)[-1].payload["link_id"])
    return link_token(str(app.secret_key), link_id)


def officer_at(app: Flask, address: str) -> Officer | None:
    """The row of an address."""
    with app.app_context():
        return database.session.scalars(select(Officer).where(Officer.address == address)).first()


def sign_up(client: Any, address: str, password: str = PASSWORD, **values: Any) -> Any:
    """Fill in the page to sign up."""
    defaults = {"address": address, "name": "Ada Byron", "job_title": "Analyst", "password": password}
    return client.send("/sign-up", **defaults | values)


def sign_in(client: Any, address: str, password: str = PASSWORD, next_page: str = "") -> Any:
    """Fill in the page to sign in."""
    path = f"/sign-in?next={next_page}" if next_page else "/sign-in"
    return client.send(path, address=address, password=password)
