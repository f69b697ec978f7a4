"""Searches that are followed: whatever is new and public is told to whose search finds it, once, in rounds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from pipeline.accounts.models import Officer
from pipeline.db.listeners import hear
from pipeline.db.work import housekeeping
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.lessons import actions as of_lessons
from pipeline.notifications import finding
from pipeline.notifications.digests import make_digests
from pipeline.notifications.fan_out import tell_followers
from pipeline.notifications.listener import LISTENER
from pipeline.notifications.models import FanOut, Notice
from pipeline.notifications.search_words import search_in_words
from pipeline.notifications.searches import Search, search_id
from pipeline.projects import actions
from pipeline.projects.models import Project, Update
from pipeline.search.index import rebuild_index, renew, renew_later
from pipeline.search.listener import LISTENER as INDEX
from pipeline.search.models import EntryKind
from tests.factories import Factory
from tests.notifications.conftest import Place, Post
from tests.support.statements import counted


@dataclass
class Followers:
    """Officers elsewhere who follow searches, and what they are told."""

    place: Place
    make: Factory

    def of(self, words: str = "", **narrowed: Any) -> Officer:
        """Somebody who follows a search of everything."""
        return self.follow(Search(words, narrowed))

    def of_projects(self, words: str = "", **narrowed: Any) -> Officer:
        """Somebody who follows a search for projects."""
        return self.follow(Search(words, narrowed, is_of_projects=True))

    def follow(self, search: Search, officer: Officer | None = None) -> Officer:
        officer = officer or self.make.officer()
        self.make.follow(officer, "search", search_id(search.terms), terms=search.terms)
        return officer

    def index(self) -> None:
        """Let the index hear of everything, and write what it left."""
        with self.place.app.app_context():
            while hear(INDEX) or renew():
                pass

    def next_round(self) -> None:
        """Let the next round of the searches come."""
        self.index()
        with self.place.app.app_context():
            while hear(LISTENER):
                pass
            with clock.at(clock.now() + finding.ROUND):
                while tell_followers():
                    pass

    def told(self, officer: Officer) -> list[str]:
        """The kinds of what an officer was told that a search of theirs found."""
        with self.place.app.app_context(), housekeeping("notices") as session:
            query = select(Notice).where(Notice.officer_id == officer.id, Notice.kind == finding.KIND)
            return [one.payload["found"] for one in session.scalars(query.order_by(Notice.id))]


@pytest.fixture
def followers(place: Place, make: Factory) -> Followers:
    return Followers(place, make)


def publish_project(place: Place, make: Factory, title: str, **values: Any) -> Project:
    """A lead publishes a project that needs somebody."""
    usual = {"status": "draft", "mode": "flexible", "decision_on": None}
    draft = make.project(place.eastmere, place.lead, title=title, **usual | values)
    make.need(draft, title="Somebody who measures", is_essential=True)
    with place.acting(place.lead, place.eastmere) as work:
        return actions.publish_project(work, slug=str(draft.id), version=1)


def publish_update(place: Place, title: str) -> UUID:
    """A lead publishes an update of the project."""
    slug = str(place.project.slug)
    with place.acting(place.lead, place.eastmere) as work:
        draft = actions.draft_update(work, slug=slug, title=title, body=written("Some news."))
    with place.acting(place.lead, place.eastmere) as work:
        return actions.publish_update(work, update_id=draft.id, version=1).id


@pytest.mark.database
def test_everything_new_is_told_to_whose_search_finds_it_whatever_it_is(
    place: Place, make: Factory, followers: Followers
) -> None:
    by_words, other_words = followers.of("measuring damp"), followers.of("parking")
    lessons, wales = followers.of("damp", kind="lesson"), followers.of(nation="Wales", theme="housing")
    publish_update(place, "We measured the damp")
    followers.next_round()
    assert [followers.told(one) for one in (by_words, other_words, lessons, wales)] == [["update"], [], [], []]
    lesson = make.lesson(place.project, place.lead, place.eastmere, title="Damp measures", status="draft")
    with place.acting(place.lead, place.eastmere) as work:
        of_lessons.publish_lesson(work, slug=str(lesson.id), version=1)
    followers.next_round()
    assert followers.told(by_words) == ["update", "lesson"]
    assert (followers.told(lessons), followers.told(other_words)) == (["lesson"], [])


@pytest.mark.database
def test_words_are_met_as_search_meets_them(place: Place, make: Factory, followers: Followers) -> None:
    finding_it = {
        "in another form": followers.of("measures of damps"),
        "as a phrase": followers.of('"damp homes"'),
        "by another name": followers.of("mould homes"),
        "as the beginning of a word": followers.of("damp hygromet"),
        "in Welsh letters and capitals": followers.of("DÂMP"),
    }
    not_finding = [
        followers.of('"homes damp"'), followers.of("damp libraries"), followers.of("the"), followers.of("% ' \" * :"),
        followers.of_projects("the"),
    ]  # fmt: skip
    publish_project(place, make, "Damp homes and hygrometers", summary="Measuring it")
    followers.next_round()
    assert {why: followers.told(one) for why, one in finding_it.items()} == {why: ["project"] for why in finding_it}
    assert [followers.told(one) for one in not_finding] == [[]] * len(not_finding)


@pytest.mark.database
def test_a_search_for_projects_that_was_followed_before_works_as_it_did(
    place: Place, make: Factory, followers: Followers
) -> None:
    found = [
        followers.of_projects("damp", nation="England"), followers.of_projects(need_kind="time", status="open"),
        followers.of_projects(council="eastmere"), followers.of_projects(theme="housing", kind=place.eastmere.kind),
        followers.of_projects("damp", decision_before=clock.today() + timedelta(days=90)),
    ]  # fmt: skip
    others = [followers.of_projects("damp", nation="Wales"), followers.of_projects("damp", council="northborough")]
    decision_on = clock.today() + timedelta(days=60)
    publish_project(place, make, "Damp in homes", mode="all_or_nothing", decision_on=decision_on)
    publish_update(place, "No project: news of damp")
    followers.next_round()
    assert [followers.told(one) for one in found] == [["project"]] * len(found)
    assert [followers.told(one) for one in others] == [[], []]


@pytest.mark.database
def test_one_event_is_one_notice_however_many_of_ones_searches_find_it(
    place: Place, make: Factory, followers: Followers
) -> None:
    reader = followers.of("damp")
    for search in (Search("homes", {}), Search("", {"theme": "housing"}), Search("measures", {"kind": "need"})):
        followers.follow(search, reader)
    needs = followers.of("measures", kind="need")
    publish_project(place, make, "Damp in homes")
    followers.next_round()
    followers.next_round()
    assert followers.told(reader) == ["project"]
    assert followers.told(needs) == ["need"]


@pytest.mark.database
def test_what_is_edited_hidden_or_shown_again_and_an_index_made_anew_tell_nobody_twice(
    place: Place, make: Factory, followers: Followers
) -> None:
    reader = followers.of("damp")
    update_id = publish_update(place, "Damp was measured")
    followers.next_round()
    with place.acting(place.lead, place.eastmere) as work:
        actions.change_update(work, update_id=update_id, title="Damp again", body=written("More damp."), version=2)
    with place.app.app_context():
        rebuild_index()
    followers.next_round()
    assert followers.told(reader) == ["update"]


@pytest.mark.database
def test_what_is_hidden_a_draft_or_a_trial_is_never_told(place: Place, make: Factory, followers: Followers) -> None:
    reader = followers.of("damp")
    update_id = publish_update(place, "Damp was measured")
    with make.session() as session:
        session.execute(update(Update).where(Update.id == update_id).values(status="hidden"))
    make.update(place.project, place.lead, place.eastmere, title="Damp draft", status="draft")
    make.project(place.eastmere, place.lead, title="Damp trial", is_trial=True)
    followers.next_round()
    assert followers.told(reader) == []


@pytest.mark.database
def test_what_was_hidden_since_is_not_mailed_and_what_is_mailed_names_the_search_and_the_thing(
    place: Place, make: Factory, post: Post, followers: Followers
) -> None:
    reader = followers.of("damp", kind="update")
    make.prefers(reader, following="at_once")
    publish_update(place, "Damp was measured")
    followers.next_round()
    with clock.moved(2 * finding.ROUND):
        post.send()
    ((address, email),) = post.mailer.sent
    assert (address, email["Subject"]) == (
        reader.address, "New for your search Updates, “damp”. Update: Damp was measured",
    )  # fmt: skip
    second = publish_update(place, "Damp is back")
    followers.next_round()
    with make.session() as session:
        session.execute(update(Update).where(Update.id == second).values(status="hidden"))
    with clock.moved(2 * finding.ROUND):
        post.send()
    assert len(post.mailer.sent) == 1


@pytest.mark.database
def test_what_searches_found_stands_in_the_digest_as_new(
    place: Place, make: Factory, post: Post, followers: Followers
) -> None:
    reader = followers.of("damp")
    with clock.at(datetime(2027, 1, 8, 10, tzinfo=UTC)):
        publish_update(place, "Damp was measured")
        followers.next_round()
    with clock.at(datetime(2027, 1, 11, 9, tzinfo=UTC)):
        with place.app.app_context():
            make_digests()
        post.send()
    text = dict(post.mailer.sent)[reader.address].get_body(("plain",)).get_content()
    assert "New for your search “damp”. Update: Damp was measured" in text.partition("New in what you follow")[2]


@pytest.mark.database
def test_who_follows_a_search_after_something_is_published_is_not_told_of_it(
    place: Place, make: Factory, followers: Followers
) -> None:
    early = followers.of("damp")
    with clock.moved(timedelta(minutes=-1)):
        publish_update(place, "Damp was measured")
    with make.session() as session:
        from pipeline.projects.models import Follow

        session.execute(update(Follow).values(followed_at=clock.now() - timedelta(hours=1)))
    late = followers.of("damp")
    followers.next_round()
    assert (followers.told(early), followers.told(late)) == (["update"], [])


@pytest.mark.database
def test_a_round_waits_for_the_index_and_loses_nothing(place: Place, make: Factory, followers: Followers) -> None:
    reader = followers.of("damp")
    publish_update(place, "Damp was measured")
    with place.app.app_context():
        while hear(LISTENER):
            pass
        with clock.moved(finding.ROUND):
            while tell_followers():
                pass
        assert followers.told(reader) == []
        with housekeeping("search") as session:
            renew_later(session, [EntryKind.UPDATE])
        while hear(INDEX):
            pass
        with clock.moved(2 * finding.ROUND):
            while tell_followers():
                pass
        assert followers.told(reader) == []
        while renew():
            pass
        with clock.moved(3 * finding.ROUND):
            while tell_followers():
                pass
    assert followers.told(reader) == ["update"]


@contextmanager
def statements_of(place: Place) -> Iterator[Callable[[], int]]:
    """How many statements about searches a round takes."""
    with place.app.app_context():
        while hear(LISTENER) or hear(INDEX) or renew():
            pass
        with clock.moved(finding.ROUND), counted(place.app) as statements:
            while tell_followers():
                pass
            of_searches = [one for one in statements if "search_entry" in one or "follow.terms" in one]
            yield lambda: len(of_searches)


@pytest.mark.database
def test_an_event_costs_the_same_however_many_searches_and_a_round_however_many_events(
    place: Place, make: Factory, followers: Followers
) -> None:
    followers.of("parking")
    costs = []
    for events, more in ((1, 0), (6, 0), (1, 30)):
        for number in range(more):
            followers.of(f"parking{number}")
        for number in range(events):
            publish_update(place, f"Damp {number}")
        with statements_of(place) as cost:
            costs.append(cost())
    one, of_six, many_searches = costs
    assert many_searches == one
    assert of_six == one
    with place.app.app_context(), housekeeping("notices") as session:
        assert session.scalars(select(FanOut)).all() == []


@pytest.mark.database
def test_searches_are_gone_through_some_at_a_time_and_each_follower_is_told_once(
    place: Place, make: Factory, followers: Followers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "SEARCHES_AT_A_TIME", 2)
    readers = [followers.of(words) for words in ("damp", "measured", "damp measured", "parking", "update damp")]
    publish_update(place, "Damp update: measured")
    followers.next_round()
    assert [followers.told(one) for one in readers] == [["update"], ["update"], ["update"], [], ["update"]]


@pytest.mark.database
def test_more_that_is_new_than_one_step_takes_is_told_all_the_same(
    place: Place, make: Factory, followers: Followers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_THINGS", 3)
    reader = followers.of("damp")
    for number in range(3):
        publish_project(place, make, f"Damp {number}")
    publish_update(place, "Damp was measured")
    followers.next_round()
    assert sorted(followers.told(reader)) == ["project", "project", "project", "update"]


def test_a_search_is_the_same_whichever_way_round_it_is_asked_and_is_named_by_what_it_asks() -> None:
    one = Search("damp", {"nation": "Wales", "kind": "lesson"})
    other = Search.of_terms(Search("damp", {"kind": "lesson", "nation": "Wales"}).terms)
    assert (one.terms, one.path) == (other.terms, "/search?kind=lesson&nation=Wales&q=damp")
    of_projects = Search.of_terms("decision_before=2027-01-31&need_kind=time&open_needs=true&q=damp")
    assert of_projects.is_of_projects
    assert of_projects.path == "/projects?decision_before=2027-01-31&need=time&open_needs=true&q=damp"
    assert search_in_words(one, "en") == "Lessons, Wales, “damp”"
    assert search_in_words(one, "cy") == "Gwersi, Cymru, “damp”"
    said = search_in_words(of_projects, "en")
    assert said == "Projects, Deciding before 31 January 2027, Officer time, With needs that take pledges, “damp”"
    assert search_id(one.terms) != search_id(Search("damp", {"nation": "Wales", "kind": "lesson"}, True).terms)
