"""The verbs of projects, needs, teams, updates and checks, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.projects import actions, queries
from pipeline.projects.models import Check, JoinRequest, Need, Project, ProjectPerson, ProjectSlug, Update
from pipeline.projects.rules import CheckAnswer, NeedKind, NeedTerms, PersonRole, ProjectDetails
from tests.factories import Factory

pytestmark = pytest.mark.database

TERMS = NeedTerms(NeedKind.TIME, "A researcher", 40, is_essential=True, is_capped=False, profession="user-researcher")


class World:
    """Northborough with a lead and a member, and Eastmere with a member."""

    def __init__(self, make: Factory) -> None:
        self.make = make
        self.council, self.elsewhere = make.council("Northborough"), make.council("Eastmere")
        self.lead_row, self.member_row, self.other_row = (
            make.officer(self.council), make.officer(self.council), make.officer(self.elsewhere),
        )  # fmt: skip
        self.lead: Actor = make.actor(self.lead_row, self.council)
        self.member: Actor = make.actor(self.member_row, self.council)
        self.other: Actor = make.actor(self.other_row, self.elsewhere)

    def details(self, **values: Any) -> ProjectDetails:
        """All that publishing asks for."""
        whole = {
            "title": "Repairs", "summary": "Summary.", "problem": written("Problem."),
            "themes": ("housing", "planning"), "phase": "alpha", "decision_on": clock.today() + timedelta(days=60),
            "least_councils": 1,
        }  # fmt: skip
        return ProjectDetails(**whole | values)

    def rows(self, table: Any, *where: Any) -> list[Any]:
        """What the database holds now."""
        with self.make.session() as session:
            return list(session.scalars(select(table).where(*where)))

    def events(self) -> list[tuple[str, str]]:
        """Names and audiences of all events, in order."""
        with self.make.session() as session:
            rows = session.execute(select(LoggedEvent.name, LoggedEvent.audience).order_by(LoggedEvent.sequence))
            return [(row.name, row.audience) for row in rows]


@pytest.fixture
def world(make: Factory) -> World:
    """Two councils and their people."""
    return World(make)


def drafted(world: World, work: Callable, **values: Any) -> UUID:
    """A draft of Northborough that is ready to be published."""
    with work(world.lead) as unit:
        project = actions.draft_project(unit, title="Repairs", is_trial=values.pop("is_trial", False))
    with work(world.lead) as unit:
        actions.change_project(unit, slug=str(project.id), version=1, details=world.details(**values))
        actions.add_need(unit, slug=str(project.id), terms=TERMS)
    return project.id


def published(world: World, work: Callable, **values: Any) -> Project:
    """A published project of Northborough."""
    project_id = drafted(world, work, **values)
    with work(world.lead) as unit:
        version = queries.project_by_id(unit, project_id).version
        return actions.publish_project(unit, slug=str(project_id), version=version)


def test_nothing_of_a_draft_is_public_until_it_is_published_in_one_event(world: World, work: Callable) -> None:
    drafted(world, work)
    assert {audience for _name, audience in world.events()} == {"project"}
    with world.make.session() as session:
        assert session.get_one(EventCounter, 1).last_public == 0
    project = published(world, work)
    public = [name for name, audience in world.events() if audience == "public"]
    assert public == ["project.published"]
    assert (project.status, project.is_public, project.slug) == ("open", True, "repairs")


def test_events_hold_no_text_that_people_typed(world: World, work: Callable) -> None:
    project = published(world, work, title="Zebra", summary="Zebra", problem=written("Zebra"))
    with work(world.lead) as unit:
        update = actions.draft_update(unit, slug=project.slug, title="Zebra", body=written("Zebra"))
    with work(world.lead) as unit:
        actions.publish_update(unit, update_id=update.id, version=1)
    with work(world.lead) as unit:
        actions.change_update(unit, update_id=update.id, version=2, title="Zebra zebra", body=written("Zebra"))
    for event in world.rows(LoggedEvent):
        assert "zebra" not in str(event.payload).lower()


def test_publishing_counts_for_the_lead_council_and_a_trial_project_for_nobody(world: World, work: Callable) -> None:
    published(world, work)
    trial = published(world, work, is_trial=True)
    assert (trial.is_public, trial.slug, trial.status) == (False, None, "open")
    assert [one.projects_led for one in world.rows(Council, Council.id == world.council.id)] == [1]
    assert world.events()[-1] == ("project.published", "project")


def test_a_project_is_published_once(world: World, work: Callable) -> None:
    project = published(world, work)
    with work(world.lead) as unit, pytest.raises(Conflict, match="not_draft"):
        actions.publish_project(unit, slug=project.slug, version=project.version)


def test_what_was_not_seen_is_not_published(world: World, work: Callable) -> None:
    project_id = drafted(world, work)
    with work(world.lead) as unit, pytest.raises(Conflict, match="changed_meanwhile"):
        actions.publish_project(unit, slug=str(project_id), version=1)


def test_a_project_under_way_is_flexible(world: World, work: Callable) -> None:
    project = published(world, work, is_under_way=True)
    assert (project.status, project.mode, project.decision_on) == ("going_ahead", "flexible", None)


def test_a_member_of_the_council_may_not_publish_what_they_do_not_lead(world: World, work: Callable) -> None:
    project_id = drafted(world, work)
    with work(world.member) as unit, pytest.raises(NotFound):
        actions.publish_project(unit, slug=str(project_id), version=2)
    world.make.person(world.rows(Project)[0], world.member_row, world.council)
    with work(world.member) as unit, pytest.raises(NotAllowed):
        actions.publish_project(unit, slug=str(project_id), version=2)


def test_a_lead_whose_membership_ended_leads_nothing(world: World, work: Callable) -> None:
    from pipeline.accounts.models import Membership

    project = published(world, work)
    with world.make.session() as session:
        place = session.scalars(select(Membership).where(Membership.officer_id == world.lead_row.id)).one()
        place.ended_at = clock.now()
    with work(world.lead) as unit, pytest.raises(NotAllowed):
        actions.change_phase(unit, slug=project.slug, phase="beta")


@pytest.mark.parametrize("terms", [{"mode": "flexible"}, {"least_councils": 9}, {"phase": "live"}])
def test_an_edit_of_what_is_published_never_changes_its_terms(world: World, work: Callable, terms: dict) -> None:
    project = published(world, work)
    changed = world.details(summary="Other.", **terms)
    with work(world.lead) as unit, pytest.raises(Conflict) as refused:
        actions.change_project(unit, slug=project.slug, version=project.version, details=changed)
    assert (refused.value.code, refused.value.problems[0].field) == ("project.terms_apart", next(iter(terms)))


def test_an_edit_leaves_the_terms_as_they_were(world: World, work: Callable) -> None:
    project = published(world, work)
    with work(world.lead) as unit:
        changed = world.details(summary="Other.")
        after = actions.change_project(unit, slug=project.slug, version=project.version, details=changed)
    assert (after.summary, after.mode, after.least_councils, after.phase) == ("Other.", "all_or_nothing", 1, "alpha")
    assert world.rows(LoggedEvent, LoggedEvent.name == "project.updated")[0].payload["fields"] == ["summary"]


def test_a_published_project_is_never_left_without_what_publishing_asked_for(world: World, work: Callable) -> None:
    project = published(world, work)
    emptied = world.details(summary="", themes=())
    with work(world.lead) as unit, pytest.raises(RuleBroken) as refused:
        actions.change_project(unit, slug=project.slug, version=project.version, details=emptied)
    assert {problem.code for problem in refused.value.problems} == {"project.summary_missing", "project.themes_missing"}


def test_themes_keep_the_order_they_were_given(world: World, work: Callable) -> None:
    project = published(world, work)
    with work(world.lead) as unit:
        turned = world.details(themes=("planning", "libraries", "housing"))
        actions.change_project(unit, slug=project.slug, version=project.version, details=turned)
    with work(world.lead) as unit:
        again = queries.whole_project_seen_by(unit, project.slug)
        assert [theme.theme for theme in again.themes] == ["planning", "libraries", "housing"]


def test_a_draft_is_thrown_away_whole(world: World, work: Callable) -> None:
    project_id = drafted(world, work)
    with work(world.lead) as unit:
        actions.ask_for_check(unit, slug=str(project_id), officer_id=world.member_row.id)
    with work(world.lead) as unit:
        actions.delete_project(unit, slug=str(project_id))
    for table in (Project, Need, ProjectPerson, Check):
        assert world.rows(table) == []
    assert world.events()[-1] == ("project.draft_deleted", "project")


def test_what_is_published_is_not_thrown_away_as_a_draft(world: World, work: Callable) -> None:
    project = published(world, work)
    with work(world.lead) as unit, pytest.raises(Conflict, match="published"):
        actions.delete_project(unit, slug=project.slug)


def test_while_pledges_stand_an_essential_need_is_added_with_a_reason_and_none_is_dropped_here(
    world: World, work: Callable
) -> None:
    project = published(world, work)
    with world.make.session() as session:
        need = session.scalars(select(Need)).one()
        need.held = 4
    with work(world.lead) as unit, pytest.raises(RuleBroken, match="reason_missing"):
        actions.add_need(unit, slug=project.slug, terms=TERMS)
    with work(world.lead) as unit:
        actions.add_need(unit, slug=project.slug, terms=TERMS, reason="We found out more")
    with work(world.lead) as unit, pytest.raises(Conflict, match="pledges_stand"):
        actions.drop_need(unit, need_id=need.id, reason="Not wanted")
    with work(world.lead) as unit:
        actions.close_need(unit, need_id=need.id)
    with work(world.lead) as unit, pytest.raises(Conflict, match="not_open"):
        actions.close_need(unit, need_id=need.id)


def test_an_ended_project_asks_for_nothing_more(world: World, work: Callable) -> None:
    project = world.make.project(world.council, world.lead_row, status="finished")
    with work(world.lead) as unit, pytest.raises(Conflict, match="ended"):
        actions.add_need(unit, slug=project.slug, terms=TERMS)


def test_somebody_elses_save_in_between_is_a_conflict(world: World, work: Callable) -> None:
    project = published(world, work)
    with work(world.lead) as unit:
        actions.change_project(unit, slug=project.slug, version=project.version, details=world.details(summary="One."))
    with work(world.lead) as unit, pytest.raises(Conflict, match="changed_meanwhile"):
        actions.change_project(unit, slug=project.slug, version=project.version, details=world.details(summary="Two."))


def join(world: World, work: Callable, project: Project, officer: Officer, role: PersonRole = PersonRole.TEAM) -> None:
    """Have a lead ask an officer of another council, who says yes."""
    with work(world.lead) as unit:
        actions.ask_officer_to_join(unit, slug=str(project.slug), address=officer.address, role=role)
    [request] = world.rows(JoinRequest, JoinRequest.officer_id == officer.id)
    with work(world.make.actor(officer, world.elsewhere)) as unit:
        actions.join_team(unit, request_id=request.id)


def test_an_officer_of_another_council_is_not_put_in_but_asked(world: World, work: Callable) -> None:
    project = published(world, work)
    with work(world.lead) as unit, pytest.raises(Conflict, match="asks_first"):
        actions.add_colleague(
            unit, slug=project.slug, officer_id=world.other_row.id, council_id=world.elsewhere.id, role=PersonRole.TEAM
        )


def test_a_council_joins_with_its_first_officer_and_leaves_with_its_last(world: World, work: Callable) -> None:
    project = published(world, work)
    second = world.make.officer(world.elsewhere)

    def joined() -> int:
        return int(world.rows(Council, Council.id == world.elsewhere.id)[0].projects_joined)

    numbers = []
    for officer in (world.other_row, second):
        join(world, work, project, officer)
        numbers.append(joined())
    for officer_id in (world.other_row.id, second.id):
        with work(world.lead) as unit:
            actions.remove_colleague(unit, slug=project.slug, officer_id=officer_id)
        numbers.append(joined())
    assert numbers == [1, 1, 1, 0]


def test_the_last_lead_of_the_lead_council_stays(world: World, work: Callable) -> None:
    project = published(world, work)
    join(world, work, project, world.other_row, PersonRole.LEAD)
    own = {"slug": project.slug, "officer_id": world.lead_row.id}
    with work(world.lead) as unit, pytest.raises(Conflict, match="last_lead"):
        actions.remove_colleague(unit, **own)
    with work(world.lead) as unit, pytest.raises(Conflict, match="last_lead"):
        actions.add_colleague(unit, **own, council_id=world.council.id, role=PersonRole.TEAM)
    with work(world.lead) as unit:
        actions.add_colleague(
            unit, slug=project.slug, officer_id=world.member_row.id, council_id=world.council.id, role=PersonRole.LEAD
        )
    with work(world.lead) as unit:
        actions.remove_colleague(unit, slug=project.slug, officer_id=world.lead_row.id)


def test_nobody_of_another_council_joins_a_trial_project(world: World, work: Callable) -> None:
    project = published(world, work, is_trial=True)
    with work(world.lead) as unit, pytest.raises(Conflict, match="trial"):
        actions.add_colleague(
            unit,
            slug=str(project.id),
            officer_id=world.other_row.id,
            council_id=world.elsewhere.id,
            role=PersonRole.TEAM,
        )


def test_nobody_joins_for_a_council_they_do_not_work_for(world: World, work: Callable) -> None:
    project = published(world, work)
    with work(world.lead) as unit, pytest.raises(NotFound):
        actions.add_colleague(
            unit, slug=project.slug, officer_id=world.other_row.id, council_id=world.council.id, role=PersonRole.TEAM
        )


def test_an_old_slug_is_never_given_to_another_project(world: World, work: Callable) -> None:
    first = published(world, work)
    with work(world.lead) as unit:
        actions.change_project(unit, slug="repairs", version=first.version, details=world.details(title="Renamed"))
    second = published(world, work)
    assert second.slug == "repairs-2"
    assert [one.project_id for one in world.rows(ProjectSlug)] == [first.id]


def test_a_trial_projects_updates_stay_with_its_council(world: World, work: Callable, read: Callable) -> None:
    project = published(world, work, is_trial=True)
    with work(world.lead) as unit:
        update = actions.draft_update(unit, slug=str(project.id), title="News", body=written("Text."))
    with work(world.lead) as unit:
        actions.publish_update(unit, update_id=update.id, version=1)
    assert {audience for _name, audience in world.events()} == {"project"}
    with read() as reading, pytest.raises(NotFound):
        queries.update_seen_by(reading, update.id)
    with read(world.member) as reading:
        assert queries.update_seen_by(reading, update.id)[0].id == update.id


def test_an_update_is_published_once_and_withdrawn_once(world: World, work: Callable) -> None:
    project = published(world, work)
    with work(world.lead) as unit:
        update = actions.draft_update(unit, slug=project.slug, title="News", body=written("Text."))
    with work(world.lead) as unit, pytest.raises(Conflict, match="not_published"):
        actions.withdraw_update(unit, update_id=update.id)
    with work(world.lead) as unit:
        actions.publish_update(unit, update_id=update.id, version=1)
    with work(world.lead) as unit, pytest.raises(Conflict, match="not_draft"):
        actions.publish_update(unit, update_id=update.id, version=2)
    with work(world.lead) as unit, pytest.raises(Conflict, match="not_draft"):
        actions.delete_update(unit, update_id=update.id)
    with work(world.lead) as unit:
        actions.withdraw_update(unit, update_id=update.id)
    with work(world.lead) as unit, pytest.raises(Conflict, match="withdrawn"):
        actions.change_update(unit, update_id=update.id, version=3, title="x", body=written("y"))
    assert world.rows(Update)[0].status == "withdrawn"


def test_a_check_is_answered_once_by_whom_it_was_asked_of(world: World, work: Callable, read: Callable) -> None:
    project_id = drafted(world, work)
    with work(world.lead) as unit, pytest.raises(Conflict, match="yourself"):
        actions.ask_for_check(unit, slug=str(project_id), officer_id=world.lead_row.id)
    with work(world.lead) as unit, pytest.raises(NotFound):
        actions.ask_for_check(unit, slug=str(project_id), officer_id=world.other_row.id)
    with work(world.lead) as unit:
        check = actions.ask_for_check(unit, slug=str(project_id), officer_id=world.member_row.id)
    with read(world.member) as reading:
        assert [one.title for one in queries.checks_waiting_for(reading)] == ["Repairs"]
        assert queries.drafts_of(reading) == []
    with read(world.lead) as reading:
        assert [one.title for one in queries.drafts_of(reading)] == ["Repairs"]
    with work(world.other) as unit, pytest.raises(NotFound):
        actions.answer_check(unit, check_id=check.id, answer=CheckAnswer.FINE)
    with work(world.lead) as unit, pytest.raises(NotAllowed):
        actions.answer_check(unit, check_id=check.id, answer=CheckAnswer.FINE)
    with work(world.member) as unit:
        actions.answer_check(unit, check_id=check.id, answer=CheckAnswer.FINE)
    with work(world.member) as unit, pytest.raises(Conflict, match="answered"):
        actions.answer_check(unit, check_id=check.id, answer=CheckAnswer.FINE)
    with read(world.member) as reading, pytest.raises(NotFound):
        queries.project_by_id(reading, project_id)


def test_only_members_of_a_council_post(world: World, work: Callable) -> None:
    nobody = world.make.actor(world.make.officer())
    with work(nobody) as unit, pytest.raises(NotAllowed):
        actions.draft_project(unit, title="Title")
