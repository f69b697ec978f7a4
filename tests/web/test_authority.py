"""The pages of authority: settings of a council, naming somebody by e-mail, deciding by a code, the decision record."""

import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from pipeline.accounts.models import CouncilAuthoritySetting, Membership, Officer, SecurityEvent
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.listeners import hear
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.notifications.envelope import Office
from pipeline.notifications.listener import LISTENER
from pipeline.notifications.sender import Sender
from pipeline.notifications.transport import MemoryMailer
from pipeline.pledges.models import Authorisation, AuthorisationRequest, Pledge
from pipeline.projects.models import Need, Project
from tests.factories import Factory, key_of
from tests.support.client import CheckedClient, parsed, said

pytestmark = pytest.mark.database


@dataclass
class Place:
    """Leadham leads a project; Givering has an officer, an authoriser and an admin, at givering.example."""

    app: Flask
    make: Factory
    client: CheckedClient
    lead: Officer
    giver: Council
    officer: Officer
    authoriser: Officer
    admin: Officer
    need: Need

    def as_(self, officer: Officer | None) -> CheckedClient:
        self.client.delete_cookie("session")
        if officer is not None:
            self.make.signed_in(self.client, officer)
        return self.client

    def pledge(self, **values: Any) -> Pledge:
        pledge = self.make.pledge(
            self.need, self.giver, self.officer, person_key=key_of("joe@givering.example"), **values
        )
        with self.make.session() as session:
            session.get_one(Need, self.need.id).held += 4
            session.get_one(Project, self.need.project_id).held_half_days += 4
        return pledge

    def row(self, pledge: Pledge) -> Pledge:
        with self.make.session() as session:
            return session.get_one(Pledge, pledge.id)

    def mail(self) -> list[tuple[str, EmailMessage]]:
        """Let the listener hear, and send all that is due."""
        office = Office("http://localhost", "Pipeline <noreply@pipeline.example>", str(self.app.secret_key))
        mailer = MemoryMailer()
        with self.app.app_context():
            while hear(LISTENER):
                pass
            sender = Sender(mailer, office)
            while sender.send_due():
                pass
            database.session.remove()
        return mailer.sent

    def dangers(self) -> list[str]:
        with self.make.session() as session:
            return [
                event.details["code"] for event in session.scalars(select(SecurityEvent)) if "code" in event.details
            ]

    def ask(self, pledge: Pledge, address: str = "boss@givering.example") -> str:
        """Name somebody, and return the path of the link they are sent."""
        answer = self.as_(self.officer).send(f"/pledges/{pledge.id}/ask", address=address)
        assert answer.status_code == 303, said(answer)
        return link_in(dict(self.mail())[address])

    def code(self, link: str) -> str:
        answer = self.as_(None).send(link)
        assert answer.status_code == 303, said(answer)
        assert answer.location == f"{link}/decide"
        ((to, email),) = self.mail()
        assert to == "boss@givering.example"
        return str(email["Subject"]).removeprefix("Your code: ")


def text_of(email: EmailMessage) -> str:
    part = email.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(email: EmailMessage) -> str:
    """The path of the only link in a mail."""
    (link,) = [word for word in text_of(email).split() if word.startswith("http://localhost/")]
    return link.removeprefix("http://localhost")


DECISION = {
    "name": "Bea Boss", "job_title": "Head of service", "decision": "authorise", "capacity": "head-of-service",
    "has_authority": "y", "reasons": "Everybody’s repairs <b>wait</b>", "alternatives": "Doing nothing",
}  # fmt: skip


@pytest.fixture
def place(app: Flask, make: Factory, client: CheckedClient) -> Place:
    lead_council, giver = make.council("Leadham"), make.council("Givering", domains=("givering.example",))
    lead = make.officer(lead_council, address="lead@leadham.example")
    project = make.project(lead_council, lead, title="Shared repairs form", summary="One form for all repairs.")
    return Place(
        app, make, client, lead, giver, make.officer(giver, address="joe@givering.example"),
        make.officer(giver, Role.AUTHORISER, address="ada@givering.example"),
        make.officer(giver, Role.COUNCIL_ADMIN, address="adam@givering.example"),
        make.need(project, target=400, title="User research"),
    )  # fmt: skip


