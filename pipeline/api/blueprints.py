"""Every resource of the API, in one list."""

from pipeline.api import (
    account,
    adoptions,
    artefact_acts,
    artefacts,
    checklists,
    comparisons,
    councils,
    deliveries,
    events,
    interests,
    lesson_acts,
    lessons,
    needs,
    own,
    pledge_acts,
    pledges,
    project_acts,
    projects,
    root,
    suggestions,
    updates,
    vocabularies,
)
from pipeline.api.base import Blueprint

ACTS = (artefact_acts, pledge_acts, deliveries, project_acts, lesson_acts)
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
        artefacts.blueprint,
        adoptions.blueprint,
        comparisons.blueprint,
        suggestions.blueprint,
        checklists.blueprint,
        lessons.blueprint,
        events.blueprint,
        vocabularies.blueprint,
        account.blueprint,
        own.blueprint,
    ]
