"""The lists of the coordinator's desk, and having tried again what failed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.coordination import actions, desk
from pipeline.db.keyset import Place
from pipeline.http.cursors import make_cursor, place_from, read_cursor
from pipeline.http.entry import coordinators
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import _
from pipeline.similarity.actions import dismiss_duplicate as dismiss
from pipeline.similarity.queries import likely_duplicate
from pipeline.similarity.rules import LONGEST_REASON
from pipeline.web.desk_lines import WORDS, counted_words, line_of
from pipeline.web.one_form import one_form, text_form
from pipeline.web.rendering import show

blueprint = Blueprint("desk", __name__)
ROWS = 25

ReasonForm = text_form("reason", _("Why are they not the same work?"), LONGEST_REASON)


@blueprint.get("/coordination/lists/<name>")
@coordinators
def show_list(name: str) -> Response:
    """One list of the desk, the oldest first."""
    which = desk.LISTS.get(name)
    if which is None:
        raise NotFound("page")
    reading, kind = begin_read(), f"desk-{name}"
    cursor = request.args.get("cursor", "")
    place = place_from(read_cursor(cursor, kind), is_text=which is desk.COUNCILS) if cursor else None
    page = desk.page_of(reading, which, limit=ROWS, place=place)

    def address(at: Place | None) -> str | None:
        if at is None:
            return None
        return url_for("desk.show_list", name=name, cursor=make_cursor(kind, [at.value, at.id, at.is_backwards]))

    words = WORDS[name]
    return show(
        "desk/show_list.html", heading=gettext(words.heading), lead=gettext(words.lead),
        empty_words=gettext(words.empty),
        count=counted_words(desk.number_in(reading, which, desk.MOST_ON_A_PAGE), desk.MOST_ON_A_PAGE),
        lines=[line_of(name, row) for row in page.rows], previous_url=address(page.before),
        next_url=address(page.after),
    )  # fmt: skip


@blueprint.route("/coordination/duplicates/<uuid:similar_id>/dismiss", methods=["GET", "POST"])
@coordinators
def dismiss_duplicate(similar_id: UUID) -> Response:
    """Leave two projects apart that look like the same work."""
    form: Any = ReasonForm()
    one, other = likely_duplicate(begin_read(), similar_id)
    back, lead = url_for("desk.show_list", name=desk.DUPLICATES.name), f"{one} · {other}"

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Leave them apart")), "lead": lead, "back_url": back,
            "reads": gettext(_("Only the coordinators read this.")), "back_words": gettext(_("Likely duplicates")),
            "submits": gettext(_("Leave them apart")),
        }  # fmt: skip

    return one_form(
        form, lambda work: dismiss(work, similar_id=similar_id, reason=form.reason.data), after=back,
        said=_("They are left apart."), page=page,
    )  # fmt: skip


@blueprint.post("/coordination/messages/<uuid:message_id>/try-again")
@coordinators
def try_message_again(message_id: UUID) -> Response:
    """Have mail tried again that was given up."""
    with begin_work() as work:
        actions.try_message_again(work, message_id=message_id)
    flash(gettext(_("We are trying it again.")), "success")
    return redirect(url_for("desk.show_list", name=desk.MESSAGES.name), 303)  # type: ignore[return-value]


@blueprint.post("/coordination/failed-events/<uuid:failed_event_id>/try-again")
@coordinators
def try_event_again(failed_event_id: UUID) -> Response:
    """Have an event tried again that a listener had given up on."""
    with begin_work() as work:
        actions.try_event_again(work, failed_event_id=failed_event_id)
    flash(gettext(_("We are trying it again.")), "success")
    return redirect(url_for("desk.show_list", name=desk.FAILED_EVENTS.name), 303)  # type: ignore[return-value]