def test_somebody_named_by_e_mail_reads_the_offer_and_authorises_it_by_a_code(place: Place) -> None:
    pledge = place.pledge(message="We can start in May")
    link = place.ask(pledge)
    page = place.as_(None).page(link)
    for words in ("Shared repairs form", "2 days", "User research", "We can start in May", "Leadham"):
        assert words in page.text
    code = place.code(link)
    answer = place.as_(None).send(f"{link}/decide", code=code, **DECISION)
    assert answer.status_code == 303
    assert "Your decision is recorded" in place.client.page(answer.location).text
    assert place.row(pledge).status == "authorised"
    public = place.as_(None).page(f"/pledges/{pledge.id}").text
    assert "Head of service or director, Givering" in public
    assert "Bea Boss" not in public
    assert "Bea Boss" in place.as_(place.authoriser).page(f"/pledges/{pledge.id}").text
    told = dict(place.mail())
    assert "Somebody named by e-mail has authorised" in str(told["adam@givering.example"]["Subject"])
    assert {"lead@leadham.example", "joe@givering.example", "adam@givering.example"} == set(told)


def test_the_pages_of_a_link_are_kept_nowhere_and_opening_them_does_nothing(place: Place) -> None:
    pledge = place.pledge()
    link = place.ask(pledge)
    for path in (link, f"{link}/decide"):
        answer = place.as_(None).get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex"
    assert place.mail() == []
    assert place.row(pledge).status == "offered"


def test_a_forwarded_link_a_wrong_code_and_a_used_one_are_refused_and_remembered(place: Place) -> None:
    pledge = place.pledge()
    link = place.ask(pledge)
    answer = place.as_(None).send(f"{link}/decide", code="12345678", **DECISION)
    assert answer.status_code == 422
    assert "This code is not the right one" in said(answer)
    code = place.code(link)
    assert place.as_(None).send(f"{link}/decide", code=code, **DECISION).status_code == 303
    again = place.as_(None).get(f"{link}/decide")
    assert again.status_code == 410
    other = place.pledge()
    other_link = place.ask(other)
    reused = place.as_(None).send(f"{other_link}/decide", code=code, **DECISION)
    assert reused.status_code == 422
    assert place.row(other).status == "offered"
    assert place.dangers() == ["authorisation.code_wrong"] * 2


def test_who_offered_cannot_use_the_link_though_they_have_it(place: Place) -> None:
    pledge = place.pledge()
    link = place.ask(pledge)
    place.as_(place.officer)
    assert place.client.send(link).status_code == 403
    code = place.code(link)
    answer = place.as_(place.officer).send(f"{link}/decide", code=code, **DECISION)
    assert answer.status_code == 403
    assert place.row(pledge).status == "offered"
    assert place.dangers() == ["pledge.own_offer"] * 2


@pytest.mark.parametrize(
    "address, status, words",
    [
        ("j.o.e+boss@givering.example", 403, "Somebody else in the council has to decide"),
        ("finance@givering.example", 422, "Give the address of one person"),
        ("boss@leadham.example", 422, "Give a work address at your own council"),
        ("not an address", 422, "Give an e-mail address like"),
        ("", 422, "Give the e-mail address of who is to decide"),
    ],
)
def test_an_address_that_cannot_be_named_is_explained(place: Place, address: str, status: int, words: str) -> None:
    pledge = place.pledge()
    answer = place.as_(place.officer).send(f"/pledges/{pledge.id}/ask", address=address)
    assert answer.status_code == status
    assert words in said(answer)
    assert place.mail() == []
    assert place.dangers() == (["authorisation.own_offer"] if status == 403 else [])


@pytest.mark.parametrize("page", ["ask", "set-aside"])
def test_an_unanswered_form_of_somebody_without_the_right_is_refused(place: Place, page: str) -> None:
    pledge = place.pledge()
    client = place.as_(place.lead)
    token = parsed(client.get("/account")).find("input", attrs={"name": "csrf_token"})["value"]
    assert client.post(f"/pledges/{pledge.id}/{page}", data={"csrf_token": token}).status_code == 403


def test_a_named_person_refuses_with_a_reason_their_council_reads(place: Place) -> None:
    pledge = place.pledge()
    link = place.ask(pledge)
    code = place.code(link)
    values = DECISION | {"decision": "refuse", "has_authority": None, "capacity": None, "reason": "No time this year"}
    assert place.as_(None).send(f"{link}/decide", code=code, **values).status_code == 303
    assert place.row(pledge).status == "refused"
    assert "No time this year" in place.as_(place.officer).page(f"/pledges/{pledge.id}").text


