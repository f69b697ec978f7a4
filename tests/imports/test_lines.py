"""A line of a portfolio says a project, or everything that is wrong with it; and it is known again."""

from datetime import date
from typing import Any

import pytest

from pipeline.imports.checking import Checked, Known, check_sheet
from pipeline.imports.columns import COLUMN_BY_VALUE, by_column, example_in, header_in
from pipeline.imports.lines import ReadLine, read_line
from pipeline.imports.rules import LineState
from pipeline.imports.sheets import sheet_from_text
from pipeline.kernel.errors import RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.projects.rules import LONGEST_SUMMARY, Mode, NeedKind

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 23)
WHOLE = {
    "title": "One form", "summary": "A form.", "problem": "It takes long.", "themes": "Housing", "phase": "Alpha",
    "decision_on": "27/03/2027", "time_needed": "Developer 10", "essential": "yes",
}  # fmt: skip


def read(**values: str) -> ReadLine:
    return read_line(values, today=TODAY, nation="England")


def problems_of(**values: str) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in read(**values).problems]


def test_a_title_is_enough_and_what_is_still_to_be_written_is_said() -> None:
    line = read(title="  One   form ")
    assert line.project is not None
    assert line.project.details.title == "One form"
    assert [problem.field for problem in line.unwritten] == ["summary", "problem", "themes", "phase"]


def test_a_whole_line_is_ready_to_publish() -> None:
    line = read(**WHOLE)
    assert line.project is not None
    details, (need,) = line.project.details, line.project.needs
    assert line.unwritten == ()
    assert (details.themes, details.phase, details.decision_on) == (("housing",), "alpha", date(2027, 3, 27))
    assert (details.mode, need.kind, need.profession, need.target, need.is_essential) == (
        Mode.ALL_OR_NOTHING, NeedKind.TIME, "developer", 20, True,
    )  # fmt: skip


def test_needs_are_half_days_pence_and_numbers() -> None:
    line = read(
        title="One", time_needed="Developer 2.5; Tester: 1 day", funding_needed="20,000; Hosting: £2,500.50",
        things_needed="Meeting room 2",
    )  # fmt: skip
    assert line.project is not None
    assert [(need.kind, need.title, need.target) for need in line.project.needs] == [
        ("time", "Developer", 5), ("time", "Tester", 2), ("funding", "Funding", 2_000_000),
        ("funding", "Hosting", 250_050), ("in_kind", "Meeting room", 2),
    ]  # fmt: skip
    assert {need.is_essential for need in line.project.needs} == {False}


def test_a_welsh_line_is_read_and_its_needs_are_named_in_welsh() -> None:
    line = read_line(
        by_column(header_in("cy"), example_in("cy")) | {"reference": "1", "funding_needed": "500"},
        today=TODAY, nation="Wales",
    )  # fmt: skip
    assert line.problems == ()
    assert line.project is not None
    assert (line.project.details.language, line.project.details.themes[0]) == ("cy", "housing")
    assert [need.title for need in line.project.needs] == ["Datblygwr", "Ymchwilydd defnyddwyr", "Cyllid", "Grŵp profi"]
    assert line.project.needs[0].is_essential


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_example_of_the_template_could_be_brought_in(language: str) -> None:
    example = by_column(header_in(language), example_in(language))
    assert read_line(example | {"reference": "1"}, today=TODAY, nation="Wales").problems == ()


def test_work_that_has_ended_says_when_and_asks_for_nothing() -> None:
    line = read(title="One", stage="Completed", year_ended="2024", outcome="A form.")
    assert line.project is not None
    assert (line.project.details.is_past, line.project.details.year_ended) == (True, 2024)
    assert problems_of(title="One", stage="ended", funding_needed="5") == [("project.past_asks", "stage")]


def test_every_problem_of_a_line_is_found_each_with_its_column() -> None:
    found = problems_of(
        title="", summary="x" * (LONGEST_SUMMARY + 1), themes="Dragons", phase="=A1", stage="maybe", mode="perhaps",
        decision_on="3/27/2027", least_councils="-1", year_ended="1066", language="French", time_needed="Wizard 3",
        funding_needed="lots", things_needed="Room", essential="a bit", reference="x" * 41,
    )  # fmt: skip
    assert set(found) == {
        ("project.title_missing", "title"), ("project.summary_too_long", "summary"), ("import.word_unknown", "themes"),
        ("import.formula", "phase"), ("import.word_unknown", "stage"), ("import.word_unknown", "mode"),
        ("import.date_unclear", "decision_on"), ("import.number_unclear", "least_councils"),
        ("project.year_out_of_range", "year_ended"), ("import.word_unknown", "language"),
        ("import.word_unknown", "time_needed"), ("import.amount_unclear", "funding_needed"),
        ("import.need_unclear", "things_needed"), ("import.yes_or_no_unclear", "essential"),
        ("import.reference_too_long", "reference"),
    }  # fmt: skip
    assert len(found) == 15
    assert {field for _code, field in found} <= set(COLUMN_BY_VALUE)


