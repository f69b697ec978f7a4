"""The figures are what anybody makes of the lists, added up from outside: by month, theme, region and kind."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, update

from pipeline.api.export_kinds import LISTED
from pipeline.councils.events import CouncilChanged
from pipeline.councils.models import Council
from pipeline.kernel import clock
from pipeline.kernel.actor import Role, system
from pipeline.kernel.decision import YES
from pipeline.pledges import actions
from pipeline.pledges.models import Pledge
from pipeline.projects.actions.hiding import hide_project
from pipeline.projects.models import Project
from pipeline.statistics import queries
from pipeline.statistics.models import StatisticsPair
from tests.artefacts.factories import Shelf
from tests.conftest import Working
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.statistics import listen

pytestmark = pytest.mark.database

UK = ZoneInfo("Europe/London")
PLACES = (("unitary", "London"), ("county", "South East"), ("unitary", "South East"), ("welsh unitary", "Wales"))
THEMES = (("housing",), ("housing", "planning"), (), ("planning",))
BY = ("month", "theme", "region", "kind")
Rows = Callable[[str], list[dict[str, Any]]]
Read = Callable[..., Any]


def populate(app: Flask, make: Factory, shelf: Shelf, choose: random.Random) -> None:
    """Projects of several councils with pledges in every state, over the last two years, deliveries and documents."""
    councils = [make.council(f"C{number}", kind=kind, region=region) for number, (kind, region) in enumerate(PLACES)]
    officers = [make.officer(council) for council in councils]
    for number in range(6):
        lead = choose.randrange(4)
        published = a_moment(choose)
        project = make.project(
            councils[lead], officers[lead], themes=THEMES[number % 4], is_hidden=number == 5, published_at=published,
            is_recorded=number == 4, mode="flexible", decision_on=None, year_ended=2024 if number == 4 else None,
        )  # fmt: skip
        for kind in ("time", "funding", "in_kind"):
            need = make.need(project, kind, target=10_000)
            for status in ("offered", "authorised", "accepted", "committed", "broken", "withdrawn"):
                giver = choose.choice([one for one in range(4) if one != lead])
                pledge_of(make, need, councils[giver], officers[giver], status, choose)
        made = shelf.document(project, officers[lead], "One.", "Two.", "Three.", "Four.")
        for place, council in enumerate(councils):
            if place != lead:
                values = {"started_at": a_moment(choose)}
                shelf.adopt(made, choose.randint(1, 4), council, officers[place], **values)
    shelf.withdraw(made, 4, officers[0])
    home = make.project(councils[0], officers[0], themes=(), keeps_documents=True)
    kept = shelf.document(home, officers[0], "Ours.")
    shelf.adopt(kept, 1, councils[1], officers[1])
    status = app.test_cli_runner().invoke(args=["reconcile", "--mend"]).exit_code
    assert status == 0


def pledge_of(make: Factory, need: Any, council: Any, officer: Any, status: str, choose: random.Random) -> None:
    moment, amount = a_moment(choose), choose.randint(2, 30)
    is_late = choose.random() < 0.4
    values: dict[str, Any] = {"amount": amount, "status": status}
    if status == "withdrawn":
        values |= {"authorised_at": moment, "ended_at": moment, "is_counting": False}
    elif status != "offered":
        values |= {"authorised_at": moment, "answer_due_on": clock.uk_date(moment) + timedelta(days=3)}
        if status != "authorised":
            values |= {"answered_at": moment + timedelta(days=5 if is_late else 1)}
    if status in ("committed", "broken"):
        values["committed_at"] = moment + timedelta(days=20)
    given = amount // 2 if status in ("committed", "broken") else 0
    values |= {"delivered": given, "broken": amount - given if status == "broken" else 0}
    pledge = make.pledge(need, council, officer, **values)
    if given:
        day = clock.uk_date(moment) + timedelta(days=40)
        counted = {"answer": "agreed", "answered_at": moment, "counts_at": moment, "answered_by": officer.id}
        make.delivery(pledge, officer, council, amount=given, counted=given, delivered_on=day, **counted)


def a_moment(choose: random.Random) -> datetime:
    """Within two years, often in the hour that is of one day in UTC and of the next in the United Kingdom."""
    day = datetime(2024, 3, 30, 23, 30, tzinfo=UTC) + timedelta(days=choose.randrange(700))
    return day if choose.random() < 0.5 else day.replace(hour=12)


def month(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(UK):%Y-%m}"


class Outside:
    """What somebody makes of the lists who knows nothing else."""

    def __init__(self, client: CheckedClient, rows: Rows) -> None:
        self.client = client
        self.councils = {one["slug"]: one for one in rows("councils")}
        self.projects = {one["slug"]: one for one in rows("projects")}
        self.sums: dict[tuple[str, str], Counter[str]] = {}
        self.present: set[tuple[str, str, str]] = set()
        for one in self.projects.values():
            self._project(one)
        for one in rows("pledges"):
            self._pledge(one)
        for one in rows("adoptions"):
            self._adoption(one)

    def _project(self, one: dict[str, Any]) -> None:
        if not one["is_recorded"]:
            self._add("projects", 1, month(one["published_at"]), one["themes"], one["council"]["slug"])
            self._take_part(month(one["published_at"]), one["themes"], one["council"]["slug"])

    def _pledge(self, one: dict[str, Any]) -> None:
        project = self.projects[one["project"]["slug"]]
        themes, giver, lead = project["themes"], one["council"]["slug"], project["council"]["slug"]
        unit = {"time": "half_days", "funding": "pence"}.get(one["kind"])
        asked = month(one["authorised_at"])
        if one["counts"]:
            self._add("pledges", 1, asked, themes, giver)
            self._take_part(asked, themes, giver)
        if unit is not None:
            bound = one[unit] - one["broken"] - one["released"]
            self._add(f"pledged_{unit}", bound if one["counts"] else 0, asked, themes, giver)
            if one["committed_at"]:
                self._add(f"committed_{unit}", bound, month(one["committed_at"]), themes, giver)
            for row in self.client.get(f"/api/v1/pledges/{one['id']}/deliveries").get_json()["data"]:
                self._add(f"delivered_{unit}", row["counted"], row["delivered_on"][:7], themes, giver)
        if one["answer_due_on"]:
            in_time = one["answered_on"] is not None and one["answered_on"] <= one["answer_due_on"]
            late = "answered_late" if one["answered_on"] else "not_answered"
            self._add("answered_on_time" if in_time else late, 1, asked, themes, lead)

    def _adoption(self, one: dict[str, Any]) -> None:
        document = self.client.get(f"/api/v1/artefacts/{one['artefact']['slug']}").get_json()["data"]
        # What a council keeps without a project has no themes.
        themes = self.projects.get(document["project"]["slug"], {"themes": []})["themes"]
        how = {0: "current", 1: "behind_one"}.get(one["versions_behind"], "behind_more")
        for name in ("adoptions", how, *(["adapted"] if one["standing"] == "adapted" else [])):
            self._add(name, 1, month(one["started_at"]), themes, one["council"]["slug"])

    def _add(self, name: str, number: int, in_month: str, themes: list[str], council: str) -> None:
        where = self.councils[council]
        for place in (
            ("all", ""), ("month", in_month), *(("theme", one) for one in themes), ("region", where["region"]),
            ("kind", where["kind"]),
        ):  # fmt: skip
            self.sums.setdefault(place, Counter())[name] += number

    def _take_part(self, in_month: str, themes: list[str], council: str) -> None:
        self.present.add((in_month, council, "month"))

    def councils_of(self, by: str, of: str) -> int | None:
        """How many councils take part; of a theme the lists do not say it in one step."""
        taking_part = [one for one in self.councils.values() if one["projects_led"] + one["projects_joined"]]
        if by == "month":
            return len({council for in_month, council, _by in self.present if in_month == of})
        return {
            "all": len(taking_part), "region": sum(one["region"] == of for one in taking_part),
            "kind": sum(one["kind"] == of for one in taking_part),
        }.get(by)  # fmt: skip


def compare(client: CheckedClient, rows: Rows) -> dict[str, Any]:
    """Hold every figure against what the lists make; returns the totals."""
    outside = Outside(client, rows)
    for by in BY:
        data = client.get(f"/api/v1/statistics?by={by}").get_json()["data"]
        told = {one["of"]: one for one in data["rows"]} | {"": data["total"]}
        for of, figures in told.items():
            exact = outside.sums.get((by if of else "all", of), Counter())
            councils = outside.councils_of(by if of else "all", of)
            for name, value in figures.items():
                if name == "councils":
                    assert councils in (None, value), (by, of, name)
                elif name != "of":
                    assert value == exact[name], (by, of, name)
        known = {of for one, of in outside.sums if one == by}
        assert known <= told.keys()
    total: dict[str, Any] = data["total"]
    for unit, kind in (("half_days", "time"), ("pence", "funding")):
        needs = [need for one in outside.projects.values() for need in one["needs"] if need["kind"] == kind]
        assert total[f"pledged_{unit}"] == sum(one[f"pledged_{unit}"] for one in outside.projects.values())
        for name in ("pledged", "committed", "delivered"):
            assert total[f"{name}_{unit}"] == sum(need[name] for need in needs), (name, unit)
    return total


def through_the_api(client: CheckedClient) -> Rows:
    def walk(name: str) -> Iterator[dict[str, Any]]:
        address: str | None = f"/api/v1/{name}?limit=20"
        while address:
            body = client.get(address).get_json()
            yield from body["data"]
            address = body["links"]["next"]

    return lambda name: list(walk(name))


def test_every_figure_is_the_sum_over_the_lists_and_over_the_exports(
    app: Flask, client: CheckedClient, make: Factory, shelf: Shelf, read: Read, work: Working
) -> None:
    populate(app, make, shelf, random.Random(2026))
    listen(make)
    before = compare(client, through_the_api(client))
    assert all(before[name] for name in before if name != "adapted"), before
    with read() as reading:
        compare(client, lambda name: [row for page in LISTED[name].kind().pages(reading) for row in page])

    with make.session() as session:
        posted = select(Project).where(Project.is_public, ~Project.is_recorded, ~Project.keeps_documents)
        shown = session.scalars(posted.order_by(Project.id)).all()
        pledge = session.scalars(
            select(Pledge).where(Pledge.project_id == shown[1].id, Pledge.status == "accepted", Pledge.kind == "time")
        ).one()
        giver = session.get_one(Council, pledge.council_id)
    admin = make.actor(make.officer(giver, Role.COUNCIL_ADMIN), giver, Role.COUNCIL_ADMIN)
    with work(make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)) as unit:
        hide_project(unit, project_id=shown[0].id)
    with work(admin) as unit:
        actions.withdraw_pledge(unit, pledge_id=pledge.id, reason="Plans changed")
    with make.session() as session:
        session.execute(update(Council).where(Council.id == giver.id).values(kind="county", region="North East"))
    with work(system("register")) as unit:
        unit.require(YES)
        unit.record(CouncilChanged(council_id=giver.id, changes={"region": ["", ""], "kind": ["", ""]}))
    listen(make)
    after = compare(client, through_the_api(client))
    assert after["projects"] == before["projects"] - 1
    assert after["pledged_half_days"] < before["pledged_half_days"]


def test_partnerships_are_what_the_list_of_projects_counts(
    app: Flask, client: CheckedClient, make: Factory, shelf: Shelf
) -> None:
    populate(app, make, shelf, random.Random(7))
    rows = client.get("/api/v1/statistics/partnerships").get_json()["data"]["rows"]
    assert rows
    for one in rows:
        narrowed = f"council={one['lead']['slug']}&partner={one['partner']['slug']}"
        answer = client.get(f"/api/v1/projects?{narrowed}&include_total=true").get_json()
        assert answer["page"]["total"] == one["projects"]
    of_one = client.get("/api/v1/statistics/partnerships?council=c1").get_json()["data"]["rows"]
    assert of_one == [one for one in rows if "c1" in (one["lead"]["slug"], one["partner"]["slug"])]
    councils = {one["slug"]: one for one in client.get("/api/v1/councils").get_json()["data"]}
    for slug, council in councils.items():
        assert council["projects_joined"] == sum(one["projects"] for one in rows if one["partner"]["slug"] == slug)


def test_an_answer_says_when_it_leaves_out_pairs(
    client: CheckedClient, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    councils = [make.council(f"C{number}") for number in range(4)]
    with make.session() as session:
        for number, other in enumerate(councils[1:], start=1):
            session.add(StatisticsPair(lead_id=councils[0].id, partner_id=other.id, number=number))
    for most, has_more in ((3, False), (2, True)):
        monkeypatch.setattr(queries, "MOST_PAIRS", most)
        data = client.get("/api/v1/statistics/partnerships").get_json()["data"]
        assert [one["projects"] for one in data["rows"]] == [3, 2, 1][:most]
        assert data["has_more"] is has_more
    data = client.get("/api/v1/statistics/partnerships?council=c0").get_json()["data"]
    assert (len(data["rows"]), data["has_more"]) == (3, False)


def test_figures_of_a_financial_year_are_those_of_its_months(
    app: Flask, client: CheckedClient, make: Factory, shelf: Shelf
) -> None:
    populate(app, make, shelf, random.Random(35))
    all_time = client.get("/api/v1/statistics").get_json()["data"]
    in_years = 0
    for year in range(2023, 2027):
        data = client.get(f"/api/v1/statistics?year={year}").get_json()["data"]
        months = [one["of"] for one in data["rows"]]
        first = date(year, 4, 1)
        assert all(f"{first:%Y-%m}" <= one <= f"{year + 1}-03" for one in months)
        assert data["total"]["pledged_pence"] == sum(one["pledged_pence"] for one in data["rows"])
        in_years += data["total"]["pledged_pence"]
    assert in_years == all_time["total"]["pledged_pence"] > 0


def test_figures_narrowed_by_what_they_are_split_by_have_that_one_row(
    app: Flask, client: CheckedClient, make: Factory, shelf: Shelf
) -> None:
    populate(app, make, shelf, random.Random(11))
    for by, of in (("theme", "housing"), ("region", "London"), ("kind", "unitary")):
        data = client.get(f"/api/v1/statistics?by={by}&{by}={of}").get_json()["data"]
        assert data["rows"] == [{"of": of, **data["total"]}]
        assert data["total"]["pledges"] > 0
    data = client.get("/api/v1/statistics?by=kind&region=South+East").get_json()["data"]
    assert sum(one["pledges"] for one in data["rows"]) == data["total"]["pledges"] > 0


def test_an_answer_is_marked_by_what_is_counted(client: CheckedClient, make: Factory, app: Flask, shelf: Shelf) -> None:
    empty = client.get("/api/v1/statistics")
    assert empty.get_json()["data"]["as_of"] is None
    mark = {"If-None-Match": empty.headers["ETag"]}
    assert client.get("/api/v1/statistics", headers=mark).status_code == 304
    populate(app, make, shelf, random.Random(1))
    told = client.get("/api/v1/statistics", headers=mark)
    assert told.status_code == 200
    assert told.get_json()["data"]["as_of"].startswith(f"{clock.now():%Y-%m-%d}")


@pytest.mark.parametrize("query", ["by=colour", "theme=", "region=Atlantis", "kind=x", "year=26", "year=1066"])
def test_what_is_wrong_is_refused_and_named(client: CheckedClient, query: str) -> None:
    answer = client.get(f"/api/v1/statistics?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"
