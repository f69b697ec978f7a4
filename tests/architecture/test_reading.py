"""No GET saves anything: every address that needs no id is asked. On both databases."""

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pipeline.db.base import Base
from pipeline.db.engine import database
from pipeline.db.log import EventCounter
from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

MAY_WRITE_AFTER_THE_ANSWER = {"session"}


def simple_addresses(app: Flask) -> list[str]:
    """Addresses without parameters that can be read."""
    return sorted(
        {rule.rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or set())}
    )


def row_counts(app: Flask) -> dict[str, int]:
    """How many rows each table has."""
    with app.app_context(), Session(database.engine) as session:
        return {
            name: session.scalar(text(f"SELECT count(*) FROM {name}")) or 0  # noqa: S608
            for name in Base.metadata.tables
            if name not in MAY_WRITE_AFTER_THE_ANSWER
        }


@pytest.mark.parametrize("who", ["anybody", "an officer of every role"])
def test_no_address_that_is_read_changes_anything(app: Flask, make: Factory, client: CheckedClient, who: str) -> None:
    council = make.council()
    if who != "anybody":
        roles = (Role.AUTHORISER, Role.COUNCIL_ADMIN, Role.COORDINATOR, Role.PLATFORM_ADMIN)
        make.signed_in(client, make.officer(council, *roles), council)
    before = row_counts(app)

    for address in simple_addresses(app):
        answer = client.get(address)
        # Files that the worker has not made yet are on their way (503).
        most = 504 if "/exports/" in address else 500
        assert answer.status_code < most, f"{address} answered {answer.status_code}"
        with app.app_context():
            assert not database.session.new, address
            assert not database.session.dirty, address

    assert row_counts(app) == before
    with app.app_context(), Session(database.engine) as session:
        assert session.scalar(select(EventCounter.last)) == 0


@pytest.mark.parametrize("who", ["anybody", "an officer of every role"])
def test_no_form_is_carried_out_without_its_token(app: Flask, make: Factory, client: CheckedClient, who: str) -> None:
    council = make.council()
    if who != "anybody":
        roles = (Role.AUTHORISER, Role.COUNCIL_ADMIN, Role.COORDINATOR, Role.PLATFORM_ADMIN)
        make.signed_in(client, make.officer(council, *roles), council)
    before = row_counts(app)

    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()) or rule.arguments:
            continue
        answer = client.post(rule.rule, data={"email": "a@example.gov.uk", "title": "x"})
        refusals = (401, 415) if rule.rule.startswith("/api/") else (303, 400, 403, 422)
        assert answer.status_code in refusals, f"{rule.rule} answered {answer.status_code}"

    assert row_counts(app) == before
