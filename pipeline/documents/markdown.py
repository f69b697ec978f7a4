"""Markdown as people write it, rendered to HTML that is safe to show.

Raw HTML is not understood: what looks like a tag is shown as it was typed. What the renderer makes then passes through
nh3, which keeps only the elements and attributes listed here, so that two different programs must both fail before a
script gets through. Pictures from elsewhere are not loaded (nobody's reading is told to another site): an image is
shown as a link with its alternative text.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from pipeline.kernel.text import clean

LONGEST_TEXT = 20_000
"""Characters of one text. Rendering costs milliseconds below it, whatever is typed."""

DEEPEST = 20
MOST_FOUND_LINKS = 200
"""Past this many addresses in a text none becomes a link by itself: looking for them costs their number squared."""
LOWEST_HEADING = 6
RELATION = "nofollow ugc noopener"
TAGS = frozenset(
    {
        "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
        "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
    }
)  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}, "table": {"tabindex"}, "pre": {"tabindex"}}
SCHEMES = frozenset({"http", "https", "mailto"})
_LINK, _TAG = re.compile(r'<a href="([^"]*)"[^>]*>'), re.compile(r"<[^>]*>")
_ADDRESS = re.compile(r"(?:https?://[^/?#\s]|mailto:[^\s])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it was typed and as it is shown. Made before work begins: rendering has no place inside it."""

    text: str
    html: str

    @property
    def as_read(self) -> str:
        """All that somebody may read of it: as typed, and as shown, with where its links lead.

        For looking into, not for showing: Markdown lets one write `\\@` or `&#64;` and still shows an address.
        """
        linked = _LINK.sub(r" \1 ", self.html)
        return f"{self.text}\n{unquote(html.unescape(_TAG.sub('', linked)))}"


NOTHING_WRITTEN = Written("", "")


def written(text: str, *, under: int = 1) -> Written:
    """Clean and render a text. `under` is the level of the heading the text will stand under."""
    text = clean(text)
    return Written(text, render(text, under=under))


def render(text: str, *, under: int = 1) -> str:
    """Return safe HTML for a text in Markdown, its headings below the level `under`.

    A text longer than `LONGEST_TEXT` is cut: forms and rules refuse it before it comes here.
    """
    text = text[:LONGEST_TEXT]
    renderer = _RENDERER if text.count(":") <= MOST_FOUND_LINKS else _WITHOUT_FINDING_LINKS
    made = renderer.render(text, {"under": under})
    return nh3.clean(
        made,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_only_safe_addresses,
        url_schemes=set(SCHEMES),
        link_rel=RELATION,
    )


def _only_safe_addresses(_tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or _is_safe_address(value) else None


def _is_safe_address(address: str) -> bool:
    """Whether a link may lead there: an absolute address on the web, or a mailbox."""
    return _ADDRESS.match(address.strip()) is not None


class _Renderer(RendererHTML):
    """The library's renderer, with headings shifted, tables one can read aloud, and images as links."""

    def heading_open(self, tokens: Sequence[Token], place: int, _options: Any, env: Any) -> str:
        return f"<{_shifted(tokens[place], env)}>"

    def heading_close(self, tokens: Sequence[Token], place: int, _options: Any, env: Any) -> str:
        return f"</{_shifted(tokens[place], env)}>\n"

    def table_open(self, *_: Any) -> str:
        # A wide table scrolls inside itself, so somebody with a keyboard alone must be able to stand in it.
        return '<table tabindex="0">\n'

    def th_open(self, *_: Any) -> str:
        return '<th scope="col">'

    def td_open(self, *_: Any) -> str:
        return "<td>"

    def fence(self, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
        return f'<pre tabindex="0"><code>{_escaped(tokens[place].content)}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        return self.fence(tokens, place, options, env)

    def image(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        token = tokens[place]
        address = str(token.attrs.get("src", ""))
        words = _escaped(self.renderInlineAsText(token.children or [], options, env).strip() or address)
        if _inside_link(tokens[:place]):
            return words
        return f'<a href="{_escaped(address)}">{words}</a>'


def _inside_link(tokens: Sequence[Token]) -> bool:
    return sum({"link_open": 1, "link_close": -1}.get(token.type, 0) for token in tokens) > 0


def _shifted(token: Token, env: Any) -> str:
    return f"h{min(int(token.tag[1]) + int(env['under']), LOWEST_HEADING)}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _prepare(*, finds_links: bool) -> MarkdownIt:
    options = {"html": False, "linkify": finds_links, "maxNesting": DEEPEST}
    made = MarkdownIt("commonmark", options, renderer_cls=_Renderer)
    made.enable(["table", "strikethrough", *(["linkify"] if finds_links else [])])
    made.disable(["html_block", "html_inline"])
    made.validateLink = _is_safe_address  # type: ignore[assignment, method-assign]
    if made.linkify is not None:
        made.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    return made


_RENDERER = _prepare(finds_links=True)
_WITHOUT_FINDING_LINKS = _prepare(finds_links=False)
