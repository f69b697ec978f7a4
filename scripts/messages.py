"""Finds the sentences of Python files for the catalogues. Babel calls it, as `babel.cfg` says, in `make messages`.

Babel's own reader sees one call at a time, so a plural inside another call, `Words(_("{n} day"), _("{n} days"), n=3)`,
would be two sentences that have nothing to do with each other. This one reads the syntax tree. It finds

- `_("…")` and `gettext("…")`: a sentence,
- `ngettext("…", "…", n)`, `pair("…", "…")`, and `Words` with two sentences: a singular and its plural,
- `Words("…")` of places alone, `Words("{day} {month}")`: a language may want them in another order.

Only the standard library is used, and nothing of Pipeline is imported.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

SINGLE = {"_", "gettext"}
Found = tuple[int, str, str | tuple[str, str], list[str]]
"""What Babel wants of a sentence: its line, the function it was given to, the sentence or its two forms, comments."""


def find_sentences(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """Every sentence of a Python file, in the order of its lines. Raises SyntaxError for a file that is not Python."""
    tree = ast.parse(file.read())
    in_pairs: set[int] = set()
    found: list[Found] = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        pair = _pair(call)
        if pair:
            in_pairs |= {id(argument) for argument in call.args[:2]}
            found.append((call.lineno, "ngettext", pair, []))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and id(node) not in in_pairs):
        sentence = None if _pair(call) else _single(call)
        if sentence:
            found.append((call.lineno, "gettext", sentence, []))
    yield from sorted(found, key=lambda one: one[0])


def _pair(call: ast.Call) -> tuple[str, str] | None:
    """The singular and the plural of `Words(one, many, …)`, `ngettext(one, many, …)` or `pair(one, many)`."""
    if _name(call) not in ("Words", "ngettext", "pair") or len(call.args) < 2:
        return None
    one, many = _text(call.args[0]), _text(call.args[1])
    return (one, many) if one and many else None


def _single(call: ast.Call) -> str | None:
    """The sentence of `_("…")` or `gettext("…")`, and of `Words("…")` where nothing else marks it."""
    if not call.args or _name(call) not in SINGLE | {"Words"}:
        return None
    first = call.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _text(node: ast.expr) -> str | None:
    """The text of a literal, or of a literal marked with `_`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return _single(node) if isinstance(node, ast.Call) and _name(node) == "_" else None


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