@pytest.mark.parametrize(
    "values, code",
    [
        ({"time_needed": "10"}, "import.need_unclear"), ({"time_needed": "Developer"}, "import.days_unclear"),
        ({"time_needed": "Developer 0"}, "need.target_out_of_range"),
        ({"funding_needed": "0"}, "need.target_out_of_range"),
        ({"things_needed": f"{'x' * 100} 2"}, "need.thing_too_long"),
        ({"funding_needed": ";".join(["5"] * 31)}, "import.too_many_needs"),
        ({"least_councils": "401"}, "project.councils_out_of_range"),
        ({"themes": "Housing;Planning;Libraries;Licensing;Homelessness;Public health"}, "project.too_many_themes"),
        ({"title": "x" * 121}, "project.title_too_long"), ({"title": "#REF!"}, "import.not_worked_out"),
    ],
)  # fmt: skip
def test_the_rules_of_projects_are_asked(values: dict[str, str], code: str) -> None:
    assert [found for found, _field in problems_of(**{"title": "One"} | values)] == [code]


def test_an_amount_that_cannot_be_read_is_shown_as_it_was_written() -> None:
    (problem,) = read(title="One", funding_needed="lots").problems
    assert "“lots” is not an amount in pounds" in str(problem.words)


# --- Whole sheets -------------------------------------------------------------------------------------------------


def checked(text: str, **known: Any) -> Checked:
    return check_sheet(sheet_from_text(text), Known(**known), today=TODAY, nation="England")


def states(found: Checked) -> list[tuple[int, str]]:
    return [(line.number, line.state.value) for line in found.lines]


def test_a_sheet_is_checked_line_by_line() -> None:
    found = checked("title,phase\nOne,alpha\nTwo,omega\nThree,\n")
    assert states(found) == [(2, "ready"), (3, "refused"), (4, "ready")]
    assert [found.number(state) for state in LineState] == [2, 0, 1, 0]


def test_the_example_is_left_out_and_a_sheet_of_nothing_else_is_refused() -> None:
    found = checked("reference,title\nEXAMPLE,One form\n7,Two\n")
    assert (states(found), found.has_example) == ([(3, "ready")], True)
    with pytest.raises(RuleBroken, match=r"import\.no_lines"):
        checked("reference,title\nENGHRAIFFT,Un ffurflen\n")


def test_a_project_is_known_by_its_reference_whatever_its_title() -> None:
    here = new_id()
    found = checked("reference,title\nab-1,Another title\n", by_reference={"ab-1": here}, with_reference={here})
    assert [(line.state, line.project_id) for line in found.lines] == [(LineState.MATCHED, here)]
    assert states(checked("reference,title\nAB-1,Another\n", by_reference={"ab-1": here})) == [(2, "matched")]


def test_a_project_without_a_reference_is_known_by_its_title() -> None:
    here = new_id()
    by_title = {"oneform": [here]}
    assert states(checked("title\n“One  FORM”\n", by_title=by_title)) == [(2, "matched")]
    assert states(checked("reference,title\n9,One form\n", by_title=by_title)) == [(2, "matched")]
    # One that is called otherwise by its council is another project, though the title is the same.
    assert states(checked("reference,title\n9,One form\n", by_title=by_title, with_reference={here})) == [(2, "ready")]


def test_a_line_that_says_the_same_project_as_an_earlier_one_is_refused_and_names_it() -> None:
    found = checked("reference,title\n1,One\n1,Two\n,Three\n,THREE\n4,Four\n5,Four\n,Four\n")
    assert states(found) == [
        (2, "ready"), (3, "refused"), (4, "ready"), (5, "refused"), (6, "ready"), (7, "ready"), (8, "refused"),
    ]  # fmt: skip
    said = {line.number: str(line.read.problems[0].words) for line in found.lines if line.read.problems}
    assert ("Line 2 has the same reference" in said[3], "Line 4 has the same title" in said[5]) == (True, True)


def test_a_line_that_cannot_be_read_holds_up_no_other() -> None:
    found = checked('title,summary\nOne,"a"b\nTwo,x\n')
    assert states(found) == [(2, "refused"), (3, "ready")]
