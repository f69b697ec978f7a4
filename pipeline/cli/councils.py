"""`flask councils …`: the register."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from pipeline.accounts.actions.persons import know_again
from pipeline.councils import register
from pipeline.councils.actions import Imported, import_councils
from pipeline.councils.published_form import Unusable, read_published
from pipeline.councils.register import CouncilFacts
from pipeline.db.work import unit_of_work
from pipeline.kernel.actor import Channel, system
from pipeline.pledges.actions import count_anew_for
from pipeline.pledges.decision_dates import decide_due_dates


@click.group()
def councils() -> None:
    """The register of councils."""


@councils.command("load")
@with_appcontext
def load() -> None:
    """Load the register that ships with Pipeline. Doing it again changes nothing."""
    imported = _import(list(register.rows()))
    click.echo(_said(imported))


@councils.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_file(file: Path) -> None:
    """Import FILE, the register as mySociety publishes it (uk_local_authorities_current.csv and its sisters).

    Adds councils, changes what differs, and says line by line what it could not use. Nothing is removed; e-mail
    domains stay as they are. Importing the same file again changes nothing.
    """
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            read = list(read_published(lines))
    except ValueError as problem:
        sys.exit(f"{file.name}: {problem}")
    unusable = [one for one in read if isinstance(one, Unusable)]
    imported = _import([one for one in read if isinstance(one, CouncilFacts)])
    for one in unusable:
        click.echo(f"line {one.line}: {one.problem}")
    click.echo(_said(imported) + (f", {len(unusable)} lines not used" if unusable else ""))


def _import(facts: list[CouncilFacts]) -> Imported:
    # A decision that is due is taken on what the register said at the end of its date.
    decide_due_dates()
    with unit_of_work(system("flask councils", Channel.COMMAND)) as work:
        imported = import_councils(work, facts=facts)
        know_again(work, domains=imported.domains)
        count_anew_for(work, council_ids=imported.described_anew)
        return imported


def _said(imported: Imported) -> str:
    return f"{imported.added} councils added, {imported.changed} changed, {imported.unchanged} unchanged"
