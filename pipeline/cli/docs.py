"""`flask docs …`: writes the pages of docs/ that are read out of the code, and says whether they are up to date."""

import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from werkzeug.routing import Rule

import pipeline
from config import ROOT, Settings
from pipeline.http.compatibility import METHODS, breaks
from pipeline.http.entry import Entry, entry_of, scope_of
from pipeline.kernel.event import CATALOGUE, Audience, Event

FOLDER = ROOT / "docs"
RELEASED = FOLDER / "openapi"
WRITTEN = "<!-- Written by `make docs` from the code. Change the code, not this page. -->"

ENTRIES = {
    Entry.ANYONE: "anyone, signed in or not",
    Entry.OFFICER: "a signed-in officer",
    Entry.MEMBER: "a member of a council, acting for it",
    Entry.COUNCIL_ADMIN: "an admin of the council they act for",
    Entry.COORDINATOR: "a coordinator",
    Entry.PLATFORM_ADMIN: "a platform admin",
}

AUDIENCES = {
    Audience.PUBLIC: "everybody",
    Audience.PROJECT: "the team of the project",
    Audience.COUNCIL: "the council it happened for",
    Audience.OFFICER: "the officer it happened to",
    Audience.OPERATORS: "those who run Pipeline",
}

TITLES = {"cli": "The operator's commands"}

ROLES = """\
| | anyone | officer, no membership | member | authoriser | council admin | project lead | coordinator |
|---|---|---|---|---|---|---|---|
| read what is public | yes | yes | yes | yes | yes | yes | yes |
| post a project for the council | no | no | yes | as member | as member | – | no |
| edit, publish, answer, publish updates | no | no | no | no | no | own project | no |
| offer a pledge for the council | no | no | yes | as member | as member | as member | no |
| authorise or refuse the council's pledge | no | no | no | yes: no own offer, no project one leads | no | no | no |
| accept or decline a pledge | no | no | no | no | no | own project, but not what one offered or authorised | no |
| withdraw a pledge | no | no | own offer | the council's | the council's | no | no |
| change people of the council | no | no | no | no | yes, not one's own authority | no | appoints a first admin |
| appoint coordinators | no | no | no | no | no | no | no: a platform admin does |"""


@click.group()
def docs() -> None:
    """The pages of docs/ that are written from the code."""


@docs.command("write")
@with_appcontext
def write() -> None:
    """Write them again."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        click.echo(f"docs/{name}")


@docs.command("check")
@with_appcontext
def check() -> None:
    """Say which of them are out of date; the exit code is 1 if any is."""
    stale = stale_pages(FOLDER)
    for name in stale:
        click.echo(f"docs/{name} is out of date: run `make docs`")
    sys.exit(1 if stale else 0)


@docs.command("release")
@click.argument("version")
@click.option("--again", is_flag=True, help="Write over the file of this version, as long as it is not yet released.")
@with_appcontext
def release(version: str, again: bool) -> None:
    """Keep today's description of the API as the one of VERSION (such as 1.0), which later ones must not break."""
    kept = released()
    if version in kept and not again:
        raise click.ClickException(f"{version} is kept already. Before it is released, --again writes it anew.")
    now = description_to_keep()
    broken = [
        line for name, old in kept.items() if name != version and same_major(name, version) for line in breaks(old, now)
    ]
    if not re.fullmatch(r"[1-9]\d*\.\d+", version) or broken:
        raise click.ClickException("\n".join(["This cannot be that version.", *broken]))
    RELEASED.mkdir(exist_ok=True)
    (RELEASED / f"{version}.json").write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    click.echo(f"docs/openapi/{version}.json")


