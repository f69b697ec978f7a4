"""The pages of lessons: found, read, written, pinned, used and answered."""

from typing import Any

import pytest

from pipeline.artefacts.models import Artefact
from pipeline.kernel import clock
from pipeline.lessons.models import Lesson, LessonUse
from pipeline.lessons.paragraphs import paragraphs_of
from pipeline.lessons.rules import MOST_MEASURES
from tests.factories import Factory
from tests.lessons.scene import TEXTS, Scene
from tests.support.client import CheckedClient, parsed, said
from tests.support.hot_statements import all_counted

pytestmark = pytest.mark.database

NEW = "/projects/answering/lessons/new"
ANSWERS: dict[str, Any] = {
    "title": "Promise two days", "did": "We promised **a day**.", "happened": "It held for a week.",
    "differently": "Promise two.", "outcome": "partly", "themes": ["housing", "planning"], "evidence": "1,200 messages",
    "measure_1_name": "Answered in time", "measure_1_before": "20", "measure_1_after": "80", "measure_1_unit": "%",
}  # fmt: skip


@pytest.fixture
def scene(make: Factory, client: CheckedClient) -> Scene:
    """Northborough's lead is signed in at `client`."""
    made = Scene(make)
    make.signed_in(client, made.lead_row, made.north)
    return made


def browser(client: CheckedClient, scene: Scene, officer: Any = None, council: Any = None) -> CheckedClient:
    """Somebody else with a browser of their own; nobody without an officer."""
    made = client.application.test_client()
    if officer is not None:
        scene.make.signed_in(made, officer, council)
    return made  # type: ignore[return-value]


def drafted(client: CheckedClient, **answers: Any) -> str:
    """The address of a draft that was written on the page."""
    answer = client.send(NEW, button=("step", "save"), **ANSWERS | answers)
    assert answer.status_code == 303, said(answer)
    return str(answer.location)


def published(client: CheckedClient, **answers: Any) -> str:
    """The address of a lesson that was written and published on the pages."""
    answer = client.send(drafted(client, **answers))
    assert answer.status_code == 303, said(answer)
    return str(answer.location)


def test_a_lesson_is_written_by_the_team_and_published_by_a_lead(client: CheckedClient, scene: Scene) -> None:
    writer = browser(client, scene, scene.writer_row, scene.north)
    path = drafted(writer)
    assert "Draft" in writer.page(path).text
    for stranger in (browser(client, scene), browser(client, scene, scene.user_row, scene.wex)):
        assert stranger.get(path).status_code == 404
    token = writer.page(path).find("input", attrs={"name": "csrf_token"})["value"]
    assert writer.post(f"{path}/publish", data={"csrf_token": token, "version": "1"}).status_code == 403
    answer = client.send(path)
    assert (answer.status_code, answer.location) == (303, "/lessons/promise-two-days")
    page = browser(client, scene).page("/lessons/promise-two-days")
    assert page.find("strong", string="a day")
    assert [one.text for one in page.find_all("td")] == ["20%", "80%", "Up by 60 percentage points"]
    assert "It partly worked" in page.text
    for place in ("/lessons", "/projects/answering", "/councils/northborough"):
        assert "Promise two days" in browser(client, scene).page(place).text, place
    lesson_id = scene.rows(Lesson)[0].id
    assert browser(client, scene).get(f"/lessons/{lesson_id}").location == "/lessons/promise-two-days"


def test_a_preview_shows_the_lesson_and_keeps_nothing(client: CheckedClient, scene: Scene) -> None:
    answer = client.send(NEW, button=("step", "preview"), **ANSWERS | {"did": "# Big\n\n<script>x</script>"})
    assert answer.status_code == 200
    page = parsed(answer)
    assert page.find("h3", string="Big")
    assert page.find("textarea", attrs={"name": "did"}).text.strip() == "# Big\n\n<script>x</script>"
    assert "Up by 60 percentage points" in page.text
    assert scene.rows(Lesson) == []


