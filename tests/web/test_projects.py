"""The pages of projects: begun, written, checked, published, shown, tended."""

from datetime import date, timedelta
from math import inf
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Membership, Officer
from pipeline.councils.models import Council
from pipeline.db.statements import Statement
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.ids import new_id
from pipeline.projects.models import Need, Project, ProjectSlug
from pipeline.web.similar import MEMORY
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said
from tests.support.queries import counted

pytestmark = pytest.mark.database


def begin(client: CheckedClient, title: str = "One form for repairs", **values: Any) -> str:
    """Begin a project as whoever is signed in; returns its draft's address."""
    answer = client.send("/projects/new", title=title, **values)
    assert answer.status_code == 303, said(answer)
    return str(answer.location).removesuffix("/edit")


def fill(client: CheckedClient, address: str, **values: Any) -> None:
    """Give a draft everything that publishing asks for."""
    about = {"summary": "A form.", "problem": "Tenants **ring**.", "themes": ["housing"], "phase": "alpha"}
    answer = client.send(f"{address}/edit", **about | values)
    assert answer.status_code == 303, said(answer)
    day = clock.today() + timedelta(days=60)
    decision = [str(day.day), str(day.month), str(day.year)]
    answer = client.send(
        f"{address}/edit/terms", stage="to-come", mode="all_or_nothing", decision_on=decision, least_councils="2"
    )
    assert answer.status_code == 303, said(answer)


def add_need(client: CheckedClient, address: str, **values: Any) -> None:
    """Ask for twenty essential days of a researcher."""
    need = {
        "title": "A researcher",
        "profession": "user-researcher",
        "half_days": "20",
        "is_essential": "y",
    }
    answer = client.send(f"{address}/needs/new?kind=time", **need | values)
    assert answer.status_code == 303, said(answer)


@pytest.fixture
def lead(client: CheckedClient, make: Factory) -> Any:
    """An officer of Northborough, signed in."""
    council = make.council("Northborough")
    officer = make.officer(council, name="Ada Lead")
    make.signed_in(client, officer, council)
    officer.council = council
    return officer


def test_a_project_goes_from_a_title_to_a_public_page(client: CheckedClient, lead: Any, make: Factory) -> None:
    address = begin(client)
    draft = client.page(address)
    assert "Before you publish" in draft.text
    early = client.page(f"{address}/publish")
    assert "Describe the problem" in early.text
    fill(client, address)
    add_need(client, address)
    answer = client.send(f"{address}/publish")
    assert answer.status_code == 303, said(answer)
    assert answer.location == "/projects/one-form-for-repairs"
    client.page("/projects/one-form-for-repairs")
    stranger = client.application.test_client()
    page = stranger.page("/projects/one-form-for-repairs")
    assert page.find("strong", string="ring")
    assert "Open for pledges" in page.text
    assert "Nothing pledged yet of 20 days." in page.text
    assert "at least 2 other councils are in" in page.text
    assert "A project lead, Northborough" in page.text
    assert "Ada Lead" not in page.text
    assert stranger.get(address).location == "/projects/one-form-for-repairs"
    with make.session() as session:
        assert session.scalars(select(Council.projects_led).where(Council.id == lead.council.id)).one() == 1


def test_a_draft_is_nobody_elses(client: CheckedClient, lead: Any, make: Factory) -> None:
    address = begin(client)
    other = client.application.test_client()
    make.signed_in(other, make.officer(lead.council), lead.council)
    for path in (
        address,
        f"{address}/edit",
        f"{address}/publish",
        f"{address}/team",
        f"{address}/delete",
        f"{address}/needs/new",
    ):
        assert other.get(path).status_code == 404
        assert other.get(path.replace(address, f"/projects/{new_id()}")).status_code == 404
    stranger = client.application.test_client()
    missing = stranger.get(f"/projects/{new_id()}")
    hidden = stranger.get(address)
    assert (hidden.status_code, missing.status_code) == (404, 404)
    number = r"[0-9a-f-]{36}"
    import re

    assert re.sub(number, "", hidden.text) == re.sub(number, "", missing.text)


def test_a_trial_project_is_seen_by_its_council_alone(client: CheckedClient, lead: Any, make: Factory) -> None:
    address = begin(client, is_trial="y")
    fill(client, address)
    assert client.send(f"{address}/publish").status_code == 303
    assert "Trial project" in client.page(address).text
    colleague = client.application.test_client()
    make.signed_in(colleague, make.officer(lead.council), lead.council)
    assert colleague.get(address).status_code == 200
    elsewhere = make.council()
    other = client.application.test_client()
    make.signed_in(other, make.officer(elsewhere), elsewhere)
    assert other.get(address).status_code == 404
    assert client.application.test_client().get(address).status_code == 404


