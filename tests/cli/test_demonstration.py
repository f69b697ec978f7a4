"""`flask demonstration`: what is made up happens by the same rules as all else, once, and never in production."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership, Officer
from pipeline.artefacts.merge import merge
from pipeline.artefacts.models import Adoption, Artefact, ChecklistAnswers, Merge, Suggestion, Version
from pipeline.cli import demonstration
from pipeline.cli.demonstration_data import documents_kept, made_up
from pipeline.cli.demonstration_data.passing_on import BENCHES, FLY_TIPPING
from pipeline.cli.demonstration_data.recorded import recorded_projects
from pipeline.cli.demonstration_data.story import Story
from pipeline.cli.search_measure import FIRST, Asked, answers, recall
from pipeline.comments.models import Comment
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.log import LoggedEvent
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.lessons.models import Lesson, LessonUse
from pipeline.moderation.models import Report
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.projects.handover_models import Handover
from pipeline.projects.models import Check, Need, Project, ProjectPartner, Update
from pipeline.search.index import rebuild_index
from pipeline.webhooks.models import Webhook, WebhookDelivery
from tests.artefacts.factories import Shelf
from tests.conftest import empty
from tests.factories import Factory

pytestmark = pytest.mark.database
UNSEEN = Path(__file__).parents[1] / "search" / "unseen.csv"
"""Projects that are not in the demonstration, each with questions it answers."""


def load(app: Flask) -> str:
    """Run the command and return what it said. The licences are what the migration brings: tests begin without."""
    Shelf(Factory(app)).licences()
    result = app.test_cli_runner().invoke(args=["demonstration", "load"])
    assert result.exit_code == 0, result.output
    return result.output


def number_of(session: Session, table: type) -> int:
    """How many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_demonstration_is_loaded_whole_and_once(app: Flask) -> None:
    assert "made-up councils" in load(app)
    with app.app_context(), housekeeping("jobs") as session:
        check_people(session)
        check_projects(session)
        check_pledges(session)
        check_what_waits(session)
        check_updates(session)
        check_passing_on(session)
        check_documents(session)
        check_copies(session)
        check_checklist(session)
        check_lessons(session)
        check_webhooks(session)
        check_log(session)
        events = number_of(session, LoggedEvent)
    for command in ("reconcile", "check"):
        result = app.test_cli_runner().invoke(args=[command])
        assert result.exit_code == 0, result.output
    assert load(app) == "The demonstration is there already.\n"
    with app.app_context(), housekeeping("jobs") as session:
        assert number_of(session, LoggedEvent) == events
    check_search(app)


def check_people(session: Session) -> None:
    """Everybody is there, in their place, and nobody has a password."""
    officers = {officer.address: officer for officer in session.scalars(select(Officer))}
    assert officers.keys() == {one.address for one in made_up.OFFICERS}
    assert {officer.password_hash for officer in officers.values()} == {"!"}
    assert number_of(session, Membership) == sum(one.council is not None for one in made_up.OFFICERS)
    made = session.scalars(select(Council).where(Council.is_made_up)).all()
    assert {council.slug for council in made} == {one.slug for one in (*made_up.COUNCILS, *made_up.SUCCESSORS)}
    assert all(council.gss_code is None for council in made)
    active = session.scalar(select(func.count()).where(Council.is_active, Council.is_made_up.is_(False)))
    assert active == 398


def check_projects(session: Session) -> None:
    """Each project stands where its story says."""
    told = select(Project).where(Project.is_made_up, Project.keeps_documents.is_(False))
    projects = {one.title: one for one in session.scalars(told)}
    assert {title: one.status for title, one in projects.items()} == {one.title: one.status for one in made_up.PROJECTS}
    for one in made_up.PROJECTS:
        project = projects[one.title]
        assert project.is_public == (one.status != "draft" and not one.is_trial), one.key
        assert not project.is_recorded
    past = session.scalars(select(Project).where(Project.is_recorded)).all()
    assert len(past) == len(list(recorded_projects()))
    assert all((one.status, one.is_public, one.is_made_up) == ("finished", True, False) for one in past)
    assert all(one.sources and one.slug for one in past)
    assert any(one.phase is None for one in past)
    assert number_of(session, ProjectPartner) > 50


