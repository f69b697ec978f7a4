"""One way to save, to authorise and to record: what the source of the code can tell of it."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pipeline.db.housekeeping import HOUSEKEEPING
from tests.support.source import ROOT, Source, sources, written

pytestmark = pytest.mark.pure

THE_ONE_FILE_THAT_COMMITS = "pipeline.db.work"
FOR_MIGRATIONS = "pipeline.db.rebuilding"
"""Makes a table again from its own text, in migrations and nowhere else."""
RAW_CHANGE = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE)\b", re.IGNORECASE)


def committing(files: Iterable[Source]) -> list[str]:
    """The modules that commit a transaction."""
    return [source.name for source in files if any(_is_commit(node) for node in ast.walk(source.tree))]


def _is_commit(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("commit", "autocommit")


def raw_changes(files: Iterable[Source]) -> Iterator[str]:
    """Strings that change tables past the unit of work, which sees only what SQLAlchemy builds."""
    for source in files:
        if source.name == FOR_MIGRATIONS:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and RAW_CHANGE.search(node.value):
                yield f"{source.name}:{node.lineno}"


def housekeeping_names(files: Iterable[Source]) -> Iterator[tuple[str, str]]:
    """Every housekeeping that is begun: where, and under which name."""
    for source in files:
        for node in ast.walk(source.tree):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "housekeeping"
            ):
                argument = node.args[0] if node.args else None
                yield source.name, argument.value if isinstance(argument, ast.Constant) else "?"


def actions_out_of_form(files: Iterable[Source]) -> Iterator[str]:
    """Actions (the functions that ask) which do not take `work` first and the rest by keyword."""
    for source in files:
        if "actions" not in source.name.split(".")[2:]:
            continue
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and _asks(node):
                names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
                if names != ["work"]:
                    yield f"{source.name}.{node.name}({', '.join(names)})"


def _asks(node: ast.FunctionDef) -> bool:
    return "work.require(" in ast.unparse(node)


def policies_out_of_form(files: Iterable[Source]) -> Iterator[str]:
    """Permissions that are not called `may_…(actor, …) -> Decision`, or `may_…` functions that are no permission."""
    for source in files:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("may_"):
                continue
            returns = ast.unparse(node.returns) if node.returns else ""
            first = node.args.args[0].arg.lstrip("_") if node.args.args else ""
            if source.path.stem == "policy" and (returns != "Decision" or first != "actor"):
                yield f"{source.name}.{node.name} -> {returns}"


def test_exactly_one_file_commits() -> None:
    assert committing(sources()) == [THE_ONE_FILE_THAT_COMMITS]


def test_no_table_is_changed_past_the_unit_of_work() -> None:
    assert list(raw_changes(sources())) == []


def test_every_housekeeping_that_is_begun_stands_in_the_list() -> None:
    begun = {name for source, name in housekeeping_names(sources()) if source != "pipeline.db.work"}

    assert begun - HOUSEKEEPING.keys() == set()


def test_nothing_in_the_list_of_housekeeping_is_an_act_of_the_trade() -> None:
    trade = {
        "council",
        "officer",
        "membership",
        "membership_role",
        "platform_role",
        "project",
        "need",
        "pledge",
        "authorisation",
        "event",
    }

    assert set().union(*HOUSEKEEPING.values()) & trade == set()


def test_actions_take_work_first_and_the_rest_by_keyword() -> None:
    assert list(actions_out_of_form(sources())) == []


def test_policies_take_an_actor_and_return_a_decision() -> None:
    assert list(policies_out_of_form(sources())) == []


def test_nothing_below_http_knows_the_request() -> None:
    names = re.compile(r"\b(current_user|request\.(form|args|headers|cookies))\b")

    assert [
        one.name for one in sources() if one.package not in ("http", "web", "api", "cli") and names.search(one.text)
    ] == []


def test_there_is_no_query_that_asks_for_nobody() -> None:
    found = [
        f"{source.name}.{node.name}"
        for source in sources()
        if "queries" in source.name.split(".")[2:]
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef) and re.match(r"(get|fetch|find|load)_", node.name)
    ]

    assert found == []


def test_a_second_file_that_commits_is_seen(tmp_path: Path) -> None:
    written(tmp_path, {"pipeline/pledges/actions.py": "def offer(session):\n    session.commit()"})

    assert committing(sources(tmp_path)) == ["pipeline.pledges.actions"]


def test_a_statement_of_text_that_changes_a_table_is_seen(tmp_path: Path) -> None:
    written(tmp_path, {"pipeline/pledges/sums.py": 'SQL = "update need set held = held + 1"'})
    assert list(raw_changes(sources(tmp_path))) == ["pipeline.pledges.sums:1"]


def test_housekeeping_under_a_name_of_its_own_is_seen(tmp_path: Path) -> None:
    written(tmp_path, {"pipeline/x/y.py": 'with housekeeping("anything"):\n    pass'})

    assert list(housekeeping_names(sources(tmp_path))) == [("pipeline.x.y", "anything")]


def test_an_action_or_policy_out_of_form_is_seen(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "pipeline/pledges/actions.py": "def offer_pledge(need_id: UUID, work: Work) -> None:\n  work.require(YES)",
            "pipeline/pledges/policy.py": "def may_offer(actor: Actor) -> bool: ...",
        },
    )

    assert list(actions_out_of_form(sources(tmp_path))) == ["pipeline.pledges.actions.offer_pledge(need_id, work)"]
    assert list(policies_out_of_form(sources(tmp_path))) == ["pipeline.pledges.policy.may_offer -> bool"]


def test_the_checks_look_at_the_real_code() -> None:
    assert len(sources()) > 80
    assert {"actions", "policy"} <= {part for source in sources() for part in source.name.split(".")}
    assert (ROOT / "pipeline" / "db" / "work.py").exists()
