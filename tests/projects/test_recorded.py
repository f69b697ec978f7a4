"""Past projects recorded from public sources: lesser rules, and never by anybody but the operator."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.documents.markdown import written
from pipeline.kernel.actor import ANONYMOUS, Channel, Role, system
from pipeline.kernel.errors import NotAllowed, NotFound, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.projects.actions.recorded import PastProject, record_past_project
from pipeline.projects.models import ProjectPartner
from tests.conftest import Working
from tests.factories import Factory

pytestmark = pytest.mark.database

OPERATOR = system("flask demonstration", Channel.COMMAND)


def past(lead: Council, *partners: Council) -> PastProject:
    """A past project of which little is known."""
    return PastProject(
        title="LocalGov IMS", summary="A payments system councils share.", lead_id=lead.id,
        partner_ids=frozenset(one.id for one in partners), theme="payments-and-income", phase=None,
        known=written("The sources do not say when it ended."), sources=("https://localgovims.example/",),
    )  # fmt: skip


def test_a_past_project_is_public_and_finished_with_its_sources(make: Factory, work: Working) -> None:
    lead, partner = make.council(is_active=False), make.council()
    with work(OPERATOR) as unit:
        project = record_past_project(unit, past=past(lead, partner, lead))
    assert (project.status, project.is_public, project.is_recorded, project.slug) == (
        "finished",
        True,
        True,
        "localgov-ims",
    )
    assert (project.phase, project.year_ended, project.outcome) == (None, None, "")
    assert project.sources == ["https://localgovims.example/"]
    with make.session() as session:
        assert list(session.scalars(select(ProjectPartner.council_id))) == [partner.id]
        assert session.get_one(Council, lead.id).projects_led == 1
        assert session.get_one(Council, partner.id).projects_joined == 1
        event = session.scalars(select(LoggedEvent)).one()
    assert (event.name, event.audience, event.council_id) == ("project.recorded", "public", lead.id)


def test_two_of_one_title_get_addresses_of_their_own(make: Factory, work: Working) -> None:
    lead = make.council()
    with work(OPERATOR) as unit:
        slugs = [record_past_project(unit, past=past(lead)).slug for _ in range(2)]
    assert slugs == ["localgov-ims", "localgov-ims-2"]


@pytest.mark.parametrize(
    "change, code",
    [
        ({"title": ""}, "project.title_missing"),
        ({"summary": ""}, "project.summary_missing"),
        ({"theme": "no such theme"}, "project.theme_unknown"),
        ({"phase": "no such phase"}, "project.phase_unknown"),
        ({"sources": ()}, "project.sources_missing"),
        ({"sources": ("javascript:alert(1)",)}, "project.sources_missing"),
    ],
)
def test_what_a_record_must_say(make: Factory, work: Working, change: dict[str, object], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal, work(OPERATOR) as unit:
        record_past_project(unit, past=replace(past(make.council()), **change))  # type: ignore[arg-type]
    assert code in {problem.code for problem in refusal.value.problems}


def test_the_lead_is_on_the_register(make: Factory, work: Working) -> None:
    with pytest.raises(NotFound), work(OPERATOR) as unit:
        record_past_project(unit, past=replace(past(make.council()), lead_id=new_id()))


def test_only_the_operator_records(make: Factory, work: Working) -> None:
    council = make.council()
    officer = make.officer(council, Role.COORDINATOR)
    for actor in (ANONYMOUS, make.actor(officer, council, Role.COORDINATOR, Role.PLATFORM_ADMIN)):
        with pytest.raises(NotAllowed), work(actor) as unit:
            record_past_project(unit, past=past(council))
