"""Writing a shared document: beginning one, its drafts, a preview, a colleague's check, and publishing."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for

from pipeline.artefacts import policy
from pipeline.artefacts.actions import drafting
from pipeline.artefacts.actions.checking import ask_for_check_of_draft
from pipeline.artefacts.actions.discarding import discard_draft
from pipeline.artefacts.actions.keeping import number_of_words
from pipeline.artefacts.actions.publishing import is_behind, publish_version
from pipeline.artefacts.blocks import normal
from pipeline.artefacts.models import Artefact, Draft, Version
from pipeline.artefacts.queries import document, seeing
from pipeline.artefacts.rules import ArtefactKind, ArtefactStatus, DocumentDetails, DraftStatus
from pipeline.artefacts.written import written_document
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading
from pipeline.documents.keeping import keep_upload
from pipeline.documents.markdown import contents_of
from pipeline.documents.uploads import LARGEST_UPLOAD
from pipeline.http.entry import members
from pipeline.http.identity import current_actor
from pipeline.http.language import current_language, gettext
from pipeline.http.reading import begin_read, begin_work, end_read, key_of_form
from pipeline.http.requests import MOST_BODY_OF_DOCUMENT, takes_up_to
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import _
from pipeline.lessons.policy import PlaceFacts
from pipeline.projects import queries as project_queries
from pipeline.projects.models import Project
from pipeline.similarity.rules import Kind
from pipeline.web.asking import ask, number_in, status_of_form
from pipeline.web.checks import AskForm, colleagues
from pipeline.web.documents.compared import changes_between
from pipeline.web.documents.forms import BeginForm, PublishForm, SureForm, WriteForm
from pipeline.web.documents.showing import FEWEST_HEADINGS
from pipeline.web.forms import problems_onto
from pipeline.web.people import names_of
from pipeline.web.rendering import show, uk_time
from pipeline.web.saved import Kept, forget_kept, keep_as_one_goes, kept_for
from pipeline.web.similar import panel_of, panel_while_writing

blueprint = Blueprint("drafts", __name__)

MOST_BODY_WITH_FILE = LARGEST_UPLOAD + MOST_BODY_OF_DOCUMENT

TEXTS = ("title", "text", "licence", "change_note")


@blueprint.route("/documents/new", methods=["GET", "POST"])
@members
@takes_up_to(MOST_BODY_WITH_FILE)
def begin() -> Response:
    """Begin a document: it is kept as a draft that only its team sees."""
    reading = begin_read()
    ask(policy.may_begin_document(reading.actor))
    form: Any = BeginForm(_Asked())
    form.offer(reading, [(one.address, one.title) for one in project_queries.own_projects(reading)])
    status, preview = status_of_form(), None
    if form.is_sent():
        status = 200
        if request.form.get("step") == "preview":
            preview = _preview(form)
        else:
            answer = _begin(form)
            if isinstance(answer, Response):
                return answer
            status = answer
    return show("documents/begin.html", status, form=form, preview=preview, kept=None, text_language=form.language.data)


class _Asked:
    """What the address of a new document already says: the project it is begun from."""

    @property
    def project(self) -> str:
        return request.args.get("project", "")


def _preview(form: Any) -> dict[str, Any]:
    """How a text will look, as it stands in a form. Nothing is kept."""
    html = written_document(form.text.data).html
    contents = contents_of(html)
    return {"html": html, "contents": contents if len(contents) >= FEWEST_HEADINGS else ()}


def _begin(form: Any) -> Response | int:
    """Keep the document and lead to its draft, or put the problems on the form and return the status."""
    details = DocumentDetails(ArtefactKind(form.kind.data), form.summary.data, form.review_on.data)
    key = key_of_form(form.idempotency_key.data, {name: form[name].data for name in ("title", "text", "project")})
    try:
        upload_id = _brought(form)
        with begin_work(key) as work:
            begun = drafting.begin_document(
                work, details=details, draft=form.draft_text(), language=form.language.data or "en",
                project_slug=form.project.data or None,
            )  # fmt: skip
            address = url_for("drafts.show_draft", slug=begun.artefact.address, draft_id=begun.draft.id)
            keep_answer(work.session, key, address)
    except (RuleBroken, Conflict) as refusal:
        return problems_onto(form, refusal)
    except AlreadyDone as done:
        return redirect(done.answer or url_for("documents.index"), 303)  # type: ignore[return-value]
    if upload_id is not None:
        return redirect(f"{address}/file/{upload_id}", 303)  # type: ignore[return-value]
    flash(gettext(_("Your draft is kept. Only the team sees it until a lead publishes it.")), "success")
    return redirect(address, 303)  # type: ignore[return-value]


def _brought(form: Any) -> UUID | None:
    """Keep the file that came with a form, if one did. Raises RuleBroken beside its field."""
    officer_id = begin_read().actor.officer_id
    if not form.file.name_of_file or officer_id is None:
        return None
    end_read()
    return keep_upload(
        officer_id=officer_id, file_name=form.file.name_of_file, content=form.file.data.read(), field="file"
    )


@blueprint.post("/documents/<slug>/drafts")
@members
def start(slug: str) -> Response:
    """Start a new version from the current one."""
    return _start(slug, None)


@blueprint.post("/documents/<slug>/versions/<int:number>/restore")
@members
def restore(slug: str, number: int) -> Response:
    """Start a new version with the text of an earlier one."""
    return _start(slug, number)


def _start(slug: str, number: int | None) -> Response:
    with begin_work() as work:
        draft = drafting.start_draft(work, slug=slug, restore=number)
    return redirect(url_for("drafts.edit", slug=slug, draft_id=draft.id), 303)  # type: ignore[return-value]


def found(reading: Reading, slug: str, draft_id: UUID) -> tuple[Draft, Artefact, Project]:
    """A draft under the address of its document. Raises NotFound."""
    draft, artefact, project = seeing.draft_seen_by(reading, draft_id)
    if slug not in (artefact.slug, str(artefact.id)):
        raise NotFound("draft")
    return draft, artefact, project


@blueprint.get("/drafts/<uuid:draft_id>")
@members
def find_draft(draft_id: UUID) -> Response:
    """Where a draft is: mail and lists of drafts know its id alone."""
    draft, artefact, _project = seeing.draft_seen_by(begin_read(), draft_id)
    return redirect(url_for("drafts.show_draft", slug=artefact.address, draft_id=draft.id), 303)  # type: ignore[return-value]


@blueprint.get("/documents/<slug>/drafts/<uuid:draft_id>")
@members
def show_draft(slug: str, draft_id: UUID) -> Response:
    """A draft as it will look, and what its reader may do with it."""
    reading = begin_read()
    draft, artefact, project = found(reading, slug, draft_id)
    if draft.status == DraftStatus.PUBLISHED:
        return redirect(url_for("documents.show_document", slug=artefact.address), 303)  # type: ignore[return-value]
    return show("documents/draft.html", **_draft_values(reading, draft, artefact, project))


def _draft_values(reading: Reading, draft: Draft, artefact: Artefact, project: Project) -> dict[str, Any]:
    facts, actor = seeing.artefact_facts_of(reading, artefact, project), reading.actor
    is_open = draft.status == DraftStatus.OPEN
    may_write = is_open and bool(policy.may_write_draft(actor, facts))
    html = written_document(draft.text, artefact.language).html
    contents = contents_of(html)
    checks = project_queries.checks_of(reading, draft.id) if may_write else []
    may_publish = may_write and bool(policy.may_publish_version(actor, facts))
    leads = names_of(reading, facts.project.lead_ids) if may_write and not may_publish else {}
    values = _common(reading, draft, artefact)
    return values | {
        "project": project,
        "html": html,
        "contents": contents if len(contents) >= FEWEST_HEADINGS else (),
        "licence": document.licence_names(reading, [draft.licence])[draft.licence],
        "may_write": may_write,
        "may_publish": may_publish,
        "leads": ", ".join(sorted(set(leads.values()))),
        "checks": checks,
        "names": names_of(reading, [draft.saved_by, *(one.officer_id for one in checks)]),
        "viewer_id": actor.officer_id,
        "own_check": project_queries.own_check_of(reading, draft.id),
        "kept": kept_for(_edit_path(artefact, draft)) if may_write else None,
        **panel_of(
            reading,
            Kind.DOCUMENT,
            artefact.id,
            artefact.address,
            PlaceFacts(facts.project, facts.keeps_documents),
            is_public=False,
            is_draft=facts.status is ArtefactStatus.DRAFT,
        ),
    }


def _common(reading: Reading, draft: Draft, artefact: Artefact) -> dict[str, Any]:
    """What every page of a draft says: which it is, what it started from, and whether a newer version came since."""
    started = reading.session.get(Version, draft.started_from_id) if draft.started_from_id else None
    number = started.number if started else 0
    return {
        "draft": draft,
        "artefact": artefact,
        "address": artefact.address,
        "here": url_for("drafts.show_draft", slug=artefact.address, draft_id=draft.id),
        "started_from": number,
        "next_number": artefact.last_number + 1,
        "is_behind": is_behind(artefact, number),
        "text_language": artefact.language if artefact.language != current_language() else "",
    }


def _edit_path(artefact: Artefact, draft: Draft) -> str:
    """Under which address what is typed into a draft is kept: the same in both languages, before and after."""
    return f"/documents/{artefact.id}/drafts/{draft.id}/edit"


@blueprint.route("/documents/<slug>/drafts/<uuid:draft_id>/edit", methods=["GET", "POST"])
@members
@takes_up_to(MOST_BODY_OF_DOCUMENT)
def edit(slug: str, draft_id: UUID) -> Response:
    """Write a draft. What is typed is kept as one goes; what somebody else saved meanwhile is shown beside it."""
    reading = begin_read()
    draft, artefact, project = found(reading, slug, draft_id)
    facts = seeing.artefact_facts_of(reading, artefact, project)
    ask(policy.may_write_draft(reading.actor, facts))
    kept = _kept(artefact, draft)
    form: Any = WriteForm(draft if kept is None else _KeptDraft(kept, draft))
    form.offer_licences(reading)
    values = _common(reading, draft, artefact)
    status, preview, theirs = status_of_form(), None, None
    if form.is_sent():
        status = 200
        if request.form.get("step") == "preview":
            preview = _preview(form)
        elif isinstance(answer := _save(form, draft_id, _edit_path(artefact, draft)), Response):
            return answer
        else:
            status, theirs = answer
    return show(
        "documents/write.html", status, form=form, preview=preview, theirs=theirs,
        clash=_differences(theirs, form) if theirs is not None else None,
        saved_by_you=theirs is not None and theirs.saved_by == current_actor().officer_id,
        kept_at=kept.kept_at if kept and request.method == "GET" else None, **values,
        **panel_while_writing(Kind.DOCUMENT, artefact, PlaceFacts(facts.project, facts.keeps_documents)),
    )  # fmt: skip


def _differences(theirs: Draft, form: Any) -> dict[str, Any]:
    """Where what is saved now and what was typed differ."""
    names = (gettext(_("What is saved now")), gettext(_("What you typed")))
    return changes_between(theirs.text, normal(form.text.data or ""), names, f"{request.path}?")


def _kept(artefact: Artefact, draft: Draft) -> Kept | None:
    """What the officer typed and did not save, unless they want to see what is saved."""
    if request.args.get("kept") == "no" or "given_back" in request.args:
        return None
    kept = kept_for(_edit_path(artefact, draft))
    if kept is None or all(kept.value(name).strip() == getattr(draft, name).strip() for name in TEXTS):
        return None
    return kept


class _KeptDraft:
    """A draft as somebody typed it, with the version they began to type from."""

    def __init__(self, kept: Kept, draft: Draft) -> None:
        self.version = kept.value("version") or str(draft.version)
        for name in TEXTS:
            setattr(self, name, kept.value(name) if name in kept.content else getattr(draft, name))


def _save(form: Any, draft_id: UUID, kept_path: str) -> Response | tuple[int, Draft | None]:
    """Save a draft and lead to it, or put the problems on the form: the status, and what somebody else saved."""
    try:
        with begin_work() as work:
            draft = drafting.save_draft(
                work, draft_id=draft_id, version=number_in(form),
                text=form.draft_text(is_major=work.session.get_one(Draft, draft_id).is_major),
            )  # fmt: skip
    except (RuleBroken, Conflict) as refusal:
        return problems_onto(form, refusal), _saved_by_others(form, draft_id, refusal)
    forget_kept(kept_path)
    flash(gettext(_("Saved.")), "success")
    artefact = begin_read().session.get_one(Artefact, draft.artefact_id)
    return redirect(url_for("drafts.show_draft", slug=artefact.address, draft_id=draft_id), 303)  # type: ignore[return-value]


def _saved_by_others(form: Any, draft_id: UUID, refusal: RuleBroken | Conflict) -> Draft | None:
    """What somebody else saved meanwhile, beside what was typed; saving again then writes over it, seen."""
    if refusal.code != "draft.changed_meanwhile":
        return None
    draft, _artefact, _project = seeing.draft_seen_by(begin_read(), draft_id)
    form.version.data = str(draft.version)
    return draft


@blueprint.post("/documents/<slug>/drafts/<uuid:draft_id>/keep")
@members
@takes_up_to(MOST_BODY_OF_DOCUMENT)
def keep(slug: str, draft_id: UUID) -> Response:
    """Keep what is being typed, for the one who types: asked by the page's script every few seconds."""
    reading = begin_read()
    draft, artefact, project = found(reading, slug, draft_id)
    ask(policy.may_write_draft(reading.actor, seeing.artefact_facts_of(reading, artefact, project)))
    version = draft.version
    path = _edit_path(artefact, draft)
    end_read()
    kept_at = keep_as_one_goes(path)
    words = gettext(_("Kept on %(moment)s, for you alone. Save when you are ready.")) % {"moment": uk_time(kept_at)}
    if kept_at is None:
        return jsonify(words=gettext(_("This is too long to be kept as you go. Save it.")))
    if request.form.get("version") != str(version):
        words += " " + gettext(_("Somebody else saved this draft meanwhile: when you save, you see both texts."))
    return jsonify(words=words)


