"""Who is told of what: once each, never of their own act, and never of what they may not see."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from pipeline.accounts.actions import add_officer, change_roles, join_council, let_officer_in
from pipeline.accounts.rules import address_from
from pipeline.db.listeners import hear
from pipeline.db.outbox import OutboxMessage
from pipeline.db.work import unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel, Role, system
from pipeline.kernel.event import CATALOGUE
from pipeline.notifications import interest_owed, listener
from pipeline.notifications.listener import LISTENER
from pipeline.pledges import actions as pledging
from pipeline.pledges.rules import Capacity
from pipeline.projects.actions.checking import answer_check, ask_for_check
from pipeline.projects.rules import CheckAnswer
from tests.factories import Factory
from tests.notifications.conftest import Place, Post

pytestmark = pytest.mark.database

LEADS = {"lead@eastmere.example", "other@eastmere.example"}
OFFICER, AUTHORISER = "officer@northborough.example", "authoriser@northborough.example"


def owed(post: Post) -> set[tuple[str, Any]]:
    """The kinds of mail owed, and to whom."""
    post.hear()
    return {(row.kind, row.officer_id) for row in post.outbox()}


def test_an_offer_is_told_to_the_leads_and_to_those_who_can_authorise_it(place: Place, post: Post) -> None:
    place.offer()
    assert owed(post) == {
        ("pledge.offered", place.lead.id),
        ("pledge.offered", place.other_lead.id),
        ("pledge.asked", place.authoriser.id),
    }


def test_nobody_is_mailed_about_their_own_act(place: Place, post: Post, make: Factory) -> None:
    make.membership(place.officer, place.eastmere)
    make.person(place.project, place.officer, place.eastmere, role="lead")
    place.offer()
    post.hear()
    assert place.officer.id not in {row.officer_id for row in post.outbox()}


def test_an_authoriser_who_leads_the_project_is_told_as_a_lead_only(place: Place, post: Post, make: Factory) -> None:
    make.membership(place.authoriser, place.eastmere)
    make.person(place.project, place.authoriser, place.eastmere, role="lead")
    place.offer()
    assert [kind for kind, officer_id in owed(post) if officer_id == place.authoriser.id] == ["pledge.offered"]


def test_each_step_of_a_pledge_is_told_to_the_other_side(place: Place, post: Post) -> None:
    pledge = place.offer()
    assert post.deliver().keys() == LEADS | {AUTHORISER}
    with place.acting(place.authoriser, place.northborough, Role.AUTHORISER) as work:
        pledging.authorise_pledge(work, pledge_id=pledge.id, capacity=Capacity.BUDGET_HOLDER)
    assert post.deliver().keys() == LEADS | {OFFICER}
    with place.acting(place.lead, place.eastmere) as work:
        pledging.accept_pledge(work, pledge_id=pledge.id)
    assert post.deliver().keys() == {OFFICER, AUTHORISER}
    with place.acting(place.officer, place.northborough) as work:
        pledging.withdraw_pledge(work, pledge_id=pledge.id, reason="The officer has left")
    assert post.deliver().keys() == LEADS | {AUTHORISER}


def test_a_refusal_is_told_to_the_leads_and_to_who_offered(place: Place, post: Post) -> None:
    pledge = place.offer()
    post.deliver()
    with place.acting(place.authoriser, place.northborough, Role.AUTHORISER) as work:
        pledging.refuse_pledge(work, pledge_id=pledge.id, reason="No time to spare")
    assert post.deliver().keys() == LEADS | {OFFICER}


def test_a_decline_is_told_to_the_pledging_council(place: Place, post: Post) -> None:
    pledge = place.offer()
    post.deliver()
    with place.acting(place.lead, place.eastmere) as work:
        pledging.decline_pledge(work, pledge_id=pledge.id, reason="We have found somebody")
    assert post.deliver().keys() == {OFFICER}


def test_a_lapse_is_told_to_both_sides(place: Place, post: Post) -> None:
    pledge = place.offer()
    post.deliver()
    with (
        clock.moved(timedelta(days=30)),
        place.app.app_context(),
        unit_of_work(system("sign-off dates")) as work,
    ):
        pledging.lapse_pledge(work, pledge_id=pledge.id)
    with clock.moved(timedelta(days=30)):
        assert post.deliver().keys() == LEADS | {OFFICER}


def test_an_event_heard_again_owes_nothing_more(place: Place, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    place.offer()
    post.hear()
    before = post.outbox()
    monkeypatch.setattr("pipeline.db.listeners._move", lambda *_: None)
    with place.app.app_context():
        from pipeline.db.listeners import _hear_batch

        _hear_batch(LISTENER, 0)
    assert [row.id for row in post.outbox()] == [row.id for row in before]


def test_a_worker_killed_between_two_messages_leaves_all_or_nothing(
    place: Place, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.offer()
    keep, calls = listener.keep_notices, []

    def die_at_the_second(*arguments: Any, **values: Any) -> None:
        keep(*arguments, **values)
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(listener, "keep_notices", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        post.hear()
    assert post.outbox() == []
    monkeypatch.setattr(listener, "keep_notices", keep)
    with clock.moved(timedelta(minutes=3)):
        post.hear()
    assert len(post.outbox()) == 3


def test_an_event_that_cannot_be_handled_holds_up_no_other(
    place: Place, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poison(*_: Any) -> Any:
        raise ValueError("not this one")

    monkeypatch.setitem(listener.OWED_BY, "authorisation.asked", poison)
    place.offer()
    assert {kind for kind, _ in owed(post)} == {"pledge.offered"}
    monkeypatch.undo()
    with clock.moved(timedelta(minutes=2)):
        post.hear()
    assert {row.kind for row in post.outbox()} == {"pledge.offered", "pledge.asked"}


def test_two_workers_owe_each_message_once(place: Place, post: Post, app: Flask) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for _ in range(4):
        place.offer()

    def listen(_: int) -> None:
        with app.app_context():
            for _ in range(5):
                hear(LISTENER)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(listen, range(2)))
    post.hear()
    keys = [row.dedupe_key for row in post.outbox()]
    assert len(keys) == len(set(keys)) == 12


def test_old_news_is_not_mailed(place: Place, post: Post) -> None:
    with clock.moved(timedelta(days=-3)):
        place.offer()
    assert owed(post) == set()


def test_a_check_is_told_to_who_was_asked_and_its_answer_to_who_asked(place: Place, post: Post, make: Factory) -> None:
    colleague = make.officer(place.eastmere, address="colleague@eastmere.example")
    update = make.update(place.project, place.lead, place.eastmere, status="draft", title="Not for everybody's eyes")
    with place.acting(place.lead, place.eastmere) as work:
        check = ask_for_check(work, officer_id=colleague.id, update_id=update.id)
    mail = post.deliver()
    assert mail.keys() == {colleague.address}
    assert "Not for everybody's eyes" not in mail[colleague.address].as_string()
    with place.acting(colleague, place.eastmere) as work:
        answer_check(work, check_id=check.id, answer=CheckAnswer.FINE)
    assert post.deliver().keys() == {place.lead.address}


def test_who_waits_is_told_to_the_admins_or_else_to_the_coordinators(place: Place, post: Post, make: Factory) -> None:
    coordinator = make.officer(None, Role.COORDINATOR, address="coordinator@pipeline.example")
    newcomer = make.officer(None, address="newcomer@elsewhere.example")

    def ask() -> None:
        with place.app.app_context(), unit_of_work(Actor(Channel.WEB, newcomer.id)) as work:
            join_council(work, council_id=place.eastmere.id)

    ask()
    mail = post.deliver()
    assert mail.keys() == {coordinator.address}
    assert f"/coordination/councils/{place.eastmere.slug}/admin" in mail[coordinator.address].as_string()

    admin = make.officer(place.northborough, Role.COUNCIL_ADMIN, address="admin@northborough.example")
    with place.app.app_context(), unit_of_work(Actor(Channel.WEB, newcomer.id)) as work:
        waiting = join_council(work, council_id=place.northborough.id)
    mail = post.deliver()
    assert mail.keys() == {admin.address}
    assert f"/councils/{place.northborough.slug}/settings" in mail[admin.address].as_string()
    assert newcomer.name not in mail[admin.address].as_string()

    with place.acting(admin, place.northborough, Role.COUNCIL_ADMIN) as work:
        let_officer_in(work, membership_id=waiting.id, council_id=place.northborough.id)
    assert post.deliver().keys() == {newcomer.address}


def test_a_role_is_told_to_who_has_it_now(place: Place, post: Post, make: Factory) -> None:
    admin = make.officer(place.northborough, Role.COUNCIL_ADMIN)
    member = make.officer(address="member@northborough.example")
    membership = make.membership(member, place.northborough)
    with place.acting(admin, place.northborough, Role.COUNCIL_ADMIN) as work:
        change_roles(
            work, membership_id=membership.id, council_id=place.northborough.id, roles=frozenset({Role.AUTHORISER})
        )
    mail = post.deliver()
    assert mail.keys() == {member.address}
    assert mail[member.address]["Subject"] == "You can now authorise pledges for Northborough"


def test_whom_their_address_alone_let_in_is_not_mailed(place: Place, post: Post) -> None:
    address = address_from("new@northborough.example")
    assert address is not None
    with place.app.app_context(), unit_of_work(system("flask officers", Channel.COMMAND)) as work:
        add_officer(work, address=address, name="New", job_title="Officer", council_id=place.northborough.id)
    assert owed(post) == set()


def test_the_listener_hears_only_events_that_there_are() -> None:
    assert LISTENER.events <= CATALOGUE.keys()
    told = listener.TOLD_BY.keys() | interest_owed.TOLD_BY.keys() | interest_owed.MAY_FREE_ROOM
    followed = listener.fan_out.FOLLOWERS_TOLD.keys() | listener.finding.NEW_THINGS.keys() | listener.FORGETTING
    assert LISTENER.events == listener.OWED_BY.keys() | told | followed


def test_a_message_names_ids_and_holds_no_text(place: Place, post: Post) -> None:
    place.offer()
    post.hear()
    allowed = {"pledge_id", "side", "council_id"}
    rows: list[OutboxMessage] = post.outbox()
    assert rows
    assert all(row.payload.keys() == allowed for row in rows)
