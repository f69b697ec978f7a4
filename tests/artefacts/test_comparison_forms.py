"""A comparison as JSON, as unified text and as HTML."""

import shutil
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.artefacts.comparison_forms import (
    NotAComparison,
    Spoken,
    as_json,
    as_unified,
    from_json,
    new_html,
    old_html,
    pieces_html,
    rows_html,
)
from pipeline.artefacts.diff import compare

pytestmark = pytest.mark.pure

SPOKEN = Spoken("Removed:", "end of removed", "Added:", "end of added")
OLD = "# Rules\n\nWe share <data> with others & ask.\n\nStays.\n"
NEW = "# Rules\n\nWe share <tools> with others & ask.\n\nStays.\n\nNew.\n"


def hidden(words: str) -> str:
    return f'<span class="govuk-visually-hidden">{words}</span>'


def test_json_holds_each_text_once() -> None:
    text = "A passage that stays as it is.\n\n" * 50
    assert str(as_json(compare(text, text))).count("passage") == 50


def test_json_says_what_a_row_is() -> None:
    form = as_json(compare(OLD, NEW))
    assert form["summary"]["changed"] == 1
    changed = form["rows"][1]
    assert (changed["kind"], changed["change"], changed["heading"]) == ("changed", 1, "Rules")
    assert [piece["kind"] for piece in changed["pieces"]] == ["same", "removed", "added", "same"]


def test_a_space_that_goes_with_removed_words_is_shown_with_them() -> None:
    row = compare("She decides and writes down why.\n", "She decides, writes down why.\n").rows[0]
    said = BeautifulSoup(pieces_html(row, SPOKEN), "html5lib")
    for one in (*said.find_all("del"), *said.find_all("span")):
        one.decompose()
    assert said.text == "She decides, writes down why."


@pytest.mark.parametrize(
    "wrong",
    [{}, {"form": 9}, {"form": None}, {"form": 1, "rows": [{}]}, {"form": 1, "rows": 3, "summary": {}, "coarse": 0}],
)
def test_anything_else_is_no_comparison(wrong: dict[str, object]) -> None:
    with pytest.raises(NotAComparison):
        from_json(wrong)


def test_blocks_that_do_not_fill_their_row_are_no_comparison() -> None:
    form = as_json(compare(OLD, NEW))
    form["rows"][0]["old"][0]["length"] += 1
    with pytest.raises(NotAComparison):
        from_json(form)


def test_unified_text_shows_three_lines_around_a_change() -> None:
    old = "".join(f"line {number}\n\n" for number in range(1, 9))
    assert as_unified(compare(old, old.replace("line 5", "other 5")), "version 1", "version 2") == (
        "--- version 1\n+++ version 2\n@@ -6,7 +6,7 @@\n \n line 4\n \n-line 5\n+other 5\n \n line 6\n \n"
    )


def test_equal_texts_have_no_unified_text() -> None:
    assert as_unified(compare(OLD, OLD), "a", "b") == ""


def test_a_name_stays_on_its_line() -> None:
    assert as_unified(compare(OLD, NEW), "a\n+b\tc", "").startswith("--- a +b c\n+++ text\n")


@pytest.mark.skipif(shutil.which("patch") is None, reason="patch is not installed")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(*[st.lists(st.sampled_from(["# A\n", "\n", "one two\n", "- x\n", "three", " ", "four\n\n"]), max_size=30)] * 2)
def test_patch_makes_the_new_text_of_the_old_one(tmp_path: Path, olds: list[str], news: list[str]) -> None:
    old, new = "".join(olds), "".join(news)
    (tmp_path / "text").write_text(old, encoding="utf-8", newline="")
    unified = as_unified(compare(old, new), "text", "text")
    if not unified:
        assert old == new
        return
    subprocess.run(
        ["patch", "--binary", "--quiet", "--force", "--fuzz=0", "text"],
        cwd=tmp_path, input=unified.encode(), capture_output=True, check=True,
    )  # fmt: skip
    after = (tmp_path / "text").read_bytes().decode() if (tmp_path / "text").exists() else ""
    assert after == new


def test_html_marks_words_says_so_aloud_and_escapes_the_rest() -> None:
    row = compare(OLD, NEW).changes[0]
    assert pieces_html(row, SPOKEN) == (
        "We share &lt;"
        f"<del>{hidden('Removed: ')}data{hidden(' end of removed')}</del>"
        f"<ins>{hidden('Added: ')}tools{hidden(' end of added')}</ins>"
        "&gt; with others &amp; ask."
    )


def test_each_side_has_its_own_words() -> None:
    row = compare(OLD, NEW).changes[0]
    assert "data" in old_html(row, SPOKEN)
    assert "tools" not in old_html(row, SPOKEN)
    assert "tools" in new_html(row, SPOKEN)
    assert "<del>" not in new_html(row, SPOKEN)


def test_a_row_that_has_no_side_shows_none() -> None:
    row = compare(OLD, NEW).changes[1]
    assert old_html(row, SPOKEN) == ""
    assert new_html(row, SPOKEN) == f"<ins>{hidden('Added: ')}New.{hidden(' end of added')}</ins>"


def test_what_is_said_aloud_is_escaped() -> None:
    row = compare(OLD, NEW).changes[0]
    assert "<b>" not in pieces_html(row, Spoken("<b>", "", "", ""))


def test_many_rows_are_the_rows_one_by_one() -> None:
    rows = compare(OLD, NEW).rows
    assert rows_html(rows, SPOKEN) == [pieces_html(row, SPOKEN) for row in rows]


def test_html_of_hostile_text_holds_no_tag_of_it() -> None:
    old, new = "<script>a</script> b\n", "<script>a</script> <img src=x onerror=y>\n"
    page = "".join(rows_html(compare(old, new).rows, SPOKEN))
    assert "<script" not in page
    assert "<img" not in page
