"""Following, interest, joining and asking back, from the pages alone; who sees what of it, and what is on the desk."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.pledges.models import Pledge
from pipeline.projects.models import AnswerClock, Interest, JoinRequest, Need, Project, Question
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database
SECRET = "Between us and the leads"


@dataclass
class Place:
    """Eastmere leads a project; Northborough's officer takes part."""

    app: Flask
    make: Factory
    eastmere: Council
    northborough: Council
    lead: Officer
    officer: Officer
    project: Project
    need: Need

    @property
    def path(self) -> str:
        return f"/projects/{self.project.slug}"

    def client(self, officer: Officer | None = None, council: Council | None = None) -> CheckedClient:
        made = self.app.test_client()
        assert isinstance(made, CheckedClient)
        if officer is not None:
            self.make.signed_in(made, officer, council)
        return made

    @property
    def as_lead(self) -> CheckedClient:
        return self.client(self.lead, self.eastmere)

    @property
    def as_officer(self) -> CheckedClient:
        return self.client(self.officer, self.northborough)

    def one(self, table: Any) -> Any:
        with self.make.session() as session:
            return session.scalars(select(table)).one()


@pytest.fixture
def place(app: Flask, make: Factory) -> Place:
    eastmere, northborough = make.council("Eastmere"), make.council("Northborough")
    lead = make.officer(eastmere)
    project = make.project(eastmere, lead, title="One form for repairs")
    return Place(
        app, make, eastmere, northborough, lead, make.officer(northborough, address="ada@northborough.example"),
        project, make.need(project, title="A developer"),
    )  # fmt: skip


def test_an_officer_shows_interest_and_reads_the_leads_answer(place: Place) -> None:
    officer, lead = place.as_officer, place.as_lead
    links = {link.text: link["href"] for link in officer.page(place.path).select("#main-content a, a")}
    path = links["Open to a conversation"]
    sent = officer.send(path, message=SECRET, is_named="y")
    assert sent.status_code == 303
    assert "Northborough" in place.client().page(place.path).find(attrs={"aria-labelledby": "interest"}).text
    interest = f"/interests/{place.one(Interest).id}"
    assert interest in {link["href"] for link in lead.page("/your-work").find_all("a")}
    assert interest in {link["href"] for link in lead.page(f"{place.path}/interests").find_all("a")}
    assert SECRET in lead.page(interest).text
    assert lead.send(f"{interest}/ask-back", text="Since when?").status_code == 303
    page = officer.page(interest)
    reply = next(link["href"] for link in page.find_all("a") if link["href"].endswith("/reply"))
    assert officer.send(reply, reply="Since May").status_code == 303
    assert "Since May" in lead.page(interest).text
    assert lead.send(f"{interest}/answer", answer="Ring us").status_code == 303
    assert "Ring us" in officer.page(interest).text
    assert interest in {link["href"] for link in officer.page("/your-work").find_all("a")}
    assert officer.send(f"{interest}/withdraw").status_code == 303
    assert (
        "Northborough" not in (place.client().page(place.path).find(attrs={"aria-labelledby": "interest"}) or "").text
    )


def test_what_is_wrong_with_a_form_stands_on_it(place: Place) -> None:
    officer = place.as_officer
    answer = officer.send(f"{place.path}/interest", kind="conversation", message="")
    assert answer.status_code == 422
    assert "Say what you would like to talk about" in answer.get_data(as_text=True)
    assert officer.send(f"{place.path}/interest", kind=None).status_code == 422
    assert officer.send(f"{place.path}/interest", kind="problem_too").status_code == 303
    again = officer.send(f"{place.path}/interest", kind="problem_too")
    assert again.status_code == 409


