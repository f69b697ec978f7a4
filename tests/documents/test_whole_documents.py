"""Whole documents become safe HTML with a table of contents, in bounded time, and no word of them is hidden."""

import html
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.artefacts.rules import LONGEST_DOCUMENT
from pipeline.artefacts.written import written_document
from pipeline.documents import markdown, uploads
from pipeline.documents.markdown import LONGEST_WHOLE, WHOLE_ATTRIBUTES, WHOLE_TAGS, contents_of, document_html
from tests.documents.test_markdown import PIECES, elements_of

pytestmark = pytest.mark.pure

NOTES = ("[^1]", "[^1]: ", "[^a]:", "    ", "---\n", "# [^1]\n", "^[", "![a](https://a.example)", "[#](#fn-1)")
OWN = re.compile(r"(?:s-[a-z0-9-]+|fn(?:ref)?-[0-9-]+)")
HOSTILE = {
    "brackets": "[", "stars": "*", "emphasis": "**a", "mixed": "*a_ ", "ticks": "`a", "quotes": "> ",
    "blank lines": "\n", "one line": "word ", "short lines": "a\n", "items": "- a\n",
    "links": "[a](https://a.example) ", "pictures": "![a](https://a.example) ", "rows": "|a|b|\n",
    "notes": "[^1] ", "notes with text": "[^1]: a\n\n",
    "headings": "# a\n", "angles": "><", "deep": "- > ", "strokes": "~~a ", "entities": "&amp;",
}  # fmt: skip


def words_in(rendered: str) -> str:
    """What a reader sees, without white space."""
    return re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]*>", "", rendered)))


def assert_safe(rendered: str) -> None:
    """Only what is listed; ids and links to them of our own kind; all other links lead to the web or a mailbox."""
    for tag, attributes in elements_of(rendered):
        assert tag in WHOLE_TAGS, rendered
        assert attributes.keys() <= WHOLE_ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set()), rendered
        if "id" in attributes:
            assert OWN.fullmatch(str(attributes["id"])), rendered
        if "href" in attributes:
            assert str(attributes["href"]).lower().startswith(("http://", "https://", "mailto:", "#fn")), rendered


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES + NOTES), max_size=30))
def test_no_script_comes_of_pieces_put_together_in_any_way(pieces: list[str]) -> None:
    rendered = document_html("".join(pieces), under=2).html
    assert_safe(rendered)
    ids = re.findall(r' id="([^"]*)"', rendered)
    assert len(ids) == len(set(ids))


def test_headings_have_ids_of_their_own_and_make_a_table_of_contents() -> None:
    made = document_html("# Scope & aims\n\n## *Who*\n\n# Scope & aims\n\n# Scope aims 2\n\n# ŷ\n\n# !!\n", under=1)
    assert [(one.level, one.id, one.text) for one in made.contents] == [
        (2, "s-scope-aims", "Scope & aims"), (3, "s-who", "Who"), (2, "s-scope-aims-2", "Scope & aims"),
        (2, "s-scope-aims-2-2", "Scope aims 2"), (2, "s-y", "ŷ"), (2, "s-untitled", "!!"),
    ]  # fmt: skip
    assert contents_of(made.html) == made.contents


def test_notes_stand_at_the_end_and_lead_back() -> None:
    made = document_html("# Aim[^x]\n\nText.[^x]\n\n[^x]: A *note*.\n", back="Back to note")
    assert made.contents[0].text == "Aim"
    assert '<a href="#fn-1" id="fnref-1" rel="nofollow ugc noopener">1</a>' in made.html
    assert 'id="fnref-1-1"' in made.html
    assert '<li id="fn-1"><p>A <em>note</em>. <a href="#fnref-1" aria-label="Back to note 1"' in made.html


def test_a_note_nobody_refers_to_is_shown_too() -> None:
    assert "hidden words" in document_html("Text.\n\n[^x]: hidden words\n").html


def test_front_matter_is_shown_as_it_is_kept() -> None:
    made = document_html("---\ntitle: <b>\n---\n# Scope\n")
    assert made.html.startswith('<pre tabindex="0"><code>title: &lt;b&gt;\n</code></pre>\n<h2')
    assert "<hr>" in document_html("---\n\n# Scope\n").html


def test_an_image_is_a_link_and_within_a_link_its_words() -> None:
    made = document_html("![a map](https://a.example/m.png) [![logo](https://a.example/l.png)](https://b.example)").html
    assert made == (
        '<p><a href="https://a.example/m.png" rel="nofollow ugc noopener">a map</a> '
        '<a href="https://b.example" rel="nofollow ugc noopener">logo</a></p>\n'
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_typed_takes_long_or_is_hidden(name: str) -> None:
    piece = HOSTILE[name]
    text = (("|a|b|\n|-|-|\n" if name == "rows" else "") + piece * LONGEST_WHOLE)[:LONGEST_WHOLE]
    began = time.thread_time()
    made = document_html(text)
    assert time.thread_time() - began < 8
    assert made.html or not text.strip()
    letters = text.count("a") + text.count("w")
    if name in ("emphasis", "mixed", "short lines", "items", "strokes", "one line", "rows"):
        assert words_in(made.html).count("a") + words_in(made.html).count("w") >= letters


def test_twenty_thousand_rows_and_one_of_many_cells_are_bounded() -> None:
    wide = "|" + "a|" * 5_000 + "\n|" + "-|" * 5_000 + "\n" + ("|" + "a|" * 5_000 + "\n") * 30
    began = time.thread_time()
    document_html(wide[:LONGEST_WHOLE])
    assert time.thread_time() - began < 8


def test_what_takes_too_long_is_shown_plainly_to_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "MOST_SECONDS", -1)
    made = document_html("# One\n\nTwo *three*\n<b>four</b>\n\n\nFive\n" * 20)
    assert made.html.startswith("<p># One</p>\n<p>Two *three*<br>&lt;b&gt;four&lt;/b&gt;</p>\n<p>Five")
    assert made.contents == ()


def test_what_nests_too_deep_is_shown_plainly() -> None:
    deep = "".join("  " * level + f"- item{level}\n" for level in range(60))
    rendered = document_html(deep).html
    assert "item59" in rendered
    shallow = "".join("  " * level + f"- item{level}\n" for level in range(12))
    assert document_html(shallow).html.count("<ul>") == 12


def test_a_longer_text_is_shown_plainly_and_not_cut() -> None:
    rendered = document_html("word " * (LONGEST_WHOLE // 5) + "the last").html
    assert rendered.endswith("the last</p>")


def test_the_limits_of_a_document_agree() -> None:
    assert LONGEST_WHOLE == LONGEST_DOCUMENT == uploads.MOST_TEXT


@pytest.mark.parametrize("language, words", [("en", "Back to note 1"), ("cy", "Yn ôl at y nodyn 1")])
def test_the_way_back_from_a_note_is_said_in_the_words_of_the_document(language: str, words: str) -> None:
    shown = written_document("A claim[^1].\n\n[^1]: Its ground.\n", language).html
    assert f'<a href="#fnref-1" aria-label="{words}"' in shown