def check_pledges(session: Session) -> None:
    """Pledges stand as told, and their sums are right."""
    told = Counter(pledge.status for project in made_up.PROJECTS for pledge in project.pledges)
    assert Counter(session.scalars(select(Pledge.status))) == told
    uncommitted = ("offered", "authorised", "accepted")
    for need in session.scalars(select(Need)):
        held = session.scalar(
            select(func.coalesce(func.sum(Pledge.amount - Pledge.broken - Pledge.released), 0)).where(
                Pledge.need_id == need.id, Pledge.status.in_(uncommitted) | Pledge.committed_at.is_not(None)
            )
        )
        assert need.held == held, need.title
    today = clock.today()
    waiting = session.scalars(select(Pledge).where(Pledge.status == "offered")).all()
    assert all(pledge.sign_off_by >= today for pledge in waiting)


def check_what_waits(session: Session) -> None:
    """A sum is a penny short, two wait for each other, three on a staircase; one answer would make a test pass."""

    def of(key: str) -> tuple[Project, list[Pledge]]:
        told = next(one for one in made_up.PROJECTS if one.key == key)
        project = session.scalars(select(Project).where(Project.title == told.title)).one()
        rows = session.scalars(select(Pledge).where(Pledge.project_id == project.id).order_by(Pledge.offered_at)).all()
        return project, [one for one in rows if one.kind == "funding" or key != "interpreters"]

    assert [one.is_counting for one in of("interpreters")[1]] == [True, False, False]
    project, pair = of("out-of-hours")
    assert ([one.is_counting for one in pair], project.councils) == ([False, False], 0)
    assert set(pair[1].would_begin) == {str(one.id) for one in pair}
    assert [one.is_counting for one in of("night-visits")[1]] == [False, False, False]
    project, pledges = of("noise-evenings")
    assert project.would_pass == [str(one.id) for one in pledges if one.status == "authorised"]
    assert session.get_one(Project, project.continues_id).status == "lapsed"
    ways = Counter(session.scalars(select(Authorisation.way).where(Authorisation.set_aside_at.is_(None))))
    assert (ways["named"], ways["standing-rule"]) == (1, 1)
    assert session.scalar(select(func.count()).where(Authorisation.set_aside_at.is_not(None))) == 1


def check_passing_on(session: Session) -> None:
    """One project is quiet, one looks for a lead, one is on its way; a council has taken the place of another."""
    silent = select(Project.title, Project.freshness).where(Project.freshness != "fresh", Project.is_public)
    assert dict(session.execute(silent).all()) == {
        BENCHES.title: "quiet", FLY_TIPPING.title: "looking_for_lead",
    }  # fmt: skip
    assert session.scalars(select(Handover.status)).all() == ["asked"]
    pledged_as = select(Council.slug).join(Pledge, Pledge.pledged_as_id == Council.id)
    assert session.scalars(pledged_as).all() == ["saltreed"]
    merged = select(Council.slug, Council.is_active).where(Council.slug.in_(["saltreed", "westreed"]))
    assert dict(session.execute(merged).all()) == {"saltreed": False, "westreed": True}


def check_updates(session: Session) -> None:
    """Updates are published as told; a colleague is asked to check where told."""
    told = [update for project in made_up.PROJECTS for update in project.updates]
    published = sum(update.published_days_ago is not None for update in told)
    hidden = session.scalars(select(Update.title).where(Update.status == "hidden")).all()
    assert hidden == ["A week of bookings, name by name"]
    assert session.scalar(select(func.count()).where(Update.status == "published")) == published - len(hidden)
    assert session.scalar(select(func.count()).where(Report.status == "waiting")) == 1
    assert session.scalar(select(func.count(Comment.id))) == 3
    assert number_of(session, Update) == len(told)
    assert number_of(session, Check) == sum(update.checker is not None for update in told)


def document(session: Session, key: str) -> Artefact:
    """A document by the key of its acts."""
    return session.scalars(select(Artefact).where(Artefact.title == made_up.TITLES[key])).one()


