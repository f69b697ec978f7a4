"""Every kind of refusal has a page, and every code in the source has its kind."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.http.problem_types import ENDINGS, PROBLEM_TYPES, problem_type
from tests.support.client import CheckedClient, parsed

SOURCE = Path(__file__).resolve().parents[2] / "pipeline"
CODE = re.compile(r"[a-z_]+\.[a-z_]+", re.ASCII)
RAISED_BY = {
    "Problem", "Conflict", "NotAllowed", "Gone", "BadCursor", "no", "_no", "_problem", "problem", "answer_problem",
}  # fmt: skip
"""What a code is the first argument of, or the second of `answer_problem`."""


def codes_in(path: Path) -> Iterator[tuple[str, str]]:
    """The codes a file can answer with. A place in braces (`{noun}.changed_meanwhile`) is filled with a noun."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == "NotFound" and node.args and isinstance(node.args[0], ast.Constant):
            yield f"{node.args[0].value}.not_found", str(path)
        elif name in RAISED_BY or name == "__init__":
            for code in node.args[:2]:
                if isinstance(code, ast.Constant) and isinstance(code.value, str) and CODE.fullmatch(code.value):
                    yield code.value, str(path)
                elif isinstance(code, ast.JoinedStr):
                    text = "".join(part.value if isinstance(part, ast.Constant) else "need" for part in code.values)
                    if CODE.fullmatch(text):
                        yield text, str(path)


@pytest.mark.pure
def test_every_code_in_the_source_is_explained() -> None:
    raised = [found for path in sorted(SOURCE.rglob("*.py")) for found in codes_in(path)]
    assert len(raised) > 50
    unexplained = sorted({f"{code} in {path}" for code, path in raised if problem_type(code) is None})
    assert unexplained == [], "\n".join(unexplained)


@pytest.mark.pure
def test_nothing_is_explained_that_nothing_answers() -> None:
    raised = {
        code for path in SOURCE.rglob("*.py") if path.name != "problem_types.py" for code, _path in codes_in(path)
    }
    quoted = "\n".join(path.read_text() for path in SOURCE.rglob("*.py") if path.name != "problem_types.py")
    assert [code for code in PROBLEM_TYPES if code not in raised and f'"{code}"' not in quoted] == []


@pytest.mark.database
def test_every_kind_has_a_page(client: CheckedClient) -> None:
    for code in (*PROBLEM_TYPES, "council.not_found", "project.changed_meanwhile", "project.title_too_long"):
        page = client.page(f"/problems/{code}")
        assert page.h1.text == code
    assert str(problem_type("pledge.no_room").status) in client.get("/problems/pledge.no_room").get_data(as_text=True)


@pytest.mark.database
@pytest.mark.parametrize(
    "code", ["nothing", "no.such_thing", "pledge.", ".missing", "zz.not_found", "need.<b>_missing"]
)
def test_a_code_nobody_answers_with_has_no_page(client: CheckedClient, code: str) -> None:
    assert client.get(f"/problems/{code}").status_code == 404


@pytest.mark.database
def test_the_page_for_developers_lists_every_kind(client: CheckedClient) -> None:
    page = parsed(client.get("/developers"))
    links = {link["href"] for link in page.find_all("a")}
    assert {f"/problems/{code}" for code in PROBLEM_TYPES} <= links
    assert all(f"….{ending}" in page.text for ending, _status, _words in ENDINGS)
