"""What went wrong, as it may be shown: one line, without what a statement held and without anybody's address. Pure."""

from pipeline.kernel.text import ADDRESS, clean_line

MOST_SHOWN = 200
STATEMENT = "[SQL:"
"""What databases say of a statement begins here, with the values that were in it."""


def shown_problem(problem: str | None) -> str:
    """A problem that was noted, fit for a page."""
    text = clean_line((problem or "").split(STATEMENT)[0])
    return ADDRESS.sub("…", text)[:MOST_SHOWN]
