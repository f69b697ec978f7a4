"""oEmbed (https://oembed.com): given the address of a page, how another site shows it in a frame."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson
from flask import Blueprint, Response, current_app, request

from pipeline.artefacts.queries.seeing import artefact_seen_by
from pipeline.councils.queries import council_seen_by, councils_named
from pipeline.db.work import Reading
from pipeline.feeds.entry import for_xml
from pipeline.http.entry import anyone
from pipeline.http.language import WELSH
from pipeline.http.problems import answer_problem
from pipeline.http.reading import begin_read
from pipeline.http.security import PUBLIC_FOR_A_WHILE
from pipeline.kernel.errors import NotFound
from pipeline.kernel.text import is_storable
from pipeline.projects.queries import project_at
from pipeline.web.outside.embeds import SIZES, snippet
from pipeline.web.rendering import absolute, mark_of_page

blueprint = Blueprint("oembed", __name__)

PARAMETERS = ("url", "format", "maxwidth", "maxheight")
FORMATS = ("json", "xml")
KEPT_FOR_SECONDS = 30

_PLACE = re.compile(r"(?P<welsh>/cy)?/(?P<kind>projects|councils|documents)/(?P<slug>[^/]{1,100})/?")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """The page that was asked about: its kind and slug, its title, and the council it is by."""

    kind: str
    slug: str
    title: str
    council: str
    council_slug: str
    root: str


@blueprint.get("/oembed")
@anyone
def show_oembed() -> Response:
    """How to show a page of a project, council or document in a frame.

    Parameters of others' own are passed over, ours are strict.
    """
    asked = {name: request.args.getlist(name) for name in PARAMETERS}
    given = {name: values[0] for name, values in asked.items() if values}
    if wrong := _wrong(asked, given):
        return answer_problem(400, detail=wrong)
    if given.get("format", "json") not in FORMATS:
        return answer_problem(501, detail="format: json and xml are made.")
    mark = mark_of_page()
    try:
        found = _found(begin_read(), given["url"])
    except NotFound:
        return answer_problem(404)
    body = _body(found, *(int(given[name]) if name in given else None for name in ("maxwidth", "maxheight")))
    response = _as_xml(body) if given.get("format") == "xml" else _as_json(body)
    response.set_etag(mark)
    response.headers["Cache-Control"] = PUBLIC_FOR_A_WHILE
    return response.make_conditional(request)  # type: ignore[return-value]


def _wrong(asked: dict[str, list[str]], given: dict[str, str]) -> str:
    """What is wrong with our parameters; nothing where nothing is."""
    for name, values in asked.items():
        if len(values) > 1:
            return f"{name}: Give it once."
    for name in ("maxwidth", "maxheight"):
        if name in given and not _NUMBER.fullmatch(given[name]):
            return f"{name}: Give a whole number of pixels."
    return "" if given.get("url") else "url: Give the address of a page."


def _found(reading: Reading, address: str) -> Found:
    """What stands at an address of ours. Raises NotFound, for another site's as well."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise NotFound from None
    own = urlsplit(current_app.config["PUBLIC_URL"])
    place = _PLACE.fullmatch(unquote(parts.path))
    if (parts.scheme, parts.netloc) != (own.scheme, own.netloc) or place is None or not is_storable(place["slug"]):
        raise NotFound
    root, kind = place["welsh"] or "", place["kind"]
    if kind == "projects":
        project = project_at(reading, place["slug"])
        if project.keeps_documents:
            raise NotFound
        slug, title, council_id = project.slug, project.title, project.council_id
    elif kind == "documents":
        artefact, _project = artefact_seen_by(reading, place["slug"])
        slug, title, council_id = artefact.slug, artefact.title, artefact.council_id
    else:
        council = council_seen_by(reading, place["slug"])
        title = council.name_cy if root == WELSH and council.name_cy else council.name
        slug, council_id = council.slug, council.id
    by = councils_named(reading, [council_id])[council_id]
    return Found(kind, slug or "", title, by.name, by.slug, root)


def _body(found: Found, most_width: int | None, most_height: int | None) -> dict[str, Any]:
    size = SIZES[found.kind].within(most_width, most_height)
    return {
        "version": "1.0", "type": "rich", "title": found.title,
        "author_name": found.council, "author_url": absolute(f"{found.root}/councils/{found.council_slug}"),
        "provider_name": "Pipeline", "provider_url": absolute(f"{found.root}/"),
        "html": snippet(f"/{found.kind}/{found.slug}", found.title, size, found.root),
        "width": size.width, "height": size.height, "cache_age": KEPT_FOR_SECONDS,
    }  # fmt: skip


def _as_json(body: dict[str, Any]) -> Response:
    return Response(orjson.dumps(body), mimetype="application/json")


def _as_xml(body: dict[str, Any]) -> Response:
    root = Element("oembed")
    for name, value in body.items():
        SubElement(root, name).text = for_xml(str(value))
    return Response(tostring(root, encoding="utf-8", xml_declaration=True), content_type="text/xml; charset=utf-8")
