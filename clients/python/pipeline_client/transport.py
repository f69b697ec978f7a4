"""One request: who asks, what is kept from before, and what is tried again."""

from collections import OrderedDict
from collections.abc import Mapping
from time import sleep
from typing import Any
from uuid import uuid4

import httpx

from pipeline_client.problems import ApiProblem, Unreachable

Parameter = str | int | bool
KEPT = 200
"""So many answers are kept, to be asked for again only if they changed."""
TRIES = 5
LONGEST_WAIT = 120
"""Seconds: a limit that lasts longer is for the caller to know of."""
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


class Transport:
    """Sends requests to one Pipeline."""

    def __init__(
        self,
        base_url: str,
        token: str | None,
        user_agent: str,
        through: httpx.BaseTransport | None,
    ) -> None:
        address = httpx.URL(base_url.rstrip("/") + "/api/v1/")
        if token and address.scheme != "https" and address.host not in THIS_MACHINE:
            raise ValueError("A token is sent by https only.")
        headers = {"Accept": "application/json", "User-Agent": user_agent}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._http = httpx.Client(
            base_url=address, headers=headers, follow_redirects=True, timeout=30, transport=through
        )
        self._kept: OrderedDict[str, tuple[str, httpx.Response]] = OrderedDict()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def read(self, path: str, parameters: Mapping[str, Parameter | None]) -> Any:
        """What an address answers; from memory where it says that nothing changed."""
        request = self._http.build_request("GET", path.lstrip("/"), params=_as_sent(parameters))
        name = str(request.url)
        kept = self._kept.get(name)
        if kept is not None:
            request.headers["If-None-Match"] = kept[0]
        response = self._send(request)
        if response.status_code == 304 and kept is not None:
            response = kept[1]
        elif "ETag" in response.headers:
            self._kept[name] = (response.headers["ETag"], response)
        if name in self._kept:
            self._kept.move_to_end(name)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return response.json()

    def change(self, method: str, path: str, body: Any, etag: str | None, key: str | None) -> Any:
        """Change something once, however often it has to be sent: every try carries the same key."""
        headers = {"Idempotency-Key": key or str(uuid4())}
        if etag is not None:
            headers["If-Match"] = f'"{etag.strip(chr(34))}"'
        return self._send(self._http.build_request(method, path.lstrip("/"), json=body, headers=headers)).json()

    def _send(self, request: httpx.Request) -> httpx.Response:
        for tried in range(1, TRIES + 1):
            is_last = tried == TRIES
            try:
                response = self._http.send(request)
            except httpx.TransportError as lost:
                if is_last:
                    raise Unreachable(f"{request.url.copy_with(query=None)} did not answer: {lost}") from lost
                sleep(2**tried)
                continue
            if response.is_success or response.status_code == 304:
                return response
            wait = _wait_of(response, tried)
            if wait is None or wait > LONGEST_WAIT or is_last:
                raise ApiProblem(response)
            sleep(wait)
        raise AssertionError("the last try returns or raises")


def _wait_of(response: httpx.Response, tried: int) -> float | None:
    """For how long to wait before the same is sent again; None where it would be refused again."""
    said = response.headers.get("Retry-After", "")
    if response.status_code in (429, 503):
        return float(said) if said.isdecimal() else 2.0**tried
    is_under_way = response.status_code == 409 and said.isdecimal()  # the first request with this key
    return float(said) if is_under_way else None


def _as_sent(parameters: Mapping[str, Parameter | None]) -> dict[str, str]:
    """Parameters as the API reads them. One that is None is left out."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in parameters.items()
        if value is not None
    }
