"""The pages of adopting and adapting, the register and the lineage."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.artefacts.models import Adoption, Artefact, Draft
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said
from tests.support.statements import counted

pytestmark = pytest.mark.database


class Scene:
    """Keeper's policy with two versions; Asby has two officers, one of whom is signed in at `client`."""

    def __init__(self, make: Factory, shelf: Shelf, client: CheckedClient) -> None:
        self.make, self.shelf, self.client = make, shelf, client
        self.keeper, self.asby = make.council("Keeper"), make.council("Asby")
        self.lead, self.officer, self.colleague = (
            make.officer(self.keeper), make.officer(self.asby), make.officer(self.asby),
        )  # fmt: skip
        self.project = make.project(self.keeper, self.lead)
        self.model = shelf.document(
            self.project, self.lead, "Be kind.", "Be brief.", slug="model", title="Model policy"
        )
        make.signed_in(client, self.officer, self.asby)

    def browser(self, officer: Any = None, council: Any = None) -> CheckedClient:
        browser = self.client.application.test_client()
        if officer is not None:
            self.make.signed_in(browser, officer, council or self.asby)
        return browser  # type: ignore[return-value]

    def adoption(self) -> Adoption | None:
        with self.make.session() as session:
            query = select(Adoption).where(Adoption.council_id == self.asby.id).order_by(Adoption.id.desc())
            return session.scalars(query).first()

    def adopt(self, number: int = 1, **values: Any) -> Adoption:
        return self.shelf.adopt(self.model, number, self.asby, self.officer, **values)


@pytest.fixture
def scene(make: Factory, shelf: Shelf, client: CheckedClient) -> Scene:
    return Scene(make, shelf, client)


def test_a_document_is_adopted_from_its_page(scene: Scene, client: CheckedClient) -> None:
    page = client.page("/documents/model")
    assert page.find("a", string="Adopt it as it is")
    answer = client.send("/documents/model/adopt", note="For all staff", approved_by="Cabinet")
    assert (answer.status_code, answer.location) == (303, "/documents/model")
    page = client.page("/documents/model")
    assert "Your council uses version 2 as it is" in page.text
    assert "Up to date" in page.text
    assert not page.find("a", string="Adopt it as it is")
    public = scene.browser().page("/documents/model").text
    assert "1 council uses it" in public
    adoption = scene.adoption()
    assert adoption is not None
    assert (adoption.note, adoption.approved_by) == ("For all staff", "Cabinet")


def test_an_older_version_is_adopted_when_the_address_names_it(scene: Scene, client: CheckedClient) -> None:
    assert "There is a newer version" in client.page("/documents/model/adopt?version=1").text
    assert client.send("/documents/model/adopt?version=1").status_code == 303
    adoption = scene.adoption()
    assert adoption is not None
    assert adoption.version_id == scene.model.version(1).id
    for wrong in ("9", "0", "x", "1x", "99999999999"):
        assert client.get(f"/documents/model/adopt?version={wrong}").status_code == 404


