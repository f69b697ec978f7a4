"""What tests of webhooks share: a council that keeps some, and something public to tell of."""

import pytest
from flask import Flask

from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.webhooks.scene import Scene


@pytest.fixture
def scene(app: Flask, make: Factory) -> Scene:
    """The two councils, and a public project of Northborough."""
    council, elsewhere = make.council("Northborough"), make.council("Elsewhere")
    officer, colleague = make.officer(council), make.officer(council)
    admin = make.officer(council, Role.COUNCIL_ADMIN)
    stranger = make.officer(elsewhere, Role.COUNCIL_ADMIN)
    found = Scene(
        app, make, council, elsewhere, officer, make.actor(officer, council), make.actor(colleague, council),
        make.actor(admin, council, Role.COUNCIL_ADMIN), make.actor(stranger, elsewhere, Role.COUNCIL_ADMIN),
        make.project(council, officer, title="One repairs form"),
    )  # fmt: skip
    found.hear()
    return found
