"""A portfolio is kept only to be looked at, becomes drafts once confirmed, and never twice."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from pipeline.accounts.models import Membership
from pipeline.db.log import LoggedEvent
from pipeline.imports import bringing_in
from pipeline.imports.actions import begin_import, confirm_import, set_aside_import
from pipeline.imports.bringing_in import AT_A_TIME, bring_in_portfolios, forget_old_imports
from pipeline.imports.checking import Known, check_sheet
from pipeline.imports.models import ImportLine, PortfolioImport, ProjectReference
from pipeline.imports.queries import import_seen_by
from pipeline.imports.rules import KEPT_FOR, MOST_IN_A_DAY
from pipeline.imports.sheets import sheet_from_text
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.projects.actions import delete_project, draft_project
from pipeline.projects.models import Need, Project, ProjectPerson, ProjectTheme
from tests.imports.conftest import Desk

pytestmark = pytest.mark.database

PORTFOLIO = (
    "reference,title,summary,problem,themes,phase,time_needed,funding_needed\n"
    "R1,One form,A form.,It **takes** long.,Housing,Alpha,Developer 2.5,\n"
    "R2,,No title.,,,,,\n"
    "R3,Another,,,,,,Hosting: 800\n"
)


def projects(desk: Desk) -> list[Project]:
    return desk.rows(select(Project).order_by(Project.title))


def event_names(desk: Desk) -> list[str]:
    return desk.rows(select(LoggedEvent.name).order_by(LoggedEvent.sequence))


def test_nothing_is_made_before_it_is_confirmed(desk: Desk) -> None:
    import_id = desk.begin(PORTFOLIO)
    desk.run()
    assert (projects(desk), desk.states(import_id)) == ([], ["ready", "refused", "ready"])
    assert event_names(desk) == ["import.checked"]


def test_each_line_that_is_ready_becomes_a_draft_led_by_whoever_confirmed(desk: Desk) -> None:
    import_id = desk.bring_in(PORTFOLIO)
    another, one = projects(desk)
    assert (one.title, one.status, one.is_public, one.phase, one.slug) == ("One form", "draft", False, "alpha", None)
    assert (one.summary, one.problem_html) == ("A form.", "<p>It <strong>takes</strong> long.</p>\n")
    assert desk.rows(select(ProjectTheme.theme)) == ["housing"]
    needs = desk.rows(select(Need).order_by(Need.kind))
    assert [(need.project_id, need.kind, need.title, need.target) for need in needs] == [
        (another.id, "funding", "Hosting", 80_000), (one.id, "time", "Developer", 5),
    ]  # fmt: skip
    assert {(person.officer_id, person.role) for person in desk.rows(select(ProjectPerson))} == {
        (desk.officer.id, "lead")
    }
    assert desk.states(import_id) == ["added", "refused", "added"]
    assert desk.rows(select(PortfolioImport.state)) == ["done"]
    assert set(desk.rows(select(ProjectReference.reference))) == {"r1", "r3"}


def test_what_happens_is_told_as_if_it_had_been_done_by_hand_and_to_the_council(desk: Desk) -> None:
    desk.bring_in(PORTFOLIO)
    assert event_names(desk) == [
        "import.checked", "import.confirmed", "project.drafted", "project.draft_changed", "project.draft_changed",
        "project.drafted", "project.draft_changed", "import.finished",
    ]  # fmt: skip
    for event in desk.rows(select(LoggedEvent)):
        is_import = event.name.startswith("import.")
        assert event.audience == ("council" if is_import else "project")
        assert event.council_id == desk.council.id
        assert event.officer_id == (None if event.name == "import.finished" else desk.officer.id)
    finished = desk.rows(select(LoggedEvent.payload).where(LoggedEvent.name == "import.finished"))[0]
    assert (finished["added"], finished["matched"], finished["refused"]) == (2, 0, 1)


def test_the_same_file_again_adds_nothing(desk: Desk) -> None:
    desk.bring_in(PORTFOLIO)
    again = desk.begin(PORTFOLIO)
    assert desk.states(again) == ["matched", "refused", "matched"]
    with pytest.raises(Conflict) as refused:
        desk.confirm(again)
    assert refused.value.code == "import.nothing_to_add"
    assert len(projects(desk)) == 2


def test_the_same_file_confirmed_twice_before_the_worker_comes_adds_once(desk: Desk) -> None:
    first, second = desk.begin(PORTFOLIO), desk.begin(PORTFOLIO)
    desk.confirm(first)
    desk.confirm(second)
    desk.run()
    assert len(projects(desk)) == 2
    assert (desk.states(first), desk.states(second)) == (
        ["added", "refused", "added"], ["matched", "refused", "matched"],
    )  # fmt: skip


def test_a_line_whose_project_was_written_by_hand_meanwhile_is_matched(desk: Desk) -> None:
    import_id = desk.begin("title\nOne form\nTwo\n")
    desk.make.project(desk.council, desk.officer, title="One Form", status="draft")
    desk.confirm(import_id)
    desk.run()
    assert desk.states(import_id) == ["matched", "added"]


def test_a_colleagues_draft_is_known_by_its_reference_only(desk: Desk) -> None:
    desk.bring_in("reference,title\nR1,One form\n,Two\n")
    colleague = desk.make.actor(desk.make.officer(desk.council), desk.council)
    theirs = desk.begin("reference,title\nR1,Called otherwise\n,Two\n", colleague)
    # The title of a draft one may not see is not given away.
    assert desk.states(theirs) == ["matched", "ready"]


def test_another_councils_references_and_titles_are_its_own(desk: Desk) -> None:
    desk.bring_in(PORTFOLIO)
    other = desk.make.council("Otherby")
    theirs = desk.begin(PORTFOLIO, desk.make.actor(desk.make.officer(other), other))
    assert desk.states(theirs) == ["ready", "refused", "ready"]


def test_only_members_bring_in_and_only_for_the_council_they_act_for(desk: Desk) -> None:
    without_place = desk.make.actor(desk.make.officer())
    other = desk.make.council("Otherby")
    for actor, council in ((without_place, desk.council), (ANONYMOUS, desk.council)):
        with pytest.raises(NotAllowed):
            _begin_for(desk, actor, council)
    with pytest.raises(NotAllowed):
        _begin_for(desk, desk.actor, other)


def _begin_for(desk: Desk, actor: Any, council: Any) -> None:
    checked = check_sheet(sheet_from_text("title\nOne\n"), Known(), today=clock.today(), nation="England")
    with desk.work(actor) as work:
        begin_import(work, council_id=council.id, checked=checked, file_name="x.csv")


def test_an_import_is_nobody_elses(desk: Desk) -> None:
    import_id = desk.begin(PORTFOLIO)
    other = desk.make.council("Otherby")
    desk.make.membership(desk.officer, other)
    colleague = desk.make.officer(desk.council)
    for actor in (desk.make.actor(desk.officer, other), desk.make.actor(colleague, desk.council), ANONYMOUS):
        with desk.read(actor) as reading, pytest.raises(NotFound):
            import_seen_by(reading, import_id)
        for act in (confirm_import, set_aside_import):
            with pytest.raises(NotFound), desk.work(actor) as work:
                act(work, import_id=import_id)


def test_an_import_that_is_set_aside_goes_no_further(desk: Desk) -> None:
    import_id = desk.begin(PORTFOLIO)
    desk.confirm(import_id)
    with desk.work(desk.actor) as work:
        set_aside_import(work, import_id=import_id)
    desk.run()
    assert projects(desk) == []
    for act, code in ((confirm_import, "import.not_waiting"), (set_aside_import, "import.ended")):
        with pytest.raises(Conflict) as refused, desk.work(desk.actor) as work:
            act(work, import_id=import_id)
        assert refused.value.code == code


def test_an_import_is_confirmed_once(desk: Desk) -> None:
    import_id = desk.begin(PORTFOLIO)
    desk.confirm(import_id)
    with pytest.raises(Conflict) as refused:
        desk.confirm(import_id)
    assert (refused.value.code, refused.value.allowed) == ("import.not_waiting", ("set-aside",))


def test_a_worker_that_is_killed_leaves_no_double_and_another_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = desk.begin("title\n" + "\n".join(f"Project number {number}" for number in range(30)))
    desk.confirm(import_id)
    left = iter(range(10))

    class Killed(BaseException):
        """As the process ends: nothing catches it."""

    def until_killed(line: Any, carry_on: Any = bringing_in._bring_in) -> None:
        if next(left, None) is None:
            raise Killed
        carry_on(line)

    monkeypatch.setattr(bringing_in, "_bring_in", until_killed)
    with desk.app.app_context(), pytest.raises(Killed):
        bring_in_portfolios()
    monkeypatch.undo()
    assert len(projects(desk)) == 10
    with desk.app.app_context():
        assert bring_in_portfolios() == 0, "the lease of the dead worker has not ended"
        later = clock.now() + timedelta(minutes=3)
        monkeypatch.setattr(clock, "now", lambda: later)
        while bring_in_portfolios():
            pass
    assert sorted(project.title for project in projects(desk)) == sorted(
        f"Project number {number}" for number in range(30)
    )
    assert set(desk.states(import_id)) == {"added"}
    assert desk.rows(select(PortfolioImport.state)) == ["done"]


def test_a_worker_killed_between_the_draft_and_its_mark_has_made_neither(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.confirm(desk.begin(PORTFOLIO))

    class Killed(BaseException):
        """As the process ends: nothing catches it."""

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr("pipeline.imports.actions.add_need", killed)
    with desk.app.app_context(), pytest.raises(Killed):
        bring_in_portfolios()
    assert (projects(desk), desk.rows(select(ProjectReference))) == ([], [])


def test_two_workers_at_once_make_each_draft_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = desk.begin("title\n" + "\n".join(f"Project number {number}" for number in range(12)))
    desk.confirm(import_id)
    # As if the lease of the first had ended while it still works.
    monkeypatch.setattr("pipeline.db.leases.LEASE", timedelta(seconds=-1))
    threads = [threading.Thread(target=desk.run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(projects(desk)) == 12
    assert desk.states(import_id) == ["added"] * 12
    assert desk.rows(select(func.count()).where(LoggedEvent.name == "import.finished")) == [1]


def test_the_worker_takes_so_many_lines_at_a_time(desk: Desk) -> None:
    import_id = desk.begin("title\n" + "\n".join(f"Project number {number}" for number in range(AT_A_TIME + 1)))
    desk.confirm(import_id)
    with desk.app.app_context():
        assert bring_in_portfolios() == AT_A_TIME
        assert desk.states(import_id).count("ready") == 1
        assert bring_in_portfolios() == 1
        assert bring_in_portfolios() == 0


def test_whoever_has_left_the_council_meanwhile_makes_no_drafts(desk: Desk) -> None:
    import_id = desk.begin("title\nOne\nTwo\n")
    desk.confirm(import_id)
    with desk.make.session() as session:
        session.get_one(Membership, session.scalars(select(Membership.id)).one()).ended_at = clock.now()
    desk.run()
    assert (projects(desk), desk.states(import_id)) == ([], ["refused", "refused"])
    problems = desk.rows(select(ImportLine.problems))
    assert {problem[0]["code"] for problem in problems} == {"import.members_only"}
    assert desk.rows(select(PortfolioImport.state)) == ["done"]


def test_a_line_that_fails_for_no_reason_of_its_own_holds_up_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing = iter([True])

    def fails_once(*args: Any, **values: Any) -> Any:
        if next(failing, False):
            raise ZeroDivisionError
        return draft_project(*args, **values)

    monkeypatch.setattr("pipeline.imports.actions.draft_project", fails_once)
    import_id = desk.bring_in("title\nOne\nTwo\n")
    assert desk.states(import_id) == ["refused", "added"]
    assert "could not be brought in" in caplog.text


def test_a_draft_that_is_deleted_may_come_again(desk: Desk) -> None:
    import_id = desk.bring_in("reference,title\nR1,One form\n")
    with desk.work(desk.actor) as work:
        delete_project(work, slug=str(projects(desk)[0].id))
    assert desk.rows(select(ProjectReference)) == []
    assert desk.rows(select(ImportLine.project_id).where(ImportLine.import_id == import_id)) == [None]
    assert desk.states(desk.begin("reference,title\nR1,One form\n")) == ["ready"]


def test_imports_are_forgotten_after_a_month_and_what_they_made_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bring_in(PORTFOLIO)
    desk.begin(PORTFOLIO)
    waiting = desk.begin("title\nStill to be brought in\n")
    desk.confirm(waiting)
    with desk.app.app_context():
        forget_old_imports()
        assert len(desk.rows(select(PortfolioImport.id))) == 3
        later = clock.now() + KEPT_FOR + timedelta(hours=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        forget_old_imports()
    assert desk.rows(select(PortfolioImport.id)) == [waiting]
    assert set(desk.rows(select(ImportLine.import_id))) == {waiting}
    assert len(projects(desk)) == 2
    assert len(desk.rows(select(ProjectReference))) == 2


def test_nobody_brings_in_more_than_so_many_files_within_a_day(desk: Desk) -> None:
    for _ in range(MOST_IN_A_DAY):
        desk.begin("title\nOne\n")
    with pytest.raises(RuleBroken) as refused:
        desk.begin("title\nOne\n")
    assert refused.value.code == "import.too_many"