@blueprint.post("/documents/<slug>/drafts/<uuid:draft_id>/forget")
@members
def forget(slug: str, draft_id: UUID) -> Response:
    """Throw away what one typed and did not save."""
    reading = begin_read()
    draft, artefact, _project = found(reading, slug, draft_id)
    path, after = _edit_path(artefact, draft), url_for("drafts.edit", slug=slug, draft_id=draft_id)
    end_read()
    forget_kept(path)
    return redirect(after, 303)  # type: ignore[return-value]


@blueprint.route("/documents/<slug>/drafts/<uuid:draft_id>/publish", methods=["GET", "POST"])
@members
def publish(slug: str, draft_id: UUID) -> Response:
    """Check what is asked once more, and publish a draft as the next version."""
    reading = begin_read()
    draft, artefact, project = found(reading, slug, draft_id)
    facts = seeing.artefact_facts_of(reading, artefact, project)
    ask(policy.may_publish_version(reading.actor, facts))
    form: Any = PublishForm(_Publishing(draft, artefact))
    values = _common(reading, draft, artefact)
    values["licence"] = document.licence_names(reading, [draft.licence])[draft.licence]
    values["words"] = number_of_words(draft.text)
    status = status_of_form()
    if form.is_sent():
        answer = _publish(form, draft, artefact.language)
        if isinstance(answer, Response):
            return answer
        status = answer
    return show("documents/publish.html", status, form=form, project=project, **values)