def test_another_measure_is_added_without_losing_a_word(client: CheckedClient, scene: Scene) -> None:
    answer = client.send(NEW, button=("step", "another"), **ANSWERS | {"title": ""})
    page = parsed(answer)
    assert (answer.status_code, page.find(class_="govuk-error-summary")) == (200, None)
    assert page.find("input", attrs={"name": "measure_1_after"})["value"] == "80"
    assert page.find("input", attrs={"name": "measure_2_name"})
    assert page.find("textarea", attrs={"name": "did"}).text.strip() == ANSWERS["did"]
    form = page.find("form", id="form")
    many = {f"measure_{row}_name": f"Measure {row}" for row in range(1, MOST_MEASURES + 1)}
    full = parsed(client.send_form(form, NEW, ("step", "another"), **many))
    assert full.find("input", attrs={"name": f"measure_{MOST_MEASURES}_unit"})
    assert not full.find("input", attrs={"name": f"measure_{MOST_MEASURES + 1}_name"})


def test_a_form_that_fails_keeps_what_was_typed_and_says_what_to_do(client: CheckedClient, scene: Scene) -> None:
    wrong = {"title": "", "measure_2_name": "Cost", "measure_2_after": "a lot"}
    answer = client.send(NEW, button=("step", "save"), **ANSWERS | wrong)
    assert answer.status_code == 422
    answer = client.send(NEW, button=("step", "save"), **ANSWERS | wrong | {"title": "Title"})
    page = parsed(answer)
    assert answer.status_code == 422
    assert "Give a number, for example 12.5" in page.find(class_="govuk-error-summary").text
    assert page.find("input", attrs={"name": "measure_2_after"})["value"] == "a lot"
    assert page.find("textarea", attrs={"name": "happened"}).text.strip() == "It held for a week."
    assert scene.rows(Lesson) == []


def test_a_button_pressed_twice_keeps_one_draft(client: CheckedClient, scene: Scene) -> None:
    form = parsed(client.get(NEW)).find("form", id="form")
    first = client.send_form(form, NEW, ("step", "save"), **ANSWERS)
    again = client.send_form(form, NEW, ("step", "save"), **ANSWERS)
    assert (first.location, len(scene.rows(Lesson))) == (again.location, 1)


def test_a_draft_with_questions_left_open_is_kept_and_not_published(client: CheckedClient, scene: Scene) -> None:
    path = drafted(client, did="", outcome=None, themes=None, measure_1_name="", measure_1_before="",
                   measure_1_after="", measure_1_unit="")  # fmt: skip
    assert "Not written yet." in client.page(path).text
    answer = client.send(path)
    assert answer.status_code == 422
    summary = parsed(answer).find(class_="govuk-error-summary").text
    assert "Say what you did" in summary
    assert "Choose at least one theme" in summary


def test_no_address_of_somebody_is_published(client: CheckedClient, scene: Scene) -> None:
    answer = client.send(drafted(client, evidence=f"Ask {scene.user_row.address}"))
    assert answer.status_code == 422
    assert "Take out the e-mail address" in parsed(answer).text


def test_editing_keeps_what_it_said_before(client: CheckedClient, scene: Scene) -> None:
    path = published(client)
    answer = client.send(f"{path}/edit", button=("step", "save"), happened="It held for two weeks.")
    assert answer.status_code == 303, said(answer)
    stranger = browser(client, scene).page(path)
    assert "It held for two weeks." in stranger.text
    assert "Edited on" in stranger.text
    assert "It held for a week." not in stranger.text
    assert "It held for a week." in client.page(path).text
    assert client.page(f"{path}/edit").find("input", attrs={"name": "measure_1_unit"})["value"] == "%"


def test_two_who_edit_at_once_lose_nothing(client: CheckedClient, scene: Scene) -> None:
    path = f"{published(client)}/edit"
    form = parsed(client.get(path)).find("form", id="form")
    client.send(path, button=("step", "save"), did="Theirs")
    answer = client.send_form(form, path, ("step", "save"), did="Mine")
    assert answer.status_code == 409
    page = parsed(answer)
    assert "Theirs" in page.find(attrs={"aria-labelledby": "saved-meanwhile"}).text
    assert page.find("textarea", attrs={"name": "did"}).text.strip() == "Mine"
    assert client.send_form(page.find("form", id="form"), path, ("step", "save")).status_code == 303
    assert scene.rows(Lesson)[0].did == "Mine"


