"""The verbs of accounts on both databases."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from pipeline.accounts import actions
from pipeline.accounts.actions import retention
from pipeline.accounts.models import (
    Membership,
    MembershipRole,
    Officer,
    OneTimeLink,
    PlatformRole,
    SavedDraft,
    SecurityEvent,
    SignInAttempt,
    SignInSession,
)
from pipeline.accounts.rules import Address, link_token
from pipeline.db.engine import database
from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Role, system
from pipeline.kernel.errors import Conflict, Gone, NotAllowed, NotFound
from pipeline.kernel.ids import new_id
from tests.factories import Factory
from tests.support.accounts import cheap_passwords, mails

__all__ = ["cheap_passwords"]
pytestmark = pytest.mark.database

Work = Callable[..., Any]
SECRET = "a secret for the links of tests"
ADA = Address("ada", "northborough.example")


def sign_up(work: Work, address: Address = ADA, **values: Any) -> None:
    defaults = {"name": "Ada", "job_title": "Analyst", "password_hash": "$hash", "language": "en", "secret_key": SECRET}
    with work() as unit:
        actions.sign_up(unit, address=address, **defaults | values)


def token_of_newest(app: Flask) -> str:
    return link_token(SECRET, UUID(mails(app)[-1].payload["link_id"]))


def one(app: Flask, table: Any, *where: Any) -> Any:
    with app.app_context():
        return database.session.scalars(select(table).where(*where)).one()


def number(app: Flask, table: Any, *where: Any) -> int:
    with app.app_context():
        return int(database.session.scalar(select(func.count()).select_from(table).where(*where)) or 0)


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(database.session.scalars(select(LoggedEvent.name).order_by(LoggedEvent.sequence)))


def place_of(app: Flask, officer: Officer) -> Membership:
    found: Membership = one(app, Membership, Membership.officer_id == officer.id, Membership.ended_at.is_(None))
    return found


def test_one_address_signed_up_by_twenty_at_once_makes_one_account(app: Flask, work: Work) -> None:
    problems: list[Exception] = []

    def try_it() -> None:
        try:
            sign_up(work)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=try_it) for _one in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert number(app, Officer) == 1
    assert number(app, OneTimeLink, OneTimeLink.used_at.is_(None)) == 1
    assert number(app, OutboxMessage) == 1


def test_no_event_of_accounts_is_public_or_holds_an_address(app: Flask, work: Work, make: Factory) -> None:
    make.council("Northborough", domains=("northborough.example",))
    sign_up(work)
    with work() as unit:
        actions.verify_address(unit, token=token_of_newest(app), checked_hash="$hash")
    with app.app_context():
        events = database.session.scalars(select(LoggedEvent)).all()
    assert [event.name for event in events] == ["officer.signed_up", "officer.verified", "membership.started"]
    assert not [event for event in events if event.audience in ("public", "project")]
    assert "ada" not in str([event.payload for event in events]).lower()


def test_a_link_works_once_even_for_two_at_once(app: Flask, work: Work, make: Factory) -> None:
    make.council("Northborough", domains=("northborough.example",))
    sign_up(work)
    token = token_of_newest(app)
    answers: list[str] = []

    def use() -> None:
        try:
            with work() as unit:
                actions.verify_address(unit, token=token, checked_hash="$hash")
            answers.append("used")
        except Gone:
            answers.append("gone")

    threads = [threading.Thread(target=use) for _one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["gone"] * 5 + ["used"]
    assert number(app, Membership) == 1


def test_a_password_changed_in_between_does_not_verify(app: Flask, work: Work) -> None:
    sign_up(work)
    with pytest.raises(Conflict) as refused, work() as unit:
        actions.verify_address(unit, token=token_of_newest(app), checked_hash="$another")
    assert refused.value.code == "account.password_changed"
    assert number(app, OneTimeLink, OneTimeLink.used_at.is_(None)) == 1


def test_a_token_in_the_database_is_only_its_hash(app: Flask, work: Work) -> None:
    sign_up(work)
    link = one(app, OneTimeLink)
    assert link.token_hash != token_of_newest(app)
    assert token_of_newest(app) not in str(mails(app)[0].payload)


def test_joining_by_address_is_at_once_and_otherwise_waits(app: Flask, work: Work, make: Factory) -> None:
    own, other = make.council("Northborough", domains=("northborough.example",)), make.council("Eastmere")
    officer = make.officer(address=ADA.text)
    for council, is_in in ((own, True), (other, False)):
        with work(make.actor(officer)) as unit:
            membership = actions.join_council(unit, council_id=council.id)
            assert (membership.started_at is not None) is is_in
    with pytest.raises(Conflict), work(make.actor(officer)) as unit:
        actions.join_council(unit, council_id=own.id)
    with pytest.raises(NotFound), work(make.actor(officer)) as unit:
        actions.join_council(unit, council_id=make.council("Gone", is_active=False).id)


def test_nobody_waits_for_more_than_five_councils(work: Work, make: Factory) -> None:
    officer = make.officer()
    for _one in range(5):
        with work(make.actor(officer)) as unit:
            actions.join_council(unit, council_id=make.council().id)
    with pytest.raises(Conflict) as refused, work(make.actor(officer)) as unit:
        actions.join_council(unit, council_id=make.council().id)
    assert refused.value.code == "membership.too_many"


@pytest.mark.parametrize("address", ["ada@northborough.example", "a.d.a+again@northborough.example"])
def test_who_was_removed_does_not_come_back_by_their_address_alone(
    app: Flask, work: Work, make: Factory, address: str
) -> None:
    council = make.council("Northborough", domains=("northborough.example",))
    admin = make.officer(council, Role.COUNCIL_ADMIN)
    removed = make.officer(council, address=ADA.text, person_key=ADA.key_at(ADA.domain))
    with work(make.actor(admin, council, Role.COUNCIL_ADMIN)) as unit:
        actions.remove_member(unit, membership_id=place_of(app, removed).id, council_id=council.id)
    again = removed if address == ADA.text else make.officer(address=address, person_key=ADA.key_at(ADA.domain))
    with work(make.actor(again)) as unit:
        assert actions.join_council(unit, council_id=council.id).started_at is None


def test_removing_a_member_ends_place_roles_and_sessions_at_once(app: Flask, work: Work, make: Factory) -> None:
    council = make.council()
    admin, member = make.officer(council, Role.COUNCIL_ADMIN), make.officer(council, Role.AUTHORISER)
    client = app.test_client()
    make.signed_in(client, member)
    with work(make.actor(admin, council, Role.COUNCIL_ADMIN)) as unit:
        actions.remove_member(unit, membership_id=place_of(app, member).id, council_id=council.id)
    assert number(app, Membership, Membership.officer_id == member.id, Membership.ended_at.is_(None)) == 0
    assert number(app, MembershipRole, MembershipRole.role == "authoriser", MembershipRole.ended_at.is_(None)) == 0
    assert number(app, SignInSession, SignInSession.ended_at.is_(None)) == 0
    assert number(app, SecurityEvent, SecurityEvent.name == "member.removed") == 1
    assert client.get("/account").status_code == 303


def test_an_admin_changes_roles_of_others_and_every_session_of_theirs_ends(
    app: Flask, work: Work, make: Factory
) -> None:
    council = make.council()
    admin, member = make.officer(council, Role.COUNCIL_ADMIN), make.officer(council)
    make.signed_in(app.test_client(), member)
    acting = make.actor(admin, council, Role.COUNCIL_ADMIN)
    membership_id = place_of(app, member).id

    def change(*roles: Role) -> None:
        with work(acting) as unit:
            actions.change_roles(unit, membership_id=membership_id, council_id=council.id, roles=frozenset(roles))

    change(Role.AUTHORISER, Role.COUNCIL_ADMIN)
    assert number(app, SignInSession, SignInSession.ended_at.is_(None)) == 0
    change(Role.AUTHORISER)
    with pytest.raises(Conflict):
        change(Role.AUTHORISER)
    assert names(app) == ["role.given", "role.given", "role.taken"]
    held = MembershipRole.membership_id == membership_id, MembershipRole.ended_at.is_(None)
    assert one(app, MembershipRole, *held).given_by == admin.id


def test_nobody_changes_their_own_roles_or_those_of_another_council(app: Flask, work: Work, make: Factory) -> None:
    here, there = make.council(), make.council()
    admin, stranger = make.officer(here, Role.COUNCIL_ADMIN), make.officer(there)
    acting = make.actor(admin, here, Role.COUNCIL_ADMIN)
    own, foreign = place_of(app, admin).id, place_of(app, stranger).id
    with pytest.raises(NotAllowed), work(acting) as unit:
        actions.change_roles(unit, membership_id=own, council_id=here.id, roles=frozenset({Role.AUTHORISER}))
    for council in (here, there):
        with pytest.raises((NotFound, NotAllowed)), work(acting) as unit:
            actions.change_roles(unit, membership_id=foreign, council_id=council.id, roles=frozenset({Role.AUTHORISER}))
    assert number(app, MembershipRole) == 1


def test_nobody_gives_a_role_to_a_second_account_of_their_own(app: Flask, work: Work, make: Factory) -> None:
    council, empty = make.council(), make.council()
    admin = make.officer(council, Role.COUNCIL_ADMIN, address="jo.smith@giver.example")
    second = make.officer(council, address="josmith+two@giver.example")
    with pytest.raises(NotAllowed) as refused, work(make.actor(admin, council, Role.COUNCIL_ADMIN)) as unit:
        actions.change_roles(
            unit, membership_id=place_of(app, second).id, council_id=council.id, roles=frozenset({Role.AUTHORISER})
        )
    assert refused.value.code == "role.own"
    coordinator = make.officer(None, Role.COORDINATOR, address="cory@giver.example")
    third = make.officer(empty, address="co.ry@giver.example")
    with pytest.raises(NotAllowed) as refused, work(make.actor(coordinator, None, Role.COORDINATOR)) as unit:
        actions.appoint_first_admin(unit, membership_id=place_of(app, third).id, council_id=empty.id)
    assert refused.value.code == "role.own"
    assert number(app, MembershipRole) == 1


def test_a_coordinator_appoints_the_first_admin_and_no_second(app: Flask, work: Work, make: Factory) -> None:
    council = make.council()
    waiting, member = make.officer(), make.officer(council)
    waits = make.membership(waiting, council, is_waiting=True)
    acting = make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
    with work(acting) as unit:
        actions.appoint_first_admin(unit, membership_id=waits.id, council_id=council.id)
    assert place_of(app, waiting).started_at is not None
    with pytest.raises(NotAllowed), work(acting) as unit:
        actions.appoint_first_admin(unit, membership_id=place_of(app, member).id, council_id=council.id)


def test_an_admin_lets_people_in_and_declines_them(app: Flask, work: Work, make: Factory) -> None:
    council = make.council()
    admin = make.officer(council, Role.COUNCIL_ADMIN)
    acting = make.actor(admin, council, Role.COUNCIL_ADMIN)
    one_, other = make.officer(), make.officer()
    first = make.membership(one_, council, is_waiting=True)
    second = make.membership(other, council, is_waiting=True)
    with work(acting) as unit:
        actions.let_officer_in(unit, membership_id=first.id, council_id=council.id)
    with work(acting) as unit:
        actions.decline_officer(unit, membership_id=second.id, council_id=council.id)
    assert place_of(app, one_).let_in_by == admin.id
    with pytest.raises(Conflict), work(acting) as unit:
        actions.decline_officer(unit, membership_id=first.id, council_id=council.id)
    with pytest.raises(NotFound), work(acting) as unit:
        actions.let_officer_in(unit, membership_id=second.id, council_id=council.id)


def test_platform_roles_are_given_and_taken_once(app: Flask, work: Work, make: Factory) -> None:
    officer = make.officer()
    acting = make.actor(make.officer(None, Role.PLATFORM_ADMIN), None, Role.PLATFORM_ADMIN)
    with work(acting) as unit:
        actions.give_platform_role(unit, officer_id=officer.id, role=Role.COORDINATOR)
    with pytest.raises(Conflict), work(acting) as unit:
        actions.give_platform_role(unit, officer_id=officer.id, role=Role.COORDINATOR)
    with pytest.raises(NotAllowed), work(acting) as unit:
        actions.give_platform_role(unit, officer_id=officer.id, role=Role.PLATFORM_ADMIN)
    with work(acting) as unit:
        actions.take_platform_role(unit, officer_id=officer.id, role=Role.COORDINATOR)
    assert number(app, PlatformRole, PlatformRole.officer_id == officer.id) == 0


def test_many_tries_at_once_do_not_slip_past_the_tenth(app: Flask) -> None:
    let_through: list[bool] = []

    def try_it() -> None:
        with app.app_context():
            attempt = actions.begin_attempt("sign-in", address="a@b.uk", source="192.0.2.1", secret_key=SECRET)
            let_through.append(attempt.wait_until is None)

    threads = [threading.Thread(target=try_it) for _one in range(25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(let_through) == 10
    assert number(app, SignInAttempt) == 10


def test_erasing_empties_the_row_and_leaves_the_events(
    app: Flask, work: Work, make: Factory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ERASURES", tmp_path / "erasures.txt")
    council = make.council()
    officer = make.officer(council, Role.AUTHORISER, address=ADA.text, name="Ada Byron", is_named=True)
    make.signed_in(app.test_client(), officer)
    with work(make.actor(officer, council)) as unit:
        actions.ask_erasure(unit, checked_hash=officer.password_hash)
    with app.app_context():
        retention.erase_who_asked()
    assert one(app, Officer).erased_at is None
    before = number(app, LoggedEvent)
    with clock.moved(timedelta(days=7, minutes=1)), app.app_context():
        retention.erase_who_asked()
    row = one(app, Officer)
    assert (row.name, row.job_title, row.is_named, row.verified_at) == ("", "", False, None)
    assert ADA.text not in (row.address, row.person_key)
    assert row.erased_at is not None
    assert number(app, SignInSession) == number(app, Membership, Membership.ended_at.is_(None)) == 0
    assert number(app, LoggedEvent) == before + 2
    assert list(retention.kept_erasures(tmp_path / "erasures.txt")) == [officer.id]


def test_what_is_past_its_period_is_deleted_and_the_rest_stays(app: Flask, work: Work, make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    sign_up(work)
    make.signed_in(app.test_client(), officer)
    now = clock.now()
    make.keep(
        SavedDraft(id=new_id(), officer_id=officer.id, path="/x", content={}, saved_at=now),
        SignInAttempt(id=new_id(), pair_key="a", source_key="b", at=now),
        SecurityEvent(id=new_id(), at=now, name="x", source="192.0.2.1", details={}),
    )
    kept = (SavedDraft, SignInSession, OneTimeLink, SignInAttempt, SecurityEvent, Officer)

    def left_after(**later: float) -> list[int]:
        with clock.moved(timedelta(**later)), app.app_context():
            retention.keep_to_periods()
            retention.forget_old_accounts()
        return [number(app, table) for table in kept]

    assert left_after(hours=20) == [1, 1, 1, 1, 1, 2]
    assert left_after(days=6) == [1, 1, 1, 0, 1, 2]
    assert left_after(days=8) == [1, 1, 0, 0, 1, 1]
    assert one(app, SecurityEvent).source == "192.0.2.1"
    assert left_after(days=31) == [0, 0, 0, 0, 1, 1]
    assert one(app, SecurityEvent).source is None
    assert left_after(days=366) == [0, 0, 0, 0, 0, 1]
    assert names(app)[-1] == "officer.forgotten"


def test_only_the_operator_adds_officers(app: Flask, work: Work, make: Factory) -> None:
    council = make.council()
    with pytest.raises(NotAllowed), work(ANONYMOUS) as unit:
        actions.add_officer(unit, address=ADA, name="Ada", job_title="Analyst")
    with work(system("demonstration")) as unit:
        actions.add_officer(
            unit, address=ADA, name="Ada", job_title="Analyst", council_id=council.id,
            roles=frozenset({Role.AUTHORISER, Role.COORDINATOR}),
        )  # fmt: skip
    assert one(app, MembershipRole).role == "authoriser"
    assert one(app, PlatformRole).role == "coordinator"
