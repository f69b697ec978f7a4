"""Merging: what comes in, what stays, what clashes, and what is made of decisions. Each trap has a test."""

import resource
import time
from collections.abc import Mapping

import pytest

from pipeline.artefacts.merge import Choice, Counts, Decision, Merged, PartKind, merge, resolved
from pipeline.kernel.errors import RuleBroken

pytestmark = pytest.mark.pure

BASE = """# Social media

Officers use official accounts. Ask the press office first. Records are kept for six years.

- Facebook
- Instagram

## Councillors

Councillors have accounts of their own.
"""


def with_(*pairs: tuple[str, str], text: str = BASE) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def texts_of(merged: Merged, kind: PartKind) -> list[tuple[str, str, str]]:
    return [(part.base, part.theirs, part.ours) for part in merged.parts if part.kind is kind]


def decided(merged: Merged, decisions: Mapping[int, str] | None = None, text: str = "") -> str:
    return resolved(merged, {number: Decision(choice, text) for number, choice in (decisions or {}).items()})


def codes(merged: Merged, decisions: Mapping[int, Decision]) -> list[tuple[str, str | None]]:
    with pytest.raises(RuleBroken) as refused:
        resolved(merged, decisions)
    return [(problem.code, problem.field) for problem in refused.value.problems]


# What needs nobody's decision


def test_changes_of_different_paragraphs_come_together() -> None:
    theirs = with_(("have accounts of their own", "use accounts of their own"))
    ours = with_(("official accounts", "council accounts"))
    merged = merge(BASE, theirs, ours)
    assert merged.is_clean
    assert merged.text == with_(("official accounts", "council accounts"), ("have accounts", "use accounts"))
    assert merged.counts == Counts(came_in=1, stayed=1, alike=0, to_decide=0)


def test_changes_of_neighbouring_paragraphs_are_no_clash() -> None:
    base = "One says this.\n\nTwo says that.\n\nThree.\n"
    merged = merge(base, base.replace("this", "something"), base.replace("that", "nothing"))
    assert merged.text == "One says something.\n\nTwo says nothing.\n\nThree.\n"


def test_changes_of_different_sentences_of_one_paragraph_are_no_clash() -> None:
    theirs = with_(("six years", "seven years"))
    ours = with_(("Ask the press office first", "Ask the web team first"))
    merged = merge(BASE, theirs, ours)
    assert merged.text == with_(("six years", "seven years"), ("press office", "web team"))
    assert [part.number for part in merged.parts if part.number] == [1, 2]
    assert [part.begins_block for part in merged.parts if not part.is_whole][:1] == [True]


def test_what_both_changed_alike_comes_in_once() -> None:
    both = with_(("six years", "seven years"), ("- Instagram\n", "- Instagram\n- Mastodon\n"))
    merged = merge(BASE, both, both)
    assert merged.text == both
    assert merged.counts == Counts(0, 0, alike=2, to_decide=0)


def test_of_two_additions_to_one_place_what_is_alike_comes_in_once_and_the_rest_follows() -> None:
    theirs = with_(("- Instagram\n", "- Instagram\n- Mastodon\n- Threads\n"))
    ours = with_(("- Instagram\n", "- Instagram\n- Mastodon\n"))
    merged = merge(BASE, theirs, ours)
    assert merged.text == theirs
    assert merged.counts == Counts(came_in=1, stayed=0, alike=1, to_decide=0)


def test_a_paragraph_wrapped_anew_takes_the_word_the_other_side_changed() -> None:
    theirs = with_((". ", ".\n"), text="First it. Then that is said.\n")
    merged = merge("First it. Then that is said.\n", theirs, "First it. Then this is said.\n")
    assert merged.text == "First it. Then this is said.\n"
    assert merged.is_clean


def test_a_paragraph_both_wrapped_anew_differently_is_no_clash() -> None:
    merged = merge("a b c d\n", "a\nb c d\n", "a b\nc\nd\n")
    assert merged.text == "a b\nc\nd\n"
    assert merge("a b c d\n", "a b\nc\nd\n", "a\nb c d\n").text == merged.text
    assert [part.kind for part in merged.parts] == [PartKind.SAME]


