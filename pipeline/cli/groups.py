"""Every command of the operator, in one list."""

import click

from pipeline.cli import (
    check,
    councils,
    demonstration,
    docs,
    mail,
    officers,
    reconcile,
    search,
    signposts,
    similar,
    worker,
)


def all_commands() -> list[click.Command]:
    """The commands and groups of commands."""
    return [
        check.check,
        councils.councils,
        demonstration.demonstration,
        docs.docs,
        mail.mail,
        reconcile.reconcile,
        officers.officers,
        search.search,
        signposts.signposts,
        similar.similar,
        worker.worker,
    ]
