"""Northborough learns something in its project; Eastmere keeps a document it may be pinned to; Wexcombe uses it."""

from typing import Any

from sqlalchemy import delete, select

from pipeline.db.log import LoggedEvent
from pipeline.documents.markdown import written
from pipeline.lessons.models import Lesson, LessonTheme
from pipeline.lessons.rules import LessonContent, Measure
from tests.artefacts.factories import Shelf
from tests.factories import Factory

TEXTS = (
    "# Social media\n\nBe kind to everybody.\n\nAnswer within a day.\n",
    "# Social media\n\nBe kind to everybody.\n\nAnswer within two working days.\n",
    "# Social media\n\nBe kind to everybody.\n\nAnswer within three working days.\n",
)


def content(title: str = "Answering takes longer than a day", **values: Any) -> LessonContent:
    """All that publishing asks for."""
    whole: dict[str, Any] = {
        "did": written("We promised an answer **within a day**.", under=2),
        "happened": written("We kept it for a week.", under=2),
        "differently": written("Promise two working days.", under=2),
        "evidence": written("1,200 messages.", under=2),
        "outcome": "partly", "themes": ("digital-and-customer-services",),
        "measures": (Measure("Answered in time", "80", "20", "%"),),
    }  # fmt: skip
    return LessonContent(title=title, **whole | values)


NAMES = ("Northborough", "Eastmere", "Wexcombe")


class Scene:
    """The three councils, their people and what they keep. A document has three versions."""

    def __init__(self, make: Factory) -> None:
        self.make, self.shelf = make, Shelf(make)
        self.north, self.east, self.wex = (make.council(one, projects_led=1) for one in NAMES)
        self.lead_row, self.writer_row, self.colleague_row = (make.officer(self.north) for _ in range(3))
        self.keeper_row, self.user_row = make.officer(self.east), make.officer(self.wex)
        self.lead, self.writer, self.colleague = (
            make.actor(one, self.north) for one in (self.lead_row, self.writer_row, self.colleague_row)
        )
        self.keeper, self.user = make.actor(self.keeper_row, self.east), make.actor(self.user_row, self.wex)
        self.project = make.project(self.north, self.lead_row, slug="answering", title="Answering people")
        make.person(self.project, self.writer_row, self.north)
        self.home = make.project(self.east, self.keeper_row, slug="policies", title="Shared policies")
        self.document = self.shelf.document(
            self.home, self.keeper_row, *TEXTS, slug="social-media", title="Social media policy"
        )

    def lesson(self, *themes: str, **values: Any) -> Lesson:
        """A published lesson of Northborough's project; with status="draft" a draft. Counters stay as they are."""
        lesson = self.make.lesson(self.project, self.lead_row, self.north, **{"title": "A lesson"} | values)
        if themes:
            rows = [LessonTheme(lesson_id=lesson.id, theme=one, position=place) for place, one in enumerate(themes)]
            with self.make.session() as session:
                session.execute(delete(LessonTheme).where(LessonTheme.lesson_id == lesson.id))
            self.make.keep(*rows)
        return lesson

    def pinned(self, number: int = 1, **values: Any) -> Lesson:
        """A published lesson pinned to a version of the document."""
        return self.lesson(artefact_id=self.document.artefact.id, version_id=self.document.version(number).id, **values)

    def row(self, table: Any, row_id: Any) -> Any:
        """A row as the database holds it now."""
        with self.make.session() as session:
            return session.get_one(table, row_id)

    def rows(self, table: Any, *where: Any) -> list[Any]:
        """Rows as the database holds them now."""
        with self.make.session() as session:
            return list(session.scalars(select(table).where(*where)))

    def events(self) -> list[tuple[str, str]]:
        """Names and audiences of all events, in order."""
        with self.make.session() as session:
            rows = session.execute(select(LoggedEvent.name, LoggedEvent.audience).order_by(LoggedEvent.sequence))
            return [(row.name, row.audience) for row in rows]
