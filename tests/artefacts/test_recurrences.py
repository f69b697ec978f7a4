"""What recurs across the copies of a document is kept by the worker, and a draft is made with it, on both databases."""

from typing import Any

import pytest
from flask import Flask

from pipeline.artefacts.actions.recurrences import draft_recurrence
from pipeline.artefacts.models import KeptRecurrence
from pipeline.artefacts.queries.recurrences import recurrences_of
from pipeline.artefacts.recurrences import look_for_recurrences
from pipeline.kernel import clock
from pipeline.kernel.errors import Conflict, NotAllowed
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

BASE = "Be kind.\n\nAnswer within ten days.\n"
CHANGED = "Be kind.\n\nAnswer within five days.\n"


def test_the_team_is_offered_what_councils_changed_alike_and_makes_a_draft_with_it(
    app: Flask, make: Factory, work: Any, read: Any, shelf: Shelf
) -> None:
    keeper = make.council("Keeper")
    lead = make.officer(keeper)
    project = make.project(keeper, lead)
    model = shelf.document(project, lead, BASE)
    names = ("Ashford", "Bolton")
    for name in names:
        council = make.council(name)
        officer = make.officer(council)
        shelf.copy(model, 1, shelf.keeper(council, officer), officer, CHANGED)
    with make.session() as session:
        session.add(KeptRecurrence(artefact_id=model.artefact.id, content={}, due_at=clock.now()))
    with app.app_context():
        look_for_recurrences()
    actor = make.actor(lead, keeper)
    with read(actor) as reading:
        (change,) = recurrences_of(reading, model.artefact.id)
        assert reading.session.get_one(KeptRecurrence, model.artefact.id).due_at is None
    assert (change.before, change.after) == ("Answer within ten days.", "Answer within five days.")
    assert (change.councils, change.number) == (names, 2)

    stranger = make.council("Elsewhere")
    with pytest.raises(NotAllowed), work(make.actor(make.officer(stranger), stranger)) as unit:
        draft_recurrence(unit, slug=model.slug, key=change.key)
    with work(actor) as unit:
        draft = draft_recurrence(unit, slug=model.slug, key=change.key)
    assert draft.text == CHANGED
    assert len(draft.credits) == len(names)

    shelf.publish(model, lead, CHANGED)
    with pytest.raises(Conflict) as refusal, work(actor) as unit:
        draft_recurrence(unit, slug=model.slug, key=change.key)
    assert refusal.value.code == "recurrence.gone"


def test_nearly_alike_changes_are_shown_under_what_most_say(
    app: Flask, client: CheckedClient, make: Factory, shelf: Shelf
) -> None:
    base = "Officers answer each question within ten working days of the day it came in."
    ours = base.replace("within ten", "politely, in plain words and within five")
    keeper = make.council("Keeper")
    lead = make.officer(keeper)
    project = make.project(keeper, lead)
    model = shelf.document(project, lead, base)
    for name, text in (("Ashford", ours), ("Bolton", ours), ("Corby", ours.replace("plain words", "plain English"))):
        council = make.council(name)
        officer = make.officer(council)
        shelf.copy(model, 1, shelf.keeper(council, officer), officer, text)
    with make.session() as session:
        session.add(KeptRecurrence(artefact_id=model.artefact.id, content={}, due_at=clock.now()))
    with app.app_context():
        look_for_recurrences()
    address = f"/documents/{model.slug}/register"
    assert "plain English" not in client.page(address).text
    make.signed_in(client, lead, keeper)
    page = client.page(address)
    assert "3 councils changed this paragraph alike" in page.text
    assert "2 of them say exactly this, the others nearly." in page.text
    assert [one.get_text() for one in page.main.select("details dt")] == ["Corby"]
    assert "plain English" in page.main.select_one("details dd").get_text()