def test_an_interest_is_nobody_elses_to_read(place: Place) -> None:
    place.as_officer.send(f"{place.path}/interest", kind="problem_too", message=SECRET, is_named="y")
    interest = f"/interests/{place.one(Interest).id}"
    colleague = place.make.officer(place.northborough)
    coordinator = place.make.officer(None, Role.COORDINATOR)
    for client in (place.client(colleague, place.northborough), place.client(coordinator)):
        for path in (interest, f"{place.path}/interests"):
            assert client.get(path).status_code in (403, 404)
        assert SECRET not in client.page(place.path).text
    assert place.client().get(interest).status_code == 303
    assert SECRET not in place.client().page(place.path).text
    assert place.client(colleague, place.northborough).get(f"{interest}/answer").status_code == 404


def test_the_public_is_led_to_sign_in(place: Place) -> None:
    page = place.client().page(place.path)
    links = {link.text: link["href"] for link in page.find_all("a")}
    for words in ("We have this problem too", "Open to a conversation", "Ask to join the team", "Follow this project"):
        answer = place.client().get(links[words])
        assert answer.status_code == 303
        assert "/sign-in" in answer.location
    assert not [form for form in page.find_all("form") if form.get("method", "").lower() == "post"]


def test_a_project_is_followed_and_left_with_a_button(place: Place) -> None:
    officer = place.as_officer
    form = next(form for form in officer.page(place.path).find_all("form") if form["action"].endswith("/follow"))
    assert officer.send_form(form, place.path).status_code == 303
    assert "1 officer follows this project" in place.client().page(place.path).text
    assert "What you follow" in officer.page("/your-work").text
    form = next(form for form in officer.page(place.path).find_all("form") if form["action"].endswith("/unfollow"))
    assert officer.send_form(form, place.path).status_code == 303
    assert "follows this project" not in place.client().page(place.path).text
    assert officer.send(f"{place.path}/follow").status_code == 303


def test_an_officer_asks_to_join_and_is_taken_in(place: Place) -> None:
    officer, lead = place.as_officer, place.as_lead
    assert officer.send(f"{place.path}/join", message=SECRET).status_code == 303
    request = f"/join-requests/{place.one(JoinRequest).id}"
    assert request in {link["href"] for link in lead.page(f"{place.path}/interests").find_all("a")}
    assert SECRET in lead.page(request).text
    assert lead.send(f"{request}/ask-back", text="Which days?").status_code == 303
    assert "Which days?" in officer.page(request).text
    assert lead.send(f"{request}/take-in", answer="Welcome").status_code == 303
    assert "Welcome" in officer.page(request).text
    assert "Northborough" in lead.page(f"{place.path}/team").text
    assert lead.get(f"{request}/decline").status_code == 200
    assert lead.send(f"{request}/decline", answer="No").status_code == 409


def test_a_request_can_be_declined_and_taken_back(place: Place) -> None:
    officer, lead = place.as_officer, place.as_lead
    officer.send(f"{place.path}/join", message=SECRET)
    request = f"/join-requests/{place.one(JoinRequest).id}"
    assert lead.send(f"{request}/decline", answer="").status_code == 422
    assert lead.get(f"{request}/join").status_code == 404
    assert officer.send(f"{request}/withdraw").status_code == 303
    assert "taken back" in officer.page(request).text


def test_asking_an_address_into_the_team_says_the_same_whoever_has_it(place: Place) -> None:
    lead, said = place.as_lead, []
    for address in ("nobody@northborough.example", place.officer.address, place.officer.address, "no address at all"):
        answer = lead.send(f"{place.path}/team", -1, address=address)
        said.append((answer.status_code, answer.location, lead.page(f"{place.path}/team").get_text(" ", strip=True)))
    assert len(set(said)) == 1
    assert said[0][0] == 303
    officer = place.as_officer
    link = next(link["href"] for link in officer.page("/your-work").find_all("a") if "/join-requests/" in link["href"])
    assert "Eastmere asks you to join a team" in officer.page(link).text
    assert lead.get(link).status_code == 404
    assert officer.send(f"{link}/join").status_code == 303
    assert "Northborough" in lead.page(f"{place.path}/team").text


