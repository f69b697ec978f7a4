"""Feeds of what happens, as Atom and as JSON Feed: everything, new projects, a council, a theme, a project, a document.

Entries are the public events of the log in the words of the timeline. An update, a lesson or a new project is in its
entry whole.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import Blueprint, Response, current_app, redirect, request
from markupsafe import escape

from pipeline.artefacts.queries.seeing import artefact_seen_by
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import Reading
from pipeline.feeds import atom, json_feed, newest
from pipeline.feeds.entry import Entry, Feed
from pipeline.feeds.newest import News
from pipeline.feeds.queries import REMOVALS_OF_PROJECTS, REMOVALS_WITHIN
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import _
from pipeline.lessons.models import Lesson
from pipeline.projects.queries import project_at
from pipeline.projects.vocabulary import THEME_BY_VALUE
from pipeline.web.outside.answers import for_anybody
from pipeline.web.rendering import absolute, in_one_language
from pipeline.web.timeline import TOLD, Teller

blueprint = Blueprint("feeds", __name__)

EDITS = {"project.updated", "need.changed", "update.edited", "lesson.edited", "artefact.changed"}
"""What shows in the entry of what was edited, and is no entry of its own."""

FED = TOLD - EDITS - {*REMOVALS_OF_PROJECTS, *REMOVALS_WITHIN, "project.documents_home_made", "project.given_up"}
"""The events that feeds tell."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When a site on which nothing has happened yet was changed last."""


@blueprint.get("/feeds/all.atom")
@blueprint.get("/feeds/all.json")
@anyone
@for_anybody
def follow_all() -> Response:
    """Everything that happens in public."""
    reading = begin_read()
    news = newest.news_of_all(reading, FED)
    return _feed(reading, "all", lambda: (gettext(_("What happens on Pipeline")), "/", _entries(reading, news)))


@blueprint.get("/feeds/projects.atom")
@blueprint.get("/feeds/projects.json")
@anyone
@for_anybody
def follow_projects() -> Response:
    """Projects as they are published."""
    reading = begin_read()
    news = newest.new_projects(reading)
    return _feed(
        reading, "projects", lambda: (gettext(_("New projects on Pipeline")), "/projects", _projects(reading, news))
    )


@blueprint.get("/feeds/councils/<slug>.atom")
@blueprint.get("/feeds/councils/<slug>.json")
@anyone
@for_anybody
def follow_council(slug: str) -> Response:
    """What happens in the projects a council leads, and what it does in others."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    if council.slug != slug:
        return elsewhere(council.slug)
    news = newest.news_of_council(reading, council.id, FED)
    return _feed(
        reading, council.id,
        lambda: (called(council.name, council.name_cy), f"/councils/{slug}", _entries(reading, news)),
    )  # fmt: skip


@blueprint.get("/feeds/themes/<slug>.atom")
@blueprint.get("/feeds/themes/<slug>.json")
@anyone
@for_anybody
def follow_theme(slug: str) -> Response:
    """What happens in the projects of a theme."""
    theme = THEME_BY_VALUE.get(slug)
    if theme is None:
        raise NotFound
    reading = begin_read()
    news = newest.news_of_theme(reading, slug, FED)
    return _feed(
        reading, f"themes/{slug}",
        lambda: (theme.in_language(current_language()), f"/projects?theme={slug}", _entries(reading, news)),
    )  # fmt: skip


@blueprint.get("/feeds/projects/<slug>.atom")
@blueprint.get("/feeds/projects/<slug>.json")
@anyone
@for_anybody
def follow_project(slug: str) -> Response:
    """What happens in one project. An address it had before leads here."""
    reading = begin_read()
    project = project_at(reading, slug)
    if project.address != slug:
        return elsewhere(project.address)
    news = newest.news_of_project(reading, project.id, FED)
    return _feed(reading, project.id, lambda: (project.title, f"/projects/{slug}", _entries(reading, news)))


@blueprint.get("/feeds/documents/<slug>.atom")
@blueprint.get("/feeds/documents/<slug>.json")
@anyone
@for_anybody
def follow_document(slug: str) -> Response:
    """What happens to one shared document: new versions, who uses it, suggestions, lessons."""
    reading = begin_read()
    artefact, _project = artefact_seen_by(reading, slug)
    if artefact.slug and artefact.slug != slug:
        return elsewhere(artefact.slug)
    news = newest.news_of_document(reading, artefact.id, FED)
    return _feed(reading, artefact.id, lambda: (artefact.title, f"/documents/{slug}", _entries(reading, news)))


def elsewhere(slug: str) -> Response:
    """The way to the same under another slug."""
    folder, _slash, name = f"{request.script_root}{request.path}".rpartition("/")
    _slug, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    return redirect(f"{folder}/{slug}{dot}{ending}", 301)  # type: ignore[return-value]


def called(name: str, name_cy: str | None) -> str:
    """What a council is called in the language of the address."""
    return name_cy if name_cy and current_language() == "cy" else name


Told = tuple[str, str, tuple[Entry, ...]]
"""The title of a feed, the path of its page, and its entries."""


def _feed(reading: Reading, about: str | UUID, tell: Callable[[], Told]) -> Response:
    """A feed in the form that its address ends in. `about` is what it is known by for ever: the id of a thing, or a
    name of ours."""
    changed_at = newest.last_public_at(reading) or LONG_AGO
    feed = in_one_language(lambda: _made(about, tell(), changed_at))
    if request.path.endswith(".json"):
        response = Response(json_feed.json_feed_of(feed), mimetype=json_feed.MEDIA_TYPE)
    else:
        response = Response(atom.atom_of(feed), content_type=f"{atom.MEDIA_TYPE}; charset=utf-8")
    response.last_modified = changed_at
    response.headers["Content-Language"] = feed.language
    return response


def _made(about: str | UUID, told: Told, changed_at: datetime) -> Feed:
    title, path, entries = told
    root, address_language = request.script_root, request.environ.get("pipeline.language", "en")
    own = about if isinstance(about, UUID) else uuid5(NAMESPACE_URL, absolute(f"/feeds/{about}"))
    return Feed(
        id=uuid5(own, f"feed in {address_language}"),
        title=title if about in ("all", "projects") else gettext(_("%(name)s on Pipeline")) % {"name": title},
        subtitle=about_pipeline(),
        language=current_language(), url=absolute(f"{root}{request.path}"), home_url=absolute(f"{root}{path}"),
        icon_url=absolute(current_app.jinja_env.globals["asset"]("apple-touch-icon.png")),  # type: ignore[operator]
        updated_at=max((one.updated_at for one in entries), default=changed_at), entries=entries,
    )  # fmt: skip


def about_pipeline() -> str:
    """What Pipeline is, in a sentence; of a demonstration, that it is one."""
    words = gettext(_("Work that councils do together: what is needed, who is in and what came of it."))
    if not current_app.config["SETTINGS"].is_demonstration:
        return words
    return f"{words} {gettext(_('This is a demonstration: what it tells of is made up.'))}"


def _projects(reading: Reading, news: Collection[News]) -> tuple[Entry, ...]:
    """New projects: an entry each, whose id is the project's own."""
    texts = newest.projects_in(reading, news)
    by_project = {one.project_id: one for one in news}
    return tuple(
        Entry(
            id=project_id, url=_url(f"/projects/{text.slug}"), title=text.title,
            html=_of_project(text), language=text.language,
            published_at=text.published_at, updated_at=text.edited_at, **_author(by_project[project_id]),
        )
        for project_id in dict.fromkeys(one.project_id for one in news)
        if (text := texts.get(project_id)) is not None
    )  # fmt: skip


