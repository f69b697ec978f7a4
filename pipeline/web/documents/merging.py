"""Taking changes in: choosing what, deciding part by part in as many sittings as it takes, and a draft at the end.

The three texts are read, the reading ends, and only then are they merged. What comes of it is given to the action.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.artefacts import policy
from pipeline.artefacts.actions import merging as actions
from pipeline.artefacts.actions.publishing import is_behind
from pipeline.artefacts.blocks import normal
from pipeline.artefacts.comparison import summary_words
from pipeline.artefacts.decisions import as_kept, carried_over, decisions_from, fitting, ordinals_of, parts_of
from pipeline.artefacts.diff import compare
from pipeline.artefacts.merge import Choice, Decision, Merged, Part, PartKind, merge, resolved
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.policy import ArtefactFacts
from pipeline.artefacts.queries import merging as queries
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.queries.comparing import Offered, reference_from
from pipeline.artefacts.queries.merging import MergeRead
from pipeline.artefacts.rules import MergeKind, MergeStatus
from pipeline.db.work import Reading
from pipeline.http.entry import members
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, end_read
from pipeline.http.requests import MOST_BODY_OF_DOCUMENT, takes_up_to
from pipeline.kernel.errors import Conflict, NotFound, Problem, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.text import clean
from pipeline.kernel.words import Words, _
from pipeline.web.asking import ask, number_in, status_of_form
from pipeline.web.documents.deciding import Deciding, choice_words, kind_words, prefilled
from pipeline.web.forms import HiddenField, PageForm, problems_onto
from pipeline.web.rendering import show
from pipeline.web.saved import give_back

blueprint = Blueprint("merging", __name__)

LONGEST_SUMMED_UP = 200_000
"""Characters of two texts that are compared in passing, for a line on the document's page."""


class BeginForm(PageForm):
    """What is taken in, and into which draft."""

    theirs = HiddenField()
    draft = HiddenField()


class DecideForm(PageForm):
    """The version of the merge that was looked at; the decisions are read by their numbers."""

    version = HiddenField()


# Beginning


@blueprint.route("/documents/<slug>/merge", methods=["GET", "POST"])
@members
def begin(slug: str) -> Response:
    """What can be taken in, and what is half done. The button begins, or goes on with the same that was begun."""
    reading = begin_read()
    artefact, project = seeing.artefact_seen_by(reading, slug)
    ask(policy.may_merge(reading.actor, seeing.artefact_facts_of(reading, artefact, project)))
    form: Any = BeginForm()
    values = _beginning(reading, artefact, slug, _draft_asked())
    status = status_of_form()
    if form.is_sent():
        try:
            merge_id = _begin(slug, form)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            return redirect(url_for("merging.decide", slug=slug, merge_id=merge_id), 303)  # type: ignore[return-value]
    return show("documents/merge_begin.html", status, form=form, **values)


def _draft_asked() -> UUID | None:
    return id_from(request.values.get("draft", ""))


def _begin(slug: str, form: Any) -> UUID:
    draft_id = id_from(form.draft.data)
    theirs = reference_from(form.theirs.data, "")
    if theirs is None and draft_id is None:
        words = Words(_("Choose a version to take in"))
        raise RuleBroken(Problem("merge.theirs_missing", words, "theirs"))
    with begin_work() as work:
        if theirs is None and draft_id is not None:
            return actions.begin_own_merge(work, draft_id=draft_id).id
        assert theirs is not None  # noqa: S101
        return actions.begin_merge(work, slug=slug, theirs=theirs, draft_id=draft_id).id


