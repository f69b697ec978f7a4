"""How well similar work is found: pairs of works that somebody labelled, and whether each finds its other.

`similar_data/works.csv` are made-up works, `similar_data/pairs.csv` the labels; the recorded and the demonstration's
projects are works too. Each work is put into the index as a project, in a transaction that is never committed, and
looked up as the worker looks up a project. `similar_data/README.md` says what the labels mean.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pipeline.cli.demonstration_data.made_up import PROJECTS
from pipeline.cli.demonstration_data.recorded import known_of, recorded_projects
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.projects.models import Project, ProjectTheme
from pipeline.projects.rules import ProjectStatus
from pipeline.search.index import write
from pipeline.search.models import EntryKind, SearchEntry, SearchGram, SearchWord
from pipeline.similarity.finding import like
from pipeline.similarity.rules import MOST_SHOWN, Kind
from pipeline.similarity.texts import comparables

FOLDER = Path(__file__).with_name("similar_data")


@dataclass(frozen=True, slots=True)
class Work:
    """A work that is compared."""

    title: str
    summary: str
    problem: str
    themes: tuple[str, ...]
    phase: str | None = None
    is_recorded: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two works by their keys, whether they are alike (yes, near, no), and which set they are of."""

    one: str
    other: str
    is_alike: str
    of: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What came of one set: of `pairs` looked for from both sides, how many found; of `shown`, how many fit; how many
    pairs that are not alike were shown all the same."""

    of: str
    pairs: int
    found: int
    shown: int
    fitting: int
    unlike_shown: int
    missed: tuple[tuple[str, str], ...]

    @property
    def recall(self) -> float:
        return self.found / self.pairs if self.pairs else 1.0

    @property
    def precision(self) -> float:
        return self.fitting / self.shown if self.shown else 1.0


def works() -> dict[str, Work]:
    """Every work, by its key."""
    found = {
        row["key"]: Work(row["title"], row["summary"], row["problem"], tuple(row["themes"].split(";")))
        for row in _rows("works.csv")
    }
    for past in recorded_projects():
        found[past.id] = Work(
            past.title, past.summary, " ".join(known_of(past)), (past.theme,), past.phase, is_recorded=True
        )
    for made in PROJECTS:
        if not made.is_trial:
            found[made.key] = Work(made.title, made.summary, made.problem, made.themes, made.phase)
    return found


def pairs() -> list[Pair]:
    """Every labelled pair."""
    return [Pair(row["one"], row["other"], row["is_alike"], row["set"]) for row in _rows("pairs.csv")]


def _rows(name: str) -> Iterable[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def measured(session: Session, council_id: UUID) -> list[Measure]:
    """How well similar work is found, by set and in all. Writes into the index what the caller must roll back."""
    for table in (SearchGram, SearchWord, SearchEntry):
        session.execute(delete(table), execution_options={"synchronize_session": False})
    known, labelled = works(), pairs()
    ids = {key: _put(session, work, council_id) for key, work in known.items()}
    session.flush()
    write(session, EntryKind.PROJECT, list(ids.values()))
    keys = {thing_id: key for key, thing_id in ids.items()}
    texts = comparables(session, Kind.PROJECT, list(ids.values()))
    shown = {
        key: [keys[one.other.id] for one in like(session, texts[thing_id], frozenset({Kind.PROJECT}), MOST_SHOWN)]
        for key, thing_id in ids.items()
    }
    sets = list(dict.fromkeys(one.of for one in labelled))
    return [_measure(name, [one for one in labelled if one.of == name], labelled, shown) for name in sets] + [
        _measure("all", labelled, labelled, shown)
    ]


def _put(session: Session, work: Work, council_id: UUID) -> UUID:
    now, project_id = clock.now(), new_id()
    session.add(
        Project(
            id=project_id, slug=f"measured-{project_id}", council_id=council_id, title=work.title,
            summary=work.summary, problem=work.problem, phase=work.phase, status=ProjectStatus.OPEN.value,
            is_public=True, is_recorded=work.is_recorded, created_at=now, published_at=now, updated_at=now,
        )
    )  # fmt: skip
    session.flush()
    session.add_all(
        ProjectTheme(project_id=project_id, theme=theme, position=place) for place, theme in enumerate(work.themes)
    )
    return project_id


def _measure(name: str, own: list[Pair], labelled: list[Pair], shown: Mapping[str, list[str]]) -> Measure:
    fits: dict[str, set[str]] = defaultdict(set)
    for pair in labelled:
        if pair.is_alike != "no":
            fits[pair.one].add(pair.other)
            fits[pair.other].add(pair.one)
    sides = [
        side for one in own if one.is_alike == "yes" for side in ((one.one, one.other), (one.other, one.one))
    ]  # fmt: skip
    missed = tuple((one, other) for one, other in sides if other not in shown[one])
    looked_at = dict.fromkeys(key for one in own for key in (one.one, one.other))
    lines = [(key, other) for key in looked_at for other in shown[key]]
    return Measure(
        of=name, pairs=len(sides), found=len(sides) - len(missed), shown=len(lines),
        fitting=sum(other in fits[key] for key, other in lines),
        unlike_shown=sum(
            one.is_alike == "no" and (one.other in shown[one.one] or one.one in shown[one.other]) for one in own
        ),
        missed=missed,
    )  # fmt: skip