def test_what_is_wrong_stands_beside_the_question_and_nothing_typed_is_lost(
    scene: Scene, client: CheckedClient
) -> None:
    day = clock.today()
    answer = client.send(
        "/documents/model/adopt", note="Keep this", approved_on=[str(day.day), str(day.month), str(day.year)],
        review_on=["1", "1", "2020"],
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Say who approved it" in said(answer)
    assert "Give a review date" in said(answer)
    assert "Keep this" in answer.text
    assert client.send("/documents/model/adopt", review_on=["31", "2", "2027"]).status_code == 422
    assert scene.adoption() is None


def test_the_button_pressed_twice_adopts_once(scene: Scene, client: CheckedClient) -> None:
    page = client.page("/documents/model/adopt")
    form = page.find("form", id="form")
    assert [client.send_form(form, "/documents/model/adopt").status_code for _ in range(2)] == [303, 303]
    again = client.send_form(form, "/documents/model/adopt", idempotency_key="another")
    assert again.status_code == 409
    assert "uses this document already" in said(again)


def test_who_gets_to_adopt(scene: Scene, make: Factory) -> None:
    assert scene.browser().get("/documents/model/adopt").status_code == 303
    own = scene.browser(scene.lead, scene.keeper)
    assert own.get("/documents/model/adopt").status_code == 403
    assert own.get("/documents/model/adapt").status_code == 403
    assert "Use this document" not in own.page("/documents/model").text
    waiting = scene.browser()
    make.signed_in(waiting, make.officer(None))
    assert waiting.get("/documents/model/adopt").status_code == 403
    assert scene.client.get("/documents/nothing/adopt").status_code == 404


def test_moving_up_is_one_press_on_the_page(scene: Scene, client: CheckedClient) -> None:
    adoption = scene.adopt(1)
    page = client.page("/documents/model")
    assert "1 version behind" in page.text
    link = page.find("a", string=lambda words: words and words.startswith("See what changed"))
    assert link["href"] == "/documents/model/compare?from=1&to=2"
    form = page.find("form", id="move-up")
    answer = client.send_form(form, "/documents/model")
    assert (answer.status_code, answer.location) == (303, "/documents/model")
    page = client.page("/documents/model")
    assert "Your council uses version 2 now" in page.text
    assert not page.find("form", id="move-up")
    kept = scene.adoption()
    assert kept is not None
    assert kept.version_id == scene.model.version(2).id
    again = client.send_form(form, "/documents/model")
    assert again.status_code == 303
    assert "no newer version" in client.page("/documents/model").text
    assert client.post(f"/adoptions/{adoption.id}/move-up").status_code in (303, 400)
    stranger = scene.browser(scene.lead, scene.keeper)
    assert stranger.get(f"/adoptions/{adoption.id}/edit").status_code == 403


def test_an_adoption_has_a_page_for_everybody_and_acts_for_its_council(scene: Scene, client: CheckedClient) -> None:
    adoption = scene.adopt(1, note="For all staff", approved_by="Cabinet", approved_on=clock.today())
    path = f"/adoptions/{adoption.id}"
    public = scene.browser().page(path)
    assert "For all staff" in public.text
    assert "Asby uses this document" in public.text
    assert not public.find("a", string="Change what is recorded")
    answer = client.send(f"{path}/edit", note="For everybody")
    assert (answer.status_code, answer.location) == (303, path)
    assert "For everybody" in scene.browser().page(path).text
    assert client.get("/adoptions/0192a0b0-0000-7000-8000-000000000000").status_code == 404


def test_two_colleagues_who_change_it_lose_nothing(scene: Scene, client: CheckedClient) -> None:
    adoption = scene.adopt(1, note="First")
    path = f"/adoptions/{adoption.id}/edit"
    form = client.page(path).find("form", id="form")
    assert scene.browser(scene.colleague).send(path, note="Theirs").status_code == 303
    answer = client.send_form(form, path, note="Mine")
    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert "Theirs" in answer.text
    again = client.send_form(parsed(answer).find("form", id="form"), path, note="Both", idempotency_key="other")
    assert again.status_code == 303


def test_an_adoption_is_ended_and_begun_again(scene: Scene, client: CheckedClient) -> None:
    adoption = scene.adopt(1)
    answer = client.send(f"/adoptions/{adoption.id}/end", reason="We merged")
    assert (answer.status_code, answer.location) == (303, "/documents/model")
    page = scene.browser().page(f"/adoptions/{adoption.id}")
    assert "Asby used this document" in page.text
    assert "We merged" in page.text
    assert client.send(f"/adoptions/{adoption.id}/end").status_code == 409
    assert client.send("/documents/model/adopt").status_code == 303


def test_a_withdrawn_version_says_do_not_use_it(scene: Scene, client: CheckedClient) -> None:
    adoption = scene.adopt(2)
    scene.shelf.withdraw(scene.model, 2, scene.lead)
    assert "Version 2 was withdrawn: do not use it" in client.page("/documents/model").text
    assert "withdrawn" in scene.browser().page(f"/adoptions/{adoption.id}").text
    other = scene.make.council("Betham")
    browser = scene.browser(scene.make.officer(other), other)
    assert "There is nothing to adopt here" in browser.page("/documents/model/adopt?version=2").text
    assert "There is nothing to adapt here" in browser.page("/documents/model/adapt?version=2").text


def test_a_copy_is_begun_and_leads_to_its_draft(scene: Scene, client: CheckedClient) -> None:
    answer = client.send("/documents/model/adapt", title="Our policy")
    assert answer.status_code == 303, said(answer)
    with scene.make.session() as session:
        copy = session.scalars(select(Artefact).where(Artefact.upstream_id == scene.model.artefact.id)).one()
        draft = session.scalars(select(Draft).where(Draft.artefact_id == copy.id)).one()
    assert answer.location == f"/documents/{copy.id}/drafts/{draft.id}"
    page = client.page("/documents/model")
    assert "Your council prepares its own copy of version 2" in page.text
    assert page.find("a", string="Go on with your copy")["href"] == f"/documents/{copy.id}"
    assert "Asby" not in scene.browser().page("/documents/model").text
    assert "has its own copy of this document already" in client.page("/documents/model/adapt").text
    assert client.page(f"/documents/{copy.id}")


def test_a_project_that_is_not_offered_is_refused_beside_the_question(scene: Scene, client: CheckedClient) -> None:
    answer = client.send("/documents/model/adapt", project="something")
    assert answer.status_code == 422
    assert "Choose one of the answers" in said(answer)


def test_a_copy_can_be_kept_in_a_project_of_the_council(scene: Scene, client: CheckedClient, make: Factory) -> None:
    own = make.project(scene.asby, scene.officer, title="Being heard", slug="being-heard")
    make.project(scene.asby, make.officer(scene.asby), title="Not mine")
    make.project(make.council(), scene.officer, title="Not ours")
    page = client.page("/documents/model/adapt")
    options = [option.text for option in page.find("select", id="project").find_all("option")]
    assert options == ["The documents of my council", "Being heard"]
    assert client.send("/documents/model/adapt", project="being-heard").status_code == 303
    with scene.make.session() as session:
        copy = session.scalars(select(Artefact).where(Artefact.upstream_id == scene.model.artefact.id)).one()
    assert copy.project_id == own.id


def test_a_document_without_derivatives_offers_adopting_alone(scene: Scene, client: CheckedClient) -> None:
    scene.shelf.document(scene.project, scene.lead, "Fixed.", slug="fixed", licence="CC-BY-ND-4.0")
    page = client.page("/documents/fixed")
    assert not page.find("a", string="Adapt it for your council")
    assert "allows no copies" in page.text
    page = client.page("/documents/fixed/adapt")
    assert "can adopt it as it is" in page.text
    assert not page.find("form", id="form")


def test_the_licences_a_copy_may_carry_are_offered(scene: Scene, client: CheckedClient) -> None:
    page = client.page("/documents/model/adapt")
    values = [option["value"] for option in page.find("select", id="licence").find_all("option")]
    assert values == ["OGL-UK-3.0", "CC-BY-4.0", "CC-BY-SA-4.0"]


def test_another_original_of_the_lineage_is_chosen(scene: Scene, client: CheckedClient, make: Factory) -> None:
    other = make.council("Betham")
    keeper = make.officer(other)
    second = scene.shelf.copy(
        scene.model, 1, scene.shelf.keeper(other, keeper), keeper, "Be kind!", slug="second", title="Second"
    )
    scene.shelf.copy(second, 1, scene.shelf.keeper(scene.asby, scene.officer), scene.officer, "Be!", slug="third")
    assert client.send("/documents/third/original", original="").status_code == 422
    assert client.send("/documents/third/original", original="nothing:1").status_code == 422
    answer = client.send("/documents/third/original", original="model:2")
    assert (answer.status_code, answer.location) == (303, "/documents/third"), said(answer)
    with scene.make.session() as session:
        moved = session.scalars(select(Artefact).where(Artefact.slug == "third")).one()
    assert moved.upstream_id == scene.model.artefact.id


# The register


def lines(page: Any) -> list[list[str]]:
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")]


def test_the_register_says_who_uses_which_version_and_how_far_behind(scene: Scene, make: Factory) -> None:
    day = clock.today()
    scene.adopt(1, approved_by="Cabinet", approved_on=day)
    other = make.council("Betham")
    officer = make.officer(other)
    scene.shelf.copy(
        scene.model, 2, scene.shelf.keeper(other, officer), officer, "Ours.", slug="ours", title="Ours of Betham"
    )
    page = scene.browser().page("/documents/model/register")
    assert "2 councils use it: 1 as is, 1 adapted." in page.text
    rows = {row[0]: row[1:4] for row in lines(page)}
    assert rows == {
        "Asby": ["As is : Asby", "1", "1 version behind"],
        "Betham": ["Adapted : Betham Ours of Betham", "2", "Up to date"],
    }
    assert "Cabinet, " in page.text
    only = {row[0] for row in lines(scene.browser().page("/documents/model/register?behind=yes"))}
    assert only == {"Asby"}
    assert {row[0] for row in lines(scene.browser().page("/documents/model/register?standing=adapted"))} == {"Betham"}
    assert {row[0] for row in lines(scene.browser().page("/documents/model/register?version=1"))} == {"Asby"}
    strange = scene.browser().page("/documents/model/register?standing=xyz&behind=perhaps&version=-1&colour=red")
    assert len(lines(strange)) == 2
    assert "No adoption matches" in scene.browser().page("/documents/model/register?version=7").text
    assert scene.browser().get("/documents/model/register?cursor=rubbish").status_code == 400


def test_the_register_is_paged_by_key(scene: Scene) -> None:
    scene.shelf.crowd(scene.model, 1, 60, scene.lead)
    browser = scene.browser()
    first = browser.page("/documents/model/register")
    assert len(lines(first)) == 50
    second = browser.page(first.find("a", rel="next")["href"])
    assert len(lines(second)) == 10
    assert not {row[0] for row in lines(first)} & {row[0] for row in lines(second)}
    assert second.find("a", rel="prev")


def test_the_register_is_taken_as_a_table_without_formulas(scene: Scene) -> None:
    scene.adopt(1, note="=HYPERLINK(1)", approved_by="+Cabinet")
    page = scene.browser().page("/documents/model/register")
    link = page.find("a", string="CSV")["href"]
    answer = scene.browser().get(link)
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["council"], row["standing"], row["version"], row["versions_behind"]) == (
        "Asby Council", "as_is", "1", "1",
    )  # fmt: skip
    assert (row["note"], row["approved_by"]) == ("'=HYPERLINK(1)", "'+Cabinet")
    json_link = page.find("a", string="JSON")["href"]
    assert scene.browser().get(json_link).get_json()["data"][0]["council"]["slug"] == "asby"


