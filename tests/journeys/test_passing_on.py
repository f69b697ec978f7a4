"""A lead is nudged by e-mail and answers on the page; then hands the project over, and the other council agrees.

Every page on the way is looked at: axe, no sideways scrolling at 320 px, a clean console. With scripts and without.
"""

from datetime import timedelta
from typing import Any

import pytest

from pipeline.councils.models import Council
from pipeline.db.outbox import OutboxMessage
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.pledges.silence import age_projects
from pipeline.projects.models import Project
from pipeline.successions.duties import carry_on
from tests.journeys.conftest import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def project(site: Site) -> Project:
    """Northborough's project, of which nothing was heard for 60 days; Eastmere has somebody with authority."""
    make, password = site.make, {"password_hash": site.password_hash}
    council = make.council("Northborough", domains=("northborough.example",))
    lead = make.officer(council, address="lead@northborough.example", **password)
    then = clock.now() - timedelta(days=60)
    project = make.project(council, lead, slug="repairs", title="One form for repairs", last_sign_of_life_at=then)
    make.need(project, title="User research", target=20, is_essential=True)
    eastmere = make.council("Eastmere", domains=("eastmere.example",))
    make.officer(eastmere, Role.AUTHORISER, address="head@eastmere.example", **password)
    with make.session() as session:
        session.get_one(Council, council.id).projects_led = 1
    return project


def test_a_lead_answers_a_nudge_and_later_hands_the_project_over(walkers: Any, site: Site, project: Project) -> None:
    lead, head, anybody = walkers(), walkers(), walkers()
    with site.app.app_context():
        age_projects()
    site.do_waiting_work()
    with site.make.session() as session:
        assert session.query(OutboxMessage).filter_by(kind="project.quiet").count() == 1
    anybody.go(f"/projects/{project.slug}")
    assert anybody.sees("This project is quiet")
    anybody.go("/projects?freshness=quiet")
    assert anybody.sees("One form for repairs")

    lead.sign_in("lead@northborough.example")
    lead.go(f"/projects/{project.slug}")
    lead.follow("Say that it is still true")
    assert lead.sees("Something has changed: edit the page")
    lead.press("Yes, it is still true")
    assert lead.sees("Everybody can see that the page is still true.")
    assert not lead.sees("This project is quiet")

    lead.follow("Hand it over")
    lead.fill("Why?", "It works here, and we have nobody left for it.")
    lead.press("Offer it to them")
    assert lead.sees("Choose the council that is to lead it")
    lead.page.locator("select[name='council']").select_option(label="Eastmere Council")
    lead.press("Offer it to them")

    head.sign_in("head@eastmere.example")
    head.go("/your-work")
    assert head.sees("Northborough offers this project to Eastmere")
    head.follow("Northborough offers this project to Eastmere")
    assert head.sees("It works here, and we have nobody left for it.")
    head.page.locator("a[href$='/agree']").first.click()
    head.look()
    head.press("Agree")
    assert head.sees("Eastmere leads the project now.")
    anybody.go(f"/projects/{project.slug}")
    assert anybody.sees("Northborough handed this project over to Eastmere.")


def test_a_coordinator_says_which_council_has_what_one_of_them_had(walkers: Any, site: Site, project: Project) -> None:
    make, coordinator = site.make, walkers()
    make.officer(None, Role.COORDINATOR, address="coordinator@pipeline.example", password_hash=site.password_hash)
    with make.session() as session:
        northborough = session.get_one(Council, project.council_id)
    for name in ("North", "South"):
        make.succession(northborough, make.council(name))
    with site.app.app_context():
        carry_on()
    coordinator.sign_in("coordinator@pipeline.example")
    coordinator.go("/coordination")
    coordinator.follow("Northborough Council")
    coordinator.page.get_by_label("A project: One form for repairs").select_option(label="South")
    coordinator.press("Save what is chosen")
    assert coordinator.sees("What you chose is saved.")
    coordinator.go(f"/projects/{project.slug}")
    assert coordinator.sees("South follows Northborough, and leads this project now.")
