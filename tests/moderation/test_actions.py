"""Reporting, hiding and bringing back, on both databases: who may, what is told to whom, and what stays as it was."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from pipeline.artefacts.models import Artefact, HiddenVersion, Version
from pipeline.cli.check import INVARIANTS
from pipeline.comments.actions import edit_comment, withdraw_comment, write_comment
from pipeline.comments.models import Comment, CommentText
from pipeline.comments.queries import people_to_mention
from pipeline.comments.rules import CommentedOn
from pipeline.comments.subjects import thing_seen_by
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.moderation.actions import hide_reported, hide_thing, leave_reported, report_thing, restore_thing
from pipeline.moderation.duties import KEPT_FOR, forget_old_reports
from pipeline.moderation.models import Hiding, Report
from pipeline.moderation.queries import standing_hiding
from pipeline.moderation.rules import Reported, ReportReason
from pipeline.notifications.listener import handle
from pipeline.notifications.mail import Office, write_message
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Project, Update
from pipeline.projects.queries import update_seen_by
from tests.factories import Factory

pytestmark = pytest.mark.database

Work = Callable[..., Any]
OFFICE = Office("https://pipeline.example", "Pipeline <post@pipeline.example>", "k" * 40)


class Scene:
    """Leadham leads a project with an update; Partnerby pledges; a coordinator looks on."""

    def __init__(self, make: Factory, work: Work) -> None:
        self.make, self.work = make, work
        self.lead_council, self.partner = make.council("Leadham", projects_led=1), make.council("Partnerby")
        self.lead_row, self.writer_row = make.officer(self.lead_council), make.officer(self.lead_council)
        self.other_row = make.officer(self.partner, name="Nia Named", is_named=True)
        self.coordinator_row = make.officer(None, Role.COORDINATOR)
        self.lead, self.writer = (make.actor(one, self.lead_council) for one in (self.lead_row, self.writer_row))
        self.other = make.actor(self.other_row, self.partner)
        self.coordinator = make.actor(self.coordinator_row, None, Role.COORDINATOR)
        self.project = make.project(self.lead_council, self.lead_row, slug="shared-form", title="A shared form")
        make.person(self.project, self.writer_row, self.lead_council)
        self.update = make.update(self.project, self.writer_row, self.lead_council, title="News")

    def report(self, actor: Any = ANONYMOUS, **values: Any) -> Report:
        about = {"about": Reported.UPDATE, "about_id": self.update.id, "reason": ReportReason.FALSE}
        with self.work(actor) as unit:
            return report_thing(unit, **about | values)

    def hide(self, about: Reported, about_id: UUID) -> Hiding:
        with self.work(self.coordinator) as unit:
            return hide_thing(unit, about=about, about_id=about_id, reason="It names a child.")

    def comment(self, actor: Any, **values: Any) -> Comment:
        about = {"about": CommentedOn.UPDATE, "about_id": self.update.id, "text": written("Well done.")}
        with self.work(actor) as unit:
            return write_comment(unit, **about | values)

    def told(self) -> set[tuple[str, UUID]]:
        """Who is owed which mail by all that happened."""
        with self.make.session() as session:
            for event in session.scalars(select(LoggedEvent).order_by(LoggedEvent.sequence)):
                handle(session, event)
            rows = session.execute(select(OutboxMessage.kind, OutboxMessage.officer_id))
            return {(row.kind, row.officer_id) for row in rows}

    def letters(self) -> list[str]:
        """What the mails owed say that are still due, in order of their kinds."""
        with self.make.session() as session:
            owed = session.scalars(select(OutboxMessage).order_by(OutboxMessage.kind, OutboxMessage.id))
            mails = [write_message(session, one, OFFICE, clock.now())[1] for one in owed]
            return [mail.get_body(("plain",)).get_content() for mail in mails]  # type: ignore[union-attr]


@pytest.fixture
def scene(make: Factory, work: Work) -> Scene:
    return Scene(make, work)


def test_anybody_reports_and_the_coordinators_are_told_and_nobody_who_did(scene: Scene, work: Work) -> None:
    report = scene.report(words="It is not so.")
    scene.report(scene.other, is_to_be_answered=True)

    assert scene.told() == {("report.made", scene.coordinator_row.id)}
    with pytest.raises(Conflict, match=r"report\.made_already"):
        scene.report(scene.other)
    with pytest.raises(NotFound):
        scene.report(about_id=scene.project.id)
    with pytest.raises(RuleBroken, match=r"report\.words_missing"):
        scene.report(reason=ReportReason.OTHER)
    with work(scene.lead) as unit, pytest.raises(NotFound):
        leave_reported(unit, report_id=report.id)


def test_hiding_what_was_reported_settles_every_report_and_tells_who_wrote_it_and_who_asked(
    scene: Scene, work: Work, read: Any
) -> None:
    first = scene.report(scene.other, is_to_be_answered=True)
    scene.report()
    with work(scene.coordinator) as unit:
        hide_reported(unit, report_id=first.id, reason="It names a child.")

    told = scene.told() - {("report.made", scene.coordinator_row.id)}
    assert told == {
        ("report.settled", scene.other_row.id), ("moderation.removed", scene.lead_row.id),
        ("moderation.removed", scene.writer_row.id),
    }  # fmt: skip
    assert not any("names a child" in letter for letter in scene.letters())
    with read(scene.lead) as reading:
        update_seen_by(reading, scene.update.id)
        assert standing_hiding(reading, Reported.UPDATE, scene.update.id).reason == "It names a child."  # type: ignore[union-attr]
    for actor in (ANONYMOUS, scene.other):
        with read(actor) as reading, pytest.raises(NotFound):
            update_seen_by(reading, scene.update.id)
    with work(scene.coordinator) as unit, pytest.raises(Conflict, match=r"report\.settled"):
        leave_reported(unit, report_id=first.id)


def test_one_version_is_hidden_and_comes_back_as_it_was_and_the_others_stay(
    scene: Scene, work: Work, make: Factory, shelf: Any, client: Any
) -> None:
    made = shelf.document(scene.project, scene.writer_row, "Be kind.", "Ask Ada Byron.", slug="kindness")
    second = made.versions[1]
    report = scene.report(about=Reported.VERSION, about_id=second.id)
    with work(scene.coordinator) as unit:
        hiding = hide_reported(unit, report_id=report.id, reason="It names a woman.")
    told = scene.told()
    assert {("moderation.removed", one.id) for one in (scene.lead_row, scene.writer_row)} <= told
    public = client.page("/documents/kindness/versions/2").text
    assert "A coordinator hid this version." in public
    assert "Be kind." in client.page("/documents/kindness").text
    assert not any(words in public for words in ("Ada Byron", "names a woman"))
    assert client.get("/api/v1/artefacts/kindness/versions/2/content").status_code == 404
    assert client.get("/documents/kindness/versions/2/download/md").status_code == 409
    assert client.get("/documents/kindness/compare?from=1&to=2").status_code == 404
    make.signed_in(client, scene.lead_row, scene.lead_council)
    team = client.page("/documents/kindness/versions/2").text
    assert "Ada Byron" in team
    assert "It names a woman." in team
    with make.session() as session:
        assert session.get_one(Artefact, made.artefact.id).current_number == 1
    with work(scene.coordinator) as unit:
        restore_thing(unit, hiding_id=hiding.id, reason="She agreed.")
    with make.session() as session:
        back = session.get_one(Version, second.id)
        assert (back.status, back.text, back.sha256, back.withdrawn_at) == (
            "published",
            second.text,
            second.sha256,
            None,
        )
        assert session.get_one(Artefact, made.artefact.id).current_number == 2
        assert session.scalars(select(HiddenVersion)).all() == []


def test_a_report_is_forgotten_a_year_after_somebody_looked_at_it(scene: Scene, work: Work) -> None:
    settled, recent = scene.report(words="Old words."), scene.report()
    with work(scene.coordinator) as unit:
        leave_reported(unit, report_id=settled.id)
    waiting = scene.report()
    with scene.make.session() as session:
        session.get_one(Report, settled.id).settled_at = clock.now() - KEPT_FOR * 1.01
        session.get_one(Report, waiting.id).reported_at = clock.now() - KEPT_FOR * 3
    with scene.make.app.app_context():
        forget_old_reports()
    with scene.make.session() as session:
        assert set(session.scalars(select(Report.id))) == {recent.id, waiting.id}


def test_only_coordinators_hide_and_bring_back(scene: Scene, work: Work) -> None:
    hiding = scene.hide(Reported.UPDATE, scene.update.id)
    for actor in (scene.lead, scene.other, ANONYMOUS):
        with work(actor) as unit, pytest.raises(NotAllowed):
            hide_thing(unit, about=Reported.PROJECT, about_id=scene.project.id, reason="Mine.")
        with work(actor) as unit, pytest.raises(NotFound):
            restore_thing(unit, hiding_id=hiding.id, reason="Mine.")
    with work(scene.coordinator) as unit:
        restore_thing(unit, hiding_id=hiding.id, reason="The name is out.")
    with work(scene.coordinator) as unit, pytest.raises(Conflict, match=r"moderation\.not_hidden"):
        restore_thing(unit, hiding_id=hiding.id, reason="Again.")
    with scene.make.session() as session:
        assert session.get_one(Update, scene.update.id).status == "published"


def test_a_hidden_project_keeps_its_pledges_and_takes_nothing_with_all_totals_right(
    scene: Scene, make: Factory, read: Any, shelf: Any
) -> None:
    need = make.need(scene.project, held=20, pledged=20)
    with make.session() as session:
        project = session.get_one(Project, scene.project.id)
        project.held_half_days, project.pledged_half_days, project.councils = 20, 20, 1
    pledge = make.pledge(need, scene.partner, scene.other_row, status="authorised", is_counting=True)
    make.authorisation(pledge, make.officer(scene.partner))
    document = shelf.document(scene.project, scene.lead_row, "Be kind.\n", slug="kind")
    lesson = make.lesson(scene.project, scene.lead_row, scene.lead_council)
    before = _broken(read)

    hiding = scene.hide(Reported.PROJECT, scene.project.id)
    with make.session() as session:
        assert session.get_one(Pledge, pledge.id).status == "authorised"
        assert not session.get_one(Artefact, document.artefact.id).is_public
        assert not session.get_one(type(lesson), lesson.id).is_public
        assert session.get_one(Council, scene.lead_council.id).projects_led == 0
    assert ("project.removed", scene.other_row.id) in scene.told()
    assert not any("A shared form" in letter for letter in scene.letters())
    assert _broken(read) == before

    with scene.work(scene.coordinator) as unit:
        restore_thing(unit, hiding_id=hiding.id, reason="It was right after all.")
    with make.session() as session:
        assert session.get_one(Artefact, document.artefact.id).is_public
        assert session.get_one(type(lesson), lesson.id).is_public
        assert session.get_one(Council, scene.lead_council.id).projects_led == 1
    assert _broken(read) == before


def _broken(read: Any) -> dict[str, list[str]]:
    """What is broken of what must always hold; events and totals of pledges are not told by rows put in place."""
    with read() as reading:
        return {name: found for name, rule in INVARIANTS if (found := rule(reading))}


def test_a_comment_tells_who_takes_part_and_at_once_whom_it_mentions(scene: Scene, read: Any) -> None:
    make = scene.make
    with read(scene.other) as reading:
        offered = people_to_mention(reading, thing_seen_by(reading, CommentedOn.UPDATE, scene.update.id))
    assert {one.officer_id for one in offered} == {scene.lead_row.id, scene.writer_row.id}
    assert {one.name for one in offered} == {None}

    scene.comment(scene.other, mentions=[scene.lead_row.id])
    assert scene.told() == {("comment.mentioned", scene.lead_row.id), ("comment.written", scene.writer_row.id)}
    assert not any("Well done" in letter for letter in scene.letters())

    stranger = make.officer(make.council())
    with pytest.raises(RuleBroken, match=r"comment\.mention_unknown"):
        scene.comment(scene.other, mentions=[stranger.id])


def test_a_comment_is_edited_and_taken_back_by_its_writer_alone(scene: Scene, work: Work) -> None:
    comment = scene.comment(scene.other)
    with work(scene.lead) as unit, pytest.raises(NotAllowed):
        edit_comment(unit, comment_id=comment.id, version=1, text=written("Mine."))
    with work(scene.other) as unit:
        edit_comment(unit, comment_id=comment.id, version=1, text=written("Very well done."))
    with work(scene.other) as unit:
        withdraw_comment(unit, comment_id=comment.id)
    with work(scene.other) as unit, pytest.raises(NotFound):
        edit_comment(unit, comment_id=comment.id, version=3, text=written("Again."))
    with scene.make.session() as session:
        assert [one.text for one in session.scalars(select(CommentText))] == ["Well done."]


def test_nothing_is_said_about_what_is_hidden_and_what_was_said_is_hidden_with_it(scene: Scene, read: Any) -> None:
    from pipeline.comments.queries import comment_seen_by

    comment = scene.comment(scene.other)
    scene.hide(Reported.UPDATE, scene.update.id)
    for actor in (ANONYMOUS, scene.other):
        with read(actor) as reading, pytest.raises(NotFound):
            comment_seen_by(reading, comment.id)
    with pytest.raises(Conflict, match=r"comment\.closed"):
        scene.comment(scene.lead)


def test_a_comment_on_an_interest_is_for_that_officer_and_the_leads(scene: Scene, make: Factory, read: Any) -> None:
    interest = make.interest(scene.project, scene.other_row, scene.partner)
    comment = scene.comment(scene.lead, about=CommentedOn.INTEREST, about_id=interest.id)

    with scene.make.session() as session:
        audience = select(LoggedEvent.audience).where(LoggedEvent.subject_id == comment.id)
        assert session.scalar(audience) == "officer"
    assert scene.told() == {("comment.written", scene.other_row.id)}
    with read(scene.writer) as reading, pytest.raises(NotFound):
        thing_seen_by(reading, CommentedOn.INTEREST, interest.id)


def test_what_is_said_of_an_interest_is_reported_by_those_it_is_for_and_then_read_by_coordinators(
    scene: Scene, make: Factory, work: Work, read: Any, client: Any
) -> None:
    from pipeline.comments.queries import comment_seen_by

    interest = make.interest(scene.project, scene.other_row, scene.partner)
    comment = scene.comment(
        scene.lead, about=CommentedOn.INTEREST, about_id=interest.id, text=written("You are all fools.")
    )
    about = {"about": Reported.COMMENT, "about_id": comment.id}
    for actor in (ANONYMOUS, scene.writer, scene.coordinator):
        with pytest.raises(NotFound):
            scene.report(actor, **about)
    with pytest.raises(NotFound):
        scene.hide(Reported.COMMENT, comment.id)

    report = scene.report(scene.other, **about)
    make.signed_in(client, scene.coordinator_row)
    assert "You are all fools." in client.page(f"/coordination/reports/{report.id}").text
    with work(scene.coordinator) as unit:
        hiding = hide_reported(unit, report_id=report.id, reason="It is rude.")
    with read(scene.other) as reading, pytest.raises(NotFound):
        comment_seen_by(reading, comment.id)
    with work(scene.coordinator) as unit:
        restore_thing(unit, hiding_id=hiding.id, reason="They made up.")
    with read(scene.other) as reading:
        comment_seen_by(reading, comment.id)