def test_a_moved_paragraph_keeps_the_words_the_other_side_changed_in_it() -> None:
    paragraphs = [f"Paragraph {number} speaks of matter {number} at length." for number in range(6)]
    theirs = "\n\n".join([*paragraphs[1:5], paragraphs[0], paragraphs[5]]) + "\n"
    base = "\n\n".join(paragraphs) + "\n"
    ours = base.replace("matter 0 at length", "matter 0 in short")
    merged = merge(base, theirs, ours)
    assert merged.text == theirs.replace("matter 0 at length", "matter 0 in short")
    assert merge(base, ours, theirs).text == merged.text


def test_renumbering_a_list_is_no_clash_with_a_changed_item() -> None:
    base = "1. Plan the work.\n2. Do the work well.\n3. Check the work.\n"
    theirs = "1. Plan the work.\n2. Ask around.\n3. Do the work well.\n4. Check the work.\n"
    ours = "1. Plan the work.\n2. Do the work very well.\n3. Check the work.\n"
    assert merge(base, theirs, ours).text == theirs.replace("work well", "work very well")


def test_two_items_added_in_two_places_leave_rising_numbers() -> None:
    base = "1. Plan.\n2. Do.\n3. Check.\n4. End.\n"
    theirs = "1. Plan.\n2. Ask around.\n3. Do.\n4. Check.\n5. End.\n"
    ours = "1. Plan.\n2. Do.\n3. Check.\n4. Tell people.\n5. End.\n"
    merged = merge(base, theirs, ours)
    assert merged.text == "1. Plan.\n2. Ask around.\n3. Do.\n4. Check.\n4. Tell people.\n5. End.\n"


def test_an_item_removed_and_one_added_after_it_are_no_clash() -> None:
    theirs, ours = with_(("- Instagram\n", "")), with_(("- Instagram\n", "- Instagram\n- Mastodon\n"))
    assert merge(BASE, theirs, ours).text == with_(("- Instagram\n", "- Mastodon\n"))


TABLE = "| Who | What |\n|---|---|\n| Press | posts news |\n| Web | keeps pages |\n"


def test_cells_of_one_row_changed_by_each_side_are_no_clash() -> None:
    merged = merge(TABLE, TABLE.replace("Press", "Press office"), TABLE.replace("posts news", "posts all news"))
    assert merged.text == TABLE.replace("| Press | posts news |", "| Press office | posts all news |")


def test_a_column_added_to_a_table_takes_the_cell_the_other_side_changed() -> None:
    theirs = "| Who | What | When |\n|---|---|---|\n| Press | posts news | daily |\n| Web | keeps pages | always |\n"
    ours = TABLE.replace("keeps pages", "keeps the pages")
    assert merge(TABLE, theirs, ours).text == theirs.replace("keeps pages", "keeps the pages")


def test_rows_added_in_two_places_stand_line_under_line() -> None:
    theirs = TABLE.replace("| Press", "| Chief | signs |\n| Press")
    ours = f"{TABLE}| Legal | advises |\n"
    assert merge(TABLE, theirs, ours).text == theirs + "| Legal | advises |\n"


def test_a_table_that_follows_another_stays_one_of_its_own() -> None:
    base = "Text.\n\n| records | records |\n"
    assert merge(base, "| accounts |\n\n| records | records |\n", base).text == (
        "| accounts |\n\n| records | records |\n"
    )


def test_a_row_added_where_the_last_one_was_removed_stays_in_the_table() -> None:
    base = f"{TABLE}\nText follows.\n"
    theirs = base.replace("| Web | keeps pages |\n", "")
    ours = base.replace("| Web | keeps pages |\n", "| Web | keeps pages |\n| Legal | advises |\n")
    assert merge(base, theirs, ours).text == base.replace("| Web | keeps pages |", "| Legal | advises |")


