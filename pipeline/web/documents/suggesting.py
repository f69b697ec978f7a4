"""Suggesting a change: from a copy to its original, and the original's leads' answer.

What a suggestion comes to is merged after the reading has ended, like everything that is compared or merged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.artefacts import policy
from pipeline.artefacts.actions import merging
from pipeline.artefacts.actions import suggesting as actions
from pipeline.artefacts.actions.keeping import text_kept
from pipeline.artefacts.blocks import normal
from pipeline.artefacts.decisions import clashes_of, parts_of
from pipeline.artefacts.diff import compare
from pipeline.artefacts.merge import Choice, Decision, Merged, PartKind, merge, resolved
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.queries import suggestions as queries
from pipeline.artefacts.queries.suggestions import CopyRead, SuggestionRead
from pipeline.artefacts.rules import SuggestionStatus, VersionStatus
from pipeline.artefacts.suggestion_messages import MEANINGS, STATUS_NAMES, STATUS_TAGS
from pipeline.comments.rules import CommentedOn
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import anyone, members
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work, end_read, key_of_form
from pipeline.http.requests import MOST_BODY_OF_DOCUMENT, takes_up_to
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.moderation.rules import Reported
from pipeline.web.asking import ask, number_from, number_in, status_of_form
from pipeline.web.comments import comments_panel
from pipeline.web.documents.compared import Marks, changes_between, words_changed
from pipeline.web.documents.suggestion_forms import DeclineForm, EditForm, SuggestForm, SureForm
from pipeline.web.forms import problems_onto
from pipeline.web.hidden import hiding_shown
from pipeline.web.rendering import revalidated, show, uk_date
from pipeline.web.saved import give_back

blueprint = Blueprint("suggesting", __name__)

MOST_CHANGES = 300
"""Changes one can choose from: a form has room for so many answers."""


# Making one


@blueprint.route("/documents/<slug>/suggestions/new", methods=["GET", "POST"])
@members
def suggest(slug: str) -> Response:
    """Choose changes of a copy and say why the original should have them. "Preview" keeps nothing."""
    copy, document = _copy(slug)
    form: Any = SuggestForm()
    parts = _Parts(copy)
    status, preview = status_of_form(), None
    if not form.is_sent():
        if request.method == "GET":
            form.number.data, form.against.data = str(copy.own.number), str(copy.base.id)
        return _choose(form, parts, document, status)
    text = parts.text(_chosen(parts))
    if request.form.get("step") == "preview":
        preview, status = _comparison(copy.base.text, text, document), 200
        return _choose(form, parts, document, status, preview)
    try:
        return _send(slug, form, text)
    except (RuleBroken, Conflict) as refusal:
        status = problems_onto(form, refusal)
    return _choose(form, parts, document, status)


def _copy(slug: str) -> tuple[CopyRead, dict[str, Any]]:
    """A copy with its base, for its team. Nothing is read afterwards.

    Raises Conflict (suggestion.no_original, version.removed).
    """
    reading = begin_read()
    artefact, project = seeing.artefact_seen_by(reading, slug)
    ask(policy.may_suggest(reading.actor, seeing.artefact_facts_of(reading, artefact, project)))
    copy = queries.copy_read(reading, artefact)
    document = {"title": artefact.title, "address": artefact.slug or slug, "language": artefact.language}
    end_read()
    if copy is None:
        words = Words(_("There is no original that changes can be suggested to, or your copy is not published yet."))
        raise Conflict("suggestion.no_original", words)
    if copy.base.is_removed:
        words = Words(_("The version your copy is based on was removed. Take in a newer one of the original first."))
        raise Conflict("version.removed", words, ("merge",))
    return copy, document


class _Parts:
    """What a copy says otherwise than its base, in parts that can be chosen one by one."""

    def __init__(self, copy: CopyRead) -> None:
        self.copy = copy
        self.merged: Merged = merge(copy.base.text, copy.own.text, copy.base.text)
        self.changes = [part for part in parts_of(self.merged) if part.kind is PartKind.THEIRS]

    def text(self, chosen: set[int]) -> str:
        """The base with the chosen changes in it."""
        kept = {part.number: Decision(Choice.OURS) for part in self.changes if part.number not in chosen}
        return normal(resolved(self.merged, kept))


def _chosen(parts: _Parts) -> set[int]:
    """The changes that were chosen, or that were when the session ended."""
    sent = request.form.getlist("changes") if request.method == "POST" else (give_back() or {}).get("changes", [])
    return {number_from(one) for one in sent} & {part.number for part in parts.changes}


def _choose(
    form: Any, parts: _Parts, document: Mapping[str, Any], status: int, preview: Mapping[str, Any] | None = None
) -> Response:
    marks, chosen = Marks(), _chosen(parts)
    changes = [
        {
            "number": part.number, "is_chosen": part.number in chosen,
            "words": words_changed(compare(part.base, part.theirs), marks),
        }
        for part in parts.changes[:MOST_CHANGES]
    ]  # fmt: skip
    copy = parts.copy
    return show(
        "documents/suggest.html", status, form=form, copy=copy, changes=changes, preview=preview,
        more=len(parts.changes) - len(changes), text_language=_text_language(document), **document,
    )  # fmt: skip


def _text_language(document: Mapping[str, Any]) -> str:
    return document["language"] if document["language"] != current_language() else ""


def _send(slug: str, form: Any, text: str) -> Response:
    values = {"number": number_from(form.number.data), "reason": form.reason.data}
    against_id = id_from(form.against.data)
    if against_id is None:
        raise NotFound("version")
    try:
        with begin_work(key_of_form(form.idempotency_key.data, {**values, "text": text})) as work:
            made = actions.make_suggestion(work, slug=slug, against_id=against_id, text=text, **values)
            original, _project = seeing.artefact_by_id(work, made.artefact_id)
            address = url_for("suggesting.show_suggestion", slug=original.address, suggestion_id=made.id)
            keep_answer(work.session, key_of_form(form.idempotency_key.data, {**values, "text": text}), address)
    except AlreadyDone as done:
        return redirect(done.answer or url_for("suggestions.index", slug=slug), 303)  # type: ignore[return-value]
    flash(gettext(_("Sent. The leads of the original are told, and answer within ten working days.")), "success")
    return redirect(address, 303)  # type: ignore[return-value]


def _comparison(old: str, new: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """What a text changes in another, in line, with its summary."""
    names = (gettext(_("The original")), gettext(_("With the suggestion")))
    changes = changes_between(old, new, names, f"{request.path}?")
    return {**changes, "text_language": _text_language(document)}


# Reading and answering one


@dataclass(frozen=True, slots=True)
class _Found:
    """A suggestion somebody looks at, with what they may do with it, and the version it would go into."""

    read: SuggestionRead
    document: dict[str, Any]
    current_number: int | None
    current_text: str
    may_answer: bool
    may_withdraw: bool
    around: dict[str, Any]
    """What was said about it, and why it is hidden where it is."""

    @property
    def is_open(self) -> bool:
        return self.read.status is SuggestionStatus.MADE

    @property
    def is_mergeable(self) -> bool:
        return self.current_number is not None and self.read.against_status is not VersionStatus.REMOVED

    def merged(self) -> Merged:
        """What it comes to in the current version."""
        return merge(self.read.against_text, self.read.text, self.current_text)


def _found(slug: str, suggestion_id: UUID) -> _Found:
    """A suggestion as its reader sees it. Nothing is read afterwards."""
    reading = begin_read()
    suggestion, artefact, project = queries.suggestion_seen_by(reading, suggestion_id)
    if slug not in (artefact.slug, str(artefact.id)):
        raise NotFound("suggestion")
    facts = queries.suggestion_facts_of(seeing.artefact_facts_of(reading, artefact, project), suggestion)
    current = seeing.current_version_of(reading, artefact)
    found = _Found(
        queries.read_suggestion(reading, suggestion_id),
        {
            "title": artefact.title, "address": slug, "language": artefact.language, "licence": artefact.licence,
            "is_ended": artefact.ended_at is not None,
        },
        current.number if current else None, current.text if current else "",
        bool(policy.may_answer_suggestion(reading.actor, facts)),
        bool(policy.may_withdraw_suggestion(reading.actor, facts)),
        comments_panel(reading, CommentedOn.SUGGESTION, suggestion_id)
        | {"hiding": hiding_shown(reading, Reported.SUGGESTION, suggestion_id, is_hidden=suggestion.is_hidden)},
    )  # fmt: skip
    end_read()
    return found


@blueprint.get("/documents/<slug>/suggestions/<uuid:suggestion_id>")
@anyone
@revalidated
def show_suggestion(slug: str, suggestion_id: UUID) -> Response:
    """A suggestion: what it changes, why, where it stands, and what its reader may do with it."""
    return _shown(_found(slug, suggestion_id), SureForm(), 200)


def _shown(found: _Found, form: Any, status: int) -> Response:
    read = found.read
    waits = found.is_open and found.may_answer
    meaning = MEANINGS.get(read.status)
    form.version.data = str(read.version)
    return show(
        "documents/suggestion.html", status, form=form, read=read, **found.document, **found.around,
        status_name=say(STATUS_NAMES[read.status]), status_tag=STATUS_TAGS[read.status],
        meaning=say(meaning) if meaning else "",
        changed=None if read.against_status is VersionStatus.REMOVED or not read.text
        else _comparison(read.against_text, read.text, found.document),
        outlook=_outlook(found) if waits else None, current_number=found.current_number,
        may_withdraw=found.is_open and found.may_withdraw,
        due=uk_date(read.due_on) if found.is_open and read.due_on and not read.is_answered else "",
    )  # fmt: skip


def _outlook(found: _Found) -> dict[str, Any]:
    """What accepting comes to: `fits` as it stands, so many places to `choose`, or nothing (`is_over`)."""
    if not found.is_mergeable or found.document["is_ended"]:
        return {"is_over": True, "choose": 0}
    merged = found.merged()
    is_over = merged.is_clean and normal(merged.text or "") == found.current_text
    return {"is_over": is_over, "choose": len(clashes_of(merged))}


@blueprint.post("/documents/<slug>/suggestions/<uuid:suggestion_id>/accept")
@members
def accept(slug: str, suggestion_id: UUID) -> Response:
    """Take a suggestion into a draft as it stands; where both changed the same place, the leads choose first."""
    found = _to_answer(slug, suggestion_id)
    form: Any = SureForm()
    if not form.is_sent():
        return _shown(found, form, 422)
    try:
        where = _take(found, number_in(form))
    except (RuleBroken, Conflict) as refusal:
        return _shown(_found(slug, suggestion_id), form, problems_onto(form, refusal))
    return redirect(where, 303)  # type: ignore[return-value]


def _to_answer(slug: str, suggestion_id: UUID) -> _Found:
    """A suggestion for its reader to answer. Whether it still waits for that, the acts say, beside what was typed.

    Raises NotFound, NotAllowed.
    """
    reading = begin_read()
    suggestion, artefact, project = queries.suggestion_seen_by(reading, suggestion_id)
    facts = queries.suggestion_facts_of(seeing.artefact_facts_of(reading, artefact, project), suggestion)
    ask(policy.may_answer_suggestion(reading.actor, facts))
    return _found(slug, suggestion_id)


def _answered_already(found: _Found) -> Response:
    """Whoever comes too late to do something is led to what became of the suggestion."""
    flash(gettext(_("This suggestion waits for no answer any more.")), "info")
    where = url_for("suggesting.show_suggestion", slug=found.document["address"], suggestion_id=found.read.id)
    return redirect(where, 303)  # type: ignore[return-value]


def _take(found: _Found, version: int) -> str:
    """Accept a suggestion as it stands, or begin to choose; returns where to go on."""
    read, slug = found.read, found.document["address"]
    merged = _mergeable(found)
    if not merged.is_clean:
        with begin_work() as work:
            begun = merging.begin_suggestion_merge(work, suggestion_id=read.id)
            return url_for("merging.decide", slug=slug, merge_id=begun.id)
    return _into_draft(found, version, normal(merged.text or ""), was_edited=False)


def _mergeable(found: _Found) -> Merged:
    """What a suggestion comes to. Raises Conflict (suggestion.changes_nothing) where nothing is left to merge."""
    if not found.is_mergeable:
        words = Words(_("What this was made against is gone, so it cannot be taken in. Decline it, or close it."))
        raise Conflict("suggestion.changes_nothing", words, ("decline", "close"))
    return found.merged()


def _into_draft(found: _Found, version: int, text: str, *, was_edited: bool) -> str:
    with begin_work() as work:
        draft = actions.accept_suggestion(
            work, suggestion_id=found.read.id, version=version, number=found.current_number or 0, text=text,
            was_edited=was_edited,
        )  # fmt: skip
        where = f"{request.script_root}/documents/{found.document['address']}/drafts/{draft.id}"
    flash(gettext(_("This stands in a draft now. Nothing is published until a lead publishes it.")), "success")
    return where


@blueprint.route("/documents/<slug>/suggestions/<uuid:suggestion_id>/edit", methods=["GET", "POST"])
@members
@takes_up_to(MOST_BODY_OF_DOCUMENT)
def edit(slug: str, suggestion_id: UUID) -> Response:
    """Change what a suggestion comes to, and accept that. Where both changed the same place, the leads choose first."""
    found = _to_answer(slug, suggestion_id)
    form: Any = EditForm()
    if request.method == "GET":
        if not found.is_open:
            return _answered_already(found)
        merged = _mergeable(found)
        if not merged.is_clean:
            return _page_of_edit(form, found, 200, must_choose=True)
        form.text.data = normal(merged.text or "")
        form.version.data, form.number.data = str(found.read.version), str(found.current_number)
        return _page_of_edit(form, found, 200)
    status = status_of_form()
    if form.is_sent():
        try:
            if form.number.data != str(found.current_number):
                words = Words(_("Another version was published meanwhile. Look at what the suggestion comes to in it."))
                raise Conflict("suggestion.document_moved", words, ("look",))
            text, merged = text_kept(form.text.data), _mergeable(found)
            is_edited = not merged.is_clean or text != normal(merged.text or "")
            return redirect(_into_draft(found, number_in(form), text, was_edited=is_edited), 303)  # type: ignore[return-value]
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
    return _page_of_edit(form, found, status)


def _page_of_edit(form: Any, found: _Found, status: int, *, must_choose: bool = False) -> Response:
    return show(
        "documents/suggestion_edit.html", status, form=form, read=found.read, must_choose=must_choose,
        text_language=_text_language(found.document), **found.document,
    )  # fmt: skip


@blueprint.route("/documents/<slug>/suggestions/<uuid:suggestion_id>/decline", methods=["GET", "POST"])
@members
def decline(slug: str, suggestion_id: UUID) -> Response:
    """Decline a suggestion, with a reason."""
    found = _to_answer(slug, suggestion_id)
    form: Any = DeclineForm()
    if request.method == "GET" and not found.is_open:
        return _answered_already(found)

    def act(work: UnitOfWork) -> None:
        actions.decline_suggestion(work, suggestion_id=suggestion_id, version=number_in(form), reason=form.reason.data)

    said = _("Declined. They are told, and read why.")
    return _small_act(found, form, act, "documents/suggestion_decline.html", said)


@blueprint.post("/documents/<slug>/suggestions/<uuid:suggestion_id>/close")
@members
def close(slug: str, suggestion_id: UUID) -> Response:
    """Close a suggestion that was overtaken."""
    found = _to_answer(slug, suggestion_id)
    form: Any = SureForm()
    changes_nothing = bool(_outlook(found)["is_over"])

    def act(work: UnitOfWork) -> None:
        actions.close_suggestion(
            work, suggestion_id=suggestion_id, version=number_in(form), changes_nothing=changes_nothing
        )

    return _small_act(found, form, act, "", _("Closed: it has nothing left to add."))


@blueprint.route("/documents/<slug>/suggestions/<uuid:suggestion_id>/withdraw", methods=["GET", "POST"])
@members
def withdraw(slug: str, suggestion_id: UUID) -> Response:
    """Take a suggestion back, after asking once."""
    reading = begin_read()
    suggestion, artefact, project = queries.suggestion_seen_by(reading, suggestion_id)
    facts = queries.suggestion_facts_of(seeing.artefact_facts_of(reading, artefact, project), suggestion)
    ask(policy.may_withdraw_suggestion(reading.actor, facts))

    def act(work: UnitOfWork) -> None:
        actions.withdraw_suggestion(work, suggestion_id=suggestion_id)

    found, form = _found(slug, suggestion_id), SureForm()
    if request.method == "GET" and not found.is_open:
        return _answered_already(found)
    return _small_act(found, form, act, "documents/suggestion_withdraw.html", _("The suggestion is taken back."))


def _small_act(
    found: _Found, form: Any, act: Callable[[UnitOfWork], None], template: str, said: str
) -> Response:  # fmt: skip
    """One act on a suggestion: its page (that of the suggestion where it has none), and back to the suggestion."""
    slug, suggestion_id = found.document["address"], found.read.id
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                act(work)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal, {"answer": "reason"})
        else:
            flash(gettext(said), "success")
            where = url_for("suggesting.show_suggestion", slug=slug, suggestion_id=suggestion_id)
            return redirect(where, 303)  # type: ignore[return-value]
    elif request.method == "GET":
        form.version.data = str(found.read.version)
    if not template:
        return _shown(_found(slug, suggestion_id), form, status)
    return show(template, status, form=form, read=found.read, **found.document)