def released() -> dict[str, dict[str, Any]]:
    """The descriptions that were released, by version."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(RELEASED.glob("*.json"))}


def same_major(one: str, other: str) -> bool:
    """Whether two versions have one number in their address."""
    return one.partition(".")[0] == other.partition(".")[0]


def description_to_keep() -> dict[str, Any]:
    """The description as it is now, without the address of this site and what every answer says alike."""
    kept: dict[str, Any] = json.loads(json.dumps(current_app.extensions["pipeline_api_description"]))
    kept.pop("servers")
    for operations in kept["paths"].values():
        for operation in (operations[method] for method in operations.keys() & set(METHODS)):
            answers = operation["responses"].items()
            operation["responses"] = {
                status: {"description": one["description"], "content": one.get("content", {})}
                for status, one in answers
                if status.startswith("2")
            }
    return kept


def stale_pages(folder: Path) -> list[str]:
    """The names of the pages whose text in `folder` is not what the code says now."""
    return [
        name
        for name, text in pages().items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]


def pages() -> dict[str, str]:
    """Every generated page by its file's name."""
    makers: dict[str, Callable[[], Iterable[str]]] = {
        "permissions.md": permissions,
        "events.md": events,
        "configuration.md": configuration,
        "commands.md": commands,
    }
    return {name: "\n".join([WRITTEN, "", *make()]).rstrip() + "\n" for name, make in makers.items()}


def permissions() -> Iterator[str]:
    """Who may enter each route, and what each policy allows."""
    yield from ("# Who may do what", "")
    yield "Anything that is not allowed here is refused. What somebody may not know of answers as if it did not exist"
    yield "(404); what they may see and not do answers 403. Roles belong to one council, and rights do not include each"
    yield "other."
    yield from ("", "## Roles", "", ROLES, "", "## Policies", "")
    yield "Each action asks one of these inside its transaction, and a page asks the same one to decide whether its"
    yield "button shows."
    for subject, policies in policies_by_subject().items():
        yield from ("", f"### {subject.capitalize()}", "", "| Question | Who may |", "|---|---|")
        yield from (f"| `{name}` | {_cell(inspect.getdoc(policy) or '')} |" for name, policy in policies.items())
    yield from ("", "## Routes", "")
    yield "Who may open an address at all. Every route says so in the code; one that does not lets nobody in. Under"
    yield "/api cookies mean nothing: an officer comes with a token, which needs the scope that is named; what anyone"
    yield "reads needs `read` only of those who come with one."
    for title, rules in (("Pages", _rules(is_api=False)), ("The API", _rules(is_api=True))):
        yield from ("", f"### {title}", "", "| Address | Methods | Who may enter | What it is |", "|---|---|---|---|")
        yield from (_route(rule) for rule in rules)


def policies_by_subject() -> dict[str, dict[str, Callable[..., Any]]]:
    """The `may_…` functions of every subject that has some."""
    found: dict[str, dict[str, Callable[..., Any]]] = {}
    for module in modules_called("policy"):
        own: dict[str, Callable[..., Any]] = {
            name: value
            for name, value in vars(module).items()
            if name.startswith("may_") and inspect.isfunction(value) and value.__module__ == module.__name__
        }
        if own:
            found[module.__name__.split(".")[1]] = own
    return found


def modules_called(name: str) -> list[ModuleType]:
    """Every module of a name in the packages of the subjects, in the order of the alphabet."""
    packages = [one.name for one in pkgutil.iter_modules(pipeline.__path__) if one.ispkg]
    return [
        importlib.import_module(f"pipeline.{package}.{name}")
        for package in sorted(packages)
        if importlib.util.find_spec(f"pipeline.{package}.{name}") is not None
    ]


def _rules(*, is_api: bool) -> list[Rule]:
    rules = [rule for rule in current_app.url_map.iter_rules() if rule.rule.startswith("/api") is is_api]
    return sorted(rules, key=lambda rule: (rule.rule, sorted(rule.methods or ())))


def _route(rule: Rule) -> str:
    entry = entry_of(rule.endpoint)
    methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    said = inspect.getdoc(current_app.view_functions[rule.endpoint]) or ""
    who = ENTRIES[entry] if entry else "nobody"
    if rule.rule.startswith("/api") and entry is not Entry.ANYONE:
        scope = scope_of(rule.endpoint)
        who += f", with a token that has `{scope.value}`" if scope else ", with any token"
    return f"| `{rule.rule}` | {methods} | {who} | {_cell(said.split(chr(10) * 2)[0])} |"


