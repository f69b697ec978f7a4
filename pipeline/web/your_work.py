"""Your work: what needs me, what I am writing, and what my council has pledged."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, g, request, url_for

from pipeline.artefacts.queries import library
from pipeline.artefacts.queries.library import DraftLine
from pipeline.http.entry import officers
from pipeline.http.identity import current_identity
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.actor import PLATFORM_ROLES
from pipeline.kernel.clock import uk_date as uk_today
from pipeline.kernel.words import _
from pipeline.lessons.queries import panels as lessons
from pipeline.lessons.queries.panels import LessonDraft
from pipeline.notifications.needs_me import Needed, needs_me
from pipeline.notifications.queries import FOLDERS
from pipeline.notifications.unread import unread_of
from pipeline.pledges.queries import pledges_of_council
from pipeline.projects.interested import OwnInterest, followed_by, own_interests
from pipeline.projects.messages import INTEREST_NAMES
from pipeline.projects.queries import DraftShown, drafts_of
from pipeline.web.pledges import pledge_line
from pipeline.web.rendering import show, uk_date

blueprint = Blueprint("your_work", __name__)

LATEST = 5
"""How many of the council's own pledges are shown before the link to all of them."""


@blueprint.get("/your-work")
@officers
def show_your_work() -> Response:
    """What needs this officer, the oldest first; what they are writing, follow, and what their council pledged."""
    reading = begin_read()
    identity = current_identity()
    needed = needs_me(reading)
    council_id = reading.actor.council_id
    pledges = pledges_of_council(reading, council_id, most=LATEST)[0] if council_id else []
    g.your_work_count = len(needed)
    return show(
        "your_work/show.html",
        place=identity.place if identity else None,
        coordinates=not reading.actor.roles.isdisjoint(PLATFORM_ROLES),
        needed=[_needed_line(one, uk_today(reading.now)) for one in needed],
        unread=unread_of(reading),
        own_interests=[_interest_line(one) for one in own_interests(reading)],
        followed=followed_by(reading),
        drafts=[
            *(_draft_line(one) for one in drafts_of(reading)),
            *(_lesson_draft_line(one) for one in lessons.drafts_of(reading)),
            *(_document_draft_line(one) for one in library.open_drafts_for(reading)),
        ],
        pledges=[pledge_line(one) for one in pledges],
    )


def _needed_line(one: Needed, today: date) -> dict[str, Any]:
    """One thing that needs the officer, every word ready."""
    return {
        "url": f"{request.script_root}{one.path}", "words": say(one.words), "about": one.about,
        "when": say(one.when_words(today)), "is_late": one.days_late(today) > 0, "is_trial": one.is_trial,
    }  # fmt: skip


def _draft_line(draft: DraftShown) -> dict[str, str]:
    about = gettext("An update of %(project)s") % {"project": draft.project_title} if draft.kind == "update" else ""
    return {
        "url": _address(draft.kind, str(draft.id)),
        "title": draft.title,
        "about": about,
        "when": uk_date(draft.updated_at),
    }


def _document_draft_line(draft: DraftLine) -> dict[str, str]:
    about = gettext("A version of %(document)s") % {"document": draft.document_title}
    address = url_for("drafts.show_draft", slug=draft.address, draft_id=draft.id)
    return {"url": address, "title": draft.title, "about": about, "when": uk_date(draft.updated_at)}


def _lesson_draft_line(draft: LessonDraft) -> dict[str, str]:
    about = gettext("A lesson of %(project)s") % {"project": draft.project_title}
    return {
        "url": _address("lesson", str(draft.id)), "title": draft.title, "about": about,
        "when": uk_date(draft.updated_at),
    }  # fmt: skip


def _interest_line(one: OwnInterest) -> dict[str, str]:
    state = gettext(_("Answered")) if one.answered_at else gettext(_("Not answered yet"))
    return {
        "url": url_for("interests.read_interest", interest_id=one.id),
        "title": one.project_title,
        "about": f"{say(INTEREST_NAMES[one.kind])}. {state}",
    }


def _address(kind: str, thing_id: str) -> str:
    """The page of a project's draft, of an update or of a lesson."""
    return f"{request.script_root}/{FOLDERS[kind]}/{thing_id}"