class _Publishing:
    """What the form of publishing is filled with: what the draft says, and for a first version the usual answers."""

    def __init__(self, draft: Draft, artefact: Artefact) -> None:
        self.version = draft.version
        is_first = artefact.last_number == 0
        self.change_note = draft.change_note or (gettext(_("First version.")) if is_first else "")
        self.size = "major" if draft.is_major or is_first else ""


def _publish(form: Any, draft: Draft, language: str) -> Response | int:
    draft_id, written = draft.id, written_document(draft.text, language)
    key = key_of_form(form.idempotency_key.data, {"version": form.version.data, "note": form.change_note.data})
    try:
        with begin_work(key) as work:
            version = publish_version(
                work, draft_id=draft_id, version=number_in(form), written=written, change_note=form.change_note.data,
                is_major=form.size.data == "major",
            )  # fmt: skip
            artefact = work.session.get_one(Artefact, version.artefact_id)
            address = url_for("documents.show_document", slug=artefact.address)
            keep_answer(work.session, key, address)
    except (RuleBroken, Conflict) as refusal:
        return problems_onto(form, refusal)
    except AlreadyDone as done:
        return redirect(done.answer or url_for("documents.index"), 303)  # type: ignore[return-value]
    words = gettext(_("Version %(number)s is published.")) % {"number": version.number}
    flash(words, "success")
    return redirect(address, 303)  # type: ignore[return-value]


