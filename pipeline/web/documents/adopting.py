"""Adopting a document as it is, moving up, ending that, and beginning an adapted copy."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.artefacts import policy
from pipeline.artefacts.actions.adapting import adapt_version, change_upstream
from pipeline.artefacts.actions.adopting import adopt_version, change_adoption, end_adoption, move_up
from pipeline.artefacts.adoption_messages import STANDING_NAMES, behind_words
from pipeline.artefacts.adoption_rules import (
    LONGEST_END_REASON,
    LONGEST_NOTE,
    AdoptionDetails,
    licences_allowed,
)
from pipeline.artefacts.models import Adoption, Artefact, Version
from pipeline.artefacts.policy import ArtefactFacts
from pipeline.artefacts.queries import register, seeing
from pipeline.artefacts.queries.homes import homes_of
from pipeline.artefacts.queries.lineage import lineage_of
from pipeline.artefacts.rules import LONGEST_APPROVER, LONGEST_TITLE, AdoptionStanding, ArtefactStatus, VersionStatus
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import anyone, members
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.projects.models import Project
from pipeline.web.asking import ask, number_in, status_of_form
from pipeline.web.forms import (
    AtMost,
    Day,
    HiddenField,
    Line,
    OnceForm,
    OneOfMany,
    PageForm,
    Required,
    Text,
    lazy,
    problems_onto,
)
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("adopting", __name__)

LONGEST_NUMBER = 9


class DetailsForm(OnceForm):
    """What a council records of its adoption."""

    version = HiddenField()
    approved_by = Line(
        lazy(_("Who approved it? (optional)")),
        description=lazy(_("For example the cabinet, a committee or a head of service. Do not name a person.")),
        validators=[AtMost(LONGEST_APPROVER)],
    )
    approved_on = Day(lazy(_("When was it approved? (optional)")))
    review_on = Day(
        lazy(_("When will your council look at it again? (optional)")),
        description=lazy(_("On that day it shows in your work, and in that of your colleagues.")),
    )
    note = Text(lazy(_("Note (optional)")), most=LONGEST_NOTE, render_kw={"rows": 4})

    @property
    def details(self) -> AdoptionDetails:
        return AdoptionDetails(self.review_on.data, self.note.data, self.approved_by.data, self.approved_on.data)


class EndForm(OnceForm):
    """Why a council uses a document no longer."""

    reason = Text(lazy(_("Why? (optional)")), most=LONGEST_END_REASON, render_kw={"rows": 4})


class MoveForm(PageForm):
    """A button, and the version that was looked at."""

    number = HiddenField()


class AdaptForm(OnceForm):
    """A copy: what it is called, where it is kept, under which licence."""

    title = Line(
        lazy(_("What will your document be called?")),
        validators=[Required(lazy(_("Give it a title"))), AtMost(LONGEST_TITLE)],
    )
    project = OneOfMany(lazy(_("Which project will keep it?")), choices=[])
    licence = OneOfMany(lazy(_("Under which licence will you share it?")), choices=[])


class OriginalForm(OnceForm):
    """Another document of the lineage, at one of its versions: `slug:number`."""

    original = OneOfMany(
        lazy(_("Which document does your copy come from?")),
        choices=[],
        validators=[Required(lazy(_("Choose a document")))],
    )


# Adopting


@blueprint.route("/documents/<slug>/adopt", methods=["GET", "POST"])
@members
def adopt(slug: str) -> Response:
    """Record that the council uses a version as it is: the current one, unless the address names another."""
    reading = begin_read()
    artefact, project, version = _to_use(reading, slug)
    ask(policy.may_adopt(reading.actor, seeing.artefact_facts_of(reading, artefact, project)))
    own = register.own_adoption(reading, artefact.id)
    form: Any = DetailsForm()
    values = {**_of(artefact, version), "own": _own_line(own) if own else None}
    status = status_of_form()
    if form.is_sent() and version is not None:
        sent = {"number": version.number, **_typed(form)}

        def act(work: UnitOfWork) -> str:
            adopt_version(work, slug=slug, number=version.number, details=form.details)
            return url_for("documents.show_document", slug=slug)

        done = _once(form, sent, act, _("Your council uses this document now. Everybody can see that."))
        if isinstance(done, Response):
            return done
        status = done
    return show("documents/adopt.html", status, form=form, **values)


@blueprint.get("/adoptions/<uuid:adoption_id>")
@anyone
@revalidated
def show_adoption(adoption_id: UUID) -> Response:
    """An adoption: which version, since when, approved by whom; and what its council may do with it."""
    reading = begin_read()
    adoption, artefact, _project = seeing.adoption_seen_by(reading, adoption_id)
    row = register.adoption_listed(reading, adoption_id, reading.actor)
    live = register.live_numbers_in(reading, [artefact.id])
    may_change = bool(policy.may_change_adoption(reading.actor, seeing.adoption_facts_of(adoption)))
    is_own = may_change and adoption.ended_at is None
    values = {
        "adoption": row,
        "slug": artefact.slug,
        "standing": say(STANDING_NAMES[AdoptionStanding(row.standing)]),
        "behind": say(behind_words(register.behind_of(row, live))),
        "is_withdrawn": row.version_status != VersionStatus.PUBLISHED.value,
        "moves": [
            {"words": _move_words(move), "when": move.moved_at} for move in register.moves_of(reading, adoption_id)
        ],
        "ended_reason": adoption.ended_reason,
        "is_own": is_own,
        "move": _move(row) if is_own else None,
        "text_language": artefact.language if artefact.language != current_language() else "",
    }
    return show("documents/adoption.html", **values)


@blueprint.route("/adoptions/<uuid:adoption_id>/edit", methods=["GET", "POST"])
@members
def edit_adoption(adoption_id: UUID) -> Response:
    """Change what is recorded of an adoption."""
    adoption, artefact = _own(adoption_id)
    form: Any = DetailsForm(adoption)
    status, saved = status_of_form(), None
    if form.is_sent():

        def act(work: UnitOfWork) -> str:
            change_adoption(work, adoption_id=adoption_id, version=number_in(form), details=form.details)
            return url_for("adopting.show_adoption", adoption_id=adoption_id)

        done = _once(form, {"version": form.version.data, **_typed(form)}, act, _("Saved."))
        if isinstance(done, Response):
            return done
        status, saved = done, _saved_meanwhile(adoption_id, form)
    return show(
        "documents/adoption_edit.html", status, form=form, saved=saved, title=artefact.title, adoption_id=adoption_id
    )


@blueprint.post("/adoptions/<uuid:adoption_id>/move-up")
@members
def move_adoption_up(adoption_id: UUID) -> Response:
    """Use the newer version from now on: the one the page showed."""
    form: Any = MoveForm()
    _adoption, artefact = _own(adoption_id)
    back = redirect(url_for("documents.show_document", slug=artefact.slug), 303)
    if not form.is_sent():
        flash(gettext(_("This was not sent whole. Please press the button again.")), "error")
        return back  # type: ignore[return-value]
    try:
        with begin_work() as work:
            move_up(work, adoption_id=adoption_id, number=_number(form.number.data))
    except (Conflict, NotFound) as refusal:
        flash(say(refusal.words), "error")
    else:
        words = Words(_("Your council uses version {n} now."), n=_number(form.number.data) or artefact.current_number)
        flash(say(words), "success")
    return back  # type: ignore[return-value]


@blueprint.route("/adoptions/<uuid:adoption_id>/end", methods=["GET", "POST"])
@members
def end(adoption_id: UUID) -> Response:
    """Say that the council uses a document no longer, after asking once."""
    adoption, artefact = _own(adoption_id)
    form: Any = EndForm()
    status = status_of_form()
    if form.is_sent():

        def act(work: UnitOfWork) -> str:
            end_adoption(work, adoption_id=adoption_id, reason=form.reason.data)
            return url_for("documents.show_document", slug=artefact.slug)

        done = _once(form, {"reason": form.reason.data}, act, _("Recorded: your council uses it no longer."))
        if isinstance(done, Response):
            return done
        status = done
    values = {"title": artefact.title, "adoption_id": adoption_id, "has_copy": adoption.copy_id is not None}
    return show("documents/adoption_end.html", status, form=form, **values)


# Adapting


@blueprint.route("/documents/<slug>/adapt", methods=["GET", "POST"])
@members
def adapt(slug: str) -> Response:
    """Begin a copy of a version for the council to change: the current one, unless the address names another."""
    reading = begin_read()
    artefact, project, version = _to_use(reading, slug)
    ask(policy.may_adapt(reading.actor, seeing.artefact_facts_of(reading, artefact, project)))
    own = register.own_adoption(reading, artefact.id)
    form: Any = AdaptForm(_Given(version)) if version else AdaptForm()
    allowed = _licences(reading, version)
    form.licence.choices = allowed
    form.project.choices = _projects(reading)
    status = status_of_form()
    if form.is_sent() and version is not None:

        def act(work: UnitOfWork) -> str:
            begun = adapt_version(
                work, slug=slug, number=version.number, project_slug=form.project.data or None, title=form.title.data,
                licence=form.licence.data,
            )  # fmt: skip
            return _address_of_draft(begun.draft.id, begun.artefact)

        sent = {"number": version.number, "title": form.title.data, "project": form.project.data}
        done = _once(form, sent, act, _("Your copy is kept as a draft. Change what your council does differently."))
        if isinstance(done, Response):
            return done
        status = done
    values = {**_of(artefact, version), "own": _own_line(own) if own else None, "is_allowed": bool(allowed)}
    return show("documents/adapt.html", status, form=form, **values)


@blueprint.route("/documents/<slug>/original", methods=["GET", "POST"])
@members
def choose_original(slug: str) -> Response:
    """Let a copy come from another document of its lineage."""
    reading = begin_read()
    artefact, project = seeing.artefact_seen_by(reading, slug)
    ask(policy.may_change_document(reading.actor, seeing.artefact_facts_of(reading, artefact, project)))
    form: Any = OriginalForm()
    form.original.choices = _originals(reading, artefact)
    status = status_of_form()
    if form.is_sent():
        upstream, _colon, number = form.original.data.rpartition(":")

        def act(work: UnitOfWork) -> str:
            change_upstream(work, slug=slug, upstream_slug=upstream, number=_number(number) or 0)
            return url_for("documents.show_document", slug=slug)

        done = _once(form, {"original": form.original.data}, act, _("Saved. Your copy comes from that document now."))
        if isinstance(done, Response):
            return done
        status = done
    return show(
        "documents/original.html", status, form=form, title=artefact.title, slug=slug,
        has_choices=len(form.original.choices) > 1,
    )  # fmt: skip


# The panel of a document's page


def panel_of(reading: Reading, artefact: Artefact, facts: ArtefactFacts) -> dict[str, Any]:
    """What the page of a document says of using it, for `documents/_adopt.html`: at most three statements."""
    own = register.own_adoption(reading, artefact.id)
    live = register.live_numbers_in(reading, [artefact.id]) if own else {}
    is_there = facts.is_public and artefact.current_number is not None
    is_others = is_there and artefact.council_id != reading.actor.council_id
    has_no_copy = own is None or own.standing == AdoptionStanding.AS_IS.value
    is_adaptable = is_others and bool(seeing.licence_of(reading, artefact.licence).adapted_under)
    return {
        "adopting": {
            "own": _own_line(own) if own else None,
            "behind": say(behind_words(register.behind_of(own, live))) if own else "",
            "move": _move(own) if own else None,
            "may_adopt": is_others and own is None and bool(policy.may_adopt(reading.actor, facts)),
            "may_adapt": is_adaptable and has_no_copy and bool(policy.may_adapt(reading.actor, facts)),
            "is_adaptable": is_adaptable,
            "asks_to_sign_in": is_others and reading.actor.is_anonymous,
            "number": artefact.current_number,
        }
    }


def _own_line(row: Any) -> dict[str, Any]:
    """The adoption of the reader's council in values a template shows."""
    standing = AdoptionStanding(row.standing)
    return {
        "id": row.id,
        "number": row.number,
        "is_as_is": standing is AdoptionStanding.AS_IS,
        "is_preparing": standing is AdoptionStanding.PREPARING,
        "is_withdrawn": row.version_status != VersionStatus.PUBLISHED.value,
        "current_number": row.current_number,
        "copy_address": row.copy_slug or (str(row.copy_id) if row.copy_id else ""),
        "review_on": row.review_on,
        "url": url_for("adopting.show_adoption", adoption_id=row.id),
    }