def test_publishing_says_everything_that_is_missing(client: CheckedClient, lead: Any) -> None:
    address = begin(client)
    page = client.page(f"{address}/publish")
    for words in ("Say in a sentence or two", "Describe the problem", "Choose at least one theme", "Choose the phase"):
        assert words in page.text


def test_past_work_is_published_as_finished(client: CheckedClient, lead: Any) -> None:
    address = begin(client, title="What we did")
    fill(client, address)
    answer = client.send(
        f"{address}/edit/terms", stage="past", year_ended="2024", outcome="It *works*.", decision_on=None
    )
    assert answer.status_code == 303, said(answer)
    answer = client.send(f"{address}/publish")
    page = client.page(str(answer.location))
    assert "Finished" in page.text
    assert "The work ended in 2024." in page.text


def test_a_new_title_gives_a_new_address_and_the_old_one_leads_to_it_for_ever(
    client: CheckedClient, lead: Any, make: Factory
) -> None:
    project = make.project(lead.council, lead, slug="old-title", title="Old title")
    answer = client.send("/projects/old-title/edit", title="New title")
    assert answer.location == "/projects/new-title"
    stranger = client.application.test_client()
    moved = stranger.get("/projects/old-title")
    assert (moved.status_code, moved.location) == (301, "/projects/new-title")
    assert client.send("/projects/new-title/edit", title="Old title").location == "/projects/old-title"
    assert stranger.get("/projects/new-title").location == "/projects/old-title"
    with make.session() as session:
        assert session.scalars(select(ProjectSlug.slug).where(ProjectSlug.project_id == project.id)).all() == [
            "new-title"
        ]


def test_two_projects_of_one_title_have_two_addresses(client: CheckedClient, lead: Any) -> None:
    addresses = []
    for _number in range(2):
        address = begin(client, title="New")
        fill(client, address)
        addresses.append(client.send(f"{address}/publish").location)
    assert addresses == ["/projects/project-new", "/projects/project-new-2"]


def test_somebody_elses_save_in_between_loses_nothing(client: CheckedClient, lead: Any, make: Factory) -> None:
    project = make.project(lead.council, lead, slug="shared", title="Shared")
    opened = parsed(client.get("/projects/shared/edit"))
    form = next(form for form in opened.find_all("form") if form.get("id") == "form")
    client.send("/projects/shared/edit", problem="Theirs")
    answer = client.send_form(form, "/projects/shared/edit", problem="Mine")
    assert answer.status_code == 409
    page = parsed(answer)
    assert page.find("textarea", attrs={"name": "problem"}).text.strip() == "Mine"
    assert "Theirs" in page.text
    again = next(form for form in page.find_all("form") if form.get("id") == "form")
    assert client.send_form(again, "/projects/shared/edit").status_code == 303
    with make.session() as session:
        assert session.get_one(Project, project.id).problem == "Mine"


def test_an_address_of_somebody_is_not_published(client: CheckedClient, lead: Any, make: Factory) -> None:
    known = make.officer(lead.council, address="someone@northborough.example")
    address = begin(client)
    fill(client, address, problem=f"Ask {known.address.upper()} or nobody@example.org")
    answer = client.send(f"{address}/publish")
    assert answer.status_code == 422
    assert "Take out the e-mail address" in said(answer) or "e-mail address" in parsed(answer).text


