"""Your work: what needs me, what I am writing, and what my council has pledged."""

from flask import Blueprint, Response, g, request, url_for

from pipeline.artefacts.queries import library
from pipeline.artefacts.queries.library import DraftLine
from pipeline.artefacts.queries.register import adoptions_waiting_for
from pipeline.artefacts.queries.suggestions import suggestions_waiting_for
from pipeline.db.work import Reading
from pipeline.http.entry import officers
from pipeline.http.identity import current_identity
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel import clock
from pipeline.kernel.actor import PLATFORM_ROLES
from pipeline.kernel.words import _
from pipeline.lessons.queries import panels as lessons
from pipeline.lessons.queries.panels import LessonDraft
from pipeline.notifications.queries import FOLDERS
from pipeline.pledges.deliveries import deliveries_waiting_for
from pipeline.pledges.queries import pledges_of_council, waiting_for
from pipeline.projects.interested import (
    OwnInterest,
    followed_by,
    invitations_of,
    own_interests,
    waiting_for_leads,
)
from pipeline.projects.messages import INTEREST_NAMES
from pipeline.projects.models import JoinRequest, Project
from pipeline.projects.queries import CheckShown, DraftShown, checks_waiting_for, drafts_of
from pipeline.web.documents.adopting import adoption_line
from pipeline.web.documents.suggestions import suggestion_line
from pipeline.web.interests.interest import line_for_leads
from pipeline.web.pledges import pledge_line
from pipeline.web.pledges.ledger import waiting_line
from pipeline.web.rendering import show, uk_date

blueprint = Blueprint("your_work", __name__)

LATEST = 5
"""How many of the council's own pledges are shown before the link to all of them."""


@blueprint.get("/your-work")
@officers
def show_your_work() -> Response:
    """What waits for this officer, the soonest first."""
    reading = begin_read()
    identity = current_identity()
    waiting = waiting_for(reading)
    checks = checks_waiting_for(reading)
    deliveries = deliveries_waiting_for(reading)
    to_leads, invitations = waiting_for_leads(reading), invitations_of(reading)
    suggestions = suggestions_waiting_for(reading)
    council_id = reading.actor.council_id
    pledges = pledges_of_council(reading, council_id, most=LATEST)[0] if council_id else []
    g.your_work_count = len(waiting.to_authorise) + len(waiting.to_answer) + len(checks) + len(deliveries)
    g.your_work_count += len(to_leads) + len(invitations) + len(suggestions)
    return show(
        "your_work/show.html",
        place=identity.place if identity else None,
        coordinates=not reading.actor.roles.isdisjoint(PLATFORM_ROLES),
        to_authorise=[pledge_line(one) for one in waiting.to_authorise],
        to_answer=[pledge_line(one) for one in waiting.to_answer],
        deliveries=[waiting_line(one) for one in deliveries],
        checks=_check_lines(reading, checks),
        to_leads=[line_for_leads(one) for one in to_leads],
        suggestions=[suggestion_line(one) for one in suggestions],
        invitations=[_invitation_line(request, project) for request, project in invitations],
        own_interests=[_interest_line(one) for one in own_interests(reading)],
        followed=followed_by(reading),
        drafts=[
            *(_draft_line(one) for one in drafts_of(reading)),
            *(_lesson_draft_line(one) for one in lessons.drafts_of(reading)),
            *(_document_draft_line(one) for one in library.open_drafts_for(reading)),
        ],
        adoptions=[adoption_line(one) for one in adoptions_waiting_for(reading, clock.today())],
        pledges=[pledge_line(one) for one in pledges],
    )


def _check_lines(reading: Reading, checks: list[CheckShown]) -> list[dict[str, str]]:
    """The drafts to check; those of lessons under their own titles, which their projects do not know."""
    found = lessons.titles_of(reading, [one.subject_id for one in checks if one.subject_type == "lesson"])
    titles = {lesson_id: title for lesson_id, (_slug, title) in found.items()}
    if any(one.subject_type == "draft" for one in checks):
        titles |= {str(draft_id): one.title for draft_id, one in library.drafts_to_check(reading).items()}
    return [_check_line(one, titles.get(str(one.subject_id), one.title)) for one in checks]


def _check_line(check: CheckShown, title: str) -> dict[str, str]:
    return {
        "url": _address(check.subject_type, str(check.subject_id)),
        "title": title,
        "when": uk_date(check.asked_at),
    }


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


def _invitation_line(request: JoinRequest, project: Project) -> dict[str, str]:
    """A team one is asked to join. Of a draft not even the title is told before one has joined."""
    return {
        "url": url_for("interests.read_join_request", request_id=request.id),
        "title": project.title if project.is_public else gettext(_("A project that is not published yet")),
        "when": uk_date(request.asked_at),
    }


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
