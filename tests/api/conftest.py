"""What tests of the API share: a small world, and every address of the API in it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.factories import Factory
from tests.support.exports import make_exports
from tests.support.world import World, make_world


@pytest.fixture
def world(make: Factory) -> World:
    """Two councils with a project, pledges and updates, and much that is not public."""
    return make_world(make)


@pytest.fixture
def description(app: Flask) -> dict[str, Any]:
    """The OpenAPI description, as it is served."""
    described: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return described


@pytest.fixture
def public_paths(description: dict[str, Any]) -> dict[str, Any]:
    """What the description says of the addresses that everybody may read."""
    return {
        path: operations
        for path, operations in description["paths"].items()
        if "get" in operations and {} in operations["get"]["security"]
    }


@pytest.fixture
def address_of(app: Flask, world: World) -> Callable[[str], str]:
    """An address of the API with something of the world in its places, also in the exports."""
    make_exports(app)

    def address(path: str) -> str:
        client = app.test_client()
        events = client.get("/api/v1/events").get_json()["data"]
        values = world.places | {"event_id": events[0]["id"] if events else world.need_id}
        return path.format_map(values)

    return address
