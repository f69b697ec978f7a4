"""Everything the description allows and forbids, asked of the application itself."""

from collections.abc import Callable
from itertools import count

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.engine import events, from_schema

from tests.conftest import empty
from tests.factories import Factory
from tests.support.world import World, make_world

pytestmark = pytest.mark.database
EXAMPLES = 8


def config(headers: dict[str, str] | None = None) -> SchemathesisConfig:
    """Every check and every phase; the same examples each time."""
    generation = GenerationConfig(max_examples=EXAMPLES, deterministic=True, database="none", no_shrink=True)
    refused = ["400", "401", "404", "405", "412", "414", "415", "428"]
    checks = ChecksConfig.from_dict({
        "negative_data_rejection": {"expected-statuses": refused},
        "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422"]},
        "missing_required_header": {"expected-statuses": ["400", "401", "404", "428"]},
    })  # fmt: skip
    projects = ProjectsConfig(
        default=ProjectConfig(generation=generation, checks=checks, phases=PhasesConfig(), headers=headers)
    )
    return SchemathesisConfig(projects=projects, seed=1)


def is_one_we_could_answer(_context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """No description can make a cursor, because only we can sign one; wrong ones are still sent as such."""
    is_right = case.meta is not None and case.meta.generation.mode.is_positive
    return not (is_right and {"cursor", "after"} & set(case.query or {}))


def problems_found(schema: schemathesis.BaseSchema) -> tuple[list[str], int]:
    """What every check complains of, and how many checks were made."""
    found, number = [], 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for checks in event.recorder.checks.values():
                number += len(checks)
                failed = [(check.name, check.failure_info) for check in checks if check.failure_info is not None]
                found += [f"{event.label} {name}: {failure.failure}\n{failure.code_sample}" for name, failure in failed]
        assert not isinstance(event, events.FatalError | events.NonFatalError), event
    return found, number


def test_nothing_breaks_or_contradicts_the_description(applications: Callable[[str], Flask]) -> None:
    app = applications("sqlite")
    empty(app)
    make_world(Factory(app))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config())
    schema.hook("filter_case")(is_one_we_could_answer)
    found, number = problems_found(schema)
    assert found == [], "\n\n".join(found)
    assert number > 1_000


def test_nothing_breaks_or_contradicts_the_description_with_a_token(applications: Callable[[str], Flask]) -> None:
    app = applications("sqlite")
    empty(app)
    make = Factory(app)
    world = make_world(make)
    council = make.council("Tokenham")
    token = make.token(make.officer(council), council)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config(token))
    # Whoever revokes the token tries nothing more with it; what the public reads too was tried without one.
    schema = schema.exclude(operation_id="revoke_current_token").exclude(needs_no_token)
    schema.hook("map_case")(about_the_world(world))
    found, number = problems_found(schema)
    assert found == [], "\n\n".join(found)
    assert number > 500


def needs_no_token(context: schemathesis.HookContext) -> bool:
    return context.operation is not None and {} in context.operation.definition.raw.get("security", [])


def about_the_world(world: World) -> Callable[..., schemathesis.Case]:
    """Every other call is about something that exists: made-up ids get no further than 404."""
    turn = count()

    def aim(_context: schemathesis.HookContext, case: schemathesis.Case) -> schemathesis.Case:
        is_right = case.meta is not None and case.meta.generation.mode.is_positive
        if case.path_parameters and is_right and next(turn) % 2:
            there = {"need_id": world.need_id, "pledge_id": world.pledge_id, "slug": world.slug}
            known = {name: there[name] for name in case.path_parameters if name in there}
            case.path_parameters = {**case.path_parameters, **known}
        return case

    return aim
