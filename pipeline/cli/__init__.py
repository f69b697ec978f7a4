"""The operator's commands: `flask …`, each with --help."""

from flask import Flask


def prepare_commands(app: Flask) -> None:
    """Register every group of commands."""
    from pipeline.cli.groups import all_commands

    for command in all_commands():
        app.cli.add_command(command)