def test_only_leads_tend_a_published_project(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    project = make.project(council, make.officer(council))
    need = make.need(project)
    member = make.officer(council)
    make.person(project, member, council)
    make.signed_in(client, member, council)
    paths = [f"/projects/{project.slug}/{verb}" for verb in ("edit", "phase", "publish", "needs/new")]
    for path in [*paths, f"/needs/{need.id}/edit", f"/needs/{need.id}/close"]:
        assert client.get(path).status_code == 403, path
    assert client.get(f"/projects/{project.slug}/team").status_code == 200
    page = client.page(f"/projects/{project.slug}")
    assert "Edit what the page says" not in page.text
    assert "Write an update" in page.text


def test_the_phase_moves_and_says_so(client: CheckedClient, lead: Any, make: Factory) -> None:
    project = make.project(lead.council, lead, phase="beta")
    assert client.send(f"/projects/{project.slug}/phase", phase="discovery").status_code == 303
    assert "Discovery" in client.page(f"/projects/{project.slug}").text
    assert client.send(f"/projects/{project.slug}/phase", phase="discovery").status_code == 409


def test_needs_are_changed_closed_and_dropped(client: CheckedClient, lead: Any, make: Factory) -> None:
    project = make.project(lead.council, lead)
    funding = make.need(project, "funding", target=100_000)
    thing = make.need(project, "in_kind", target=2)
    assert client.send(f"/needs/{funding.id}/edit", pence="2,500.50").status_code == 303
    assert client.send(f"/needs/{thing.id}/edit", thing="meeting room", quantity="3").status_code == 303
    page = client.page(f"/projects/{project.slug}")
    assert "£2,500.50" in page.text
    assert "3 × meeting room" in page.text
    assert client.send(f"/needs/{funding.id}/close").status_code == 303
    assert "It takes no more pledges." in client.page(f"/projects/{project.slug}").text
    assert client.send(f"/needs/{thing.id}/drop").status_code == 303
    assert (
        "meeting room" not in client.page(f"/projects/{project.slug}").find("main").find(class_="section").parent.text
    )


def test_a_need_that_lacks_its_amount_is_asked_again(client: CheckedClient, lead: Any, make: Factory) -> None:
    project = make.project(lead.council, lead)
    path = f"/projects/{project.slug}/needs/new"
    assert client.send(f"{path}?kind=time", title="A need").status_code == 422
    answer = client.send(f"{path}?kind=time", title="A need", profession="developer", half_days="two")
    assert answer.status_code == 422
    assert "Give whole or half days" in parsed(answer).text
    assert client.send(f"{path}?kind=funding", title="A need", pence="0").status_code == 422
    assert client.send(f"{path}?kind=time", title="A need", kind="magic").status_code == 422
    assert "what kind of help?" in client.page(f"{path}?kind=magic").text


def test_a_need_is_added_once_however_often_its_button_is_pressed(
    client: CheckedClient, lead: Any, make: Factory
) -> None:
    project = make.project(lead.council, lead)
    path = f"/projects/{project.slug}/needs/new?kind=time"
    form = parsed(client.get(path)).find("form", id="form")
    for _time in range(2):
        answer = client.send_form(form, path, title="A need", profession="developer", half_days="2")
        assert answer.status_code == 303
    with make.session() as session:
        assert len(session.scalars(select(Need.id).where(Need.project_id == project.id)).all()) == 1


def say_yes(client: CheckedClient, officer: Officer, council: Council, make: Factory) -> None:
    """Somebody who was asked into a team joins it."""
    own = client.application.test_client()
    assert isinstance(own, CheckedClient)
    make.signed_in(own, officer, council)
    links = [str(link["href"]) for link in own.page("/your-work").find_all("a")]
    invitation = next(link for link in links if "/join-requests/" in link)
    assert own.send(f"{invitation}/join").status_code == 303


def test_an_admin_names_a_lead_where_the_last_of_their_council_has_left(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    lead = make.officer(council)
    project = make.project(council, lead)
    admin, colleague = make.officer(council, Role.COUNCIL_ADMIN), make.officer(council)
    make.signed_in(client, admin, council)
    path = f"/projects/{project.slug}/team"
    assert client.get(path).status_code == 403
    with make.session() as session:
        place = session.scalars(select(Membership).where(Membership.officer_id == lead.id)).one()
        place.ended_at, place.ended_because = clock.now(), "left"
    assert any(link["href"].endswith(path) for link in client.page(f"/projects/{project.slug}").find_all("a"))
    client.page(path)
    sent = client.send(path, officer_id=str(colleague.id), role="lead")
    assert (sent.status_code, sent.location) == (303, f"/projects/{project.slug}")
    assert client.get(path).status_code == 403


def test_the_team_grows_changes_and_shrinks(client: CheckedClient, lead: Any, make: Factory) -> None:
    project = make.project(lead.council, lead)
    colleague = make.officer(lead.council, name="Grace Colleague")
    elsewhere = make.council("Eastmere")
    other = make.officer(elsewhere, address="other@eastmere.example", name="Never Named")
    path = f"/projects/{project.slug}/team"
    assert client.send(path, -1, officer_id=str(colleague.id)).status_code == 303
    assert client.send(path, -1, address="Other@eastmere.example").status_code == 303
    assert client.send(path, -1, address="nobody@eastmere.example").status_code == 303
    assert client.send(path, -1).status_code == 422
    say_yes(client, other, elsewhere, make)
    page = client.page(path)
    assert "Grace Colleague" in page.text
    assert "Never Named" not in page.text
    assert "other@eastmere" not in page.text
    with make.session() as session:
        assert session.get_one(Council, elsewhere.id).projects_joined == 1
    leave = next(form for form in page.find_all("form") if "Leave the team" in form.text)
    assert client.send_form(leave, path).status_code == 409
    promote = next(form for form in page.find_all("form") if "Make a lead" in form.text and "Grace" in form.text)
    assert client.send_form(promote, path).status_code == 303
    page = client.page(path)
    remove = next(form for form in page.find_all("form") if "Take out" in form.text and "Eastmere" in form.text)
    assert client.send_form(remove, path).status_code == 303
    with make.session() as session:
        assert session.get_one(Council, elsewhere.id).projects_joined == 0
    assert client.send_form(leave, path).status_code == 303
    assert client.get(path).status_code == 403


def test_a_draft_can_be_deleted_and_a_published_project_while_nobody_else_is_in(
    client: CheckedClient, lead: Any, make: Factory
) -> None:
    address = begin(client)
    fill(client, address)
    add_need(client, address)
    make.person(make.project(lead.council), lead, lead.council)
    assert client.send(f"{address}/delete").status_code == 303
    assert client.get(address).status_code == 404
    address = begin(client)
    fill(client, address)
    published = str(client.send(f"{address}/publish").location)
    assert "Delete this project" in client.page(published).text
    assert client.send(f"{published}/delete").status_code == 303
    assert client.get(published).status_code == 404
    with make.session() as session:
        assert session.get_one(Council, lead.council.id).projects_led == 0


def test_a_project_others_have_joined_is_not_deleted(client: CheckedClient, lead: Any, make: Factory) -> None:
    project = make.project(lead.council, lead)
    other = make.council()
    make.pledge(make.need(project), other, make.officer(other), status="authorised")
    assert "Delete this project" not in client.page(f"/projects/{project.slug}").text
    assert client.send(f"/projects/{project.slug}/delete").status_code == 409


def test_recorded_and_made_up_projects_say_so(client: CheckedClient, make: Factory) -> None:
    council, partner = make.council("Barnsley"), make.council("Christchurch")
    project = make.project(
        council, status="finished", is_recorded=True, is_made_up=True, phase=None, sources=["https://example.org/a"]
    )
    from pipeline.projects.models import ProjectPartner

    make.keep(ProjectPartner(project_id=project.id, council_id=partner.id))
    page = client.page(f"/projects/{project.slug}")
    assert "a record of past work" in page.text
    assert "made up" in page.text
    assert "Christchurch" in page.text
    assert page.find("a", href="https://example.org/a")


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_the_page_takes_the_same_queries_whatever_it_shows(
    client: CheckedClient, make: Factory, monkeypatch: pytest.MonkeyPatch, is_signed_in: bool
) -> None:
    """Five, one each for lessons, documents, measures and work like it, and one for the mark of the page an anonymous
    reader's browser keeps, or for the session of an officer, what they have not read and what they may do."""
    constant = []
    monkeypatch.setitem(client.application.extensions, MEMORY, (inf, ""))
    rows = Statement.rows
    monkeypatch.setattr(Statement, "rows", lambda *args, **kwargs: constant.append(1) or rows(*args, **kwargs))
    council = make.council()
    lead = make.officer(council)
    small, large = make.project(council, lead), make.project(council, lead)
    for _number in range(5):
        other = make.council()
        make.need(large)
        make.update(large, lead, council)
        make.pledge(make.need(large), other, make.officer(other), status="authorised")
    make.update(small, lead, council)
    if is_signed_in:
        make.signed_in(client, lead, council)
    numbers = []
    for project in (small, large):
        constant.clear()
        with counted(client.application) as queries:
            client.page(f"/projects/{project.slug}")
        numbers.append(len(queries) + len(constant))
    assert numbers[0] == numbers[1] <= 9 + 2 * is_signed_in, queries


def test_a_welsh_page_marks_english_text(client: CheckedClient, make: Factory) -> None:
    project = make.project(make.council(), title="Only English", language="cy")
    page = client.page(f"/projects/{project.slug}")
    assert page.h1["lang"] == "cy"


def test_what_was_typed_is_safe_to_show(client: CheckedClient, lead: Any) -> None:
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    address = begin(client, title=nasty)
    fill(client, address, summary=nasty, problem=nasty)
    add_need(client, address, title=nasty, description=nasty)
    answer = client.send(f"{address}/publish")
    text = client.get(str(answer.location)).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_a_decision_date_far_away_is_refused(client: CheckedClient, lead: Any) -> None:
    address = begin(client)
    fill(client, address)
    add_need(client, address)
    day = date(clock.today().year + 3, 1, 1)
    client.send(f"{address}/edit/terms", stage="to-come", mode="all_or_nothing", decision_on=["1", "1", str(day.year)])
    answer = client.send(f"{address}/publish", button=("x", "y"))
    assert answer.status_code == 422
    assert "10 working days to 12 months" in parsed(answer).text
