"""Work like this: what is alike on the pages of projects, lessons and documents, and how ours differs."""

from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, request, url_for

from pipeline.artefacts.messages import STATUS_NAMES as DOCUMENT_STATUS_NAMES
from pipeline.artefacts.rules import ArtefactStatus
from pipeline.db.engine import database
from pipeline.db.statements import plain_session
from pipeline.db.work import Reading
from pipeline.http.entry import anyone, members, officers
from pipeline.http.language import current_language, gettext, say
from pipeline.http.marks import mark_of
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import _
from pipeline.lessons.policy import PlaceFacts
from pipeline.moderation.rules import Reported
from pipeline.projects.messages import STATUS_NAMES
from pipeline.projects.models import Project
from pipeline.projects.page import ProjectPage
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.queries import facts_of
from pipeline.projects.rules import ProjectStatus
from pipeline.similarity import actions, policy, queries
from pipeline.similarity.messages import KIND_NAMES, why
from pipeline.similarity.queries import DifferenceShown, Other, Similar
from pipeline.similarity.rules import LONGEST_REASON, DifferenceStatus, Kind
from pipeline.similarity.subjects import FOLDERS, thing_seen_by
from pipeline.web.asking import ask
from pipeline.web.hidden import hiding_shown
from pipeline.web.one_form import PressForm, one_form, text_form
from pipeline.web.rendering import revalidated_with, show

blueprint = Blueprint("similar", __name__)

KINDS = {folder: kind for kind, folder in FOLDERS.items()}
TAKES_PLEDGES = (ProjectStatus.OPEN.value, ProjectStatus.GOING_AHEAD.value)
REMEMBERED = 1.0
"""Seconds for which a process remembers that nothing was found anew, before it asks again."""
MEMORY = "pipeline_similar_mark"

ReasonForm = text_form("reason", _("Ours differs because …"), LONGEST_REASON, _("One or two sentences."))


def _renewed() -> str:
    """What the marks of pages hold of similar work: another whenever the worker found something anew."""
    asked_at, mark = current_app.extensions.get(MEMORY, (None, ""))
    if asked_at is None or monotonic() - asked_at > REMEMBERED:
        with plain_session(database.engine) as session:
            mark = mark_of(f"similar {queries.renewal_number(session)}")[:8]
        current_app.extensions[MEMORY] = (monotonic(), mark)
    return f".{mark}"


revalidated_with_similar = revalidated_with(_renewed)
"""As `revalidated`, for a page that shows similar work: which changes a moment after what it is about."""


@dataclass(frozen=True, slots=True)
class SimilarLine:
    """Something like what is read, ready to be shown: why it is, and what its reader may do about it."""

    url: str
    title: str
    lang: str
    about: str
    why: list[str]
    acts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """How something differs from something else: `said` is a sentence that says of which and by whom."""

    url: str
    other_url: str
    title: str
    lang: str
    is_own: bool
    council: str
    reason: str
    reason_lang: str


def panel_of(
    reading: Reading, kind: Kind, thing_id: UUID, address: str, place: PlaceFacts, *, is_public: bool, is_draft: bool
) -> dict[str, Any]:
    """What is like a thing, and how it differs, for the page of what the reader has been found to see."""
    found = queries.around_of(reading, kind, thing_id, place, is_public=is_public, is_draft=is_draft)
    may_say = bool(policy.may_say_difference(reading.actor, place))
    here = f"/{FOLDERS[kind]}/{address}"
    differing = {one.other.id for one in found.differences if one.is_own}
    return {
        "similar": [_line(one, here, may_say=may_say, is_said=one.other.id in differing) for one in found.similar],
        "differences": [_difference(one) for one in found.differences],
    }


def panel_of_project(reading: Reading, page: ProjectPage, facts: ProjectFacts) -> dict[str, Any]:
    """The same on the page of a project. The documents of a council are no work that somebody could join."""
    if page.keeps_documents:
        return {"similar": [], "differences": []}
    return panel_of(
        reading, Kind.PROJECT, page.id, page.address, PlaceFacts(facts), is_public=page.is_public,
        is_draft=page.status is ProjectStatus.DRAFT,
    )  # fmt: skip


def panel_while_writing(kind: Kind, thing: Any, place: PlaceFacts) -> dict[str, Any]:
    """The same beside the form in which a draft is written: what others do, before much is written twice."""
    if thing.status != ProjectStatus.DRAFT:
        return {}
    return panel_of(begin_read(), kind, thing.id, thing.address, place, is_public=False, is_draft=True)


def panel_of_draft(project: Project) -> dict[str, Any]:
    """The same beside the forms of a project that is a draft."""
    return panel_while_writing(Kind.PROJECT, project, PlaceFacts(facts_of(begin_read(), project)))


def _line(one: Similar, here: str, *, may_say: bool, is_said: bool) -> SimilarLine:
    other = one.other
    sentences = why(
        words=one.words, themes=one.themes, phase=one.phase, professions=one.professions, language=current_language()
    )  # fmt: skip
    return SimilarLine(
        url=_url(other), title=other.title, lang=other.language if other.language != current_language() else "",
        about=_about(other), why=[say(words) for words in sentences],
        acts=list(_acts(other, here, is_said=is_said)) if may_say else [],
    )  # fmt: skip