def test_what_is_prepared_is_read_by_those_who_keep_the_document(scene: Scene) -> None:
    scene.shelf.copy(scene.model, 1, scene.shelf.keeper(scene.asby, scene.officer), scene.officer)
    assert lines(scene.browser().page("/documents/model/register", 200)) == []
    keeper = scene.browser(scene.lead, scene.keeper)
    assert [row[0] for row in lines(keeper.page("/documents/model/register"))] == ["Asby"]


# The lineage


def test_the_lineage_is_drawn_and_told_in_a_table_and_a_sentence(scene: Scene, make: Factory) -> None:
    other = make.council("Betham")
    officer = make.officer(other)
    scene.shelf.copy(scene.model, 1, scene.shelf.keeper(other, officer), officer, "Ours.", slug="ours", title="Ours")
    page = scene.browser().page("/documents/ours/lineage")
    drawing = page.find("svg", class_="lineage")
    assert drawing["role"] == "img"
    assert page.find(id=drawing["aria-labelledby"]).text.startswith("1 adapted copy in 1 generation; 1 of those")
    assert [text.text for text in drawing.find_all("text")] == ["Keeper, version 2", "Betham, version 1"]
    assert len(drawing.find_all("path")) == 1
    assert [(row[0], row[3], row[5]) for row in lines(page)] == [
        ("Keeper", "0", ""), ("Betham", "1", "1 version behind"),
    ]  # fmt: skip
    assert scene.browser().page("/documents/model/lineage")
    assert "1 adapted copy" in scene.browser().page("/documents/model").text


