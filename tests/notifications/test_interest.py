"""Who is mailed about interest, joining, asking back, late answers, room and news; and what the mails do not say."""

from datetime import timedelta

import pytest

from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.pledges import actions as pledging
from pipeline.pledges.duties import remind_of_offers
from pipeline.pledges.rules import Capacity
from pipeline.projects import actions
from pipeline.projects.duties import say_what_is_late
from pipeline.projects.models import JoinRequest
from pipeline.projects.rules import PersonRole
from pipeline.projects.taking_part import InterestKind
from tests.factories import Factory
from tests.notifications.conftest import Place, Post

pytestmark = pytest.mark.database
LEADS = {"lead@eastmere.example", "other@eastmere.example"}
OFFICER, AUTHORISER = "officer@northborough.example", "authoriser@northborough.example"
SECRET = "Our secret reasons"


def slug_of(place: Place) -> str:
    return str(place.project.slug)


def test_an_interest_goes_to_the_leads_and_its_answer_to_the_officer(place: Place, post: Post) -> None:
    with place.acting(place.officer, place.northborough) as work:
        interest = actions.show_interest(
            work, slug=slug_of(place), kind=InterestKind.CONVERSATION, message=SECRET, is_named=False
        )
    mails = post.deliver()
    assert mails.keys() == LEADS
    text = mails["lead@eastmere.example"].as_string()
    assert SECRET not in text
    assert "Northborough" not in text
    assert f"/interests/{interest.id}" in text.replace("=\r\n", "").replace("=\n", "")
    with place.acting(place.lead, place.eastmere) as work:
        actions.ask_back_about_interest(work, interest_id=interest.id, text=SECRET)
    assert post.deliver().keys() == {OFFICER}
    with place.acting(place.lead, place.eastmere) as work:
        actions.answer_interest(work, interest_id=interest.id, answer=SECRET)
    mails = post.deliver()
    assert mails.keys() == {OFFICER}
    assert SECRET not in mails[OFFICER].as_string()


def test_an_interest_that_was_taken_back_is_not_mailed(place: Place, post: Post) -> None:
    with place.acting(place.officer, place.northborough) as work:
        interest = actions.show_interest(
            work, slug=slug_of(place), kind=InterestKind.PROBLEM_TOO, message="", is_named=False
        )
    with place.acting(place.officer, place.northborough) as work:
        actions.withdraw_interest(work, interest_id=interest.id)
    assert post.deliver() == {}


def test_a_request_to_join_goes_to_the_leads_and_their_answer_to_the_officer(place: Place, post: Post) -> None:
    with place.acting(place.officer, place.northborough) as work:
        request = actions.ask_to_join(work, slug=slug_of(place), message=SECRET)
    assert post.deliver().keys() == LEADS
    with place.acting(place.lead, place.eastmere) as work:
        actions.take_in(work, request_id=request.id)
    assert post.deliver().keys() == {OFFICER}


def test_a_request_that_is_declined_is_told_to_the_officer(place: Place, post: Post) -> None:
    with place.acting(place.officer, place.northborough) as work:
        request = actions.ask_to_join(work, slug=slug_of(place), message=SECRET)
    post.deliver()
    with place.acting(place.lead, place.eastmere) as work:
        actions.decline_join_request(work, request_id=request.id, answer="We are full")
    assert post.deliver().keys() == {OFFICER}


def test_an_invitation_is_mailed_to_who_has_the_address_and_a_no_to_nobody(place: Place, post: Post) -> None:
    from sqlalchemy import select

    from pipeline.db.work import housekeeping

    for address in ("nobody@northborough.example", OFFICER):
        with place.acting(place.lead, place.eastmere) as work:
            actions.ask_officer_to_join(work, slug=slug_of(place), address=address, role=PersonRole.TEAM)
    assert post.deliver().keys() == {OFFICER}
    with place.app.app_context(), housekeeping("outbox") as session:
        request_id = session.scalars(select(JoinRequest.id)).one()
    with place.acting(place.officer, place.northborough) as work:
        actions.decline_to_join(work, request_id=request_id)
    assert post.deliver() == {}


