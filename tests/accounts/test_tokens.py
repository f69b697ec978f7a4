"""API tokens: their form, making and ending them, and whom they act for."""

import re
import string
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from pipeline.accounts import actions, queries, tokens
from pipeline.accounts.actions import retention
from pipeline.accounts.models import ApiToken, Membership, SecurityEvent
from pipeline.accounts.tokens import Scope, WhyEnded
from pipeline.db.engine import database
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel, Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from tests.factories import Factory
from tests.support.accounts import cheap_passwords, mails

__all__ = ["cheap_passwords"]
Work = Callable[..., Any]
KEY = "a secret only for these tests"
MADE = {"name": "Our website", "scopes": [Scope.READ], "days": 90, "secret_key": KEY}


# --- What a token looks like --------------------------------------------------------------------------------------


@pytest.mark.pure
def test_a_token_is_a_prefix_43_random_characters_and_a_checksum() -> None:
    made = {tokens.new_token() for _ in range(200)}

    assert len(made) == 200
    assert all(re.fullmatch(r"pln_[0-9A-Za-z]{49}", token) and tokens.is_token(token) for token in made)


@pytest.mark.pure
@given(st.integers(0, 48), st.sampled_from(string.ascii_letters + string.digits))
def test_one_mistyped_character_is_noticed(place: int, character: str) -> None:
    token = tokens.new_token()
    place += len(tokens.PREFIX)
    mistyped = token[:place] + character + token[place + 1 :]

    assert tokens.is_token(mistyped) is (mistyped == token)


@pytest.mark.pure
@given(st.text(max_size=60))
def test_no_other_text_passes_for_a_token(text: str) -> None:
    assert not tokens.is_token(text)
    assert not tokens.is_token(f"pln_{text}")


@pytest.mark.pure
def test_what_is_kept_of_a_token_depends_on_the_sites_secret() -> None:
    token = tokens.new_token()

    assert tokens.hash_of_token(token, "one") != tokens.hash_of_token(token, "another")
    assert re.fullmatch(r"[0-9a-f]{64}", tokens.hash_of_token(token, "one"))


@pytest.mark.pure
@given(st.frozensets(st.sampled_from(Scope)))
def test_scopes_are_read_as_they_were_written(scopes: frozenset[Scope]) -> None:
    assert tokens.scopes_from(tokens.scopes_text(scopes)) == scopes


@pytest.mark.pure
def test_every_scope_is_said_in_words() -> None:
    assert tokens.SCOPE_WORDS.keys() == set(Scope)


# --- Making and ending --------------------------------------------------------------------------------------------


def rows_of(app: Flask) -> list[ApiToken]:
    with app.app_context():
        return list(database.session.scalars(select(ApiToken).order_by(ApiToken.id)))


def events_of(app: Flask, name: str) -> list[LoggedEvent]:
    with app.app_context():
        return list(database.session.scalars(select(LoggedEvent).where(LoggedEvent.name == name)))


def found(app: Flask, token: str) -> queries.FoundToken:
    with app.app_context():
        return queries.token_by_hash(database.session(), tokens.hash_of_token(token, KEY), clock.now())


@pytest.fixture
def ada(make: Factory) -> Actor:
    council = make.council()
    return make.actor(make.officer(council, Role.AUTHORISER), council, Role.AUTHORISER)


@pytest.fixture
def token(work: Work, ada: Actor) -> str:
    with work(ada) as unit:
        return actions.make_token(unit, **MADE)


@pytest.mark.database
def test_a_token_acts_for_its_officer_in_one_council_with_the_roles_held_now(
    app: Flask, ada: Actor, token: str
) -> None:
    bearer = found(app, token).bearer

    assert bearer is not None
    assert bearer.actor == Actor(Channel.API, ada.officer_id, ada.council_id, frozenset({Role.MEMBER, Role.AUTHORISER}))
    assert bearer.scopes == {Scope.READ}


