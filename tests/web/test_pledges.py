"""The pages of pledges: offering with answers to check, the acts, who sees what, your work."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer, SecurityEvent
from pipeline.councils.models import Council
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Need, Project
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said
from tests.support.statements import counted

pytestmark = pytest.mark.database


@dataclass
class Place:
    """A project of Lead with a capped need of ten days, and people of Giver."""

    make: Factory
    client: CheckedClient
    lead_council: Council
    giver: Council
    lead: Officer
    officer: Officer
    authoriser: Officer
    project: Project
    need: Need

    def as_(self, officer: Officer | None) -> CheckedClient:
        self.client.delete_cookie("session")
        if officer is not None:
            self.make.signed_in(self.client, officer)
        return self.client

    def pledge(self, status: str = "offered", **values: Any) -> Pledge:
        pledge = self.make.pledge(self.need, self.giver, self.officer, status=status, **values)
        counted = {"offered": {"held": 4}, "authorised": {"held": 4, "pledged": 4}}.get(
            status, {"held": 4, "pledged": 4, "agreed": 4}
        )
        if status in ("offered", "authorised", "accepted"):
            with self.make.session() as session:
                need, project = session.get_one(Need, self.need.id), session.get_one(Project, self.project.id)
                for name, amount in counted.items():
                    setattr(need, name, getattr(need, name) + amount)
                    setattr(project, f"{name}_half_days", getattr(project, f"{name}_half_days") + amount)
                project.councils = 0 if status == "offered" else 1
                if status == "accepted":
                    session.get_one(Council, self.giver.id).projects_joined = 1
        if status in ("authorised", "accepted"):
            self.make.authorisation(pledge, self.authoriser)
        return pledge

    def row(self, pledge: Pledge) -> Pledge:
        with self.make.session() as session:
            return session.get_one(Pledge, pledge.id)


@pytest.fixture
def place(make: Factory, client: CheckedClient) -> Place:
    lead_council, giver = make.council("Leadham"), make.council("Givering")
    lead = make.officer(lead_council)
    project = make.project(lead_council, lead, title="Shared repairs form")
    need = make.need(project, target=20, is_capped=True, title="User research")
    return Place(
        make, client, lead_council, giver, lead, make.officer(giver, name="Olive Offerer"),
        make.officer(giver, Role.AUTHORISER, name="Ada Authoriser"), project, need,
    )  # fmt: skip


def answers(**values: Any) -> dict[str, Any]:
    day, later = clock.today(), clock.today() + timedelta(days=40)
    defaults = {
        "amount": "2.5", "from_on": [str(day.day), str(day.month), str(day.year)],
        "to_on": [str(later.day), str(later.month), str(later.year)], "message": "Happy to help <b>you</b>",
    }  # fmt: skip
    return defaults | values


def test_an_offer_is_checked_and_then_made_once(place: Place) -> None:
    client, path = place.as_(place.officer), f"/needs/{place.need.id}/pledges/new"
    page = client.page(path)
    assert "Ada Authoriser" in page.text
    assert "10 days" in page.text
    assert "stays employed by your council" in page.text
    checked = client.send(path, button=("step", "check"), **answers())
    assert checked.status_code == 200
    assert "2.5 days" in said(checked)
    assert "Happy to help <b>you</b>" in said(checked)
    form = parsed(checked).find("form", id="form")
    first = client.send_form(form, path, ("step", "offer"))
    assert first.status_code == 303
    second = client.send_form(form, path, ("step", "offer"))
    assert second.location == first.location
    with place.make.session() as session:
        pledge = session.scalars(select(Pledge)).one()
    assert (pledge.amount, pledge.status, pledge.message) == (5, "offered", "Happy to help <b>you</b>")
    shown = client.page(first.location)
    assert "an authoriser of Givering decides" in shown.text
    assert "Your council’s offer is made" in shown.text
    assert "Givering offered 2.5 days towards User research" in shown.text


def test_making_the_offer_asks_little_of_the_database(place: Place) -> None:
    """Ten statements in the work; the two that go straight to the driver (session, standing) are not seen here."""
    client, path = place.as_(place.officer), f"/needs/{place.need.id}/pledges/new"
    form = parsed(client.send(path, button=("step", "check"), **answers())).find("form", id="form")
    with counted(client.application) as statements:
        assert client.send_form(form, path, ("step", "offer")).status_code == 303
    asked = [one for one in statements if not one.startswith(("BEGIN", "SET LOCAL"))]
    assert len(asked) <= 10, "\n".join(asked)


def test_going_back_to_change_an_answer_loses_none(place: Place) -> None:
    client, path = place.as_(place.officer), f"/needs/{place.need.id}/pledges/new"
    checked = client.send(path, button=("step", "check"), **answers())
    again = client.send_form(parsed(checked).find("form", id="form"), path, ("step", "change"))
    page = parsed(again)
    assert again.status_code == 200
    assert page.find(id="amount")["value"] == "2.5"
    assert "Happy to help" in page.find(id="message").text
    assert page.find(id="from_on-day")["value"] == str(clock.today().day)


def test_the_same_button_with_other_details_is_refused(place: Place) -> None:
    client, path = place.as_(place.officer), f"/needs/{place.need.id}/pledges/new"
    form = parsed(client.send(path, button=("step", "check"), **answers())).find("form", id="form")
    assert client.send_form(form, path, ("step", "offer")).status_code == 303
    assert client.send_form(form, path, ("step", "offer"), amount="1").status_code == 422


@pytest.mark.parametrize(
    "given, words",
    [
        ({"amount": ""}, "Say how many days your council offers"),
        ({"amount": "2.3"}, "Give whole or half days"),
        ({"amount": "0"}, "Say how many days your council offers"),
        ({"from_on": ["31", "2", "2027"]}, "Give a real date"),
        ({"to_on": ["1", "1", "2020"]}, "The last day must be the same as or after the first"),
        ({"sign_off_by": ["1", "1", "2020"]}, "must be from today to"),
        ({"message": "x" * 2001}, "Use 1 character fewer"),
    ],
)
def test_answers_that_are_wrong_are_shown_again_with_what_to_do(
    place: Place, given: dict[str, Any], words: str
) -> None:
    path = f"/needs/{place.need.id}/pledges/new"
    response = place.as_(place.officer).send(path, button=("step", "check"), **answers(**given))
    assert response.status_code == 422
    assert words in said(response)


@pytest.mark.parametrize("step", ["check", "offer"])
def test_an_offer_larger_than_the_room_is_told_what_is_left_in_days(place: Place, step: str) -> None:
    client, path = place.as_(place.officer), f"/needs/{place.need.id}/pledges/new"
    place.pledge("authorised")
    if step == "check":
        response = client.send(path, button=("step", "check"), **answers(amount="8.5"))
    else:
        form = parsed(client.send(path, button=("step", "check"), **answers(amount="8"))).find("form", id="form")
        response = client.send_form(form, path, ("step", "offer"), amount="8.5")
    assert response.status_code == 409
    assert "Only 8 days are left" in said(response)
    assert parsed(response).find(id="amount")["value"] == "8.5"


def test_a_council_without_an_authoriser_is_told_what_to_do(place: Place) -> None:
    alone = place.make.council("Alone")
    page = place.as_(place.make.officer(alone)).page(f"/needs/{place.need.id}/pledges/new")
    assert "Nobody in your council can authorise it yet" in page.text
    assert "make somebody an authoriser before you offer" in page.text


@pytest.mark.parametrize(
    "kind, given, amount",
    [
        ("funding", {"amount": "1,500.50", "spending": "capital"}, 150_050),
        ("in_kind", {"amount": "2", "worth_pence": "300"}, 2),
    ],
)
def test_money_and_things_are_offered_with_their_own_questions(
    place: Place, kind: str, given: dict[str, Any], amount: int
) -> None:
    need = place.make.need(place.project, kind, target=1_000_000)
    client, path = place.as_(place.officer), f"/needs/{need.id}/pledges/new"
    if kind == "funding":
        year = clock.today().year if (clock.today().month, clock.today().day) >= (4, 1) else clock.today().year - 1
        given = {**given, "first_financial_year": str(year)}
    wrong = client.send(path, button=("step", "check"), amount="5")
    assert wrong.status_code == 422
    form = parsed(client.send(path, button=("step", "check"), **given)).find("form", id="form")
    made = client.send_form(form, path, ("step", "offer"))
    assert made.status_code == 303
    client.page(made.location)
    with place.make.session() as session:
        assert session.scalars(select(Pledge)).one().amount == amount


def test_a_need_that_takes_no_pledges_says_so(place: Place) -> None:
    need = place.make.need(place.project, status="closed")
    place.as_(place.officer).page(f"/needs/{need.id}/pledges/new", 409)


def test_whoever_is_not_signed_in_is_asked_to(place: Place) -> None:
    for path in (f"/needs/{place.need.id}/pledges/new", f"/pledges/{place.pledge().id}/authorise", "/your-work"):
        response = place.as_(None).get(path)
        assert response.status_code == 303
        assert "/sign-in" in response.location


def test_the_whole_path_by_pages(place: Place) -> None:
    client = place.as_(place.officer)
    path = f"/needs/{place.need.id}/pledges/new"
    form = parsed(client.send(path, button=("step", "check"), **answers())).find("form", id="form")
    address = client.send_form(form, path, ("step", "offer")).location
    place.as_(None).page(address, 404)

    client = place.as_(place.authoriser)
    work = client.page("/your-work")
    assert "Authorise or refuse: " in work.text
    assert client.send(f"{address}/authorise").status_code == 422
    assert client.send(f"{address}/authorise", capacity="budget-holder").status_code == 303
    assert "You authorised the pledge" in client.page(address).text

    public = place.as_(None).page(address)
    assert "Budget holder, Givering" in public.text
    for secret in ("Happy to help", "Ada Authoriser", "Olive Offerer", "Accept", "Withdraw"):
        assert secret not in public.text

    client = place.as_(place.lead)
    assert "Accept or decline: " in client.page("/your-work").text
    assert "Happy to help" in client.page(address).text
    assert client.send(f"{address}/accept").status_code == 303
    public = place.as_(None).page(address)
    assert "The leads accepted 2.5 days from Givering towards User research" in public.text

    client = place.as_(place.officer)
    assert client.send(f"{address}/withdraw").status_code == 422
    assert client.send(f"{address}/withdraw", reason="Our officer has left").status_code == 303
    public = place.as_(None).page(address)
    assert "Givering withdrew its 2.5 days" in public.text
    assert "Our officer has left" not in public.text
    assert "Our officer has left" in place.as_(place.lead).page(address).text


ACTS = ("change", "authorise", "refuse", "accept", "decline", "withdraw", "replace")
OPEN = {
    "offered": {
        "officer": {"change", "withdraw"}, "authoriser": {"authorise", "refuse", "withdraw"}, "admin": {"withdraw"},
        "lead": {"decline"},
    },
    "authorised": {
        "officer": {"withdraw", "replace"}, "authoriser": {"withdraw", "replace"}, "admin": {"withdraw", "replace"},
        "colleague": {"replace"}, "lead": {"accept", "decline"},
    },
    "accepted": {
        "officer": {"withdraw", "replace"}, "authoriser": {"withdraw", "replace"}, "admin": {"withdraw", "replace"},
        "colleague": {"replace"}, "lead": {"decline"},
    },
    "withdrawn": {},
}  # fmt: skip
"""Which acts are open to whom, in each state. Nobody else has any."""


PEOPLE = ("officer", "authoriser", "admin", "colleague", "lead", "team", "stranger", "coordinator")


@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize(
    "who", ["officer", "authoriser", "admin", "colleague", "lead", "team", "stranger", "coordinator"]
)
def test_buttons_and_pages_are_there_for_exactly_those_who_may(place: Place, who: str, status: str) -> None:
    pledge = place.pledge(
        status, **({"authorised_at": clock.now(), "ended_at": clock.now()} if status == "withdrawn" else {})
    )
    client = place.as_(_person(place, who))
    address = f"/pledges/{pledge.id}"
    may_know = status != "offered" or who in ("officer", "authoriser", "admin", "colleague", "lead", "coordinator")
    page = client.page(address, 200 if may_know else 404)
    allowed = OPEN[status].get(who, set())
    links = {link["href"].rsplit("/", 1)[1] for link in page.select("a.govuk-button")} if may_know else set()
    assert links == allowed
    for act in ACTS:
        response = client.get(f"{address}/{act}")
        leads_on = (303,) if act == "replace" else (200,)
        assert response.status_code in (leads_on if act in allowed else (403, 404, 409)), act


def _person(place: Place, who: str) -> Officer:
    make = place.make
    if who == "team":
        officer = make.officer(place.lead_council)
        make.person(place.project, officer, place.lead_council)
        return officer
    return {
        "officer": lambda: place.officer,
        "authoriser": lambda: place.authoriser,
        "lead": lambda: place.lead,
        "admin": lambda: make.officer(place.giver, Role.COUNCIL_ADMIN),
        "colleague": lambda: make.officer(place.giver),
        "stranger": lambda: make.officer(make.council(), Role.AUTHORISER),
        "coordinator": lambda: make.officer(make.council(), Role.COORDINATOR),
    }[who]()


def test_a_post_without_the_right_is_refused_and_remembered(place: Place) -> None:
    pledge = place.pledge()
    form = parsed(place.as_(place.authoriser).get(f"/pledges/{pledge.id}/authorise")).find("form", id="form")
    colleague = place.as_(place.make.officer(place.giver))
    token = parsed(colleague.get("/your-work")).find("input", attrs={"name": "csrf_token"})["value"]
    response = colleague.send_form(form, f"/pledges/{pledge.id}/authorise", capacity="committee", csrf_token=token)
    assert response.status_code == 403
    assert place.row(pledge).status == "offered"
    with place.make.session() as session:
        assert session.scalars(select(SecurityEvent.name)).all() == ["pledge.act_refused"]


@pytest.mark.parametrize("act", ["authorise", "refuse", "decline"])
def test_an_unanswered_form_of_somebody_without_the_right_is_refused_as_well(place: Place, act: str) -> None:
    pledge = place.pledge()
    client = place.as_(place.make.officer(place.giver))
    token = parsed(client.get("/your-work")).find("input", attrs={"name": "csrf_token"})["value"]
    assert client.post(f"/pledges/{pledge.id}/{act}", data={"csrf_token": token}).status_code == 403


def test_a_stale_page_is_told_where_the_pledge_stands(place: Place) -> None:
    pledge = place.pledge("authorised")
    client = place.as_(place.lead)
    form = parsed(client.get(f"/pledges/{pledge.id}/accept")).find("form", id="form")
    assert client.send(f"/pledges/{pledge.id}/decline", reason="No").status_code == 303
    response = client.send_form(form, f"/pledges/{pledge.id}/accept")
    assert response.status_code == 409
    assert "declined by the project" in said(response)


def test_an_offer_can_be_changed_until_it_is_authorised(place: Place) -> None:
    pledge = place.pledge()
    client = place.as_(place.officer)
    response = client.send(f"/pledges/{pledge.id}/change", amount="20")
    assert response.status_code == 409
    assert "Only 10 days are left" in said(response)
    assert client.send(f"/pledges/{pledge.id}/change", amount="3").status_code == 303
    assert place.row(pledge).amount == 6
    assert "It now offers 3 days" in client.page(f"/pledges/{pledge.id}").text


def test_an_offer_saved_as_it_stands_stays_as_it_is(place: Place) -> None:
    pledge = place.pledge()
    client = place.as_(place.officer)
    for _each in range(2):
        assert client.send(f"/pledges/{pledge.id}/change", idempotency_key="the same").status_code == 303
    assert place.row(pledge).version == pledge.version
    assert "It now offers" not in client.page(f"/pledges/{pledge.id}").text


def test_only_a_councils_own_members_read_its_list_of_pledges(place: Place) -> None:
    place.pledge()
    address = f"/councils/{place.giver.slug}/pledges"
    assert "2 days, User research" in place.as_(place.officer).page(address).text
    place.as_(place.lead).page(address, 404)


def test_the_list_of_a_councils_pledges_is_paged(place: Place) -> None:
    need = place.make.need(place.project)
    for _number in range(52):
        place.make.pledge(need, place.giver, place.officer)
    client, address = place.as_(place.officer), f"/councils/{place.giver.slug}/pledges"
    first = client.page(address)
    following = first.select_one("a[rel=next]")["href"]
    assert len(client.page(following).select(".rows > li")) == 2
    assert len(first.select(".rows > li")) == 50


def test_your_work_is_quiet_where_nothing_waits(place: Place) -> None:
    assert "Nothing waits for you" in place.as_(place.officer).page("/your-work").text
    nobody = place.make.officer()
    assert "not confirmed yet" in place.as_(nobody).page("/your-work").text


def test_a_need_without_room_says_so_instead_of_asking(client, make) -> None:
    council, other = make.council(), make.council()
    project = make.project(council, make.officer(council))
    need = make.need(project, is_capped=True, target=4, held=4)
    make.signed_in(client, make.officer(other), other)
    page = client.page(f"/needs/{need.id}/pledges/new")
    assert "No room is left" in page.text
    assert page.find("button", attrs={"name": "step"}) is None
