"""The pages on which a council answers a checklist, and on which answers stand side by side."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from pipeline.artefacts.checklists import points_of
from pipeline.artefacts.queries.checklists import checklist_seen_by
from pipeline.artefacts.queries.seeing import artefact_facts_of
from pipeline.web.documents.checklists import panel_of
from tests.artefacts.test_checklists import FIRST, MET, Scene, answer
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said
from tests.support.queries import counted

pytestmark = pytest.mark.database

PATH = "/documents/a-checklist/answers"


@pytest.fixture
def scene(make: Factory) -> Scene:
    return Scene(make)


@pytest.fixture
def eastmere(client: CheckedClient, scene: Scene, make: Factory) -> Any:
    """Eastmere, whose officer is signed in at `client`."""

    class Made:
        council = make.council("Eastmere")
        officer = make.officer(council)
        actor = make.actor(officer, council)

        def browser(self) -> CheckedClient:
            browser = client.application.test_client()
            make.signed_in(browser, self.officer, self.council)
            return browser

    made = Made()
    make.signed_in(client, made.officer, made.council)
    return made


def chosen(page: BeautifulSoup, point: str) -> str:
    """Which answer a page has ticked for a point."""
    found = [
        one["value"] for one in page.find_all("input", attrs={"name": f"answer-{point}"}) if one.has_attr("checked")
    ]
    assert len(found) == 1
    return str(found[0])


def test_a_council_answers_saves_and_publishes(client: CheckedClient, scene: Scene, eastmere: Any) -> None:
    ids = scene.ids()
    assert "0 of 3 points answered" in said(client.get(PATH))
    given = {f"answer-{ids[0]}": "met", f"note-{ids[0]}": "Since 2025, <b>yes</b>.", f"answer-{ids[1]}": "not_yet"}
    sent = client.send(PATH, **given)
    assert sent.status_code == 303, said(sent)
    page = client.page(PATH)
    assert (chosen(page, ids[0]), chosen(page, ids[1]), chosen(page, ids[2])) == ("met", "not_yet", "")
    assert "2 of 3 points answered" in page.text
    stranger = client.application.test_client()
    assert stranger.get(f"{PATH}/of/eastmere").status_code == 404
    assert "No council has published" in stranger.get(f"{PATH}/compare").get_data(as_text=True)
    publish = next(form for form in page.find_all("form") if str(form.get("action")).endswith("/publish"))
    assert client.send_form(publish, PATH).status_code == 303
    shown = stranger.get(f"{PATH}/of/eastmere").get_data(as_text=True)
    assert "Since 2025, &lt;b&gt;yes&lt;/b&gt;." in shown
    assert "Eastmere" in stranger.get(f"{PATH}/compare").get_data(as_text=True)
    page = client.page(PATH)
    assert "Publish our answers" not in page.text
    take_back = next(form for form in page.find_all("form") if str(form.get("action")).endswith("/unpublish"))
    assert client.send_form(take_back, PATH).status_code == 303
    assert stranger.get(f"{PATH}/of/eastmere").status_code == 404
    assert chosen(client.page(PATH), ids[0]) == "met"


def test_an_answer_can_be_taken_back_without_scripts(client: CheckedClient, scene: Scene, eastmere: Any) -> None:
    point = scene.ids()[0]
    client.send(PATH, **{f"answer-{point}": "met"})
    client.send(PATH, **{f"answer-{point}": ""})
    assert "0 of 3 points answered" in said(client.get(PATH))


def test_pages_of_answers_are_for_members_and_reading_is_for_everybody(
    client: CheckedClient, scene: Scene, make: Factory
) -> None:
    stranger = client.application.test_client()
    assert stranger.get(PATH).status_code == 303
    assert stranger.get(f"{PATH}/compare").status_code == 200
    assert stranger.get(f"{PATH}/compare.csv").status_code == 200
    policy = scene.shelf.document(scene.project, scene.lead, "- a\n", kind="policy")
    assert stranger.get(f"/documents/{policy.slug}/answers/compare").status_code == 404
    assert stranger.get("/documents/none/answers/compare").status_code == 404


def test_two_colleagues_at_once_lose_no_word(client: CheckedClient, scene: Scene, eastmere: Any) -> None:
    ids = scene.ids()
    form = client.page(PATH).find("form", id="form")
    other = eastmere.browser()
    assert other.send(PATH, **{f"answer-{ids[0]}": "partly", f"note-{ids[0]}": "Theirs"}).status_code == 303
    sent = client.send_form(form, PATH, **{f"answer-{ids[0]}": "met", f"note-{ids[0]}": "Mine"})
    assert sent.status_code == 409
    page = parsed(sent)
    assert "Partly met. Theirs" in page.text
    assert page.find("textarea", id=f"note-{ids[0]}").text.strip() == "Mine"
    assert chosen(page, ids[0]) == "met"
    assert client.send_form(page.find("form", id="form"), PATH).status_code == 303
    assert client.page(PATH).find("textarea", id=f"note-{ids[0]}").text.strip() == "Mine"


def test_what_was_typed_to_points_a_colleague_left_behind_is_shown(
    client: CheckedClient, scene: Scene, eastmere: Any
) -> None:
    ids = scene.ids()
    client.send(PATH, **{f"answer-{ids[0]}": "met"})
    scene.publish_second()
    page = client.page(PATH)
    form = page.find("form", id="form")
    carry = next(one for one in page.find_all("form") if str(one.get("action")).endswith("/carry-over"))
    assert client.send_form(carry, PATH).status_code == 303
    sent = client.send_form(form, PATH, **{f"note-{ids[2]}": "A long thought about spending"})
    assert sent.status_code == 409
    assert "A long thought about spending" in parsed(sent).text


def test_a_note_that_is_too_long_is_said_beside_it_and_kept(client: CheckedClient, scene: Scene, eastmere: Any) -> None:
    point = scene.ids()[1]
    sent = client.send(PATH, **{f"note-{point}": "x" * 1_003})
    assert sent.status_code == 422
    page = parsed(sent)
    assert "Point 2: use 3 characters fewer in the note" in page.find(class_="govuk-error-summary").text
    assert page.find("a", href=f"#note-{point}")
    assert len(page.find("textarea", id=f"note-{point}").text.strip()) == 1_003


def test_a_value_nobody_offers_is_refused(client: CheckedClient, scene: Scene, eastmere: Any) -> None:
    assert client.send(PATH, **{f"answer-{scene.ids()[0]}": "excellent"}).status_code == 422
    client.send(PATH, **{f"answer-{scene.ids()[0]}": "met"})
    for nonsense in ("x", "", "0", "-1", "9" * 30):
        assert client.send(PATH, version=nonsense, **{f"answer-{scene.ids()[0]}": "partly"}).status_code == 409


def test_publishing_what_a_colleague_changed_meanwhile_is_refused_and_shown(
    client: CheckedClient, scene: Scene, eastmere: Any
) -> None:
    ids = scene.ids()
    client.send(PATH, **{f"answer-{ids[0]}": "met"})
    publish = next(one for one in client.page(PATH).find_all("form") if str(one.get("action")).endswith("/publish"))
    client.send(PATH, **{f"answer-{ids[1]}": "met"})
    sent = client.send_form(publish, PATH)
    assert sent.status_code == 409
    page = parsed(sent)
    assert (chosen(page, ids[0]), chosen(page, ids[1])) == ("met", "met")
    again = next(one for one in page.find_all("form") if str(one.get("action")).endswith("/publish"))
    assert client.send_form(again, PATH).status_code == 303


def test_answers_move_on_and_reworded_points_are_checked_again(
    client: CheckedClient, scene: Scene, eastmere: Any
) -> None:
    ids = scene.ids()
    client.send(PATH, **{f"answer-{ids[0]}": "met", f"answer-{ids[1]}": "partly"})
    scene.publish_second()
    page = client.page(PATH)
    assert "Version 2 of this checklist is out" in page.text
    carry = next(one for one in page.find_all("form") if str(one.get("action")).endswith("/carry-over"))
    assert client.send_form(carry, PATH).status_code == 303
    page = client.page(PATH)
    assert "Check again" in page.text
    assert "2 of 3 points answered" in page.text
    assert client.send(PATH).status_code == 303
    assert "Check again" in client.page(PATH).text
    assert client.send(PATH, **{f"checked-{ids[0]}": "y"}).status_code == 303
    assert "Check again" not in client.page(PATH).text
    assert chosen(client.page(PATH), ids[0]) == "met"


def test_after_saving_one_goes_on_where_one_was(client: CheckedClient, scene: Scene, eastmere: Any) -> None:
    assert client.send(PATH, at="2").location.endswith(f"{PATH}#point-3")
    for nonsense in ("99", "x", "-1", "²"):
        assert client.send(PATH, at=nonsense).location.endswith(PATH)


def test_the_table_compares_in_counts_by_name_and_never_ranks(
    client: CheckedClient, scene: Scene, work: Any
) -> None:  # fmt: skip
    from pipeline.artefacts.actions.checklists import publish_answers

    for number in range(10):
        officer = scene.member(f"Council {'JIHGFEDCBA'[number]}", kind="county" if number < 4 else "unitary")
        answer(work, scene, officer, p0=MET)
        with work(officer) as unit:
            publish_answers(unit, slug=scene.slug, version=1)
    page = client.page(f"{PATH}/compare")
    assert "10 councils publish their answers" in page.text
    table = page.find_all("table")[1]
    names = [one.text for one in table.find("thead").find_all("a")]
    assert names == sorted(names)
    assert len(names) == 8
    following = page.find("a", rel="next")["href"]
    assert [one.text for one in client.page(following).find_all("table")[1].find("thead").find_all("a")] == [
        "Council I", "Council J",
    ]  # fmt: skip
    assert "4 councils publish" in client.page(f"{PATH}/compare?kind=county").text
    assert "10 councils publish" in client.page(f"{PATH}/compare?kind=nonsense").text
    assert client.get(f"{PATH}/compare?cursor=nonsense").status_code == 400
    assert client.get(following.replace("?", "?kind=county&")).status_code == 400


def test_the_table_comes_as_csv_that_no_spreadsheet_runs(client: CheckedClient, scene: Scene, work: Any) -> None:
    from pipeline.artefacts.actions.checklists import publish_answers

    points = points_of("- =HYPERLINK(1)\n- b\n").points
    scene.points = points
    scene.keep_points(1, points)
    officer = scene.member("Eastmere")
    answer(work, scene, officer, p0=MET)
    with work(officer) as unit:
        publish_answers(unit, slug=scene.slug, version=1)
    sent = client.get(f"{PATH}/compare.csv")
    assert sent.mimetype == "text/csv"
    lines = sent.get_data(as_text=True).splitlines()
    assert lines[0] == "Point,Met,Partly met,Not yet,Does not apply,Eastmere (1)"
    assert lines[1] == "'=HYPERLINK(1),1,0,0,0,Met"
    assert lines[2] == "b,0,0,0,0,"


def test_pages_take_the_same_queries_however_many_councils_answer(
    client: CheckedClient, scene: Scene, work: Any
) -> None:  # fmt: skip
    from pipeline.artefacts.actions.checklists import publish_answers

    numbers = []
    for size in (1, 6):
        for _one in range(size):
            officer = scene.member(f"Member {scene.make.council().slug}")
            answer(work, scene, officer, p0=MET)
            with work(officer) as unit:
                publish_answers(unit, slug=scene.slug, version=1)
        with counted(client.application) as statements:
            client.page(f"{PATH}/compare")
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 8


def test_the_panel_says_how_many_publish_and_where_one_stands(
    scene: Scene, work: Any, read: Any, eastmere: Any
) -> None:  # fmt: skip
    answer(work, scene, eastmere.actor, p0=MET)
    with read(eastmere.actor) as reading:
        artefact, project = checklist_seen_by(reading, scene.slug)
        panel = panel_of(reading, artefact, artefact_facts_of(reading, artefact, project))["answers_panel"]
        assert panel == {
            "address": scene.slug, "published": 0, "may_answer": True, "answered": 1, "is_published": False
        }  # fmt: skip
        artefact.kind = "policy"
        with counted(scene.make.app) as statements:
            assert panel_of(reading, artefact, artefact_facts_of(reading, artefact, project))["answers_panel"] is None
        assert len(statements) <= 1


def test_the_words_under_a_point_stand_beside_its_question(client: CheckedClient, scene: Scene, eastmere: Any) -> None:
    text = "## 1. One\n\nBecause **so**.\n\n### 1.1 How\n\n- like this\n\n## 2. Two\n"
    scene.made = scene.shelf.document(scene.project, scene.lead, text, kind="checklist", slug="explained")
    scene.keep_points(1, points_of(text).points)
    page = client.page("/documents/explained/answers")
    details = page.find("fieldset").find("details")
    assert details.find("strong", string="so")
    assert details.find("strong", string="1.1 How")
    assert not details.find(["h1", "h2", "h3", "h4", "h5", "h6"])


def test_a_checklist_without_points_or_versions_says_so(client: CheckedClient, scene: Scene, eastmere: Any) -> None:
    scene.shelf.document(scene.project, scene.lead, FIRST, kind="checklist", slug="empty")
    assert "nothing to answer now" in client.page("/documents/empty/answers").text
    scene.shelf.withdraw(scene.made, 1, scene.lead)
    assert "nothing to answer now" in client.page(PATH).text
    assert client.page(f"{PATH}/compare")