def _move(row: Any) -> dict[str, Any] | None:
    """The button to move to the current version, for `documents/_move_up.html`, where there is one to move to."""
    if row.standing != AdoptionStanding.AS_IS.value or row.current_number in (None, row.number):
        return None
    if row.current_number < row.number and row.version_status == VersionStatus.PUBLISHED.value:
        return None
    return {"id": row.id, "number": row.current_number}


def _move_words(move: Any) -> str:
    sentences = {
        AdoptionStanding.AS_IS: _("Used version {n} as it is"),
        AdoptionStanding.PREPARING: _("Began an adapted copy of version {n}"),
        AdoptionStanding.ADAPTED: _("Used its adapted copy of version {n}"),
        AdoptionStanding.ENDED: _("Used it no longer; it was version {n}"),
    }
    return say(Words(sentences[AdoptionStanding(move.standing)], n=move.number))


# What the pages share


def _to_use(reading: Reading, slug: str) -> tuple[Artefact, Project, Version | None]:
    """The document and the version a page is about: named by the address, else the current one."""
    artefact, project = seeing.artefact_seen_by(reading, slug)
    asked = request.args.get("version", "")
    number = _number(asked)
    if asked and number is None:
        raise NotFound("version")
    if number is not None:
        return artefact, project, seeing.version_of(reading, artefact, number)
    return artefact, project, seeing.current_version_of(reading, artefact)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def _of(artefact: Artefact, version: Version | None) -> dict[str, Any]:
    return {
        "title": version.title if version else artefact.title,
        "address": artefact.address,
        "number": version.number if version else None,
        "is_withdrawn": version is None or version.status != VersionStatus.PUBLISHED.value,
        "is_current": version is not None and version.number == artefact.current_number,
        "is_ended": artefact.status == ArtefactStatus.ENDED.value,
        "text_language": artefact.language if artefact.language != current_language() else "",
    }


