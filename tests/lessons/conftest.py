"""What tests of lessons share."""

import pytest

from tests.factories import Factory
from tests.lessons.scene import Scene


@pytest.fixture
def scene(make: Factory) -> Scene:
    """Three councils, a project and a document."""
    return Scene(make)
