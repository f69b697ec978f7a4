"""Notices: once each, as each officer wants to be told, never in quiet hours, and gathered where several come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

import pipeline.app  # noqa: F401 (every event there is)
from pipeline.accounts.models import Membership
from pipeline.db.listeners import hear
from pipeline.db.outbox import OutboxMessage
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.event import CATALOGUE
from pipeline.notifications import fan_out, listener
from pipeline.notifications.digests import make_digests
from pipeline.notifications.envelope import Office
from pipeline.notifications.keeping import keep_to_period
from pipeline.notifications.kinds import KINDS
from pipeline.notifications.listener import LISTENER
from pipeline.notifications.mail import LETTERS
from pipeline.notifications.models import FanOut, MailPreference, Mute, Notice
from pipeline.notifications.preferences import How, QuietHours, news_until
from pipeline.notifications.sender import Sender
from pipeline.notifications.unsubscribing import DIGESTS, Unsubscribed, unsubscribe_token, unsubscribed_by
from pipeline.projects import actions
from pipeline.projects.models import Follow, Project
from tests.factories import Factory
from tests.notifications.conftest import OFFICE, Place, Post
from tests.support.statements import counted

MONDAY = datetime(2027, 1, 11, 9, tzinfo=UTC)
"""A working day everywhere in the United Kingdom, at nine in the morning."""

OF_ACCOUNTS = {kind for kind in LETTERS if kind.startswith(("account.", "authorisation.", "contact.", "digest"))}
"""What is mailed about an account, to somebody without one, or by one person to another: no news, so nobody chooses."""


def notices(place: Place, **which: Any) -> list[Notice]:
    """The notices there are, the oldest first."""
    with place.app.app_context(), housekeeping("notices") as session:
        found = session.scalars(select(Notice).order_by(Notice.id)).all()
        return [one for one in found if all(getattr(one, name) == value for name, value in which.items())]


def text_of(email: Any) -> str:
    """The text part of a mail."""
    return str(email.get_body(("plain",)).get_content())


def published(place: Place, title: str = "News") -> UUID:
    """A lead publishes an update."""
    from pipeline.documents.markdown import written

    slug = str(place.project.slug)
    with place.acting(place.lead, place.eastmere) as work:
        update = actions.draft_update(work, slug=slug, title=title, body=written("Text."))
    with place.acting(place.lead, place.eastmere) as work:
        actions.publish_update(work, update_id=update.id, version=1)
    return update.id


def digest(place: Place, post: Post, moment: datetime) -> dict[str, Any]:
    """Make the digests that are due at a moment, and return the mail that leaves then by its reader's address."""
    with clock.at(moment):
        with place.app.app_context():
            make_digests()
        post.mailer.sent.clear()
        post.send()
        return dict(post.mailer.sent)


@contextmanager
def killed(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, after: int) -> Iterator[None]:
    """A worker that dies right after it has called something so many times."""
    real, calls = getattr(where, name), []

    def die(*arguments: Any, **values: Any) -> Any:
        answer = real(*arguments, **values)
        calls.append(1)
        if len(calls) == after:
            raise KeyboardInterrupt
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(where, name, die)
        with pytest.raises(KeyboardInterrupt):
            yield


@pytest.mark.pure
def test_every_kind_of_news_is_one_an_officer_chooses_for() -> None:
    assert LETTERS.keys() - KINDS.keys() == OF_ACCOUNTS
    assert KINDS.keys() - LETTERS.keys() == set()


@pytest.mark.pure
def test_followers_are_told_of_events_there_are_as_kinds_there_are() -> None:
    assert fan_out.FOLLOWERS_TOLD.keys() - CATALOGUE.keys() == set()
    assert {fan.kind for fans in fan_out.FOLLOWERS_TOLD.values() for fan in fans} - KINDS.keys() == set()


@pytest.mark.pure
@pytest.mark.parametrize(
    "moment, ends",
    [
        (datetime(2027, 1, 11, 12, tzinfo=UTC), None),
        (datetime(2027, 1, 11, 20, tzinfo=UTC), datetime(2027, 1, 12, 7, tzinfo=UTC)),
        (datetime(2027, 1, 12, 6, 59, tzinfo=UTC), datetime(2027, 1, 12, 7, tzinfo=UTC)),
        # The night the clocks go forward, and the night they go back: it ends at seven by the clock on the wall.
        (datetime(2027, 3, 27, 21, tzinfo=UTC), datetime(2027, 3, 28, 6, tzinfo=UTC)),
        (datetime(2027, 10, 30, 20, tzinfo=UTC), datetime(2027, 10, 31, 7, tzinfo=UTC)),
        (datetime(2027, 7, 1, 19, 30, tzinfo=UTC), datetime(2027, 7, 2, 6, tzinfo=UTC)),
    ],
)
def test_quiet_hours_are_those_of_the_clock_on_the_wall(moment: datetime, ends: datetime | None) -> None:
    assert QuietHours(20, 7).ends_after(moment) == ends


