"""`flask signposts …`: the sums councils are told of when their pledges come near."""

import click
from flask.cli import with_appcontext

from pipeline.db.work import unit_of_work
from pipeline.kernel.actor import Channel, system
from pipeline.signposts import register
from pipeline.signposts.actions import load_signposts


@click.group()
def signposts() -> None:
    """The signposts of the nations: sums, with their sources."""


@signposts.command("load")
@with_appcontext
def load() -> None:
    """Load the signposts that ship with Pipeline. Doing it again changes nothing, nor what people made of them."""
    shipped = list(register.rows())
    with unit_of_work(system("flask signposts", Channel.COMMAND)) as work:
        added = load_signposts(work, shipped=shipped)
    click.echo(f"{added} signposts added, {len(shipped) - added} there already")
