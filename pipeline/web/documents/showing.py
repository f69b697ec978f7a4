"""The page of a shared document, and of each of its versions."""

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, url_for

from pipeline.artefacts import policy
from pipeline.artefacts.messages import KIND_NAMES, STATUS_NAMES
from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.policy import ArtefactFacts
from pipeline.artefacts.queries import document, seeing
from pipeline.artefacts.queries.document import Around, VersionLine
from pipeline.artefacts.rules import ArtefactKind, ArtefactStatus, VersionStatus
from pipeline.db.work import Reading
from pipeline.documents.downloads import Form
from pipeline.documents.markdown import contents_of
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel import clock
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import Words, _
from pipeline.lessons.policy import PlaceFacts
from pipeline.moderation.rules import Reported
from pipeline.projects.models import Project
from pipeline.similarity.rules import Kind
from pipeline.web import lessons
from pipeline.web.documents import adopting, checklists, lineage, merging, register, suggestions
from pipeline.web.documents.library import blueprint
from pipeline.web.hidden import hiding_shown
from pipeline.web.outside import linked_data
from pipeline.web.people import names_of
from pipeline.web.rendering import absolute, revalidated, show, uk_date
from pipeline.web.similar import panel_of, revalidated_with_similar

Panel = Callable[[Reading, Artefact, ArtefactFacts], dict[str, Any]]

PANELS: tuple[Panel, ...] = (
    adopting.panel_of,
    register.panel_of,
    lineage.panel_of,
    checklists.panel_of,
    merging.panel_of,
    suggestions.panel_of,
)
"""What the neighbours of this file put on the page of a document: each gives the values of its own template."""

FEWEST_HEADINGS = 3
"""A shorter document needs no list of contents."""

DOWNLOADS = (
    (Form.DOCX, Words(_("Word (.docx)"))),
    (Form.ODT, Words(_("OpenDocument (.odt)"))),
    (Form.MARKDOWN, Words(_("Markdown (.md)"))),
    (Form.HTML, Words(_("Web page (.html)"))),
)
LANGUAGES = {"en": Words(_("English")), "cy": Words(_("Welsh"))}


@blueprint.get("/documents/<slug>")
@anyone
@revalidated_with_similar
def show_document(slug: str) -> Response:
    """A document: its current version, who keeps and who uses it, and its history; for its team, the drafts."""
    reading = begin_read()
    artefact, project = seeing.artefact_seen_by(reading, slug)
    if artefact.slug and artefact.slug != slug:
        return redirect(url_for("documents.show_document", slug=artefact.slug), 301)  # type: ignore[return-value]
    facts = seeing.artefact_facts_of(reading, artefact, project)
    current = seeing.current_version_of(reading, artefact)
    history = document.history_of(reading, artefact)
    near = document.around(reading, artefact)
    values = _page(reading, artefact, project, facts, near)
    for panel in PANELS:
        values |= panel(reading, artefact, facts)
    values |= lessons.panel_of(reading, artefact, facts, current)
    if current is not None:
        values |= _text(reading, artefact, current, near)
    values |= panel_of(
        reading,
        Kind.DOCUMENT,
        artefact.id,
        artefact.address,
        PlaceFacts(facts.project, facts.keeps_documents),
        is_public=artefact.is_public and project.is_public,
        is_draft=facts.status is ArtefactStatus.DRAFT,
    )
    drafts = document.open_drafts_of(reading, artefact) if facts.has_in_team(reading.actor) else []
    return show(
        "documents/show.html", current=current, history=history, credits=document.credited(reading, history),
        drafts=drafts, draft_names=names_of(reading, [one.saved_by for one in drafts]),
        viewer_id=reading.actor.officer_id, pair=_pair(near, history[0] if history else None, artefact),
        linked_data=_linked_data(artefact, current, near), **values,
    )  # fmt: skip


@blueprint.get("/documents/<slug>/versions/<int:number>")
@anyone
@revalidated
def show_version(slug: str, number: int) -> Response:
    """One version, which never changes: its text, its number, and the hash by which anybody can prove what it said."""
    reading = begin_read()
    artefact, project = seeing.artefact_seen_by(reading, slug)
    if number < 1 or number > artefact.last_number:
        raise NotFound("version")
    version = seeing.version_of(reading, artefact, number)
    facts = seeing.artefact_facts_of(reading, artefact, project)
    near = document.around(reading, artefact)
    [line] = document.history_of(reading, artefact, number=number)
    values = _page(reading, artefact, project, facts, near) | _text(reading, artefact, version, near)
    values |= lessons.panel_of(reading, artefact, facts, version)
    values |= _hidden(reading, facts, version)
    return show(
        "documents/version.html", version=version, line=line, credits=document.credited(reading, [line]),
        is_current=number == artefact.current_number, may_restore=_may_restore(reading, facts, version),
        may_withdraw=line.is_live and bool(policy.may_withdraw_version(reading.actor, facts)),
        may_remove=not line.is_removed and bool(policy.may_remove_version(reading.actor, facts)),
        may_match=near.pair_slug is not None and bool(policy.may_pair_documents(reading.actor, facts)),
        **_original(reading, facts, version), **values,
    )  # fmt: skip