@pytest.mark.database
def test_of_a_token_only_its_hash_and_last_characters_are_kept_and_its_owner_is_told(app: Flask, token: str) -> None:
    (row,) = rows_of(app)
    (event,) = events_of(app, "token.made")
    kept = " ".join(str(value) for value in [*vars(row).values(), event.payload])

    assert token not in kept
    assert token[4:-4] not in kept
    assert row.last_four == token[-4:]
    assert event.payload["scopes"] == ["read"]
    assert [mail.payload for mail in mails(app, "account.token_made")] == [{}]


@pytest.mark.database
@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"name": ""}, "token.name_missing"),
        ({"name": "x" * 61}, "token.name_too_long"),
        ({"name": "for ada@northborough.example"}, "text.holds_address"),
        ({"scopes": []}, "token.scopes_missing"),
        ({"days": 1000}, "token.lifetime"),
    ],
)
def test_a_token_says_what_for_what_it_may_do_and_how_long(
    app: Flask, work: Work, ada: Actor, wrong: dict[str, Any], code: str
) -> None:
    with pytest.raises(RuleBroken) as refused, work(ada) as unit:
        actions.make_token(unit, **MADE | wrong)

    assert refused.value.code == code
    assert rows_of(app) == []


@pytest.mark.database
def test_a_token_makes_no_token_and_nobody_without_a_council_does(work: Work, make: Factory, ada: Actor) -> None:
    by_token = Actor(Channel.API, ada.officer_id, ada.council_id, ada.roles)
    for actor in (by_token, make.actor(make.officer()), Actor()):
        with pytest.raises(NotAllowed), work(actor) as unit:
            actions.make_token(unit, **MADE)


@pytest.mark.database
def test_an_officer_has_a_limited_number_of_tokens(work: Work, make: Factory, ada: Actor, app: Flask) -> None:
    for _ in range(tokens.MOST_TOKENS):
        with work(ada) as unit:
            actions.make_token(unit, **MADE)

    with pytest.raises(Conflict) as refused, work(ada) as unit:
        actions.make_token(unit, **MADE)
    assert refused.value.code == "token.too_many"

    with work(ada) as unit:
        actions.revoke_token(unit, token_id=rows_of(app)[0].id)
    with work(ada) as unit:
        actions.make_token(unit, **MADE)


@pytest.mark.database
def test_a_revoked_token_works_no_more(app: Flask, work: Work, ada: Actor, token: str) -> None:
    with work(ada) as unit:
        actions.revoke_token(unit, token_id=rows_of(app)[0].id)

    assert found(app, token) == queries.FoundToken(ended=WhyEnded.REVOKED)
    assert [event.payload["because"] for event in events_of(app, "token.ended")] == ["revoked"]
    with pytest.raises(NotFound), work(ada) as unit:
        actions.revoke_token(unit, token_id=rows_of(app)[0].id)


@pytest.mark.database
def test_nobody_revokes_the_token_of_another(app: Flask, work: Work, make: Factory, token: str) -> None:
    council = make.council()
    for actor in (make.actor(make.officer(council, Role.COUNCIL_ADMIN), council, Role.COUNCIL_ADMIN), Actor()):
        with pytest.raises(NotFound), work(actor) as unit:
            actions.revoke_token(unit, token_id=rows_of(app)[0].id)

    assert found(app, token).bearer is not None


@pytest.mark.database
def test_a_place_that_ends_takes_its_tokens_with_it_and_leaves_those_for_other_councils(
    app: Flask, work: Work, make: Factory
) -> None:
    one, other = make.council(), make.council()
    officer = make.officer(one)
    make.membership(officer, other)
    made = []
    for council in (one, other):
        with work(make.actor(officer, council)) as unit:
            made.append(actions.make_token(unit, **MADE))

    with work(make.actor(officer, one)) as unit:
        actions.leave_council(unit, council_id=one.id)

    assert [found(app, token).ended for token in made] == [WhyEnded.LEFT, None]


