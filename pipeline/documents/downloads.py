"""A version of a document as a file: Markdown, a page that stands alone, or for a word processor.

Made from the published text and facts in front of it, never from what somebody brought.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from pipeline.documents.markdown import document_html
from pipeline.documents.office import docx_from_html, odt_from_html
from pipeline.documents.uploads import FRONT_KEYS, MEDIA_TYPES, UploadKind
from pipeline.kernel.text import clean_line
from pipeline.kernel.words import Words, _

Say = Callable[[Words], str]
BACK_TO_NOTE = Words(_("Back to note"))
"""What a link from a note to its place in the text is called, its number after it."""


class Form(StrEnum):
    """The forms a version can be downloaded in, called as their files end."""

    MARKDOWN = "md"
    HTML = "html"
    DOCX = "docx"
    ODT = "odt"


@dataclass(frozen=True, slots=True)
class FrontFacts:
    """What stands in front of a downloaded version.

    `published_on` is the date as the reader reads it and `published_iso` as machines do. `attribution` are the lines
    the licences ask for, from the first ancestor down. `notice` says in front of everything what the reader must know
    first: that the version is withdrawn.
    """

    slug: str
    title: str
    council: str
    version: int
    published_on: str
    published_iso: str
    licence: str
    licence_url: str
    language: str
    address: str
    attribution: tuple[str, ...] = ()
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand out."""

    content: bytes
    media_type: str
    file_name: str


MEDIA_TYPE_OF = {
    Form.MARKDOWN: MEDIA_TYPES[UploadKind.MARKDOWN],
    Form.HTML: "text/html; charset=utf-8",
    Form.DOCX: MEDIA_TYPES[UploadKind.DOCX],
    Form.ODT: MEDIA_TYPES[UploadKind.ODT],
}


def name_of(facts: FrontFacts, form: Form) -> str:
    """What the file of a version is called."""
    return f"{facts.slug}-v{facts.version}.{form.value}"


def download(form: Form, facts: FrontFacts, text: str, say: Say = str) -> Download:
    """A version as a file. `say` puts words into the language of the document. Raises NotConverted."""
    match form:
        case Form.MARKDOWN:
            content = _markdown(facts, text, say).encode()
        case Form.HTML:
            content = _page(facts, text, say, alone=True).encode()
        case Form.DOCX:
            content = docx_from_html(_page(facts, text, say, alone=False), raise_headings=True)
        case Form.ODT:
            content = odt_from_html(_page(facts, text, say, alone=False), raise_headings=True)
    return Download(content, MEDIA_TYPE_OF[form], name_of(facts, form))


def _markdown(facts: FrontFacts, text: str, say: Say) -> str:
    """The text to the letter between front matter and the attribution. `uploads.text_of` knows the front again."""
    values = (
        facts.title, facts.council, str(facts.version), facts.published_iso, facts.licence, facts.language,
        facts.address, " ".join((*facts.attribution, facts.notice)),
    )  # fmt: skip
    front = (f"{key}: {_quoted(value)}\n" for key, value in zip(FRONT_KEYS, values, strict=True) if value)
    return f"---\n{''.join(front)}---\n\n{text}"


def _quoted(value: str) -> str:
    """A value of YAML on one line."""
    value = clean_line(value)
    if value.replace("-", "").isalnum() and value.isascii():
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _page(facts: FrontFacts, text: str, say: Say, *, alone: bool) -> str:
    """The version as an HTML document: a page of its own, or what pandoc makes a document of, whose title is the
    document's."""
    body = document_html(text, under=1, back=say(BACK_TO_NOTE)).html
    title = escape(facts.title)
    head = f'<!DOCTYPE html>\n<html lang="{escape(facts.language)}">\n<head>\n<meta charset="utf-8">\n'
    head += f"<title>{title}</title>\n"
    head += "" if alone else f'<meta name="author" content="{escape(facts.council)}">\n'
    head += f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{STYLE}</style>\n' * alone
    notice = f'<p class="notice"><strong>{escape(facts.notice)}</strong></p>\n' if facts.notice else ""
    heading = f"<h1>{title}</h1>\n" if alone else ""
    main = f"{heading}{notice}{_front(facts, say, alone=alone)}{body}{_attribution(facts, say)}"
    return f"{head}</head>\n<body>\n<main>\n{main}</main>\n</body>\n</html>\n"


def _front(facts: FrontFacts, say: Say, *, alone: bool) -> str:
    """Who, which and when; in a document for a word processor the council stands under the title already."""
    version = Words(_("Version {number}, {date}"), number=facts.version, date=facts.published_on)
    lines = (
        Words(_("{council}: {version}"), council=facts.council, version=version) if alone else version,
        Words(_("Licence: {licence}"), licence=facts.licence),
        Words(_("Where it is kept: {address}"), address=facts.address),
    )  # fmt: skip
    linked = [escape(say(line)) for line in lines]
    linked[1] = linked[1].replace(escape(facts.licence), _link(facts.licence_url, facts.licence), 1)
    linked[2] = linked[2].replace(escape(facts.address), _link(facts.address, facts.address), 1)
    return f"<p>{'<br>'.join(linked)}</p>\n<hr>\n"


def _attribution(facts: FrontFacts, say: Say) -> str:
    if not facts.attribution:
        return ""
    lines = "".join(f"<p>{escape(line)}</p>\n" for line in facts.attribution)
    return f"<hr>\n<h2>{escape(say(Words(_('Where this text comes from'))))}</h2>\n{lines}"


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


STYLE = """
body { font: 1.125rem/1.6 Georgia, "Times New Roman", serif; color: #1a1a1a; background: #fff; margin: 0; }
main { max-width: 42rem; margin: 0 auto; padding: 2rem 1rem; overflow-wrap: anywhere; }
h1, h2, h3, h4, h5, h6 { font-family: Verdana, Arial, sans-serif; line-height: 1.25; margin: 2em 0 .5em; }
h1 { margin-top: 0; }
a { color: #14508c; }
table { border-collapse: collapse; display: block; max-width: 100%; overflow-x: auto; }
th, td { border: 1px solid #767676; padding: .3em .6em; text-align: left; vertical-align: top; }
pre { overflow-x: auto; background: #f2f2f2; padding: 1em; }
blockquote { margin: 1em 0; padding-left: 1em; border-left: .25em solid #767676; }
.notice { border: .2em solid #a40000; padding: .8em; }
@media print {
  body { font-size: 11pt; color: #000; }
  main { max-width: none; padding: 0; }
  h1, h2, h3, h4, h5, h6 { break-after: avoid; }
  table { display: table; overflow: visible; }
  thead { display: table-header-group; }
  tr, pre, blockquote { break-inside: avoid; }
  main a[href^="http"]::after { content: " (" attr(href) ")"; font-size: .85em; }
}
"""
"""Stands only inside a file that was saved, never on a page of the site."""