def test_lines_of_front_matter_are_merged_and_stay_at_the_head() -> None:
    base = "---\ntitle: Media\nowner: Kent\n---\n\nText.\n"
    merged = merge(base, base.replace("Media", "Social media"), base.replace("Kent", "Devon"))
    assert merged.text == "---\ntitle: Social media\nowner: Devon\n---\n\nText.\n"


def test_both_of_two_front_matters_are_one_with_the_lines_of_both() -> None:
    merged = merge("Text.\n", "---\ntitle: Media\n---\nText.\n", "---\nowner: Kent\n---\nText.\n")
    assert decided(merged, {1: "both"}) == "---\nowner: Kent\ntitle: Media\n---\nText.\n"


def test_a_heading_changed_in_level_by_one_and_in_words_by_the_other_has_both() -> None:
    merged = merge(BASE, with_(("## Councillors", "### Councillors")), with_(("## Councillors", "## Members")))
    assert merged.text == with_(("## Councillors", "### Members"))


def test_code_is_merged_by_line_and_its_white_space_counts() -> None:
    base = "```\nif a:\n    b\n\nelse:\n    c\n```\n\nEnd.\n"
    merged = merge(base, base.replace("    b", "  b"), base.replace("    c", "    d"))
    assert merged.text == "```\nif a:\n  b\n\nelse:\n    d\n```\n\nEnd.\n"


# What stays apart


def test_paragraphs_and_headings_never_run_together() -> None:
    merged = merge("First.\n", "First.\n\nTheirs.\n", "First.\n\n## Ours\n")
    assert decided(merged, {1: "both"}) == "First.\n\n## Ours\n\nTheirs.\n"
    assert decided(merged, {1: "both_reversed"}) == "First.\n\nTheirs.\n\n## Ours\n"


def test_a_missing_line_end_at_the_end_of_a_text_does_no_harm() -> None:
    assert merge("One.", "One.\n\nTwo.", "One. More.").text == "One. More.\n\nTwo."
    assert merge("One.", "One.\n\nTwo.", "Zero.\n\nOne.").text == "Zero.\n\nOne.\n\nTwo."


def test_a_text_of_ones_own_without_line_ends_stays_apart_from_what_follows() -> None:
    merged = merge("A.\n\nThe end.\n", "B.\n\nThe end.\n", "C.\n\nThe end.\n")
    assert decided(merged, {1: "text"}, "# My words") == "# My words\n\nThe end.\n"


def test_what_follows_code_left_open_is_not_swallowed() -> None:
    merged = merge("One.\n", "One.\n\n```\ncode\n", "Zero.\n\nOne.\n\nTwo.\n")
    assert decided(merged, {1: "both_reversed"}) == "Zero.\n\nOne.\n\n```\ncode\n```\n\nTwo.\n"


def test_lines_across_the_page_from_both_sides_do_not_become_front_matter() -> None:
    assert merge("# A\n", "---\n# A\n", "# A\n---\n\n").text == "\n---\n# A\n---\n\n"


# What clashes


def test_the_same_sentence_changed_differently_is_a_clash_within_its_paragraph() -> None:
    merged = merge(BASE, with_(("six years", "seven years")), with_(("six years", "ten years")))
    assert merged.text is None
    assert texts_of(merged, PartKind.CLASH) == [
        (
            "Records are kept for six years.\n\n",
            "Records are kept for seven years.\n\n",
            "Records are kept for ten years.\n\n",
        )
    ]
    assert decided(merged, {1: "ours"}) == with_(("six years", "ten years"))
    assert decided(merged, {1: "theirs"}) == with_(("six years", "seven years"))
    assert decided(merged, {1: "base"}) == BASE
    assert decided(merged, {1: "both"}) == with_(("six years.", "ten years. Records are kept for seven years."))
    assert decided(merged, {1: "both_reversed"}) == with_(
        ("six years.", "seven years. Records are kept for ten years.")
    )
    assert decided(merged, {1: "text"}, "Ask records.") == with_(("Records are kept for six years.", "Ask records."))
    assert decided(merged, {1: "text"}, "") == with_((" Records are kept for six years.", ""))


