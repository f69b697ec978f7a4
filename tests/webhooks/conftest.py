"""What tests of webhooks share: a council that keeps some, and something public to tell of."""

import pytest
from flask import Flask

from tests.factories import Factory
from tests.webhooks.scene import Scene, make_scene


@pytest.fixture
def scene(app: Flask, make: Factory) -> Scene:
    """Two councils, and a public project of Northborough."""
    return make_scene(app, make)
