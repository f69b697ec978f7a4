"""`flask similar`: how well similar work is found, held to what is promised; and comparing everything anew."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.cli.similar_pairs import measured, pairs, works
from pipeline.db.engine import database
from pipeline.projects.models import Project
from pipeline.projects.vocabulary import THEME_BY_VALUE
from pipeline.search.index import rebuild_index
from pipeline.similarity.models import SimilarWork
from tests.factories import Factory

ENOUGH = 0.85
"""Of the pairs that are alike, so many must be found among the first five."""


@pytest.mark.pure
def test_the_pairs_name_works_that_there_are_and_each_pair_once() -> None:
    known, labelled = works(), pairs()
    assert all(one.one in known and one.other in known and one.one != one.other for one in labelled)
    assert len({frozenset((one.one, one.other)) for one in labelled}) == len(labelled)
    assert {one.is_alike for one in labelled} == {"yes", "near", "no"}
    assert all(theme in THEME_BY_VALUE for work in known.values() for theme in work.themes)
    assert Path("pipeline/cli/similar_data/README.md").exists()


@pytest.mark.database
def test_those_that_are_alike_find_each_other_among_the_first_five(app: Flask, make: Factory) -> None:
    council = make.council()
    with app.app_context():
        with Session(database.engine) as session:
            results = {one.of: one for one in measured(session, council.id)}
            session.rollback()
        with Session(database.engine) as session:
            assert session.scalar(select(func.count()).select_from(Project)) == 0
    assert results["all"].recall >= ENOUGH, results["all"].missed
    assert results["held"].recall >= ENOUGH, results["held"].missed
    assert results["all"].precision > 0.5
    assert results["all"].unlike_shown <= 2


@pytest.mark.database
def test_everything_public_is_compared_anew_by_a_command(app: Flask, make: Factory) -> None:
    council = make.council()
    one = make.project(council, title="Damp and mould in council homes")
    other = make.project(make.council(), title="Mould and damp: which homes first")
    make.project(council, title="Mould and damp in draft", status="draft", is_public=False)
    runner = app.test_cli_runner()
    waiting = runner.invoke(args=["similar", "rebuild"])
    assert waiting.exit_code == 1
    assert "flask search rebuild" in waiting.output
    with app.app_context():
        rebuild_index()
    assert "2 projects, lessons and documents" in runner.invoke(args=["similar", "rebuild"]).output
    with make.session() as session:
        rows = session.scalars(select(SimilarWork)).all()
    assert {(row.about_id, row.like_id) for row in rows} == {(one.id, other.id), (other.id, one.id)}
