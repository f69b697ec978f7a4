"""Setting measures and recording what was measured: who may, what is kept, and who reads it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.db.log import LoggedEvent
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.measures import actions, queries
from pipeline.measures.account import fairness_of
from pipeline.measures.models import Measure, MeasureChange, MeasureReading
from pipeline.measures.rules import MOST_MEASURES, Actual, Better, MeasureKind, Point, Terms, Unit
from pipeline.pledges.actions import delete_project
from pipeline.projects import actions as projects
from pipeline.projects.queries import project_seen_by
from tests.factories import Factory

pytestmark = pytest.mark.database

TERMS = Terms(
    "Days to answer", MeasureKind.OUTCOME, Unit.DAYS, Better.LESS, Point(20, date(2026, 1, 31)),
    Point(8, date(2027, 1, 31)),
)  # fmt: skip
SAVED = Terms("Time saved", MeasureKind.BENEFIT, Unit.DAYS, Better.MORE)


@pytest.fixture
def world(make: Factory) -> Any:
    """A project with a lead and somebody in its team, a partner council, and one that is not in it."""

    class World:
        council, partner, stranger = make.council("Leadham"), make.council("Partnerby"), make.council("Strangeham")
        lead, writer = make.officer(council), make.officer(council)
        helper, other = make.officer(partner), make.officer(stranger)
        project = make.project(council, lead, slug="repairs")
        as_lead, as_writer = make.actor(lead, council), make.actor(writer, council)
        as_partner, as_stranger = make.actor(helper, partner), make.actor(other, stranger)

    made = World()
    make.person(made.project, made.writer, made.council)
    pledge = make.pledge(
        make.need(made.project), made.partner, made.helper, status="committed", authorised_at=clock.now(),
        accepted_at=clock.now(), committed_at=clock.now(), is_counting=True, is_agreed=True, amount=6,
    )  # fmt: skip
    assert pledge
    return made


def events_of(make: Factory) -> list[Any]:
    with make.session() as session:
        query = select(LoggedEvent).where(LoggedEvent.name.like("measure.%")).order_by(LoggedEvent.sequence)
        return list(session.scalars(query))


def test_leads_set_measures_and_what_they_were_before_is_kept(
    make: Factory, work: Callable[..., Any], read: Callable[..., Any], world: Any
) -> None:
    for actor in (world.as_writer, world.as_partner, world.as_stranger):
        with work(actor) as unit, pytest.raises(NotAllowed):
            actions.add_measure(unit, slug="repairs", terms=TERMS)
    with work(world.as_lead) as unit:
        measure = actions.add_measure(unit, slug="repairs", terms=TERMS)
    moved = replace(TERMS, name="Days to a first answer", target=Point(10, date(2027, 3, 31)))
    with work(world.as_lead) as unit:
        actions.change_measure(unit, measure_id=measure.id, version=1, terms=moved)
    with work(world.as_lead) as unit, pytest.raises(Conflict, match="meanwhile"):
        actions.change_measure(unit, measure_id=measure.id, version=1, terms=TERMS)
    with read() as reading:
        (change,) = queries.changes_of(reading, world.project.id)[measure.id]
        assert change.changes == {
            "name": ["Days to answer", "Days to a first answer"],
            "target": [[8, "2027-01-31"], [10, "2027-03-31"]],
        }
    with work(world.as_lead) as unit:
        actions.end_measure(unit, measure_id=measure.id)
    with work(world.as_lead) as unit, pytest.raises(Conflict, match="no longer"):
        actions.record_reading(unit, measure_id=measure.id, actual=Actual(9, clock.today()))
    added, changed, ended = events_of(make)
    assert (added.name, changed.name, ended.name) == ("measure.added", "measure.changed", "measure.ended")
    assert "Days" not in str([added.payload, changed.payload])
    assert {one.audience for one in (added, changed, ended)} == {"public"}


def test_the_team_of_a_draft_sets_measures_and_nobody_else_hears_of_it(
    make: Factory, work: Callable[..., Any], read: Callable[..., Any], world: Any
) -> None:
    draft = make.project(world.council, world.lead, status="draft")
    make.person(draft, world.writer, world.council)
    with work(world.as_writer) as unit:
        measure = actions.add_measure(unit, slug=str(draft.id), terms=TERMS)
    with work(world.as_writer) as unit:
        actions.change_measure(unit, measure_id=measure.id, version=1, terms=replace(TERMS, name="Days"))
    with work(world.as_lead) as unit, pytest.raises(Conflict, match="Publish"):
        actions.record_reading(unit, measure_id=measure.id, actual=Actual(9, clock.today()))
    with read(world.as_lead) as reading:
        assert queries.changes_of(reading, draft.id) == {}
    with read() as reading, pytest.raises(NotFound):
        queries.measure_seen_by(reading, measure.id)
    assert {one.audience for one in events_of(make)} == {"project"}
    with work(world.as_lead) as unit:
        projects.delete_project(unit, slug=str(draft.id))


def test_a_project_measures_only_so_much(work: Callable[..., Any], world: Any) -> None:
    for _number in range(MOST_MEASURES):
        with work(world.as_lead) as unit:
            actions.add_measure(unit, slug="repairs", terms=TERMS)
    with work(world.as_lead) as unit, pytest.raises(Conflict, match="at most"):
        actions.add_measure(unit, slug="repairs", terms=TERMS)


def test_a_reading_is_corrected_by_another_once_and_both_stay(
    work: Callable[..., Any], read: Callable[..., Any], world: Any
) -> None:
    with work(world.as_lead) as unit:
        measure = actions.add_measure(unit, slug="repairs", terms=TERMS)
    for actor in (world.as_writer, world.as_partner):
        with work(actor) as unit, pytest.raises(NotAllowed):
            actions.record_reading(unit, measure_id=measure.id, actual=Actual(9, clock.today()))
    actual = Actual(9, clock.today() + timedelta(days=1))
    with work(world.as_lead) as unit, pytest.raises(RuleBroken, match="today"):
        actions.record_reading(unit, measure_id=measure.id, actual=actual)
    with work(world.as_lead) as unit:
        wrong = actions.record_reading(unit, measure_id=measure.id, actual=Actual(9, clock.today()))
    with work(world.as_lead) as unit:
        actions.correct_reading(unit, reading_id=wrong.id, actual=Actual(7, clock.today()))
    with work(world.as_lead) as unit, pytest.raises(Conflict, match="already"):
        actions.correct_reading(unit, reading_id=wrong.id, actual=Actual(5, clock.today()))
    with read() as reading:
        (line,) = queries.measures_of(reading, world.project.id)
        assert [one.value for one in line.readings] == [9, 7]
        assert [one.value for one in line.standing] == [7]


def test_what_an_update_carries_is_read_with_it(
    make: Factory, work: Callable[..., Any], read: Callable[..., Any], world: Any
) -> None:
    with work(world.as_lead) as unit:
        measure = actions.add_measure(unit, slug="repairs", terms=TERMS)

    def seen() -> list[int]:
        with read() as reading:
            (line,) = queries.measures_of(reading, world.project.id)
            return [one.value for one in line.readings]

    with work(world.as_writer) as unit:
        update = projects.draft_update(unit, slug="repairs", title="News", body=written("It works."))
        unit.session.flush()
        carried = {measure.id: Actual(12, clock.today())}
        actions.carry_readings(unit, update_id=update.id, actuals=carried)
    with work(world.as_writer) as unit:
        actions.carry_readings(unit, update_id=update.id, actuals={measure.id: Actual(11, clock.today())})
    assert seen() == []
    with work(world.as_lead) as unit:
        projects.publish_update(unit, update_id=update.id, version=1)
    assert seen() == [11]
    recorded = events_of(make)[-1]
    assert (recorded.name, recorded.audience) == ("measure.reading_recorded", "public")
    assert recorded.payload["update_id"] == str(update.id)
    with work(world.as_lead) as unit, pytest.raises(Conflict, match="published already"):
        actions.carry_readings(unit, update_id=update.id, actuals={})
    with work(world.as_lead) as unit:
        projects.withdraw_update(unit, update_id=update.id)
    assert seen() == []


def test_a_draft_of_an_update_is_deleted_with_what_it_carries(work: Callable[..., Any], world: Any) -> None:
    with work(world.as_lead) as unit:
        measure = actions.add_measure(unit, slug="repairs", terms=TERMS)
    with work(world.as_writer) as unit:
        update = projects.draft_update(unit, slug="repairs", title="News", body=written("It works."))
        unit.session.flush()
        actions.carry_readings(unit, update_id=update.id, actuals={measure.id: Actual(12, clock.today())})
    with work(world.as_writer) as unit:
        projects.delete_update(unit, update_id=update.id)
        assert queries.number_of_readings(unit, measure.id) == 0


def test_each_council_in_a_project_says_what_it_got_itself(
    make: Factory, work: Callable[..., Any], read: Callable[..., Any], world: Any
) -> None:
    with work(world.as_lead) as unit:
        measure = actions.add_measure(unit, slug="repairs", terms=SAVED)
    with work(world.as_stranger) as unit, pytest.raises(NotAllowed):
        actions.record_reading(unit, measure_id=measure.id, actual=Actual(99, clock.today()))
    values = ((world.as_partner, 6), (world.as_writer, 30))
    for actor, value in values:
        with work(actor) as unit:
            last = actions.record_reading(unit, measure_id=measure.id, actual=Actual(value, clock.today()))
    with work(world.as_partner) as unit, pytest.raises(NotAllowed):
        actions.correct_reading(unit, reading_id=last.id, actual=Actual(1, clock.today()))
    with read(ANONYMOUS) as reading:
        found = fairness_of(reading, project_seen_by(reading, "repairs"))
    lead, partner = found.parts
    assert (lead.is_lead, lead.benefit_half_days, partner.benefit_half_days) == (True, 30, 6)
    assert (lead.benefit_pence, partner.benefit_pence) == (None, None)
    assert (partner.gave_time.committed, lead.gave_time.committed) == (6, 0)
    assert found.account.time.committed == sum(part.gave_time.committed for part in found.parts)


def test_funding_that_others_delivered_is_what_the_lead_council_received(
    make: Factory, read: Callable[..., Any], world: Any
) -> None:
    need, then = make.need(world.project, "funding"), clock.now()
    states = {"status": "committed", "authorised_at": then, "accepted_at": then, "committed_at": then}
    for council, officer, amount in ((world.partner, world.helper, 5000), (world.council, world.lead, 700)):
        make.pledge(need, council, officer, amount=amount, delivered=amount, **states)
    with read(ANONYMOUS) as reading:
        lead, partner = fairness_of(reading, project_seen_by(reading, "repairs")).parts
    assert (lead.gave_funding.delivered, lead.received_pence) == (700, 5000)
    assert (partner.gave_funding.delivered, partner.received_pence) == (5000, 0)


def test_a_project_is_deleted_with_all_that_was_measured(make: Factory, work: Callable[..., Any]) -> None:
    council = make.council(projects_led=1)
    lead = make.officer(council)
    project = make.project(council, lead, slug="alone")
    update = make.update(project, lead, council)
    measure = make.measure(project, lead)
    first = make.reading(measure, lead, council, update_id=update.id)
    make.reading(measure, lead, council, corrects_id=first.id)
    with work(make.actor(lead, council)) as unit:
        actions.change_measure(unit, measure_id=measure.id, version=1, terms=replace(TERMS, name="Days"))
    with work(make.actor(lead, council)) as unit:
        delete_project(unit, slug="alone")
    with make.session() as session:
        for table in (Measure, MeasureChange, MeasureReading):
            assert session.scalars(select(table)).all() == []
