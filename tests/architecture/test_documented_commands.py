"""The commands in README and docs are run, or shown to be there: nobody types what does not work.

Those of the API (curl) are run by tests/clients/test_examples.py.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import make_application
from tests.support.source import ROOT, shell_blocks

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = sorted(
    {
        (page.name, command)
        for page in PAGES
        if page.exists()
        for command in shell_blocks(page.read_text(encoding="utf-8"))
    }
)

ENDLESS = {"worker", "run", "shell"}
"""Commands of flask that go on until they are stopped: their --help is asked instead."""
CHANGES_THE_CHECKOUT = {"docs write", "docs release", "db revision", "db migrate"}
OTHER_PROGRAMS = {
    "git",
    "cp",
    "sqlite3",
    "pg_dump",
    "pg_restore",
    "psql",
    "createdb",
    "export",
    "cd",
    "sudo",
    "systemctl",
    "python3",
}
"""Programs that are not ours; that the line begins with one of them is all that is looked at."""


def kind_of(command: str) -> str:
    """make, flask, python, pytest, ruff, curl, other, or unknown."""
    words = [word for word in shlex.split(command) if not re.fullmatch(r"[A-Z_]+=.*", word)]
    first = Path(words[0]).name if words else ""
    if first in ("make", "flask", "pytest", "ruff", "mypy", "curl", "gunicorn"):
        return first
    if first == "python":
        return "python"
    return "other" if first in OTHER_PROGRAMS else "unknown"


def words_of(command: str) -> list[str]:
    """The words of a command after its variables and its program."""
    return [word for word in shlex.split(command) if not re.fullmatch(r"[A-Z_]+=.*", word)][1:]


def lines(kind: str) -> list[str]:
    return sorted({command for _page, command in COMMANDS if kind_of(command) == kind})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, str]:
    """A site with the register loaded, in a database of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('documented')}/pipeline.db"
    app = make_application(url)
    made = app.test_cli_runner().invoke(args=["councils", "load"])
    assert made.exit_code == 0, made.output
    return app, url


@pytest.mark.pure
def test_the_pages_hold_commands_and_every_one_is_of_a_known_kind() -> None:
    assert len(COMMANDS) > 10
    assert [command for _page, command in COMMANDS if kind_of(command) == "unknown"] == []


@pytest.mark.pure
@pytest.mark.parametrize("command", lines("make"))
def test_every_target_of_make_exists(command: str) -> None:
    targets = [word for word in words_of(command) if "=" not in word]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for target in targets:
        assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), f"make has no target {target}"


@pytest.mark.parametrize("command", lines("flask"))
def test_every_command_of_flask_runs(site: tuple[Flask, str], command: str) -> None:
    words = words_of(command)
    has_gaps = any(re.search(r"[A-Z]{3,}|<|…|@", word) for word in words)
    if words[0] in ENDLESS or has_gaps or " ".join(words[:2]) in CHANGES_THE_CHECKOUT:
        words = [*[word for word in words if re.fullmatch(r"[a-z-]+", word) and not word.startswith("-")][:2], "--help"]
    environment = os.environ | {"PIPELINE_MODE": "test", "DATABASE_URL": site[1], "FLASK_APP": "wsgi.py"}

    done = subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", [*lines("pytest"), *lines("python"), *lines("gunicorn")])
def test_every_file_a_command_names_exists(command: str) -> None:
    words = words_of(command)
    for word in words:
        path = word.split("::")[0]
        if re.fullmatch(r"[a-z_/.]+\.(py|txt|md)", path) or re.fullmatch(r"tests(/[a-z_]+)*", path):
            assert (ROOT / path).exists(), word
    if "-m" in words and kind_of(command) == "python":
        module = words[words.index("-m") + 1]
        own = (ROOT / module.replace(".", "/")).with_suffix(".py").exists() or (
            ROOT / module.replace(".", "/")
        ).is_dir()
        assert own or module in ("pytest", "gunicorn", "flask", "venv"), module


@pytest.mark.pure
def test_a_command_that_is_not_known_is_seen() -> None:
    text = (
        "Text\n```console\n$ make run PORT=8001   # another port\n$ frobnicate now\n```\n"
        "```sh\n.venv/bin/flask db \\\n  upgrade\n```\n```python\nx = 1\n```\n"
    )
    commands = list(shell_blocks(text))

    assert commands == ["make run PORT=8001", "frobnicate now", ".venv/bin/flask db    upgrade"]
    assert [kind_of(one) for one in commands] == ["make", "unknown", "flask"]
    assert words_of(commands[2]) == ["db", "upgrade"]


def test_the_register_is_there_as_the_readme_says(site: tuple[Flask, str]) -> None:
    answer = site[0].test_client().get("/api/v1/councils?include_total=true&active=true&limit=1")

    assert answer.get_json()["page"]["total"] == 398