def test_sentences_without_a_full_stop_are_never_glued_together() -> None:
    base = "See annex A\n"
    merged = merge(base, "See annex A. Then annex B.\n", "See annex C\n")
    assert texts_of(merged, PartKind.CLASH) == [(base, "See annex A. Then annex B.\n", "See annex C\n")]
    assert decided(merged, {1: "both"}) == "See annex C\n\nSee annex A. Then annex B.\n"


def test_what_one_removes_and_the_other_changes_is_a_clash() -> None:
    merged = merge(
        BASE, with_(("Councillors have accounts of their own.\n", "")), with_(("have accounts", "hold them"))
    )
    assert [part.theirs for part in merged.clashes] == [""]
    assert "hold them" in decided(merged, {1: "ours"})
    assert "of their own" not in decided(merged, {1: "theirs"})


def test_two_paragraphs_added_to_one_place_are_a_clash() -> None:
    add = "## Councillors\n\n"
    merged = merge(BASE, with_((add, f"{add}Theirs is new.\n\n")), with_((add, f"{add}Ours was added.\n\n")))
    assert texts_of(merged, PartKind.CLASH) == [("", "Theirs is new.\n\n", "Ours was added.\n\n")]


def test_a_paragraph_added_to_one_that_the_other_side_removed_is_a_clash_a_heading_is_not() -> None:
    base = "# A\n\nOfficers ask first.\n\n# B\n\nText.\n"
    theirs = "# A\n\n# B\n\nText.\n"
    addition = "Officers ask first.\n\nThey ask the press office.\n\n"
    assert not merge(base, theirs, base.replace("Officers ask first.\n\n", addition)).is_clean
    heading = "Officers ask first.\n\n# New\n\n"
    assert merge(base, theirs, base.replace("Officers ask first.\n\n", heading)).text == theirs.replace(
        "# B", "# New\n\n# B"
    )


def test_a_heading_both_gave_another_level_is_a_clash() -> None:
    merged = merge(BASE, with_(("## Coun", "### Coun")), with_(("## Coun", "# Coun")))
    assert texts_of(merged, PartKind.CLASH) == [("## Councillors\n\n", "### Councillors\n\n", "# Councillors\n\n")]


def test_a_paragraph_made_code_by_one_and_an_item_by_the_other_is_a_clash() -> None:
    merged = merge("Run it now.\n", "```\nRun it now.\n```\n", "- Run it now.\n")
    assert [part.text for part in merged.clashes] == [""]


# Stretches


def stretched() -> Merged:
    base = "".join(f"Paragraph {number} says a thing.\n\n" for number in range(30))
    theirs, ours = base, base
    for number in (3, 5, 7):
        theirs = theirs.replace(f"Paragraph {number} says a", f"Paragraph {number} tells them a")
        ours = ours.replace(f"Paragraph {number} says a", f"Paragraph {number} tells us a")
    theirs = theirs.replace("Paragraph 6 says a", "Paragraph 6 has a")
    return merge(base, theirs, ours.replace("Paragraph 20 says a", "Paragraph 20 tells us a"))


def test_clashes_close_to_each_other_are_one_stretch_with_pieces() -> None:
    merged = stretched()
    assert [part.number for part in merged.clashes] == [1]
    stretch = merged.clashes[0]
    assert [(piece.kind, piece.number) for piece in stretch.pieces] == [
        (PartKind.CLASH, 3), (PartKind.SAME, 0), (PartKind.CLASH, 4), (PartKind.THEIRS, 5), (PartKind.CLASH, 6),
    ]  # fmt: skip
    assert merged.counts == Counts(came_in=0, stayed=1, alike=0, to_decide=1)


def test_a_stretch_is_decided_on_as_a_whole() -> None:
    text = decided(stretched(), {1: "ours"})
    assert text.count("tells us") == 4
    assert "Paragraph 6 says a thing" in text


def test_a_stretch_is_decided_on_piece_by_piece_and_the_rest_of_it_comes_in() -> None:
    text = decided(stretched(), {3: "ours", 4: "theirs", 6: "base"})
    assert text.count("tells us") == 2
    assert text.count("tells them") == 1
    assert "Paragraph 6 has a thing" in text


