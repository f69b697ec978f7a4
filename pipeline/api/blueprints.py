"""Every resource of the API, in one list."""

from pipeline.api import councils, events, needs, pledges, projects, root, updates, vocabularies
from pipeline.api.base import Blueprint


def all_blueprints() -> list[Blueprint]:
    """The blueprints under /api/v1."""
    return [
        root.blueprint,
        councils.blueprint,
        projects.blueprint,
        needs.blueprint,
        pledges.blueprint,
        updates.blueprint,
        events.blueprint,
        vocabularies.blueprint,
    ]
