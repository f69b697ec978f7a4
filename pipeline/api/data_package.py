"""The description of the exports as a Data Package (datapackage.org), for tools that read such."""

from typing import Any

from flask import current_app

from pipeline.api.export_kinds import LISTED
from pipeline.api.root import LICENCE
from pipeline.db.statements import utc_text
from pipeline.exports.keeping import KeptExport, KeptFile
from pipeline.exports.kinds import Column, Form, Kind
from pipeline.exports.messages import KIND_WORDS
from pipeline.http.language import say_in_english

LICENCES = [{"name": "OGL-UK-3.0", "title": LICENCE["name"], "path": LICENCE["url"]}]
MEDIA_TYPES = {Form.NDJSON: "application/x-ndjson", Form.CSV: "text/csv"}
REGISTER_SOURCES = [
    {
        "title": "mySociety, UK local authority names and codes (CC BY 4.0)",
        "path": "https://pages.mysociety.org/uk_local_authority_names_and_codes/",
    },
    {
        "title": "GOV.UK, local-links-manager (MIT, Crown copyright)",
        "path": "https://github.com/alphagov/local-links-manager",
    },
]
"""Where the facts about councils come from: `councils/register/SOURCES.md` says which of them."""

OF_TABLES = (
    "Text that a spreadsheet would take for a formula has an apostrophe before it. Lists are JSON. An empty cell stands"
    " for null and for an empty text."
)
OF_DOCUMENTS = "Each document and version has a licence of its own, in the column licence."


def data_package(export: KeptExport, events: str) -> dict[str, Any]:
    """The description of a set of files. `events` is where the log goes on after them."""
    base: str = current_app.config["PUBLIC_URL"]
    kinds = [one.kind() for one in LISTED.values()]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "pipeline",
        "title": "Pipeline: projects councils do together",
        "description": "Everything the public can read on Pipeline, all of it as it stood at one moment. What happened"
        f" since is at {events}",
        "homepage": base,
        "created": utc_text(export.taken_at),
        "licenses": LICENCES,
        "sources": [{"title": "Pipeline", "path": base}],
        "resources": [
            resource(kind, form, export.files[kind.file_name(form)])
            for kind in kinds
            for form in (Form.CSV, Form.NDJSON)
            if kind.file_name(form) in export.files
        ],
    }


def resource(kind: Kind, form: Form, file: KeptFile) -> dict[str, Any]:
    """One file: its size, its hash, its licence and, of a table, its columns."""
    words = [say_in_english(KIND_WORDS[kind.name]) + "."]
    words += [OF_DOCUMENTS] if kind.name in ("artefacts", "versions") else []
    described: dict[str, Any] = {
        "name": kind.name if form is Form.CSV else f"{kind.name}-ndjson",
        "path": file.name,
        "title": say_in_english(KIND_WORDS[kind.name]),
        "format": form.value,
        "mediatype": MEDIA_TYPES[form],
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "licenses": LICENCES,
    }
    if kind.name == "councils":
        described["sources"] = REGISTER_SOURCES
    if form is Form.CSV:
        fields = [_field(column) for column in kind.columns]
        described |= {"type": "table", "profile": "tabular-data-resource"}
        described["schema"] = {"fields": fields, "primaryKey": ["id"], "missingValues": [""]}
        words.append(OF_TABLES)
    else:
        words.append("One row a line, as the API's list has it.")
    return described | {"description": " ".join(words)}


def _field(column: Column) -> dict[str, Any]:
    said = {"format": column.format, "description": column.words}
    return {"name": column.name, "type": column.type.value} | {name: one for name, one in said.items() if one}
