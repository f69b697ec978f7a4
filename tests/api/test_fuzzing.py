"""Everything the description allows and forbids, asked of the application itself, on both databases.

Every check and every phase of Schemathesis: examples, borders, made-up requests, and chains in which one request uses
what another answered. The drills ask for much longer.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    HealthCheck,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.engine.run import PhaseName
from schemathesis.transport.wsgi import WSGI_TRANSPORT
from werkzeug.exceptions import BadRequest

from pipeline.api.bodies import strict_json
from tests.factories import Factory
from tests.support.exports import make_exports
from tests.support.world import World, let_it_run, make_world

pytestmark = pytest.mark.database
FEW, MANY = 2, 20
"""Made-up requests for each operation: in every run of the tests, and in a drill."""
LEAST_ACTS = 20
"""So many kinds of act are carried out at least, or refusals are all that was tried."""

OF_SOCKETS = ("max_redirects", "verify", "cert", "proxies")


@schemathesis.serializer("text/csv")
def as_csv(_context: object, value: object) -> bytes:
    """A file as it is; what is no text at all, in a way no spreadsheet would write it."""
    return (value if isinstance(value, str) else json.dumps(value)).encode()


@pytest.fixture(autouse=True)
def probes_reach_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that Schemathesis sends again without the token name settings of sockets, which there are none of."""
    send = WSGI_TRANSPORT.send

    def without_sockets(case: schemathesis.Case, **settings: Any) -> Any:
        return send(case, **{name: value for name, value in settings.items() if name not in OF_SOCKETS})

    monkeypatch.setattr(WSGI_TRANSPORT, "send", without_sockets)


def config(examples: int, headers: dict[str, str] | None = None) -> SchemathesisConfig:
    """Every check and every phase; the same examples each time."""
    generation = GenerationConfig(max_examples=examples, deterministic=True, database="none", no_shrink=True)
    refused = ["400", "401", "403", "404", "405", "409", "412", "414", "415", "422", "428"]
    checks = ChecksConfig.from_dict({
        "negative_data_rejection": {"expected-statuses": refused},
        "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422"]},
        "missing_required_header": {"expected-statuses": ["400", "401", "404", "428"]},
    })  # fmt: skip
    projects = ProjectsConfig(
        default=ProjectConfig(generation=generation, checks=checks, phases=PhasesConfig(), headers=headers)
    )
    # Wrong addresses are rare: of many examples many are thrown away, and that is well.
    return SchemathesisConfig(projects=projects, seed=1, suppress_health_check=[HealthCheck.filter_too_much])


def without_what_only_we_make(_context: schemathesis.HookContext, case: schemathesis.Case) -> schemathesis.Case:
    """No description can make a cursor, because only we can sign one, nor the name of an event that does not happen:
    where a case is to be right it goes without. Wrong ones are still sent as such."""
    if case.query and is_right(case):
        unknown = {"cursor", "after", "type"} if case.operation.path == "/api/v1/events" else {"cursor"}
        case.query = {name: value for name, value in case.query.items() if name not in unknown}
    return case