def test_the_lineage_is_taken_as_a_table_without_formulas(scene: Scene, make: Factory) -> None:
    other = make.council("Betham")
    officer = make.officer(other)
    scene.shelf.copy(scene.model, 1, scene.shelf.keeper(other, officer), officer, "Ours.", slug="ours", title="=Ours")
    page = scene.browser().page("/documents/ours/lineage")
    assert lines(page)[1][4] == "Keeper, version 1"
    answer = scene.browser().get(page.find("a", string="CSV")["href"])
    assert answer.mimetype == "text/csv"
    first, second = csv.DictReader(io.StringIO(answer.text))
    assert (first["document"], first["made_from"], first["versions_behind"]) == ("model", "", "")
    assert (second["document"], second["title"], second["made_from"], second["made_from_version"]) == (
        "ours", "'=Ours", "model", "1",
    )  # fmt: skip
    assert (second["generation"], second["versions_behind"]) == ("1", "1")


def test_of_a_thousand_copies_a_hundred_are_drawn_and_the_rest_counted(scene: Scene) -> None:
    scene.shelf.crowd(scene.model, 1, 1000, scene.lead)
    page = scene.browser().page("/documents/model/lineage")
    assert len(page.find_all("circle")) == 101
    assert "and 900 more adapted copies of it" in page.text
    assert "900 more documents are not shown." in page.text


