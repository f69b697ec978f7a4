"""Whatever somebody calls a CSV is a header and lines, or a refusal that says what to do. Never anything else."""

import csv
import io
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.imports.columns import COLUMNS, by_column, column_named, example_in, header_in, is_example
from pipeline.imports.rules import MOST_LINES
from pipeline.imports.sheets import sheet_from_bytes, sheet_from_rows, sheet_from_text
from pipeline.kernel.errors import RuleBroken
from tests.support.files import docx

pytestmark = pytest.mark.pure

HEADER = "reference,title,summary\n"


def written(rows: list[list[str]], separator: str = ",", ending: str = "\r\n") -> str:
    """Rows as a spreadsheet writes them."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=ending).writerows(rows)
    return text.getvalue()


def code_of(content: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(RuleBroken) as refused:
        sheet_from_bytes(content)
    assert all(problem.field == "file" for problem in refused.value.problems)
    return refused.value.code


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from(',;\t"\n'), max_size=30)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS.map(lambda cell: f"t{cell}"), CELLS), min_size=1, max_size=8),
    separator=st.sampled_from([",", ";", "\t"]),
    ending=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_spreadsheet_writes_is_read_back(
    rows: list[tuple[str, ...]], separator: str, ending: str, encoding: str
) -> None:
    text = written([["Reference", "Title", "Summary"], *map(list, rows)], separator, ending)
    sheet = sheet_from_bytes(text.encode(encoding))
    assert sheet.separator == separator
    assert [line.cells for line in sheet.lines] == rows
    assert not any(line.problem for line in sheet.lines)


BYTES = (
    st.binary(max_size=400) | st.text(max_size=300).map(str.encode) | st.binary(max_size=300).map(b"title\n".__add__)
)


@given(BYTES)
@settings(max_examples=300)
def test_any_bytes_are_a_sheet_or_a_refusal(content: bytes) -> None:
    try:
        sheet = sheet_from_bytes(content)
    except RuleBroken:
        return
    assert sheet.lines
    assert all(len(line.cells) == len(sheet.columns) for line in sheet.lines)


@given(st.text(max_size=300) | st.text(max_size=300).map("title\n".__add__))
def test_any_text_is_a_sheet_or_a_refusal(text: str) -> None:
    try:
        assert sheet_from_text(text).lines
    except RuleBroken:
        return


def test_letters_kept_as_windows_does_are_read_and_said() -> None:
    sheet = sheet_from_bytes("title,summary\nCafé,£5 – “so”\n".encode("cp1252"))
    assert (sheet.encoding, sheet.lines[0].cells) == ("windows-1252", ("Café", "£5 – “so”"))


def test_lines_are_counted_as_a_spreadsheet_counts_them() -> None:
    sheet = sheet_from_text('title,summary\nOne,"two\nlines"\n\n,\nTwo,x\n')
    assert [(line.number, line.cells[0]) for line in sheet.lines] == [(2, "One"), (5, "Two")]


def test_what_stands_before_the_names_of_columns_and_beyond_them_is_left_out() -> None:
    sheet = sheet_from_text("\n,,\ntitle,summary,,\nOne,x,,\n")
    assert (sheet.columns, sheet.lines[0].cells, sheet.lines[0].number) == (("title", "summary"), ("One", "x"), 4)


def test_columns_we_do_not_know_are_named_and_not_read() -> None:
    sheet = sheet_from_text("Title,Budget holder,\nOne,Ann,\n")
    assert sheet.ignored == ("Budget holder",)
    assert by_column(sheet.columns, sheet.lines[0].cells) == {"title": "One"}


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "import.empty"), (b" \r\n\t", "import.empty"), (b",,,\n ,\n", "import.empty"),
        (docx("<p>Text</p>"), "import.spreadsheet"), (b"PK\x03\x04" + b"\x00" * 90, "import.spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "import.spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "import.not_text"), (b"title\n\x00\n", "import.not_text"),
        (b"title\n\x81\x8d\n", "import.not_text"), ("title\nOne\n".encode("utf-16-le"), "import.not_text"),
        (b"\xff\xfe\x00", "import.not_text"), (b"title", "import.no_lines"),
        (b"title,summary\n\n,\n", "import.no_lines"),
        (b"summary,problem\na,b\n", "import.column_missing"), (b"One\nTwo\n", "import.column_missing"),
        (b"title,Teitl\na,b\n", "import.column_doubled"), (b"title,\"summary\na,b\n", "import.header_unreadable"),
        (b"title" + b"\nOne" * (MOST_LINES + 1), "import.too_many_lines"), (b"x" * 1_000_001, "import.too_large"),
        (b"title," + b"x," * 60, "import.too_many_columns"), (b"x" * 999_000, "import.header_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_portfolio_is_refused_with_what_to_do(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_every_column_that_is_wrong_is_named() -> None:
    with pytest.raises(RuleBroken) as refused:
        sheet_from_text("Summary,Crynodeb,Phase,Cyfnod\na,b,c,d\n")
    said = [str(problem.words) for problem in refused.value.problems]
    assert ["Title" in said[0], "Summary, Crynodeb" in said[1], "Phase, Cyfnod" in said[2]] == [True] * 3


@pytest.mark.parametrize(
    "lines, code, number",
    [
        ('One,"open\nTwo,x\n', "import.quotes", 2), ('One,"a"b\nTwo,x\n', "import.quotes", 2),
        ("One,a,b\n", "import.cells_over", 2), ("Two,x\nOne," + "x" * 140_000 + "\n", "import.cell_too_long", 3),
    ],
)  # fmt: skip
def test_a_line_whose_cells_cannot_be_told_apart_says_so(lines: str, code: str, number: int) -> None:
    sheet = sheet_from_text(f"title,summary\n{lines}")
    found = [(line.problem.code, line.number) for line in sheet.lines if line.problem]
    assert found == [(code, number)]


@pytest.mark.parametrize(
    "content",
    [b"," * 999_999, b"title\n" + b"," * 999_000, b"title\n" + b"x" * 999_000, b"title\n" + b'"' * 999_000,
     b"\n" * 999_999, b"title\n" + b"\n" * 999_000, b'title\n"' + b"x\n" * 450_000, b"title;" * 160_000],
    ids=("commas", "commas under a title", "one line", "quotation marks", "nothing", "empty lines", "one open cell",
         "columns"),
)  # fmt: skip
def test_a_hostile_file_is_answered_soon(content: bytes) -> None:
    began = time.perf_counter()
    try:
        sheet = sheet_from_bytes(content)
    except RuleBroken:
        pass
    else:
        assert all(line.problem for line in sheet.lines)
    assert time.perf_counter() - began < 5


def test_each_column_is_known_by_each_of_its_names_and_by_no_others() -> None:
    names: dict[str, str] = {}
    for column in COLUMNS:
        for name in (column.value, column.en, column.cy, *column.also, column.en.upper(), f" {column.cy} "):
            assert column_named(name) == column.value
            assert names.setdefault(name, column.value) == column.value
    assert column_named("Budget holder") is None
    assert column_named("Funding needed") == column_named("Funding needed (£)") == "funding_needed"


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_example_of_the_template_is_known_for_what_it_is(language: str) -> None:
    example: dict[str, Any] = by_column(header_in(language), example_in(language))
    assert is_example(example["reference"])
    assert not is_example("EX-1")


def test_rows_of_a_program_make_the_sheet_a_file_would() -> None:
    sheet = sheet_from_rows([{"title": "One"}, {"summary": "x", "title": "Two"}])
    assert (sheet.columns, [line.cells for line in sheet.lines]) == (("title", "summary"), [("One", ""), ("Two", "x")])
    assert [line.number for line in sheet.lines] == [2, 3]
    for rows in ([], [{"title": "One"}] * (MOST_LINES + 1)):
        with pytest.raises(RuleBroken):
            sheet_from_rows(rows)
