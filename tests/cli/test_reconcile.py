"""`flask reconcile` finds totals that are not the sums of their rows, and mends them when asked to."""

import pytest
from flask import Flask

from pipeline.councils.models import Council
from pipeline.db.listeners import ListenerPlace
from pipeline.portfolios.listener import NAME
from pipeline.projects.models import Need, Project
from tests.factories import Factory

pytestmark = pytest.mark.database


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["reconcile", *arguments])
    return result.exit_code, result.output


def test_it_finds_nothing_where_nothing_differs(app: Flask, make: Factory) -> None:
    make.council()
    assert run(app) == (0, "Every total is the sum of its rows.\n")


def test_it_names_what_differs_and_mends_it_only_when_asked_to(app: Flask, make: Factory) -> None:
    council, giver = make.council(), make.council()
    project = make.project(council)
    need = make.need(project)
    make.pledge(need, giver, make.officer(giver), status="accepted", amount=7)
    for _time in range(2):
        status, said = run(app)
        assert status == 1
        assert f"need {need.id}: held is 0, its rows make 7" in said
        assert f"council {giver.id}: projects_joined is 0, its rows make 1" in said
        assert "10 differ" in said
    status, said = run(app, "--mend")
    assert (status, said.splitlines()[-1]) == (0, "10 mended.")
    assert run(app) == (0, "Every total is the sum of its rows.\n")
    with make.session() as session:
        assert session.get_one(Need, need.id).agreed == 7
        assert session.get_one(Project, project.id).agreed_half_days == 7
        assert session.get_one(Council, council.id).projects_led == 1


def test_portfolios_are_made_again_from_the_projects(app: Flask, make: Factory) -> None:
    project = make.project(make.council(projects_led=1))
    make.keep(ListenerPlace(name=NAME, sequence=0))
    status, said = run(app)
    assert status == 1
    assert f"project {project.id} is 0, its rows make 1" in said
    assert run(app, "--mend")[0] == 0
    assert run(app) == (0, "Every total is the sum of its rows.\n")