def test_the_page_of_deciding_says_everything_that_is_missing_and_uses_no_code_up(place: Place) -> None:
    pledge = place.pledge()
    link = place.ask(pledge)
    code = place.code(link)
    values = DECISION | {"capacity": "committee", "has_authority": None}
    answer = place.as_(None).send(f"{link}/decide", code=code, **values)
    assert answer.status_code == 422
    for words in (
        "Give the day on which the committee",
        "Give the reference of the committee",
        "Say that you have the",
    ):
        assert words in said(answer)
    assert place.as_(None).send(f"{link}/decide", code=code, **DECISION).status_code == 303


def test_a_link_nobody_made_leads_nowhere(place: Place) -> None:
    for token in ("x" * 64, "short", "é"):
        assert place.as_(None).get(f"/authorise/{token}").status_code == 410
        assert place.client.get(f"/authorise/{token}/decide").status_code == 410


def test_an_admin_sets_the_authorisation_aside_and_the_leads_are_told(place: Place) -> None:
    pledge = place.pledge()
    link = place.ask(pledge)
    code = place.code(link)
    place.as_(None).send(f"{link}/decide", code=code, **DECISION)
    place.mail()
    shown = place.as_(place.admin).page(f"/pledges/{pledge.id}")
    assert shown.find("a", href=f"/pledges/{pledge.id}/set-aside")
    answer = place.client.send(f"/pledges/{pledge.id}/set-aside", reason="Not hers to decide")
    assert answer.status_code == 303, said(answer)
    assert place.row(pledge).status == "offered"
    assert place.as_(None).get(f"/pledges/{pledge.id}").status_code == 404
    told = dict(place.mail())
    assert "is an offer again" in str(told["lead@leadham.example"]["Subject"])
    assert "Not hers" not in "".join(text_of(email) for email in told.values())
    assert place.as_(place.officer).get(f"/pledges/{pledge.id}/set-aside").status_code == 403


def test_the_draft_decision_record_is_for_members_of_the_pledging_council(place: Place) -> None:
    pledge = place.pledge()
    place.as_(place.authoriser)
    assert place.client.get(f"/pledges/{pledge.id}/decision-record.html").status_code == 404
    with place.make.session() as session:
        place_id = session.scalars(select(Membership.id).where(Membership.officer_id == place.authoriser.id)).one()
        assert place_id
    answer = place.client.send(
        f"/pledges/{pledge.id}/authorise", capacity="committee", decided_on=["1", "10", "2026"], reference="C/2026/12",
        reasons="Everybody’s repairs <b>wait</b>", alternatives="Doing nothing", interests="None of us",
    )  # fmt: skip
    assert answer.status_code == 303, said(answer)
    html = place.as_(place.officer).get(f"/pledges/{pledge.id}/decision-record.html")
    assert html.headers["Content-Disposition"] == 'attachment; filename="draft-decision-record.html"'
    for words in ("DRAFT", "Everybody’s repairs &lt;b&gt;wait&lt;/b&gt;", "Doing nothing", "None of us", "C/2026/12",
                  "1 October 2026", "Committee or cabinet", "No limit", "2 days, User research"):  # fmt: skip
        assert words in html.get_data(as_text=True)
    docx = place.client.get(f"/pledges/{pledge.id}/decision-record.docx")
    assert docx.status_code == 200
    document = zipfile.ZipFile(io.BytesIO(docx.data)).read("word/document.xml").decode()
    assert "C/2026/12" in document
    assert "wait&lt;/b&gt;" in document
    for other in (place.lead, None):
        for ending in ("html", "docx"):
            path = f"/pledges/{pledge.id}/decision-record.{ending}"
            assert place.as_(other).get(path).status_code in ((404,) if other else (303,))


def test_a_committee_names_its_decision(place: Place) -> None:
    pledge = place.pledge()
    answer = place.as_(place.authoriser).send(f"/pledges/{pledge.id}/authorise", capacity="committee")
    assert answer.status_code == 422
    assert "Give the reference of the committee" in said(answer)


