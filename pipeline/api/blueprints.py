"""Every resource of the API, in one list."""

from pipeline.api import (
    account,
    councils,
    deliveries,
    events,
    interests,
    needs,
    own,
    pledge_acts,
    pledges,
    project_acts,
    projects,
    root,
    updates,
    vocabularies,
)
from pipeline.api.base import Blueprint

ACTS = (pledge_acts, deliveries, project_acts)
"""Modules that add acts to the blueprint of their subject."""


def all_blueprints() -> list[Blueprint]:
    """The blueprints under /api/v1."""
    return [
        root.blueprint,
        councils.blueprint,
        projects.blueprint,
        needs.blueprint,
        pledges.blueprint,
        interests.blueprint,
        updates.blueprint,
        events.blueprint,
        vocabularies.blueprint,
        account.blueprint,
        own.blueprint,
    ]
