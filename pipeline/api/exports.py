"""Everything public as files: what there is, the files themselves or a part of one, and small lists on request."""

import tempfile
from collections.abc import Iterator
from typing import IO, Any

import marshmallow as ma
from flask import Response, current_app, request

from pipeline.api.base import (
    Blueprint,
    NoParameters,
    answer,
    list_etag,
    list_schema,
    not_modified,
    own_etag,
)
from pipeline.api.data_package import MEDIA_TYPES, data_package
from pipeline.api.events import events_from
from pipeline.api.export_kinds import LISTED, MOST_FILTERED, Listed
from pipeline.api.paging import FewParameters, answer_few
from pipeline.api.parameters import fields_of
from pipeline.db.engine import database
from pipeline.db.statements import utc_text
from pipeline.exports.keeping import KeptExport, KeptFile, export_given_out, part_of
from pipeline.exports.kinds import Form, written
from pipeline.exports.messages import KIND_WORDS
from pipeline.http.entry import anyone
from pipeline.http.language import say_in_english
from pipeline.http.problems import answer_problem
from pipeline.http.ranges import part_asked_for
from pipeline.http.reading import begin_public_read, end_read
from pipeline.http.security import PUBLIC_FOR_A_WHILE
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.words import Words, _

blueprint = Blueprint(
    "api_exports", __name__, url_prefix="/api/v1", description="Everything public as files: download once, then follow"
)

SOON = 30
"""Seconds after which to ask again for files that are being made."""

IN_MEMORY, AT_A_TIME = 2**20, 2**16
"""Bytes of a list made on request: what is held in memory before it goes to a file, and what is sent at a time."""

CHANGING_BY_ITSELF = ("q", "review_due")
"""With these a list changes without an event: the index follows a moment later, and a day passes."""


REFUSED = {
    416: {"description": "The part that Range asked for begins after the end of the file"},
    503: {"description": "The file is being made; Retry-After says when to try again"},
}


class ExportFileSchema(ma.Schema):
    """One file."""

    format = ma.fields.String(required=True, metadata={"description": "ndjson or csv", "example": "csv"})
    url = ma.fields.String(required=True)
    media_type = ma.fields.String(required=True, metadata={"example": "text/csv"})
    bytes = ma.fields.Integer(required=True)
    sha256 = ma.fields.String(required=True, metadata={"description": "Of the whole file, in hexadecimal"})


class ExportSchema(ma.Schema):
    """All public things of one kind, as files. All kinds are of the same moment."""

    kind = ma.fields.String(required=True, metadata={"example": "projects"})
    description = ma.fields.String(required=True)
    rows = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null while the files are being made"}
    )
    taken_at = ma.fields.DateTime(required=True, allow_none=True, metadata={"description": "The moment they show"})
    events = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Where to go on: what happened since that moment"}
    )
    files = ma.fields.List(
        ma.fields.Nested(ExportFileSchema), required=True, metadata={"description": "None while they are being made"}
    )