def test_pages_ask_the_database_as_often_for_a_thousand_as_for_ten(scene: Scene) -> None:
    paths = (
        "/documents/model",
        "/documents/model/register",
        "/documents/model/lineage",
        "/documents/model/register.csv",
    )
    browser = scene.browser()
    scene.shelf.crowd(scene.model, 1, 10, scene.lead)

    def asked() -> dict[str, int]:
        found = {}
        for path in paths:
            browser.get(path)
            with counted(scene.client.application) as statements:
                assert browser.get(path).status_code == 200
            found[path] = len(statements)
        return found

    few = asked()
    scene.shelf.crowd(scene.model, 1, 990, scene.lead)
    assert asked() == few


# Where else it shows


def test_the_page_of_a_council_shows_what_it_adopted(scene: Scene) -> None:
    scene.adopt(1)
    page = scene.browser().page("/councils/asby")
    link = page.find("a", string="Model policy")
    assert link["href"] == "/documents/model"


def test_your_work_shows_a_newer_version_and_a_review_that_is_due(scene: Scene, client: CheckedClient) -> None:
    assert "Nothing waits for you" in client.page("/your-work").text
    scene.adopt(1)
    assert "Version 2 is there; your council uses version 1" in client.page("/your-work").text
    scene.shelf.withdraw(scene.model, 2, scene.lead)
    assert "Nothing waits for you" in client.page("/your-work").text
    with scene.make.session() as session:
        adoption = scene.adoption()
        assert adoption is not None
        session.get_one(Adoption, adoption.id).review_on = clock.today() - timedelta(days=1)
    assert "was to look at it again by" in client.page("/your-work").text


def test_the_timeline_of_the_project_tells_of_adoptions(scene: Scene, client: CheckedClient) -> None:
    client.send("/documents/model/adopt")
    assert (
        "Model policy: Asby adopted version 2 as it is." in scene.browser().page(f"/projects/{scene.project.slug}").text
    )


def test_everything_is_there_in_welsh_addresses(scene: Scene, client: CheckedClient) -> None:
    adoption = scene.adopt(1)
    for path in ("documents/model/register", "documents/model/lineage", f"adoptions/{adoption.id}"):
        assert scene.browser().get(f"/cy/{path}").status_code == 200
    answer = client.send(f"/cy/adoptions/{adoption.id}/edit", note="Nodyn")
    assert answer.location == f"/cy/adoptions/{adoption.id}"


def test_coordinators_adopt_nothing(scene: Scene, make: Factory) -> None:
    browser = scene.browser()
    make.signed_in(browser, make.officer(None, Role.COORDINATOR))
    assert browser.get("/documents/model/adopt").status_code == 403
