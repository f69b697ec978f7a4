"""The pages of the desk: what failed is tried again, and only a list there is has a page."""

import pytest

from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


def test_what_failed_is_tried_again_by_a_button(client: CheckedClient, make: Factory) -> None:
    coordinator = make.officer(None, Role.COORDINATOR)
    make.failed_message(coordinator)
    make.failed_event()
    make.signed_in(client, coordinator)
    for name in ("messages", "failed-events"):
        path = f"/coordination/lists/{name}"
        form = next(form for form in client.page(path).find_all("form") if form["action"].endswith("/try-again"))
        assert client.send_form(form, path).status_code == 303
        page = client.page(path)
        assert "We are trying it again" in page.text
        assert "Nothing here" in page.text
        assert client.send_form(form, path).status_code == 404


def test_a_list_that_is_none_is_missing_and_a_cursor_of_another_list_is_refused(
    client: CheckedClient, make: Factory
) -> None:
    make.signed_in(client, make.officer(None, Role.COORDINATOR))
    assert client.get("/coordination/lists/nothing").status_code == 404
    assert client.get("/coordination/lists/offers?cursor=x").status_code == 400
