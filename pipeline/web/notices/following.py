"""What one follows; following a council, a document, a theme or a search; and muting."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for

from pipeline.artefacts.queries.seeing import artefact_seen_by
from pipeline.councils.queries import council_seen_by
from pipeline.http.entry import officers
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import _
from pipeline.notifications import actions
from pipeline.notifications.followed import WHY_WORDS, FollowedShown, followed_by
from pipeline.notifications.search_words import search_in_words
from pipeline.notifications.searches import Search
from pipeline.projects.taking_part import Followed
from pipeline.projects.vocabulary import THEME_BY_VALUE
from pipeline.web.forms import PageForm
from pipeline.web.notices.showing import blueprint
from pipeline.web.one_form import PressForm, one_form
from pipeline.web.project_list import Asked as ProjectsAsked
from pipeline.web.rendering import show
from pipeline.web.search import Asked

NOBODY_SEES = _("Nobody sees that you follow.")


@blueprint.get("/your-work/following")
@officers
def following() -> Response:
    """What one follows, and what one is told of because one has a part in it."""
    shown = [_line(one) for one in followed_by(begin_read())]
    return show(
        "notices/following.html", own=[one for one in shown if one["follow_id"]],
        parts=[one for one in shown if not one["follow_id"]],
    )  # fmt: skip


def _line(one: FollowedShown) -> dict[str, Any]:
    """One thing one follows, every word ready."""
    title, address = one.thing.title, one.thing.path
    if one.kind is Followed.THEME:
        title, address = _theme(one.terms), Search("", {"theme": one.terms}, is_of_projects=True).path
    elif one.kind is Followed.SEARCH:
        search = Search.of_terms(one.terms)
        title, address = search_in_words(search, current_language()), search.path
    return {
        "title": title, "url": f"{request.script_root}{address}", "why": say(WHY_WORDS[one.why]), "need": one.need,
        "since": one.followed_at, "follow_id": one.follow_id, "kind": one.kind.value, "subject_id": one.subject_id,
        "is_muted": one.is_muted, "may_mute": one.may_mute,
    }  # fmt: skip


def _theme(theme: str) -> str:
    known = THEME_BY_VALUE.get(theme)
    return known.in_language(current_language()) if known else theme


@blueprint.route("/councils/<slug>/follow", methods=["GET", "POST"])
@officers
def follow_council(slug: str) -> Response:
    """Hear of what a council posts, shares and learns."""
    back = url_for("councils.show_council", slug=slug)

    def page() -> dict[str, Any]:
        council = council_seen_by(begin_read(), slug)
        lead = gettext(_("We tell you when it posts a project, shares a document or publishes a lesson."))
        return _page(gettext(_("Follow this council")), lead, back, council.name)

    return _follow(lambda work: actions.follow_council(work, slug=slug), back, page)


@blueprint.route("/documents/<slug>/follow", methods=["GET", "POST"])
@officers
def follow_document(slug: str) -> Response:
    """Hear of each new version of a document."""
    back = url_for("documents.show_document", slug=slug)

    def page() -> dict[str, Any]:
        artefact, _project = artefact_seen_by(begin_read(), slug)
        lead = gettext(_("We tell you of each new version."))
        return _page(gettext(_("Follow this document")), lead, back, artefact.title)

    return _follow(lambda work: actions.follow_document(work, slug=slug), back, page)


@blueprint.route("/projects/follow", methods=["GET", "POST"])
@officers
def follow_search() -> Response:
    """Hear of each project posted that a search finds, or that has a theme."""
    asked = ProjectsAsked.of_request()
    return _follow_search(
        Search(asked.words, asked.bound, is_of_projects=True), gettext(_("Projects")),
        gettext(_("We tell you of each new project that it finds.")),
        lambda work: actions.follow_search(work, words=asked.words, filters=asked.bound),
    )  # fmt: skip


@blueprint.route("/search/follow", methods=["GET", "POST"])
@officers
def follow_search_of_everything() -> Response:
    """Hear of everything new that a search finds."""
    asked = Asked.of_request()
    return _follow_search(
        Search(asked.words, asked.facets), gettext(_("Search")),
        gettext(_("We tell you of everything new that it finds.")),
        lambda work: actions.follow_search_of_everything(work, words=asked.words, facets=asked.facets),
    )  # fmt: skip


def _follow_search(search: Search, back_words: str, lead: str, act: Any) -> Response:
    back = f"{request.script_root}{search.path}"

    def page() -> dict[str, Any]:
        shown = _page(gettext(_("Follow this search")), lead, back, back_words)
        address = request.full_path if request.query_string else request.path
        quoted = search_in_words(search, current_language())
        return {**shown, "quoted": quoted, "action": f"{request.script_root}{address}"}

    return _follow(act, back, page)


def _page(heading: str, lead: str, back: str, back_words: str) -> dict[str, Any]:
    return {
        "heading": heading, "lead": f"{lead} {gettext(NOBODY_SEES)}", "back_url": back, "back_words": back_words,
        "submits": gettext(_("Follow")),
    }  # fmt: skip


def _follow(act: Any, back: str, page: Any) -> Response:
    said = _("You follow it now. See what you follow under your work.")
    return one_form(PressForm(), act, after=back, said=said, page=page)


@blueprint.post("/follows/<uuid:follow_id>/end")
@officers
def end_follow(follow_id: UUID) -> Response:
    """Follow something no longer."""
    if PageForm().is_sent():
        try:
            with begin_work() as work:
                actions.end_follow(work, follow_id=follow_id)
        except NotFound:
            # Pressed twice: it has ended already.
            pass
        flash(gettext(_("You no longer follow it.")), "success")
    return redirect(url_for("notices.following"), 303)  # type: ignore[return-value]


@blueprint.post("/mutes")
@officers
def mute() -> Response:
    """Be told nothing of something any more."""
    subject_id = id_from(request.form.get("subject_id", ""))
    if subject_id is None:
        raise NotFound("mute")
    if PageForm().is_sent():
        with begin_work() as work:
            actions.mute(work, subject_type=request.form.get("subject_type", ""), subject_id=subject_id)
        flash(gettext(_("You are told nothing of it any more.")), "success")
    return redirect(url_for("notices.following"), 303)  # type: ignore[return-value]


@blueprint.post("/mutes/end")
@officers
def unmute() -> Response:
    """Be told of something again."""
    subject_id = id_from(request.form.get("subject_id", ""))
    if subject_id is None:
        raise NotFound("mute")
    if PageForm().is_sent():
        try:
            with begin_work() as work:
                actions.unmute(work, subject_type=request.form.get("subject_type", ""), subject_id=subject_id)
        except Conflict:
            # Pressed twice: it has ended already.
            pass
        flash(gettext(_("You are told of it again.")), "success")
    return redirect(url_for("notices.following"), 303)  # type: ignore[return-value]
