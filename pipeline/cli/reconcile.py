"""`flask reconcile`: the kept totals against the sums of their rows."""

import sys

import click
from flask.cli import with_appcontext

from pipeline.artefacts import totals as documents
from pipeline.db.engine import database
from pipeline.db.snapshot import snapshot
from pipeline.db.totals import Difference
from pipeline.db.work import Reading, unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import Channel, system
from pipeline.lessons import totals as lessons
from pipeline.pledges import totals as pledges
from pipeline.portfolios import totals as portfolios
from pipeline.portfolios.index import rebuild_portfolios
from pipeline.statistics import totals as statistics
from pipeline.statistics.rebuilding import count_all_again


@click.command()
@click.option(
    "--mend",
    is_flag=True,
    help="Set every total that differs to the sum of its rows, record it, and count the statistics again.",
)
@with_appcontext
def reconcile(mend: bool) -> None:
    """Add up the rows behind every kept total, of needs, projects, councils, documents, lessons, portfolios and the
    statistics, and report what differs.

    Exits with 1 while something differs. With --mend it is put right in one transaction, which the event log keeps;
    then portfolios and statistics are made again from all projects, while the site stays open.
    """
    actor = system("reconcile", Channel.COMMAND)
    with snapshot(database.engine) as session:
        otherwise = statistics.differences(Reading(session, actor, clock.now()))
    if mend:
        with unit_of_work(actor) as work:
            differences = every_difference(work)
            pledges.mend_totals(work, [one for one in differences if not portfolios.is_made_again(one)])
        rebuild_portfolios()
        count_all_again()
    else:
        differences = every_difference(Reading(database.session(), actor, clock.now()))
    found = [*map(str, differences), *otherwise]
    for one in found:
        click.echo(one)
    if not found:
        click.echo("Every total is the sum of its rows.")
    elif mend:
        click.echo(f"{len(found):,} mended.")
    else:
        click.echo(f"{len(found):,} differ. `flask reconcile --mend` puts them right.", err=True)
        sys.exit(1)


def every_difference(reading: Reading) -> list[Difference]:
    """Every kept total of every subject that is not the sum of its rows."""
    subjects = (pledges, documents, lessons, portfolios)
    return [one for subject in subjects for one in subject.differences(reading)]