def _own(adoption_id: UUID) -> tuple[Adoption, Artefact]:
    """An adoption of the reader's own council. Raises NotFound, NotAllowed."""
    reading = begin_read()
    adoption, artefact, _project = seeing.adoption_seen_by(reading, adoption_id)
    ask(policy.may_change_adoption(reading.actor, seeing.adoption_facts_of(adoption)))
    return adoption, artefact


def _once(form: Any, sent: dict[str, Any], act: Callable[[UnitOfWork], str], words: str) -> Response | int:
    """Carry an act out once and lead to where it says, or put what is wrong on the form and return the status."""
    key = key_of_form(form.idempotency_key.data, sent)
    try:
        with begin_work(key) as work:
            address = act(work)
            keep_answer(work.session, key, address)
    except (RuleBroken, Conflict) as refusal:
        return problems_onto(form, refusal, {"title": "title"})
    except AlreadyDone as done:
        return redirect(done.answer or request.path, 303)  # type: ignore[return-value]
    flash(gettext(words), "success")
    return redirect(address, 303)  # type: ignore[return-value]


def _typed(form: Any) -> dict[str, Any]:
    return {name: form[name].data for name in ("approved_by", "approved_on", "review_on", "note")}


def _saved_meanwhile(adoption_id: UUID, form: Any) -> list[tuple[str, str]] | None:
    """What somebody else saved meanwhile, beside what was typed."""
    adoption, _artefact, _project = seeing.adoption_seen_by(begin_read(), adoption_id)
    if str(adoption.version) == form.version.data:
        return None
    form.version.data = str(adoption.version)
    names = ("approved_by", "approved_on", "review_on", "note")
    return [(form[name].label.text, str(getattr(adoption, name) or "")) for name in names]