def test_a_question_about_a_pledge_goes_to_its_council_and_the_reply_to_the_leads(place: Place, post: Post) -> None:
    pledge = place.offer()
    post.deliver()
    with place.acting(place.lead, place.eastmere) as work:
        question = pledging.ask_back_about_pledge(work, pledge_id=pledge.id, text=SECRET)
    mails = post.deliver()
    assert mails.keys() == {OFFICER}
    assert SECRET not in mails[OFFICER].as_string()
    with place.acting(place.officer, place.northborough) as work:
        pledging.reply_for_council(work, question_id=question.id, text=SECRET)
    assert post.deliver().keys() == LEADS


def test_a_late_answer_is_told_to_the_leads_unless_it_is_given_by_then(place: Place, post: Post) -> None:
    pledge = place.offer()
    with place.acting(place.authoriser, place.northborough, Role.AUTHORISER) as work:
        pledging.authorise_pledge(work, pledge_id=pledge.id, capacity=Capacity.BUDGET_HOLDER)
    post.deliver()
    with clock.moved(timedelta(days=10)):
        with place.app.app_context():
            say_what_is_late()
        assert post.deliver().keys() == LEADS


def test_authorisers_are_reminded_of_an_offer(place: Place, post: Post) -> None:
    place.offer()
    post.deliver()
    with clock.moved(timedelta(days=7)):
        with place.app.app_context():
            remind_of_offers()
        assert post.deliver().keys() == {AUTHORISER}


def test_those_who_wait_for_room_are_told_once_when_some_comes_free(place: Place, post: Post, make: Factory) -> None:
    place.need = make.need(place.project, title="Testing", is_capped=True, target=5)
    pledge = place.offer(amount=5)
    waiting = make.officer(make.council("Wexcombe"), address="waits@wexcombe.example")
    with place.acting(waiting, make.council("Hartsea")) as work:
        actions.follow_need(work, need_id=place.need.id)
    post.deliver()
    with place.acting(place.officer, place.northborough) as work:
        pledging.withdraw_pledge(work, pledge_id=pledge.id)
    assert "waits@wexcombe.example" in post.deliver()
    again = place.offer(amount=5)
    post.deliver()
    with place.acting(place.officer, place.northborough) as work:
        pledging.withdraw_pledge(work, pledge_id=again.id)
    assert "waits@wexcombe.example" not in post.deliver()


def test_room_that_is_gone_again_before_the_mail_leaves_is_not_told(place: Place, post: Post, make: Factory) -> None:
    place.need = make.need(place.project, title="Testing", is_capped=True, target=5)
    pledge = place.offer(amount=5)
    waiting = make.officer(make.council("Wexcombe"), address="waits@wexcombe.example")
    with place.acting(waiting, make.council("Hartsea")) as work:
        actions.follow_need(work, need_id=place.need.id)
    with place.acting(place.officer, place.northborough) as work:
        pledging.withdraw_pledge(work, pledge_id=pledge.id)
    post.hear()
    place.offer(amount=5)
    post.send()
    assert "waits@wexcombe.example" not in {address for address, _mail in post.mailer.sent}


def test_news_is_told_to_those_who_follow(place: Place, post: Post, make: Factory) -> None:
    make.prefers(place.officer, following="at_once")
    from pipeline.documents.markdown import written

    with place.acting(place.officer, place.northborough) as work:
        actions.follow_project(work, slug=slug_of(place))
    with place.acting(place.lead, place.eastmere) as work:
        update = actions.draft_update(work, slug=slug_of(place), title="News", body=written("Text."))
    with place.acting(place.lead, place.eastmere) as work:
        actions.publish_update(work, update_id=update.id, version=1)
    assert post.deliver().keys() == {OFFICER}
