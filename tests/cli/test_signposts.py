"""The command that loads the signposts."""

import pytest
from flask import Flask

pytestmark = pytest.mark.database


def test_loading_the_signposts_twice_adds_them_once(app: Flask) -> None:
    run = app.test_cli_runner().invoke(args=["signposts", "load"])
    assert run.exit_code == 0, run.output
    assert "9 signposts added, 0 there already" in run.output

    again = app.test_cli_runner().invoke(args=["signposts", "load"])
    assert "0 signposts added, 9 there already" in again.output
