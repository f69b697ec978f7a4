"""What spare capacity fits: the pure rule, and the same asked of both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from pipeline.kernel import clock
from pipeline.kernel.errors import RuleBroken
from pipeline.projects.models import Need, Project
from pipeline.spare_capacity import queries
from pipeline.spare_capacity.matching import Wanted, fits, numbers
from pipeline.spare_capacity.models import SpareCapacity
from pipeline.spare_capacity.rules import LATEST_END, Spare, SpareKind, check_spare
from tests.factories import Factory

TODAY = date(2027, 1, 4)
SPARE = Spare(kind=SpareKind.TIME, amount=10, from_on=TODAY, to_on=TODAY + timedelta(days=60), profession="developer")
NEED = Wanted(council="lead", kind="time", is_taking=True, profession="developer")


@pytest.mark.pure
@pytest.mark.parametrize(
    "spare, need, does_fit",
    [
        ({}, {}, True),
        ({}, {"council": "own"}, False),
        ({}, {"is_taking": False}, False),
        ({}, {"profession": "tester"}, False),
        ({}, {"kind": "in_kind", "profession": None, "thing": "developer"}, False),
        ({}, {"room": 0}, False),
        ({}, {"room": 1}, True),
        ({}, {"decides_on": TODAY + timedelta(days=60)}, True),
        ({}, {"decides_on": TODAY + timedelta(days=61)}, False),
        ({"to_on": TODAY - timedelta(days=1)}, {}, False),
        ({"from_on": TODAY + timedelta(days=30)}, {}, True),
    ],
)
def test_it_fits_another_councils_need_of_the_same_profession_with_room_in_time(
    spare: dict[str, Any], need: dict[str, Any], does_fit: bool
) -> None:
    assert fits(replace(SPARE, **spare), "own", replace(NEED, **need), TODAY) is does_fit


@pytest.mark.pure
@pytest.mark.parametrize("thing", ["Meeting room", "meeting room", "MEETING ROOM", "meeting Room"])
def test_a_thing_fits_whatever_its_capitals(thing: str) -> None:
    spare = replace(SPARE, kind=SpareKind.IN_KIND, profession=None, thing=thing)
    for wanted, does_fit in (
        ("Meeting room", True), ("meeting room", True), ("Meeting rooms", True), ("Meeting roomies", False),
        ("Room", False),
    ):  # fmt: skip
        need = replace(NEED, kind="in_kind", profession=None, thing=wanted)
        assert fits(spare, "own", need, TODAY) is does_fit


@pytest.mark.pure
@pytest.mark.parametrize(
    "one, several",
    [
        ("van", "vans"),
        ("box", "boxes"),
        ("laundry", "laundries"),
        ("bus", "buses"),
        ("key", "keys"),
        ("porch", "porches"),
    ],
)
def test_one_of_a_thing_fits_where_several_are_asked_for_and_the_other_way_round(one: str, several: str) -> None:
    assert several in numbers(one)
    assert one in numbers(several)
    assert numbers("glass") == {"glass", "glasses"}
    assert numbers("") == {""}


@given(st.text("aeioubcsxyzh ", max_size=8), st.text("aeioubcsxyzh ", max_size=8))
@pytest.mark.pure
def test_whatever_is_one_or_several_of_another_is_so_the_other_way_round(thing: str, end: str) -> None:
    for other in numbers(thing) | {end}:
        assert (other in numbers(thing)) == (thing in numbers(other)), other


@pytest.mark.pure
@pytest.mark.parametrize(
    "values, field",
    [
        ({"profession": "astronaut"}, "profession"),
        ({"kind": SpareKind.IN_KIND, "profession": None}, "thing"),
        ({"amount": 0}, "amount"),
        ({"to_on": TODAY - timedelta(days=1), "from_on": TODAY - timedelta(days=3)}, "to_on"),
        ({"from_on": TODAY + timedelta(days=61)}, "to_on"),
        ({"to_on": TODAY + LATEST_END + timedelta(days=1)}, "to_on"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_what_cannot_be_listed_is_refused_beside_its_question(values: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        check_spare(replace(SPARE, **values), TODAY)
    assert [one.field for one in refusal.value.problems] == [field]
    check_spare(SPARE, TODAY)


@pytest.mark.database
def test_the_database_says_the_same_as_the_rule(make: Factory, read: Callable[..., Any]) -> None:
    today = clock.today()
    own, lead = make.council("Ownham"), make.council("Leadham")
    officer = make.officer(own)
    projects: list[dict[str, Any]] = [
        {}, {"status": "going_ahead"}, {"status": "stopped"}, {"is_hidden": True}, {"status": "draft"},
        {"mode": "flexible", "decision_on": None}, {"decision_on": today + timedelta(days=10)},
    ]  # fmt: skip
    needs: list[dict[str, Any]] = [
        {"profession": "developer"}, {"profession": "tester"}, {"status": "closed"}, {"is_capped": True, "held": 40},
        {"is_capped": True, "held": 39}, {"kind": "in_kind", "thing": "Test group"}, {"kind": "funding"},
        {"kind": "in_kind", "thing": "test groups"}, {"kind": "in_kind", "thing": "group"},
    ]  # fmt: skip
    for council, project in product((own, lead), projects):
        made = make.project(council, **project)
        for need in needs:
            make.need(made, **need)
    lines = [
        make.spare_capacity(own, officer),
        make.spare_capacity(own, officer, to_on=today + timedelta(days=20)),
        make.spare_capacity(own, officer, profession="tester"),
        make.spare_capacity(own, officer, kind="in_kind", thing="test group"),
    ]
    with make.session() as session:
        rows = session.execute(select(Need, Project).join(Project, Project.id == Need.project_id)).all()
        spares = {one.id: session.get_one(SpareCapacity, one.id).spare for one in lines}
        wanted = {
            one: {need.id for need, project in rows if fits(spare, str(own.id), _wanted(need, project), today)}
            for one, spare in spares.items()
        }
    member = make.actor(officer, own)
    with read(member) as reading:
        listed = queries.listed_by_own_council(reading)
        found = queries.needs_fitted(reading, listed, most=100)
        assert {one.id: {need.id for need in found.get(one.id, [])} for one in listed} == wanted
        assert all(wanted.values())
        helped = {
            (row.id, row.need_id)
            for project_id in {project.id for _need, project in rows if project.is_public}
            for row in queries.councils_that_could_help(reading, project_id)
        }
        assert helped == {(one, need) for one, needs_found in wanted.items() for need in needs_found}


def _wanted(need: Need, project: Project) -> Wanted:
    waits = project.status == "open" and project.mode == "all_or_nothing"
    return Wanted(
        council=str(project.council_id), kind=need.kind, profession=need.profession, thing=need.thing,
        is_taking=need.status == "open" and project.is_public and project.status in ("open", "going_ahead"),
        room=need.target - need.held if need.is_capped else None, decides_on=project.decision_on if waits else None,
    )  # fmt: skip
