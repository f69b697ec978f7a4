"""Templates: each is used and is there, says nothing outside gettext, and holds nothing inline."""

import ast
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.support.source import ROOT, Source, sources, written

pytestmark = pytest.mark.pure

FOLDER = ROOT / "templates"
JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
JINJA.install_gettext_callables(lambda text: text, lambda one, many, _number: one, newstyle=True)  # type: ignore[attr-defined]

NAMES = {
    "Pipeline",
    "Cymraeg",
    "English",
    "LocalGov Digital",
    "GOV.UK",
    "mySociety",
    "GitHub",
    "OpenAPI",
    "JSON",
    "JSON Feed",
    "Atom",
    "oEmbed",
    "GSS",
    "API",
    "GET",
}
"""Names and abbreviations that are the same in every language."""
IN_WELSH = re.compile(r"""<(\w+)\b[^>]*\blang="cy"[^>]*>.*?</\1>""", re.DOTALL)
"""Welsh that stands in a template on purpose, where gettext had none."""
WITHOUT_WORDS = re.compile(
    r"(<!--.*?-->|<(script|code|pre|svg|samp)\b.*?</\2>|<[^>]*>|&[a-z0-9#]+;)", re.DOTALL | re.IGNORECASE
)
SPOKEN_ATTRIBUTE = re.compile(r"""\b(?:alt|aria-label|title|placeholder)="([^"{]*[A-Za-z]{2}[^"{]*)\"""")
DATA = r"""<script type="application/ld\+json">\{\{ linked_data\|tojson \}\}</script>"""
INLINE = re.compile(rf"""<style\b|\sstyle=|\son[a-z]+="|(?!{DATA})<script(?![^>]*\bsrc=)|javascript:""", re.IGNORECASE)
"""What the security policy refuses in a page. Data for other programs is no script: no browser runs it."""
PLACE = re.compile(r"\{\w*\}")
WORD = re.compile(r"[^\W\d_]{2,}")


def templates(folder: Path = FOLDER) -> list[Path]:
    """Every template of pages and mails."""
    return sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".txt"))


def is_mail(path: Path) -> bool:
    """Whether a template is of an e-mail: those follow rules of their own."""
    return "mail" in path.parts


def unspoken(paths: Iterable[Path]) -> Iterator[str]:
    """Words people read that gettext does not see."""
    for path in paths:
        text = _plain(path.read_text(encoding="utf-8"))
        for number, said in text:
            left = said
            for name in sorted(NAMES, key=len, reverse=True):
                left = left.replace(name, "")
            if WORD.search(left):
                yield f"{path.name}:{number}: {' '.join(said.split())[:80]}"


def _plain(text: str) -> Iterator[tuple[int, str]]:
    """The text that stands in a template outside its tags, expressions and translated blocks, with its line."""
    kept: list[tuple[int, str]] = []
    in_trans = False
    for number, kind, value in JINJA.lex(text):
        if kind == "name" and value in ("trans", "endtrans") and _follows_block(kept):
            in_trans = value == "trans"
        if kind == "data":
            kept.append((number, "" if in_trans else value))
        elif kind in ("block_begin", "variable_begin"):
            kept.append((number, "\x01" if kind == "block_begin" else "\x02"))
    whole = "".join("\x02" if value == "\x01" else value for _number, value in kept)
    whole = IN_WELSH.sub(lambda one: "\n" * one.group(0).count("\n"), whole)
    attributes = [(whole[: one.start(1)].count("\n") + 1, one.group(1)) for one in SPOKEN_ATTRIBUTE.finditer(whole)]
    bare = WITHOUT_WORDS.sub(lambda one: "\n" * one.group(0).count("\n") + "\x02", whole)
    return iter(
        [
            *attributes,
            *((number, part) for number, line in enumerate(bare.split("\n"), 1) for part in line.split("\x02")),
        ]
    )


def _follows_block(kept: list[tuple[int, str]]) -> bool:
    return bool(kept) and kept[-1][1] == "\x01"


def inline(paths: Iterable[Path]) -> list[str]:
    """Templates with an inline style, script or handler, which the security policy refuses."""
    return [
        path.name
        for path in paths
        if INLINE.search(re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    ]


def named_by_templates(paths: Iterable[Path]) -> set[str]:
    """The templates that templates include, import and extend."""
    found = set()
    for path in paths:
        tree = JINJA.parse(path.read_text(encoding="utf-8"))
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            found |= (
                {one.value for one in node.template.find_all(nodes.Const)}
                if not isinstance(node.template, nodes.Const)
                else {node.template.value}
            )
    return found


def named_by_code(files: Iterable[Source]) -> set[str]:
    """Every string of the code that looks like the name of a template; a part worked out at run time is a `*`."""
    strings = {
        _string(node)
        for source in files
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant | ast.JoinedStr)
    }
    return {one for one in strings if re.fullmatch(r"[a-z_]+/[a-z_/*]+\.html|base\.html", one)}


