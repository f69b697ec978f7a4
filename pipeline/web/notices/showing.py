"""One's own notices: what happened, those about one thing together."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for

from pipeline.db.keyset import Place
from pipeline.http.cursors import make_cursor, read_cursor
from pipeline.http.entry import officers
from pipeline.http.identity import current_actor
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, end_read
from pipeline.kernel import clock
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import _
from pipeline.notifications.notice_queries import Group, mark_read, notices_of
from pipeline.web.forms import PageForm
from pipeline.web.rendering import show, uk_time

blueprint = Blueprint("notices", __name__)

ROWS = 30
CURSOR = "notices"
YOUR_ACCOUNT = _("Your account")


@blueprint.get("/notices")
@officers
def index() -> Response:
    """What one was told, the newest first."""
    groups, page = notices_of(begin_read(), _place(request.args.get("cursor", "")), ROWS, current_language())
    before, after = (
        url_for("notices.index", cursor=make_cursor(CURSOR, [one.value.isoformat(), str(one.id), one.is_backwards]))
        if one
        else None
        for one in (page.before, page.after)
    )
    newest = max((one.made_at for group in groups for one in group.notices), default=None)
    return show(
        "notices/index.html", groups=[_group(one) for one in groups], previous_url=before, next_url=after,
        newest=newest.isoformat() if newest else "",
    )  # fmt: skip


def _place(cursor: str) -> Place | None:
    if not cursor:
        return None
    moment, notice_id, is_backwards = read_cursor(cursor, CURSOR)
    return Place(datetime.fromisoformat(moment), UUID(notice_id), bool(is_backwards))


def _group(group: Group) -> dict[str, Any]:
    """The notices about one thing, every word ready."""
    return {
        "about_type": group.about_type if group.about_id else "",
        "about_id": str(group.about_id or ""),
        "title": group.thing.title or gettext(YOUR_ACCOUNT),
        "url": f"{request.script_root}{group.thing.path or '/account'}",
        "is_read": group.is_read,
        "lines": [
            {
                "words": say(one.words), "url": f"{request.script_root}{one.path or '/account'}",
                "when": uk_time(one.made_at), "is_read": one.is_read,
            }
            for one in group.notices
        ],
    }  # fmt: skip


@blueprint.post("/notices/read")
@officers
def read() -> Response:
    """Note that one has read one's notices: those about one thing, or all, as far as the page showed them."""
    officer_id = current_actor().officer_id
    if PageForm().is_sent() and officer_id is not None:
        end_read()
        mark_read(officer_id, clock.now(), id_from(request.form.get("about_id", "")), _moment("newest"))
    return redirect(url_for("notices.index"), 303)  # type: ignore[return-value]


def _moment(name: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