def test_an_admin_sets_limits_and_how_the_council_decides(place: Place) -> None:
    settings = f"/councils/{place.giver.slug}/settings"
    with place.make.session() as session:
        place_id = session.scalars(select(Membership.id).where(Membership.officer_id == place.authoriser.id)).one()
    client = place.as_(place.admin)
    answer = client.send(
        f"{settings}/people/{place_id}/limit", half_days="5", pence="1,000", last_on=["1", "4", "2099"]
    )
    assert answer.status_code == 303, said(answer)
    assert "5 days in one project, £1,000 in one project, until 1 April 2099" in client.page(settings).text
    day = clock.today()
    answer = client.send(
        f"{settings}/authority", standing_rule_on=[str(day.day), str(day.month), str(day.year)], has_named_way=None,
        ceiling_half_days="", ceiling_pence="0",
    )  # fmt: skip
    assert answer.status_code == 303, said(answer)
    shown = client.page(settings).text
    assert "Small offers go through by the standing rule of" in shown
    assert "They cannot decide." in shown
    again = client.send(f"{settings}/authority")
    assert again.status_code == 409
    future = day + timedelta(days=400)
    late = client.send(f"{settings}/authority", standing_rule_on=[str(future.day), str(future.month), str(future.year)])
    assert late.status_code == 422
    for other in (place.officer, place.authoriser, place.lead):
        for path in ("authority", f"people/{place_id}/limit"):
            assert place.as_(other).get(f"{settings}/{path}").status_code in (403, 404)


def test_an_offer_the_standing_rule_lets_through_says_so(place: Place) -> None:
    day = clock.today() - timedelta(days=1)
    client = place.as_(place.admin)
    client.send(
        f"/councils/{place.giver.slug}/settings/authority",
        standing_rule_on=[str(day.day), str(day.month), str(day.year)],
    )
    with place.make.session() as session:
        session.execute(update(CouncilAuthoritySetting).values(given_at=clock.now() - timedelta(days=1)))
    later = clock.today() + timedelta(days=40)
    values = {
        "amount": "2.5", "from_on": [str(day.day), str(day.month), str(day.year)],
        "to_on": [str(later.day), str(later.month), str(later.year)],
    }  # fmt: skip
    path = f"/needs/{place.need.id}/pledges/new"
    client = place.as_(place.officer)
    checked = client.send(path, button=("step", "check"), **values)
    assert "standing rule" in said(checked)
    form = parsed(checked).find("form", id="form")
    answer = client.send_form(form, path, ("step", "offer"))
    assert "authorised at once" in client.page(answer.location).text
    assert f"The council’s standing rule of {day.day} " in place.as_(None).page(answer.location).text
    assert "Somebody" not in str(place.mail()[0][1]["Subject"])


def test_when_the_only_authoriser_goes_offers_fall_back_to_who_offered_and_the_admins(place: Place) -> None:
    pledge = place.pledge()
    place.mail()
    client = place.as_(place.authoriser)
    assert client.send(f"/account/councils/{place.giver.slug}/leave").status_code == 303
    told = dict(place.mail())
    assert {"joe@givering.example", "adam@givering.example"} == set(told)
    assert all("Nobody is left to decide" in str(email["Subject"]) for email in told.values())
    assert f"/pledges/{pledge.id}" in text_of(told["joe@givering.example"])


def test_each_offer_that_nobody_is_left_to_decide_on_is_told_of(place: Place) -> None:
    pledges = [place.pledge(), place.pledge()]
    place.mail()
    client = place.as_(place.authoriser)
    assert client.send(f"/account/councils/{place.giver.slug}/leave").status_code == 303
    sent = place.mail()
    for pledge in pledges:
        told = [address for address, email in sent if f"/pledges/{pledge.id}" in text_of(email)]
        assert sorted(told) == ["adam@givering.example", "joe@givering.example"]


def test_an_authoriser_past_their_limit_is_told_why_and_not_asked_by_e_mail(place: Place) -> None:
    with place.make.session() as session:
        place_id = session.scalars(select(Membership.id).where(Membership.officer_id == place.authoriser.id)).one()
    client = place.as_(place.admin)
    client.send(f"/councils/{place.giver.slug}/settings/people/{place_id}/limit", half_days="1")
    pledge = place.pledge()
    page = place.as_(place.authoriser).page(f"/pledges/{pledge.id}")
    assert "This goes past the limit of 1 days in one project" in page.text
    assert place.client.get(f"/pledges/{pledge.id}/authorise").status_code == 403
    waiting = place.client.page("/your-work").find(string="Nothing waits for you")
    assert waiting or str(pledge.id) not in place.client.get("/your-work").text.split("Pledges of")[0]


def test_nothing_of_who_was_asked_is_told_to_anybody_outside_the_council(place: Place) -> None:
    pledge = place.pledge()
    place.ask(pledge)
    assert "boss@givering.example" in place.as_(place.admin).page(f"/pledges/{pledge.id}").text
    assert "boss@givering.example" not in place.as_(place.lead).page(f"/pledges/{pledge.id}").text
    with place.make.session() as session:
        assert session.scalars(select(AuthorisationRequest)).one().address == "boss@givering.example"
        assert session.scalars(select(Authorisation)).all() == []
