"""`flask similar`: work that is alike."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.cli.similar_pairs import measured
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.similarity.keeping import are_waiting, compare_all, compare_due

similar = AppGroup("similar", help="Work that is alike.")


@similar.command()
def rebuild() -> None:
    """Compare everything public anew. The site stays open meanwhile."""
    number = compare_all()
    while compare_due():
        pass
    if are_waiting():
        sys.exit("The search index has to be written first: flask search rebuild. The worker then does the rest.")
    click.echo(f"{number:,} projects, lessons and documents were compared.")


@similar.command()
def measure() -> None:
    """Say how well similar work is found, by labelled pairs. Never in production: it empties the search index for as
    long as it takes, and then undoes that."""
    if current_app.config["SETTINGS"].pipeline_mode == "production":
        sys.exit("Measure in a demonstration: set PIPELINE_MODE=demonstration, with a database of its own.")
    with Session(database.engine) as session:
        council_id = session.scalar(select(Council.id).limit(1))
        if council_id is None:
            sys.exit("There is no council yet. Load the register first: flask councils import")
        results = measured(session, council_id)
        session.rollback()
    click.echo(f"{'set':<8}{'recall at 5':>14}{'precision':>12}{'unlike shown':>14}")
    for one in results:
        recall = f"{one.recall:.3f} of {one.pairs}"
        click.echo(f"{one.of:<8}{recall:>14}{one.precision:>12.3f}{one.unlike_shown:>14}")
