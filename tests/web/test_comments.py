"""The page on which a comment is written: whom it mentions, a person a row."""

from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.comments.models import CommentMention
from tests.factories import Factory
from tests.support.client import CheckedClient, typed_in

pytestmark = pytest.mark.database


@pytest.fixture
def people(make: Factory, client: CheckedClient) -> tuple[str, list[Officer]]:
    """Six people of a team, and somebody else who is signed in and writes about its update."""
    council = make.council()
    lead, *team = (make.officer(council) for _one in range(7))
    project = make.project(council, lead)
    for one in team:
        make.person(project, one, council)
    other = make.council()
    make.signed_in(client, make.officer(other), other)
    return f"/comments/on/update/{make.update(project, lead, council).id}/new", team


def test_up_to_five_people_are_mentioned_one_row_after_another(
    people: tuple[str, list[Officer]], client: CheckedClient, make: Factory
) -> None:
    path, team = people
    picked: dict[str, Any] = {"text": "Shall we meet?", "mention": str(team[0].id)}
    for row in range(2, 6):
        page = client.send(path, button=("step", "another"), **picked)
        assert page.status_code == 200
        form = next(form for form in _forms(page) if f"mention_{row}" in typed_in(form))
        assert {name: typed_in(form)[name] for name in picked} == {name: [value] for name, value in picked.items()}
        picked[f"mention_{row}"] = str(team[row - 1].id)
    assert "Mention another person" not in page.get_data(as_text=True)
    assert client.send_form(form, path, **picked).status_code == 303
    with make.session() as session:
        assert set(session.scalars(select(CommentMention.officer_id))) == {one.id for one in team[:5]}


def test_a_problem_keeps_everybody_who_was_picked(
    people: tuple[str, list[Officer]], client: CheckedClient, make: Factory
) -> None:
    path, team = people
    page = client.send(path, button=("step", "another"), mention=str(team[0].id))
    [form] = (form for form in _forms(page) if "mention_2" in typed_in(form))
    refused = client.send_form(form, path, mention_2=str(team[1].id), text="")
    assert refused.status_code == 422
    [form] = (form for form in _forms(refused) if "mention" in typed_in(form))
    assert typed_in(form)["mention_2"] == [str(team[1].id)]
    with make.session() as session:
        assert session.scalars(select(CommentMention)).all() == []


def _forms(answer: Any) -> list[Any]:
    from tests.support.client import parsed

    return list(parsed(answer).find_all("form"))
