"""Following a project, and waiting for room in a need. Links lead to a page with one button: a GET changes nothing."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, url_for

from pipeline.http.entry import officers
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import _
from pipeline.projects import actions, queries
from pipeline.web.forms import PageForm
from pipeline.web.interests.blueprint import blueprint
from pipeline.web.one_form import PressForm, one_form


@blueprint.route("/projects/<slug>/follow", methods=["GET", "POST"])
@officers
def follow(slug: str) -> Response:
    """Hear of a project from now on."""
    back = url_for("projects.show_project", slug=slug)

    def page() -> dict[str, Any]:
        project = queries.project_seen_by(begin_read(), slug)
        return {
            "heading": gettext(_("Follow this project")), "back_url": back, "back_words": project.title,
            "lead": gettext(_("We write to you when it has news, goes ahead or ends. Nobody sees that you follow.")),
            "submits": gettext(_("Follow")),
        }  # fmt: skip

    said = _("You follow this project now.")
    return one_form(PressForm(), lambda work: actions.follow_project(work, slug=slug), after=back, said=said, page=page)


@blueprint.post("/projects/<slug>/unfollow")
@officers
def unfollow(slug: str) -> Response:
    """Hear no more of a project."""
    return _end_follow(url_for("projects.show_project", slug=slug), slug=slug)


@blueprint.route("/needs/<uuid:need_id>/follow", methods=["GET", "POST"])
@officers
def follow_need(need_id: UUID) -> Response:
    """Be told when there is room in a need."""
    need = queries.need_seen_by(begin_read(), need_id)
    back = url_for("projects.show_project", slug=need.project.slug or need.project_id)
    title, project_title = need.title, need.project.title

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Tell me when there is room")), "back_url": back, "back_words": project_title,
            "lead": gettext(_("%(need)s has no room for another pledge at the moment.")) % {"need": title},
            "reads": gettext(_("We write to you once, when room comes free. Nobody sees that you wait for it.")),
            "submits": gettext(_("Tell me")),
        }  # fmt: skip

    said = _("We will tell you when there is room.")
    return one_form(
        PressForm(), lambda work: actions.follow_need(work, need_id=need_id), after=back, said=said, page=page
    )


@blueprint.post("/needs/<uuid:need_id>/unfollow")
@officers
def unfollow_need(need_id: UUID) -> Response:
    """No longer wait for room."""
    return _end_follow(url_for("your_work.show_your_work"), need_id=need_id)


def _end_follow(after: str, *, slug: str = "", need_id: UUID | None = None) -> Response:
    form = PageForm()
    if form.is_sent():
        try:
            with begin_work() as work:
                if need_id is None:
                    actions.unfollow_project(work, slug=slug)
                else:
                    actions.unfollow_need(work, need_id=need_id)
        except Conflict as refusal:
            if refusal.code != "follow.not_followed":
                raise
        flash(gettext(_("You no longer follow it.")), "success")
    return redirect(after, 303)  # type: ignore[return-value]