@pytest.mark.pure
def test_digests_come_on_working_mornings_and_the_weekly_one_on_the_first_of_the_week() -> None:
    def due(day: int, month: int, hour: int, nation: str = "England") -> set[tuple[How, date]]:
        until = news_until(datetime(2027, month, day, hour, tzinfo=UTC), nation) or {}
        return {(how, moment.date()) for how, moment in until.items()}

    assert due(11, 1, 7) == due(9, 1, 9) == set()
    assert due(11, 1, 8) == {(How.DAILY, date(2027, 1, 11)), (How.WEEKLY, date(2027, 1, 11))}
    assert due(13, 1, 8) == {(How.DAILY, date(2027, 1, 13)), (How.WEEKLY, date(2027, 1, 11))}
    # Easter Monday is no working day in England and one in Scotland.
    assert due(29, 3, 9) == set()
    assert due(29, 3, 9, "Scotland") == {(How.DAILY, date(2027, 3, 29)), (How.WEEKLY, date(2027, 3, 29))}
    assert due(30, 3, 9) == {(How.DAILY, date(2027, 3, 30)), (How.WEEKLY, date(2027, 3, 30))}


@pytest.mark.pure
def test_a_token_of_another_office_or_changed_by_a_letter_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Unsubscribed(UUID("01933333-0000-7000-8000-000000000001"), DIGESTS)
    token = unsubscribe_token("a secret", one)
    assert unsubscribed_by("a secret", token) == one
    changed = ("A" if token[3] != "A" else "B").join((token[:3], token[4:]))
    for other in (changed, token[:-4], "", "é", "x" * 65):
        assert unsubscribed_by("a secret", other) is None
    assert unsubscribed_by("another secret", token) is None


@pytest.mark.database
def test_whom_an_event_concerns_has_one_notice_of_it_however_often_it_is_heard(place: Place, post: Post) -> None:
    place.offer()
    post.hear()
    before = {(one.officer_id, one.kind) for one in notices(place)}
    assert before == {
        (place.lead.id, "pledge.offered"), (place.other_lead.id, "pledge.offered"),
        (place.authoriser.id, "pledge.asked"),
    }  # fmt: skip
    with place.app.app_context():
        from pipeline.db.listeners import _hear_batch

        _hear_batch(LISTENER, 0)
    assert len(notices(place)) == 3
    assert {one.about_id for one in notices(place)} == {place.project.id}


@pytest.mark.database
def test_who_wants_no_mail_of_a_kind_has_the_notice_alone(place: Place, post: Post, make: Factory) -> None:
    make.prefers(place.authoriser, waiting="never")
    place.offer()
    assert post.deliver().keys() == {"lead@eastmere.example", "other@eastmere.example"}
    assert [one.told_in for one in notices(place, officer_id=place.authoriser.id)] == [None]
    assert digest(place, post, MONDAY).keys() == set()


@pytest.mark.database
def test_nothing_is_sent_in_quiet_hours_and_then_all_of_it_together(place: Place, post: Post) -> None:
    office = Office(OFFICE.public_url, OFFICE.mail_from, OFFICE.secret_key, QuietHours(20, 7))
    post.sender = lambda: Sender(post.mailer, office)  # type: ignore[method-assign]
    with clock.at(datetime(2027, 1, 11, 21, tzinfo=UTC)):
        first, second = place.offer(3), place.offer(4)
        assert post.deliver() == {}
        assert {row.tries for row in post.outbox()} == {0}
    with clock.at(datetime(2027, 1, 12, 7, 1, tzinfo=UTC)):
        told = post.deliver()
    assert told.keys() == {"lead@eastmere.example", "other@eastmere.example", "authoriser@northborough.example"}
    email = told["lead@eastmere.example"]
    assert email["Subject"] == "2 things have happened"
    assert f"/pledges/{first.id}" in text_of(email)
    assert f"/pledges/{second.id}" in text_of(email)
    ended = unsubscribed_by(OFFICE.secret_key, email["List-Unsubscribe"].strip("<>").rpartition("/")[2])
    assert ended == Unsubscribed(place.lead.id, "part")
    assert all(row.sent_at for row in post.outbox())