def _beginning(reading: Reading, artefact: Artefact, slug: str, draft_id: UUID | None) -> dict[str, Any]:
    newer = queries.newer_of_original(reading, artefact)
    asked = reference_from(request.args.get("theirs", ""), "")
    draft = seeing.draft_seen_by(reading, draft_id)[0] if draft_id is not None else None
    if draft is not None and draft.artefact_id != artefact.id:
        raise NotFound("draft")
    base = seeing.version_seen_by(reading, artefact.base_id)[0] if artefact.base_id and newer else None
    return {
        "title": artefact.title, "address": artefact.slug or slug, "newer": newer, "asked": asked,
        "base_number": base.number if base else None, "draft_id": draft.id if draft else None,
        "is_behind": draft is not None and is_behind(artefact, _started_number(reading, draft)),
        "current_number": artefact.current_number, "is_copy": artefact.upstream_id is not None,
        "half_done": [
            {"id": one.id, "words": kind_words(one.kind, one.number, one.title), "updated_at": one.updated_at}
            for one in queries.half_done_merges_of(reading, artefact.id)
        ],
    }  # fmt: skip


def _started_number(reading: Reading, draft: Any) -> int:
    if draft.started_from_id is None:
        return 0
    return seeing.version_seen_by(reading, draft.started_from_id)[0].number


# Deciding


@blueprint.route("/documents/<slug>/merge/<uuid:merge_id>", methods=["GET", "POST"])
@members
@takes_up_to(MOST_BODY_OF_DOCUMENT)
def decide(slug: str, merge_id: UUID) -> Response:
    """The changes, those that came in by themselves and those to choose, with what was decided so far."""
    read, document = _read(slug, merge_id)
    if read.status is not MergeStatus.OPEN and request.method == "GET":
        return _over(read, document)
    form: Any = DecideForm()
    merged = merge(read.base.text, read.theirs.text, read.ours.text)
    decisions = fitting(merged, decisions_from(read.decisions))
    page = Deciding(read, merged, decisions, part=_part(), is_copy=document["is_copy"])
    status = status_of_form()
    if read.status is not MergeStatus.OPEN:
        return _over_meanwhile(form, page, document)
    if not form.is_sent():
        page.typed = {name: given[0] for name, given in (give_back() or {}).items() if given}
        form.version.data = page.typed.get("version") or str(read.version)
        return _page(form, page, document, status)
    if request.form.get("step") == "renew":
        return _renew(form, page, document)
    try:
        page.decisions = _decisions_sent(merged, decisions)
        page.typed = dict(request.form)
        return _carry_on(form, page, document)
    except (RuleBroken, Conflict) as refusal:
        page.typed = dict(request.form)
        if isinstance(refusal, Conflict) and refusal.code == "merge.changed_meanwhile":
            return _changed_meanwhile(form, page, document, refusal)
        status = _onto(form, page, refusal)
    return _page(form, page, document, status)


def _read(slug: str, merge_id: UUID) -> tuple[MergeRead, dict[str, Any]]:
    """A merge with its texts, and what the page says of its document. Nothing is read afterwards."""
    reading = begin_read()
    found, artefact, project = queries.merge_seen_by(reading, merge_id)
    if slug not in (artefact.slug, str(artefact.id)):
        raise NotFound("merge")
    ask(policy.may_merge(reading.actor, seeing.artefact_facts_of(reading, artefact, project)))
    read = queries.read_merge(reading, found, artefact)
    document = {
        "title": artefact.title, "address": slug, "is_copy": artefact.upstream_id is not None,
        "language": artefact.language,
    }  # fmt: skip
    end_read()
    return read, document


def _part() -> int:
    part = request.args.get("part", "")
    return int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 1


def _decisions_sent(merged: Merged, before: Mapping[int, Decision]) -> dict[int, Decision]:
    """What was decided before, with what the form says of the parts that stand in it. Whoever writes own words and
    chooses nothing wants them.

    Raises RuleBroken (merge.text_missing, merge.text_unused) naming each part whose own text is wanted and not written,
    or is written while something else is chosen.
    """
    made, problems = dict(before), []
    parts = parts_of(merged)
    ordinals = ordinals_of(parts)
    for part in parts:
        choice = request.form.get(f"part-{part.number}", "")
        is_own = bool(part.number) and _is_own_text(part, before.get(part.number))
        if is_own and not choice:
            choice = Choice.TEXT.value
        if not part.number or choice not in set(Choice):
            continue
        text = _text_sent(part.number) if choice == Choice.TEXT else ""
        if choice == Choice.TEXT and not text.strip():
            words = Words(_("Write the text for change {n}, or choose another answer"), n=ordinals[part.number])
            problems.append(Problem("merge.text_missing", words, str(part.number)))
        elif is_own and choice != Choice.TEXT:
            words = Words(
                _("You wrote your own words for change {n}. Choose “Write it together”, or empty the box"),
                n=ordinals[part.number],
            )
            problems.append(Problem("merge.text_unused", words, str(part.number)))
        elif part.kind is not PartKind.CLASH and choice == default_choice(part.kind):
            made.pop(part.number, None)
        else:
            made[part.number] = Decision(choice, text)
    if problems:
        raise RuleBroken(*problems)
    return made


