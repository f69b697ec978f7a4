"""`flask search`."""

import pytest
from flask import Flask

from tests.factories import Factory

pytestmark = pytest.mark.database


def test_rebuild_says_how_much_can_be_found(app: Flask, make: Factory) -> None:
    make.project(make.council())
    make.project(make.council(), status="draft")
    result = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.exit_code == 0
    assert result.output == "3 things are in the search index.\n"
