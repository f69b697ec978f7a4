"""How to follow something by feed or calendar, and how to show it on another website."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, Response, redirect, request, url_for

from pipeline.artefacts.queries.seeing import artefact_seen_by
from pipeline.councils.queries import council_seen_by
from pipeline.http.entry import anyone
from pipeline.http.language import current_language
from pipeline.http.reading import begin_public_read
from pipeline.http.security import EMBEDS, WITH_OWN_FRAMES
from pipeline.projects.queries import project_at
from pipeline.projects.vocabulary import THEMES
from pipeline.web.outside.embeds import SIZES, snippet
from pipeline.web.outside.feeds import called
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("sharing", __name__)
Arguments = ParamSpec("Arguments")


def with_own_frames(view: Callable[Arguments, Response]) -> Callable[Arguments, Response]:
    """Let a page show another of ours in a frame; also where a browser is told to show the one it has."""

    @wraps(view)
    def page(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
        response = view(*args, **kwargs)
        response.headers["Content-Security-Policy"] = WITH_OWN_FRAMES
        return response

    return page


@blueprint.get("/follow")
@anyone
@revalidated
def show_feeds() -> Response:
    """Every feed and calendar that is not of one thing."""
    themes = [(one.value, one.in_language(current_language())) for one in THEMES]
    return show("sharing/follow.html", themes=themes)


@blueprint.get("/projects/<slug>/share")
@anyone
@with_own_frames
@revalidated
def share_project(slug: str) -> Response:
    """How to follow a project, and how to show it elsewhere."""
    project = project_at(begin_public_read(), slug)
    if project.address != slug:
        return redirect(url_for("sharing.share_project", slug=project.address), 301)  # type: ignore[return-value]
    return _show("projects", slug, project.title, has_embed=not project.keeps_documents)


@blueprint.get("/councils/<slug>/share")
@anyone
@with_own_frames
@revalidated
def share_council(slug: str) -> Response:
    """How to follow a council, and how to show its projects elsewhere."""
    council = council_seen_by(begin_public_read(), slug)
    if council.slug != slug:
        return redirect(url_for("sharing.share_council", slug=council.slug), 301)  # type: ignore[return-value]
    return _show("councils", slug, called(council.name, council.name_cy))


@blueprint.get("/documents/<slug>/share")
@anyone
@with_own_frames
@revalidated
def share_document(slug: str) -> Response:
    """How to follow a shared document, and how to show it elsewhere."""
    artefact, _project = artefact_seen_by(begin_public_read(), slug)
    if artefact.slug and artefact.slug != slug:
        return redirect(url_for("sharing.share_document", slug=artefact.slug), 301)  # type: ignore[return-value]
    return _show("documents", slug, artefact.title)


def _show(kind: str, slug: str, title: str, *, has_embed: bool = True) -> Response:
    path = f"/{kind}/{slug}"
    return show(
        "sharing/show.html", kind=kind, path=path, name=title, size=SIZES[kind], has_embed=has_embed,
        frame=f"{request.script_root}{EMBEDS.rstrip('/')}{path}",
        snippet=snippet(path, title, SIZES[kind], request.script_root),
    )  # fmt: skip
