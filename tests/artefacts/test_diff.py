"""What a comparison of two texts shows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.artefacts import diff_words
from pipeline.artefacts.diff import (
    Comparison,
    DoesNotFit,
    PieceKind,
    Row,
    RowKind,
    Summary,
    apply,
    compare,
    summary_words,
    unapply,
)

pytestmark = pytest.mark.pure

SIGNING_IN = "Every officer signs in with a card before opening the records of a resident, and signs out at lunch.\n\n"
SHARING = "Records are shared with other councils only where the resident has agreed to it in writing beforehand.\n\n"
KEEPING = "What is no longer needed is destroyed within a year, and a note is kept of who destroyed it and when.\n\n"


def changes(old: str, new: str) -> list[Row]:
    """The rows that are not the same; and both texts can be made of each other."""
    comparison = compare(old, new)
    assert apply(comparison, old) == new
    assert unapply(comparison, new) == old
    return list(comparison.changes)


def marks(row: Row) -> list[tuple[str, str]]:
    """What was removed and added in a row."""
    signs = {PieceKind.REMOVED: "-", PieceKind.ADDED: "+"}
    return [(signs[piece.kind], piece.text.strip()) for piece in row.pieces if piece.kind in signs]


def only_change(old: str, new: str) -> Row:
    (row,) = changes(old, new)
    return row


def kinds(old: str, new: str) -> list[RowKind]:
    return [row.kind for row in changes(old, new)]


# Words


def test_a_changed_word_is_shown_as_a_changed_word() -> None:
    row = only_change(SIGNING_IN, SIGNING_IN.replace("card", "key"))
    assert row.kind is RowKind.CHANGED
    assert marks(row) == [("-", "card"), ("+", "key")]


def test_a_word_changed_in_the_least_is_changed_whole() -> None:
    assert marks(only_change("We share data.\n", "We shared data.\n")) == [("-", "share"), ("+", "shared")]


def test_a_mark_that_was_added_does_not_change_the_word_before_it() -> None:
    assert marks(only_change("We share data and tools with others\n", "We share data, and tools with others\n")) == [
        ("+", ",")
    ]


def test_emphasis_that_was_added_does_not_change_the_word_within() -> None:
    assert marks(only_change("Officers must sign in\n", "Officers **must** sign in\n")) == [("+", "**"), ("+", "**")]


def test_a_changed_address_of_a_link_is_one_change_and_its_words_stay() -> None:
    old = "Read [the policy](https://a.example/1), then [sign](https://a.example/s) it.\n"
    row = only_change(old, old.replace("a.example/1", "b.example/2"))
    assert marks(row) == [("-", "](https://a.example/1)"), ("+", "](https://b.example/2)")]


def test_changed_words_of_a_link_leave_its_address() -> None:
    row = only_change("See [our rules](/rules) first.\n", "See [our policy](/rules) first.\n")
    assert marks(row) == [("-", "rules"), ("+", "policy")]


def test_a_single_word_between_two_rewritten_passages_does_not_stand_alone() -> None:
    old = "We keep all of our paper files locked and then the keys hang beside every door for use by staff now.\n"
    new = "Every signed document goes online in full the public may read it there unasked for use by staff now.\n"
    removed = [piece.text for row in changes(old, new) for piece in row.pieces if piece.kind is PieceKind.REMOVED]
    assert any(" the " in f" {text}" for text in removed)


def test_what_hashes_alike_and_is_not_the_same_is_looked_at_again() -> None:
    assert diff_words._is_settled([("equal", 0, 2, 0, 2)], ["a", "b"], ["a", "b"])
    assert not diff_words._is_settled([("equal", 0, 2, 0, 2)], ["a", "b"], ["a", "c"])


# White space


@pytest.mark.parametrize(
    "old, new",
    [
        ("We share\nwhat we know.\n", "We share what\nwe know.\n"),
        ("- one\n- two\n", "* one\n* two\n"),
        ("1. one\n1. two\n", "1. one\n2. two\n"),
        ("A title\n=======\n", "# A title\n"),
        ("A title\n===\n", "A title\n=======\n"),
        ("| a | b |\n|---|---|\n", "|  a  |  b |\n| ----- | --- |\n"),
        ("> We share\n> what we know.\n", "> We share what\n> we know.\n"),
        ("***\n", "* * *\n"),
        ("Text.", "\n\nText.\n\n"),
        ("a\u00a0b", "a b"),
    ],
)
def test_what_is_only_written_otherwise_is_no_change(old: str, new: str) -> None:
    assert changes(old, new) == []
    comparison = compare(old, new)
    assert not comparison.is_same
    assert str(summary_words(comparison.summary)) == "Only spacing and line breaks changed"


def test_lines_wrapped_anew_leave_only_the_changed_word() -> None:
    row = only_change("We share\nwhat we know.\n", "We share what\nwe learn.\n")
    assert marks(row) == [("-", "know"), ("+", "learn")]


def test_a_quotation_wrapped_anew_leaves_only_the_changed_word() -> None:
    old = "> We share what\n> we know with all.\n"
    assert marks(only_change(old, "> We share\n> what we learn with all.\n")) == [("-", "know"), ("+", "learn")]


def test_white_space_in_code_is_a_change() -> None:
    assert kinds("```\nif a:\n  b\n```\n", "```\nif a:\n    b\n```\n") == [RowKind.CHANGED]


def test_a_letter_capital_or_accent_is_a_change() -> None:
    assert kinds("Cafe\n", "Café\n") == [RowKind.CHANGED]
    assert kinds("the Council\n", "the council\n") == [RowKind.CHANGED]


# Lists, headings, tables


def test_an_item_put_between_leaves_the_renumbered_items_alone() -> None:
    old = "1. Ask the resident\n2. Write it down\n3. Tell the team\n"
    new = "1. Ask the resident\n2. Check the card\n3. Write it down\n4. Tell the team\n"
    assert [(row.kind, row.news[0].source) for row in changes(old, new)] == [(RowKind.ADDED, "2. Check the card\n")]


def test_a_list_that_got_numbers_shows_the_numbers() -> None:
    assert marks(only_change("- ask the resident\n", "1. ask the resident\n")) == [("-", "-"), ("+", "1.")]


def test_a_heading_of_another_level_shows_its_marks() -> None:
    assert marks(only_change("## Sharing\n", "### Sharing\n")) == [("-", "##"), ("+", "###")]


def test_a_renamed_heading_is_changed_and_not_the_line_under_it() -> None:
    row = only_change("Sharing data\n============\n", "Sharing records\n===============\n")
    assert marks(row) == [("-", "data"), ("+", "records")]


def test_a_cell_is_compared_with_its_own_cell() -> None:
    row = only_change("| York | 10 | 20 |\n", "| York | 20 | 20 |\n")
    assert marks(row) == [("-", "10"), ("+", "20")]


def test_a_row_put_between_is_one_row() -> None:
    old = "| Council | Pledged |\n|---|---|\n| York | 10 days |\n| Hull | 5 days |\n"
    assert kinds(old, old.replace("| Hull", "| Selby | 3 days |\n| Hull")) == [RowKind.ADDED]


def test_a_column_put_between_is_added_in_every_row() -> None:
    row = only_change("| York | 10 days of time |\n", "| York | paid | 10 days of time |\n")
    assert [text.strip("| ") for sign, text in marks(row) if sign == "+"] == ["paid"]
    assert not [text for sign, text in marks(row) if sign == "-"]


def test_every_row_says_under_which_heading_it_stands() -> None:
    old = f"# Policy\n\n## Signing *in*\n\n{SIGNING_IN}## Old\n\n{KEEPING}"
    new = f"# Policy\n\n## Signing *in*\n\n{SIGNING_IN.replace('card', 'key')}"
    assert [(row.kind, row.heading) for row in changes(old, new)] == [
        (RowKind.CHANGED, "Signing *in*"), (RowKind.REMOVED, "Old"), (RowKind.REMOVED, "Old"),
    ]  # fmt: skip


# Paragraphs


def test_a_paragraph_that_came_and_one_that_went_are_said_to() -> None:
    assert kinds(SIGNING_IN + SHARING, SIGNING_IN + KEEPING) == [RowKind.REMOVED, RowKind.ADDED]


def test_a_paragraph_that_was_carried_elsewhere_has_two_rows_that_know_each_other() -> None:
    left, arrived = changes(SIGNING_IN + SHARING + KEEPING, SHARING + KEEPING + SIGNING_IN)
    assert (left.kind, arrived.kind) == (RowKind.MOVED_FROM, RowKind.MOVED_TO)
    assert (left.partner, arrived.partner) == (arrived.change, left.change)
    assert not arrived.has_changed_words


def test_a_paragraph_edited_on_the_way_shows_what_was_edited() -> None:
    _, arrived = changes(SIGNING_IN + SHARING + KEEPING, SHARING + KEEPING + SIGNING_IN.replace("card", "key"))
    assert arrived.kind is RowKind.MOVED_TO
    assert marks(arrived) == [("-", "card"), ("+", "key")]


def test_a_section_carried_elsewhere_takes_its_heading_and_its_short_items_with_it() -> None:
    section = f"## Keys\n\n{SIGNING_IN}- ask\n- note\n\n"
    rest = f"## Else\n\n{SHARING}{KEEPING}{SHARING.replace('councils', 'bodies')}{KEEPING.replace('year', 'week')}"
    found = kinds(section + rest, rest + section)
    assert found == [RowKind.MOVED_FROM] * 4 + [RowKind.MOVED_TO] * 4


def test_a_short_line_that_stands_elsewhere_too_was_not_carried_there() -> None:
    old = f"- Yes\n\n{SIGNING_IN}{SHARING}"
    assert kinds(old, f"{SIGNING_IN}{SHARING}- Yes\n\n") == [RowKind.REMOVED, RowKind.ADDED]


def test_a_paragraph_that_was_split_is_one_row_with_no_changed_words() -> None:
    row = only_change(
        "We share what we know with others. We ask before we share what is theirs.\n",
        "We share what we know with others.\n\nWe ask before we share what is theirs.\n",
    )
    assert row.kind is RowKind.SPLIT
    assert (len(row.olds), len(row.news)) == (1, 2)
    assert marks(row) == []


def test_paragraphs_that_were_joined_are_one_row_and_show_the_changed_word() -> None:
    row = only_change(
        "We share what we know with others.\n\nWe ask before we share what is theirs.\n",
        "We share what we know with others. We ask before we give what is theirs.\n",
    )
    assert row.kind is RowKind.JOINED
    assert (len(row.olds), len(row.news)) == (2, 1)
    assert marks(row) == [("-", "share"), ("+", "give")]


def test_a_sentence_that_became_a_list_was_split() -> None:
    old = "Officers must sign in with a card, lock the door of the room, note the time and tell us.\n"
    new = "- Officers must sign in with a card,\n- lock the door of the room,\n- note the time\n- and tell us.\n"
    row = only_change(old, new)
    assert (row.kind, len(row.news)) == (RowKind.SPLIT, 4)
    assert marks(row) == []


def test_of_many_changed_paragraphs_each_stands_beside_its_own() -> None:
    old = "".join(f"In year {year} the council gave {year * 7} days to all.\n\n" for year in range(8))
    new = old.replace("gave", "lent").replace("In year 3", "And in year 3")
    assert kinds(old, "Before all that, nothing was given.\n\n" + new) == [RowKind.ADDED, *[RowKind.CHANGED] * 8]


# The whole


def test_a_summary_says_how_much_of_what() -> None:
    rest = "Ask the officer of the council for help.\n\nThe officer answers within ten days of it.\n\n"
    new = SHARING + KEEPING.replace("year", "month") + rest + SIGNING_IN + "Thank you for reading.\n"
    comparison = compare(SIGNING_IN + SHARING + KEEPING + rest, new)
    assert comparison.summary == Summary(changed=1, added=1, moved=1)
    assert str(summary_words(comparison.summary)) == "1 paragraph changed, 1 added, 1 moved"


@pytest.mark.parametrize(
    "summary, words",
    [
        (Summary(), "Nothing changed"),
        (Summary(changed=4, added=1, moved=1), "4 paragraphs changed, 1 added, 1 moved"),
        (Summary(added=1), "1 paragraph added"),
        (Summary(removed=2, moved_and_changed=1), "2 paragraphs removed, 1 moved and changed"),
        (Summary(split=1, joined=3, spaced_anew=9), "1 paragraph split, 3 joined from others"),
    ],
)
def test_a_summary_in_words(summary: Summary, words: str) -> None:
    assert str(summary_words(summary)) == words


def test_a_comparison_fits_its_own_texts_only() -> None:
    comparison = compare(SIGNING_IN, SHARING)
    with pytest.raises(DoesNotFit):
        apply(comparison, SHARING)
    with pytest.raises(DoesNotFit):
        unapply(comparison, SIGNING_IN)


def test_what_is_the_same_is_held_once() -> None:
    text = SIGNING_IN + SHARING
    (first, second) = compare(text, text).rows
    assert [len(row.pieces) for row in (first, second)] == [1, 1]
    assert first.pieces[0].was is None


def test_nothing_and_something() -> None:
    assert compare("", "") == Comparison(())
    assert kinds("", SIGNING_IN) == [RowKind.ADDED]
    assert kinds(SIGNING_IN, "") == [RowKind.REMOVED]


# Hostile texts

HOSTILE = {
    "one line of 1 MB, edited": "old = 'word and more, ' * 60_000; new = old.replace('more', 'less', 30_000)",
    "one line of 1 MB without a space": "old = 'ab' * 500_000; new = 'ba' * 499_999",
    "100,000 blank lines": "old = 'a\\n' + '\\n' * 100_000 + 'b'; new = 'a\\n' + '\\n' * 99_000 + 'c'",
    "50,000 equal paragraphs": "old = 'The same.\\n\\n' * 50_000; new = 'The same.\\n\\n' * 49_000 + 'Another.\\n'",
    "50,000 and 50,000 other paragraphs":
        "old = ''.join(f'a{n} b{n} c{n}\\n\\n' for n in range(50_000));"
        "new = ''.join(f'd{n} e{n} f{n}\\n\\n' for n in range(50_000))",
    "as many lines as a version may have, all other ones":
        "import random; r = random.Random(1);"
        "old = ''.join(f'{r.choice(\"abcdefg\")}{n % 37}\\n\\n' for n in range(10_000));"
        "new = ''.join(f'{r.choice(\"abcdefg\")}{n % 41}\\n\\n' for n in range(10_000))",
    "a paragraph of 5,000 words, rewritten":
        "old = ' '.join(f'w{n % 997}' for n in range(5_000)); new = ' '.join(f'w{n * 7 % 991}' for n in range(5_000))",
    "20,000 similar paragraphs, shuffled and edited":
        "import random; all = [f'Item {n} is what every council has to tell the rest of\\n\\n' for n in range(20_000)];"
        "old = ''.join(all); random.Random(1).shuffle(all); new = ''.join(all).replace('has to', 'may')",
}  # fmt: skip

MEASURED = """
import json, pathlib, re, time
from pipeline.artefacts.diff import apply, compare, unapply
{texts}
begun = time.process_time()
comparison = compare(old, new)
taken = time.process_time() - begun
# What getrusage says was the most is that of the process this one was started by, where that was larger.
held = int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) / 1024
right = apply(comparison, old) == new and unapply(comparison, new) == old
print(json.dumps([taken, held, right, comparison.is_coarse]))
"""


@pytest.mark.parametrize("texts", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_compared_in_bounded_time_and_memory(texts: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURED.format(texts=texts)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    seconds, megabytes, is_right, _ = json.loads(done.stdout)
    assert is_right
    assert seconds < 8  # two, on a machine that does nothing else; a quadratic one would take minutes
    assert megabytes < 400


def test_what_was_too_much_to_compare_at_once_says_so() -> None:
    old = "".join(f"a{number} b{number} c{number}\n\n" for number in range(21_000))
    assert compare(old, old.replace("b", "d")).is_coarse
    assert not compare(SIGNING_IN, SHARING).is_coarse