def _is_own_text(part: Part, before: Decision | None) -> bool:
    """Whether somebody wrote in the box of a part just now: it holds neither what it was filled with nor nothing."""
    typed = _text_sent(part.number).strip()
    filled = {prefilled(part), before.text if before else ""}
    return bool(typed) and typed not in {clean(text).strip() for text in filled}


def default_choice(kind: PartKind) -> str:
    """What becomes of a part that nobody decides on."""
    return Choice.OURS if kind is PartKind.OURS else Choice.THEIRS


def _text_sent(number: int) -> str:
    """What somebody wrote for a part: cleaned, but for the space an item of a list may begin with."""
    typed = request.form.get(f"text-{number}", "").replace("\r\n", "\n").lstrip("\n")
    return typed[: len(typed) - len(typed.lstrip(" "))] + clean(typed)


def _carry_on(form: Any, page: Deciding, document: Mapping[str, Any]) -> Response:
    """Save, or finish. What is decided is saved even where something is left to decide."""
    read, slug = page.read, document["address"]
    kept = as_kept(page.decisions)
    if request.form.get("step") != "finish":
        with begin_work() as work:
            actions.save_decisions(work, merge_id=read.id, version=number_in(form), decisions=kept)
        return _saved(page, slug)
    if page.left:
        with begin_work() as work:
            saved = actions.save_decisions(work, merge_id=read.id, version=number_in(form), decisions=kept)
            form.version.data = str(saved.version)
        raise RuleBroken(*page.left)
    text = normal(resolved(page.merged, page.decisions))
    with begin_work() as work:
        draft = actions.finish_merge(
            work, merge_id=read.id, version=number_in(form), decisions=kept, text=text,
            was_edited=text != page.text_of_theirs,
        )  # fmt: skip
        draft_id = draft.id
    flash(gettext(_("This stands in a draft now. Nothing is published until a lead publishes it.")), "success")
    return redirect(f"{request.script_root}/documents/{slug}/drafts/{draft_id}", 303)  # type: ignore[return-value]


def _saved(page: Deciding, slug: str) -> Response:
    flash(gettext(_("Saved. You can come back to this at any time.")), "success")
    part = page.part if page.part > 1 else None
    return redirect(url_for("merging.decide", slug=slug, merge_id=page.read.id, part=part), 303)  # type: ignore[return-value]


def _onto(form: Any, page: Deciding, refusal: RuleBroken | Conflict) -> int:
    """Each problem beside the part it concerns, the rest on the form."""
    page.problems = {problem.field: problem.words for problem in refusal.problems if problem.field}
    others = [problem for problem in refusal.problems if not problem.field]
    if not others:
        return 422
    return problems_onto(form, type(refusal)(*others) if isinstance(refusal, RuleBroken) else refusal)


def _changed_meanwhile(form: Any, page: Deciding, document: Mapping[str, Any], refusal: Conflict) -> Response:
    """Somebody else saved decisions: theirs beside what was sent, which is still in the form."""
    status = problems_onto(form, refusal)
    now, _document = _read(document["address"], page.read.id)
    form.version.data = str(now.version)
    named = gettext(_("Change %(number)s"))
    page.saved = [
        (named % {"number": page.ordinal(number)}, decision.text or choice_words(decision.choice, page))
        for number, decision in sorted(decisions_from(now.decisions).items())
        if page.decisions.get(number) != decision
    ]
    return _page(form, page, document, status)