def is_read_alike(_context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """Whether a scanner put beside what we ask for only what any two readers of JSON understand alike."""
    if case.operation.path == "/api/v1/tokens/leaked" and is_right(case):
        try:
            strict_json(json.dumps(case.body).encode())
        except BadRequest:
            return False
    return True


def is_right(case: schemathesis.Case) -> bool:
    """Whether a case is made to be right, as the description tells."""
    return case.meta is not None and case.meta.generation.mode.is_positive


@dataclass
class Asked:
    """What came of it: what checks complain of, how many were made, the chains in which one request used what another
    answered, and the operations that were carried out."""

    found: list[str] = field(default_factory=list)
    checks: int = 0
    chains: int = 0
    done: set[str] = field(default_factory=set)


def everything_asked(schema: schemathesis.BaseSchema) -> Asked:
    """Ask everything there is to ask."""
    asked = Asked()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            asked.chains += event.phase is PhaseName.STATEFUL_TESTING
            _look_at(event.recorder, asked)
        assert not isinstance(event, events.FatalError | events.NonFatalError), event.info.format()
    return asked


def _look_at(recorder: ScenarioRecorder, asked: Asked) -> None:
    for case_id, checks in recorder.checks.items():
        asked.checks += len(checks)
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info
                asked.found.append(f"{recorder.label} {check.name}: {failure.failure}\n{failure.code_sample}")
        answer = recorder.interactions[case_id].response if case_id in recorder.interactions else None
        if answer is not None and answer.status_code < 300:
            asked.done.add(recorder.cases[case_id].value.operation.label)


def ask_as_nobody(app: Flask, make: Factory, examples: int) -> None:
    """Ask everything without a token."""
    make_world(make)
    make_exports(app)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config(examples))
    schema.hook("filter_case")(is_read_alike)
    schema.hook("map_case")(without_what_only_we_make)
    asked = everything_asked(schema)
    assert asked.found == [], "\n\n".join(asked.found)
    assert asked.checks > 1_000
    assert asked.chains
    assert {label for label in asked.done if not label.startswith("GET ")} <= {"POST /api/v1/tokens/leaked"}


def ask_as_a_lead(app: Flask, make: Factory, examples: int) -> None:
    """Ask what needs a token, with that of a lead of the world's project: acts go through, and change what the next
    request finds."""
    world = make_world(make)
    make_exports(app)
    token = make.token(*let_it_run(make, world))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config(examples, token))
    # Whoever revokes the token tries nothing more with it; what the public reads too was tried without one.
    schema = schema.exclude(operation_id="revoke_current_token").exclude(needs_no_token)
    schema.hook("filter_case")(is_read_alike)
    schema.hook("map_case")(without_what_only_we_make)
    schema.hook("map_case")(about_the_world(world))
    asked = everything_asked(schema)
    assert asked.found == [], "\n\n".join(asked.found)
    assert asked.checks > 500
    assert asked.chains
    acts = {label for label in asked.done if not label.startswith("GET ")}
    assert len(acts) >= LEAST_ACTS, sorted(acts)


def needs_no_token(context: schemathesis.HookContext) -> bool:
    return context.operation is not None and {} in context.operation.definition.raw.get("security", [])


def about_the_world(world: World) -> Callable[..., schemathesis.Case]:
    """Every other call is about something that exists, from the version it has at first: made-up ids get no further
    than 404, and made-up versions no further than 412."""
    turn = count()

    def aim(_context: schemathesis.HookContext, case: schemathesis.Case) -> schemathesis.Case:
        is_right = case.meta is not None and case.meta.generation.mode.is_positive
        if not (is_right and next(turn) % 2):
            return case
        if case.path_parameters:
            known = {name: world.places[name] for name in case.path_parameters if name in world.places}
            case.path_parameters = {**case.path_parameters, **known, **numbers_of(case.path_parameters)}
        if "If-Match" in (case.headers or {}):
            case.headers["If-Match"] = '"1.1.2026-11"'
        if isinstance(case.body, dict):
            case.body = world.body(case.body)
        return case

    return aim


def numbers_of(parameters: dict[str, object]) -> dict[str, int]:
    """The first version of a document, where an address asks for one."""
    return {"number": 1} if "number" in parameters else {}


def test_nothing_breaks_or_contradicts_the_description(app: Flask, make: Factory) -> None:
    ask_as_nobody(app, make, FEW)


def test_nothing_breaks_or_contradicts_the_description_with_a_token(app: Flask, make: Factory) -> None:
    ask_as_a_lead(app, make, FEW)


@pytest.mark.drill
def test_nothing_breaks_however_long_it_is_asked(app: Flask, make: Factory) -> None:
    ask_as_nobody(app, make, MANY)


@pytest.mark.drill
def test_nothing_breaks_however_long_it_is_asked_with_a_token(app: Flask, make: Factory) -> None:
    ask_as_a_lead(app, make, MANY)
