"""The reads that are measured: their addresses, a look at their answers, and the bytes the ceiling is to answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import orjson
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from benchmarks.load import Target
from benchmarks.rows import NEEDS_EACH, OPENED, UPDATES_OF_OPENED
from benchmarks.servers import fetch
from benchmarks.words import two_word_queries
from pipeline.projects.vocabulary import PHASES, THEMES

ADDRESSES = {"api-list": "/api/v1/projects?limit=20", "page-list": "/projects"}
ANEW = "Cache-Control: no-cache"
"""What a reader sends who wants a page made anew: Pipeline keeps public pages (decision 31)."""
QUERIES = 50
CARDS = 20


class NotAsExpected(Exception):
    """An answer is not what is to be measured."""


@dataclass(frozen=True, slots=True)
class Reads:
    """The reads of one server by name, and what the ceiling answers for them."""

    targets: dict[str, Target]
    answers: dict[str, bytes]


def reads_of(url: URL, port: int, folder: Path, names: Iterable[str]) -> Reads:
    """Look at each address once, keep its answer, and say how it is loaded. Files for wrk go into the folder."""
    here = f"http://127.0.0.1:{port}"
    reads = Reads({}, {})
    for name in names:
        kind = name.removesuffix("-304").removesuffix("-anew")
        body, etag = _MADE_FROM[kind](url, port, folder)
        reads.answers[kind + (".json" if kind == "api-list" else ".html")] = body
        headers: tuple[str, ...] = (ANEW,) if name.endswith("-anew") else ()
        if name.endswith("-304"):
            _check_not_modified(port, ADDRESSES[kind], etag)
            headers = (f"If-None-Match: {etag}",)
        if kind in ADDRESSES:
            reads.targets[name] = Target(here + ADDRESSES[kind], headers)
        else:
            reads.targets[name] = Target(here, headers, "paths.lua", (str(folder / f"{kind}-{port}.txt"),))
    return reads


def _api_list(_url: URL, port: int, _folder: Path) -> tuple[bytes, str]:
    body, etag = _answer(port, ADDRESSES["api-list"])
    rows = orjson.loads(body)["data"]
    if len(rows) != CARDS or any(len(row["needs"]) != NEEDS_EACH for row in rows):
        raise NotAsExpected(f"{ADDRESSES['api-list']} did not answer {CARDS} projects with {NEEDS_EACH} needs each")
    return body, etag


def _page_list(_url: URL, port: int, _folder: Path) -> tuple[bytes, str]:
    return _answer(port, ADDRESSES["page-list"])


def _page_project(url: URL, port: int, folder: Path) -> tuple[bytes, str]:
    return _written("page-project", [f"/projects/{slug}" for slug in opened_slugs(url)], port, folder)


def _written(kind: str, paths: list[str], port: int, folder: Path) -> tuple[bytes, str]:
    (folder / f"{kind}-{port}.txt").write_text("\n".join(paths))
    return _answer(port, paths[0])


def _search(_url: URL, port: int, folder: Path) -> tuple[bytes, str]:
    """Every search is tried once; the ceiling answers the one of middle length."""
    paths = [f"/projects?{urlencode({'q': query})}" for query in two_word_queries(QUERIES)]
    (folder / f"search-{port}.txt").write_text("\n".join(paths))
    answers = sorted((_answer(port, path) for path in paths), key=lambda answer: len(answer[0]))
    return answers[len(answers) // 2]


def _search_facets(_url: URL, port: int, folder: Path) -> tuple[bytes, str]:
    """The same words on the page that searches everything, each narrowed by three facets that vary."""
    paths = []
    for place, query in enumerate(two_word_queries(QUERIES)):
        theme, phase = THEMES[place % len(THEMES)].value, PHASES[place % len(PHASES)].value
        one = {"theme": theme} if place % 2 else {"phase": phase}
        paths.append(f"/search?{urlencode({'q': query, 'kind': 'project', 'nation': 'England', **one})}")
    (folder / f"search-facets-{port}.txt").write_text("\n".join(paths))
    answers = sorted((_answer(port, path) for path in paths), key=lambda answer: len(answer[0]))
    return answers[len(answers) // 2]


_MADE_FROM: dict[str, Callable[[URL, int, Path], tuple[bytes, str]]] = {
    "api-list": _api_list,
    "page-list": _page_list,
    "page-project": _page_project,
    "search": _search,
    "search-facets": _search_facets,
}


def opened_slugs(url: URL) -> list[str]:
    """The addresses of projects with five updates and a whole history."""
    engine = create_engine(url)
    query = text(
        "SELECT slug FROM project JOIN"
        " (SELECT project_id FROM project_update GROUP BY project_id HAVING count(*) = :updates)"
        " AS told ON told.project_id = project.id ORDER BY project.id LIMIT :most"
    )
    with engine.connect() as connection:
        slugs = list(connection.scalars(query, {"updates": UPDATES_OF_OPENED, "most": OPENED}))
    engine.dispose()
    return slugs


def _answer(port: int, path: str) -> tuple[bytes, str]:
    status, headers, body = fetch(port, path)
    if status != 200:
        raise NotAsExpected(f"{path} was answered {status}: {body[:500]!r}")
    return body, headers.get("etag", "")


def _check_not_modified(port: int, path: str, etag: str) -> None:
    status, _headers, _body = fetch(port, path, {"If-None-Match": etag})
    if status != 304:
        raise NotAsExpected(f"{path} with its own ETag was answered {status}")