def _renew(form: Any, page: Deciding, document: Mapping[str, Any]) -> Response:
    """Go on with what the draft says now."""
    read = page.read
    if read.draft_text is not None:
        after = merge(read.base.text, read.theirs.text, read.draft_text)
        kept = as_kept(carried_over(page.merged, after, page.decisions))
        try:
            with begin_work() as work:
                actions.renew_merge(
                    work, merge_id=read.id, version=number_in(form), ours_text=read.draft_text, decisions=kept
                )
        except Conflict as refusal:
            return _page(form, page, document, problems_onto(form, refusal))
    return redirect(url_for("merging.decide", slug=document["address"], merge_id=read.id), 303)  # type: ignore[return-value]


def _page(form: Any, page: Deciding, document: Mapping[str, Any], status: int) -> Response:
    return show("documents/merge.html", status, form=form, page=page, **document, **page.values(document))


def _over(read: MergeRead, document: Mapping[str, Any]) -> Response:
    """A merge that is finished leads to its draft; one that was thrown away says so."""
    address = document["address"]
    if read.status is MergeStatus.FINISHED:
        return redirect(f"{request.script_root}/documents/{address}/drafts/{read.draft_id}", 303)  # type: ignore[return-value]
    raise _not_open(read)


def _over_meanwhile(form: Any, page: Deciding, document: Mapping[str, Any]) -> Response:
    """Somebody finished or discarded the merge while one was deciding: that is said, and what was typed is shown."""
    page.typed = dict(request.form)
    form.version.data = str(page.read.version)
    return _page(form, page, document, problems_onto(form, _not_open(page.read)))


def _not_open(read: MergeRead) -> Conflict:
    is_done = read.status is MergeStatus.FINISHED
    words = _("This is finished: it stands in a draft.") if is_done else _("Somebody discarded this.")
    return Conflict("merge.not_open", Words(words), ("draft",) if is_done else ("begin",))


@blueprint.route("/documents/<slug>/merge/<uuid:merge_id>/discard", methods=["GET", "POST"])
@members
def discard(slug: str, merge_id: UUID) -> Response:
    """Throw a half-done merge away, after asking once."""
    read, document = _read(slug, merge_id)
    form: Any = DecideForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.discard_merge(work, merge_id=merge_id)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("Discarded. The document and its drafts are as they were.")), "success")
            return redirect(url_for("merging.begin", slug=slug), 303)  # type: ignore[return-value]
    words = kind_words(read.kind, read.theirs.number, read.theirs.title)
    return show("documents/merge_discard.html", status, form=form, words=words, merge_id=merge_id, **document)


# On the page of the document


def panel_of(reading: Reading, artefact: Artefact, facts: ArtefactFacts) -> dict[str, Any]:
    """What the page of a document says of changes to take in: a few queries for its team, none for others.

    `merge_panel` is None where there is nothing to say.
    """
    if not policy.may_merge(reading.actor, facts):
        return {"merge_panel": None}
    newer = queries.newer_of_original(reading, artefact)
    half_done = queries.half_done_merges_of(reading, artefact.id)
    if not newer and not half_done:
        return {"merge_panel": None}
    return {
        "merge_panel": {
            "address": artefact.address,
            "newest": newer[0] if newer else None,
            "behind": len(newer),
            "summary": _summary(reading, artefact, newer[0]) if newer else "",
            "half_done": [
                {"id": one.id, "words": kind_words(one.kind, one.number, one.title)}
                for one in half_done
                if one.kind is not MergeKind.SUGGESTION
            ],
        }
    }


def _summary(reading: Reading, artefact: Artefact, newest: Offered) -> str:
    """What changed in the original since the copy's base; nothing where that would take long to work out."""
    base, newer = queries.texts_of_base_and(reading, artefact, newest.reference)
    if not base or not newer or len(base) + len(newer) > LONGEST_SUMMED_UP:
        return ""
    return say(summary_words(compare(base, newer).summary))


__all__ = ["blueprint", "panel_of"]
