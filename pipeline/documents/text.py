"""HTML as plain text, for those who read neither Markdown nor HTML."""

import html
import re

import nh3

_BLANK = re.compile(r"\n{3,}")


def plain_text(rendered: str) -> str:
    """The words of rendered HTML, its blocks on lines of their own."""
    spaced = rendered.replace("<br>", "\n").replace("</li>", "\n").replace("</p>", "\n").replace("</td>", "\t")
    words = html.unescape(nh3.clean(spaced, tags=set()))
    return _BLANK.sub("\n\n", "\n".join(line.strip() for line in words.splitlines())).strip()
