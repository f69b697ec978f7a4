"""Documents as files: versions to download, files to take a text from, and the originals that were brought."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for

from pipeline.artefacts import policy
from pipeline.artefacts.actions.drafting import take_upload_into_draft
from pipeline.artefacts.actions.keeping import number_of_words
from pipeline.artefacts.actions.withdrawing import check_has_text
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.rules import VersionStatus
from pipeline.artefacts.written import written_document
from pipeline.documents.downloads import Form
from pipeline.documents.keeping import content_of, keep_upload, upload_seen_by
from pipeline.documents.models import Upload
from pipeline.documents.uploads import PROBLEMS, TakenIn
from pipeline.http.attachments import original
from pipeline.http.downloads import file_answer
from pipeline.http.entry import anyone, members
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, end_read
from pipeline.http.requests import takes_up_to
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.words import _
from pipeline.web.asking import ask, number_in, status_of_form
from pipeline.web.documents.drafts import MOST_BODY_WITH_FILE, found
from pipeline.web.documents.forms import FileForm, SureForm
from pipeline.web.forms import problems_onto
from pipeline.web.rendering import absolute, show

blueprint = Blueprint("document_files", __name__)


@blueprint.get("/documents/<slug>/versions/<int:number>/download/<form>")
@anyone
def download(slug: str, number: int, form: str) -> Response:
    """A version as a file: .md, .html, .docx or .odt, made from the published text."""
    if form not in set(Form):
        raise NotFound("page")
    reading = begin_read()
    artefact, _project = seeing.artefact_seen_by(reading, slug)
    version = seeing.version_of(reading, artefact, number)
    check_has_text(version)
    etag = f"{version.sha256[:24]}.{version.status}.{form}.{current_app.config['SETTINGS'].pipeline_mode}"
    if request.if_none_match.contains(etag):
        return _with_mark(Response(status=304), etag)
    address = absolute(f"/documents/{artefact.address}/versions/{number}")
    return _with_mark(file_answer(reading, artefact, version, Form(form), address), etag)


def _with_mark(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.get("/documents/<slug>/versions/<int:number>/original")
@anyone
def read_original(slug: str, number: int) -> Response:
    """The file a version was taken from, as it was brought: for the team, or everybody where a lead shows it."""
    reading = begin_read()
    artefact, project = seeing.artefact_seen_by(reading, slug)
    version = seeing.version_of(reading, artefact, number)
    facts = seeing.artefact_facts_of(reading, artefact, project)
    if version.original_sha256 is None or version.status == VersionStatus.REMOVED:
        raise NotFound("upload")
    if not version.is_original_public and not policy.may_see_originals(reading.actor, facts):
        raise NotFound("upload")
    upload = reading.session.get(Upload, version.original_upload_id) if version.original_upload_id else None
    content = content_of(reading, version.original_sha256)
    return original(content, upload.kind if upload else None, version.original_name or "document")


@blueprint.route("/documents/<slug>/drafts/<uuid:draft_id>/file", methods=["GET", "POST"])
@members
@takes_up_to(MOST_BODY_WITH_FILE)
def bring(slug: str, draft_id: UUID) -> Response:
    """Bring a file to take the text of a draft from."""
    reading = begin_read()
    draft, artefact, project = found(reading, slug, draft_id)
    ask(policy.may_write_draft(reading.actor, seeing.artefact_facts_of(reading, artefact, project)))
    here = url_for("drafts.show_draft", slug=slug, draft_id=draft_id)
    values = {"here": here, "title": draft.title, "has_text": bool(draft.text)}
    officer_id = reading.actor.officer_id
    form: Any = FileForm()
    status = status_of_form()
    if form.is_sent() and officer_id is not None:
        end_read()
        try:
            upload_id = keep_upload(
                officer_id=officer_id, file_name=form.file.name_of_file, field="file",
                content=form.file.data.read() if form.file.name_of_file else b"",
            )  # fmt: skip
        except RuleBroken as refusal:
            status = problems_onto(form, refusal)
        else:
            return redirect(f"{here}/file/{upload_id}", 303)  # type: ignore[return-value]
    return show("documents/file.html", status, form=form, **values)


@blueprint.route("/documents/<slug>/drafts/<uuid:draft_id>/file/<uuid:upload_id>", methods=["GET", "POST"])
@members
def take(slug: str, draft_id: UUID, upload_id: UUID) -> Response:
    """Where taking a file in stands; its text, once it is there, and the button that puts it into the draft."""
    reading = begin_read()
    draft, artefact, project = found(reading, slug, draft_id)
    ask(policy.may_write_draft(reading.actor, seeing.artefact_facts_of(reading, artefact, project)))
    upload = upload_seen_by(reading, upload_id)
    form: Any = SureForm(draft)
    status = status_of_form()
    values = _upload_values(upload) | {
        "here": url_for("drafts.show_draft", slug=slug, draft_id=draft_id), "title": draft.title,
        "has_text": bool(draft.text), "text_language": artefact.language,
    }  # fmt: skip
    if form.is_sent():
        try:
            with begin_work() as work:
                take_upload_into_draft(work, draft_id=draft_id, version=number_in(form), upload_id=upload_id)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
            if refusal.code == "draft.changed_meanwhile":
                form.version.data = str(found(begin_read(), slug, draft_id)[0].version)
        else:
            words = _("The text of the file is in the draft. Read it through: tables and notes may need a look.")
            flash(gettext(words), "success")
            return redirect(url_for("drafts.edit", slug=slug, draft_id=draft_id, kept="no"), 303)  # type: ignore[return-value]
    return show("documents/file_taken.html", status, form=form, **values)


def _upload_values(upload: Upload) -> dict[str, Any]:
    """A file as its page shows it."""
    state = TakenIn(upload.state)
    problem = PROBLEMS.get(upload.problem or "")
    return {
        "upload": upload,
        "is_waiting": state is TakenIn.WAITING,
        "is_ready": state is TakenIn.READY,
        "problem": say(problem) if problem else "",
        "html": written_document(upload.text).html if state is TakenIn.READY and upload.text else "",
        "words": number_of_words(upload.text or ""),
    }
