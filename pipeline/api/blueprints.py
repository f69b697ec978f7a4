"""Every resource of the API, in one list."""

from pipeline.api import (
    account,
    adoptions,
    artefact_acts,
    artefacts,
    checklists,
    checks,
    comments,
    comparisons,
    councils,
    deliveries,
    document_acts,
    events,
    exports,
    following,
    handovers,
    imports,
    interests,
    leaks,
    lesson_acts,
    lessons,
    moderation,
    need_writing,
    needs,
    notices,
    own,
    pledge_acts,
    pledges,
    project_acts,
    project_writing,
    projects,
    root,
    suggestions,
    teams,
    update_acts,
    updates,
    vocabularies,
    webhook_acts,
    webhooks,
)
from pipeline.api.base import Blueprint

ACTS = (
    artefact_acts, document_acts, pledge_acts, deliveries, project_acts, project_writing, need_writing, update_acts,
    lesson_acts, teams, following, leaks, webhook_acts, notices,
)  # fmt: skip
"""Modules that add acts to the blueprint of their subject."""


def all_blueprints() -> list[Blueprint]:
    """The blueprints under /api/v1."""
    return [
        root.blueprint,
        councils.blueprint,
        projects.blueprint,
        needs.blueprint,
        pledges.blueprint,
        imports.blueprint,
        interests.blueprint,
        handovers.blueprint,
        updates.blueprint,
        artefacts.blueprint,
        adoptions.blueprint,
        comparisons.blueprint,
        suggestions.blueprint,
        comments.blueprint,
        moderation.blueprint,
        checklists.blueprint,
        lessons.blueprint,
        checks.blueprint,
        events.blueprint,
        exports.blueprint,
        vocabularies.blueprint,
        account.blueprint,
        own.blueprint,
        webhooks.blueprint,
    ]
