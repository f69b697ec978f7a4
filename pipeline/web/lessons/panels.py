"""Lessons on other pages: a project's, a council's, a document's."""

from typing import Any
from uuid import UUID

from flask import request

from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.policy import ArtefactFacts
from pipeline.artefacts.rules import VersionStatus
from pipeline.db.work import Reading
from pipeline.http.language import current_language, say
from pipeline.kernel.actor import Role
from pipeline.kernel.words import Words, _
from pipeline.lessons.policy import PlaceFacts, may_write_lesson
from pipeline.lessons.queries import library, panels
from pipeline.lessons.queries.library import LessonFilters
from pipeline.lessons.queries.panels import MOST_ON_PAGE, LessonLine, PinnedLesson
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.rules import ProjectStatus
from pipeline.web.lessons.library import used_by_words
from pipeline.web.lessons.said import outcome_tag


def lessons_of_project(reading: Reading, project_id: UUID, address: str, facts: ProjectFacts) -> dict[str, Any]:
    """The values of `lessons/_of_project.html`: the latest lessons of a published project, in one statement.

    `address` is what follows /projects/ in the project's address. A draft has none yet.
    """
    if facts.status is ProjectStatus.DRAFT:
        return {"lessons": [], "may_write_lesson": False}
    found = panels.lessons_of_project(reading, project_id)
    return {
        "lessons": [line_shown(one) for one in found[:MOST_ON_PAGE]],
        "has_more_lessons": len(found) > MOST_ON_PAGE,
        "may_write_lesson": bool(may_write_lesson(reading.actor, PlaceFacts(facts))),
        "lessons_url": f"{request.script_root}/lessons?project={address}",
    }


def lessons_of_council(reading: Reading, council_id: UUID) -> dict[str, Any]:
    """The latest lessons of a council, for its page, and whether there are more."""
    found = panels.lessons_of_council(reading, council_id)
    return {"lessons": [line_shown(one) for one in found[:MOST_ON_PAGE]], "has_more_lessons": len(found) > MOST_ON_PAGE}


def lessons_in_short(reading: Reading, filters: LessonFilters, most: int) -> list[dict[str, Any]]:
    """The latest lessons that a filter finds, for `lessons/_lines.html`."""
    return [line_shown(one) for one in library.lessons_in_short(reading, filters, most)]


def line_shown(one: LessonLine) -> dict[str, Any]:
    """A lesson in one line, as `lessons/_lines.html` shows it."""
    return {
        "url": f"{request.script_root}/lessons/{one.address}", "title": one.title, "published_at": one.published_at,
        "lang": one.language if one.language != current_language() else "", "outcome": outcome_tag(one.outcome),
        "is_draft": one.published_at is None, "used_by": used_by_words(one.used_by),
    }  # fmt: skip


def panel_of(
    reading: Reading, artefact: Artefact, _facts: ArtefactFacts, version: Version | None = None
) -> dict[str, Any]:
    """The values of `documents/_lessons.html`: the lessons pinned to a document, as somebody sees them who looks at a
    version of it (`version`, with its text loaded; its current one if None is given and nothing is to be looked for).

    Costs one statement, and none where no lesson is pinned.
    """
    found = panels.lessons_on(reading, artefact, version.text if version else "") if artefact.lessons else []
    address = artefact.address
    number = version.number if version else artefact.current_number
    is_live = version is None or version.status == VersionStatus.PUBLISHED
    may_write = reading.actor.has(Role.MEMBER) and number is not None and is_live
    root = request.script_root
    return {
        "pinned_lessons": [_pinned(one, number) for one in found],
        "lessons_of_document_url": f"{root}/lessons?document={address}",
        "write_lesson_url": f"{root}/lessons/new?document={address}&version={number}" if may_write else "",
    }


def answered_panel(reading: Reading, artefact_ids: tuple[UUID, UUID], numbers: tuple[int, int]) -> dict[str, Any]:
    """The values of `documents/_lessons_answered.html`: the lessons that were answered from one version to another of
    one document; none where two documents are compared. All plain values: nothing is read afterwards."""
    if artefact_ids[0] != artefact_ids[1]:
        return {"answered_lessons": []}
    found = panels.lessons_answered_between(reading, artefact_ids[0], *numbers)
    return {"answered_lessons": [_pinned(one, max(numbers)) for one in found]}


def _pinned(one: PinnedLesson, number: int | None) -> dict[str, Any]:
    return {
        "url": f"{request.script_root}/lessons/{one.slug}", "title": one.title, "council": one.council,
        "lang": one.language if one.language != current_language() else "", "outcome": outcome_tag(one.outcome),
        "standing": standing_words(one.raised_on, one.answered_by, number), "is_open": one.answered_by is None,
        "paragraph": one.paragraph, "reads_otherwise": one.stands is False, "has_reply": one.has_reply,
    }  # fmt: skip


def standing_words(raised_on: int, answered_by: int | None, number: int | None) -> str:
    """Where a lesson stands, said of a version that is looked at: *raised on version 2, not yet answered*."""
    if answered_by is not None:
        words = Words(_("Raised on version {raised}, answered by version {n}"), raised=raised_on, n=answered_by)
        return say(words)
    if number is None or number <= raised_on:
        return say(Words(_("Raised on version {raised}"), raised=raised_on))
    return say(Words(_("Raised on version {raised}, not yet answered"), raised=raised_on))
