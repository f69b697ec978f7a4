"""Keeping a document: its details, its end, its pair in the other language; versions withdrawn, removed, matched."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for

from pipeline.artefacts import policy
from pipeline.artefacts.actions import ending, pairing, withdrawing
from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.policy import ArtefactFacts
from pipeline.artefacts.queries import document, seeing
from pipeline.artefacts.queries.holding import versions_holding
from pipeline.artefacts.rules import ArtefactKind, DocumentDetails
from pipeline.db.work import Reading
from pipeline.documents.models import Upload
from pipeline.http.entry import coordinators, members
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.words import _
from pipeline.web.asking import ask, number_in, status_of_form
from pipeline.web.documents.forms import (
    DetailsForm,
    MatchForm,
    PairForm,
    ReasonForm,
    ShowOriginalForm,
    SureForm,
    kind_choices,
)
from pipeline.web.forms import problems_onto
from pipeline.web.rendering import show, uk_date

blueprint = Blueprint("tending", __name__)


def _found(reading: Reading, slug: str) -> tuple[Artefact, ArtefactFacts, dict[str, Any]]:
    artefact, project = seeing.artefact_seen_by(reading, slug)
    facts = seeing.artefact_facts_of(reading, artefact, project)
    return artefact, facts, {"artefact": artefact, "address": artefact.address, "title": artefact.title}


def _found_version(reading: Reading, slug: str, number: int) -> tuple[Version, ArtefactFacts, dict[str, Any]]:
    artefact, facts, values = _found(reading, slug)
    version = seeing.version_of(reading, artefact, number)
    return version, facts, values | {"version": version, "number": number}


def _to_document(slug: str, words: str = "") -> Response:
    if words:
        flash(words, "success")
    return redirect(url_for("documents.show_document", slug=slug), 303)  # type: ignore[return-value]


def _to_version(slug: str, number: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("documents.show_version", slug=slug, number=number), 303)  # type: ignore[return-value]


@blueprint.route("/documents/<slug>/details", methods=["GET", "POST"])
@members
def change_details(slug: str) -> Response:
    """Change the summary, kind and review date."""
    reading = begin_read()
    artefact, facts, values = _found(reading, slug)
    ask(policy.may_change_document(reading.actor, facts))
    form: Any = DetailsForm(artefact)
    form.kind.choices = kind_choices()[1:]
    status, theirs = status_of_form(), None
    if form.is_sent():
        details = DocumentDetails(ArtefactKind(form.kind.data), form.summary.data, form.review_on.data)
        try:
            with begin_work() as work:
                ending.change_document(work, slug=slug, version=number_in(form), details=details)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
            if refusal.code == "artefact.changed_meanwhile":
                now, _project = seeing.artefact_seen_by(begin_read(), slug)
                form.version.data = str(now.version)
                theirs = [(form.summary.label.text, now.summary), (form.review_on.label.text, uk_date(now.review_on))]
        else:
            return _to_document(slug, gettext(_("Saved.")))
    return show("documents/details.html", status, form=form, saved=theirs, **values)


@blueprint.route("/documents/<slug>/end", methods=["GET", "POST"])
@members
def end(slug: str) -> Response:
    """Keep a document no longer, after asking once."""
    reading = begin_read()
    _artefact, facts, values = _found(reading, slug)
    ask(policy.may_end_document(reading.actor, facts))
    form: Any = SureForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                ending.end_document(work, slug=slug)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            return _to_document(slug, gettext(_("The document is kept no longer. What is there stays readable.")))
    return show("documents/end.html", status, form=form, **values)


@blueprint.post("/documents/<slug>/reopen")
@members
def reopen(slug: str) -> Response:
    """Keep a document again."""
    with begin_work() as work:
        ending.reopen_document(work, slug=slug)
    return _to_document(slug, gettext(_("The document is kept again.")))


@blueprint.route("/documents/<slug>/delete", methods=["GET", "POST"])
@members
def delete(slug: str) -> Response:
    """Throw away a document that was never published, after asking once."""
    reading = begin_read()
    _artefact, facts, values = _found(reading, slug)
    ask(policy.may_delete_document(reading.actor, facts))
    form: Any = SureForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                ending.delete_document(work, slug=slug)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("The document is deleted.")), "success")
            return redirect(url_for("your_work.show_your_work"), 303)  # type: ignore[return-value]
    return show("documents/delete.html", status, form=form, **values)


@blueprint.route("/documents/<slug>/pair", methods=["GET", "POST"])
@members
def pair(slug: str) -> Response:
    """Say which document is the same in the other language, or that none is any more."""
    reading = begin_read()
    artefact, facts, values = _found(reading, slug)
    ask(policy.may_pair_documents(reading.actor, facts))
    form: Any = PairForm()
    pairable = document.pairable_with(reading, artefact)
    form.other.choices = [("", gettext(_("Choose"))), *((one.slug, one.title) for one in pairable)]
    values |= {"near": document.around(reading, artefact), "has_any": bool(pairable)}
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                pairing.pair_documents(work, slug=slug, other_slug=form.other.data)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            words = _("The two are a pair now. Say of each version which one in the other language says the same.")
            return _to_document(slug, gettext(words))
    return show("documents/pair.html", status, form=form, **values)


@blueprint.post("/documents/<slug>/unpair")
@members
def unpair(slug: str) -> Response:
    """Say that two documents are not one in two languages."""
    with begin_work() as work:
        pairing.unpair(work, slug=slug)
    return _to_document(slug, gettext(_("The two are no pair any more.")))


@blueprint.route("/documents/<slug>/versions/<int:number>/match", methods=["GET", "POST"])
@members
def match(slug: str, number: int) -> Response:
    """Say which version of the document in the other language says the same."""
    reading = begin_read()
    version, facts, values = _found_version(reading, slug, number)
    ask(policy.may_pair_documents(reading.actor, facts))
    pair_id = values["artefact"].pair_id
    if pair_id is None:
        raise NotFound("artefact")
    other, _project = seeing.artefact_by_id(reading, pair_id)
    lines = document.history_of(reading, other)
    form: Any = MatchForm(_Matched(next((line.number for line in lines if line.id == version.matches_id), None)))
    none = ("", gettext(_("None yet")))
    named = gettext(_("Version %(number)s, %(day)s"))
    form.number.choices = [
        none,
        *(
            (str(line.number), named % {"number": line.number, "day": uk_date(line.published_at)})
            for line in lines
            if not line.is_removed
        ),
    ]
    status = status_of_form()
    if form.is_sent():
        chosen = int(form.number.data) if form.number.data else None
        try:
            with begin_work() as work:
                pairing.match_version(work, slug=slug, number=number, other_number=chosen)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            return _to_version(slug, number, gettext(_("Saved.")))
    return show("documents/match.html", status, form=form, other=other, **values)


class _Matched:
    """The version that is said to match now."""

    def __init__(self, number: int | None) -> None:
        self.number = "" if number is None else str(number)


@blueprint.route("/documents/<slug>/versions/<int:number>/withdraw", methods=["GET", "POST"])
@members
def withdraw(slug: str, number: int) -> Response:
    """Say of a version that nobody should use it, and why."""
    reading = begin_read()
    _version, facts, values = _found_version(reading, slug, number)
    ask(policy.may_withdraw_version(reading.actor, facts))
    form: Any = ReasonForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                withdrawing.withdraw_version(work, slug=slug, number=number, reason=form.reason.data)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            words = gettext(_("The version is withdrawn. Councils that use it are told."))
            return _to_version(slug, number, words)
    return show("documents/withdraw.html", status, form=form, **values)


@blueprint.route("/documents/<slug>/versions/<int:number>/remove", methods=["GET", "POST"])
@coordinators
def remove(slug: str, number: int) -> Response:
    """Remove the text of a version for good, after showing where else its words are found."""
    reading = begin_read()
    version, facts, values = _found_version(reading, slug, number)
    ask(policy.may_remove_version(reading.actor, facts))
    form: Any = ReasonForm()
    status = status_of_form()
    values["holding"] = versions_holding(reading, version)
    if form.is_sent():
        try:
            with begin_work() as work:
                withdrawing.remove_version(work, slug=slug, number=number, reason=form.reason.data)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            words = gettext(_("The text is removed. Number, hash, date and your notice are left."))
            return _to_version(slug, number, words)
    return show("documents/remove.html", status, form=form, **values)


@blueprint.route("/documents/<slug>/versions/<int:number>/original/show", methods=["GET", "POST"])
@members
def show_original(slug: str, number: int) -> Response:
    """Show the file a version was taken from to everybody, after reading what else it holds; or to the team only."""
    reading = begin_read()
    version, facts, values = _found_version(reading, slug, number)
    ask(policy.may_show_original(reading.actor, facts))
    if version.original_sha256 is None:
        raise NotFound("upload")
    is_shown = version.is_original_public
    values["upload"] = reading.session.get(Upload, version.original_upload_id) if version.original_upload_id else None
    form: Any = ShowOriginalForm()
    status = status_of_form()
    if form.is_sent():
        if not is_shown and not form.is_read.data:
            form.is_read.errors = [gettext(_("Read what the file holds, then say that everybody may see it"))]
            status = 422
        else:
            with begin_work() as work:
                withdrawing.show_original(work, slug=slug, number=number, is_shown=not is_shown)
            return _to_version(slug, number, gettext(_("Saved.")))
    return show("documents/show_original.html", status, form=form, is_shown=is_shown, **values)
