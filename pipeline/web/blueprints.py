"""Every blueprint of pages, in one list."""

from flask import Blueprint

from config import Settings
from pipeline.web import (
    about,
    accounts,
    checks,
    coordination,
    councils,
    developers,
    home,
    memberships,
    needs,
    operations,
    pledges,
    problems,
    project_list,
    projects,
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
        coordination.blueprint,
        operations.blueprint,
        sitemap.blueprint,
        developers.blueprint,
        problems.blueprint,
        project_list.blueprint,
        projects.blueprint,
        needs.blueprint,
        team.blueprint,
        updates.blueprint,
        checks.blueprint,
        pledges.blueprint,
        your_work.blueprint,
    ]
