"""What is shown of things that were found: read from the things themselves, a statement for each kind among them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, null, select
from sqlalchemy.orm import Session

from pipeline.artefacts.models import Artefact, Version
from pipeline.councils.models import Council
from pipeline.db.hot_lists import ids_for, listed
from pipeline.db.statements import Statement, text_of, utc_text
from pipeline.lessons.models import Lesson
from pipeline.projects.models import Need, Project, Update
from pipeline.search.asking import Question
from pipeline.search.entries import entries_of
from pipeline.search.highlights import Span, excerpt, in_one_line, spans
from pipeline.search.live import Candidate
from pipeline.search.models import EntryKind


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found, as it is shown. `path` is its address on this site, `of` the title of the project or
    document it belongs to, and `number` that of a version; `status` is the project's or version's own word, `language`
    what its title and excerpt are written in."""

    kind: str
    id: str
    path: str
    title: str
    title_spans: list[Span]
    excerpt: str
    excerpt_spans: list[Span]
    council: str
    council_slug: str
    of: str
    number: int | None
    status: str
    published_at: str
    closes_on: str | None
    language: str


def results(session: Session, found: Sequence[Candidate], question: Question, language: str = "en") -> list[Result]:
    """What is shown of a page of what was found, in its order; councils by their names in a language, where they have
    one in it."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for one in found:
        by_kind[one.kind].append(str(one.subject_id))
    rows: dict[tuple[str, str], Any] = {}
    for kind, ids in by_kind.items():
        for row in _SHOWN[EntryKind(kind)].rows(session, ids=ids_for(session, ids)):
            rows[kind, str(row[0])] = row
    return [
        _result(one, row, question, language)
        for one in found
        if (row := rows.get((one.kind, str(one.subject_id)))) is not None
    ]


def shown_now(session: Session, kind: EntryKind, subject_id: UUID) -> Result | None:
    """What is shown of one thing, whatever the index holds of it; None where everybody may not see it now."""
    if not entries_of(session, kind, [subject_id]):
        return None
    found = results(session, [Candidate(0, kind, subject_id, "", None, None)], Question())
    return found[0] if found else None


def _result(one: Candidate, row: Any, question: Question, language: str) -> Result:
    _, title, slug, number, summary, body, council, council_slug, of, status, council_cy, written_in = row
    if language == "cy" and council_cy:
        council = council_cy
    if one.kind == EntryKind.COUNCIL:
        title, written_in = council, "cy" if council == council_cy else "en"
    title_spans = spans(title, question)
    text = in_one_line(summary or "")
    found = spans(text, question)
    if (not found and not title_spans) or not text:
        longer = excerpt(body or "", question)
        if not text or spans(longer, question):
            text = longer
    text = excerpt(text, question)
    return Result(
        one.kind, str(one.subject_id), _path(one.kind, str(one.subject_id), slug, number), title, title_spans, text,
        spans(text, question), council, council_slug, of or "", number if one.kind == EntryKind.VERSION else None,
        status or "", utc_text(one.published_at) or "", text_of(one.closes_on), written_in,
    )  # fmt: skip


def _path(kind: str, subject_id: str, slug: str, number: int | None) -> str:
    if kind == EntryKind.VERSION:
        return f"/documents/{slug}/versions/{number}"
    if kind == EntryKind.UPDATE:
        return f"/updates/{subject_id}"
    if kind == EntryKind.NEED:
        return f"/projects/{slug}#need-{subject_id}"
    folder = {EntryKind.LESSON: "lessons", EntryKind.DOCUMENT: "documents", EntryKind.COUNCIL: "councils"}
    return f"/{folder.get(EntryKind(kind), 'projects')}/{slug}"


def _select(thing: Any, slug: Any, number: Any, summary: Any, body: Any, of: Any, status: Any, language: Any) -> Any:
    council = (Council.name, Council.slug.label("council_slug"))
    about = (of, status, Council.name_cy, language)
    columns = (thing.id, thing.title.label("title"), slug, number, summary, body, *council, *about)
    return select(*columns).where(listed(thing.id, "ids"))


def _of_project(thing: Any, summary: Any, body: Any, language: Any) -> Any:
    query = _select(thing, Project.slug, null(), summary, body, Project.title.label("of"), Project.status, language)
    return query.join(Project, Project.id == thing.project_id)


def _led(query: Any, council_id: Any) -> Statement:
    joined: Select[Any] = query.join(Council, Council.id == council_id)
    return Statement(joined)


_PROJECT = _select(
    Project, Project.slug, null(), Project.summary, Project.problem, null(), Project.status, Project.language
)
_LESSON = _select(
    Lesson, Lesson.slug, null(), null(), Lesson.did + "\n" + Lesson.happened + "\n" + Lesson.differently,
    Project.title.label("of"), null(), Lesson.language,
).join(Project, Project.id == Lesson.project_id)  # fmt: skip
_DOCUMENT = (
    _select(
        Artefact, Artefact.slug, Version.number, Artefact.summary, Version.text, Project.title.label("of"),
        Artefact.status, Artefact.language,
    )
    .join(Project, Project.id == Artefact.project_id)
    .outerjoin(Version, (Version.artefact_id == Artefact.id) & (Version.number == Artefact.current_number))
)  # fmt: skip
_VERSION = _select(
    Version, Artefact.slug, Version.number, Version.change_note, Version.text, Artefact.title.label("of"),
    Version.status, Artefact.language,
).join(Artefact, Artefact.id == Version.artefact_id)  # fmt: skip
_COUNCIL = Statement(
    select(
        Council.id, Council.name.label("title"), Council.slug, null(), null(), null(), Council.name,
        Council.slug.label("council_slug"), null(), null(), Council.name_cy, null(),
    ).where(listed(Council.id, "ids"))
)  # fmt: skip
_SHOWN: dict[EntryKind, Statement] = {
    EntryKind.PROJECT: _led(_PROJECT, Project.council_id),
    EntryKind.NEED: _led(_of_project(Need, Need.description, null(), Project.language), Project.council_id),
    EntryKind.UPDATE: _led(_of_project(Update, null(), Update.body, Update.language), Project.council_id),
    EntryKind.LESSON: _led(_LESSON, Lesson.council_id),
    EntryKind.DOCUMENT: _led(_DOCUMENT, Artefact.council_id),
    EntryKind.VERSION: _led(_VERSION, Artefact.council_id),
    EntryKind.COUNCIL: _COUNCIL,
}