def test_a_stretch_decided_on_in_part_names_what_is_left() -> None:
    assert codes(stretched(), {3: Decision("ours")}) == [("merge.undecided", "4"), ("merge.undecided", "6")]


def test_a_decision_on_the_whole_goes_before_those_on_its_pieces() -> None:
    text = decided(stretched(), {1: "theirs", 3: "ours"})
    assert text.count("tells them") == 3


def test_clashes_far_from_each_other_are_decided_on_one_by_one() -> None:
    base = "".join(f"Paragraph {number} says a thing.\n\n" for number in range(30))
    theirs = base.replace("h 3 says", "h 3 tells").replace("h 9 says", "h 9 tells")
    merged = merge(base, theirs, theirs.replace("tells", "told"))
    assert [part.number for part in merged.clashes] == [1, 2]


# Nothing lost


def test_a_sentence_that_stands_twice_is_not_lost_when_each_side_drops_another_one() -> None:
    twice = "Ask the press office before you post."
    base = f"# A\n\n{twice}\n\n# B\n\n{twice}\n\n# C\n\nEnd.\n"
    theirs = f"# A\n\n# B\n\n{twice}\n\n# C\n\nEnd.\n"
    ours = f"# A\n\n{twice}\n\n# B\n\n# C\n\nEnd.\n"
    merged = merge(base, theirs, ours)
    assert len(merged.clashes) == 1
    for choice in (Choice.OURS, Choice.THEIRS, Choice.BASE, Choice.BOTH):
        assert twice in decided(merged, {1: choice})


def test_where_the_two_stand_far_apart_it_goes_by_decision_only() -> None:
    twice = "Ask the press office before you post."
    between = "".join(f"Paragraph {number} says a thing.\n\nAnd more.\n\n" for number in range(20))
    theirs_between = between.replace("says a", "has a")
    base = f"# A\n\n{twice}\n\n# B\n\n{between}# C\n\n{twice}\n\n# D\n"
    theirs = f"# A\n\n# B\n\n{theirs_between}# C\n\n{twice}\n\n# D\n"
    ours = f"# A\n\n{twice}\n\n# B\n\n{between}# C\n\n# D\n"
    merged = merge(base, theirs, ours)
    assert texts_of(merged, PartKind.CLASH) == [(f"{twice}\n\n", "", f"{twice}\n\n")]
    assert twice in decided(merged, {1: "ours"})
    assert merged.counts.came_in == 20


def test_a_sentence_moved_into_what_the_other_side_rewrote_is_not_lost() -> None:
    base = "Keep this sentence here. Another one.\n\nThird comes last. It ends well.\n"
    theirs = "Another one.\n\nThird comes last. Keep this sentence here. It ended badly.\n"
    ours = "Keep this sentence here. Another one.\n\nNothing is as it was before, said they.\n"
    merged = merge(base, theirs, ours)
    for choice in (Choice.OURS, Choice.THEIRS, Choice.BASE):
        assert "Keep this sentence here." in decided(merged, dict.fromkeys((p.number for p in merged.clashes), choice))


# Decisions


def test_every_clash_left_open_is_named() -> None:
    base = "".join(f"Paragraph {number} says a thing.\n\n" for number in range(30))
    theirs = base.replace("h 3 says", "h 3 tells").replace("h 9 says", "h 9 tells")
    merged = merge(base, theirs, theirs.replace("tells", "told"))
    assert codes(merged, {}) == [("merge.undecided", "1"), ("merge.undecided", "2")]
    assert codes(merged, {2: Decision("ours")}) == [("merge.undecided", "1")]


def test_a_number_there_is_no_part_for_and_a_choice_there_is_not_are_named_too() -> None:
    merged = merge("a\n", "b\n", "c\n")
    assert codes(merged, {0: Decision("ours"), 1: Decision("mine"), 7: Decision("ours")}) == [
        ("merge.unknown_part", "0"), ("merge.unknown_choice", "1"), ("merge.unknown_part", "7"),
    ]  # fmt: skip