@pytest.mark.database
def test_an_officer_may_have_other_quiet_hours_or_none(place: Place, post: Post, make: Factory) -> None:
    office = Office(OFFICE.public_url, OFFICE.mail_from, OFFICE.secret_key, QuietHours(20, 7))
    post.sender = lambda: Sender(post.mailer, office)  # type: ignore[method-assign]
    make.prefers(place.lead, quiet_first=0, quiet_last=0)
    with clock.at(datetime(2027, 1, 11, 21, tzinfo=UTC)):
        place.offer()
        assert post.deliver().keys() == {"lead@eastmere.example"}


@pytest.mark.database
def test_several_messages_that_were_not_marked_as_sent_go_again_as_the_same(
    place: Place, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.db import outbox

    place.offer(3), place.offer(4)
    post.hear()
    with killed(monkeypatch, outbox, "mark_sent", 1):
        post.send()
    once = [email["Message-ID"] for _address, email in post.mailer.sent]
    with clock.moved(timedelta(minutes=3)):
        post.send()
    sent = [email["Message-ID"] for _address, email in post.mailer.sent]
    assert len(sent) == 4
    assert len(set(sent)) == 3
    assert sent.count(once[0]) == 2


@pytest.mark.database
def test_what_came_since_a_sender_died_goes_by_itself(
    place: Place, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.db import outbox

    place.offer(3), place.offer(4)
    post.hear()
    with killed(monkeypatch, outbox, "mark_sent", 1):
        post.send()
    [(reader, first)] = post.mailer.sent
    place.offer(5)
    post.hear()
    with clock.moved(timedelta(minutes=3)):
        post.send()
    again, since = (email for address, email in post.mailer.sent[1:] if address == reader)
    if again["Message-ID"] != first["Message-ID"]:
        again, since = since, again
    assert (again["Message-ID"], again["Subject"]) == (first["Message-ID"], first["Subject"])
    assert since["Message-ID"] != first["Message-ID"]
    assert "2.5 days" in text_of(since)


@pytest.mark.database
def test_news_says_how_to_get_it_no_more_and_mail_about_an_account_does_not(place: Place, post: Post) -> None:
    place.offer()
    email = post.deliver()["authoriser@northborough.example"]
    assert email["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = email["List-Unsubscribe"].strip("<>")
    assert address.startswith("https://pipeline.example/unsubscribe/")
    ended = unsubscribed_by(OFFICE.secret_key, address.rpartition("/")[2])
    assert ended == Unsubscribed(place.authoriser.id, "waiting")
    assert "https://pipeline.example/account/notices" in text_of(email)
    lines = email.as_bytes().splitlines()
    assert f"List-Unsubscribe: <{address}>".encode() in lines
    assert max(len(line) for line in lines[lines.index(b"") :]) <= 78


@pytest.mark.database
def test_a_follower_has_one_line_for_a_project_in_one_digest(place: Place, post: Post, make: Factory) -> None:
    follower = make.officer(place.northborough, address="reader@northborough.example")
    make.follow(follower, "project", place.project.id, place.northborough, project_id=place.project.id)
    with clock.at(MONDAY - timedelta(days=3)):
        published(place, "One"), published(place, "Two")
        post.hear()
    told = digest(place, post, MONDAY)
    email = told["reader@northborough.example"]
    said = text_of(email)
    assert said.count("* ") == 1
    assert "and 1 more" in said
    assert "What moved" in said
    assert digest(place, post, MONDAY + timedelta(minutes=5)) == {}
    assert digest(place, post, MONDAY + timedelta(days=1)) == {}


@pytest.mark.database
def test_a_digest_begins_with_what_needs_its_reader_and_how_late_it_is(place: Place, post: Post, make: Factory) -> None:
    make.prefers(place.lead, waiting="daily", part="daily")
    with clock.at(MONDAY - timedelta(days=20)):
        pledge = place.offer()
        with place.acting(place.authoriser, place.northborough, Role.AUTHORISER) as work:
            from pipeline.pledges.actions import authorise_pledge
            from pipeline.pledges.rules import Capacity

            authorise_pledge(work, pledge_id=pledge.id, capacity=Capacity.BUDGET_HOLDER)
    with clock.at(MONDAY - timedelta(days=1)):
        place.offer(3)
        post.hear()
    said = text_of(digest(place, post, MONDAY)["lead@eastmere.example"])
    assert said.index("What needs you") < said.index("Accept or decline: Northborough") < said.index("What moved")
    assert "days late" in said


@pytest.mark.database
def test_a_digest_says_what_needs_its_reader_in_every_council_they_work_for(
    place: Place, post: Post, make: Factory
) -> None:
    make.prefers(place.lead, waiting="daily", part="daily")
    southmere = make.council("Southmere")
    make.membership(place.lead, southmere, Role.COUNCIL_ADMIN)
    with clock.at(MONDAY - timedelta(days=9)):
        make.membership(make.officer(), southmere, is_waiting=True)
    with clock.at(MONDAY - timedelta(days=1)):
        pledge = place.offer()
        with place.acting(place.authoriser, place.northborough, Role.AUTHORISER) as work:
            from pipeline.pledges.actions import authorise_pledge
            from pipeline.pledges.rules import Capacity

            authorise_pledge(work, pledge_id=pledge.id, capacity=Capacity.BUDGET_HOLDER)
        post.hear()
    said = text_of(digest(place, post, MONDAY)["lead@eastmere.example"])
    assert said.index("1 officer waits for a place (Southmere") < said.index("Accept or decline: Northborough")
    assert said.index("Accept or decline") < said.index("Eastmere)") < said.index("What moved")


@pytest.mark.database
def test_there_is_one_digest_a_day_also_where_a_worker_dies_or_two_are_at_it(
    place: Place, post: Post, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.notifications import digests

    monkeypatch.setattr(digests, "AT_A_TIME", 2)
    readers = [make.officer(place.northborough) for _ in range(5)]
    for reader in readers:
        make.follow(reader, "project", place.project.id, place.northborough, project_id=place.project.id)
    with clock.at(MONDAY - timedelta(days=1)):
        published(place)
        post.hear()
    with clock.at(MONDAY), place.app.app_context(), killed(monkeypatch, digests, "_make_some", 2):
        make_digests()
    assert len([row for row in post.outbox() if row.kind == "digest"]) == 4
    assert len(digest(place, post, MONDAY)) == 6  # with the other lead, who has a part in it
    assert digest(place, post, MONDAY) == {}
    assert all(one.told_in for one in notices(place))


@pytest.mark.database
def test_what_came_after_the_morning_waits_for_the_next(place: Place, post: Post, make: Factory) -> None:
    make.prefers(place.officer, following="daily")
    make.follow(place.officer, "project", place.project.id, place.northborough, project_id=place.project.id)
    with clock.at(MONDAY + timedelta(hours=1)):
        published(place)
        post.hear()
    assert digest(place, post, MONDAY + timedelta(hours=2)) == {}
    assert digest(place, post, MONDAY + timedelta(days=1)).keys() == {"officer@northborough.example"}


@pytest.mark.database
@pytest.mark.parametrize("change", ["removed", "hidden", "draft"])
def test_what_its_reader_may_not_know_of_any_more_is_in_no_digest(
    place: Place, post: Post, make: Factory, change: str
) -> None:
    make.follow(place.officer, "project", place.project.id, place.northborough, project_id=place.project.id)
    offered = place.offer()
    make.prefers(place.authoriser, waiting="daily")
    with clock.at(MONDAY - timedelta(days=1)):
        published(place)
        post.hear()
    with make.session() as session:
        project = session.get_one(Project, place.project.id)
        if change == "removed":
            for membership in session.scalars(select(Membership).where(Membership.council_id == place.northborough.id)):
                membership.ended_at = clock.now()
        else:
            project.is_hidden, project.is_public = change == "hidden", False
            project.status = "draft" if change == "draft" else project.status
    told = digest(place, post, MONDAY)
    assert "authoriser@northborough.example" not in told
    assert str(offered.id) not in "".join(text_of(one) for one in told.values())
    if change != "removed":  # what everybody may read is no secret from who has left a council
        assert told.keys() <= {"other@eastmere.example"}  # and the team may know of what is hidden


@pytest.mark.database
def test_of_what_is_muted_nobody_is_told_though_they_have_a_part_in_it(place: Place, post: Post, make: Factory) -> None:
    from pipeline.kernel.ids import new_id

    make.keep(
        Mute(
            id=new_id(), officer_id=place.lead.id, subject_type="project", subject_id=place.project.id,
            muted_at=clock.now(),
        )
    )  # fmt: skip
    place.offer()
    assert post.deliver().keys() == {"other@eastmere.example", "authoriser@northborough.example"}
    assert notices(place, officer_id=place.lead.id) == []


@pytest.mark.database
def test_each_follower_is_told_once_wherever_a_worker_dies(
    place: Place, post: Post, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fan_out, "AT_A_TIME", 3)
    followers = [make.officer(place.northborough) for _ in range(8)]
    for follower in followers:
        make.follow(follower, "project", place.project.id, place.northborough, project_id=place.project.id)
    published(place)
    with killed(monkeypatch, listener.fan_out, "begin", 1):
        post.hear()
    assert notices(place) == []
    later = 0
    for step, name in ((1, "keep_notices"), (2, "_tell_some"), (1, "_go_on")):
        later += 3
        with clock.moved(timedelta(minutes=later)), killed(monkeypatch, fan_out, name, step):
            post.hear()
    with clock.moved(timedelta(minutes=later + 3)):
        post.hear()
    told = [one.officer_id for one in notices(place, kind="update.published")]
    assert sorted(told) == sorted({*(one.id for one in followers), place.other_lead.id})
    with place.app.app_context(), housekeeping("notices") as session:
        assert session.scalars(select(FanOut)).all() == []


@pytest.mark.database
def test_publishing_costs_the_same_with_ten_followers_and_with_many(place: Place, make: Factory) -> None:
    def cost() -> int:
        with counted(place.app) as statements:
            published(place)
        return len(statements)

    with place.app.app_context():
        few = cost()
    for _ in range(30):
        make.follow(make.officer(), "project", place.project.id, project_id=place.project.id)
    with place.app.app_context():
        assert cost() == few


@pytest.mark.database
def test_a_batch_of_followers_takes_the_same_statements_however_many(place: Place, post: Post, make: Factory) -> None:
    def cost() -> int:
        published(place)
        with place.app.app_context():
            while hear(LISTENER):
                pass
            with counted(place.app) as statements:
                fan_out.tell_followers()
            while fan_out.tell_followers():
                pass
        return len(statements)

    make.follow(make.officer(), "project", place.project.id, project_id=place.project.id)
    few = cost()
    for _ in range(40):
        make.follow(make.officer(), "project", place.project.id, project_id=place.project.id)
    assert cost() == few


@pytest.mark.database
def test_a_new_project_is_told_to_who_follows_its_council_or_its_theme(place: Place, post: Post, make: Factory) -> None:
    from pipeline.notifications.searches import theme_id

    readers = {name: make.officer(address=f"{name}@elsewhere.example") for name in ("c", "t")}
    make.follow(readers["c"], "council", place.eastmere.id)
    make.follow(readers["t"], "theme", theme_id("housing"), terms="housing")
    make.follow(readers["c"], "theme", theme_id("housing"), terms="housing")
    draft = make.project(
        place.eastmere, place.lead, status="draft", title="Damp in homes", mode="flexible", decision_on=None
    )
    make.need(draft)
    with place.acting(place.lead, place.eastmere) as work:
        actions.publish_project(work, slug=str(draft.id), version=1)
    post.hear()
    told = [one.officer_id for one in notices(place, kind="project.new")]
    assert sorted(told) == sorted(one.id for one in readers.values())


@pytest.mark.database
def test_the_outbox_holds_one_message_for_each_notice_at_once(place: Place, post: Post) -> None:
    place.offer()
    post.hear()
    rows: list[OutboxMessage] = post.outbox()
    assert {one.told_in for one in notices(place)} == {row.id for row in rows}


@pytest.mark.database
def test_with_an_account_its_notices_and_what_was_chosen_about_them_go(place: Place, post: Post, make: Factory) -> None:
    from pipeline.accounts.actions.retention import erase_one

    make.prefers(place.authoriser, part="daily")
    make.follow(place.authoriser, "council", place.eastmere.id)
    place.offer()
    post.hear()
    assert len(notices(place, officer_id=place.authoriser.id)) == 1
    with place.app.app_context():
        erase_one(place.authoriser.id)
    post.hear()
    assert notices(place, officer_id=place.authoriser.id) == []
    with make.session() as session:
        assert session.scalars(select(MailPreference)).all() == []
        assert session.scalars(select(Follow)).all() == []


@pytest.mark.database
def test_notices_are_kept_for_a_year(place: Place, post: Post) -> None:
    place.offer()
    post.hear()
    with place.app.app_context():
        keep_to_period()
        assert len(notices(place)) == 3
        with clock.moved(timedelta(days=366)):
            keep_to_period()
    assert notices(place) == []
