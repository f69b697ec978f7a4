"""Who is told of a suggested change: the leads that it waits, and whoever made it how it was answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.artefacts.actions import suggesting
from pipeline.kernel import clock
from pipeline.kernel.actor import Role, system
from pipeline.projects.actions.answer_clocks import say_late
from pipeline.projects.models import AnswerClock, ProjectPerson
from tests.artefacts.factories import Shelf
from tests.artefacts.taking import ADDED, ONE, Bench
from tests.factories import Factory
from tests.notifications.conftest import Post
from tests.notifications.test_lessons import text_of

pytestmark = pytest.mark.database


@pytest.fixture
def bench(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Bench:
    return Bench(make, shelf, work)


def test_the_leads_are_told_and_then_whoever_suggested_it(bench: Bench, post: Post) -> None:
    model = bench.model(ONE, title="Model")
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    told = post.deliver()
    assert told.keys() == {bench.lead_row.address}
    text = text_of(told[bench.lead_row.address])
    assert "Eastmere suggests a change to “Model”." in text
    assert f"/documents/{model.slug}/suggestions/{made.id}" in text
    assert "clearer" not in text
    draft = bench.accept(bench.lead, made, 1)
    told = post.deliver()
    assert told.keys() == {bench.east_row.address}
    assert "took your council’s suggestion into a draft" in text_of(told[bench.east_row.address])
    bench.publish(bench.lead, draft)
    assert "with your council’s suggestion in it" in text_of(post.deliver()[bench.east_row.address])


def test_a_declined_suggestion_is_told_without_the_reason(bench: Bench, post: Post) -> None:
    made = bench.suggest(bench.copy(bench.model(ONE), ADDED), ADDED)
    post.deliver()
    with bench.work(bench.lead) as unit:
        suggesting.decline_suggestion(unit, suggestion_id=made.id, version=1, reason="Because of Ada.")
    text = text_of(post.deliver()[bench.east_row.address])
    assert "declined your council’s suggestion" in text
    assert "Ada" not in text


def test_what_was_taken_back_before_the_mail_left_is_not_told(bench: Bench, post: Post) -> None:
    made = bench.suggest(bench.copy(bench.model(ONE), ADDED), ADDED)
    post.hear()
    with bench.work(bench.east) as unit:
        suggesting.withdraw_suggestion(unit, suggestion_id=made.id)
    assert post.deliver() == {}


def test_where_nobody_leads_the_admins_of_the_council_are_told(bench: Bench, post: Post) -> None:
    admin = bench.make.officer(bench.council, Role.COUNCIL_ADMIN)
    model = bench.model(ONE)
    copy = bench.copy(model, ADDED)
    with bench.make.session() as session:
        for person in session.scalars(select(ProjectPerson).where(ProjectPerson.project_id == bench.project.id)):
            session.delete(person)
    bench.suggest(copy, ADDED)
    assert post.deliver().keys() == {admin.address}


def test_the_leads_are_reminded_when_their_answer_is_late(bench: Bench, post: Post) -> None:
    made = bench.suggest(bench.copy(bench.model(ONE), ADDED), ADDED)
    post.deliver()
    with bench.make.session() as session:
        owed = session.scalars(select(AnswerClock).where(AnswerClock.subject_id == made.id)).one()
    with clock.at(clock.now() + timedelta(days=30)):
        with bench.work(system("answers")) as unit:
            say_late(unit, clock_id=owed.id)
        told = post.deliver()
    assert f"/suggestions/{made.id}" in text_of(told[bench.lead_row.address])
