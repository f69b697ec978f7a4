"""Calendars of dates to come, as programs that keep calendars read them."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import update

from pipeline.kernel import clock
from pipeline.projects.models import Project
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.hot_statements import all_counted

pytestmark = pytest.mark.database

HOST = "http://127.0.0.1:8000"


def days(client: CheckedClient, path: str) -> dict[str, Any]:
    """The days of a calendar by what they say."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.get_data().split(b"\r\n"))
    answer.get_data().decode()
    calendar: Any = Calendar.from_ical(answer.get_data())
    assert calendar["version"] == "2.0"
    assert not calendar.errors
    found = list(calendar.walk("VEVENT"))
    assert all({"UID", "DTSTAMP", "DTSTART", "SUMMARY", "URL", "SEQUENCE"} <= set(one) for one in found)
    assert all(not one.errors for one in found)
    return {str(one["summary"]): one for one in found}


def test_a_decision_date_is_a_whole_day_that_keeps_its_name(client: CheckedClient, make: Factory) -> None:
    day = clock.today() + timedelta(days=40)
    project = make.project(make.council("Leadham"), slug="one", title="One form", decision_on=day)

    [(summary, event)] = days(client, "/calendars/all.ics").items()

    assert summary == "Decision date: One form"
    assert (event["dtstart"].dt, event["dtend"].dt) == (day, day + timedelta(days=1))
    assert type(event["dtstart"].dt) is date
    assert event["url"] == f"{HOST}/projects/one"
    assert (event["sequence"], event["status"]) == (0, "CONFIRMED")
    assert "Leadham leads it" in event["description"]
    with make.session() as session:
        moved = {"decision_on": day + timedelta(days=7), "title": "Two forms", "version": Project.version + 1}
        session.execute(update(Project).values(**moved))
    [(summary, later)] = days(client, "/calendars/projects/one.ics").items()
    assert (summary, later["uid"], later["sequence"]) == ("Decision date: Two forms", event["uid"], 1)
    assert later["dtstart"].dt == day + timedelta(days=7)
    assert project.id.hex not in str(later["uid"]).replace("-", "")


def test_a_date_whose_project_ended_before_it_is_cancelled(client: CheckedClient, make: Factory) -> None:
    council, now = make.council(), clock.now()
    day = clock.today() + timedelta(days=40)
    make.project(council, title="Stopped", decision_on=day, status="stopped", ended_at=now)
    make.project(council, title="Lapsed", decision_on=clock.today() - timedelta(days=2), status="lapsed", ended_at=now)
    make.project(council, title="Long ago", decision_on=clock.today() - timedelta(days=200), status="lapsed")

    found = days(client, "/calendars/all.ics")

    assert {name: str(one["status"]) for name, one in found.items()} == {
        "Decision date: Stopped": "CANCELLED", "Decision date: Lapsed": "CONFIRMED",
    }  # fmt: skip
    assert "no longer holds" in found["Decision date: Stopped"]["description"]


def test_each_calendar_holds_its_own_dates(client: CheckedClient, make: Factory, shelf: Shelf) -> None:
    lead, other = make.council("Leadham"), make.council("Otherby")
    officer = make.officer(lead)
    soon = clock.today() + timedelta(days=30)
    first = make.project(lead, slug="one", title="One", themes=("housing",), decision_on=soon)
    make.project(other, slug="two", title="Two", themes=("waste-and-recycling",), decision_on=soon)
    make.pledge(make.need(first), other, make.officer(other), status="accepted")
    made = shelf.document(first, officer, "A text.\n", slug="policy", title="Policy", review_on=soon)
    shelf.adopt(made, 1, other, make.officer(other), review_on=soon + timedelta(days=9))

    one, two = "Decision date: One", "Decision date: Two"
    review, again = "Review date: Policy", "Otherby looks again at: Policy"
    for path, wanted in (
        ("all", {one, two, review, again}),
        ("councils/leadham", {one, review}),
        ("councils/otherby", {one, two, again}),
        ("themes/housing", {one, review}),
        ("projects/one", {one, review}),
        ("projects/two", {two}),
        ("documents/policy", {review, again}),
    ):
        assert set(days(client, f"/calendars/{path}.ics")) == wanted, path
    adoption = days(client, "/calendars/documents/policy.ics")[again]
    assert client.get(str(adoption["url"]).removeprefix(HOST)).status_code == 200


def test_what_is_not_public_is_in_no_calendar(client: CheckedClient, make: Factory, shelf: Shelf) -> None:
    council = make.council("Leadham")
    officer = make.officer(council)
    soon = clock.today() + timedelta(days=30)
    for number, values in enumerate(({"is_trial": True}, {"is_hidden": True})):
        project = make.project(council, officer, slug=f"secret-{number}", decision_on=soon, **values)
        shelf.document(project, officer, "A text.\n", slug=f"secret-{number}", review_on=soon)
    draft = make.project(council, officer, status="draft", decision_on=soon)
    shelf.document(make.project(council, slug="open", decision_on=None), officer, slug="begun", review_on=soon)
    make.signed_in(client, officer, council)

    for path in ("all", "councils/leadham", "themes/housing", "projects/open"):
        assert days(client, f"/calendars/{path}.ics") == {}, path
    for path in ("projects/secret-0", "projects/secret-1", f"projects/{draft.id}", "documents/secret-0",
                 "documents/secret-1", "councils/nowhere", "themes/nothing"):  # fmt: skip
        assert client.get(f"/calendars/{path}.ics").status_code == 404, path


def test_welsh_letters_commas_and_other_scripts_come_through_the_folding(client: CheckedClient, make: Factory) -> None:
    title = "Tŷ ŵyneb; a, b \\ مرحبا 漢字 \U0001f3e0 " * 3
    make.project(make.council(), title=title.strip()[:120], decision_on=clock.today())

    [summary] = days(client, "/calendars/all.ics")

    assert summary == f"Decision date: {title.strip()[:120]}"


def test_a_calendar_is_kept_for_a_while_and_costs_the_same_however_long_it_is(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    council = make.council("Leadham")
    make.project(council, slug="one")

    def asked() -> int:
        with all_counted(app) as statements:
            client.get("/calendars/councils/leadham.ics")
        return len(statements)

    few = asked()
    for _number in range(20):
        make.project(council)
    assert asked() == few
    answer = client.get("/calendars/all.ics")
    assert answer.headers["Cache-Control"] == "public, max-age=30, must-revalidate"
    assert client.get("/calendars/all.ics", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get("/cy/calendars/all.ics").status_code == 200
