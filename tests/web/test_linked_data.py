"""What pages tell other programs of themselves, in the words of schema.org."""

import json
from typing import Any

import pytest

from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

HOST = "http://127.0.0.1:8000"
HOSTILE = "</script><script>alert(1)</script><!-- ]]> \u2028 & Tŷ ' \""


def told(client: CheckedClient, path: str) -> dict[str, Any]:
    """The things a page tells of, by their type."""
    page = client.page(path)
    [data] = page.find_all("script", type="application/ld+json")
    assert len(page.find_all("script", src=False)) == 1, path
    read = json.loads(data.string)
    assert read["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in read["@graph"]}


def test_pages_tell_what_they_are_about_whatever_their_titles_hold(
    client: CheckedClient, make: Factory, shelf: Shelf
) -> None:
    council = make.council("Leadham", website="https://leadham.example/")
    officer = make.officer(council, name="Nia Nobody")
    project = make.project(council, officer, slug="one", title=HOSTILE, summary=HOSTILE)
    shelf.document(project, officer, "A text.\n", slug="policy", title=HOSTILE)
    lesson = make.lesson(project, officer, council, title=HOSTILE)
    by = {"@type": "GovernmentOrganization", "@id": f"{HOST}/councils/leadham", "name": "Leadham Council",
          "url": f"{HOST}/councils/leadham"}  # fmt: skip

    shown = told(client, "/projects/one")
    assert (shown["Project"]["name"], shown["Project"]["description"]) == (HOSTILE, HOSTILE)
    assert shown["Project"]["parentOrganization"] == by
    assert [one["name"] for one in shown["BreadcrumbList"]["itemListElement"]] == ["Projects", HOSTILE]
    document = told(client, "/documents/policy")["DigitalDocument"]
    assert (document["name"], document["version"], document["author"]) == (HOSTILE, "1", by)
    assert document["license"].startswith("https://")
    article = told(client, f"/lessons/{lesson.slug}")["Article"]
    assert (article["headline"], article["about"]["name"]) == (HOSTILE, HOSTILE)
    register = told(client, "/councils/leadham")["GovernmentOrganization"]
    assert register["identifier"]["value"] == council.gss_code
    assert register["sameAs"] == "https://leadham.example/"
    assert told(client, "/projects")["ItemList"]["itemListElement"][0]["name"] == HOSTILE
    assert told(client, "/")["WebSite"]["name"] == "Pipeline"
    assert told(client, "/developers")["Dataset"]["license"].startswith("https://")
    for path in ("/projects/one", "/documents/policy", f"/lessons/{lesson.slug}", "/projects"):
        text = client.get(path).get_data(as_text=True)
        assert "<script>alert" not in text
        assert "Nia Nobody" not in text


def test_what_is_not_public_tells_programs_nothing(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    make.signed_in(client, officer, council)
    for values in ({"status": "draft"}, {"is_trial": True}, {"is_hidden": True}):
        project = make.project(council, officer, **values)
        page = client.page(f"/projects/{project.slug or project.id}")
        assert page.find("script", type="application/ld+json") is None
        assert page.find("link", rel="alternate", type=True) is None
