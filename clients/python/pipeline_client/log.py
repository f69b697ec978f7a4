"""Following what happens."""

from collections.abc import Iterator, Mapping
from time import sleep

import httpx

from pipeline_client.things import Event
from pipeline_client.transport import Parameter, Transport


class EventLog:
    """What happened after a place in the log, in order. `cursor` is the place to go on from: keep it once the events
    before it are dealt with. It moves when all of a page was taken, so that after a crash some come again and none is
    missed."""

    def __init__(
        self,
        transport: Transport,
        after: str | None,
        pause: float | None,
        filters: Mapping[str, Parameter | None],
    ) -> None:
        self.cursor = after
        self._transport, self._pause, self._filters = transport, pause, filters

    def __iter__(self) -> Iterator[Event]:
        while True:
            page = self._transport.read("events", {**self._filters, "after": self.cursor})
            yield from page["data"]
            self.cursor = httpx.URL(page["links"]["next"]).params["after"]
            if page["page"]["has_more"]:
                continue
            if self._pause is None:
                return
            sleep(self._pause)
