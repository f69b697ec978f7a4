"""Pinning a lesson to a shared document: which document, which version, which paragraph."""

from typing import Any

from flask import Response, flash, redirect, request, url_for

from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.queries.seeing import artefact_seen_by, versions_of
from pipeline.artefacts.rules import VersionStatus
from pipeline.db.work import Reading
from pipeline.http.entry import members
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.text import clean_line
from pipeline.kernel.words import Words, _
from pipeline.lessons import actions, policy
from pipeline.lessons.actions import PinTo
from pipeline.lessons.models import Lesson
from pipeline.lessons.paragraphs import paragraphs_of
from pipeline.lessons.queries import seeing
from pipeline.lessons.queries.panels import documents_to_pin_to
from pipeline.projects.models import Project
from pipeline.web.asking import ask, status_of_form
from pipeline.web.forms import Choice, HiddenField, PageForm, lazy, problems_onto
from pipeline.web.lessons.blueprint import blueprint
from pipeline.web.lessons.showing import SureForm
from pipeline.web.rendering import show

LONGEST_SEARCH = 100
WHOLE_VERSION = "whole"


class PinForm(PageForm):
    """Which paragraph of a version, or the whole of it."""

    version_id = HiddenField()
    paragraph_hash = Choice(lazy(_("What is the lesson about?")), default=WHOLE_VERSION)


def _lesson(slug: str) -> tuple[Reading, Lesson, Project]:
    reading = begin_read()
    lesson, project = seeing.lesson_seen_by(reading, slug)
    ask(policy.may_edit_lesson(reading.actor, seeing.lesson_facts_of(reading, lesson, project)))
    return reading, lesson, project


@blueprint.get("/lessons/<slug>/pin")
@members
def choose_document(slug: str) -> Response:
    """Find the document a lesson is about."""
    reading, lesson, project = _lesson(slug)
    words = clean_line(request.args.get("q", ""))[:LONGEST_SEARCH]
    return show(
        "lessons/choose_document.html",
        slug=lesson.address,
        title=lesson.title,
        words=words,
        documents=documents_to_pin_to(reading, project.id, words),
        pin=seeing.pin_of(reading, lesson),
        unpin_form=SureForm(),
    )


@blueprint.route("/lessons/<slug>/pin/<document>", methods=["GET", "POST"])
@members
def pin(slug: str, document: str) -> Response:
    """Choose the version and, if the lesson is about one, the paragraph."""
    reading, lesson, _project = _lesson(slug)
    artefact, _kept_in = artefact_seen_by(reading, document)
    versions = [one for one in versions_of(reading, artefact) if one.status == VersionStatus.PUBLISHED]
    if not versions:
        raise NotFound("version")
    version = _chosen(versions, lesson)
    form: Any = PinForm(data=_standing(lesson, version))
    form.paragraph_hash.choices = _choices(version)
    status = status_of_form()
    if form.is_sent():
        chosen = form.paragraph_hash.data
        # What was sent, even if it was withdrawn meanwhile: then it is refused, and nothing else is pinned instead.
        pin_to = PinTo(id_from(form.version_id.data) or version.id, None if chosen in ("", WHOLE_VERSION) else chosen)
        try:
            with begin_work() as work:
                slug = actions.pin_lesson(work, slug=slug, pin_to=pin_to).address
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("The lesson is pinned.")), "success")
            return redirect(url_for("lessons.show_lesson", slug=slug), 303)  # type: ignore[return-value]
    return show("lessons/pin.html", status, form=form, **_page(lesson, artefact, versions, version))


def _chosen(versions: list[Version], lesson: Lesson) -> Version:
    """The version the form or the address names, the one the lesson is pinned to, or the current one."""
    sent, number = id_from(request.form.get("version_id", "")), request.args.get("version", "")
    for version in versions:
        if sent:
            is_wanted = version.id == sent
        else:
            is_wanted = str(version.number) == number if number else version.id == lesson.version_id
        if is_wanted:
            return version
    return versions[0]


def _standing(lesson: Lesson, version: Version) -> dict[str, str]:
    own = lesson.paragraph_hash if lesson.version_id == version.id else None
    return {"version_id": str(version.id), "paragraph_hash": own or WHOLE_VERSION}


def _choices(version: Version) -> list[tuple[str, str]]:
    whole = say(Words(_("The whole of version {n}"), n=version.number))
    return [(WHOLE_VERSION, whole), *((one.hash, one.as_read) for one in paragraphs_of(version.text))]


def _page(lesson: Lesson, artefact: Artefact, versions: list[Version], version: Version) -> dict[str, Any]:
    return {
        "slug": lesson.address, "title": lesson.title, "document": artefact.address,
        "document_title": artefact.title, "versions": versions, "version": version,
        "document_language": artefact.language if artefact.language != current_language() else "",
    }  # fmt: skip


@blueprint.post("/lessons/<slug>/unpin")
@members
def unpin(slug: str) -> Response:
    """Take a lesson off the document it is pinned to."""
    form = SureForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.unpin_lesson(work, slug=slug)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("The lesson is pinned to nothing now.")), "success")
            return redirect(url_for("lessons.show_lesson", slug=slug), 303)  # type: ignore[return-value]
    reading, lesson, project = _lesson(slug)
    return show(
        "lessons/choose_document.html", status, form=form, slug=lesson.address, title=lesson.title, words="",
        documents=documents_to_pin_to(reading, project.id, ""), pin=seeing.pin_of(reading, lesson), unpin_form=form,
    )  # fmt: skip
