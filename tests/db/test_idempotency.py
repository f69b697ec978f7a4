"""Doing a thing once, however often it is asked for. On both databases."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.db.engine import database
from pipeline.db.idempotency import AlreadyDone, Key, claim, keep_answer
from pipeline.db.log import LoggedEvent
from pipeline.db.work import UnitOfWork
from pipeline.kernel.decision import YES
from pipeline.kernel.errors import RuleBroken
from pipeline.kernel.ids import new_id
from tests.support.facts import ThingHappened
from tests.support.parallel import at_once

pytestmark = pytest.mark.database

Working = Callable[..., AbstractContextManager[UnitOfWork]]
KEY = Key("officer", "pledges.offer", "key-1", "fingerprint")


def act(work: Working, key: Key, answer: str = "/pledges/1") -> str:
    with work() as unit:
        claim(unit.session, key, unit.now)
        unit.require(YES)
        unit.record(ThingHappened(thing_id=new_id()))
        keep_answer(unit.session, key, answer)
    return answer


def effects(app: Flask) -> int:
    with app.app_context(), Session(database.engine) as session:
        return session.scalar(select(func.count()).select_from(LoggedEvent)) or 0


def test_50_at_once_with_one_key_have_one_effect_and_one_answer(app: Flask, work: Working) -> None:
    results = at_once(50, lambda place: act(work, KEY, f"/pledges/{place}"))

    assert effects(app) == 1
    (answer,) = [result for result in results if isinstance(result, str)]
    others = [result for result in results if isinstance(result, AlreadyDone)]
    assert len(others) == 49
    assert {other.answer for other in others} == {answer}


def test_a_key_with_another_body_is_refused(app: Flask, work: Working) -> None:
    act(work, KEY)

    with pytest.raises(RuleBroken) as caught:
        act(work, Key(KEY.owner, KEY.route, KEY.key, "other"))

    assert caught.value.code == "idempotency.other_body"
    assert effects(app) == 1


@pytest.mark.parametrize(
    "other",
    [
        Key("somebody else", KEY.route, KEY.key, KEY.fingerprint),
        Key(KEY.owner, "pledges.accept", KEY.key, KEY.fingerprint),
        Key(KEY.owner, KEY.route, "key-2", KEY.fingerprint),
    ],
)
def test_a_key_belongs_to_its_owner_and_route(app: Flask, work: Working, other: Key) -> None:
    act(work, KEY)
    act(work, other)

    assert effects(app) == 2


def test_work_that_fails_gives_its_key_back(app: Flask, work: Working) -> None:
    with pytest.raises(ZeroDivisionError), work() as unit:  # noqa: PT012
        claim(unit.session, KEY, unit.now)
        1 / 0  # noqa: B018

    act(work, KEY)
    assert effects(app) == 1