class _Given:
    """What the form of a copy is filled with: the original's own title and licence."""

    def __init__(self, version: Version) -> None:
        self.title = version.title
        self.licence = version.licence
        self.project = ""


def _licences(reading: Reading, version: Version | None) -> list[tuple[str, str]]:
    """The licences a copy of a version may carry, the original's own first; none where no copies may be made."""
    if version is None:
        return []
    known = {one.code: one for one in seeing.licences(reading)}
    codes = {version.licence, *(str(source["licence"]) for source in version.sources)}
    allowed = licences_allowed(known[code].adapted_under for code in codes if code in known)
    chosen = [one for one in known.values() if one.code in allowed]
    chosen.sort(key=lambda one: (one.code != version.licence, one.position))
    return [(one.code, one.name) for one in chosen]


def _projects(reading: Reading) -> list[tuple[str, str]]:
    """Where a copy may be kept: *Documents of (council)* first, then the projects of the council the officer is in."""
    own = [(one.slug or str(one.id), one.title) for one in homes_of(reading)]
    return [("", gettext(_("The documents of my council"))), *own]


def _originals(reading: Reading, artefact: Artefact) -> list[tuple[str, str]]:
    """The other documents of a lineage a copy may come from, each at its current version."""
    found = lineage_of(reading, artefact)
    own = {artefact.id, artefact.upstream_id}
    others = [
        one for one in found.lines
        if one.id not in own and one.slug and one.current_number and one.status is not ArtefactStatus.DRAFT
    ]  # fmt: skip
    words = [
        (f"{one.slug}:{one.current_number}", say(Words(_("{council}: {title}, version {n}"), council=one.council,
         title=one.title, n=one.current_number)))
        for one in others
    ]  # fmt: skip
    return [("", gettext(_("Choose a document"))), *words]


def _address_of_draft(draft_id: UUID, copy: Artefact) -> str:
    return f"{request.script_root}/documents/{copy.slug or copy.id}/drafts/{draft_id}"
