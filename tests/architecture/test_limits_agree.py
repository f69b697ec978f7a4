"""Limits are constants of the rules, used by form, schema and column alike."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import String

from pipeline.accounts import rules as accounts
from pipeline.accounts.models import Officer
from pipeline.documents.markdown import LONGEST_TEXT
from pipeline.http.requests import MOST_BODY, MOST_FORM_MEMORY
from pipeline.kernel.effort import MOST_HALF_DAYS
from pipeline.kernel.money import MOST_PENCE
from pipeline.pledges import rules as pledges
from pipeline.projects import rules as projects
from pipeline.projects.models import Check, Need, Project, Update
from pipeline.signposts import rules as signposts
from pipeline.signposts.models import Signpost
from tests.support.source import Source, sources, written

pytestmark = pytest.mark.pure


def numbers_of_their_own(files: Iterable[Source]) -> Iterator[str]:
    """Limits of form fields that are numbers written down instead of constants of the rules."""
    for source in files:
        if source.package != "web":
            continue
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call):
                continue
            named = [word.value for word in node.keywords if word.arg == "most"]
            given = list(node.args[:1]) if getattr(node.func, "id", "") == "AtMost" else []
            yield from (f"{source.name}:{one.lineno}" for one in (*named, *given) if isinstance(one, ast.Constant))


def test_no_form_has_a_limit_of_its_own() -> None:
    assert list(numbers_of_their_own(sources())) == []


@pytest.mark.parametrize(
    "column, most",
    [
        (Project.title, projects.LONGEST_TITLE),
        (Project.summary, projects.LONGEST_SUMMARY),
        (Project.slug, projects.LONGEST_SLUG),
        (Need.title, projects.LONGEST_TITLE),
        (Need.thing, projects.LONGEST_THING),
        (Need.description, projects.LONGEST_DESCRIPTION),
        (Update.title, projects.LONGEST_TITLE),
        (Check.note, projects.LONGEST_NOTE),
        (Signpost.sentence, signposts.MOST_SENTENCE),
        (Signpost.source_title, signposts.MOST_SOURCE_TITLE),
        (Signpost.source_url, signposts.MOST_SOURCE_URL),
        (Officer.address, accounts.MOST_ADDRESS),
        (Officer.name, accounts.MOST_NAME),
        (Officer.job_title, accounts.MOST_JOB_TITLE),
    ],
    ids=str,
)
def test_a_column_is_as_long_as_its_rule(column: object, most: int) -> None:
    kind = column.type  # type: ignore[attr-defined]

    assert isinstance(kind, String)
    assert kind.length == most


def test_the_largest_amounts_fit_their_columns_also_when_many_are_added() -> None:
    largest = max(MOST_PENCE, MOST_HALF_DAYS, *pledges.MOST_AMOUNT.values(), *projects.MOST_OF.values())

    assert largest * 10_000 < 2**63
    assert pledges.MOST_AMOUNT == projects.MOST_OF


def test_the_longest_text_fits_into_a_request() -> None:
    most_bytes_of_a_character = 4

    assert LONGEST_TEXT * most_bytes_of_a_character <= MOST_FORM_MEMORY <= MOST_BODY


def test_a_limit_that_is_written_down_in_a_form_is_seen(tmp_path: Path) -> None:
    bad = "a = Line(validators=[AtMost(120)])\nb = Text(most=300)\n"
    text = bad + "c = Text(most=LONGEST)\nd = Line(validators=[AtMost(LONGEST)])"
    written(tmp_path, {"pipeline/web/x.py": text})

    assert sorted(numbers_of_their_own(sources(tmp_path))) == ["pipeline.web.x:1", "pipeline.web.x:2"]
