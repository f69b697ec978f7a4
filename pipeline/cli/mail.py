"""`flask mail …`: what became of mail, for whoever runs the machine."""

from typing import BinaryIO

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.db.engine import database
from pipeline.db.refusals import note_refusal, refusal_of
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.notifications.bounces import bounces_in


@click.group()
def mail() -> None:
    """Mail that came back."""


@mail.command()
@click.argument("file", type=click.File("rb"), default="-")
@with_appcontext
def bounced(file: BinaryIO) -> None:
    """Note the addresses in a message that came back: FILE, or what is piped in.

    Have the mail server hand what arrives at the address of MAIL_FROM to this command. Messages that are no notice of a
    failed delivery change nothing.
    """
    found = bounces_in(file.read())
    for bounce in found:
        with housekeeping("mail") as session:
            note_refusal(session, bounce.address, bounce.words, clock.now())
    click.echo(f"{len(found)} addresses noted." if found else "This is no notice that an address cannot be reached.")


@mail.command()
@with_appcontext
def refused() -> None:
    """List the officers whose address refuses mail, and what was said."""
    session = database.session()
    query = select(Officer.address).where(Officer.erased_at.is_(None)).order_by(Officer.address)
    found = [(address, refusal) for address in session.scalars(query) if (refusal := refusal_of(session, address))]
    for address, refusal in found:
        click.echo(f"{address}  {refusal.refused_at:%Y-%m-%d}  {refusal.times} times  {refusal.words}")
    if not found:
        click.echo("No address refuses mail.")
