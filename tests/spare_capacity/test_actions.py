"""Listing spare capacity, changing it, ending it: whose it is, who reads it, and what is left out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.spare_capacity import actions, queries
from pipeline.spare_capacity.queries import SpareFilters
from pipeline.spare_capacity.rules import MOST_LISTED, Spare, SpareKind
from tests.factories import Factory
from tests.support.plans import explained

pytestmark = pytest.mark.database


def spare() -> Spare:
    """Five days of a developer within the next two months."""
    today = clock.today()
    return Spare(
        kind=SpareKind.TIME, amount=10, from_on=today, to_on=today + timedelta(days=60), profession="developer"
    )


def test_any_member_of_the_council_lists_changes_and_ends_it(
    make: Factory, work: Callable[..., Any], read: Callable[..., Any]
) -> None:
    council, other = make.council(), make.council()
    lister, colleague, stranger = make.officer(council), make.officer(council), make.officer(other)
    with work(make.actor(lister, council)) as unit:
        listed = actions.list_spare_capacity(unit, spare=spare())
    with work(make.actor(stranger, other)) as unit, pytest.raises(NotAllowed):
        actions.end_spare_capacity(unit, spare_capacity_id=listed.id)
    with work(make.actor(colleague, council)) as unit:
        changed = replace(spare(), amount=6, note="Mondays")
        actions.change_spare_capacity(unit, spare_capacity_id=listed.id, version=1, spare=changed)
    with work(make.actor(lister, council)) as unit, pytest.raises(Conflict, match="meanwhile"):
        actions.change_spare_capacity(unit, spare_capacity_id=listed.id, version=1, spare=spare())
    with work(make.actor(colleague, council)) as unit:
        actions.end_spare_capacity(unit, spare_capacity_id=listed.id)
    with work(make.actor(lister, council)) as unit, pytest.raises(Conflict, match="ended"):
        actions.end_spare_capacity(unit, spare_capacity_id=listed.id)
    with read(make.actor(stranger, other)) as reading, pytest.raises(NotFound):
        queries.spare_capacity_seen_by(reading, listed.id)
    with make.session() as session:
        events = session.execute(select(LoggedEvent.name, LoggedEvent.payload).order_by(LoggedEvent.sequence)).all()
    assert [name for name, _said in events] == [f"spare_capacity.{one}" for one in ("listed", "changed", "ended")]
    assert events[1].payload["changes"] == {"amount": [10, 6], "note": None}


def test_officers_of_councils_and_coordinators_read_it_and_nobody_else(make: Factory, read: Callable[..., Any]) -> None:
    council, other = make.council(), make.council()
    make.spare_capacity(council, make.officer(council))
    make.spare_capacity(council, make.officer(council), to_on=clock.today(), from_on=clock.today())
    make.spare_capacity(council, make.officer(council), ended_at=clock.now())
    past = clock.today() - timedelta(days=1)
    make.spare_capacity(council, make.officer(council), to_on=past, from_on=past)
    seers = [make.actor(make.officer(other), other), make.actor(make.officer(None), None, Role.COORDINATOR)]
    order = queries.ORDERS["to_on"]
    for actor in seers:
        with read(actor) as reading:
            page = queries.spare_capacity_listed(reading, SpareFilters(), order=order, limit=10)
            assert [row.to_on for row in page.rows] == sorted(row.to_on for row in page.rows)
            assert len(page.rows) == queries.number_of_spare_capacity(reading, SpareFilters()) == 2
    for actor in (ANONYMOUS, make.actor(make.officer(None))):
        with read(actor) as reading, pytest.raises(NotFound):
            queries.spare_capacity_listed(reading, SpareFilters(), order=order, limit=10)


def test_a_need_one_has_pledged_to_is_not_shown_again(make: Factory, read: Callable[..., Any]) -> None:
    own, lead = make.council(), make.council()
    officer = make.officer(own)
    need = make.need(make.project(lead))
    make.spare_capacity(own, officer)
    with read(make.actor(officer, own)) as reading:
        rows = queries.listed_by_own_council(reading)
        assert [one.id for one in queries.needs_fitted(reading, rows)[rows[0].id]] == [need.id]
    make.pledge(need, own, officer)
    with read(make.actor(officer, own)) as reading:
        assert queries.needs_fitted(reading, queries.listed_by_own_council(reading)) == {}


def test_a_council_lists_so_much_and_writes_no_addresses(make: Factory, work: Callable[..., Any]) -> None:
    council = make.council()
    officer = make.officer(council, address="sam@council.example")
    actor = make.actor(officer, council)
    with work(actor) as unit, pytest.raises(RuleBroken, match="e-mail address"):
        actions.list_spare_capacity(unit, spare=replace(spare(), note="Ask sam@council.example"))
    for _number in range(MOST_LISTED):
        make.spare_capacity(council, officer)
    with work(actor) as unit, pytest.raises(Conflict, match="already"):
        actions.list_spare_capacity(unit, spare=spare())


def test_the_needs_it_fits_are_read_from_the_index_of_their_profession_for_all_lines_at_once(
    app: Flask, make: Factory, read: Callable[..., Any]
) -> None:
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("PostgreSQL plans by what the tables hold")
    own, lead = make.council(), make.council()
    officer = make.officer(own)
    make.need(make.project(lead))
    for _number in range(3):
        make.spare_capacity(own, officer)
    with read(make.actor(officer, own)) as reading:
        rows = queries.listed_by_own_council(reading)
        with explained(app) as plans:
            queries.needs_fitted(reading, rows)
    [plan] = plans
    assert plan.count("ix_need_profession_status_project_id") == len(rows), plan