@blueprint.route("/documents/<slug>/drafts/<uuid:draft_id>/discard", methods=["GET", "POST"])
@members
def discard(slug: str, draft_id: UUID) -> Response:
    """Throw a draft away, after asking once."""
    reading = begin_read()
    draft, artefact, project = found(reading, slug, draft_id)
    ask(policy.may_write_draft(reading.actor, seeing.artefact_facts_of(reading, artefact, project)))
    values = _common(reading, draft, artefact)
    form: Any = SureForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                discard_draft(work, draft_id=draft_id)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("The draft is gone.")), "success")
            return redirect(url_for("documents.show_document", slug=slug), 303)  # type: ignore[return-value]
    return show("documents/discard.html", status, form=form, **values)


@blueprint.route("/documents/<slug>/drafts/<uuid:draft_id>/check", methods=["GET", "POST"])
@members
def ask_for_check(slug: str, draft_id: UUID) -> Response:
    """Ask a colleague to check a draft before it is published."""
    reading = begin_read()
    draft, artefact, project = found(reading, slug, draft_id)
    facts = seeing.artefact_facts_of(reading, artefact, project)
    ask(policy.may_write_draft(reading.actor, facts))
    after, title = url_for("drafts.show_draft", slug=slug, draft_id=draft_id), draft.title
    form: Any = AskForm()
    choices = colleagues(reading, facts.project.team_ids)
    form.officer_id.choices = [("", gettext(_("Choose"))), *choices]
    status = status_of_form()
    if form.is_sent():
        officer_id = id_from(form.officer_id.data) or UUID(int=0)
        try:
            with begin_work() as work:
                ask_for_check_of_draft(work, draft_id=draft_id, officer_id=officer_id)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("They are asked. They can read the draft until they have answered.")), "success")
            return redirect(after, 303)  # type: ignore[return-value]
    return show("checks/ask.html", status, form=form, title=title, after=after, has_colleagues=bool(choices))
