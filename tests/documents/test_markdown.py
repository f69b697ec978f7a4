"""Markdown becomes plain, safe HTML, whatever was typed."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.markdown import ATTRIBUTES, LONGEST_TEXT, TAGS, render, written
from pipeline.kernel.text import addresses_in

pytestmark = pytest.mark.pure

PIECES = (
    "<script>", "</script>", "alert(1)", "<img src=x onerror=alert(1)>", "javascript:", "JaVaScRiPt:",
    "data:text/html,", "[", "](", ")", "![", "<", ">", "&lt;", "&#x3c;", "&#106;avascript:", "`", "```", "\n",
    "\n\n", "# ", "- ", "1. ", "> ", "|", "|-|", "*", "_", "~~", "http://a.example", "https://b.example/?q=\"'>",
    "mailto:a@b.example", "//evil.example", "vbscript:x", "\t", " ", '"', "'", "style=", "onclick=",
    "<a href='javascript:x'>", "<svg/onload=x>", "<!--", "-->", "<style>", "<iframe src=//x>", "\u202e", "é",
    "[a]: javascript:x", "<javascript:x>", "<https://c.example>", "\\",
)  # fmt: skip


class Seen(HTMLParser):
    """Collects every element and attribute as a browser would read them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def elements_of(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """The elements of a piece of HTML."""
    seen = Seen()
    seen.feed(html)
    return seen.elements


def assert_safe(html: str) -> None:
    """Only elements and attributes we list, and links that lead to the web or a mailbox."""
    for tag, attributes in elements_of(html):
        assert tag in TAGS, html
        allowed = ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        assert attributes.keys() <= allowed, html
        if tag == "a":
            assert attributes.get("rel") == "nofollow ugc noopener"
            if "href" in attributes:
                assert str(attributes["href"]).lower().startswith(("http://", "https://", "mailto:")), html


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_script_comes_of_pieces_put_together_in_any_way(pieces: list[str]) -> None:
    assert_safe(render("".join(pieces), under=2))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_script_comes_of_any_text(text: str) -> None:
    assert_safe(written(text.encode("utf-8", "ignore").decode()).html)


def test_raw_html_is_shown_as_it_was_typed() -> None:
    assert render("<b>bold</b>") == "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"


def test_headings_stand_below_the_pages_own() -> None:
    html = render("# One\n\n## Two\n\n###### Six", under=2)
    assert [tag for tag, _attributes in elements_of(html)] == ["h3", "h4", "h6"]


def test_tables_have_headers_and_can_be_scrolled_by_keyboard() -> None:
    html = render("| a | b |\n|---|:-:|\n| 1 | 2 |")
    assert ("table", {"tabindex": "0"}) in elements_of(html)
    assert elements_of(html).count(("th", {"scope": "col"})) == 2


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/relative", "file:///etc"]
)
def test_links_lead_to_the_web_or_a_mailbox_and_nowhere_else(address: str) -> None:
    assert "<a" not in render(f"[here]({address})")
    assert "<a" not in render(f"![here]({address})")


def test_an_image_is_a_link_with_its_alternative_text() -> None:
    html = render("![A map](https://example.org/map.png)")
    assert html == '<p><a href="https://example.org/map.png" rel="nofollow ugc noopener">A map</a></p>\n'


def test_addresses_on_the_web_become_links_by_themselves() -> None:
    assert 'href="https://example.org/a"' in render("See https://example.org/a.")


def test_text_is_kept_clean_and_rendered_once() -> None:
    text = written(" one\r\ntwo\x00 ")
    assert text.text == "one\ntwo"
    assert text.html == "<p>one\ntwo</p>\n"


@pytest.mark.parametrize("piece", ["[", "![", "*a_ ", "> ", "- ", "`a", "|a|b|\n|-|-|\n", "http://a", "<a ", "~~a "])
def test_nothing_typed_takes_long(piece: str) -> None:
    began = time.process_time()
    render((piece * LONGEST_TEXT)[: LONGEST_TEXT + 10])
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "typed",
    [
        "Ask jo@camden.gov.uk", "Ask jo\\@camden.gov.uk", "Ask jo&#64;camden.gov.uk", "Ask jo@**camden**.gov.uk",
        "[Ask](mailto:jo%40camden.gov.uk)", "`jo@camden.gov.uk`", "![jo@camden.gov.uk](https://a.example)",
    ],
)  # fmt: skip
def test_an_address_is_found_however_it_is_typed(typed: str) -> None:
    assert "jo@camden.gov.uk" in addresses_in(written(typed).as_read)