class DataPackageSchema(ma.Schema):
    """The files as a Data Package (datapackage.org) describes them."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    homepage = ma.fields.String(required=True)
    created = ma.fields.DateTime(required=True, metadata={"description": "The moment the files show"})
    licenses = ma.fields.List(ma.fields.Dict(), required=True)
    sources = ma.fields.List(ma.fields.Dict(), required=True)
    resources = ma.fields.List(
        ma.fields.Dict(), required=True, metadata={"description": "Each file, with the columns of a table"}
    )


class ExportsParameters(FewParameters):
    """What the list of exports takes."""

    wanted = fields_of(ExportSchema)


@blueprint.route("/exports")
@anyone
@blueprint.arguments(ExportsParameters, location="query")
@blueprint.response(200, list_schema(ExportSchema))
def list_exports(parameters: dict[str, Any]) -> Response:
    """List the files that hold everything public, and where to go on after them. Renewed at most hourly."""
    export = export_given_out(begin_public_read())
    rows = [_shown(one, export) for one in LISTED.values()]
    return answer_few("api-exports", parameters, rows, own_etag([rows, str(parameters)]), name="kind")


@blueprint.route("/exports/datapackage.json")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.doc(responses={503: REFUSED[503]})
@blueprint.response(200, DataPackageSchema)
def get_data_package(_asked: dict[str, Any]) -> Response:
    """Read the description of the files as a Data Package: columns, types, sizes, hashes, licences, sources."""
    export = export_given_out(begin_public_read())
    if export is None:
        return _not_ready()
    body = data_package(export, events_from(export.event_id))
    return answer(body, etag=own_etag(body))


def _shown(one: Listed, export: KeptExport | None) -> dict[str, Any]:
    """A kind as the list of exports shows it."""
    names = {form: f"{one.name}.{form.value}" for form in Form}
    found = {form: export.files[name] for form, name in names.items() if export and name in export.files}
    return {
        "kind": one.name, "description": say_in_english(KIND_WORDS[one.name]),
        "rows": found[Form.NDJSON].rows if found else None,
        "taken_at": utc_text(export.taken_at) if export and found else None,
        "events": events_from(export.event_id) if export and found else None,
        "files": [
            {
                "format": form.value, "url": f"{_base()}/{file.name}", "media_type": MEDIA_TYPES[form],
                "bytes": file.size, "sha256": file.sha256,
            }
            for form, file in found.items()
        ],
    }  # fmt: skip


def _add_download(listed: Listed, form: Form) -> None:
    """Add the address of the file of a kind in a form, with what its list can be narrowed to."""

    def download(asked: dict[str, Any]) -> Response:
        return _on_request(listed, form, asked) if request.args else _as_kept(listed, form)

    name = f"{listed.name}.{form.value}"
    download.__name__ = f"download_{listed.name}_{form.value}"
    download.__doc__ = f"Download all {listed.name} as {form.name}, or a part of the file (Range)."
    if listed.number is not None:
        download.__doc__ = (
            f"Download {listed.name} as {form.name}: all of them, or a part of that file (Range); or, made on request,"
            f" those of a list narrowed to {MOST_FILTERED:,} rows or fewer."
        )
    content = {"content": {MEDIA_TYPES[form]: {"schema": {"type": "string"}}}}
    described = {200: content, 206: content | {"description": "The part that Range asked for"}} | REFUSED
    view = blueprint.doc(responses=described)(blueprint.response(200)(download))
    view = blueprint.arguments(listed.parameters, location="query")(view)
    blueprint.route(f"/exports/{name}")(anyone(view))


def _as_kept(listed: Listed, form: Form) -> Response:
    """The file that is kept, or a part of it; nothing of it is read before it is sent."""
    export = export_given_out(begin_public_read())
    file = export.files.get(f"{listed.name}.{form.value}") if export else None
    end_read()
    if export is None or file is None:
        return _not_ready()
    etag = file.sha256[:32]
    response = not_modified(etag) or _sent(file, form, etag)
    response.headers["Link"] = (
        f'<{events_from(export.event_id)}>; rel="monitor", <{_base()}/datapackage.json>; rel="describedby"'
    )
    return response


def _sent(file: KeptFile, form: Form, etag: str) -> Response:
    part = part_asked_for(file.size, etag)
    begin, end = (part.begin, part.end) if part else (0, file.size)
    response = _file(part_of(database.engine, file, begin, end), form, file.name, end - begin)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = f'"{etag}"'
    if part is not None:
        response.status_code = 206
        response.headers["Content-Range"] = part.content_range
    return response


def _on_request(listed: Listed, form: Form, asked: dict[str, Any]) -> Response:
    """A narrowed list, made whole in a temporary file before its first byte leaves: a slow reader holds no transaction,
    and what goes wrong is an answer, not half a file. Raises RuleBroken (export.too_many_rows)."""
    etag = None if any(asked.get(name) for name in CHANGING_BY_ITSELF) else list_etag()
    if etag is not None and (unchanged := not_modified(etag)):
        return unchanged
    reading = begin_public_read()
    if listed.number is not None and listed.number(reading, asked) > MOST_FILTERED:
        words = Words(
            _("More than {most} rows are too many at once. Narrow the list, or take the whole file."), most="10,000"
        )
        raise RuleBroken(Problem("export.too_many_rows", words))
    content = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer
    for piece in written(listed.kind(), form, listed.pages(reading, asked)):
        content.write(piece)
    end_read()
    size = content.tell()
    content.seek(0)
    response = _file(_read_and_closed(content), form, f"{listed.name}.{form.value}", size)
    response.call_on_close(content.close)
    if etag is not None:
        response.headers["ETag"] = f'"{etag}"'
    return response


def _read_and_closed(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while piece := content.read(AT_A_TIME):
            yield piece


def _file(content: Any, form: Form, name: str, size: int) -> Response:
    """Bytes that a browser saves as a file."""
    response = Response(content, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = PUBLIC_FOR_A_WHILE
    return response


def _not_ready() -> Response:
    """The files are being made, for the first time or because something was taken out of them."""
    words = say_in_english(Words(_("The file is being made. It will be here in a minute or so: try again then.")))
    response = answer_problem(503, "export.not_ready", title=words, detail=words)
    response.headers["Retry-After"] = str(SOON)
    return response


def _base() -> str:
    return f"{current_app.config['PUBLIC_URL']}/api/v1/exports"


for _listed in LISTED.values():
    for _form in Form:
        _add_download(_listed, _form)
