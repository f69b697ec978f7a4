"""Markdown as people write it, rendered to HTML that is safe to show.

Raw HTML is not understood: what looks like a tag is shown as it was typed. What the renderer makes then passes through
nh3, which keeps only the elements and attributes listed here, so that two different programs must both fail before a
script gets through. Pictures from elsewhere are not loaded (nobody's reading is told to another site): an image is
shown as a link with its alternative text.
"""

import html
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.kernel.text import clean, slug_from

LONGEST_TEXT = 20_000
"""Characters of one text. Rendering costs milliseconds below it, whatever is typed."""

LONGEST_WHOLE = 400_000
"""Characters of a whole document, such as a policy: about 60,000 words."""

MOST_SECONDS = 1.2
"""Of the processor, spent on finding out what a whole document means. Past it, it is shown plainly, as it was typed."""

DEEPEST = 20
DEEPEST_WHOLE = 40
"""Lists and quotations inside each other in a whole document. Past it nothing is hidden: the text is shown plainly."""

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
WHOLE_TAGS = TAGS | {"sup"}
WHOLE_ATTRIBUTES = {
    **ATTRIBUTES,
    "a": {"href", "id", "aria-label"},
    "li": {"id"},
    **{f"h{level}": {"id"} for level in range(2, LOWEST_HEADING + 1)},
}
FRONT_MATTER_WITHIN = 10_000
"""Characters within which front matter ends."""

_OWN_ID = re.compile(r"s-[a-z0-9-]{1,80}|fn(?:ref)?-\d{1,6}(?:-\d{1,6})?")
_OWN_PLACE = re.compile(r"#fn(?:ref)?-\d{1,6}(?:-\d{1,6})?")
_NAMED_HEADING = re.compile(r'<h([2-6]) id="(s-[a-z0-9-]+)">(.*?)</h\1>', re.DOTALL)
_NOTE_MARK = re.compile(r"<sup><a .*?</a></sup>")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_FRONT_MATTER = re.compile(r"---[ \t]*\n((?:[^\n]*\S[^\n]*\n){1,60}?)---[ \t]*(?:\n|$)")
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


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a whole document: its level on the page (2 to 6), where to find it, and its words."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class WholeDocument:
    """A whole document as it is shown, and its headings for a table of contents."""

    html: str
    contents: tuple[Heading, ...]


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


def document_html(text: str, *, under: int = 1, back: str = "↩") -> WholeDocument:
    """A whole document as safe HTML, its headings below the level `under`, each with an id; notes stand at its end.

    `back` is what a link from a note to its place in the text is called, in the document's language; the number of the
    note is added. A text that is longer than `LONGEST_WHOLE`, takes longer than `MOST_SECONDS` or nests too deep is
    shown plainly: every word of it, in paragraphs, as it was typed.
    """
    front, body = _front_matter(text)
    try:
        made = _rendered(body, under, back) if len(text) <= LONGEST_WHOLE else _plainly(body)
    except _TooMuch:
        made = _plainly(body)
    shown = f'<pre tabindex="0"><code>{_escaped(front)}</code></pre>\n' if front else ""
    safe = nh3.clean(
        shown + made,
        tags=set(WHOLE_TAGS),
        attributes={tag: set(names) for tag, names in WHOLE_ATTRIBUTES.items()},
        attribute_filter=_only_own_places,
        url_schemes=set(SCHEMES),
        link_rel=RELATION,
    )
    return WholeDocument(safe, contents_of(safe))


def contents_of(rendered: str) -> tuple[Heading, ...]:
    """The headings of a document that `document_html` made, in order."""
    return tuple(
        Heading(int(level), own, html.unescape(_TAG.sub("", _NOTE_MARK.sub("", words))).strip())
        for level, own, words in _NAMED_HEADING.findall(rendered)
    )


def _rendered(text: str, under: int, back: str) -> str:
    env: dict[str, Any] = {
        "under": under, "back": back, "given": set(), "numbers": {}, "unused": set(),
        "looked": 0, "until": time.thread_time() + MOST_SECONDS,
    }  # fmt: skip
    renderer = _WHOLE if text.count(":") <= MOST_FOUND_LINKS else _WHOLE_WITHOUT_FINDING_LINKS
    return str(renderer.render(text, env))


def _plainly(text: str) -> str:
    paragraphs = (part.strip("\n") for part in _BLANK_LINES.split(text))
    return "\n".join(f"<p>{_escaped(part).replace(chr(10), '<br>')}</p>" for part in paragraphs if part.strip())


def _front_matter(text: str) -> tuple[str, str]:
    """What stands between two lines of three hyphens at the very start of a text, and the rest."""
    found = _FRONT_MATTER.match(text[:FRONT_MATTER_WITHIN])
    return (found[1], text[found.end() :]) if found else ("", text)


def _only_own_places(tag: str, attribute: str, value: str) -> str | None:
    """As for short texts; and ids, and links to them, as we give them."""
    if attribute == "id":
        return value if _OWN_ID.fullmatch(value) else None
    if attribute == "href" and _OWN_PLACE.fullmatch(value):
        return value
    return _only_safe_addresses(tag, attribute, value)


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
        return words if token.meta.get("in_link") else f'<a href="{_escaped(address)}">{words}</a>'