def test_a_lesson_is_withdrawn_and_a_draft_deleted_after_asking_once(client: CheckedClient, scene: Scene) -> None:
    path = published(client)
    assert client.send(f"{path}/withdraw").status_code == 303
    assert browser(client, scene).get(path).status_code == 404
    assert "withdrawn" in client.page(path).text
    assert client.send(f"{path}/edit", button=("step", "save"), did="New").status_code == 409
    draft = drafted(client)
    assert client.send(f"{draft}/delete").status_code == 303
    assert client.get(draft).status_code == 404


def test_a_colleague_checks_a_draft(client: CheckedClient, scene: Scene) -> None:
    path = drafted(client)
    assert client.send(f"{path}/check", officer_id=str(scene.colleague_row.id)).status_code == 303
    assert "has not answered yet" in client.page(path).text
    colleague = browser(client, scene, scene.colleague_row, scene.north)
    waiting = colleague.page("/your-work").find("a", string="Check a draft: Promise two days")
    link = next(one for one in colleague.page(waiting["href"]).find_all("a") if "Read it and answer" in one.text)
    assert "It held for a week." in colleague.page(link["href"]).text
    assert colleague.send(link["href"], answer="changes", note="Say how many.").status_code == 303
    assert colleague.get(path).status_code == 404
    assert "Say how many." in client.page(path).text
    assert "Promise two days" in client.page("/your-work").text


def test_a_lesson_begun_from_a_document_is_pinned_to_it(client: CheckedClient, scene: Scene) -> None:
    paragraph = paragraphs_of(TEXTS[1])[2]
    asked = f"document=social-media&version=2&paragraph={paragraph.hash}"
    begun = client.get(f"/lessons/new?{asked}")
    assert begun.status_code == 303
    page = client.page(begun.location)
    assert "version 2" in page.text
    assert paragraph.as_read in page.text
    answer = client.send_form(page.find("form", id="form"), NEW, ("step", "save"), **ANSWERS)
    assert answer.status_code == 303, said(answer)
    (lesson,) = scene.rows(Lesson)
    assert (lesson.version_id, lesson.paragraph) == (scene.document.version(2).id, paragraph.words)
    for nothing in (
        "document=no-such&version=1",
        "document=social-media&version=99",
        "document=social-media&version=x",
    ):
        assert "will be pinned" not in client.page(f"{NEW}?{nothing}").text


def test_a_version_that_goes_while_somebody_writes_costs_no_word(client: CheckedClient, scene: Scene) -> None:
    form = client.page(f"{NEW}?document=social-media&version=1").find("form", id="form")
    scene.shelf.withdraw(scene.document, 1, scene.keeper_row)
    answer = client.send_form(form, NEW, ("step", "save"), **ANSWERS)
    assert answer.status_code == 409
    again = parsed(answer).find("form", id="form")
    assert again.find("textarea", attrs={"name": "did"}).text.strip() == ANSWERS["did"]
    assert client.send_form(again, NEW, ("step", "save")).status_code == 303
    assert [one.version_id for one in scene.rows(Lesson)] == [None]


def test_choosing_a_project_where_there_are_several_or_none(client: CheckedClient, scene: Scene) -> None:
    scene.make.project(scene.north, scene.lead_row, title="Another")
    page = client.page("/lessons/new?document=social-media&version=2")
    link = page.find("a", string="Answering people")["href"]
    assert link == f"{NEW}?document=social-media&version=2"
    user = browser(client, scene, scene.user_row, scene.wex)
    assert "A lesson belongs to a project" in user.page("/lessons/new").text
    assert user.get(NEW).status_code == 403


def test_a_lesson_is_pinned_moved_and_taken_off(client: CheckedClient, scene: Scene) -> None:
    path = published(client)
    found = client.page(f"{path}/pin?q=social").find("a", string="Social media policy")["href"]
    assert client.page(f"{path}/pin?q=nothing-at-all").find(class_="empty")
    page = client.page(f"{found}?version=1")
    choices = [one["value"] for one in page.find_all("input", attrs={"name": "paragraph_hash"})]
    assert len(choices) == 4
    form = page.find("form", id="form")
    assert client.send_form(form, found, paragraph_hash=choices[3]).status_code == 303
    shown = client.page(path)
    assert "Answer within a day." in shown.text
    assert "Raised on version 1, not yet answered" in shown.text
    assert "reads otherwise in the current version, version 3" in shown.text
    assert scene.row(Artefact, scene.document.artefact.id).lessons == 1
    assert client.send(f"{path}/pin").status_code == 303
    assert "Raised on" not in client.page(path).text
    assert scene.row(Artefact, scene.document.artefact.id).lessons == 0


