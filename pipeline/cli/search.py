"""`flask search`: the search index."""

import click
from flask.cli import AppGroup

from pipeline.search.index import rebuild_index

search = AppGroup("search", help="The search index.")


@search.command()
def rebuild() -> None:
    """Write the search index anew from what is public. The site stays open meanwhile."""
    click.echo(f"{rebuild_index():,} things are in the search index.")
