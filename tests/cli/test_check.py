"""`flask check`: what must always hold is looked at, and noticed where it does not hold. On both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, text, update

from pipeline.cli.check import INVARIANTS
from pipeline.db.listeners import ListenerPlace
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.projects.models import AnswerClock, Need, Project, ProjectSlug
from pipeline.search.index import rebuild_index
from pipeline.search.models import EntryKind, SearchEntry
from pipeline.webhooks.models import WebhookDelivery
from tests.conftest import Working
from tests.factories import Factory
from tests.support.facts import ThingHappened

pytestmark = pytest.mark.database


def run(app: Flask) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["check"])
    return result.exit_code, result.output


def change(make: Factory, table: Any, **values: Any) -> None:
    with make.session() as session:
        session.execute(update(table).values(**values))


def test_an_empty_site_is_in_order(app: Flask) -> None:
    code, said = run(app)

    assert code == 0
    assert sum(line.startswith("holds ") for line in said.splitlines()) == len(INVARIANTS)


def a_gap_in_the_log(make: Factory) -> None:
    with make.session() as session:
        session.execute(text("UPDATE event_counter SET last = 7"))


def a_listener_ahead(make: Factory) -> None:
    make.keep(ListenerPlace(name="notices", sequence=9))


def a_total_that_is_no_sum(make: Factory) -> None:
    make.need(make.project(make.council()), held=4)


def a_pledge_without_its_event(make: Factory) -> None:
    need = make.need(make.project(make.council()), held=4)
    council = make.council()
    make.pledge(need, council, make.officer(council))


def a_pledge_authorised_by_its_own_officer(make: Factory) -> None:
    need = make.need(make.project(make.council()))
    council = make.council()
    officer = make.officer(council)
    make.authorisation(make.pledge(need, council, officer, status="authorised"), officer)


def an_authorised_pledge_without_an_authoriser(make: Factory) -> None:
    need = make.need(make.project(make.council()))
    council = make.council()
    make.pledge(need, council, make.officer(council), status="authorised")


def a_pledge_on_a_draft(make: Factory) -> None:
    need = make.need(make.project(make.council(), status="draft"))
    council = make.council()
    make.pledge(need, council, make.officer(council))


def a_public_draft(make: Factory) -> None:
    make.project(make.council(), status="draft", is_public=True)


def a_published_project_nobody_sees(make: Factory) -> None:
    make.project(make.council(), is_public=False)


def an_address_of_two_projects(make: Factory) -> None:
    council = make.council()
    one, other = make.project(council, slug="repairs"), make.project(council)
    make.keep(ProjectSlug(slug=str(one.slug), project_id=other.id))


def a_hidden_project_in_the_index(make: Factory) -> None:
    make.keep(ListenerPlace(name="search", sequence=0))
    project = make.project(make.council(), is_trial=True)
    make.keep(
        SearchEntry(
            place=9 * 10**14, kind=EntryKind.PROJECT, subject_id=project.id, facets="", title="", summary="", body=""
        )
    )


def a_public_project_that_is_not_in_the_index(make: Factory) -> None:
    make.keep(ListenerPlace(name="search", sequence=0))
    make.project(make.council())


def a_public_lesson_that_is_not_in_the_index(make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    make.lesson(make.project(council, officer), officer, council)
    wrote_all_but(make, EntryKind.LESSON)


def similar_work_that_is_not_kept(make: Factory) -> None:
    for _number in range(2):
        make.project(make.council(), title="Mould in council homes", summary="Condensation sensors warn.")
    wrote_all_but(make)


def wrote_all_but(make: Factory, *kinds: EntryKind) -> None:
    """The index was written, and lost what it held of some kinds."""
    make.keep(ListenerPlace(name="search", sequence=0))
    with make.app.app_context():
        rebuild_index()
    with make.session() as session:
        session.execute(delete(SearchEntry).where(SearchEntry.kind.in_(kinds)))


def a_project_the_statistics_do_not_count(make: Factory) -> None:
    make.keep(ListenerPlace(name="statistics", sequence=0))
    make.project(make.council())


def a_removed_member_still_signed_in(make: Factory) -> None:
    council = make.council()
    officer = make.officer()
    membership = make.membership(officer, council)

    class Jar:
        def set_cookie(self, *_: str) -> None:
            """No browser is needed: only the row."""

    make.signed_in(Jar(), officer, council)
    with make.session() as session:
        session.merge(membership).ended_at = clock.now() + timedelta(seconds=1)


def a_token_of_somebody_who_left(make: Factory) -> None:
    make.token(make.officer(), make.council())


def a_pledge_that_delivered_what_nobody_recorded(make: Factory) -> None:
    need = make.need(make.project(make.council()))
    council = make.council()
    make.pledge(need, council, make.officer(council), status="committed", committed_at=clock.now(), delivered=2)


def a_delivery_agreed_by_who_recorded_it(make: Factory) -> None:
    need = make.need(make.project(make.council()))
    council = make.council()
    officer = make.officer(council)
    pledge = make.pledge(need, council, officer, status="committed", committed_at=clock.now(), delivered=2)
    answered = {"answer": "agreed", "answered_at": clock.now(), "counts_at": clock.now(), "counted": 2}
    make.delivery(pledge, officer, council, answered_by=officer.id, **answered)


def a_delivered_pledge_with_something_to_come(make: Factory) -> None:
    need = make.need(make.project(make.council()))
    council = make.council()
    make.pledge(need, council, make.officer(council), status="delivered", committed_at=clock.now())


def an_interest_that_is_not_counted(make: Factory) -> None:
    council = make.council()
    make.interest(make.project(make.council()), make.officer(council), council)


def an_answer_owed_to_nobody(make: Factory) -> None:
    project, today = make.project(make.council()), clock.today()
    days = [today + timedelta(days=number) for number in range(4)]
    make.keep(
        AnswerClock(
            id=new_id(), project_id=project.id, subject_type="pledge", subject_id=new_id(), started_at=clock.now(),
            counts_from_on=days[0], due_on=days[1], nudge_on=days[2], desk_on=days[3],
        )
    )  # fmt: skip


def a_webhook_that_nobody_calls(make: Factory) -> None:
    council, early = make.council(), clock.now() - timedelta(minutes=6)
    webhook = make.webhook(council, make.officer(council))
    make.keep(
        WebhookDelivery(
            id=new_id(), webhook_id=webhook.id, event_name="project.published", event_id=new_id(), created_at=early,
            next_try_at=early,
        )
    )  # fmt: skip


BROKEN: list[tuple[Callable[[Factory], None], str]] = [
    (a_gap_in_the_log, "without a gap"),
    (a_listener_ahead, "ahead of the log"),
    (a_total_that_is_no_sum, "equals the sum"),
    (a_pledge_without_its_event, "has the event"),
    (a_pledge_authorised_by_its_own_officer, "by somebody else"),
    (an_authorised_pledge_without_an_authoriser, "by somebody else"),
    (a_pledge_that_delivered_what_nobody_recorded, "sum of its deliveries"),
    (a_delivery_agreed_by_who_recorded_it, "sum of its deliveries"),
    (a_delivered_pledge_with_something_to_come, "still to come"),
    (a_pledge_on_a_draft, "stands on a draft"),
    (a_public_draft, "no trial and not hidden"),
    (a_published_project_nobody_sees, "no trial and not hidden"),
    (an_address_of_two_projects, "had once"),
    (an_interest_that_is_not_counted, "interested councils"),
    (an_answer_owed_to_nobody, "owe answers only"),
    (a_hidden_project_in_the_index, "search index"),
    (a_public_project_that_is_not_in_the_index, "search index"),
    (a_public_lesson_that_is_not_in_the_index, "search index"),
    (similar_work_that_is_not_kept, "similar work"),
    (a_project_the_statistics_do_not_count, "statistics are the sums"),
    (a_removed_member_still_signed_in, "they have left"),
    (a_token_of_somebody_who_left, "they have left"),
    (a_webhook_that_nobody_calls, "No webhook waits"),
]


@pytest.mark.parametrize("spoil, words", BROKEN, ids=lambda one: getattr(one, "__name__", ""))
def test_what_does_not_hold_is_said(app: Flask, make: Factory, spoil: Callable[[Factory], None], words: str) -> None:
    spoil(make)

    code, said = run(app)

    assert code == 1
    assert any(line.startswith("NOT SO") and words in line for line in said.splitlines()), said


def test_an_index_that_was_written_is_in_order(app: Flask, make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    project = make.project(council, officer)
    make.need(project)
    make.need(project, status="dropped")
    make.lesson(project, officer, council)
    wrote_all_but(make)
    said = run(app)[1]
    assert "holds   The search index" in said
    assert "holds   Work that is much alike" in said


def test_a_public_event_of_a_trial_project_is_noticed(app: Flask, make: Factory, work: Working) -> None:
    project = make.project(make.council())
    with work() as unit:
        unit.record(ThingHappened(thing_id=new_id()))
    with make.session() as session:
        session.execute(text("UPDATE event SET project_id = :id"), {"id": str(project.id)})
    change(make, Project, is_trial=True, is_public=False)

    code, said = run(app)

    assert code == 1
    assert "NOT SO  No event of a draft or a trial project is public." in said


def test_a_constraint_stands_under_the_cap_of_a_need(make: Factory) -> None:
    make.need(make.project(make.council()), is_capped=True, target=10)

    with pytest.raises(Exception, match="capped"):
        change(make, Need, held=11)


def test_no_more_than_twenty_cases_of_one_kind_are_shown(app: Flask, make: Factory) -> None:
    council = make.council()
    for _ in range(22):
        make.project(council, is_public=False)

    assert "and 2 more" in run(app)[1]
