"""Mails about deliveries: to the other side, once, and only while they are true."""

from datetime import timedelta

import pytest

from pipeline.accounts.models import Officer
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import Conflict
from pipeline.pledges import actions
from pipeline.pledges.delivery import Given
from pipeline.pledges.delivery_dates import break_what_has_not_come, count_unanswered
from pipeline.pledges.models import Delivery, Pledge
from pipeline.pledges.rules import Capacity
from pipeline.projects.models import Project
from tests.factories import Factory
from tests.notifications.conftest import Place, Post

pytestmark = pytest.mark.database

LEADS = {"lead@eastmere.example", "other@eastmere.example"}
OFFICER, AUTHORISER = "officer@northborough.example", "authoriser@northborough.example"


@pytest.fixture
def pledge(place: Place, post: Post, make: Factory) -> Pledge:
    """Northborough has committed two and a half days."""
    with make.session() as session:
        session.get_one(Project, place.project.id).mode = "flexible"
    offered = place.offer()
    with place.acting(place.authoriser, place.northborough, Role.AUTHORISER) as work:
        actions.authorise_pledge(work, pledge_id=offered.id, capacity=Capacity.BUDGET_HOLDER)
    with place.acting(place.lead, place.eastmere) as work:
        pledge = actions.accept_pledge(work, pledge_id=offered.id)
    post.deliver()
    return pledge


def record(place: Place, pledge: Pledge, officer: Officer, amount: int = 3) -> Delivery:
    council = place.eastmere if officer in (place.lead, place.other_lead) else place.northborough
    with place.acting(officer, council) as work:
        given = Given(amount=amount, delivered_on=clock.today(), note="A secret note")
        return actions.record_delivery(work, pledge_id=pledge.id, given=given)


def test_the_other_side_is_asked_and_the_first_is_told_the_answer(place: Place, post: Post, pledge: Pledge) -> None:
    delivery = record(place, pledge, place.officer)
    mail = post.deliver()
    assert mail.keys() == LEADS
    text = mail["lead@eastmere.example"].get_body(("plain",)).get_content()
    assert "Northborough gave 1.5 days towards “Talking to tenants”" in " ".join(text.split())
    assert "secret" not in text
    with place.acting(place.lead, place.eastmere) as work:
        actions.dispute_delivery(work, delivery_id=delivery.id, amount=2)
    mail = post.deliver()
    assert mail.keys() == {OFFICER, AUTHORISER}
    assert "The other side says 1 day." in mail[OFFICER].get_body(("plain",)).get_content()
    with place.acting(place.lead, place.eastmere) as work:
        actions.agree_delivery(work, delivery_id=delivery.id)
    assert "is agreed" in post.deliver()[OFFICER]["Subject"]


def test_what_a_lead_records_is_for_the_council_to_answer(place: Place, post: Post, pledge: Pledge) -> None:
    record(place, pledge, place.lead)
    assert post.deliver().keys() == {OFFICER, AUTHORISER}


def test_nobody_is_asked_what_was_answered_before_the_mail_left(place: Place, post: Post, pledge: Pledge) -> None:
    delivery = record(place, pledge, place.officer)
    post.hear()
    with place.acting(place.lead, place.eastmere) as work:
        actions.agree_delivery(work, delivery_id=delivery.id)
    assert post.deliver().keys() == {OFFICER, AUTHORISER}


def test_both_sides_are_told_when_a_delivery_counts_unanswered(place: Place, post: Post, pledge: Pledge) -> None:
    record(place, pledge, place.officer)
    post.deliver()
    with clock.moved(timedelta(days=45)):
        with place.app.app_context():
            count_unanswered()
        assert post.deliver().keys() == LEADS | {OFFICER, AUTHORISER}


def test_the_council_and_its_admins_hear_that_a_pledge_has_not_come(
    place: Place, post: Post, pledge: Pledge, make: Factory
) -> None:
    make.officer(place.northborough, Role.COUNCIL_ADMIN, address="admin@northborough.example")
    with place.acting(place.lead, place.eastmere) as work:
        actions.say_not_come(work, pledge_id=pledge.id)
    assert post.deliver().keys() == {OFFICER, AUTHORISER, "admin@northborough.example"}
    with place.acting(place.officer, place.northborough) as work:
        actions.answer_not_come(work, pledge_id=pledge.id, answer="In May")
    mail = post.deliver()
    assert mail.keys() == LEADS
    assert "In May" not in mail["lead@eastmere.example"].as_string()


