"""The pages of committed pledges: recording, answering, correcting, breaking, releasing, asking after; your work."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.pledges.models import Delivery
from tests.factories import Factory
from tests.pledges.test_delivering import Work, make_work
from tests.support.client import CheckedClient, said

pytestmark = pytest.mark.database


@dataclass
class Site:
    """A committed pledge of five days, and a browser to look at it as anybody."""

    work: Work
    client: CheckedClient

    def as_(self, actor: Any) -> CheckedClient:
        self.client.delete_cookie("session")
        if actor is not None:
            with self.work.scene.make.session() as session:
                officer = session.get_one(Officer, actor.officer_id)
            self.work.scene.make.signed_in(self.client, officer)
        return self.client

    @property
    def path(self) -> str:
        return f"/pledges/{self.work.pledge.id}"

    def text(self, actor: Any = None) -> str:
        return " ".join(self.as_(actor).page(self.path).get_text(" ").split())

    def deliveries(self) -> list[Delivery]:
        with self.work.scene.make.session() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))


@pytest.fixture
def site(make: Factory, work: Any, client: CheckedClient) -> Site:
    return Site(make_work(make, work), client)


def day(**values: Any) -> dict[str, Any]:
    today = clock.today()
    return {"delivered_on": [str(today.day), str(today.month), str(today.year)], **values}


def test_a_council_records_and_a_lead_agrees(site: Site) -> None:
    client = site.as_(site.work.colleague)
    assert "Record a delivery" in client.page(site.path).text
    done = client.send(f"{site.path}/deliver", **day(amount="2.5", note="Two workshops"))
    assert (done.status_code, done.location) == (303, site.path)
    assert "Waits for Lead to agree" in site.text(site.work.colleague)
    client = site.as_(site.work.scene.lead)
    waiting = client.page("/your-work").find("a", string=lambda text: text and "was 2.5 days delivered" in text)
    page = client.page(waiting["href"])
    assert "Two workshops" in page.text
    done = client.send(waiting["href"], answer="agreed")
    assert (done.status_code, done.location) == (303, site.path)
    text = site.text()
    assert "Agreed by both sides" in text
    assert "Still to come" in text
    assert "Two workshops" not in text
    assert "Both sides agreed a delivery of Giver" in text
    assert "was 2.5 days" not in site.as_(site.work.scene.lead).page("/your-work").text


def test_both_figures_are_shown_where_a_delivery_is_disputed(site: Site) -> None:
    delivery = site.work.record(8)
    client = site.as_(site.work.scene.lead)
    address = f"/deliveries/{delivery.id}/answer"
    assert client.send(address, answer="disputed").status_code == 422
    assert client.send(address, answer="disputed", amount="9").status_code == 422
    assert client.send(address).status_code == 422
    assert client.send(address, answer="disputed", amount="3", note="Only three came").status_code == 303
    text = site.text()
    assert "4 days on" in text
    assert "Disputed: Lead says 3 days, and it counts at that" in text
    assert "Only three came" not in text
    assert "Only three came" in site.text(site.work.colleague)
    page = site.as_(site.work.scene.lead).page(address)
    assert [one["value"] for one in page.find_all("input", type="radio")] == ["agreed"]


def test_a_wrong_entry_is_corrected_and_stays_to_be_read(site: Site) -> None:
    delivery = site.work.record(8)
    site.work.agree(delivery)
    client = site.as_(site.work.colleague)
    assert client.send(f"/deliveries/{delivery.id}/correct", **day(amount="0")).status_code == 303
    assert "Corrected by a later entry; counts until that one does" in site.text()
    assert site.as_(site.work.colleague).get(f"/deliveries/{delivery.id}/correct").status_code == 409
    site.work.agree(site.deliveries()[-1])
    assert "0 days on" in site.text()


@pytest.mark.parametrize(
    "given, words",
    [
        ({"amount": ""}, "Say how many days were given"),
        ({"amount": "0"}, "it must be more than nothing"),
        ({"amount": "1.3"}, "Give whole or half days"),
        ({"amount": "1", "delivered_on": ["1", "1", "2199"]}, "The day must be today or earlier"),
        ({"amount": "1", "delivered_on": ["", "", ""]}, "Say on which day it was delivered"),
        ({"amount": "1", "note": "x" * 1_001}, "Use 1 character fewer"),
    ],
)
def test_answers_that_are_wrong_are_shown_again(site: Site, given: dict[str, Any], words: str) -> None:
    answer = site.as_(site.work.colleague).send(f"{site.path}/deliver", **day(**given))
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert site.deliveries() == []


def test_an_authoriser_breaks_the_rest_with_a_reason_everybody_reads(site: Site) -> None:
    client = site.as_(site.work.scene.authoriser)
    assert client.send(f"{site.path}/break", reason="").status_code == 422
    assert client.send(f"{site.path}/break", reason="The team was cut").status_code == 303
    text = site.text()
    assert "The team was cut" in text
    assert "does not give the rest of its 5 days" in text
    assert site.as_(site.work.scene.authoriser).get(f"{site.path}/break").status_code == 409


def test_a_lead_lets_the_council_off(site: Site) -> None:
    client = site.as_(site.work.scene.lead)
    assert client.send(f"{site.path}/release", reason="We have enough").status_code == 303
    assert "We have enough" in site.text()
    assert "was let off the rest" in site.text()


def test_a_council_asks_to_be_let_off_and_only_the_two_sides_read_why(site: Site) -> None:
    client = site.as_(site.work.colleague)
    assert client.send(f"{site.path}/ask-release", reason="").status_code == 422
    assert client.send(f"{site.path}/ask-release", reason="Our partner left").status_code == 303
    assert "Our partner left" in site.text(site.work.scene.lead)
    assert "asked to be let off the rest" in site.text(site.work.scene.lead)
    public = site.text()
    assert "Our partner left" not in public
    assert "let off" not in public
    again = site.as_(site.work.colleague).send(f"{site.path}/ask-release", reason="Again")
    assert again.status_code == 409


def test_leads_say_no_to_letting_a_council_off_and_it_asks_again_only_later(site: Site) -> None:
    assert "Say no to letting it off" not in site.text(site.work.scene.lead)
    assert site.as_(site.work.scene.lead).send(f"{site.path}/refuse-release", reason="No").status_code == 409
    council = site.as_(site.work.colleague)
    assert council.send(f"{site.path}/ask-release", reason="Our partner left").status_code == 303
    assert "Say no to letting it off" in site.text(site.work.scene.lead)
    lead = site.as_(site.work.scene.lead)
    assert "asks to be let off: 5 days" in lead.page("/your-work").get_text()
    assert "Our partner left" in lead.page(f"{site.path}/refuse-release").get_text()
    assert lead.send(f"{site.path}/refuse-release", reason="").status_code == 422
    assert lead.send(f"{site.path}/refuse-release", reason="We cannot do without").status_code == 303
    assert "asks to be let off" not in lead.page("/your-work").get_text()
    for reader in (site.work.scene.lead, site.work.colleague):
        text = site.text(reader)
        assert "We cannot do without" in text
        assert "The leads did not let" in text
    public = site.text()
    assert "do without" not in public
    assert "did not let" not in public
    assert site.as_(site.work.scene.lead).send(f"{site.path}/refuse-release", reason="Again").status_code == 409
    refused = site.as_(site.work.colleague).send(f"{site.path}/ask-release", reason="Please")
    assert refused.status_code == 409
    assert "Your council can ask again from" in refused.get_data(as_text=True)


def test_the_public_hears_nothing_of_what_has_not_come(site: Site) -> None:
    client = site.as_(site.work.scene.lead)
    assert client.send(f"{site.path}/not-come", note="Nobody came on Monday").status_code == 303
    assert "Nobody came on Monday" in site.text(site.work.scene.lead)
    public = site.text()
    assert "Nobody came" not in public
    assert "not come" not in public
    client = site.as_(site.work.scene.officer)
    link = client.page("/your-work").find("a", string=lambda text: text and "has not come" in text)
    assert client.send(link["href"], answer="").status_code == 422
    assert client.send(link["href"], answer="She comes in May").status_code == 303
    assert "She comes in May" in site.text(site.work.scene.lead)
    assert "She comes in May" not in site.text()
    assert site.as_(site.work.scene.officer).get(f"{site.path}/explain").status_code == 404


def test_who_may_not_finds_no_form(site: Site, make: Factory) -> None:
    delivery = site.work.record(2)
    stranger = site.work.scene.officer_of(make.council("Elsewhere"), Role.AUTHORISER)
    client = site.as_(stranger)
    for address in (
        f"{site.path}/deliver", f"{site.path}/break", f"{site.path}/release", f"{site.path}/not-come",
        f"{site.path}/explain", f"/deliveries/{delivery.id}/answer", f"/deliveries/{delivery.id}/correct",
    ):  # fmt: skip
        assert client.get(address).status_code == 403, address
    assert site.as_(None).get(f"{site.path}/deliver").status_code in (302, 303)


def test_nothing_is_said_of_deliveries_before_a_pledge_is_committed(site: Site) -> None:
    offered = site.work.scene.offer(3)
    page = site.as_(site.work.scene.lead).page(f"/pledges/{offered.id}")
    assert page.find(id="deliveries") is None
    site.as_(site.work.colleague)
    refused = site.client.get(f"/pledges/{offered.id}/deliver")
    assert refused.status_code == 409
    assert "offered" in said(refused)
