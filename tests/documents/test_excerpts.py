"""The opening of a text: whole paragraphs, as far as there is room."""

import pytest

from pipeline.documents.excerpts import Excerpt, opening
from pipeline.documents.markdown import render

pytestmark = pytest.mark.pure


def test_a_short_text_is_there_whole_paragraph_by_paragraph() -> None:
    html = render("Two in five *give up*.\n\n- on a phone\n- at night\n\n1 < 2 & true")

    assert opening(html, 200) == Excerpt(("Two in five give up.", "on a phone", "at night", "1 < 2 & true"), True)


def test_a_long_text_ends_after_a_paragraph() -> None:
    assert opening("<p>First.</p><p>Second, which is longer.</p>", 10) == Excerpt(("First.",), False)


LONG = "Tenants report repairs and nobody can find them"


@pytest.mark.parametrize(
    "text, kept", [(f"{LONG}. Then they ring.", f"{LONG}."), (f"{LONG} then they ring", f"{LONG} then …")]
)
def test_a_first_paragraph_that_is_too_long_is_cut_after_a_sentence_or_a_word(text: str, kept: str) -> None:
    assert opening(f"<p>{text}</p>", 53) == Excerpt((kept,), False)


def test_nothing_opens_with_nothing() -> None:
    assert opening("", 10) == Excerpt((), True)
