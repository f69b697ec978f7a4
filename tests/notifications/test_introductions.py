"""Who is written to when two councils are introduced, and a refused message that is tried again from the desk."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.accounts.models import Membership
from pipeline.coordination.actions import try_message_again
from pipeline.introductions.actions import make_introduction
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.notifications.transport import AddressRefused, MemoryMailer
from tests.factories import Factory
from tests.notifications.conftest import Place, Post
from tests.notifications.test_lessons import text_of

pytestmark = pytest.mark.database


def test_the_admins_of_both_councils_and_the_leads_are_written_to_once_without_anybodys_address(
    place: Place, post: Post, make: Factory, work: Callable[..., Any]
) -> None:
    admin = make.officer(place.northborough, Role.COUNCIL_ADMIN, address="admin@northborough.example")
    coordinator = make.actor(make.officer(place.eastmere, Role.COORDINATOR), place.eastmere, Role.COORDINATOR)
    gone = make.officer(place.northborough, Role.COUNCIL_ADMIN, address="gone@northborough.example")
    with work(coordinator) as unit:
        make_introduction(
            unit, council="eastmere", other="northborough", message="Northborough has a tester.", need_id=place.need.id
        )
    post.hear()
    with make.session() as session:
        for membership in session.query(Membership).filter_by(officer_id=gone.id):
            membership.ended_at = clock.now()
    post.send()
    mail = dict(post.mailer.sent)
    assert mail.keys() == {"lead@eastmere.example", "other@eastmere.example", admin.address}
    for message in mail.values():
        text = text_of(message)
        assert "Eastmere and Northborough should talk" in text
        assert "Northborough has a tester." in text
        assert "One housing repairs form" in text
        assert "/introductions/" in text
        assert "@" not in text


def test_what_was_refused_keeps_what_it_is_written_from_and_leaves_when_it_is_tried_again(
    place: Place, post: Post, make: Factory, work: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    place.offer()
    post.hear()

    def refuse(_mailer: MemoryMailer, _message: Any, address: str) -> None:
        raise AddressRefused(f"the mail server said 550 no {address[:0]}")

    with monkeypatch.context() as patched:
        patched.setattr(MemoryMailer, "send", refuse)
        post.send()
    failed = [row for row in post.outbox() if row.failed_at is not None]
    assert failed
    assert all(row.payload for row in failed)
    coordinator = make.actor(make.officer(place.eastmere, Role.COORDINATOR), place.eastmere, Role.COORDINATOR)
    for row in failed:
        with work(coordinator) as unit:
            try_message_again(unit, message_id=row.id)
    post.send()
    assert len(post.mailer.sent) == len(failed)
    assert not [row for row in post.outbox() if row.failed_at is not None]