def check_documents(session: Session) -> None:
    """Every document is there and public; one version is withdrawn; English and Welsh are a pair of equal standing."""
    documents = {one.title: one for one in session.scalars(select(Artefact))}
    assert documents.keys() == set(made_up.TITLES.values())
    assert all(one.is_public and one.is_made_up and one.slug for one in documents.values())
    assert document(session, "policy").current_number == 5
    withdrawn = session.scalars(select(Version).where(Version.status == "withdrawn")).one()
    speaking, siarad = document(session, "speaking"), document(session, "siarad")
    assert (withdrawn.artefact_id, withdrawn.number, speaking.current_number) == (speaking.id, 1, 2)
    assert (speaking.pair_id, siarad.pair_id, siarad.language) == (siarad.id, speaking.id, "cy")
    assert session.scalars(select(Version.matches_id).where(Version.artefact_id == siarad.id)).one() is not None
    kept = session.scalars(select(Project).where(Project.keeps_documents)).all()
    assert {one.council_id for one in kept} == {one.council_id for one in documents.values()}


def check_copies(session: Session) -> None:
    """One copy is a version behind with a clash waiting, one is up to date; a suggestion waits, one is in a version."""
    policy, eastmere = document(session, "policy"), document(session, "eastmere")
    assert (policy.as_is, policy.adapted, policy.copies) == (2, 2, 2)
    numbers = {one.id: one.number for one in session.scalars(select(Version).where(Version.artefact_id == policy.id))}
    used = session.execute(
        select(Adoption.standing, Adoption.version_id).where(Adoption.artefact_id == policy.id)
    ).all()  # fmt: skip
    assert sorted((one.standing, numbers[one.version_id]) for one in used) == [
        ("adapted", 4), ("adapted", 5), ("as_is", 4), ("as_is", 5),
    ]  # fmt: skip
    waiting = session.scalars(select(Merge).where(Merge.status == "open")).one()
    texts = [session.get_one(Version, one).text for one in (waiting.base_id, waiting.theirs_id)]
    clash = merge(*texts, waiting.ours_text).clashes[0]
    assert waiting.artefact_id == eastmere.id
    assert "two working days" in clash.ours
    assert "four hours" in clash.theirs
    suggestions = {one.status: one for one in session.scalars(select(Suggestion))}
    assert suggestions.keys() == {"made", "published"}
    credited = session.scalars(select(Version).where(Version.artefact_id == policy.id, Version.number == 4)).one()
    assert suggestions["published"].published_in_id == credited.id
    assert [one["council_id"] for one in credited.credits] == [str(eastmere.council_id)]


def check_checklist(session: Session) -> None:
    """Three councils publish their answers; one of them to the version before, one with a point to check again."""
    rows = session.scalars(select(ChecklistAnswers).where(ChecklistAnswers.published_at.is_not(None))).all()
    numbers = {one.id: one.number for one in session.scalars(select(Version))}
    assert sorted(numbers[one.published_version_id] for one in rows if one.published_version_id) == [1, 2, 2]
    assert all(one.met + one.partly + one.not_yet + one.not_applicable >= 11 for one in rows)
    assert sum(answer["check_again"] for one in rows for answer in one.answers.values()) == 1


def check_lessons(session: Session) -> None:
    """A dozen lessons: pinned ones, used ones, some answered by a later version, some with a reply."""
    lessons = session.scalars(select(Lesson)).all()
    assert len(lessons) == 12
    assert {one.status for one in lessons} == {"published"}
    assert {one.outcome for one in lessons} == {"worked", "partly", "did_not_work", "too_early"}
    assert sum(one.version_id is not None for one in lessons) == 5
    assert sum(one.answered_by_id is not None for one in lessons) == 2
    assert sum(bool(one.reply) for one in lessons) == 2
    assert sum(one.used_by for one in lessons) == number_of(session, LessonUse) == 8


def check_webhooks(session: Session) -> None:
    """A webhook was told of what its council does; one message came at the second try, and one never got through."""
    (webhook,) = session.scalars(select(Webhook)).all()
    assert (webhook.status, webhook.address) == ("active", made_up.WEBHOOKS[0].address)
    told = session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.created_at)).all()
    ways = Counter((one.status, one.answer_status, one.tries) for one in told)
    assert (ways["failed", 422, 10], ways["delivered", 204, 2]) == (1, 1)
    assert ways["delivered", 204, 1] == len(told) - 2 > 5
    assert all(one.tried_at >= one.created_at >= webhook.made_at for one in told)