def test_a_version_withdrawn_meanwhile_is_refused_and_nothing_else_pinned(client: CheckedClient, scene: Scene) -> None:
    path = published(client)
    found = f"{path}/pin/social-media"
    form = client.page(f"{found}?version=1").find("form", id="form")
    scene.shelf.withdraw(scene.document, 1, scene.keeper_row)
    answer = client.send_form(form, found)
    assert answer.status_code == 409
    assert "This version was withdrawn" in parsed(answer).text
    assert scene.rows(Lesson)[0].version_id is None


def test_another_council_says_it_used_the_lesson_and_takes_it_back(client: CheckedClient, scene: Scene) -> None:
    path = published(client)
    assert "/used" not in str(client.page(path).main)
    assert client.get(f"{path}/used").status_code == 403
    user = browser(client, scene, scene.user_row, scene.wex)
    assert user.page(path).find("a", href=f"{path}/used")
    assert user.send(f"{path}/used", note="For our promise.").status_code == 303
    page = browser(client, scene).page(path)
    assert "Used by 1 council" in page.text
    assert "For our promise." in page.text
    assert user.send(f"{path}/used").status_code == 409
    assert user.send(f"{path}/not-used").status_code == 303
    assert scene.rows(LessonUse) == []
    assert "No council has said so yet" in user.page(path).text


def test_those_who_keep_the_document_reply_and_mark_the_answer(client: CheckedClient, scene: Scene) -> None:
    lesson = scene.pinned(1, slug="a-lesson")
    path = f"/lessons/{lesson.slug}"
    keeper = browser(client, scene, scene.keeper_row, scene.east)
    assert "/reply" not in str(client.page(path).main)
    for verb in ("reply", "answer"):
        assert client.get(f"{path}/{verb}").status_code == 403
    assert keeper.send(f"{path}/reply", reply="We **will** change it.").status_code == 303
    assert browser(client, scene).page(path).find("strong", string="will")
    assert "We **will** change it." in keeper.page(f"{path}/reply").text
    assert "not yet answered" in browser(client, scene).page(path).text
    assert keeper.send(f"{path}/answer", version="2").status_code == 303
    page = browser(client, scene).page(path)
    assert "Raised on version 1, answered by version 2" in page.text
    assert page.find("a", href="/documents/social-media/compare?from=1&to=2")
    assert keeper.send(f"{path}/answer", version="none").status_code == 303
    assert "not yet answered" in browser(client, scene).page(path).text
    assert client.send(f"{path}/pin").status_code == 409
    assert keeper.get(f"/lessons/{scene.lesson().slug}/reply").status_code == 404


def test_the_library_is_narrowed_and_says_by_what(client: CheckedClient, scene: Scene) -> None:
    scene.lesson("planning", title="Old paint", outcome="did_not_work", used_by=4)
    scene.pinned(2, title="New promise")
    anybody = browser(client, scene)
    for query, titles in {
        "": ["New promise", "Old paint"], "sort=-used_by": ["Old paint", "New promise"], "q=paint": ["Old paint"],
        "theme=planning": ["Old paint"], "outcome=worked": ["New promise"], "council=eastmere": [],
        "project=answering": ["New promise", "Old paint"], "document=social-media&version=2": ["New promise"],
        f"year={clock.today().year}": ["New promise", "Old paint"], "year=2015": [],
        "theme=magic": ["New promise", "Old paint"],
    }.items():  # fmt: skip
        page = anybody.page(f"/lessons?{query}")
        assert [one.a.text for one in page.find_all("h3", class_="rows__title")] == titles, query
    page = anybody.page("/lessons?theme=planning&document=social-media&version=2&q=zzz")
    removable = [one.text.replace("Remove filter:", "") for one in page.find(class_="removable").find_all("a")]
    assert [one.strip(" ×\n") for one in removable] == [
        "“zzz”", "Planning and building control", "Social media policy", "Version 2",
    ]  # fmt: skip
    assert "No lessons match" in page.text
    assert "was left out" in anybody.page("/lessons?theme=magic").text
    assert anybody.get("/lessons?cursor=nonsense").status_code == 400