def _string(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(_string(part) if isinstance(part, ast.Constant) else "*" for part in node.values)


def test_every_template_that_is_named_exists() -> None:
    named = named_by_templates(templates()) | named_by_code(sources())
    own = {name for name in named if not name.startswith("govuk_frontend") and not name.startswith("mail/")}

    assert [name for name in sorted(own) if not list(FOLDER.glob(name)) and not (FOLDER / "mail" / name).exists()] == []


def test_every_template_is_used() -> None:
    named = named_by_templates(templates()) | named_by_code(sources())
    unused = [str(path.relative_to(FOLDER)) for path in templates() if not is_mail(path.relative_to(FOLDER))]

    assert [name for name in unused if not any(fnmatch(name, one) for one in named)] == []


def test_templates_are_called_as_their_pages_are() -> None:
    assert [str(path) for path in templates() if not re.fullmatch(r"[a-z_.]+", path.name)] == []


def test_every_word_a_template_shows_goes_through_gettext() -> None:
    assert list(unspoken(path for path in templates() if not is_mail(path.relative_to(FOLDER)))) == []


def test_no_page_holds_a_style_script_or_handler_of_its_own() -> None:
    assert inline(path for path in templates() if not is_mail(path.relative_to(FOLDER))) == []


def test_text_of_people_is_never_marked_safe_in_a_template_but_for_what_was_sanitised() -> None:
    marked = [
        f"{path.relative_to(FOLDER)}: {line.strip()[:90]}"
        for path in templates()
        for line in path.read_text(encoding="utf-8").splitlines()
        for name in re.findall(r"([\w.]+)\s*\|\s*safe", line)
        if not re.fullmatch(r"(.*[._])?html|lang|preview(\.html)?", name)
    ]

    assert marked == []


def test_every_word_of_the_code_that_people_read_goes_through_gettext() -> None:
    assert list(unmarked_words(sources())) == []


def unmarked_words(files: Iterable[Source]) -> Iterator[str]:
    """Sentences of refusals and forms that are not marked for the catalogue with `_`."""
    for source in files:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", "")
            if name not in ("Words", "lazy", "gettext", "flash") or not node.args:
                continue
            first = node.args[0]
            if (
                name in ("Words", "lazy", "flash")
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
                and WORD.search(PLACE.sub("", first.value))
            ):
                yield f"{source.name}:{node.lineno}: {first.value[:60]}"
            if isinstance(first, ast.JoinedStr):
                yield f"{source.name}:{node.lineno}: an f-string"


def test_what_a_template_must_not_hold_is_seen(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "good.html": '<p>{{ _("Hello") }} <b>Pipeline</b> {% trans %}Some words{% endtrans %} &nbsp; 12 {{ x }}</p>'
            '<a title="{{ _(\'Title\') }}" class="some words">{# a comment #}</a><code>flask run</code>',
            "bad.html": "<p>\nHello {{ name }}</p>",
            "alt.html": '<img alt="A picture">',
            "style.html": '<p style="color: red">{{ x }}</p>',
            "script.html": "<script>alert(1)</script>",
            "data.html": '<script type="application/ld+json">{{ linked_data|tojson }}</script>',
            "loose.html": '<script type="application/ld+json">{{ linked_data }}</script>',
            "handler.html": '<p onclick="go()">{{ x }}</p>',
        },
    )
    paths = templates(tmp_path)

    assert list(unspoken(paths)) == ["alt.html:1: A picture", "bad.html:2: Hello"]
    assert inline(paths) == ["handler.html", "loose.html", "script.html", "style.html"]


def test_a_template_that_is_named_is_found_by_its_name(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "a.html": '{% extends "base.html" %}{% block c %}{% include "components/x.html" %}{% endblock %}',
            "pipeline/web/a.py": 'show("needs/offer.html", 1)',
        },
    )

    assert named_by_templates([tmp_path / "a.html"]) == {"base.html", "components/x.html"}
    assert named_by_code(sources(tmp_path)) == {"needs/offer.html"}


def test_a_sentence_outside_gettext_is_seen_in_code(tmp_path: Path) -> None:
    text = 'Words("Too late")\nWords(_("Fine"))\nlazy("Title")\ngettext(f"Hello {name}")\nWords(sentence)'
    written(tmp_path, {"pipeline/x/rules.py": text})

    assert [one.split(": ")[0] for one in unmarked_words(sources(tmp_path))] == [
        "pipeline.x.rules:1", "pipeline.x.rules:3", "pipeline.x.rules:4",
    ]  # fmt: skip
