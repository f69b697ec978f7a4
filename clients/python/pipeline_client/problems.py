"""What went wrong, as the API says it."""

from typing import Any

import httpx


class Unreachable(Exception):
    """No answer came, after every try. The same call again is safe: what changes something carries its own key."""


class ApiProblem(Exception):
    """A refusal. `code` stays the same over releases, such as `pledge.no_room`; `type` is an address explaining it."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.members = _members_of(response)
        """The whole of the problem JSON; empty where the answer was none, as a proxy's may be."""
        self.type = str(self.members.get("type", ""))
        self.code = self.type.rsplit("/", 1)[-1]
        self.title = str(self.members.get("title") or response.reason_phrase)
        self.detail = str(self.members.get("detail", ""))
        self.errors: list[dict[str, Any]] = self.members.get("errors", [])
        """What is wrong in what was sent: `pointer` says where, `code` and `detail` say what."""
        self.allowed: list[str] = self.members.get("allowed", [])
        """What can be done instead, where the present state does not take what was asked for."""
        self.current_etag: str = self.members.get("current_etag", "")
        """The ETag it has now, where somebody changed it meanwhile."""
        self.request_id = response.headers.get("X-Request-Id", "")
        words = (f"{one.get('pointer', '')}: {one.get('detail', '')}" for one in self.errors)
        said = "; ".join([self.detail] if self.detail else words)
        super().__init__(f"{self.status} {self.code} {self.title} {said}".strip())


def _members_of(response: httpx.Response) -> dict[str, Any]:
    try:
        members = response.json()
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}