def events() -> Iterator[str]:
    """Every event there is, who may read it and what it holds."""
    yield from ("# Events", "")
    yield "Everything that happens is an event: a past-tense fact in the log, in the transaction of what it tells of."
    yield "Payloads hold ids, amounts, dates and words of a vocabulary, never free text, names or addresses."
    yield ""
    yield "The audience is the widest an event is ever shown to. Those of a draft and of a trial project stay with its"
    yield "team."
    yield "*Changes what the public sees* says whether lists and pages kept by browsers are asked for again."
    for subject, catalogue in events_by_subject().items():
        yield from ("", f"## {TITLES.get(subject, subject.capitalize())}")
        for event in catalogue:
            yield from ("", f"### `{event.name}`", "", inspect.getdoc(event) or "", "")
            yield f"- Audience: {AUDIENCES[event.audience]}"
            yield f"- Subject: {event.subject_type}"
            yield f"- Changes what the public sees: {'yes' if event.changes_public else 'no'}"
            yield "- Payload: " + ", ".join(f"`{field.name}`" for field in fields(event))
            if event.version > 1:
                yield f"- Version: {event.version}"


def events_by_subject() -> dict[str, list[type[Event]]]:
    """The catalogue of Pipeline's own events, by the package that records them."""
    modules_called("events")
    own = [event for event in CATALOGUE.values() if event.__module__.startswith("pipeline.")]
    found: dict[str, list[type[Event]]] = {}
    for event in sorted(own, key=lambda one: (one.__module__, one.name)):
        found.setdefault(event.__module__.split(".")[1], []).append(event)
    return found


def configuration() -> Iterator[str]:
    """Every setting, what it is for and what it is when it is not set."""
    yield from ("# Configuration", "")
    yield "Settings come from the environment and from nowhere else. They are read and checked before anything starts;"
    yield "what is wrong is said in words, all of it at once. In production `SECRET_KEY`, `PUBLIC_URL` and `MAIL_URL`"
    yield "must be given; `make run` and the tests need none."
    yield from ("", "| Variable | Without it | What it is |", "|---|---|---|")
    for one in fields(Settings):
        default = "" if one.default is MISSING else str(one.default).replace(str(ROOT), "…")
        example = f" Example: `{one.metadata['example']}`" if one.metadata["example"] else ""
        without = f"`{default}`" if default else "–"
        yield f"| `{one.name.upper()}` | {without} | {_cell(one.metadata['words'])}{example} |"
    yield ""
    yield "For `make` alone: `PYTHON` names the Python that makes the virtual environment, `BROWSER=required` fails"
    yield "the tests where Chromium is missing, and `PIPELINE_NODE=wheel` takes Node.js from its Python wheel even"
    yield "where the machine has one."


def commands() -> Iterator[str]:
    """Every command of the operator."""
    yield from ("# Commands", "")
    yield "Typed in the checkout as `.venv/bin/flask …`, with the same settings as the site. Each says more with"
    yield "`--help`."
    yield from ("", "| Command | What it does |", "|---|---|")
    own = {name: command for name, command in current_app.cli.commands.items() if _is_ours(command)}
    for name, command in sorted(own.items()):
        yield from _command_lines(name, command)
    yield from ("", "From Flask-Migrate: `flask db upgrade` brings the database to this release's schema.")


def _is_ours(command: click.Command) -> bool:
    parts = [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
    return any(
        (inspect.unwrap(one.callback).__module__ if one.callback else "").startswith("pipeline.") for one in parts
    )


def _command_lines(name: str, command: click.Command) -> Iterator[str]:
    if isinstance(command, click.Group):
        for inner, one in sorted(command.commands.items()):
            yield from _command_lines(f"{name} {inner}", one)
        return
    arguments = "".join(
        f" {one.make_metavar(click.Context(command))}" for one in command.params if isinstance(one, click.Argument)
    )
    said = inspect.cleandoc(command.help or "").split("\n\n")[0]
    yield f"| `flask {name}{arguments}` | {_cell(said)} |"


def _cell(text: str) -> str:
    """A text as it fits into a table."""
    return " ".join(text.split()).replace("|", "\\|")
