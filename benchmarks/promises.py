"""What is measured, what is asked of it now, and where it is to get. The figures are those of docs/performance.md.

Ratios are to bare Flask answering the same bytes (302 for a pledge) in the same rounds.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the table. `ceiling` names the answer it is compared with.

    `asked` and `goal` are ratios to it. From 1,000 projects to many it may slow by `growth` times. `p99` is the most
    milliseconds that one answer in a hundred takes longer than.
    """

    name: str
    words: str
    ceiling: str
    asked: float | None = None
    goal: float | None = None
    growth: float | None = None
    p99: float | None = None


PROMISES = (
    Promise("api-list", "GET /api/v1/projects?limit=20", "api-list", asked=0.20, goal=0.30, growth=1.25),
    Promise("api-list-304", "the same with If-None-Match", "api-list", asked=0.40, goal=0.60, growth=1.25),
    Promise("page-list", "GET /projects, 20 cards", "page-list", asked=0.06, goal=0.10, growth=1.25),
    Promise("page-list-anew", "the same, not kept", "page-list", growth=1.25),
    Promise("page-list-304", "the same with If-None-Match", "page-list", goal=0.60, growth=1.25),
    Promise(
        "page-project",
        "GET /projects/<slug> with 3 needs, 8 pledges",
        "page-project",
        asked=0.10,
        goal=0.15,
        growth=1.25,
    ),
    Promise("page-project-anew", "the same, not kept", "page-project", growth=1.25),
    Promise("search", "GET /projects?q=, 50 queries of two words", "search", asked=0.04, growth=2.0),
    Promise("search-anew", "the same, not kept", "search", growth=2.0),
    Promise(
        "search-facets",
        "GET /search, the same queries with three facets",
        "search-facets",
        asked=0.06,
        growth=2.0,
    ),
    Promise("search-facets-anew", "the same, not kept", "search-facets", growth=2.0),
    Promise("pledge", "POST of an offer, 300 councils, 1,000 needs", "redirect", asked=0.035, goal=0.09, p99=400.0),
    Promise("pledge-one-need", "the same, all on one uncapped need", "redirect", asked=0.035, goal=0.09, p99=400.0),
)
PROMISE_BY_NAME = {promise.name: promise for promise in PROMISES}
WRITES = ("pledge", "pledge-one-need")
