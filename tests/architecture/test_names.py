"""Names and docstrings: whoever knows the subject's name knows where everything about it lives."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.source import ROOT, Source, functions_of, sources, written

pytestmark = pytest.mark.pure

NOWHERE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "tools", "stuff"}
CODE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
REFUSALS = {"Problem", "Conflict", "NotAllowed", "Gone", "no"}
MOST_LINES_OF_A_FILE = 500
DATA = ("demonstration_data", "vocabulary.py", "versions")


def vague_names(paths: Iterable[Path]) -> list[str]:
    """Files and folders whose names say nothing."""
    return sorted({part for path in paths for part in (*path.parts[:-1], path.stem) if part.lower() in NOWHERE})


def without_docstring(files: Iterable[Source]) -> Iterator[str]:
    """Modules without a docstring, and functions and classes others may use without one."""
    for source in files:
        if source.text.strip() and not ast.get_docstring(source.tree):
            yield source.name
        for name, node in functions_of(source):
            if not name.startswith("_") and not ast.get_docstring(node):
                yield f"{source.name}.{name}"


def without_types(files: Iterable[Source]) -> Iterator[str]:
    """Functions with an argument or a result without a type."""
    for source in files:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            bare = [one.arg for one in every if one.annotation is None and one.arg not in ("self", "cls")]
            if bare or node.returns is None:
                yield f"{source.name}.{node.name}"


def misnamed_codes(files: Iterable[Source]) -> Iterator[str]:
    """Codes of refusals that are not `noun.problem`."""
    for source in files:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in REFUSALS or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and not CODE.fullmatch(first.value):
                yield f"{source.name}:{node.lineno}: {first.value}"


def unfinished(paths: Iterable[Path]) -> list[str]:
    """Places that say they are not done."""
    marks = re.compile(r"\b(" + "TO" + "DO|FIX" + "ME|X" + "XX)\\b")
    return [str(path) for path in paths if marks.search(path.read_text(encoding="utf-8"))]


def own_files(*suffixes: str) -> list[Path]:
    """The files of the repository that people write, in the folders it has."""
    folders = ("pipeline", "templates", "tests", "migrations", "scripts", "docs", "benchmarks")
    return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]


def test_no_file_is_called_utils_helpers_common_misc_or_manager() -> None:
    assert vague_names(path.relative_to(ROOT) for path in own_files(".py", ".html", ".js", ".scss")) == []


def test_every_module_and_everything_others_use_has_a_docstring() -> None:
    assert list(without_docstring(sources())) == []


def test_every_function_says_its_types() -> None:
    assert list(without_types(source for source in sources() if source.package not in ("api", "web", "cli"))) == []


def test_every_code_of_a_refusal_is_a_noun_and_a_problem() -> None:
    assert list(misnamed_codes(sources())) == []


def test_nothing_is_left_for_later() -> None:
    assert unfinished(own_files(".py", ".html", ".js", ".scss", ".md")) == []


def test_a_file_can_be_read_in_one_sitting() -> None:
    long = [
        f"{source.name}: {len(source.text.splitlines())} lines"
        for source in sources()
        if len(source.text.splitlines()) > MOST_LINES_OF_A_FILE and not any(part in str(source.path) for part in DATA)
    ]

    assert long == []


def test_a_subject_is_called_the_same_at_every_entry_point() -> None:
    entry_points = {
        f"{source.package}/{source.path.stem}"
        for source in sources()
        if source.package in ("web", "api") and source.path.stem == "councils"
    }

    assert entry_points == {"web/councils", "api/councils"}
    assert (ROOT / "templates" / "councils").is_dir()
    assert (ROOT / "tests" / "councils").is_dir()


def test_names_docstrings_and_types_that_are_missing_are_seen(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "pipeline/pledges/helpers.py": "def offer(amount):\n    return amount\n",
            "pipeline/pledges/rules.py": '"""Rules."""\n\ndef f(n: int) -> None:\n    raise Conflict("NoRoom", 1)\n',
        },
    )
    files = sources(tmp_path)

    assert vague_names(source.path.relative_to(tmp_path) for source in files) == ["helpers"]
    assert list(without_docstring(files)) == [
        "pipeline.pledges.helpers",
        "pipeline.pledges.helpers.offer",
        "pipeline.pledges.rules.f",
    ]
    assert list(without_types(files)) == ["pipeline.pledges.helpers.offer"]
    assert list(misnamed_codes(files)) == ["pipeline.pledges.rules:4: NoRoom"]


def test_a_mark_of_something_unfinished_is_seen(tmp_path: Path) -> None:
    written(tmp_path, {"a.py": "# TO" + "DO: later", "b.py": "# todos are fine in lower case"})

    assert unfinished(sorted(tmp_path.iterdir())) == [str(tmp_path / "a.py")]