@pytest.mark.database
def test_a_removed_member_has_no_token_left(app: Flask, work: Work, make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    with work(make.actor(officer, council)) as unit:
        token = actions.make_token(unit, **MADE)
    with app.app_context():
        membership = database.session.scalars(select(Membership).where(Membership.officer_id == officer.id)).one()

    admin = make.actor(make.officer(council, Role.COUNCIL_ADMIN), council, Role.COUNCIL_ADMIN)
    with work(admin) as unit:
        actions.remove_member(unit, membership_id=membership.id, council_id=council.id)

    assert found(app, token).ended is WhyEnded.LEFT
    (event,) = events_of(app, "token.ended")
    assert (event.payload["because"], event.council_id) == ("place ended", council.id)


@pytest.mark.database
def test_a_place_that_ended_in_any_other_way_is_no_place_for_a_token(app: Flask, make: Factory, token: str) -> None:
    with make.session() as session:
        membership = session.scalars(select(Membership)).one()
        membership.ended_at, membership.ended_because = clock.now(), "left"

    assert found(app, token).ended is WhyEnded.LEFT


@pytest.mark.database
def test_a_new_password_ends_every_token(app: Flask, work: Work, ada: Actor, token: str) -> None:
    with app.app_context():
        from pipeline.accounts.models import Officer

        held = database.session.get_one(Officer, ada.officer_id).password_hash
    with work(ada) as unit:
        actions.change_password(unit, checked_hash=held, password_hash="$other")

    assert found(app, token).ended is WhyEnded.PASSWORD


@pytest.mark.database
def test_an_erased_officer_leaves_no_token(app: Flask, work: Work, ada: Actor, token: str) -> None:
    from pipeline.kernel.actor import system

    with work(system("erase officers")) as unit:
        actions.erase_officer(unit, officer_id=ada.officer_id)

    assert rows_of(app) == []
    assert found(app, token) == queries.FoundToken()


# --- The clock ----------------------------------------------------------------------------------------------------


@pytest.mark.database
def test_a_token_expires(app: Flask, token: str) -> None:
    with clock.moved(timedelta(days=89)):
        assert found(app, token).bearer is not None
    with clock.moved(timedelta(days=91)):
        assert found(app, token).ended is WhyEnded.EXPIRED


@pytest.mark.database
def test_the_worker_ends_what_has_expired_and_what_nobody_used_for_180_days(
    app: Flask, work: Work, ada: Actor, token: str
) -> None:
    with work(ada) as unit:
        actions.make_token(unit, **MADE | {"days": 365, "name": "Unused"})
    with work(ada) as unit:
        actions.make_token(unit, **MADE | {"days": 365, "name": "Used"})
    with app.app_context(), clock.moved(timedelta(days=100)):
        actions.stamp_token(rows_of(app)[2].id)
    with app.app_context(), clock.moved(timedelta(days=200)):
        actions.end_old_tokens()
        actions.end_old_tokens()

    assert [row.ended_because for row in rows_of(app)] == ["expired", "unused", None]
    assert sorted(event.payload["because"] for event in events_of(app, "token.ended")) == ["expired", "unused"]


@pytest.mark.database
def test_a_token_is_forgotten_30_days_after_its_end(app: Flask, work: Work, ada: Actor, token: str) -> None:
    with work(ada) as unit:
        actions.revoke_token(unit, token_id=rows_of(app)[0].id)
    for days, left in ((29, 1), (31, 0)):
        with app.app_context(), clock.moved(timedelta(days=days)):
            retention.keep_to_periods()
        assert len(rows_of(app)) == left


@pytest.mark.database
def test_making_and_revoking_are_security_events(app: Flask, work: Work, ada: Actor, token: str) -> None:
    with work(ada) as unit:
        actions.revoke_token(unit, token_id=rows_of(app)[0].id, source="192.0.2.7")
    with app.app_context():
        names = database.session.scalars(select(SecurityEvent.name).order_by(SecurityEvent.at, SecurityEvent.id)).all()

    assert names == ["token.made", "token.revoked"]
