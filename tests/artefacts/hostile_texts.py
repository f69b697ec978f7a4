"""Texts that nobody writes, for laws that hold for any text."""

from hypothesis import strategies as st

BITS = (
    "# ", "## ", "- ", "* ", "1. ", "2) ", "٣. ", "> ", "| ", "|", "\\|", "```\n", "~~~\n", "---\n", "===\n", "\n",
    "\n\n", " ", "  ", "\t", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u00a0", "\0", "\ud800",
    "a", "b", "0", "é", "e\u0301", "policy", "the ", "of ", "**", "_", "](", "[x](http://a/b)", "https://a.b/c",
    "the policy of the council is to share what it learns ", "every officer signs in with a card ",
)  # fmt: skip

markdown = st.one_of(st.lists(st.sampled_from(BITS), max_size=60).map("".join), st.text(max_size=80))
"""Pieces of Markdown in any order, and any text at all."""