def _entries(reading: Reading, news: Collection[News]) -> tuple[Entry, ...]:
    """An entry for each event, in the words of the timeline."""
    teller = Teller.of(reading, [one.happened for one in news])
    contents = _contents(reading, news)
    return tuple(_entry(teller, one, *contents.get(one.id, ())) for one in news)


def _entry(
    teller: Teller, one: News, title: str = "", html: str = "", language: str = "", edited_at: datetime | None = None
) -> Entry:
    event = one.happened
    words, about = teller.words(event), teller.spoken_of(event)
    return Entry(
        id=one.id, url=_url(about[0] if about else f"/projects/{one.project_slug}"),
        title=f"{one.project_title}: {title or words}",
        html=html if title else _paragraph(words) + html, language=language or current_language(),
        published_at=event.occurred_at, updated_at=max(event.occurred_at, edited_at or event.occurred_at),
        **_author(one),
    )  # fmt: skip


def _contents(reading: Reading, news: Collection[News]) -> dict[UUID, tuple[str, str, str, datetime | None]]:
    """What entries hold besides the sentence, by the ids of their events: title, HTML, language, when it was edited."""
    updates, lessons = newest.updates_in(reading, news), newest.lessons_in(reading, news)
    notes, projects = newest.notes_in(reading, news), newest.projects_in(reading, news)
    found: dict[UUID, tuple[str, str, str, datetime | None]] = {}
    for one in news:
        name, subject_id = one.happened.name, one.happened.subject_id
        if name == "update.published" and (update := updates.get(subject_id)):
            found[one.id] = (update.title, update.html, update.language, update.edited_at)
        elif name == "lesson.published" and (lesson := lessons.get(subject_id)):
            found[one.id] = (lesson.title, _of_lesson(lesson), lesson.language, lesson.edited_at)
        elif name == "version.published" and (note := notes.get(subject_id)):
            found[one.id] = ("", _paragraph(note), "", None)
        elif name == "project.published" and (project := projects.get(subject_id)):
            found[one.id] = ("", _of_project(project), "", project.edited_at)
    return found


def _of_project(text: newest.ProjectText) -> str:
    return (_paragraph(text.summary) if text.summary else "") + text.html


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _of_lesson(lesson: Lesson) -> str:
    """The three prompts and the evidence, each under its heading."""
    parts = (
        (_("What we did"), lesson.did_html), (_("What happened"), lesson.happened_html),
        (_("What we would do differently"), lesson.differently_html), (_("How we know"), lesson.evidence_html),
    )  # fmt: skip
    return "".join(f"<h2>{escape(gettext(words))}</h2>{html}" for words, html in parts if html)


def _author(one: News) -> dict[str, str]:
    return {
        "author": called(one.council_name, one.council_name_cy),
        "author_url": _url(f"/councils/{one.council_slug}"),
    }


def _url(path: str) -> str:
    return absolute(f"{request.script_root}{path}")
