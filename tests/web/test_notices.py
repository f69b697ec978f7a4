"""The pages of notices, of what one follows and mutes, and of which e-mails one gets."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel, Role
from pipeline.kernel.ids import new_id
from pipeline.notifications import unread
from pipeline.notifications.models import MailPreference, Mute, Notice
from pipeline.notifications.needs_me import needs_me
from pipeline.notifications.searches import Search, search_id
from pipeline.notifications.unsubscribing import Unsubscribed, unsubscribe_token
from pipeline.projects.models import Follow, Project
from pipeline.projects.visibility import KindOfViewer, ids_of
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient, typed_in
from tests.support.hot_statements import all_counted, plan_of
from tests.support.statements import counted

pytestmark = pytest.mark.database

USUAL = {
    "waiting": "at_once", "part": "at_once", "documents": "at_once", "council": "at_once", "following": "weekly",
    "quiet_first": "usual", "quiet_last": "7",
}  # fmt: skip


@dataclass
class Place:
    """An officer of Northborough, and a project of Eastmere they have notices about."""

    app: Flask
    make: Factory
    council: Council
    other: Council
    officer: Officer
    lead: Officer
    project: Project

    def client(self, officer: Officer | None = None, council: Council | None = None) -> CheckedClient:
        made = self.app.test_client()
        assert isinstance(made, CheckedClient)
        if officer is not None:
            self.make.signed_in(made, officer, council)
        return made

    @property
    def own(self) -> CheckedClient:
        return self.client(self.officer, self.council)

    def notice(self, kind: str = "project.going_ahead", **values: Any) -> Notice:
        defaults = {
            "id": new_id(), "officer_id": self.officer.id, "council_id": self.council.id, "kind": kind, "sort": "part",
            "about_type": "project", "about_id": self.project.id, "payload": {}, "made_at": clock.now(),
            "key": str(new_id()),
        }  # fmt: skip
        notice = Notice(**defaults | values)
        self.make.keep(notice)
        return notice

    def rows(self, table: Any) -> list[Any]:
        with self.make.session() as session:
            return list(session.scalars(select(table)))


def press(client: CheckedClient, path: str, action: str, **values: Any) -> int:
    """Press the button of the form on a page that posts to an address; returns the status of the answer."""
    forms = client.page(path).find_all("form", action=action)
    wanted = [
        form for form in forms if values.items() <= {name: one[0] for name, one in typed_in(form).items()}.items()
    ]
    return client.send_form(wanted[0], path).status_code


@pytest.fixture
def place(app: Flask, make: Factory) -> Place:
    """Two councils, a project, and somebody to be told."""
    council, other = make.council("Northborough"), make.council("Eastmere")
    lead = make.officer(other)
    return Place(app, make, council, other, make.officer(council), lead, make.project(other, lead, title="Repairs"))


def test_notices_about_one_thing_stand_together_and_are_read_together(place: Place) -> None:
    elsewhere = place.make.project(place.other, place.lead, title="Parking")
    for kind in ("project.going_ahead", "update.published"):
        place.notice(kind)
    place.notice(about_id=elsewhere.id)
    page = place.own.page("/notices")
    assert [one.get_text(" ", strip=True) for one in page.find_all("h2")[:2]] == ["Parking New", "Repairs New"]
    assert "3 notices you have not read" in place.own.page("/your-work").text
    assert press(place.own, "/notices", "/notices/read", about_id=str(place.project.id)) == 303
    assert "1 notice you have not read" in place.own.page("/your-work").text
    assert press(place.own, "/notices", "/notices/read") == 303
    assert "Not read yet" not in place.own.page("/notices").text


def test_the_head_of_every_page_says_how_many_notices_one_has_not_read_as_far_as_ninety_nine(place: Place) -> None:
    def said() -> str:
        [link] = place.own.page("/projects").select(".site-header__account a[href='/notices']")
        return link.get_text(" ", strip=True)

    assert said() == "Notices"
    place.notice(read_at=clock.now())
    place.notice(council_id=place.other.id)
    place.notice(officer_id=place.lead.id, council_id=place.other.id)
    place.notice()
    assert said() == "Notices (1) Not read yet"
    for _one in range(99):
        place.notice()
    with all_counted(place.app) as statements:
        assert said() == "Notices (99+) Not read yet"
    assert len([one for one in statements if "notice" in one]) == 1
    if place.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        viewer = Actor(Channel.WEB, place.officer.id, place.council.id)
        statement = unread.counting_unread(KindOfViewer.of(viewer), is_bounded=True)
        plan = plan_of(place.app, statement, **ids_of(viewer))
        assert any("ix_notice_unread" in step for step in plan)
        assert {step for step in plan if step.startswith("SCAN")} <= {"SCAN shown", "SCAN unread"}


def test_the_head_counts_what_the_page_of_notices_shows_and_nothing_out_of_sight(place: Place) -> None:
    def said() -> str:
        [link] = place.own.page("/projects").select(".site-header__account a[href='/notices']")
        return link.get_text(" ", strip=True)

    shelf = Shelf(place.make)
    shown = shelf.document(place.project, place.lead, "One.", slug="shown", title="Shown")
    hidden = shelf.document(
        place.project, place.lead, "Two.", slug="hidden", title="Hidden", is_public=False, is_hidden=True
    )
    need = place.make.need(place.project)
    seen = place.make.pledge(need, place.council, place.officer)
    unseen = place.make.pledge(need, place.make.council("Westmere"), place.lead)
    drafts = place.make.project(place.other, place.lead, status="draft")
    trial = place.make.project(place.other, place.lead, is_trial=True)
    documents = [("document", one.artefact) for one in (shown, hidden)]
    projects = [("project", one) for one in (drafts, trial, place.project)]
    for about_type, thing in (*documents, *projects, ("council", place.other)):
        place.notice(about_type=about_type, about_id=thing.id)
    place.notice(about_type=None, about_id=None, kind="role.given")
    for pledge in (seen, unseen):
        place.notice("pledge.offered", payload={"pledge_id": str(pledge.id), "side": "council"})
    place.notice("a.kind_of_long_ago")
    assert said() == "Notices (5) Not read yet"
    assert len(place.own.page("/notices").select(".rows > li")) == 5
    assert "5 notices you have not read" in place.own.page("/your-work").text


def test_a_page_of_notices_is_followed_by_the_next_and_takes_the_same_statements(place: Place) -> None:
    def cost() -> int:
        client = place.own
        client.page("/notices")
        with counted(place.app) as statements:
            client.page("/notices")
        return len(statements)

    start = clock.now()
    place.notice()
    few = cost()
    for number in range(35):
        place.notice(made_at=start - timedelta(minutes=number + 1))
    assert cost() == few
    first = place.own.page("/notices")
    following = first.find("a", rel="next")
    assert following is not None
    assert len(place.own.page(str(following["href"])).select(".rows > li")) == 6
    assert len(first.select(".rows > li")) == 30


def test_notices_of_pledges_say_which_pledge(place: Place) -> None:
    need = place.make.need(place.project, title="Talking to tenants")
    for half_days in (5, 1):
        pledge = place.make.pledge(need, place.other, place.lead, amount=half_days, status="authorised")
        place.notice("pledge.authorised", payload={"pledge_id": str(pledge.id)})
    said = [one.get_text() for one in place.own.page("/notices").select(".rows > li a")]
    name = place.other.short_name
    assert f"A pledge was authorised: {name}, 2.5 days, Talking to tenants" in said
    assert f"A pledge was authorised: {name}, half a day, Talking to tenants" in said


def test_what_one_may_not_know_of_any_more_is_in_no_list(place: Place) -> None:
    place.notice()
    pledge = place.make.pledge(place.make.need(place.project), place.other, place.lead, status="offered")
    place.notice("pledge.offered", payload={"pledge_id": str(pledge.id)})
    said = place.own.page("/notices").text
    assert "The project is going ahead" in said
    assert "has offered a pledge" not in said
    with place.make.session() as session:
        project = session.get_one(Project, place.project.id)
        project.is_hidden, project.is_public = True, False
    assert "You have no notices" in place.own.page("/notices").text


def test_notices_of_a_council_one_has_left_are_gone(place: Place) -> None:
    place.notice(council_id=place.other.id)
    assert "You have no notices" in place.own.page("/notices").text


def test_which_e_mails_one_gets_is_chosen_and_kept(place: Place) -> None:
    client = place.own
    form = client.page("/account/notices")
    assert form.find("select", id="following").find("option", selected=True)["value"] == "weekly"
    assert client.send("/account/notices", **USUAL | {"following": "daily", "quiet_first": "19"}).status_code == 303
    (row,) = place.rows(MailPreference)
    assert (row.following, row.waiting, row.quiet_first, row.quiet_last) == ("daily", "at_once", 19, 7)
    assert client.send("/account/notices", **USUAL | {"part": "hourly"}).status_code == 422
    assert client.send("/account/notices", **USUAL).status_code == 303
    assert place.rows(MailPreference)[0].quiet_first is None


def test_one_click_ends_mails_of_a_kind_without_signing_in_and_opening_the_page_does_not(place: Place) -> None:
    secret = place.app.config["SECRET_KEY"]
    path = f"/unsubscribe/{unsubscribe_token(secret, Unsubscribed(place.officer.id, 'waiting'))}"
    stranger = place.app.test_client()
    assert stranger.get(path).status_code == 200
    assert place.rows(MailPreference) == []
    answer = stranger.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    (row,) = place.rows(MailPreference)
    assert (row.waiting, row.part, row.following) == ("never", "at_once", "weekly")
    digests = unsubscribe_token(secret, Unsubscribed(place.officer.id, "digests"))
    assert stranger.post(f"/unsubscribe/{digests}").status_code == 200
    assert place.rows(MailPreference)[0].following == "never"
    assert stranger.post(f"/unsubscribe/{digests[:-3]}AAA").status_code == 404


def test_a_council_a_document_a_theme_and_a_search_are_followed_and_no_longer(place: Place) -> None:
    client = place.own
    searches = ("theme=housing", "q=damp&nation=Wales")
    Shelf(place.make).document(place.project, place.lead, "One.", slug="model", title="Model policy")
    paths = (
        f"/councils/{place.other.slug}/follow",
        "/documents/model/follow",
        *(f"/projects/follow?{one}" for one in searches),
    )
    for path in paths:
        assert client.page(path).find("h1") is not None
        assert client.send(path).status_code == 303
        assert client.send(path).status_code == 303
    assert sorted(one.subject_type for one in place.rows(Follow)) == ["council", "document", "search", "theme"]
    page = client.page("/your-work/following")
    for title in ("Eastmere Council", "Model policy", "Housing", "Projects, Wales, “damp”"):
        assert page.find("a", string=title) is not None, title
    assert client.send("/projects/follow").status_code == 422
    for one in place.rows(Follow):
        assert press(client, "/your-work/following", f"/follows/{one.id}/end") == 303
    assert "You follow nothing yet" in client.page("/your-work/following").text


def test_what_one_has_a_part_in_is_followed_by_itself_and_can_be_muted(place: Place) -> None:
    client = place.client(place.lead, place.other)
    assert "You are in its team" in client.page("/your-work/following").text
    assert press(client, "/your-work/following", "/mutes", subject_id=str(place.project.id)) == 303
    assert "Muted" in client.page("/your-work/following").text
    assert len(place.rows(Mute)) == 1
    assert press(client, "/your-work/following", "/mutes/end") == 303
    assert place.rows(Mute) == []
    hidden = place.make.project(place.council, status="draft")
    (form,) = client.page("/your-work/following").find_all("form", action="/mutes")
    assert client.send_form(form, "/your-work/following", subject_id=str(hidden.id)).status_code == 404


def test_nobody_ends_what_another_follows(place: Place) -> None:
    follow = place.make.follow(place.officer, "council", place.other.id)
    client = place.client(place.lead, place.other)
    (form,) = client.page("/your-work/following").find_all("form", action="/mutes")
    form["action"] = f"/follows/{follow.id}/end"
    client.send_form(form, "/your-work/following")
    assert len(place.rows(Follow)) == 1


def test_what_needs_one_stands_oldest_first_with_how_late_it_is_in_the_same_statements(place: Place) -> None:
    need = place.make.need(place.project)
    authoriser = place.make.officer(place.council, Role.AUTHORISER)

    def offered(days_ago: int, due_in: int) -> None:
        place.make.pledge(
            need, place.council, place.officer, offered_at=clock.now() - timedelta(days=days_ago),
            sign_off_by=clock.today() + timedelta(days=due_in), amount=days_ago,
        )  # fmt: skip

    def found() -> tuple[list[Any], int]:
        from pipeline.db.engine import database

        actor = Actor(Channel.WEB, authoriser.id, place.council.id, frozenset({Role.MEMBER, Role.AUTHORISER}))
        with place.app.app_context(), counted(place.app) as statements:
            return needs_me(Reading(database.session(), actor, datetime.now(UTC))), len(statements)

    offered(4, 3)
    (one,), few = found()
    assert str(one.when_words(clock.today() + timedelta(days=5))) == "2 days late"
    offered(10, 3), offered(6, 3)
    needed, many = found()
    assert many == few
    assert [one.since for one in needed] == sorted(one.since for one in needed)
    assert "Authorise or refuse: 5 days" in str(needed[0].words)
    muted = Mute(
        id=new_id(), officer_id=authoriser.id, subject_type="project", subject_id=place.project.id,
        muted_at=clock.now(),
    )  # fmt: skip
    place.make.keep(muted)
    assert len(found()[0]) == 3


def test_a_search_of_everything_is_followed_from_its_results_found_again_and_stopped(place: Place) -> None:
    client = place.own
    address = "/search/follow?kind=lesson&nation=Wales&q=damp"
    page = client.page("/search?q=damp&kind=lesson&nation=Wales&sort=newest")
    assert page.find("a", string="Follow this search")["href"] == address
    for path in ("/search", "/search?q=the", "/search?q=damp&kind=version"):
        assert client.page(path).find("a", string="Follow this search") is None
    assert "Lessons, Wales, “damp”" in client.page(address).text
    for _twice in range(2):
        assert client.send(address).status_code == 303
    (link,) = client.page("/your-work/following").find_all("a", string="Lessons, Wales, “damp”")
    assert link["href"] == "/search?kind=lesson&nation=Wales&q=damp"
    assert client.page(str(link["href"])).find("input", id="filter-q")["value"] == "damp"
    assert [client.send(f"/search/follow?{one}").status_code for one in ("", "q=damp&kind=version")] == [422, 422]
    (follow,) = place.rows(Follow)
    assert press(client, "/your-work/following", f"/follows/{follow.id}/end") == 303
    assert place.rows(Follow) == []


def test_who_is_not_signed_in_is_led_to_it_and_back_to_the_search(place: Place) -> None:
    stranger = place.app.test_client()
    assert "/search/follow?q=damp" in stranger.get("/search?q=damp").text
    answer = stranger.get("/search/follow?q=damp")
    assert answer.status_code in (302, 303)
    assert "next=" in answer.headers["Location"]
    assert "search" in answer.headers["Location"]


def test_a_notice_of_what_a_search_found_names_the_search_and_leads_to_the_thing(place: Place) -> None:
    search = Search("damp", {"kind": "lesson"})
    place.make.follow(place.officer, "search", search_id(search.terms), terms=search.terms)
    project_id, lesson_id = str(place.project.id), str(new_id())
    for found in ("lesson", "need"):
        payload = {
            "found": found, "found_id": lesson_id, "project_id": project_id, "search_id": str(search_id(search.terms)),
        }  # fmt: skip
        place.notice("search.found", sort="following", payload=payload)
    page = place.own.page("/notices")
    assert page.find("a", string="Lesson for your search: Lessons, “damp”")["href"] == f"/lessons/{lesson_id}"
    need = page.find("a", string="Need for your search: Lessons, “damp”")
    assert need["href"] == f"/projects/{place.project.slug}#need-{lesson_id}"
    (follow,) = place.rows(Follow)
    press(place.own, "/your-work/following", f"/follows/{follow.id}/end")
    assert "Something new for a search you follow" in place.own.page("/notices").text
