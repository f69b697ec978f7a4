"""The rules of projects, needs and updates."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.documents.markdown import NOTHING_WRITTEN, Written
from pipeline.kernel.errors import RuleBroken
from pipeline.projects import rules
from pipeline.projects.rules import CheckAnswer, Mode, NeedKind, NeedTerms, ProjectDetails, ProjectStatus, Publishing

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 20)
TEXT = Written("Text.", "<p>Text.</p>")
WHOLE = ProjectDetails(
    title="Title", summary="Summary.", problem=TEXT, themes=("housing",), phase="alpha", decision_on=date(2027, 1, 29),
    least_councils=1,
)  # fmt: skip
NEED = NeedTerms(NeedKind.TIME, "A researcher", 40, is_essential=True, is_capped=False, profession="user-researcher")


def publishing(
    details: ProjectDetails = WHOLE, needs: tuple[NeedTerms, ...] = (NEED,), *, has_lead: bool = True
) -> Publishing:
    """A draft that is ready, but for what a test says."""
    return Publishing(details, needs, has_lead, TODAY, "England")


def codes(problems: object) -> set[str]:
    """The codes of problems, or of the refusal that carries them."""
    return {problem.code for problem in getattr(problems, "problems", problems)}


def test_a_whole_draft_can_be_published() -> None:
    rules.check_publishable(publishing())


@pytest.mark.parametrize(
    "change, code",
    [
        ({"title": ""}, "project.title_missing"),
        ({"summary": ""}, "project.summary_missing"),
        ({"problem": NOTHING_WRITTEN}, "project.problem_missing"),
        ({"themes": ()}, "project.themes_missing"),
        ({"phase": None}, "project.phase_missing"),
        ({"decision_on": None}, "project.decision_on_missing"),
        ({"decision_on": date(2026, 12, 3)}, "project.decision_on_out_of_range"),
        ({"decision_on": date(2027, 11, 21)}, "project.decision_on_out_of_range"),
    ],
)
def test_publishing_asks_for_each_thing(change: dict, code: str) -> None:
    assert codes(rules.publishing_problems(publishing(replace(WHOLE, **change)))) == {code}


def test_publishing_asks_for_a_lead_of_the_lead_council() -> None:
    assert codes(rules.publishing_problems(publishing(has_lead=False))) == {"project.leads_missing"}


def test_every_problem_is_said_at_once() -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_publishable(publishing(ProjectDetails(title="Title"), has_lead=False))
    assert len(refused.value.problems) >= 6


def test_the_decision_date_is_ten_working_days_to_twelve_months_away() -> None:
    assert rules.decision_window(TODAY, "England") == (date(2026, 12, 4), date(2027, 11, 20))
    for day in rules.decision_window(TODAY, "England"):
        rules.check_publishable(publishing(replace(WHOLE, decision_on=day)))


def test_twelve_months_from_a_leap_day_is_the_last_of_february() -> None:
    assert rules.months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert rules.months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_all_or_nothing_needs_something_to_test() -> None:
    welcome = replace(NEED, is_essential=False)
    nothing = publishing(replace(WHOLE, least_councils=0), (welcome,))
    assert codes(rules.publishing_problems(nothing)) == {"project.nothing_to_test"}
    rules.check_publishable(publishing(replace(WHOLE, least_councils=0)))
    rules.check_publishable(publishing(WHOLE, (welcome,)))


def test_a_flexible_project_has_neither_date_nor_test() -> None:
    rules.check_publishable(publishing(replace(WHOLE, mode=Mode.FLEXIBLE, decision_on=None, least_councils=0)))


@pytest.mark.parametrize(
    "change, has_needs, status",
    [
        ({}, True, ProjectStatus.OPEN),
        ({}, False, ProjectStatus.GOING_AHEAD),
        ({"is_under_way": True}, True, ProjectStatus.GOING_AHEAD),
        ({"is_past": True}, False, ProjectStatus.FINISHED),
    ],
)
def test_where_publishing_leads(change: dict, has_needs: bool, status: ProjectStatus) -> None:
    assert rules.status_on_publishing(replace(WHOLE, **change), has_needs=has_needs) is status


def test_past_work_says_when_it_ended_and_what_came_of_it_and_asks_for_nothing() -> None:
    past = replace(WHOLE, is_past=True)
    found = codes(rules.publishing_problems(publishing(past)))
    assert found == {"project.year_ended_missing", "project.outcome_missing", "project.past_asks"}
    rules.check_publishable(publishing(replace(past, year_ended=2024, outcome=TEXT), ()))


@pytest.mark.parametrize(
    "change, code",
    [
        ({"title": "x" * 121}, "project.title_too_long"),
        ({"summary": "x" * 301}, "project.summary_too_long"),
        ({"problem": Written("x" * 20_001, "")}, "project.problem_too_long"),
        ({"themes": ("housing", "no-such")}, "project.theme_unknown"),
        (
            {"themes": ("housing", "planning", "libraries", "licensing", "public-health", "data-and-ai")},
            "project.too_many_themes",
        ),
        ({"phase": "gamma"}, "project.phase_unknown"),
        ({"language": "fr"}, "project.language_unknown"),
        ({"least_councils": 401}, "project.councils_out_of_range"),
        ({"least_councils": -1}, "project.councils_out_of_range"),
        ({"year_ended": 2027}, "project.year_out_of_range"),
        ({"is_past": True, "is_under_way": True}, "project.past_and_under_way"),
    ],
)
def test_a_draft_may_be_short_of_things_but_not_wrong(change: dict, code: str) -> None:
    rules.check_details(ProjectDetails(title="Title"), TODAY)
    with pytest.raises(RuleBroken) as refused:
        rules.check_details(replace(WHOLE, **change), TODAY)
    assert codes(refused.value) == {code}


@pytest.mark.parametrize(
    "terms, code",
    [
        (replace(NEED, target=0), "need.target_out_of_range"),
        (replace(NEED, target=10**9), "need.target_out_of_range"),
        (replace(NEED, profession=None), "need.profession_missing"),
        (replace(NEED, profession="wizard"), "need.profession_missing"),
        (replace(NEED, title=""), "need.title_missing"),
        (replace(NEED, title="x" * 121), "need.title_too_long"),
        (replace(NEED, kind=NeedKind.IN_KIND, profession=None, thing=""), "need.thing_missing"),
        (replace(NEED, kind=NeedKind.FUNDING, profession=None, target=10**14), "need.target_out_of_range"),
    ],
)
def test_a_need_asks_for_at_least_one_unit_of_something(terms: NeedTerms, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_need(terms)
    assert codes(refused.value) == {code}


def test_kind_and_profession_of_a_need_never_change() -> None:
    for new in (replace(NEED, profession="developer"), replace(NEED, kind=NeedKind.FUNDING, profession=None)):
        with pytest.raises(RuleBroken, match="kind_fixed"):
            rules.check_need_change(NEED, new, held=0)


def test_a_capped_need_is_never_lowered_below_what_is_held() -> None:
    capped = replace(NEED, is_capped=True, is_essential=False)
    rules.check_need_change(capped, replace(capped, target=10), held=10)
    with pytest.raises(RuleBroken, match="below_held"):
        rules.check_need_change(capped, replace(capped, target=9), held=10)


def test_an_update_has_a_title_and_once_published_a_text() -> None:
    rules.check_update("Title", NOTHING_WRITTEN, is_published=False)
    with pytest.raises(RuleBroken, match=r"update\.body_missing"):
        rules.check_update("Title", NOTHING_WRITTEN, is_published=True)
    with pytest.raises(RuleBroken, match=r"update\.title_missing"):
        rules.check_update("", TEXT, is_published=True)


def test_who_asks_for_changes_says_which() -> None:
    rules.check_note("", CheckAnswer.FINE)
    with pytest.raises(RuleBroken, match="note_missing"):
        rules.check_note("", CheckAnswer.CHANGES)


@pytest.mark.parametrize(
    "title, slug",
    [
        ("One form for repairs", "one-form-for-repairs"),
        ("New", "project-new"),
        ("Tŷ a thân", "ty-a-than"),
        ("日本", "untitled"),
        ("0192f0c1-7e57-7000-8000-000000000000", "project-0192f0c1-7e57-7000-8000-000000000000"),
    ],
)
def test_a_slug_is_never_a_word_or_id_with_another_meaning(title: str, slug: str) -> None:
    assert rules.slug_base(title) == slug
