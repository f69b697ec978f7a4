"""Real projects councils have done together, as facts recorded from public sources.

`recorded_projects.csv` is kept by hand. The facts and their sources are others'; the titles and summaries are our own
words. A project led by several councils is kept under one of them, with the others as partners and a note that says so.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.kernel.money import pounds

PATH = Path(__file__).with_name("recorded_projects.csv")

COLUMNS = (
    "id",
    "title",
    "lead",
    "partners",
    "phase",
    "year",
    "start_month",
    "funding_pence",
    "funder",
    "theme",
    "summary",
    "sources",
    "note",
)


@dataclass(frozen=True, slots=True)
class RecordedProject:
    """One past project. What the sources do not say is `None`.

    `lead` and `partners` are authority codes of the register, of abolished councils too. `start_month` is "2019-09";
    `year` is the year the work was announced or began. `note` says what the sources leave out or disagree on.
    """

    id: str
    title: str
    lead: str
    partners: tuple[str, ...]
    phase: str | None
    year: int | None
    start_month: str | None
    funding_pence: int | None
    funder: str | None
    theme: str
    summary: str
    sources: tuple[str, ...]
    note: str | None


def recorded_projects(path: Path = PATH) -> Iterator[RecordedProject]:
    """Every recorded project, in the order of the file.

    Raises ValueError, naming the line, where the file is not in our form.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path.name}, line 1: the columns are not those of recorded projects")
        for row in reader:
            try:
                yield _project(row)
            except (ValueError, TypeError, AttributeError) as problem:
                raise ValueError(f"{path.name}, line {reader.line_num}: {problem}") from problem


def _project(row: dict[str, str]) -> RecordedProject:
    """One row of the file as a project."""
    return RecordedProject(
        id=row["id"],
        title=row["title"],
        lead=row["lead"],
        partners=tuple(code for code in row["partners"].split(";") if code),
        phase=row["phase"] or None,
        year=int(row["year"]) if row["year"] else None,
        start_month=row["start_month"] or None,
        funding_pence=int(row["funding_pence"]) if row["funding_pence"] else None,
        funder=row["funder"] or None,
        theme=row["theme"],
        summary=row["summary"],
        sources=tuple(row["sources"].split()),
        note=row["note"] or None,
    )


def known_of(one: RecordedProject) -> Iterator[str]:
    """What is known of a past project besides its summary, in sentences."""
    if one.start_month is not None:
        yield f"It was announced or began in {date.fromisoformat(f'{one.start_month}-01'):%B %Y}."
    elif one.year is not None:
        yield f"It was announced or began in {one.year}."
    if one.funder is not None and one.funding_pence is not None:
        yield f"{one.funder} paid {pounds(one.funding_pence)} towards it."
    elif one.funder is not None:
        yield f"It was paid for in part by {one.funder}."
    elif one.funding_pence is not None:
        yield f"It had {pounds(one.funding_pence)} of funding."
    if one.note is not None:
        yield one.note