def _hidden(reading: Reading, facts: ArtefactFacts, version: Version) -> dict[str, Any]:
    """What a hidden version said and why it is hidden, for those who read that."""
    if not version.is_hidden or not policy.may_read_hidden_version(reading.actor, facts):
        return {}
    aside = seeing.hidden_text_of(reading, version)
    hiding = hiding_shown(reading, Reported.VERSION, version.id, is_hidden=True)
    return {"hidden_version": hiding, "html": aside.html if aside else ""}


def _linked_data(artefact: Artefact, current: Version | None, near: Around) -> Any:
    """What other programs are told of a public document."""
    if not artefact.is_public:
        return None
    way = [("/documents", gettext("Shared documents")), (f"/documents/{artefact.slug}", artefact.title)]
    thing = linked_data.of_document(artefact, current, near.council, near.licence.url)
    return linked_data.page_of(thing, way=way)


def _may_restore(reading: Reading, facts: ArtefactFacts, version: Version) -> bool:
    is_there = version.status != VersionStatus.REMOVED and facts.status is not ArtefactStatus.ENDED
    return is_there and bool(policy.may_write_draft(reading.actor, facts))


def _original(reading: Reading, facts: ArtefactFacts, version: Version) -> dict[str, Any]:
    """Whether the reader gets the file a version was taken from, and may show it to the public."""
    is_there = version.original_sha256 is not None and version.status != VersionStatus.REMOVED
    of_team = bool(policy.may_see_originals(reading.actor, facts))
    return {
        "has_original": is_there and (version.is_original_public or of_team),
        "may_show_original": is_there and bool(policy.may_show_original(reading.actor, facts)),
    }


def _page(
    reading: Reading, artefact: Artefact, project: Project, facts: ArtefactFacts, near: Around
) -> dict[str, Any]:  # fmt: skip
    """What the page of a document and that of a version have in common."""
    actor, is_draft = reading.actor, facts.status is ArtefactStatus.DRAFT
    is_kept = facts.status is not ArtefactStatus.ENDED
    leads = bool(policy.may_end_document(actor, facts))
    return {
        "artefact": artefact,
        "hiding": hiding_shown(reading, Reported.ARTEFACT, artefact.id, is_hidden=artefact.is_hidden),
        "project": project,
        "address": artefact.address,
        "near": near,
        "council": near.council,
        "kind": say(KIND_NAMES[ArtefactKind(artefact.kind)]),
        "status": say(STATUS_NAMES[facts.status]),
        "is_draft": is_draft,
        "is_ended": not is_kept,
        "written_in": say(LANGUAGES[artefact.language]),
        "text_language": artefact.language if artefact.language != current_language() else "",
        "review_is_past": is_kept and artefact.review_on is not None and artefact.review_on < clock.today(),
        "may_write": is_kept and bool(policy.may_write_draft(actor, facts)),
        "may_change": bool(policy.may_change_document(actor, facts)),
        "may_delete": is_draft and bool(policy.may_delete_document(actor, facts)),
        "may_pair": not is_draft and bool(policy.may_pair_documents(actor, facts)),
        "may_end": not is_draft and is_kept and leads,
        "may_reopen": not is_kept and leads,
    }


def _text(reading: Reading, artefact: Artefact, version: Version, near: Around) -> dict[str, Any]:
    """The text of a version, its contents, whom it names, and how to name it."""
    contents = contents_of(version.html)
    where = absolute(f"/documents/{artefact.address}/versions/{version.number}")
    licence = document.licence_names(reading, [version.licence])[version.licence]
    cite = gettext("%(council)s, “%(title)s”, version %(number)s, %(day)s, %(licence)s, %(address)s")
    return {
        "html": version.html,
        "contents": contents if len(contents) >= FEWEST_HEADINGS else (),
        "downloads": [(form.value, say(words)) for form, words in DOWNLOADS],
        "attribution": document.attribution_of(reading, version.sources),
        "licence": licence,
        "cite": cite % {
            "council": near.council.name, "title": version.title, "number": version.number,
            "day": uk_date(version.published_at), "licence": licence.name, "address": where,
        },
    }  # fmt: skip


def _pair(near: Around, latest: VersionLine | None, artefact: Artefact) -> dict[str, str] | None:
    """The document in the other language, and whether the two are in step."""
    if near.pair_slug is None:
        return None
    language = say(LANGUAGES[near.pair_language])
    matches = latest.matches if latest is not None and latest.number == artefact.current_number else None
    if matches is None:
        state = gettext(_("No version in %(language)s says the same as this one yet.")) % {"language": language}
    elif matches == near.pair_current:
        words = gettext(_("The two are in step: version %(number)s there says the same."))
        state = words % {"number": matches}
    else:
        words = gettext(_("The document in %(language)s has moved on since version %(number)s, which says the same."))
        state = words % {"language": language, "number": matches}
    return {
        "slug": near.pair_slug, "title": near.pair_title, "language": language, "code": near.pair_language,
        "state": state,
    }  # fmt: skip
