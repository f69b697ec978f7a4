"""A copy of everything public, kept as docs/api.md tells others to keep one: the exports, then the events.

Of an event it believes nothing but what it is about: that, and whatever belongs to the same project, is read again. So
are the projects whose figures moved without a public event.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from pipeline.api.export_kinds import LISTED

Answer = Any
Row = dict[str, Any]

OF_PROJECTS = ("needs", "pledges", "updates", "lessons", "artefacts", "interests", "measures", "readings")
OF_DOCUMENTS = ("versions", "suggestions", "adoptions")


def moment_before(moment: datetime) -> str:
    """From when on to ask for what changed: an act has the moment at which it began, and shows when it is done."""
    return f"{moment - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"


class Mirror:
    """Rows by kind and id. `get` fetches an address of the API, without its beginning; it follows no redirects."""

    def __init__(self, get: Callable[[str], Answer]) -> None:
        self._get = get
        self.rows: dict[str, dict[str, Row]] = {kind: {} for kind in LISTED}
        self.next = ""
        self.since = ""
        self.read_again = 0

    def download(self) -> None:
        """Take every file, and remember where to go on: at the earliest place any of them names."""
        for kind in LISTED:
            answer = self._get(f"/exports/{kind}.ndjson")
            assert answer.status_code == 200, answer.text
            rows = [orjson.loads(line) for line in answer.data.splitlines()]
            self.rows[kind] = {row["id"]: row for row in rows}
        listed = self._get("/exports").get_json()["data"][0]
        self.next = listed["events"].partition("/api/v1")[2]
        self.since = moment_before(datetime.fromisoformat(listed["taken_at"]))

    def follow(self) -> int:
        """Read what happened up to now, and read again what it was about; returns how many events there were."""
        number, projects, has_more, began = 0, dict[str, bool](), True, datetime.now(UTC)
        while has_more:
            page = self._get(self.next).get_json()
            for event in page["data"]:
                number += 1
                self._note(event, projects)
            self.next = page["links"]["next"].partition("/api/v1")[2]
            has_more = page["page"]["has_more"]
        for row in self._list(f"/projects?updated_since={self.since}&fields=slug&limit=100"):
            projects.setdefault(row["slug"], False)
        self.since = moment_before(began)
        for slug, is_its_own in projects.items():
            self._read_project(slug, is_its_own)
        if number:
            self.rows["councils"] = {row["id"]: row for row in self._list("/councils?limit=100")}
        return number

    def _note(self, event: Row, projects: dict[str, bool]) -> None:
        slug, subject = event["project"] and event["project"]["slug"], event["subject"]
        if slug:
            projects[slug] = projects.get(slug, False) or subject["type"] == "project"
        if subject["type"] == "interest":
            self._put("interests", subject["id"], self._get(f"/interests/{subject['id']}"))

    def _put(self, kind: str, row_id: str, answer: Answer) -> None:
        """Keep what is there, take out what is not."""
        self.read_again += 1
        if answer.status_code == 200:
            self.rows[kind][row_id] = answer.get_json()["data"]
        else:
            self.rows[kind].pop(row_id, None)

    def _read_project(self, slug: str, is_its_own: bool) -> None:
        """A project and all that belongs to it. One that is not held is taken in only for an event about itself:
        places where councils keep documents are in no list."""
        fields = ",".join(LISTED["projects"].schema().fields)
        answer = self._get(f"/projects/{slug}?fields={fields}")
        if answer.status_code == 308:
            slug = answer.headers["Location"].partition("/projects/")[2].partition("?")[0]
            answer = self._get(f"/projects/{slug}?fields={fields}")
        row = answer.get_json()["data"] if answer.status_code == 200 else None
        names = {slug} | self._held_names(row)
        documents = [one["slug"] for one in self._of("artefacts", names)]
        for kind in OF_PROJECTS:
            if kind != "interests" or row is None:
                self._drop(kind, lambda one: one["project"]["slug"] in names)
        for one in self._of("projects", names):
            del self.rows["projects"][one["id"]]
        if row is None:
            self._drop_documents(set(documents))
            return
        if names - {slug} or is_its_own:
            self._rename(names, row)
        if is_its_own or names - {slug}:
            self.rows["projects"][row["id"]] = row
        self._add("needs", f"/projects/{slug}/needs?limit=100")
        for kind in ("pledges", "updates", "lessons", "artefacts", "measures", "readings"):
            self._add(kind, f"/{kind}?project={slug}&limit=100")
        self._read_documents({*documents, *(one["slug"] for one in self._of("artefacts", {slug}))})

    def _held_names(self, row: Row | None) -> set[str]:
        """The slug under which a project is held, which may be another than it has now."""
        held = self.rows["projects"].get(row["id"]) if row else None
        return {held["slug"], ""} if held else set()

    def _rename(self, names: set[str], row: Row) -> None:
        for one in self._of("interests", names):
            one["project"] = {"slug": row["slug"], "title": row["title"]}

    def _read_documents(self, slugs: set[str]) -> None:
        """Documents with what belongs to them, the copies made of them and the lessons pinned to them; and of a copy,
        what its original shows of it."""
        originals = {one["upstream"] for one in self.rows["artefacts"].values() if one["slug"] in slugs}
        for slug in {*slugs, *originals} - {None}:
            self._drop_documents({slug})
            self._add("versions", f"/artefacts/{slug}/versions")
            self._add("suggestions", f"/artefacts/{slug}/suggestions?limit=100")
            self._add("adoptions", f"/adoptions?artefact={slug}&limit=100")
            self._add("artefacts", f"/artefacts?upstream={slug}&limit=100")
            self._add("lessons", f"/lessons?artefact={slug}&limit=100")

    def _drop_documents(self, slugs: set[str]) -> None:
        for kind in ("versions", "suggestions"):
            self._drop(kind, lambda one: one["artefact"] in slugs)
        self._drop("adoptions", lambda one: one["artefact"]["slug"] in slugs)

    def _of(self, kind: str, names: set[str]) -> list[Row]:
        """The rows of some projects."""
        rows = self.rows[kind].values()
        return [one for one in rows if (one["slug"] if kind == "projects" else one["project"]["slug"]) in names]

    def _drop(self, kind: str, is_gone: Callable[[Row], bool]) -> None:
        self.rows[kind] = {row_id: row for row_id, row in self.rows[kind].items() if not is_gone(row)}

    def _add(self, kind: str, path: str) -> None:
        for row in self._list(path):
            self.rows[kind][row["id"]] = row

    def _list(self, path: str) -> Iterator[Row]:
        address: str | None = path
        while address:
            self.read_again += 1
            answer = self._get(address)
            if answer.status_code == 404:
                return
            page = answer.get_json()
            yield from page["data"]
            link = page["links"]["next"]
            address = link.partition("/api/v1")[2] if link else None


def differences(mirror: Mirror, live: dict[str, list[Row]]) -> dict[str, Any]:
    """Where a mirror and the lists are not the same: of each kind what is missing, too much, or other."""
    found: dict[str, Any] = defaultdict(list)
    for kind, rows in live.items():
        held, there = mirror.rows[kind], {row["id"]: row for row in rows}
        for row_id in held.keys() | there.keys():
            if held.get(row_id) != there.get(row_id):
                found[kind].append((held.get(row_id), there.get(row_id)))
    return dict(found)
