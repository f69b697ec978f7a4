"""`flask search`: the search index, and how well it finds."""

import sys

import click
from flask.cli import AppGroup

from pipeline.cli.search_measure import FIRST, answers, questions, recall
from pipeline.db.engine import database
from pipeline.search.index import rebuild_index, wipe_index

search = AppGroup("search", help="The search index.")
LEAST = 0.9
"""The recall that is asked of the search."""


@search.command()
@click.option("--wipe", is_flag=True, help="Remove the whole index first. Pages find less until it is there again.")
def rebuild(wipe: bool) -> None:
    """Write the search index anew from what is public. The site stays open meanwhile."""
    if wipe:
        wipe_index()
    click.echo(f"{rebuild_index():,} things are in the search index.")


@search.command()
@click.option("--all", "shows_all", is_flag=True, help="Show every question, not only those that are not answered.")
def measure(shows_all: bool) -> None:
    """Ask the demonstration what officers ask in their own words, and print how often the answer is among the first
    five results. The exit code is 1 where that is less than nine in ten."""
    given = answers(database.session(), questions())
    for one in given:
        if shows_all or one.rank is None or one.rank > FIRST:
            click.echo(f"{one.rank or '–':>4}  {one.asked.question}")
    found = recall(given)
    click.echo(f"{len(given)} questions: {recall(given, 1):.2f} first, {found:.2f} among the first {FIRST}.")
    if found < LEAST:
        sys.exit(1)
