"""What a page is about in the words of schema.org, as JSON-LD, for search engines and other programs.

`base.html` writes it as data, which no browser runs: `tojson` escapes what could end its element. Only what is public
is told, and councils, not people.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import current_app, request

from pipeline.artefacts.models import Artefact, Version
from pipeline.councils.models import Council
from pipeline.http.language import current_language, gettext
from pipeline.lessons.models import Lesson
from pipeline.projects.page import ProjectPage
from pipeline.web.rendering import absolute

Thing = dict[str, Any]
CONTEXT = "https://schema.org"
OPEN_LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def page_of(*things: Thing, way: Sequence[tuple[str, str]] = ()) -> Thing:
    """What one page tells: its things, and the way down to it as (path, words)."""
    graph = [_without_nothing(thing) for thing in things]
    if way:
        graph.append(_breadcrumbs(way))
    return {"@context": CONTEXT, "@graph": graph}


def of_site() -> Thing:
    """Pipeline itself, and how to search it."""
    search = {
        "@type": "SearchAction", "target": {"@type": "EntryPoint", "urlTemplate": _url("/projects?q={words}")},
        "query-input": "required name=words",
    }  # fmt: skip
    return {
        "@type": "WebSite", "@id": _url("/"), "url": _url("/"), "name": "Pipeline", "inLanguage": current_language(),
        "license": OPEN_LICENCE, "potentialAction": search,
    }  # fmt: skip


def of_data() -> Thing:
    """All that the API gives away."""
    return {
        "@type": "Dataset", "@id": _url("/developers"), "url": _url("/developers"),
        "name": gettext("What councils do together on Pipeline"),
        "description": gettext("Projects, needs, pledges, shared documents and lessons of councils, as JSON."),
        "license": OPEN_LICENCE, "isAccessibleForFree": True,
        "distribution": {
            "@type": "DataDownload", "encodingFormat": "application/json", "contentUrl": absolute("/api/v1/")
        },
    }  # fmt: skip


def of_projects(cards: Iterable[Mapping[str, Any]]) -> Thing:
    """A page of the list of projects."""
    elements = [
        {"@type": "ListItem", "position": place, "url": absolute(card["url"]), "name": card["title"]}
        for place, card in enumerate(cards, 1)
    ]
    return {"@type": "ItemList", "itemListElement": elements}


def of_project(page: ProjectPage, themes: Iterable[tuple[str, str]], councils: Iterable[Any]) -> Thing:
    """A project; `councils` are those that are in besides the one that leads, with their slugs and names."""
    url = _url(f"/projects/{page.address}")
    return {
        "@type": "Project", "@id": url, "url": url, "name": page.title, "description": page.summary,
        "identifier": page.id.urn, "foundingDate": _day(page.published_at), "dissolutionDate": _day(page.ended_at),
        "keywords": [words for _value, words in themes],
        "parentOrganization": council_named(page.council_slug, page.council_name),
        "member": [council_named(one.slug, one.name) for one in councils],
    }  # fmt: skip


def of_council(council: Council) -> Thing:
    """A council, as the register knows it."""
    return council_named(council.slug, council.name) | {
        "alternateName": [one for one in (council.name_cy, council.short_name) if one and one != council.name],
        "identifier": {"@type": "PropertyValue", "propertyID": "GSS", "value": council.gss_code}
        if council.gss_code
        else None,
        "sameAs": council.website,
        "areaServed": {"@type": "AdministrativeArea", "name": council.short_name},
        "foundingDate": _day(council.started_on),
        "dissolutionDate": _day(council.last_day),
    }


def of_document(artefact: Artefact, version: Version | None, council: Council, licence_url: str) -> Thing:
    """A shared document at its current version."""
    url = _url(f"/documents/{artefact.slug}")
    by = council_named(council.slug, council.name)
    return {
        "@type": "DigitalDocument", "@id": url, "url": url, "name": artefact.title, "abstract": artefact.summary,
        "identifier": artefact.id.urn, "inLanguage": artefact.language, "license": licence_url, "author": by,
        "publisher": by, "version": str(version.number) if version else None,
        "datePublished": _day(artefact.published_at), "dateModified": _day(version.published_at) if version else None,
        "expires": _day(artefact.review_on), "isAccessibleForFree": True,
    }  # fmt: skip


def of_lesson(lesson: Lesson, council: Council, project: tuple[str, str]) -> Thing:
    """A lesson; `project` is the address and title of the project it comes from."""
    url = _url(f"/lessons/{lesson.slug}")
    return {
        "@type": "Article", "@id": url, "url": url, "headline": lesson.title, "inLanguage": lesson.language,
        "license": OPEN_LICENCE, "author": council_named(council.slug, council.name),
        "datePublished": _day(lesson.published_at), "dateModified": _day(lesson.edited_at or lesson.published_at),
        "about": {"@type": "Project", "url": _url(f"/projects/{project[0]}"), "name": project[1]},
    }  # fmt: skip


def council_named(slug: str, name: str) -> Thing:
    """A council by its address and name."""
    url = _url(f"/councils/{slug}")
    return {"@type": "GovernmentOrganization", "@id": url, "url": url, "name": name}


def _breadcrumbs(way: Sequence[tuple[str, str]]) -> Thing:
    elements = [
        {"@type": "ListItem", "position": place, "name": words, "item": _url(path)}
        for place, (path, words) in enumerate(way, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": elements}


def _without_nothing(thing: Thing) -> Thing:
    return {name: value for name, value in thing.items() if value not in (None, "", [])}


def _day(value: Any) -> str | None:
    """A date, or the date of a moment, also as a driver gives it."""
    return str(value)[:10] if value else None


def _url(path: str) -> str:
    base: str = current_app.config["PUBLIC_URL"]
    return f"{base}{request.script_root}{path}"
