"""What a project's own page reads: two statements, and nothing its viewer may not know of."""

from collections.abc import Callable

import pytest

from pipeline.kernel.errors import NotFound
from pipeline.projects.page import project_page_seen_by
from tests.factories import Factory

pytestmark = pytest.mark.database


def test_the_page_reads_needs_people_and_updates_of_a_public_project(make: Factory, read: Callable) -> None:
    council = make.council("Northborough")
    lead = make.officer(council, is_named=True, name="Ada Lovelace")
    member = make.officer(council)
    project = make.project(council, lead, themes=("housing", "planning"))
    make.person(project, member, council)
    make.need(project, is_essential=True, held=10, pledged=6, agreed=2)
    make.need(project, "funding", target=5000, is_capped=True)
    make.need(project, "in_kind", status="dropped")
    for number in range(7):
        make.update(project, lead, council, title=f"News {number}")
    make.update(project, lead, council, status="draft")
    with read() as reading:
        page = project_page_seen_by(reading, project.slug)
    assert page.title == project.title
    assert page.themes == ["housing", "planning"]
    assert page.council_short_name == "Northborough"
    assert [(need.kind, need.target, need.held, need.is_essential, need.is_capped) for need in page.needs] == [
        ("time", 40, 10, True, False), ("funding", 5000, 0, False, True),
    ]  # fmt: skip
    assert [(one.display_name, one.role) for one in page.people] == [("Ada Lovelace", "lead"), (None, "team")]
    assert [one.title for one in page.updates] == [f"News {number}" for number in (6, 5, 4, 3, 2, 1)]


def test_the_team_sees_drafts_of_updates_first(make: Factory, read: Callable) -> None:
    council = make.council()
    lead = make.officer(council)
    project = make.project(council, lead)
    make.update(project, lead, council, title="Out")
    make.update(project, lead, council, title="Not out", status="draft")
    with read(make.actor(lead, council)) as reading:
        page = project_page_seen_by(reading, project.slug)
        assert page.facts_for(reading).is_led_by(reading.actor)
    assert [one.title for one in page.updates] == ["Not out", "Out"]


@pytest.mark.parametrize("values", [{"status": "draft"}, {"is_trial": True}, {"is_hidden": True}])
def test_what_the_public_may_not_see_is_not_there(make: Factory, read: Callable, values: dict) -> None:
    council = make.council()
    project = make.project(council, **values)
    for address in (project.slug or "nothing", str(project.id)):
        with read() as reading, pytest.raises(NotFound):
            project_page_seen_by(reading, address)


def test_somebody_acting_for_another_council_leads_nothing_by_it(make: Factory, read: Callable) -> None:
    council, other = make.council(), make.council()
    lead = make.officer(council)
    make.membership(lead, other)
    project = make.project(council, lead)
    with read(make.actor(lead, other)) as reading:
        page = project_page_seen_by(reading, project.slug)
        facts = page.facts_for(reading)
    assert lead.id in facts.lead_ids
    assert not facts.is_led_by(make.actor(lead, other))
