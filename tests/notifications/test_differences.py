"""Who is told how another council's work differs from theirs, and when."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.cli.worker import work_through
from pipeline.db.outbox import OutboxMessage
from pipeline.lessons.actions import publish_lesson
from pipeline.notifications.models import Notice
from pipeline.similarity import actions
from pipeline.similarity.rules import Kind
from tests.factories import Factory

pytestmark = pytest.mark.database


def told(make: Factory) -> list[Any]:
    with make.app.app_context():
        while work_through():
            pass
    with make.session() as session:
        query = select(Notice.officer_id, Notice.kind).where(Notice.kind == "difference.said")
        return [officer_id for officer_id, _kind in session.execute(query.order_by(Notice.id))]


def test_the_leads_of_the_other_are_told_once(make: Factory, work: Callable[..., Any], app: Flask) -> None:
    ask, give = make.council("Askham"), make.council("Giverby")
    lead, other = make.officer(ask), make.officer(give)
    ours, theirs = make.project(ask, lead, title="Damp"), make.project(give, other, title="Mould")
    with work(make.actor(lead, ask)) as unit:
        actions.say_difference(
            unit, kind=Kind.PROJECT, slug=str(ours.id), other_kind=Kind.PROJECT, other=str(theirs.id), reason="Owners."
        )
    assert told(make) == [other.id]
    assert told(make) == [other.id]
    with make.session() as session:
        assert session.scalar(select(OutboxMessage.kind).where(OutboxMessage.officer_id == other.id)) is not None


def test_of_a_draft_nobody_is_told_until_it_is_published(make: Factory, work: Callable[..., Any]) -> None:
    ask, give = make.council("Askham", projects_led=1), make.council("Giverby")
    lead, other = make.officer(ask), make.officer(give)
    home = make.project(ask, lead, title="Homes")
    draft = make.lesson(home, lead, ask, title="Damp comes back", status="draft", slug=None, is_public=False)
    theirs = make.project(give, other, title="Mould")
    with work(make.actor(lead, ask)) as unit:
        actions.say_difference(
            unit, kind=Kind.LESSON, slug=str(draft.id), other_kind=Kind.PROJECT, other=str(theirs.id), reason="Owners."
        )
    assert told(make) == []
    with make.session() as session:
        version = session.get_one(type(draft), draft.id).version
    with work(make.actor(lead, ask)) as unit:
        publish_lesson(unit, slug=str(draft.id), version=version)
    assert told(make) == [other.id]
