"""Making the exports as the worker does, without its rests."""

from flask import Flask

from pipeline import RELEASE
from pipeline.exports.kinds import EXPORT_KINDS
from pipeline.exports.making import tend_exports


def make_exports(app: Flask, release: str = RELEASE) -> int:
    """Make the exports if they are due; returns how much there was to do."""
    with app.app_context():
        return tend_exports(app.extensions[EXPORT_KINDS], release, lambda _seconds: False)
