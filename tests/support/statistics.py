"""Lets the statistics be counted, as the worker does."""

from pipeline.db.listeners import hear
from pipeline.statistics.listener import LISTENER
from tests.factories import Factory


def listen(make: Factory) -> None:
    """Let the listener hear all there is."""
    with make.app.app_context():
        while hear(LISTENER):
            pass
