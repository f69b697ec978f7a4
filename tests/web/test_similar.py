"""Work like this, on pages; and the form on which a team says how theirs differs."""

from typing import Any

import pytest

from pipeline.search.index import rebuild_index
from pipeline.similarity.keeping import compare_all, compare_due
from pipeline.web.similar import MEMORY
from tests.factories import Factory
from tests.support.queries import counted

pytestmark = pytest.mark.database

DAMP = {"title": "Damp and mould: finding the homes at risk", "slug": "damp"}
MOULD = {"title": "Mould in council homes", "slug": "mould"}


@pytest.fixture(autouse=True)
def remembering_nothing(make: Factory) -> None:
    """No test is shown what a process remembers of another's."""
    make.app.extensions.pop(MEMORY, None)


def compare(make: Factory) -> None:
    with make.app.app_context():
        rebuild_index()
        compare_all()
        while compare_due():
            pass
    make.app.extensions.pop(MEMORY, None)


def test_everybody_reads_what_is_like_a_project_and_its_team_may_act_on_it(make: Factory, client: Any) -> None:
    council = make.council()
    officer = make.officer(council)
    make.project(council, officer, **DAMP)
    make.project(make.council("Giverby"), **MOULD)
    page = client.get("/projects/damp").text
    assert "Work like this" not in page
    compare(make)
    page = client.get("/projects/damp").text
    assert "Work like this" in page
    assert MOULD["title"] in page
    assert "Giverby" in page
    assert "Join this" not in page
    make.signed_in(client, officer, council)
    page = client.get("/projects/damp").text
    assert "/projects/mould/join" in page
    assert "/projects/damp/differs/project/mould" in page


def test_whoever_writes_a_draft_sees_what_is_like_it_beside_the_form(make: Factory, client: Any) -> None:
    council = make.council()
    officer = make.officer(council)
    draft = make.project(council, officer, title=DAMP["title"], slug=None, status="draft")
    make.project(make.council("Giverby"), **MOULD)
    compare(make)
    make.signed_in(client, officer, council)
    for step in ("edit", "publish"):
        page = client.get(f"/projects/{draft.id}/{step}").text
        assert MOULD["title"] in page, step
        assert "/projects/mould/join" in page, step


def test_a_page_that_was_kept_is_made_anew_when_something_like_it_is_found(make: Factory, client: Any) -> None:
    make.project(make.council(), **DAMP)
    make.project(make.council(), **MOULD)
    first = client.get("/projects/damp")
    again = client.get("/projects/damp", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    compare(make)
    anew = client.get("/projects/damp", headers={"If-None-Match": first.headers["ETag"]})
    assert anew.status_code == 200
    assert MOULD["title"] in anew.text


def test_a_team_says_how_theirs_differs_and_takes_it_back_without_scripts(make: Factory, client: Any) -> None:
    council = make.council()
    officer = make.officer(council)
    make.project(council, officer, **DAMP)
    make.project(make.council(), **MOULD)
    make.signed_in(client, officer, council)
    address = "/projects/damp/differs/project/mould"
    answer = client.send(address, reason="")
    assert answer.status_code == 422
    assert "Say how yours differs" in answer.text
    assert client.send(address, reason="Ours is for owners.").status_code == 303
    for slug in ("damp", "mould"):
        assert "Ours is for owners." in client.get(f"/projects/{slug}").text


def test_a_draft_shows_its_team_what_there_is_and_a_trial_shows_nothing(make: Factory, client: Any) -> None:
    council = make.council()
    officer = make.officer(council)
    title = DAMP["title"]
    draft = make.project(council, officer, title=title, status="draft", is_public=False, slug=None)
    trial = make.project(council, officer, title=title, status="draft", is_trial=True, is_public=False, slug=None)
    make.project(make.council(), **MOULD)
    compare(make)
    make.signed_in(client, officer, council)
    assert MOULD["title"] in client.get(f"/projects/{draft.id}").text
    assert MOULD["title"] not in client.get(f"/projects/{trial.id}").text


def test_a_lesson_and_a_document_show_it_too(make: Factory, shelf: Any, client: Any) -> None:
    council = make.council()
    officer = make.officer(council)
    home = make.project(council, officer, title="Something else entirely")
    make.lesson(home, officer, council, title="Mould comes back", slug="mould-comes-back")
    shelf.document(home, officer, "Damp homes are visited first.", title="Damp and mould policy", slug="damp-policy")
    make.project(make.council(), **MOULD)
    compare(make)
    assert MOULD["title"] in client.get("/lessons/mould-comes-back").text
    assert MOULD["title"] in client.get("/documents/damp-policy").text


def test_what_is_like_a_project_costs_its_page_one_statement_however_much_it_is(make: Factory, client: Any) -> None:
    make.project(make.council(), **DAMP)
    with counted(make.app) as few:
        client.get("/projects/damp?anew=0")
    for number in range(6):
        make.project(make.council(), title=f"Mould in homes {number}")
    compare(make)
    with counted(make.app) as many:
        client.get("/projects/damp?anew=1")
    assert len(many) <= len(few)