def test_an_invitation_to_a_draft_does_not_tell_its_title(place: Place) -> None:
    draft = place.make.project(place.eastmere, place.lead, status="draft", title="Not for everybody yet")
    place.as_lead.send(f"/projects/{draft.id}/team", -1, address=place.officer.address)
    officer = place.as_officer
    request = f"/join-requests/{place.one(JoinRequest).id}"
    for path in ("/your-work", request, f"{request}/join", f"{request}/turn-down"):
        assert "Not for everybody yet" not in officer.page(path).text
    assert officer.send(f"{request}/turn-down").status_code == 303


def test_a_lead_asks_about_a_pledge_and_its_council_replies(place: Place) -> None:
    pledge = place.make.pledge(place.need, place.northborough, place.officer, status="authorised")
    path, lead, officer = f"/pledges/{pledge.id}", place.as_lead, place.as_officer
    link = next(link["href"] for link in lead.page(path).find_all("a") if link["href"].endswith("/ask-back"))
    assert lead.send(link, text="From when on?").status_code == 303
    assert "From when on?" in officer.page(path).text
    assert "From when on?" not in place.client().page(path).text
    assert officer.send(f"/questions/{place.one(Question).id}/reply", reply="From May").status_code == 303
    assert "From May" in lead.page(path).text
    stranger = place.make.officer(place.make.council("Wexcombe"))
    other = place.client(stranger)
    assert other.get(f"/questions/{place.one(Question).id}/reply").status_code in (403, 404)
    assert "From May" not in other.page(path).text


def test_where_there_is_no_room_one_can_ask_to_be_told(place: Place) -> None:
    need = place.make.need(place.project, title="Testing", is_capped=True, target=4, held=4)
    officer = place.as_officer
    page = officer.page(f"/needs/{need.id}/pledges/new")
    link = next(link["href"] for link in page.find_all("a") if link["href"].endswith("/follow"))
    assert officer.send(link).status_code == 303
    assert place.project.title in officer.page("/your-work").text


def test_long_owed_answers_are_on_the_coordinators_desk_without_what_was_written(place: Place) -> None:
    place.as_officer.send(f"{place.path}/interest", kind="problem_too", message=SECRET)
    with place.make.session() as session:
        owed = session.scalars(select(AnswerClock)).one()
        for name in ("counts_from_on", "due_on", "nudge_on", "desk_on"):
            setattr(owed, name, getattr(owed, name) - timedelta(days=20))
    coordinator = place.client(place.make.officer(None, Role.COORDINATOR))
    page = coordinator.page("/coordination/lists/answers")
    line = next(link for link in page.find_all("a") if link.text == "One form for repairs").find_parent("li").text
    assert "An interest" in line
    assert SECRET not in page.text
    assert "Northborough" not in line


def test_the_page_says_how_soon_the_leads_usually_answer(place: Place) -> None:
    assert "usually answer" not in place.client().page(place.path).text
    for days, words in ((0, "on the same working day"), (1, "in 1 working day."), (4, "in 4 working days.")):
        with place.make.session() as session:
            session.get_one(Project, place.project.id).answers_in_days = days
        assert f"The leads usually answer {words}" in place.client().page(place.path).text.replace("..", ".") + "."


def test_a_pledges_page_says_by_when_its_answer_is_due(place: Place) -> None:
    due = clock.today() + timedelta(days=3)
    pledge = place.make.pledge(place.need, place.northborough, place.officer, status="authorised", answer_due_on=due)
    assert "Their answer is due by the end of" in place.client().page(f"/pledges/{pledge.id}").text
    with place.make.session() as session:
        session.get_one(Pledge, pledge.id).answer_due_on = clock.today() - timedelta(days=1)
    assert "Their answer was due by the end of" in place.client().page(f"/pledges/{pledge.id}").text
