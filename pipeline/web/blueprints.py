"""Every blueprint of pages, in one list."""

from flask import Blueprint

from config import Settings
from pipeline.web import (
    about,
    accounts,
    checks,
    coordination,
    council_authority,
    councils,
    decisions,
    developers,
    home,
    interests,
    memberships,
    needs,
    operations,
    pledges,
    problems,
    project_list,
    projects,
    signposts,
    sitemap,
    team,
    updates,
    your_work,
)


def all_blueprints(settings: Settings) -> list[Blueprint]:
    """The blueprints for these settings: the demonstration's own pages exist only in that mode."""
    return [
        home.blueprint,
        about.blueprint,
        councils.blueprint,
        accounts.blueprint,
        memberships.blueprint,
        council_authority.blueprint,
        coordination.blueprint,
        signposts.blueprint,
        operations.blueprint,
        sitemap.blueprint,
        developers.blueprint,
        problems.blueprint,
        project_list.blueprint,
        projects.blueprint,
        decisions.blueprint,
        needs.blueprint,
        team.blueprint,
        interests.blueprint,
        updates.blueprint,
        checks.blueprint,
        pledges.blueprint,
        pledges.named.blueprint,
        pledges.account.blueprint,
        your_work.blueprint,
    ]