def test_a_clean_change_can_be_refused_and_taken_again() -> None:
    theirs = with_(("have accounts of their own", "use accounts of their own"))
    ours = with_(("official accounts", "council accounts"))
    merged = merge(BASE, theirs, ours)
    numbers = {part.kind: part.number for part in merged.parts if part.number}
    assert decided(merged, {numbers[PartKind.THEIRS]: "ours"}) == ours
    assert decided(merged, {numbers[PartKind.THEIRS]: "theirs"}) == merged.text
    assert decided(merged, {numbers[PartKind.OURS]: "theirs"}) == theirs
    assert decided(merged, dict.fromkeys(numbers.values(), "base")) == BASE


def test_numbers_are_of_clashes_first_and_the_same_each_time() -> None:
    theirs = with_(("official", "council"), ("six", "seven"))
    merged = merge(BASE, theirs, with_(("six", "ten"), ("- Facebook", "- Mastodon")))
    assert [(part.kind, part.number) for part in merged.parts if part.number] == [
        (PartKind.THEIRS, 2), (PartKind.CLASH, 1), (PartKind.OURS, 3),
    ]  # fmt: skip
    assert merged == merge(BASE, theirs, with_(("six", "ten"), ("- Facebook", "- Mastodon")))


def test_empty_texts_merge() -> None:
    assert merge("", "", "").text == ""
    assert merge("", "a\n", "").text == "a\n"
    assert merge("a\n", "", "a\n").text == ""
    assert merge("a\n", "", "").text == ""


# Hostile texts

HOSTILE = {
    "one line of 1 MB": ("x" * 1_000_000, "x" * 999_999 + "y", "z" + "x" * 999_999),
    "1 MB of words": ("word " * 200_000, "word " * 100_000 + "new " + "word " * 99_999, "other " + "word " * 199_999),
    "1 MB of sentences": ("Word. " * 160_000, "Word. " * 80_000 + "New. " + "Word. " * 80_000, "Oh. " * 200_000),
    "100,000 blank lines": ("a\n" + "\n" * 100_000 + "b\n", "a\n" + "\n" * 90_000 + "b\n", "c\n" + "\n" * 100_000),
    "50,000 equal paragraphs": (
        "same\n\n" * 50_000, "same\n\n" * 25_000 + "new\n\n" + "same\n\n" * 24_000, "odd\n\n" + "same\n\n" * 50_000,
    ),
    "two paragraphs in turn": ("a\n\nb\n\n" * 40_000, "b\n\na\n\n" * 40_000, "a\n\na\n\nb\n\n" * 30_000),
    "200,000 items": ("-\n" * 200_000, "-\n" * 199_000, "- a\n" * 100_000),
    "all reworded": tuple(
        "".join(f"p{number} is {word}.\n\n" for number in range(25_000)) for word in ("so", "not so", "never so")
    ),
    "every other paragraph": (
        "".join(f"p{number} b c.\n\n" for number in range(20_000)),
        "".join(f"p{number} b {'d' if number % 2 else 'c'}.\n\n" for number in range(20_000)),
        "".join(f"p{number} b {'c' if number % 2 else 'e'}.\n\n" for number in range(20_000)),
    ),
    "fences": ("```\n" * 100_000, "```\n" * 99_999, "```\na\n" + "```\n" * 99_999),
    "marks": ("|" * 400_000, "#" * 400_000, ". A" * 130_000),
    "white space": (" " * 400_000 + "\n" + " " * 1_000, "\t" * 400_000, "\n \n" * 100_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_merged_in_bounded_time_and_memory(name: str) -> None:
    base, theirs, ours = HOSTILE[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    merged = merge(base, theirs, ours)
    text = decided(merged, {part.number: "ours" for part in merged.clashes})
    assert time.process_time() - begun < 8  # two seconds, on a machine that does nothing else
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000
    assert "".join(part.ours for part in merged.parts) == ours
    assert text
