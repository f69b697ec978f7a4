"""How well the search finds what officers ask for, in their own words: `flask search measure`."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.artefacts.models import Artefact
from pipeline.kernel import clock
from pipeline.lessons.models import Lesson
from pipeline.projects.models import Project
from pipeline.search.find import Sort, search

QUESTIONS = Path(__file__).parent / "demonstration_data" / "questions.csv"
FIRST = 5
"""Among so many results the right one is to be."""
_TABLES: dict[str, Any] = {"project": Project, "lesson": Lesson, "document": Artefact}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in an officer's words, of which kind the answer is, and the slugs of what answers it."""

    question: str
    kind: str
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question: the rank of what answers it, from 1; None where it is not in the first 100."""

    asked: Asked
    rank: int | None


def questions(path: Path = QUESTIONS) -> list[Asked]:
    """The questions of a file with the columns question, kind and right (slugs with | between them)."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Asked(row["question"], row["kind"], tuple(row["right"].split("|"))) for row in csv.DictReader(file)]


def answers(session: Session, asked: Iterable[Asked]) -> list[Answer]:
    """Ask each question, of everything there is, as somebody does who types it on the search page."""
    return [_answer(session, one) for one in asked]


def recall(given: Iterable[Answer], first: int = FIRST) -> float:
    """The part of the questions whose answer is among the first so many results."""
    ranks = [one.rank for one in given]
    return sum(rank is not None and rank <= first for rank in ranks) / len(ranks)


def _answer(session: Session, asked: Asked) -> Answer:
    table = _TABLES[asked.kind]
    right = {UUID(str(one)) for one in session.scalars(select(table.id).where(table.slug.in_(asked.right)))}
    results = search(session, asked.question, {}, Sort.RELEVANCE, clock.uk_date(clock.now()))
    found = [UUID(str(one.subject_id)) for one in results.found[:100]]
    rank = next((n for n, one in enumerate(found, 1) if one in right), None)
    return Answer(asked, rank)
