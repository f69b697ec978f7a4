"""When the text of a version is removed for good, lessons keep no passage of it."""

from typing import Any

import pytest

from pipeline.artefacts.actions.withdrawing import remove_version
from pipeline.kernel.actor import Role
from pipeline.lessons.actions.pinning import PinTo, pin_lesson
from pipeline.lessons.models import Lesson
from pipeline.lessons.paragraphs import paragraphs_of
from tests.lessons.scene import TEXTS, Scene
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

WITHIN = paragraphs_of(TEXTS[0])[2]


def remove(scene: Scene, work: Any, number: int) -> None:
    coordinator = scene.make.actor(scene.make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
    with work(coordinator) as unit:
        remove_version(unit, slug=scene.document.slug, number=number, reason="It named somebody.")


def test_a_paragraph_of_a_removed_version_is_emptied_and_noted(scene: Scene, work: Any, client: CheckedClient) -> None:
    held = {"paragraph": WITHIN.words, "paragraph_hash": WITHIN.hash}
    lesson, draft = scene.pinned(1, slug="within", **held), scene.pinned(1, status="draft", slug=None, **held)
    other, whole = scene.pinned(2, slug="other", **held), scene.pinned(1, slug="whole")
    remove(scene, work, 1)
    for one in (lesson, draft):
        row = scene.row(Lesson, one.id)
        assert (row.paragraph, row.paragraph_hash) == (None, None)
        assert row.paragraph_removed_at is not None
        assert row.version_id == scene.document.version(1).id
        assert row.revision == one.revision + 1
    assert scene.row(Lesson, other.id).paragraph == WITHIN.words
    assert scene.row(Lesson, whole.id).paragraph_removed_at is None

    page = client.page("/lessons/within")
    assert "It was about a paragraph whose text was removed for good." in page.text
    assert "Answer within a day" not in page.text
    assert "removed for good" not in client.page("/lessons/whole").text
    assert "Answer within a day" not in client.page(f"/documents/{scene.document.slug}").text.split("History")[0]
    pin = client.get("/api/v1/lessons/within").get_json()["data"]["pinned_to"]
    assert (pin["paragraph"], pin["paragraph_hash"], pin["is_paragraph_removed"]) == (None, None, True)


def test_a_lesson_that_is_pinned_anew_forgets_that_its_paragraph_was_removed(scene: Scene, work: Any) -> None:
    held = {"paragraph": WITHIN.words, "paragraph_hash": WITHIN.hash}
    lesson = scene.pinned(1, status="draft", slug=None, **held)
    remove(scene, work, 1)
    kind = paragraphs_of(TEXTS[1])[1]
    with work(scene.lead) as unit:
        pin_lesson(unit, slug=str(lesson.id), pin_to=PinTo(scene.document.version(2).id, kind.hash))
    row = scene.row(Lesson, lesson.id)
    assert (row.paragraph, row.paragraph_removed_at) == (kind.words, None)
