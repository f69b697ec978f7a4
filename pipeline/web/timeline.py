"""What happened, as a page tells it: the events its reader may see, each in a sentence of their language."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from markupsafe import Markup, escape

from pipeline.artefacts import adoption_messages, checklist_messages, suggestion_messages
from pipeline.artefacts import messages as artefact_messages
from pipeline.artefacts.queries.library import DocumentLine, documents_named
from pipeline.db.work import Reading
from pipeline.http.language import say
from pipeline.kernel.words import Words
from pipeline.lessons import messages as lesson_messages
from pipeline.lessons.queries.panels import titles_of
from pipeline.measures import messages as measure_messages
from pipeline.pledges import delivery_messages
from pipeline.pledges import messages as pledge_messages
from pipeline.pledges.history import Happened, Names, events_seen_in, events_seen_of, names_in
from pipeline.projects import messages as project_messages
from pipeline.successions import messages as succession_messages
from pipeline.web.rendering import uk_date

Sentences = Mapping[str, Callable[[Mapping[str, Any], Names], Words]]

SENTENCES: Sentences = {
    **project_messages.SENTENCES, **pledge_messages.SENTENCES, **delivery_messages.SENTENCES,
    **checklist_messages.SENTENCES, **adoption_messages.SENTENCES, **lesson_messages.SENTENCES,
    **suggestion_messages.SENTENCES, **artefact_messages.SENTENCES, **succession_messages.SENTENCES,
    **measure_messages.SENTENCES,
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
    sentences = {
        **pledge_messages.PLEDGE_SENTENCES, **delivery_messages.PLEDGE_SENTENCES,
        **succession_messages.PLEDGE_SENTENCES,
    }  # fmt: skip
    return _told(reading, events_seen_of(reading, pledge_id, sentences), sentences, has_links=False)


def _told(
    reading: Reading, events: Iterable[Happened], sentences: Sentences, *, has_links: bool = True
) -> list[dict[str, Any]]:
    events = list(events)
    teller = Teller.of(reading, events, sentences)
    return [
        {
            "datetime": f"{event.occurred_at:%Y-%m-%dT%H:%M:%SZ}",
            "when": uk_date(event.occurred_at),
            "sentence": _linked(teller, event, has_links),
            "is_milestone": event.name in MILESTONES,
        }
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class Teller:
    """Says events in sentences of the reader's language, and knows where what they speak of is to be read.

    All that they name is read together: names in one query, documents in one, lessons in one.
    """

    sentences: Sentences
    names: Names
    lessons: dict[str, tuple[str, str]]
    documents: dict[str, DocumentLine]

    @classmethod
    def of(cls, reading: Reading, events: Sequence[Happened], sentences: Sentences = SENTENCES) -> "Teller":
        """Read what some events speak of, as far as the reader may know of it."""
        documents = documents_named(reading, {event.payload.get("artefact_id") for event in events})
        names = {**names_in(reading, events), **{one: line.title for one, line in documents.items()}}
        lessons = titles_of(reading, {event.subject_id for event in events if event.subject_type == "lesson"})
        return cls(sentences, names, lessons, documents)

    def words(self, event: Happened) -> str:
        """What happened, in a sentence."""
        return say(self.sentences[event.name](event.payload, self.names))

    def spoken_of(self, event: Happened) -> tuple[str, str] | None:
        """What an event speaks of: its path, without the prefix of a language, and its title; a pledge has none.

        None where the sentence leads nowhere of its own.
        """
        if event.subject_type == "pledge":
            return f"/pledges/{event.subject_id}", ""
        title = self.names.get(str(event.subject_id))
        if event.subject_type == "update" and title:
            return f"/updates/{event.subject_id}", title
        if event.subject_type == "lesson" and str(event.subject_id) in self.lessons:
            address, title = self.lessons[str(event.subject_id)]
            return f"/lessons/{address}", title
        document = self.documents.get(str(event.payload.get("artefact_id")))
        if document is None:
            return None
        number = event.payload.get("number") if event.subject_type == "version" else None
        return f"/documents/{document.address}" + (f"/versions/{number}" if number else ""), document.title


def _linked(teller: Teller, event: Happened, has_links: bool) -> Markup:
    """The sentence, leading to what it speaks of: whole where it names it, else by the title after it."""
    words, about = teller.words(event), teller.spoken_of(event)
    if about is None or not (has_links or event.subject_type == "lesson"):
        return escape(words)
    address, title = f"{request.script_root}{about[0]}", about[1]
    if not title or (event.subject_type not in ("update", "lesson") and title in words):
        return Markup('<a href="{}">{}</a>').format(address, words)
    return Markup('{} <a href="{}">{}</a>').format(words, address, title)