def check_log(session: Session) -> None:
    """The log reads in order of time, without gaps, and nothing in it is yet to come."""
    rows = session.execute(select(LoggedEvent.sequence, LoggedEvent.occurred_at).order_by(LoggedEvent.sequence)).all()
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    moments = [row.occurred_at for row in rows]
    assert moments == sorted(moments)
    assert moments[-1] <= clock.now()


def test_an_interrupted_loading_goes_on_where_it_stopped(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    projects = tuple(project for project in made_up.PROJECTS if project.council in ("eastmere", "northborough"))
    monkeypatch.setattr(demonstration, "PROJECTS", projects)
    monkeypatch.setattr(demonstration, "DOCUMENT_ACTS", documents_kept.ACTS)
    monkeypatch.setattr(demonstration.register, "rows", lambda: iter(()))
    monkeypatch.setattr(demonstration, "recorded_projects", lambda: iter(()))
    tell = Story.tell

    def stop_at(step: int) -> None:
        def told(done: int, _of: int) -> None:
            if done == step:
                raise KeyboardInterrupt

        def tell_until(story: Story, all_of_them: Any, _told: Any, *rest: Any, **more: Any) -> None:
            tell(story, all_of_them, told, *rest, **more)

        monkeypatch.setattr(Story, "tell", tell_until)

    Shelf(Factory(app)).licences()
    for step in (5, 20, 45, 90):
        stop_at(step)
        assert app.test_cli_runner().invoke(args=["demonstration", "load"]).output.strip().endswith("Aborted!")
    monkeypatch.setattr(Story, "tell", tell)
    load(app)
    with app.app_context(), housekeeping("jobs") as session:
        told_of = select(Project.title).where(Project.keeps_documents.is_(False))
        assert Counter(session.scalars(told_of)) == Counter(project.title for project in projects)
        check_documents(session)
        check_copies(session)
        check_checklist(session)
        told = Counter(pledge.status for project in projects for pledge in project.pledges)
        assert Counter(session.scalars(select(Pledge.status))) == told
        assert number_of(session, Update) == sum(len(project.updates) for project in projects)


def test_production_refuses_made_up_people(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], pipeline_mode="production"))
    for command in ("load", "people"):
        result = app.test_cli_runner().invoke(args=["demonstration", command])
        assert result.exit_code == 1
        assert "never go into production" in result.output
    with app.app_context(), housekeeping("jobs") as session:
        assert number_of(session, Officer) == 0


def test_people_says_where_to_sign_in_and_as_whom(app: Flask) -> None:
    output = app.test_cli_runner().invoke(args=["demonstration", "people"]).output
    assert "/demonstration" in output
    assert [line.split()[0] for line in output.splitlines()[1:]] == [
        one.address for one in made_up.OFFICERS if one.can_be is not None
    ]


def test_a_demonstration_loaded_another_day_looks_as_fresh(
    applications: Callable[[str], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weekends, bank holidays and months fall elsewhere; the rules still hold for every step."""
    app = applications("sqlite")
    empty(app)
    monkeypatch.setattr(demonstration.register, "rows", lambda: iter(()))
    monkeypatch.setattr(demonstration, "recorded_projects", lambda: iter(()))
    with clock.moved(timedelta(days=37)):
        load(app)


def check_search(app: Flask) -> None:
    """What officers ask for in their own words is among the first five: of what is here, and of what came later."""
    assert app.test_cli_runner().invoke(args=["search", "rebuild"]).exit_code == 0
    measured = app.test_cli_runner().invoke(args=["search", "measure"])
    assert measured.exit_code == 0, measured.output
    with UNSEEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    make = Factory(app)
    council, right = make.council(), defaultdict(list)
    for row in rows:
        texts = {name: row[name] for name in ("title", "summary", "problem")}
        slug = make.project(council, themes=tuple(row["themes"].split(";")), **texts).slug
        for question in row["questions"].split("|"):
            right[question].append(str(slug))
    asked = [Asked(question, "project", tuple(slugs)) for question, slugs in right.items()]
    with app.app_context():
        rebuild_index()
        given = answers(database.session(), asked)
    assert recall(given) >= 0.9, [one.asked.question for one in given if one.rank is None or one.rank > FIRST]
