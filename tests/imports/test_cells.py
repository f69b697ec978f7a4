"""What people write into the cells of a spreadsheet is read, and what could be read two ways is not guessed at."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.imports.cells import (
    WELSH_MONTHS,
    Unclear,
    date_in,
    half_days_in,
    named_amounts_in,
    number_in,
    pence_in,
    text_in,
    truth_in,
    word_in,
    words_in,
)
from pipeline.kernel.words import MONTHS
from pipeline.projects.vocabulary import PHASES, PROFESSIONS, THEMES
from pipeline.web.csv_tables import safe

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "written",
    [
        "27/03/2027", "27.3.2027", "27-03-2027", "27/3/27", "2027-03-27", "2027-03-27 00:00:00", "2027-03-27T00:00:00Z",
        "27 March 2027", "27th March 2027", "27 Mar 2027", "27-Mar-27", "27 mawrth 2027", "27 Maw 2027",
        "Saturday 27 March 2027", "Saturday, 27 March 2027", " 27  March  2027 ", "27 / 3 / 2027",
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(written: str) -> None:
    assert date_in(written) == date(2027, 3, 27)


@pytest.mark.parametrize(
    "written",
    ["3/27/2027", "31/02/2027", "46473", "March 2027", "27 Ma 2027", "27 J 2027", "soon", "27/03", "27 March 1066",
     "27 ⅲ 2027", "２７/０３/２０２７", "27/03/2027 11:30", "0/0/0", "9" * 400],
)  # fmt: skip
def test_what_is_no_date_or_could_be_two_is_not_guessed_at(written: str) -> None:
    with pytest.raises(Unclear) as refused:
        date_in(written)
    assert refused.value.problem.code == "import.date_unclear"


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.sampled_from(["/", ".", "-", "named", "welsh", "iso"]))
def test_every_date_is_read_back_from_each_way_of_writing_it(day: date, way: str) -> None:
    months = {"named": MONTHS, "welsh": WELSH_MONTHS}
    written = day.isoformat()
    if way in months:
        written = f"{day.day} {months[way][day.month - 1]} {day.year}"
    elif way != "iso":
        written = way.join(str(part) for part in (day.day, day.month, day.year))
    assert date_in(written) == day


def test_nothing_written_is_nothing() -> None:
    assert (date_in(" "), number_in(""), truth_in(""), word_in("", PHASES), words_in("", THEMES)) == (
        None, None, False, None, (),
    )  # fmt: skip


def test_money_is_pence_and_time_is_half_days() -> None:
    assert [pence_in(one) for one in ("2,500", "£2500.50", "£ 2,500", "2500 GBP", "0.05")] == [
        250_000, 250_050, 250_000, 250_000, 5,
    ]  # fmt: skip
    assert [half_days_in(one) for one in ("10", "2.5", "2.5 days", "1 day", "3 diwrnod", "10.0")] == [
        20,
        5,
        5,
        2,
        6,
        20,
    ]


@pytest.mark.parametrize("written", ["20k", "1,00", "two", "-5", "1e6", "2500,50", "£", ""])
def test_an_amount_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(Unclear):
        pence_in(written)


@pytest.mark.parametrize("written", ["2.25", "half a day", "10 weeks", "-1"])
def test_days_that_are_neither_whole_nor_half_are_refused(written: str) -> None:
    with pytest.raises(Unclear):
        half_days_in(written)


def test_words_are_known_by_id_and_by_name_in_both_languages() -> None:
    assert {word_in(one, PHASES) for one in ("alpha", "Alffa", "ALPHA ")} == {"alpha"}
    assert {word_in(one, PHASES) for one in ("Wedi’i ymddeol", "wedi'i ymddeol")} == {"retired"}
    assert words_in("Tai; Housing|transport-and-highways", THEMES) == ("housing", "transport-and-highways")
    assert words_in("Websites, social media and communications", THEMES) == ("websites-and-communications",)
    assert words_in("Housing, Planning & Building Control", THEMES) == ("housing", "planning")


@pytest.mark.parametrize("labels", [THEMES, PHASES, PROFESSIONS], ids=("themes", "phases", "professions"))
def test_every_word_of_a_list_is_known_by_each_of_its_names(labels: tuple[object, ...]) -> None:
    for label in labels:
        for name in (label.value, label.en, label.cy, label.en.upper()):  # type: ignore[attr-defined]
            assert word_in(name, labels) == label.value  # type: ignore[arg-type, attr-defined]


def test_a_word_that_is_nearly_right_is_answered_with_the_one_that_is_near() -> None:
    with pytest.raises(Unclear, match=r"Did you mean Housing\?"):
        words_in("Housng", THEMES)
    with pytest.raises(Unclear, match="not in our list"):
        words_in("Dragons", THEMES)


@pytest.mark.parametrize("cell", ["=1+1", '=HYPERLINK("http://x")', "+SUM(A1)", "@SUM(1)", "-cmd|' /C calc'!A0", "＝1"])
def test_a_formula_is_refused(cell: str) -> None:
    with pytest.raises(Unclear) as refused:
        text_in(cell)
    assert refused.value.problem.code == "import.formula"


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "########", "#name?"])
def test_what_the_spreadsheet_could_not_work_out_is_refused(cell: str) -> None:
    with pytest.raises(Unclear) as refused:
        text_in(cell)
    assert refused.value.problem.code == "import.not_worked_out"


@pytest.mark.parametrize("cell", ["- first\n- second", "+44 is a prefix", "@ the depot", "# A heading", "a=b"])
def test_text_that_only_looks_like_a_formula_is_text(cell: str) -> None:
    assert text_in(cell) == cell


def test_letters_that_were_lost_are_refused() -> None:
    with pytest.raises(Unclear, match="Letters in it were lost"):
        text_in("Caf\ufffd")


@given(st.text(max_size=40))
def test_a_cell_that_was_made_safe_is_read_back_as_it_was(text: str) -> None:
    try:
        read = text_in(text)
    except Unclear:
        return
    if text.startswith("'"):
        return  # An apostrophe before a sign is what we put there ourselves.
    assert text_in(safe(text)) == read


def test_amounts_carry_the_name_they_are_for() -> None:
    assert named_amounts_in("Developer 10; User researcher: 2.5 days") == [
        ("Developer", "10"),
        ("User researcher", "2.5 days"),
    ]
    assert named_amounts_in("20,000") == [("", "20,000")]
    assert named_amounts_in("Hosting - £2,500.50\nLicences: 800") == [("Hosting", "£2,500.50"), ("Licences", "800")]
    assert named_amounts_in("Developer") == [("Developer", "")]


def test_a_part_without_end_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(Unclear) as refused:
        named_amounts_in("9" * 100_000)
    assert refused.value.problem.code == "import.part_too_long"


@pytest.mark.parametrize("cell, is_yes", [("Yes", True), ("ydy", True), ("x", True), ("no", False), ("Nac ydy", False)])
def test_yes_and_no_are_read_in_both_languages(cell: str, is_yes: bool) -> None:
    assert truth_in(cell) is is_yes


def test_perhaps_is_neither() -> None:
    with pytest.raises(Unclear, match="neither yes nor no"):
        truth_in("perhaps")