class _WholeRenderer(_Renderer):
    """The renderer of whole documents: headings can be linked to, and notes stand at the end."""

    def heading_open(self, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
        words = self.renderInlineAsText(tokens[place + 1].children or [], options, env)
        return f'<{_shifted(tokens[place], env)} id="{_own_id(words, env)}">'

    def footnote_ref(self, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
        number, again = tokens[place].meta["id"] + 1, tokens[place].meta.get("subId", 0)
        own = f"fnref-{number}" if again < 1 else f"fnref-{number}-{again}"
        return f'<sup><a href="#fn-{number}" id="{own}">{number}</a></sup>'

    def footnote_block_open(self, *_: Any) -> str:
        return "<hr>\n<ol>\n"

    def footnote_block_close(self, *_: Any) -> str:
        return "</ol>\n"

    def footnote_open(self, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
        return f'<li id="fn-{tokens[place].meta["id"] + 1}">'

    def footnote_close(self, *_: Any) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], place: int, _options: Any, env: Any) -> str:
        note = tokens[place].meta
        if note.get("subId", 0) > 0 or note["id"] in env["unused"]:
            return ""
        number = note["id"] + 1
        return f' <a href="#fnref-{number}" aria-label="{_escaped(env["back"])} {number}">↩</a>'


def _own_id(words: str, env: Any) -> str:
    """An id for a heading that no other heading of the text has."""
    given: set[str] = env["given"]
    slug = f"s-{slug_from(words, 60)}"
    own, number = slug, env["numbers"].get(slug, 1)
    while own in given:
        number += 1
        own = f"{slug}-{number}"
    env["numbers"][slug] = number
    given.add(own)
    return own


def _shifted(token: Token, env: Any) -> str:
    return f"h{min(int(token.tag[1]) + int(env['under']), LOWEST_HEADING)}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _prepare(*, finds_links: bool, whole: bool = False) -> MarkdownIt:
    options = {"html": False, "linkify": finds_links, "maxNesting": DEEPEST_WHOLE * 2 if whole else DEEPEST}
    made = MarkdownIt("commonmark", options, renderer_cls=_WholeRenderer if whole else _Renderer)
    if whole:
        made.use(footnote_plugin, inline=False)
        _add_own_rules(made)
    made.enable(["table", "strikethrough", *(["linkify"] if finds_links else [])])
    made.disable(["html_block", "html_inline"])
    made.core.ruler.push("images_in_links", _mark_images_in_links)
    made.validateLink = _is_safe_address  # type: ignore[assignment, method-assign]
    if made.linkify is not None:
        made.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    return made


def _add_own_rules(made: MarkdownIt) -> None:
    """Notes nobody refers to are shown as well, and the clock is looked at with every piece that is read."""
    for name in ("ref", "block_open", "block_close", "open", "close", "anchor"):
        # The plugin puts its own rules over the methods of the renderer: ours go back on top.
        made.renderer.rules[f"footnote_{name}"] = getattr(made.renderer, f"footnote_{name}")  # type: ignore[attr-defined]
    made.core.ruler.before("footnote_tail", "footnotes_unused", _show_unused_notes)
    inside = ["paragraph", "reference", "blockquote", "list", "table"]
    made.block.ruler.before("table", "clock", _clock_of_blocks, {"alt": inside})
    made.inline.ruler.before("text", "clock", _clock_of_inlines)


def _show_unused_notes(state: StateCore) -> None:
    """Nothing that is written is hidden: a note without a mark in the text stands at the end as well."""
    notes = state.env.get("footnotes", {})
    for label, place in notes.get("refs", {}).items():
        if place < 0:
            number = len(notes["list"])
            notes["refs"][label] = number
            notes["list"][number] = {"label": label[1:], "count": 0}
            state.env["unused"].add(number)


class _TooMuch(Exception):
    """It took longer than `MOST_SECONDS` to find out what a text means, or it goes deeper than `DEEPEST_WHOLE`."""


def _clock_of_blocks(state: StateBlock, _start: int, _end: int, _silent: bool) -> bool:
    # A line can be a long one: the clock is looked at with each.
    if state.level > DEEPEST_WHOLE or time.thread_time() > state.env["until"]:
        raise _TooMuch
    return False


def _clock_of_inlines(state: StateInline, _silent: bool) -> bool:
    env = state.env
    env["looked"] += 1
    if env["looked"] % 64 == 0 and time.thread_time() > env["until"]:
        raise _TooMuch
    return False


def _mark_images_in_links(state: StateCore) -> None:
    """An image inside a link becomes words only: links do not stand in each other."""
    for block in state.tokens:
        depth = 0
        for token in block.children or ():
            depth += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            if depth and token.type == "image":
                token.meta["in_link"] = True


_RENDERER = _prepare(finds_links=True)
_WITHOUT_FINDING_LINKS = _prepare(finds_links=False)
_WHOLE = _prepare(finds_links=True, whole=True)
_WHOLE_WITHOUT_FINDING_LINKS = _prepare(finds_links=False, whole=True)
