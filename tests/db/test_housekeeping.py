"""The one other way to write is held to the tables it lists. On both databases."""

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pipeline.accounts.models import SavedDraft, SecurityEvent
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from tests.factories import Factory

pytestmark = pytest.mark.database


def test_housekeeping_writes_what_it_lists(app: Flask) -> None:
    with app.app_context(), housekeeping("sessions") as session:
        session.add(SecurityEvent(id=new_id(), at=clock.now(), name="test", details={}))

    with app.app_context(), Session(database.engine) as session:
        assert session.scalar(select(SecurityEvent.name)) == "test"


def test_housekeeping_may_not_write_another_housekeepings_table(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError, match="saved_draft"), housekeeping("sessions") as session:
        session.execute(delete(SavedDraft))


def test_housekeeping_may_not_change_what_is_an_act_of_the_trade(app: Flask, make: Factory) -> None:
    council = make.council()

    with app.app_context(), pytest.raises(RuntimeError, match="may not write"), housekeeping("sessions") as session:
        session.execute(update(Council).values(name="Other"))

    with app.app_context(), Session(database.engine) as session:
        assert session.scalar(select(Council.name)) == council.name


def test_housekeeping_without_a_line_in_the_list_does_not_exist(app: Flask) -> None:
    with app.app_context(), pytest.raises(KeyError), housekeeping("whatever"):
        pass
