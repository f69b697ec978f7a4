"""The application as it is built, for tests that look at its routes and tables and ask it nothing."""

import pytest
from flask import Flask

from config import Settings
from pipeline.app import create_app


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with a database that is never asked for."""
    url = f"sqlite:///{tmp_path_factory.mktemp('built')}/never.db"
    return create_app(Settings.from_environment({"PIPELINE_MODE": "test", "DATABASE_URL": url}))
