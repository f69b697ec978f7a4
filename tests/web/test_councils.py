"""The pages of the register."""

import pytest

from pipeline.councils import register
from pipeline.councils.actions import import_councils
from pipeline.kernel.actor import Channel, system

pytestmark = pytest.mark.database


@pytest.fixture
def whole_register(work) -> None:
    with work(system("tests", Channel.COMMAND)) as unit:
        import_councils(unit, facts=register.rows())


def test_the_register_is_narrowed_by_its_form(client, whole_register) -> None:
    page = client.page("/councils?nation=Wales")
    assert page.find(id="results").text.strip() == "22 councils"
    assert "Cyngor" in client.page("/cy/councils?nation=Wales").text


def test_next_leads_on_and_previous_back(client, whole_register) -> None:
    first = client.page("/councils")
    second = client.page(first.find("a", rel="next")["href"])
    back = client.page(second.find("a", rel="prev")["href"])
    assert [a.text for a in back.select(".rows__title a")] == [a.text for a in first.select(".rows__title a")]


def test_a_council_that_has_ended_says_who_followed(client, whole_register) -> None:
    page = client.page("/councils/allerdale")
    assert "Cumberland" in page.find(class_="turning-point").text


def test_a_gss_code_leads_to_the_council(client, whole_register) -> None:
    moved = client.get("/councils/E06000001")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/councils/hartlepool")


def test_nobody_gets_a_cookie_from_a_page_without_a_form(client, whole_register) -> None:
    for path in ("/councils", "/councils/hartlepool"):
        assert "Set-Cookie" not in client.get(path).headers


def test_an_empty_answer_says_what_to_do(client) -> None:
    assert "Try fewer filters" in client.page("/councils?q=zzz").text


def test_a_missing_council_is_not_found(client) -> None:
    client.page("/councils/nowhere", status=404)
