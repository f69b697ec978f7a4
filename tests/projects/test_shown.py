"""A kept answer about a project never outlives the name of a lead or of its council."""

import pytest

from pipeline.accounts.actions import change_details
from pipeline.councils import register
from pipeline.councils.actions import import_councils
from pipeline.kernel.actor import Channel, system

pytestmark = pytest.mark.database


def test_a_lead_who_chooses_to_be_named_changes_the_mark_of_their_projects(client, make, work) -> None:
    council = make.council()
    lead = make.officer(council, name="Ada Nowe")
    project = make.project(council, lead)
    before = client.get(f"/api/v1/projects/{project.slug}")
    with work(make.actor(lead, council)) as unit:
        change_details(unit, name="Ada Nowe", job_title="Officer", is_named=True, language="en", version=lead.version)
    after = client.get(f"/api/v1/projects/{project.slug}", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Ada Nowe" in after.text


def test_a_council_with_a_new_name_changes_the_mark_of_its_projects(client, make, work) -> None:
    facts = next(one for one in register.rows() if one.slug == "hartlepool")
    council = make.council("Hartlepool", slug="hartlepool", authority_code=facts.authority_code, gss_code=None)
    project = make.project(council, make.officer(council))
    before = client.get(f"/api/v1/projects/{project.slug}")
    with work(system("tests", Channel.COMMAND)) as unit:
        import_councils(unit, facts=[facts])
    after = client.get(f"/api/v1/projects/{project.slug}", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.get_json()["data"]["council"]["name"] == facts.name
