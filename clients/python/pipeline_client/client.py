"""The client: lists, single things, the log, and acts."""

from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import quote

import httpx

from pipeline_client.log import EventLog
from pipeline_client.things import (
    Adoption,
    Artefact,
    Council,
    Lesson,
    Need,
    Pledge,
    Project,
    ProjectDetail,
    Update,
)
from pipeline_client.transport import Parameter, Transport

Filter = Parameter | None


class Client:
    """One Pipeline, read by anybody, or acted on with a token.

    A list is an iterator that asks for its next page when it is needed. Its filters are the API's own parameters, such
    as `theme`, `sort` or `updated_since`. What did not change since it was last asked for is not sent again. A limit
    (429) or a moment of rest (503) is waited out. Refusals raise ApiProblem, silence Unreachable.
    """

    def __init__(
        self,
        base_url: str,
        token: str | None = None,
        *,
        user_agent: str = "pipeline-client/1.0",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`user_agent` says who you are, best with an address to write to. `transport` is for tests and proxies."""
        self._transport = Transport(base_url, token, user_agent, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    # Reading anything

    def get(self, path: str, **parameters: Filter) -> dict[str, Any]:
        """One thing at an address under /api/v1, such as `statistics` or `webhooks/<id>`."""
        return cast(dict[str, Any], self._transport.read(path, parameters)["data"])

    def list(self, path: str, **filters: Filter) -> Iterator[dict[str, Any]]:
        """Every row of any list under /api/v1, such as `themes` or `projects/<slug>/needs`, page by page."""
        asked = {"limit": 100} | filters
        while True:
            page = self._transport.read(path, asked)
            yield from page["data"]
            if not page["links"]["next"]:
                return
            asked["cursor"] = httpx.URL(page["links"]["next"]).params["cursor"]

    # Lists

    def councils(self, **filters: Filter) -> Iterator[Council]:
        """The register of councils."""
        return cast(Iterator[Council], self.list("councils", **filters))

    def projects(self, **filters: Filter) -> Iterator[Project]:
        """Projects, those that changed last first."""
        return cast(Iterator[Project], self.list("projects", **filters))

    def needs(self, **filters: Filter) -> Iterator[Need]:
        """What projects ask for."""
        return cast(Iterator[Need], self.list("needs", **filters))

    def pledges(self, **filters: Filter) -> Iterator[Pledge]:
        """What councils promised."""
        return cast(Iterator[Pledge], self.list("pledges", **filters))

    def updates(self, **filters: Filter) -> Iterator[Update]:
        """How projects go."""
        return cast(Iterator[Update], self.list("updates", **filters))

    def lessons(self, **filters: Filter) -> Iterator[Lesson]:
        """What councils learned."""
        return cast(Iterator[Lesson], self.list("lessons", **filters))

    def artefacts(self, **filters: Filter) -> Iterator[Artefact]:
        """Shared documents."""
        return cast(Iterator[Artefact], self.list("artefacts", **filters))

    def adoptions(self, **filters: Filter) -> Iterator[Adoption]:
        """Which council uses which document."""
        return cast(Iterator[Adoption], self.list("adoptions", **filters))

    def events(self, after: str | None = None, *, pause: float | None = None, **filters: Filter) -> EventLog:
        """What happened, after a cursor or from the beginning. With `pause`, a number of seconds, it waits for more
        and never ends; without, it ends at the last event."""
        return EventLog(self._transport, after, pause, filters)

    # One thing, by slug, id or code

    def council(self, code: str) -> Council:
        """A council by slug or GSS code."""
        return cast(Council, self.get(f"councils/{quote(code, safe='')}"))

    def project(self, slug: str, **parameters: Filter) -> ProjectDetail:
        """A project, with its text, its conditions and its needs."""
        return cast(ProjectDetail, self.get(f"projects/{quote(slug, safe='')}", **parameters))

    def need(self, need_id: str) -> Need:
        """A need."""
        return cast(Need, self.get(f"needs/{quote(need_id, safe='')}"))

    def pledge(self, pledge_id: str) -> Pledge:
        """A pledge: with a token also one that is not yet authorised."""
        return cast(Pledge, self.get(f"pledges/{quote(pledge_id, safe='')}"))

    def update(self, update_id: str) -> Update:
        """An update."""
        return cast(Update, self.get(f"updates/{quote(update_id, safe='')}"))

    def lesson(self, slug: str) -> Lesson:
        """A lesson."""
        return cast(Lesson, self.get(f"lessons/{quote(slug, safe='')}"))

    def artefact(self, slug: str) -> Artefact:
        """A shared document."""
        return cast(Artefact, self.get(f"artefacts/{quote(slug, safe='')}"))

    def adoption(self, adoption_id: str) -> Adoption:
        """A council's use of a document."""
        return cast(Adoption, self.get(f"adoptions/{quote(adoption_id, safe='')}"))

    # Acting, with a token

    def post(self, path: str, *, etag: str | None = None, key: str | None = None, **members: Any) -> dict[str, Any]:
        """Do something at an address under /api/v1: `post("pledges/<id>/accept")`, `post("projects", title=…)`.

        It is done once even where the answer is lost and it has to be sent again. Give a `key` of your own to make
        that true across runs of your program as well. `etag` is that of what you read, for acts that need it.
        """
        return cast(dict[str, Any], self._transport.change("POST", path, members, etag, key)["data"])

    def patch(self, path: str, *, etag: str, key: str | None = None, **members: Any) -> dict[str, Any]:
        """Change members of what you read with `etag`; ApiProblem 412 where somebody was faster."""
        return cast(dict[str, Any], self._transport.change("PATCH", path, members, etag, key)["data"])

    def delete(self, path: str, *, etag: str | None = None, key: str | None = None) -> dict[str, Any]:
        """Delete what you read with `etag`."""
        return cast(dict[str, Any], self._transport.change("DELETE", path, None, etag, key)["data"])

    def offer_pledge(self, need_id: str, *, key: str | None = None, **members: Any) -> Pledge:
        """Offer a pledge towards a need: `half_days`, `pence` or `quantity`, and the dates it is for."""
        return cast(Pledge, self.post(f"needs/{quote(need_id, safe='')}/pledges", key=key, **members))