def test_an_empty_library_says_what_to_do(client: CheckedClient, scene: Scene) -> None:
    assert "No lesson is published yet" in browser(client, scene).page("/lessons").text


def test_pages_of_the_library_follow_each_other(client: CheckedClient, scene: Scene) -> None:
    for number in range(25):
        scene.lesson(title=f"Lesson {number}", used_by=number % 3)
    for sort in ("-published_at", "-used_by"):
        seen: list[str] = []
        path: str | None = f"/lessons?sort={sort}"
        while path:
            page = client.page(path)
            seen += [one.a.text for one in page.find_all("h3", class_="rows__title")]
            following = page.find("a", rel="next")
            path = following["href"] if following else None
        assert sorted(seen) == sorted(f"Lesson {number}" for number in range(25))


def test_pages_cost_the_same_however_much_was_learned(client: CheckedClient, scene: Scene) -> None:
    costs = []
    for _round in range(2):
        for _number in range(4):
            lesson = scene.pinned(1)
        for path in ("/lessons", f"/lessons/{lesson.slug}", "/projects/answering", "/councils/northborough"):
            with all_counted(client.application) as statements:
                client.get(path)
            costs.append(len(statements))
    assert costs[:4] == costs[4:]


def test_a_lesson_in_welsh_is_marked_as_welsh(client: CheckedClient, scene: Scene) -> None:
    scene.lesson(title="Gwers", language="cy", slug="gwers")
    page = browser(client, scene).page("/lessons/gwers")
    assert page.h1["lang"] == "cy"
    assert page.article["lang"] == "cy"
    assert browser(client, scene).page("/lessons").find("a", string="Gwers")["lang"] == "cy"


def test_what_an_officer_wrote_is_in_their_own_data(client: CheckedClient, scene: Scene) -> None:
    published(client)
    data = client.get("/account/data").get_json()
    assert [one["title"] for one in data["lessons"]] == ["Promise two days"]
    assert (data["lessons_used"], data["replies_to_lessons"]) == ([], [])


@pytest.mark.parametrize(
    "field", ["title", "did", "measure_1_name", "measure_1_after", "themes", "outcome", "version_id"]
)
@pytest.mark.parametrize("text", ["x" * 30_000, "\x00", "<b>", "é" * 200, "-1", "null"])
def test_whatever_is_typed_is_never_an_error_of_ours(
    client: CheckedClient, scene: Scene, field: str, text: str
) -> None:
    assert client.send(NEW, button=("step", "save"), **ANSWERS | {field: text}).status_code in (303, 400, 409, 422)


def test_the_page_of_a_document_shows_what_was_learned_with_it(client: CheckedClient, scene: Scene) -> None:
    kind, within = paragraphs_of(TEXTS[0])[1:3]
    scene.pinned(1, title="Kind", paragraph=kind.words, paragraph_hash=kind.hash)
    scene.pinned(1, title="Day", paragraph=within.words, paragraph_hash=within.hash)
    scene.pinned(2, title="Answered", answered_by_id=scene.document.version(3).id)
    with scene.make.session() as session:
        session.get_one(Artefact, scene.document.artefact.id).lessons = 3
    for path, standing in (("/documents/social-media", "not yet answered"), ("/documents/social-media/versions/1", "")):
        panel = browser(client, scene).page(path).find(attrs={"aria-labelledby": "lessons"})
        assert [one.a.text for one in panel.find_all(class_="rows__title")] == ["Day", "Kind", "Answered"]
        assert standing in panel.text
        assert "Raised on version 2, answered by version 3" in panel.text
        assert panel.text.count("reads otherwise here") == (1 if standing else 0)
        assert "/lessons/new" not in str(panel)
    link = client.page("/documents/social-media").find("a", string="Write a lesson about this version")["href"]
    assert link == "/lessons/new?document=social-media&version=3"


def test_a_comparison_shows_which_lessons_the_changes_answer(client: CheckedClient, scene: Scene) -> None:
    scene.pinned(1, title="Two days", answered_by_id=scene.document.version(2).id)
    path = "/documents/social-media/compare"
    page = browser(client, scene).page(f"{path}?from=1&to=2")
    assert "Two days" in page.find(attrs={"aria-labelledby": "lessons-answered"}).text
    assert (
        browser(client, scene).page(f"{path}?from=2&to=3").find(attrs={"aria-labelledby": "lessons-answered"}) is None
    )
