"""The page from which everything public is downloaded."""

from dataclasses import dataclass

from flask import Blueprint, Response

from pipeline.db.work import Reading
from pipeline.exports.keeping import KeptExport, export_given_out
from pipeline.exports.kinds import Form
from pipeline.exports.messages import KIND_NAMES, KIND_WORDS
from pipeline.http.entry import anyone
from pipeline.http.language import gettext, ngettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.actor import ANONYMOUS
from pipeline.web.rendering import show

blueprint = Blueprint("exports", __name__)

ADDRESS = "/api/v1/exports"
FORM_NAMES = {Form.CSV: "CSV", Form.NDJSON: "NDJSON"}


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file to download, as the page shows it."""

    url: str
    form: str
    size: str


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of things, with its files."""

    name: str
    words: str
    rows: str
    files: list[FileLine]


@blueprint.get("/data")
@anyone
def show_exports() -> Response:
    """Download everything public as files. No mark of the log stands for it: files come when the worker made them."""
    reading = begin_read()
    export = export_given_out(Reading(reading.session, ANONYMOUS, reading.now))
    lines = [_line(export, name) for name in KIND_NAMES] if export else []
    return show("exports/show.html", lines=lines, taken_at=export.taken_at if export else None, address=ADDRESS)


def _line(export: KeptExport, name: str) -> KindLine:
    names = {form: f"{name}.{form.value}" for form in (Form.CSV, Form.NDJSON)}
    files = {form: export.files[name] for form, name in names.items() if name in export.files}
    rows = max((file.rows for file in files.values()), default=0)
    return KindLine(
        say(KIND_NAMES[name]), say(KIND_WORDS[name]),
        ngettext("%(n)s row", "%(n)s rows", rows) % {"n": f"{rows:,}"},
        [
            FileLine(f"{ADDRESS}/{file.name}", FORM_NAMES[form], size_words(file.size))
            for form, file in files.items()
        ],
    )  # fmt: skip


def size_words(size: int) -> str:
    """How large a file is, as people say it: 2.4 MB, 14 kB."""
    if size >= 1_000_000:
        return gettext("%(n)s MB") % {"n": f"{size / 1_000_000:,.1f}"}
    return gettext("%(n)s kB") % {"n": max(round(size / 1_000), 1)}