def test_all_who_are_bound_hear_that_a_partner_broke(place: Place, post: Post, pledge: Pledge, make: Factory) -> None:
    other = make.council("Wexcombe")
    officer = make.officer(other, address="wex@wexcombe.example")
    make.pledge(place.need, other, officer, status="committed", committed_at=clock.now())
    with place.acting(place.authoriser, place.northborough, Role.AUTHORISER) as work:
        actions.break_pledge(work, pledge_id=pledge.id, reason="The post was cut")
    mail = post.deliver()
    assert mail.keys() == LEADS | {OFFICER, "wex@wexcombe.example"}
    assert "partner" in mail["wex@wexcombe.example"]["Subject"]


def test_a_release_is_told_to_both_sides(place: Place, post: Post, pledge: Pledge) -> None:
    with place.acting(place.lead, place.eastmere) as work:
        actions.release_pledge(work, pledge_id=pledge.id, reason="We have enough")
    assert post.deliver().keys() == {"other@eastmere.example", OFFICER, AUTHORISER}


def test_what_the_clock_breaks_is_told_to_both_sides(place: Place, post: Post, pledge: Pledge) -> None:
    with place.acting(place.lead, place.eastmere) as work:
        actions.say_not_come(work, pledge_id=pledge.id)
    post.deliver()
    with clock.moved(timedelta(days=45)):
        with place.app.app_context():
            break_what_has_not_come()
        assert post.deliver().keys() == LEADS | {OFFICER, AUTHORISER}


def test_leads_are_told_that_a_council_asks_to_be_let_off_and_not_why(place: Place, post: Post, pledge: Pledge) -> None:
    with place.acting(place.officer, place.northborough) as work:
        actions.ask_release(work, pledge_id=pledge.id, reason="Our secret troubles")
    mail = post.deliver()
    assert mail.keys() == LEADS
    text = " ".join(mail["lead@eastmere.example"].get_body(("plain",)).get_content().split())
    assert "Northborough asks to be let off the rest of its 2.5 days towards “Talking to tenants”." in text
    assert "secret" not in text
    with place.acting(place.officer, place.northborough) as work, pytest.raises(Conflict) as caught:
        actions.ask_release(work, pledge_id=pledge.id, reason="Once more")
    assert caught.value.code == "pledge.release_asked"
    with place.acting(place.lead, place.eastmere) as work:
        actions.release_pledge(work, pledge_id=pledge.id, reason="We manage without")
    assert OFFICER in post.deliver()


def test_who_asked_to_be_let_off_is_told_that_the_leads_say_no_and_asks_again_after_a_while(
    place: Place, post: Post, pledge: Pledge, make: Factory
) -> None:
    colleague = make.officer(place.northborough, address="colleague@northborough.example")
    with place.acting(colleague, place.northborough) as work:
        actions.ask_release(work, pledge_id=pledge.id, reason="Our secret troubles")
    post.deliver()
    with place.acting(place.lead, place.eastmere) as work:
        actions.refuse_release(work, pledge_id=pledge.id, reason="Our secret plans")
    mail = post.deliver()
    assert mail.keys() == {OFFICER, AUTHORISER, colleague.address}
    text = " ".join(mail[colleague.address].get_body(("plain",)).get_content().split())
    assert mail[colleague.address]["Subject"].startswith("The leads do not let Northborough off")
    assert "secret" not in text
    with pytest.raises(Conflict) as caught, place.acting(colleague, place.northborough) as work:
        actions.ask_release(work, pledge_id=pledge.id, reason="Once more")
    assert caught.value.code == "pledge.release_refused"
    with clock.moved(timedelta(days=91)), place.acting(colleague, place.northborough) as work:
        assert actions.ask_release(work, pledge_id=pledge.id, reason="Once more").asks_release
    with clock.moved(timedelta(days=92)), place.acting(place.lead, place.eastmere) as work:
        assert not actions.refuse_release(work, pledge_id=pledge.id, reason="Still no").asks_release
