"""English at the root, Welsh under /cy: the same routes, and links that keep the language. On both databases."""

import pytest

from tests.support.client import CheckedClient, parsed

pytestmark = pytest.mark.database


@pytest.mark.parametrize("path", ["/", "/councils", "/help", "/nothing-here"])
def test_every_page_is_there_in_welsh_and_its_links_stay_in_welsh(visitor: CheckedClient, path: str) -> None:
    page = parsed(visitor.get(f"/cy{path}"))

    own = [str(link["href"]) for link in page.find_all("a", href=True) if str(link["href"]).startswith("/")]
    leaving = [link for link in own if not link.startswith("/cy") and link != path]
    assert leaving == []


@pytest.mark.parametrize("path", ["/", "/councils", "/councils?q=a&nation=Wales", "/help"])
def test_each_page_leads_to_itself_in_the_other_language(visitor: CheckedClient, path: str) -> None:
    english = parsed(visitor.get(path)).find("link", rel="alternate", hreflang="cy")
    welsh = parsed(visitor.get(f"/cy{path}")).find("link", rel="alternate", hreflang="en")

    assert english is not None
    assert welsh is not None
    assert english["href"] == f"/cy{path}"
    assert welsh["href"] == path


@pytest.mark.parametrize("path", ["/cy/api/v1/councils", "/cy/healthz", "/cy/assets/pipeline.css"])
def test_what_has_no_language_has_no_welsh_address(visitor: CheckedClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_path_that_only_begins_with_the_same_letters_is_not_welsh(visitor: CheckedClient) -> None:
    assert visitor.get("/cyngor").status_code == 404


def test_the_browsers_languages_do_not_change_the_page(visitor: CheckedClient) -> None:
    welsh_browser = visitor.get("/", headers={"Accept-Language": "cy"})

    assert welsh_browser.headers["Content-Language"] == "en"
    assert parsed(welsh_browser).html["lang"] == "en"  # type: ignore[index]


def test_a_page_and_its_welsh_never_share_an_etag(visitor: CheckedClient) -> None:
    assert visitor.get("/help").headers["ETag"] != visitor.get("/cy/help").headers["ETag"]
