"""Everything the description allows and forbids, asked of the application itself."""

from collections.abc import Callable

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
from tests.support.world import make_world

pytestmark = pytest.mark.database
EXAMPLES = 8


def config() -> SchemathesisConfig:
    """Every check and every phase; the same examples each time."""
    generation = GenerationConfig(max_examples=EXAMPLES, deterministic=True, database="none", no_shrink=True)
    checks = ChecksConfig.from_dict({"negative_data_rejection": {"expected-statuses": ["400", "404", "405", "414"]}})
    projects = ProjectsConfig(default=ProjectConfig(generation=generation, checks=checks, phases=PhasesConfig()))
    return SchemathesisConfig(projects=projects, seed=1)


def is_one_we_could_answer(_context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """No description can make a cursor, because only we can sign one; wrong ones are still sent as such."""
    is_right = case.meta is not None and case.meta.generation.mode.is_positive
    return not (is_right and {"cursor", "after"} & set(case.query or {}))


def test_nothing_breaks_or_contradicts_the_description(applications: Callable[[str], Flask]) -> None:
    app = applications("sqlite")
    empty(app)
    make_world(Factory(app))
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config())
    schema.hook("filter_case")(is_one_we_could_answer)
    found, number = [], 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for checks in event.recorder.checks.values():
                number += len(checks)
                failed = [(check.name, check.failure_info) for check in checks if check.failure_info is not None]
                found += [f"{event.label} {name}: {failure.failure}\n{failure.code_sample}" for name, failure in failed]
        assert not isinstance(event, events.FatalError | events.NonFatalError), event
    assert found == [], "\n\n".join(found)
    assert number > 1_000
