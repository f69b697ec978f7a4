"""The coordinator's desk: each list against the rows themselves, the page and the API; and having tried again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.artefacts.models import Artefact
from pipeline.coordination import actions, desk
from pipeline.coordination.desk import LISTS
from pipeline.coordination.problems import shown_problem
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.listeners import FailedEvent
from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Actor, Channel, Role
from pipeline.kernel.errors import NotAllowed, NotFound
from pipeline.kernel.ids import new_id
from pipeline.pledges.models import Pledge
from pipeline.projects.models import AnswerClock, JoinRequest, Need, Project
from pipeline.projects.nearly import NeedProgress, is_nearly_there
from pipeline.similarity.models import Difference, DuplicateDismissal, SimilarWork
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.plans import explained
from tests.support.queries import counted

pytestmark = pytest.mark.database

COORDINATOR = Actor(Channel.WEB, new_id(), None, frozenset({Role.COORDINATOR}))
API = "/api/v1/coordination"


@pytest.fixture
def busy(make: Factory) -> None:
    """Projects of every kind with offers, answers, requests and needs in them, and things that failed."""
    now, today = clock.now(), clock.today()
    lead, other, silent = make.council("Leadham"), make.council("Otherby"), make.council("Silenton")
    officer, second = make.officer(lead), make.officer(other, address="second@otherby.example")
    make.officer(silent)
    make.council("Nobodyham")
    with make.session() as session:
        session.get_one(Council, lead.id).projects_led = session.get_one(Council, other.id).projects_led = 3
    kinds: tuple[dict[str, Any], ...] = (
        {}, {"is_hidden": True}, {"is_trial": True}, {"status": "draft"}, {"status": "going_ahead"},
        {"status": "stopped"}, {"decision_on": today - timedelta(days=1)},
    )  # fmt: skip
    for number, values in enumerate(kinds):
        project = make.project(lead, officer, is_nearly_there=True, **values)
        age = timedelta(days=40 - number)
        is_ended = values.get("status") == "stopped"
        need = make.need(project, created_at=now - age, status="closed" if is_ended else "open")
        held = make.need(project, "funding", held=30, pledged=30, created_at=now - age)
        make.pledge(need, other, second, offered_at=now - age)
        make.pledge(held, other, second, status="authorised")
        make.join_request(project, second, other, asked_at=now - age, asked_by=officer.id)
        _clock(make, project, "interest", age, desk_in=-1)
        _clock(make, project, "pledge", age, desk_in=2)
        _clock(make, project, "interest", age, desk_in=-1, answered_at=now, days_taken=2)
        request = make.join_request(project, make.officer(silent), silent, asked_at=now - age)
        _clock(make, project, "join_request", age, desk_in=-number, subject_id=request.id)
    shelf = Shelf(make)
    for number, values in enumerate(kinds):
        for step, freshness in ((3, "fresh"), (4, "quiet"), (5, "looking_for_lead"), (6, "looking_for_lead")):
            make.project(
                lead, officer, freshness_step=step, freshness=freshness,
                last_sign_of_life_at=now - timedelta(days=200 - 10 * number), **values,
            )  # fmt: skip
        for days in (59, 60, 80 + number):
            shelf.document(make.project(lead, officer, **values), officer, "Text", review_on=today - timedelta(days))
    shelf.document(project, officer, review_on=today - timedelta(days=90))
    _pairs(make, lead, other, officer)
    for number in range(3):
        make.failed_message(officer, failed_at=now - timedelta(days=number))
        make.failed_event(given_up_at=now - timedelta(days=number))
    make.failed_message(officer, failed_at=None, last_problem="not sent: it is settled by now")
    make.failed_event(given_up_at=None)


def _pairs(make: Factory, lead: Council, other: Council, officer: Any) -> None:
    """Pairs of projects that look alike: two to be looked at, and others that are not, or not any more."""
    ours = make.project(lead)
    alike = [make.project(other, status=status) for status in ("open", "going_ahead", "finished", "open", "open")]
    alike += [make.project(other, is_hidden=True, is_public=False), make.project(lead)]
    for number, one in enumerate(alike):
        low, high = sorted((ours.id, one.id), key=str)
        make.keep(
            SimilarWork(
                id=new_id(), about_type="project", about_id=low, like_type="project", like_id=high, score=0.5,
                reasons={"words": ["damp"], "themes": [], "phase": None, "professions": []},
                is_likely_duplicate=True, found_at=clock.now() - timedelta(days=number),
            )
        )  # fmt: skip
    low, high = sorted((ours.id, alike[3].id), key=str)
    said = Difference(
        id=new_id(), about_type="project", about_id=alike[4].id, project_id=alike[4].id, other_type="project",
        other_id=ours.id, other_project_id=ours.id, reason="Ours is for owners.", officer_id=officer.id,
        council_id=other.id, said_at=clock.now(),
    )  # fmt: skip
    left = DuplicateDismissal(
        id=new_id(), one_id=low, other_id=high, reason="One is for tenants.", dismissed_by=officer.id,
        dismissed_at=clock.now(),
    )  # fmt: skip
    make.keep(said, left)


def _clock(make: Factory, project: Project, about: str, age: timedelta, *, desk_in: int, **values: Any) -> None:
    day = clock.today() + timedelta(days=desk_in)
    defaults = {
        "id": new_id(), "project_id": project.id, "subject_type": about, "subject_id": new_id(),
        "started_at": clock.now() - age, "counts_from_on": day - timedelta(days=5), "due_on": day - timedelta(days=2),
        "nudge_on": day - timedelta(days=1), "desk_on": day,
    }  # fmt: skip
    make.keep(AnswerClock(**defaults | values))


def plainly(session: Any) -> dict[str, list[Any]]:
    """What stands on each list, found by looking at every row."""
    today = clock.today()
    public = {one.id: one for one in session.scalars(select(Project)) if one.is_public}
    rows = {table: list(session.scalars(select(table))) for table in (Pledge, AnswerClock, JoinRequest, Need)}
    due = {one.subject_id for one in rows[AnswerClock] if one.desk_on <= today}
    offers = [one for one in rows[Pledge] if one.status == "offered" and one.project_id in public]
    answers = [
        one for one in rows[AnswerClock]
        if one.answered_at is None and one.desk_on <= today and one.subject_type != "join_request"
        and one.project_id in public
    ]  # fmt: skip
    asked = [
        one for one in rows[JoinRequest]
        if one.status == "asked" and one.project_id in public and (one.is_invitation or one.id in due)
    ]  # fmt: skip
    nearly = [
        one for one in public.values() if one.status == "open" and one.decision_on >= today and one.is_nearly_there
    ]
    needs = [
        one for one in rows[Need]
        if one.status == "open" and one.held == 0 and one.project_id in public
        and public[one.project_id].status in ("open", "going_ahead")
    ]  # fmt: skip
    missed = {
        step: [
            one for one in public.values() if one.freshness_step == step and one.status in ("open", "going_ahead")
        ]
        for step in (4, 5, 6)
    }  # fmt: skip
    reviews = [
        one for one in session.scalars(select(Artefact))
        if one.is_public and one.status == "published" and one.review_on and today - one.review_on >= timedelta(60)
    ]  # fmt: skip
    said = {frozenset((one.about_id, one.other_id)) for one in session.scalars(select(Difference))}
    left = {frozenset((one.one_id, one.other_id)) for one in session.scalars(select(DuplicateDismissal))}
    live = {one.id: one for one in public.values() if one.status in ("open", "going_ahead")}
    duplicates = [
        one for one in session.scalars(select(SimilarWork))
        if one.is_likely_duplicate and {one.about_id, one.like_id} <= live.keys()
        and live[one.about_id].council_id != live[one.like_id].council_id
        and frozenset((one.about_id, one.like_id)) not in said | left
    ]  # fmt: skip
    messages = [one for one in session.scalars(select(OutboxMessage)) if one.failed_at]
    events = [one for one in session.scalars(select(FailedEvent)) if one.given_up_at]
    return {
        "offers": _ids(offers, "offered_at"), "answers": _ids(answers, "started_at"),
        "join-requests": _ids(asked, "asked_at"), "nearly-there": _ids(nearly, "decision_on"),
        "needs": _ids(needs, "created_at"), "quiet": _ids(missed[4], "last_sign_of_life_at"),
        "looking-for-lead": _ids(missed[5], "last_sign_of_life_at"),
        "unled": _ids(missed[6], "last_sign_of_life_at"), "reviews": _ids(reviews, "review_on"),
        "duplicates": _ids(duplicates, "found_at"),
        "messages": _ids(messages, "failed_at"),
        "failed-events": _ids(events, "given_up_at"),
        "councils": [one.id for one in session.scalars(select(Council)) if one.short_name == "Silenton"],
    }  # fmt: skip


def _ids(rows: Any, order: str) -> list[Any]:
    return [one.id for one in sorted(rows, key=lambda one: (getattr(one, order), str(one.id)))]


def test_each_list_holds_what_the_rows_say_oldest_first_in_pages_that_lose_nothing(
    busy: None, make: Factory, read: Callable[..., Any]
) -> None:
    with make.session() as session:
        wanted = plainly(session)
    assert all(wanted.values())
    with read(COORDINATOR) as reading:
        for name, which in LISTS.items():
            found, place = [], None
            for _page in range(30):
                page = desk.page_of(reading, which, limit=2, place=place)
                found += [row.id for row in page.rows]
                place = page.after
                if place is None:
                    break
            assert found == wanted[name], name
            assert desk.number_in(reading, which) == len(found), name
        assert desk.numbers(reading) == {name: len(ids) for name, ids in wanted.items()}


def test_the_api_and_the_page_show_the_same(busy: None, make: Factory, client: CheckedClient) -> None:
    council = make.council("Deskham")
    coordinator = make.officer(council, Role.COORDINATOR)
    headers = make.token(coordinator, council)
    make.signed_in(client, coordinator, council)
    with make.session() as session:
        session.get_one(Council, council.id).projects_led = 1
        wanted = plainly(session)
        slugs = {one.id: one.slug for one in session.scalars(select(Council))}
        clocks = {one.id: one.subject_id for one in session.scalars(select(AnswerClock))}
    index = client.page("/coordination").text
    for name, ids in wanted.items():
        first = client.get(f"{API}/{name}?limit=1&include_total=true", headers=headers).get_json()
        assert first["page"]["total"] == len(ids)
        answered = first["data"]
        while first["links"]["next"]:
            address = f"/api{first['links']['next'].split('/api', 1)[1]}"
            first = client.get(address, headers=headers).get_json()
            answered += first["data"]
        if name == "councils":
            assert [one["slug"] for one in answered] == [slugs[one] for one in ids]
        else:
            expected = [clocks[one] for one in ids] if name == "answers" else ids
            assert [one["id"] for one in answered] == [str(one) for one in expected], name
        page = client.page(f"/coordination/lists/{name}")
        assert len(page.select("ul.rows > li")) == len(ids)
        assert f"{len(ids)} in all" in page.text
        assert page.h1.text in index
        assert "@" not in str(answered)


def test_each_list_is_read_from_its_index_and_the_desk_takes_few_statements(
    app: Flask, busy: None, read: Callable[..., Any], make: Factory, client: CheckedClient
) -> None:
    with read(COORDINATOR) as reading, explained(app) as plans:
        for name, which in LISTS.items():
            plans.clear()
            desk.page_of(reading, which, limit=25)
            [plan] = plans
            assert "TEMP B-TREE" not in plan, (name, plan)
            assert "Sort" not in plan.replace("Incremental Sort", "").replace("Sort Key", ""), (name, plan)
    make.signed_in(client, make.officer(None, Role.COORDINATOR))
    for path, most in (("/coordination", 4), *((f"/coordination/lists/{name}", 3) for name in LISTS)):
        with counted(app) as statements:
            client.get(path)
        assert len(statements) <= most, (path, statements)


def test_nobody_but_coordinators_sees_the_desk(
    busy: None, make: Factory, read: Callable[..., Any], client: CheckedClient
) -> None:
    council = make.council()
    admin = make.officer(council, Role.COUNCIL_ADMIN)
    for actor in (ANONYMOUS, make.actor(admin, council, Role.COUNCIL_ADMIN)):
        with read(actor) as reading:
            for which in LISTS.values():
                with pytest.raises(NotFound):
                    desk.page_of(reading, which, limit=1)
            with pytest.raises(NotFound):
                desk.numbers(reading)
    make.signed_in(client, admin, council)
    assert client.get("/coordination/lists/offers").status_code == 403
    assert client.get(f"{API}/offers", headers=make.token(admin, council)).status_code == 403


def test_what_failed_is_tried_again_as_an_act_that_is_recorded(
    app: Flask, make: Factory, work: Callable[..., Any]
) -> None:
    council = make.council()
    coordinator = make.officer(council, Role.COORDINATOR)
    message, failed = make.failed_message(coordinator), make.failed_event()
    with work(make.actor(coordinator, council)) as unit, pytest.raises(NotAllowed):
        actions.try_message_again(unit, message_id=message.id)
    with work(make.actor(coordinator, council, Role.COORDINATOR)) as unit:
        actions.try_message_again(unit, message_id=message.id)
        actions.try_event_again(unit, failed_event_id=failed.id)
    with app.app_context():
        kept = database.session.get_one(OutboxMessage, message.id)
        assert (kept.failed_at, kept.given_up_at, kept.tries) == (None, None, 0)
        tried = database.session.get_one(FailedEvent, failed.id)
        assert (tried.given_up_at, tried.tries) == (None, 0)
        names = select(LoggedEvent.name).where(LoggedEvent.officer_id == coordinator.id).order_by(LoggedEvent.sequence)
        assert database.session.scalars(names).all() == ["message.tried_again", "failed_event.tried_again"]
    with work(make.actor(coordinator, council, Role.COORDINATOR)) as unit, pytest.raises(NotFound):
        actions.try_message_again(unit, message_id=message.id)


def test_two_projects_that_are_left_apart_are_on_the_desk_no_more(
    busy: None, make: Factory, client: CheckedClient, read: Callable[..., Any]
) -> None:
    make.signed_in(client, make.officer(None, Role.COORDINATOR))
    with read(COORDINATOR) as reading:
        first, second = desk.page_of(reading, desk.DUPLICATES, limit=5).rows
    address = f"/coordination/duplicates/{first.id}/dismiss"
    assert "Give a reason" in client.send(address, reason="").text
    assert client.send(address, reason="One is for tenants.").status_code == 303
    with read(COORDINATOR) as reading:
        assert [row.id for row in desk.page_of(reading, desk.DUPLICATES, limit=5).rows] == [second.id]
    form = client.page("/coordination/introductions/new?council=leadham&other=otherby")
    assert [one["value"] for one in form.select("option[selected]")] == ["leadham", "otherby"]


@pytest.mark.parametrize(
    "needs, is_near",
    [
        ([(True, True, 20, 40)], True),
        ([(True, True, 19, 40)], False),
        ([(True, True, 40, 40)], False),
        ([(True, True, 30, 40), (True, True, 30, 40)], False),
        ([(True, True, 30, 40), (True, False, 0, 40)], True),
        ([(False, True, 30, 40)], False),
        ([(True, False, 30, 40), (True, False, 40, 40)], True),
        ([], False),
    ],
)
@pytest.mark.pure
def test_a_project_is_nearly_there_when_one_need_is_short_by_half_at_most(needs: Any, is_near: bool) -> None:
    assert is_nearly_there([NeedProgress(*one) for one in needs]) is is_near


@pytest.mark.pure
def test_a_problem_is_shown_without_addresses_and_without_what_a_statement_held() -> None:
    said = "IntegrityError: no\n[SQL: INSERT …] [parameters: ('Sam',)] Ann.Other@Council.example"
    assert shown_problem(said) == "IntegrityError: no"
    assert shown_problem("550 Ann.Other@Council.example is full") == "550 … is full"
    assert shown_problem(None) == ""