def _url(other: Other) -> str:
    return f"{request.script_root}/{FOLDERS[other.kind]}/{other.address}"


def _about(other: Other) -> str:
    """What it is, whose, and where it stands."""
    said = [say(KIND_NAMES[other.kind]), other.council_name]
    if other.kind is Kind.PROJECT:
        said.append(say(STATUS_NAMES[ProjectStatus(other.status)]))
    elif other.kind is Kind.DOCUMENT and other.status == ArtefactStatus.ENDED:
        said.append(say(DOCUMENT_STATUS_NAMES[ArtefactStatus.ENDED]))
    return " · ".join(said)


def _acts(other: Other, here: str, *, is_said: bool) -> Any:
    """What the team of the thing that is read may do about another: join it, adopt it, or say how theirs differs."""
    if other.kind is Kind.PROJECT and other.status in TAKES_PLEDGES:
        yield f"{_url(other)}/join", gettext(_("Join this"))
    if other.kind is Kind.DOCUMENT and other.status != ArtefactStatus.ENDED:
        yield f"{_url(other)}/adopt", gettext(_("Adopt theirs"))
    if not is_said:
        url = f"{request.script_root}{here}/differs/{other.kind.value}/{other.address}"
        yield url, gettext(_("Ours differs because …"))


def _difference(one: DifferenceShown) -> DifferenceLine:
    language = current_language()
    return DifferenceLine(
        url=url_for("similar.show_difference", difference_id=one.id), other_url=_url(one.other), title=one.other.title,
        lang=one.other.language if one.other.language != language else "", is_own=one.is_own,
        council=one.other.council_name, reason=one.reason,
        reason_lang=one.language if one.language != language else "",
    )  # fmt: skip


@blueprint.route("/<any(projects, lessons, documents):folder>/<slug>/differs/<kind>/<other>", methods=["GET", "POST"])
@members
def say_difference(folder: str, slug: str, kind: str, other: str) -> Response:
    """Say how a thing of one's team differs from another's."""
    reading = begin_read()
    ours = thing_seen_by(reading, KINDS[folder], slug)
    theirs = queries.public_thing(reading, kind_named(kind), other)
    ask(policy.may_say_difference(reading.actor, ours.place))
    form: Any = ReasonForm()
    back = f"{request.script_root}{ours.path}"
    title, other_title, own_kind = ours.title, theirs.title, ours.kind
    reads = (
        _("Everybody reads this on both pages, and the leads of the other are told.")
        if ours.is_public
        else _("Once this is published, everybody reads it on both pages, and the leads of the other are told.")
    )

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("How yours differs")), "lead": other_title, "reads": gettext(reads),
            "back_url": back, "back_words": title, "submits": gettext(_("Keep this")),
        }  # fmt: skip

    return one_form(
        form,
        lambda work: actions.say_difference(
            work, kind=own_kind, slug=slug, other_kind=theirs.kind, other=other, reason=form.reason.data,
            language=current_language(),
        ),
        after=f"{back}#work-like-this", said=_("How it differs is kept."), page=page,
    )  # fmt: skip


@blueprint.get("/differences/<uuid:difference_id>")
@anyone
def show_difference(difference_id: UUID) -> Response:
    """How one thing differs from another, as its team says; its team takes it back here."""
    reading = begin_read()
    difference, ours = queries.difference_seen_by(reading, difference_id)
    theirs = queries.other_of(reading, difference)
    facts = policy.DifferenceFacts(ours.place, difference.officer_id)
    is_hidden = difference.status == DifferenceStatus.HIDDEN
    return show(
        "similar/difference.html", one=difference, ours=ours, theirs=theirs,
        hiding=hiding_shown(reading, Reported.DIFFERENCE, difference.id, is_hidden=is_hidden),
        is_open=not is_hidden and ours.is_public and theirs.is_public,
        may_withdraw=not is_hidden and bool(policy.may_withdraw_difference(reading.actor, facts)),
    )  # fmt: skip


@blueprint.route("/differences/<uuid:difference_id>/withdraw", methods=["GET", "POST"])
@officers
def withdraw_difference(difference_id: UUID) -> Response:
    """Take back what was said of a difference."""
    reading = begin_read()
    difference, ours = queries.difference_seen_by(reading, difference_id)
    ask(policy.may_withdraw_difference(reading.actor, policy.DifferenceFacts(ours.place, difference.officer_id)))
    back, title, quoted = f"{request.script_root}{ours.path}", ours.title, difference.reason

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Take back how it differs")), "lead": title, "quoted": quoted, "back_url": back,
            "back_words": title, "submits": gettext(_("Take it back")), "kind": "warning",
        }  # fmt: skip

    return one_form(
        PressForm(), lambda work: actions.withdraw_difference(work, difference_id=difference_id),
        after=back, said=_("It is taken back."), page=page,
    )  # fmt: skip


def kind_named(name: str) -> Kind:
    """A kind of thing, as addresses name it. Raises NotFound."""
    try:
        return Kind(name)
    except ValueError:
        raise NotFound("page") from None
