"""What happened, as a page tells it: the events its reader may see, each in a sentence of their language."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import request
from markupsafe import Markup, escape

from pipeline.artefacts import adoption_messages, checklist_messages, suggestion_messages
from pipeline.artefacts import messages as artefact_messages
from pipeline.artefacts.queries.library import DocumentLine, documents_named
from pipeline.db.work import Reading
from pipeline.http.language import say
from pipeline.lessons import messages as lesson_messages
from pipeline.lessons.queries.panels import titles_of
from pipeline.pledges import delivery_messages
from pipeline.pledges import messages as pledge_messages
from pipeline.pledges.history import Happened, Names, events_seen_in, events_seen_of, names_in
from pipeline.projects import messages as project_messages
from pipeline.web.rendering import uk_date

SENTENCES = {
    **project_messages.SENTENCES, **pledge_messages.SENTENCES, **delivery_messages.SENTENCES,
    **checklist_messages.SENTENCES, **adoption_messages.SENTENCES, **lesson_messages.SENTENCES,
    **suggestion_messages.SENTENCES, **artefact_messages.SENTENCES,
}  # fmt: skip
"""Every event a project's timeline can tell."""

SMALL = artefact_messages.SMALL | checklist_messages.SMALL | suggestion_messages.SMALL | lesson_messages.SMALL | {
    "project.draft_changed", "update.draft_changed", "update.drafted", "update.draft_deleted",
}  # fmt: skip
"""Events too small for a timeline."""

MILESTONES = frozenset(
    {"project.published", "project.going_ahead", "project.lapsed", "project.stopped", "project.finished"}
)

TOLD = frozenset(SENTENCES) - SMALL


def timeline_of(reading: Reading, project_id: UUID, limit: int = 20) -> list[dict[str, Any]]:
    """What happened in a project, newest first, for `components/timeline.html`: one query, and one for names; one more
    where a lesson is spoken of."""
    return _told(reading, events_seen_in(reading, project_id, TOLD, limit), SENTENCES)


def history_of_pledge(reading: Reading, pledge_id: UUID) -> list[dict[str, Any]]:
    """What happened to a pledge, newest first."""
    sentences = {**pledge_messages.PLEDGE_SENTENCES, **delivery_messages.PLEDGE_SENTENCES}
    return _told(reading, events_seen_of(reading, pledge_id, sentences), sentences, has_links=False)


def _told(
    reading: Reading, events: Iterable[Happened], sentences: Any, *, has_links: bool = True
) -> list[dict[str, Any]]:
    events = list(events)
    documents = documents_named(reading, {event.payload.get("artefact_id") for event in events})
    names = {**names_in(reading, events), **{one: line.title for one, line in documents.items()}}
    lessons = titles_of(reading, {event.subject_id for event in events if event.subject_type == "lesson"})
    return [
        {
            "datetime": f"{event.occurred_at:%Y-%m-%dT%H:%M:%SZ}",
            "when": uk_date(event.occurred_at),
            "sentence": _sentence(
                event, names, lessons, documents, say(sentences[event.name](event.payload, names)), has_links
            ),
            "is_milestone": event.name in MILESTONES,
        }
        for event in events
    ]


def _sentence(
    event: Happened,
    names: Names,
    lessons: dict[str, tuple[str, str]],
    documents: dict[str, DocumentLine],
    words: str,
    has_links: bool,
) -> Markup:
    """The sentence, leading to what it speaks of: a pledge's page, or a published update or lesson by its title."""
    root = request.script_root
    if has_links and event.subject_type == "pledge":
        return Markup('<a href="{}/pledges/{}">{}</a>').format(root, event.subject_id, words)
    title = names.get(str(event.subject_id))
    if has_links and event.subject_type == "update" and title:
        return Markup('{} <a href="{}/updates/{}">{}</a>').format(words, root, event.subject_id, title)
    if event.subject_type == "lesson" and str(event.subject_id) in lessons:
        address, title = lessons[str(event.subject_id)]
        return Markup('{} <a href="{}/lessons/{}">{}</a>').format(words, root, address, title)
    document = documents.get(str(event.payload.get("artefact_id")))
    if document is not None and has_links:
        number = event.payload.get("number") if event.subject_type == "version" else None
        where = f"{root}/documents/{document.address}" + (f"/versions/{number}" if number else "")
        if document.title in words:
            return Markup('<a href="{}">{}</a>').format(where, words)
        return Markup('{} <a href="{}">{}</a>').format(words, where, document.title)
    return escape(words)
