"""What is documented is true: generated pages are fresh, settings and events explained, defences have tests."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from pipeline.cli import docs
from pipeline.kernel.event import Event
from tests.support.source import ROOT, sources

DOCS = ROOT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")), *sorted((ROOT / "clients").rglob("*.md")),
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGES.md",
]  # fmt: skip
WORKPLACE = re.compile(r"\.\./shared|/work/|/tmp/|\bissue [0-9]+\b|\bhelper [A-Z]\b", re.IGNORECASE)


@pytest.fixture
def pages(built: Flask) -> dict[str, str]:
    """The generated pages, as the code says they are."""
    with built.app_context():
        return docs.pages()


def test_the_generated_pages_are_up_to_date(built: Flask) -> None:
    with built.app_context():
        assert docs.stale_pages(DOCS) == [], "run `make docs`"


def test_a_generated_page_that_is_old_or_missing_is_seen(built: Flask, tmp_path: Path, pages: dict[str, str]) -> None:
    for name, text in pages.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "events.md").write_text("old", encoding="utf-8")
    (tmp_path / "commands.md").unlink()

    with built.app_context():
        assert docs.stale_pages(tmp_path) == ["events.md", "commands.md"]


def test_every_setting_is_explained(pages: dict[str, str]) -> None:
    for one in fields(Settings):
        assert one.metadata["words"].endswith((".", ")")), one.name
        assert f"`{one.name.upper()}`" in pages["configuration.md"]


def test_no_setting_is_read_past_config() -> None:
    found = [source.name for source in sources() if re.search(r"os\.environ|os\.getenv|getenv\(", source.text)]

    assert [name for name in found if name not in MAY_READ_THE_ENVIRONMENT] == []


MAY_READ_THE_ENVIRONMENT = {"pipeline.cli.supervisor", "pipeline.web.assets.build"}
"""What starts other programs hands its environment on to them."""


def test_every_event_is_explained_and_named_as_a_past_fact(pages: dict[str, str]) -> None:
    for catalogue in docs.events_by_subject().values():
        for event in catalogue:
            assert re.fullmatch(r"[a-z_]+\.[a-z_]+", event.name), event.name
            assert (event.__doc__ or "").strip() not in ("", (Event.__doc__ or "").strip()), event.name
            assert event.subject_type, event.name
            assert event.subject_field in {field.name for field in fields(event)}, event.name
            assert f"### `{event.name}`" in pages["events.md"]


def test_no_event_holds_text_names_or_addresses() -> None:
    personal = {
        "title",
        "summary",
        "problem",
        "body",
        "message",
        "reason",
        "note",
        "text",
        "address",
        "email",
        "job_title",
        "person_name",
        "display_name",
    }
    held = [
        f"{event.name}.{field.name}"
        for catalogue in docs.events_by_subject().values()
        for event in catalogue
        for field in fields(event)
        if field.name in personal
    ]

    assert held == []


def test_every_event_class_is_recorded_somewhere() -> None:
    text = "\n".join(source.text for source in sources() if source.path.stem != "events")
    never = [
        event.name
        for catalogue in docs.events_by_subject().values()
        for event in catalogue
        if not re.search(rf"\b{event.__name__}\b", text)
    ]

    assert never == []


def test_every_policy_is_explained(pages: dict[str, str]) -> None:
    for policies in docs.policies_by_subject().values():
        for name, policy in policies.items():
            assert policy.__doc__, name
            assert f"`{name}`" in pages["permissions.md"]


def test_every_policy_is_asked_somewhere() -> None:
    text = "\n".join(source.text for source in sources())
    never = [
        name
        for policies in docs.policies_by_subject().values()
        for name in policies
        if len(re.findall(rf"\b{name}\b", text)) < 2
    ]

    assert never == []


def test_every_command_explains_itself(built: Flask) -> None:
    runner = built.test_cli_runner()
    for name in built.cli.list_commands(None):  # type: ignore[arg-type]
        result = runner.invoke(args=[name, "--help"])
        assert result.exit_code == 0, name
        assert "Usage:" in result.output, name


@pytest.mark.pure
def test_every_defence_in_the_page_on_security_names_tests_that_exist() -> None:
    text = (DOCS / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[a-z_/]+\.py)(?:::([a-z0-9_]+))?`", text)

    assert len(named) >= 20
    for path, test in named:
        assert (ROOT / path).exists(), path
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{test}"


@pytest.mark.pure
def test_every_decision_says_what_was_discarded() -> None:
    decisions = sorted((DOCS / "decisions").glob("[0-9]*.md"))

    assert len(decisions) >= 10
    assert [path.name[:4] for path in decisions] == [f"{number:04d}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        for heading in ("## Context", "## Decision", "## Alternatives discarded", "## Consequences"):
            assert heading in text, f"{path.name} lacks {heading}"


@pytest.mark.pure
@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} leads to {target}"


@pytest.mark.pure
def test_the_pages_speak_of_the_project_and_of_no_workplace() -> None:
    assert [page.name for page in PAGES if WORKPLACE.search(page.read_text(encoding="utf-8"))] == []
